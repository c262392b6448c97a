//! Rows that name what they are the sum of: «Директ итого» below the campaigns of Direct, "google Total" of a spreadsheet.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::levels::{Fit, bits, fit};
use super::view::{Sum, Sums, View};
use super::{Dimension, Found, Held};
use crate::ingest::parse::named_totals::{is_named, named_total};
use crate::model::columns::{Dictionary, Values};
use crate::model::fault::Fault;

/// What the numbers of a row must say against chance, in bits, when no other row has its name and it is the sum of the rows
/// above it: "Total war" may be a campaign. A judgement.
const ENOUGH: u32 = 8;
/// Rows that it must be the sum of then.
const ENOUGH_ROWS: u64 = 2;
/// Rows that must nearly be sums for a file to be refused; fewer count, and are told of.
const FEWEST_NEARLY: usize = 3;

/// A row that may be the sum of what it names.
struct Candidate {
    row: usize,
    bit: usize,
    name: String,
}

/// What was made of the candidates.
#[derive(Default)]
struct Judged {
    exact: Vec<usize>,
    /// Rows that are not quite the sum, each with the sum.
    nearly: Vec<(usize, i64)>,
    /// The same for rows that are far from it.
    other: Vec<(usize, i64)>,
}

/// Takes out the rows that are the sums of what they name.
///
/// # Errors
/// When most of them are nearly sums: counted as they stand most would count twice.
pub(super) fn find(
    view: &mut View<'_>,
    found: &mut Found,
    (texts, held): (&[Dictionary], &Held),
    label: &str,
    is_piece: bool,
) -> Result<(), Fault> {
    let candidates = candidates(view, held, texts);
    let Some(first) = candidates.first() else {
        return Ok(());
    };
    for candidate in &candidates {
        view.rows[candidate.row].is_out = true;
    }
    let told = super::quoted(view.shape, held, texts, first.row, first.bit);
    let judged = Judged::of(view, &candidates, held, texts);
    for candidate in &candidates {
        view.rows[candidate.row].is_out = false;
    }
    if !is_piece && judged.is_nearly() {
        return Err(judged.fault(view, label));
    }
    found.notes.extend(judged.notes(view, &told));
    for row in judged.totals() {
        view.rows[row].is_out = true;
        found.totals.push(row);
    }
    Ok(())
}

fn candidates(view: &View<'_>, held: &Held, texts: &[Dictionary]) -> Vec<Candidate> {
    let mut candidates: BTreeMap<usize, Candidate> = BTreeMap::new();
    for (bit, dimension) in view.shape.dimensions.iter().enumerate() {
        let Values::Text(codes) = &held.columns.values[dimension.at] else {
            continue;
        };
        let mut names: HashMap<u32, Option<String>> = HashMap::new();
        for row in view.data() {
            let name = names
                .entry(codes[row])
                .or_insert_with(|| named_total(texts[dimension.at].text(codes[row])));
            if let Some(name) = name {
                let name = name.clone();
                let candidate = Candidate { row, bit, name };
                candidates.entry(row).or_insert(candidate);
            }
        }
    }
    candidates.into_values().collect()
}

impl Judged {
    fn of(view: &View<'_>, candidates: &[Candidate], held: &Held, texts: &[Dictionary]) -> Self {
        let mut judged = Self::default();
        let mut by_name = ByName::new(view, held, texts);
        let mut begin = 0;
        for candidate in candidates {
            let row = candidate.row;
            let main = view.main(row).unwrap_or(0);
            if main == 0 {
                continue;
            }
            let sums = by_name.sums(candidate);
            let fits: Vec<Fit> = sums.iter().map(|sum| fit(view, row, sum)).collect();
            let sum = sums
                .first()
                .and_then(|sum| sum.numbers.get(view.shape.main()));
            let is_near = fits.contains(&Fit::Nearly);
            match sum {
                Some(_) if fits.contains(&Fit::Exact) => judged.exact.push(row),
                Some(sum) if is_near => judged.nearly.push((row, *sum)),
                Some(sum) => judged.other.push((row, *sum)),
                None if is_sum_above(view, row, begin..row) => judged.exact.push(row),
                None => continue,
            }
            begin = row + 1;
        }
        judged
    }

    /// Whether rows that are nearly sums are taken for sums, too: where most are sums to the last unit.
    fn takes_nearly(&self) -> bool {
        self.exact.len() >= self.nearly.len()
    }

    fn is_nearly(&self) -> bool {
        let near = self.exact.len() + self.nearly.len();
        !self.takes_nearly() && near >= FEWEST_NEARLY && near >= self.other.len()
    }

    fn totals(&self) -> Vec<usize> {
        let nearly = self.nearly.iter().map(|(row, _)| *row);
        let near = nearly.filter(|_| self.takes_nearly());
        self.exact.iter().copied().chain(near).collect()
    }

    fn notes(&self, view: &View<'_>, told: &str) -> Vec<String> {
        let shown = |(row, sum): &(usize, i64)| {
            let main = view.shape.shown(view.main(*row).unwrap_or(0));
            let line = view.rows[*row].line;
            format!(
                "line {line} says {main}, the rows {}",
                view.shape.shown(*sum)
            )
        };
        let mut notes = Vec::new();
        if let Some(row) = self.exact.first() {
            let line = view.rows[*row].line;
            notes.push(match self.exact.len() {
                1 => format!("line {line} is the sum of the rows that it names: passed over"),
                many => format!(
                    "{many} rows like \"{told}\" are the sums of the rows that they name (the first in line {line}): passed over"
                ),
            });
        }
        let off = if self.takes_nearly() {
            self.nearly.first().map(|off| (off, "the rows count"))
        } else {
            self.nearly
                .first()
                .map(|off| (off, "it counts as it stands"))
        };
        let off = off.or_else(|| {
            let other = self.other.first();
            other.map(|off| (off, "it counts as it stands"))
        });
        if let Some((off, what)) = off {
            let others = self.nearly.len() + self.other.len() - 1;
            let others = match others {
                0 => String::new(),
                others => format!(" (and {others} more such rows)"),
            };
            notes.push(format!(
                "not what the rows that it names add up to: {}{others}; {what}",
                shown(off)
            ));
        }
        notes
    }

    fn fault(&self, view: &View<'_>, label: &str) -> Fault {
        let (row, sum) = self.nearly[0];
        let main = view.shape.shown(view.main(row).unwrap_or(0));
        let message = format!(
            "{} rows are nearly the sums of the rows that they name: here {main}, and the rows {}",
            self.nearly.len(),
            view.shape.shown(sum)
        );
        let hint = "delete the subtotals: counted as they stand, most would count twice";
        let at = format!("{label}:{}", view.rows[row].line);
        Fault::new(message).at(at).hint(hint)
    }
}

/// Whether a row is the sum of the rows above it, from the last subtotal on.
fn is_sum_above(view: &View<'_>, row: usize, above: std::ops::Range<usize>) -> bool {
    let days = view.days(row);
    let is_inside = |other: &usize| {
        let (from, to) = view.days(*other);
        !view.rows[*other].is_out && days.0 <= from && to <= days.1
    };
    let mut sum = Sum::default();
    for other in above.filter(is_inside) {
        sum.add(view, other);
    }
    let numbers = 0..view.shape.measures.len();
    let numbers: Vec<i64> = numbers
        .map(|at| view.number(row, at).unwrap_or(0))
        .collect();
    sum.rows >= ENOUGH_ROWS
        && bits(view.shape, &numbers) >= ENOUGH
        && fit(view, row, &sum) == Fit::Exact
}

/// The rows of data by what they are of, found by a name.
pub(super) struct ByName<'v, 'a> {
    view: &'v View<'a>,
    held: &'v Held,
    texts: &'v [Dictionary],
    /// Rows by their value, dimension by dimension.
    rows: HashMap<usize, BTreeMap<String, Vec<usize>>>,
    /// Sums of the rows of a name: of all, and of those without others below them.
    sums: HashMap<(usize, String, u64), [Sums; 2]>,
}

impl<'v, 'a> ByName<'v, 'a> {
    pub(super) fn new(view: &'v View<'a>, held: &'v Held, texts: &'v [Dictionary]) -> Self {
        Self {
            view,
            held,
            texts,
            rows: HashMap::new(),
            sums: HashMap::new(),
        }
    }

    /// What the rows of a candidate's days come to that have its name and whatever else it has; nothing where there are
    /// none.
    fn sums(&mut self, candidate: &Candidate) -> Vec<Sum> {
        let view = self.view;
        let but = view.rows[candidate.row].wild | (1 << candidate.bit) | view.all_labels();
        let at = (candidate.bit, candidate.name.clone(), but);
        if !self.sums.contains_key(&at) {
            let rows = self.rows_of(candidate.bit, &candidate.name);
            let fewest = rows
                .iter()
                .map(|row| view.rows[*row].wild.count_ones())
                .min();
            let is_leaf = |row: &usize| Some(view.rows[*row].wild.count_ones()) == fewest;
            let leaves = rows.iter().copied().filter(is_leaf);
            let sums = [
                view.sums_of(rows.iter().copied(), but),
                view.sums_of(leaves, but),
            ];
            self.sums.insert(at.clone(), sums);
        }
        let (key, days) = (view.key(candidate.row, but), view.days(candidate.row));
        let sums = self.sums[&at].iter().map(|sums| sums.inside(key, days));
        sums.filter(|sum| sum.rows > 0).collect()
    }

    /// The rows of data whose value in a dimension is a name, or begins with it.
    pub(super) fn rows_of(&mut self, bit: usize, name: &str) -> Vec<usize> {
        let dimension = &self.view.shape.dimensions[bit];
        let (view, held, texts) = (self.view, self.held, self.texts);
        let by_value = self
            .rows
            .entry(bit)
            .or_insert_with(|| by_value(view, dimension, held, texts));
        let mut rows = Vec::new();
        for name in names(dimension, name) {
            let from_name = by_value.range(name.to_owned()..);
            let begin_so = from_name.take_while(|(value, _)| value.starts_with(name));
            for (_, more) in begin_so.filter(|(value, _)| is_named(value, name)) {
                rows.extend(more);
            }
        }
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

/// A name as people write it, and as the format puts it.
fn names<'n>(dimension: &'n Dimension, name: &'n str) -> impl Iterator<Item = &'n str> {
    let mapped = dimension.map.get(name).map(String::as_str);
    std::iter::once(name).chain(mapped)
}

/// The rows of data by their values in lower case.
fn by_value(
    view: &View<'_>,
    dimension: &Dimension,
    held: &Held,
    texts: &[Dictionary],
) -> BTreeMap<String, Vec<usize>> {
    let mut by_code: HashMap<u32, Vec<usize>> = HashMap::new();
    if let Values::Text(codes) = &held.columns.values[dimension.at] {
        for row in view.data() {
            by_code.entry(codes[row]).or_default().push(row);
        }
    }
    let mut by_value: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (code, rows) in by_code {
        let value = texts[dimension.at].text(code).to_lowercase();
        by_value.entry(value).or_default().extend(rows);
    }
    by_value
}

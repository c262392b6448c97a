//! Rows that are added up, seen as what they are of and what they count.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::{Held, Shape};
use crate::ingest::parse::Labels;
use crate::ingest::parse::total_words::{Said, said};
use crate::model::columns::{Dictionary, NO_COUNT, NO_LONG, NO_TEXT, Values};

/// First and last day of a row.
pub(super) type Days = (i32, i32);

/// What is known of a row beside its numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// Line in the file.
    pub(super) line: u32,
    /// Bits of the dimensions, and behind them of the labels, by which the row is of all: empty, or a word for all.
    pub(super) wild: u64,
    /// What one of its dimensions says, and which.
    pub(super) said: Option<(Said, usize)>,
    /// Whether the row is of anything at all.
    pub(super) is_bare: bool,
    /// Whether it was found to be a total, or is not known for one yet and must not be added up.
    pub(super) is_out: bool,
}

/// The rows of a file, with its dimensions and labels.
pub(super) struct View<'a> {
    pub(super) shape: &'a Shape,
    held: &'a Held,
    /// Labels on which some rows have something and others nothing.
    labels: Vec<usize>,
    label_names: &'a [String],
    pub(super) rows: Vec<Row>,
}

/// What some rows add up to.
#[derive(Debug, Clone, Default)]
pub(super) struct Sum {
    pub(super) rows: u64,
    pub(super) numbers: Vec<i64>,
}

/// Sums of rows by what they have in common, and by their days.
pub(super) struct Sums(HashMap<u64, BTreeMap<Days, Sum>>);

impl<'a> View<'a> {
    pub(super) fn new(
        shape: &'a Shape,
        held: &'a Held,
        texts: &'a [Dictionary],
        labels: &'a Labels,
    ) -> Self {
        let active = active_labels(held, labels);
        let mut view = Self {
            shape,
            held,
            labels: active,
            label_names: &labels.names,
            rows: Vec::with_capacity(held.lines.len()),
        };
        let dimensions: Vec<Told> = shape
            .dimensions
            .iter()
            .map(|dimension| Told::of(&held.columns.values[dimension.at], &texts[dimension.at]))
            .collect();
        let on_labels: Vec<Told> = view
            .labels
            .iter()
            .map(|label| Told::of_codes(&held.labels[*label], &labels.texts[*label]))
            .collect();
        for (row, line) in held.lines.iter().enumerate() {
            let mut wild = 0;
            let mut strongest = None;
            for (bit, told) in dimensions.iter().chain(&on_labels).enumerate() {
                wild |= u64::from(told.is_wild(row)) << bit;
                let said = told.said(row).filter(|_| bit < dimensions.len());
                strongest = strongest.max(said.map(|said| (shape.weighed(said, bit), bit)));
            }
            let all = dimensions_mask(dimensions.len());
            let said = strongest;
            let is_bare = wild & all == all && said.is_none() && !dimensions.is_empty();
            view.rows.push(Row {
                line: *line,
                wild,
                said,
                is_bare,
                is_out: said.is_some() || is_bare,
            });
        }
        for row in &held.marked {
            view.rows[*row].is_out = true;
        }
        view
    }

    /// Bits of all dimensions that are read.
    pub(super) fn all(&self) -> u64 {
        dimensions_mask(self.shape.dimensions.len())
    }

    /// Bits of the labels.
    pub(super) fn all_labels(&self) -> u64 {
        dimensions_mask(self.shape.dimensions.len() + self.labels.len()) & !self.all()
    }

    /// What the file calls the dimension or label of a bit.
    pub(super) fn name(&self, bit: usize) -> &str {
        match self.shape.dimensions.get(bit) {
            Some(dimension) => &dimension.name,
            None => &self.label_names[self.labels[bit - self.shape.dimensions.len()]],
        }
    }

    pub(super) fn days(&self, row: usize) -> Days {
        let [from, to] = self
            .shape
            .span
            .map(|at| match &self.held.columns.values[at] {
                Values::Day(days) => days[row],
                _ => 0,
            });
        (from, to)
    }

    /// The number of a row in one of the columns that are added up.
    pub(super) fn number(&self, row: usize, measure: usize) -> Option<i64> {
        number(
            &self.held.columns.values[self.shape.measures[measure].at],
            row,
        )
    }

    /// The number by which rows are compared: what they cost, or how many visits they are.
    pub(super) fn main(&self, row: usize) -> Option<i64> {
        self.number(row, self.shape.main())
    }

    /// One number for what a row is of, but for the dimensions of some bits.
    pub(super) fn key(&self, row: usize, but: u64) -> u64 {
        let mut bytes = Vec::with_capacity(64);
        let dimensions = self.shape.dimensions.len();
        for bit in 0..dimensions + self.labels.len() {
            if but & (1 << bit) != 0 {
                continue;
            }
            let value = match self.shape.dimensions.get(bit) {
                Some(dimension) => self.held.columns.values[dimension.at].raw(row),
                None => u64::from(self.held.labels[self.labels[bit - dimensions]][row]),
            };
            bytes.extend(value.to_le_bytes());
        }
        xxh3_64(&bytes)
    }

    /// The rows that are added up.
    pub(super) fn data(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.rows.len()).filter(|row| !self.rows[*row].is_out)
    }

    /// Sums of those data rows that are wanted, by what they are of but for some bits.
    pub(super) fn sums(&self, but: u64, wanted: impl Fn(&Row) -> bool) -> Sums {
        self.sums_of(self.data().filter(|row| wanted(&self.rows[*row])), but)
    }

    /// Sums of some rows, by what they are of but for some bits.
    pub(super) fn sums_of(&self, rows: impl Iterator<Item = usize>, but: u64) -> Sums {
        let mut sums: HashMap<u64, BTreeMap<Days, Sum>> = HashMap::new();
        for row in rows {
            let by_days = sums.entry(self.key(row, but)).or_default();
            by_days.entry(self.days(row)).or_default().add(self, row);
        }
        Sums(sums)
    }
}

impl Sums {
    /// What the rows with a key that lie inside some days add up to.
    pub(super) fn inside(&self, key: u64, (from, to): Days) -> Sum {
        let mut sum = Sum::default();
        let Some(by_days) = self.0.get(&key) else {
            return sum;
        };
        let begin_inside = by_days.range((from, i32::MIN)..=(to, i32::MAX));
        for (_, part) in begin_inside.filter(|((_, last), _)| *last <= to) {
            sum.append(part);
        }
        sum
    }
}

impl Sum {
    pub(super) fn add(&mut self, view: &View<'_>, row: usize) {
        self.rows += 1;
        self.numbers.resize(view.shape.measures.len(), 0);
        for (measure, total) in self.numbers.iter_mut().enumerate() {
            *total += view.number(row, measure).unwrap_or(0);
        }
    }

    fn append(&mut self, other: &Self) {
        self.rows += other.rows;
        self.numbers.resize(other.numbers.len(), 0);
        for (total, more) in self.numbers.iter_mut().zip(&other.numbers) {
            *total += more;
        }
    }
}

/// A number that is added up.
pub(super) fn number(values: &Values, row: usize) -> Option<i64> {
    match values {
        Values::Count(list) if list[row] != NO_COUNT => Some(i64::from(list[row])),
        Values::Long(list) if list[row] != NO_LONG => Some(list[row]),
        _ => None,
    }
}

fn dimensions_mask(bits: usize) -> u64 {
    (1 << bits) - 1
}

/// What the texts of a column say, found once for each.
struct Told<'a> {
    codes: &'a [u32],
    by_code: HashMap<u32, (bool, Option<Said>)>,
}

impl<'a> Told<'a> {
    fn of(values: &'a Values, texts: &Dictionary) -> Self {
        match values {
            Values::Text(codes) => Self::of_codes(codes, texts),
            _ => Self::of_codes(&[], texts),
        }
    }

    fn of_codes(codes: &'a [u32], texts: &Dictionary) -> Self {
        let mut by_code = HashMap::new();
        for code in codes {
            by_code.entry(*code).or_insert_with(|| {
                let text = texts.text(*code);
                let said = said(text);
                let is_of_all = matches!(said, Some(Said::Total | Said::MaybeTotal));
                (is_nothing(text) || is_of_all, said)
            });
        }
        Self { codes, by_code }
    }

    fn is_wild(&self, row: usize) -> bool {
        self.codes.get(row).is_none_or(|code| self.by_code[code].0)
    }

    fn said(&self, row: usize) -> Option<Said> {
        self.codes.get(row).and_then(|code| self.by_code[code].1)
    }
}

/// Whether a text names nothing.
fn is_nothing(text: &str) -> bool {
    matches!(text, "" | "-" | "--" | "—" | "–" | "*")
}

/// The labels by which some rows are of something, and others of nothing or of all.
fn active_labels(held: &Held, labels: &Labels) -> Vec<usize> {
    let is_active = |label: &usize| {
        let (codes, texts) = (&held.labels[*label], &labels.texts[*label]);
        let told = Told::of_codes(codes, texts);
        let wild = (0..codes.len()).filter(|row| told.is_wild(*row)).count();
        wild > 0 && wild < codes.len() && is_of_names(&labels.names[*label], texts)
    };
    (0..held.labels.len()).filter(is_active).collect()
}

/// Whether a column holds names or numbers of things, and not what was counted of them.
fn is_of_names(name: &str, texts: &Dictionary) -> bool {
    let name = name.to_lowercase();
    let mut words = name.split(|symbol: char| !symbol.is_alphanumeric() && symbol != '№');
    let is_numbered = words.any(|word| matches!(word, "id" | "№" | "номер"));
    // The first code is that of nothing.
    let codes = NO_TEXT + 1..texts.len() as u32;
    let words = codes
        .clone()
        .filter(|code| is_name(texts.text(*code)))
        .count();
    is_numbered || words * 2 > codes.len()
}

/// Whether a text begins as a name does: amounts begin with a digit or a sign, and have few letters.
fn is_name(text: &str) -> bool {
    let letters = text.chars().filter(|symbol| symbol.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    letters > digits || text.starts_with('/')
}

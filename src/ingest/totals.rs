//! Totals rows that no word marks: of a report that is added up, a row that is the sum of the others.

use std::collections::BTreeMap;

use super::detect::Layout;
use super::format::Format;
use super::parse::Parsed;
use super::parse::no_data::{is_subtotal, is_total_word, may_hold_total};
use super::reject::Reject;
use crate::model::columns::{Columns, Dictionary, NO_COUNT, NO_LONG, Values};
use crate::model::tables::{ColumnKind, Replace, TableSchema};

/// Rows that may be totals wait here until the file is read: those without any dimension, or with a word of totals as one.
pub struct Totals {
    /// Positions of the columns that tell the rows of this file apart.
    dimensions: Vec<usize>,
    /// Positions of the columns that are added up.
    measures: Vec<usize>,
    /// Positions of the first and the last day.
    span: [usize; 2],
    /// Sums of all other rows, by first and last day.
    sums: BTreeMap<(i32, i32), Sum>,
    /// Rows that say themselves that they are the sum of a part of the others.
    subtotals: u64,
    /// The rows that wait.
    waiting: Columns,
    /// Rows that were rejected because they have no day, and the rejects.
    undated: Columns,
    undated_rejects: Vec<Reject>,
}

/// What became of the rows that waited.
pub struct Sifted {
    /// Rows of data after all.
    pub columns: Columns,
    /// Rows that were totals.
    pub totals: u64,
    /// Rejects of rows that were none.
    pub rejects: Vec<Reject>,
}

/// What the rows of a span add up to.
#[derive(Debug, Clone, Default)]
struct Sum {
    rows: u64,
    measures: Vec<i64>,
}

/// Rows that a total must be the sum of, when it has one number only: one other row with the same number is no proof.
const ENOUGH_ROWS: u64 = 2;

impl Totals {
    /// For a file of a table that is added up and whose rows are told apart by something; else there is nothing to find.
    pub fn of(format: &Format, layout: &Layout, table: &'static TableSchema) -> Option<Self> {
        if table.replace != Replace::Group {
            return None;
        }
        let is_fed = |name: &str| {
            let mut rules = format.columns.iter().zip(&layout.feeds);
            rules.any(|(rule, cells)| rule.to == name && !cells.is_empty())
        };
        let of_kind = |wanted: &dyn Fn(ColumnKind) -> bool| -> Vec<usize> {
            let fields = table.fields.iter().enumerate();
            let found = fields.filter(|(_, field)| wanted(field.kind) && is_fed(field.name));
            found.map(|(at, _)| at).collect()
        };
        let dimensions = of_kind(&|kind| kind == ColumnKind::Text);
        let mut measures = of_kind(&|kind| matches!(kind, ColumnKind::Count | ColumnKind::Money));
        // One person may stand in several rows: users do not add up to those of the total.
        measures.retain(|at| table.fields[*at].name != "users");
        let span = [table.position("from_day")?, table.position(table.day)?];
        let can_tell = !dimensions.is_empty() && !measures.is_empty();
        can_tell.then(|| Self {
            dimensions,
            measures,
            span,
            sums: BTreeMap::new(),
            subtotals: 0,
            waiting: Columns::empty(table),
            undated: Columns::empty(table),
            undated_rejects: Vec::new(),
        })
    }

    /// Takes the rows that may be totals out of a chunk, and adds the others up.
    pub fn sift(&mut self, parsed: &mut Parsed, texts: &[Dictionary]) {
        self.take_undated(parsed);
        self.drop_subtotals(parsed, texts);
        let rows = parsed.columns.rows();
        let keep: Vec<bool> = (0..rows)
            .map(|row| !self.may_be_total(&parsed.columns, row, texts))
            .collect();
        for row in (0..rows).filter(|row| keep[*row]) {
            self.add(&parsed.columns, row);
        }
        if keep.contains(&false) {
            let waits = |row: &u32| !keep[*row as usize];
            let waiting: Vec<u32> = (0..rows as u32).filter(waits).collect();
            self.waiting.append(&parsed.columns.gather(&waiting));
            retain(parsed, &keep);
        }
    }

    /// Takes out the rows that are the sum of a day or a group in so many words: such sums stand among the rows that they
    /// are of, and no other row has to prove them.
    fn drop_subtotals(&mut self, parsed: &mut Parsed, texts: &[Dictionary]) {
        let keep: Vec<bool> = (0..parsed.columns.rows())
            .map(|row| {
                let mut dimensions = self.dimensions.iter();
                !dimensions.any(|at| says_subtotal(&parsed.columns.values[*at], row, &texts[*at]))
            })
            .collect();
        let dropped = keep.iter().filter(|kept| !**kept).count();
        if dropped > 0 {
            self.subtotals += dropped as u64;
            retain(parsed, &keep);
        }
    }

    /// Takes the rejects of rows that have neither a day nor a dimension: they may be totals below all others.
    fn take_undated(&mut self, parsed: &mut Parsed) {
        let undated = &parsed.undated;
        let is_bare = |row: &u32| {
            let mut dimensions = self.dimensions.iter();
            dimensions.all(|at| undated.values[*at].is_absent(*row as usize))
        };
        let bare: Vec<u32> = (0..undated.rows() as u32).filter(is_bare).collect();
        self.undated.append(&undated.gather(&bare));
        // From the last on, so that the positions of those before stay.
        let mut taken = Vec::new();
        for row in bare.iter().rev() {
            let reject = parsed.undated_rejects[*row as usize];
            taken.push(parsed.rejects.remove(reject));
        }
        self.undated_rejects.extend(taken.into_iter().rev());
    }

    fn may_be_total(&self, columns: &Columns, row: usize, texts: &[Dictionary]) -> bool {
        let mut is_empty = true;
        for at in &self.dimensions {
            let Values::Text(codes) = &columns.values[*at] else {
                continue;
            };
            let text = texts[*at].text(codes[row]);
            is_empty &= text.is_empty();
            if is_total_word(&text.to_lowercase()) {
                return true;
            }
        }
        is_empty
    }

    fn add(&mut self, columns: &Columns, row: usize) {
        let span = self.span_of(columns, row);
        let sum = self.sums.entry(span).or_default();
        sum.rows += 1;
        sum.measures.resize(self.measures.len(), 0);
        for (total, at) in sum.measures.iter_mut().zip(&self.measures) {
            *total += number(&columns.values[*at], row).unwrap_or(0);
        }
    }

    fn span_of(&self, columns: &Columns, row: usize) -> (i32, i32) {
        let [from, to] = self.span.map(|at| match &columns.values[at] {
            Values::Day(days) => days[row],
            _ => 0,
        });
        (from, to)
    }

    /// Tells the waiting rows apart, when all others are known.
    pub fn finish(mut self) -> Sifted {
        let rows = self.waiting.rows();
        let keep: Vec<bool> = (0..rows).map(|row| !self.is_total(row)).collect();
        let mut totals = keep.iter().filter(|kept| !**kept).count() as u64;
        totals += self.subtotals;
        self.waiting.retain(&keep);
        let all = self.sum_of(i32::MIN, i32::MAX);
        let mut rejects = Vec::new();
        for (row, reject) in self.undated_rejects.into_iter().enumerate() {
            if all.is_told_by(&self.undated, row, &self.measures) {
                totals += 1;
            } else {
                rejects.push(reject);
            }
        }
        Sifted {
            columns: self.waiting,
            totals,
            rejects,
        }
    }

    /// Whether a waiting row is the sum of all rows of its days.
    fn is_total(&self, row: usize) -> bool {
        let (from, to) = self.span_of(&self.waiting, row);
        let sum = self.sum_of(from, to);
        sum.is_told_by(&self.waiting, row, &self.measures)
    }

    /// What the rows that lie inside a span add up to.
    fn sum_of(&self, from: i32, to: i32) -> Sum {
        let mut sum = Sum::default();
        sum.measures.resize(self.measures.len(), 0);
        let sums = self.sums.iter();
        for (_, part) in sums.filter(|((first, last), _)| *first >= from && *last <= to) {
            sum.rows += part.rows;
            for (total, more) in sum.measures.iter_mut().zip(&part.measures) {
                *total += more;
            }
        }
        sum
    }
}

fn says_subtotal(values: &Values, row: usize, texts: &Dictionary) -> bool {
    let Values::Text(codes) = values else {
        return false;
    };
    let text = texts.text(codes[row]);
    may_hold_total(text.as_bytes()) && is_subtotal(&text.to_lowercase())
}

fn retain(parsed: &mut Parsed, keep: &[bool]) {
    parsed.columns.retain(keep);
    let mut marks = keep.iter();
    parsed.lines.retain(|_| marks.next() == Some(&true));
}

impl Sum {
    /// Whether a row has the same in every number that it has.
    fn is_told_by(&self, columns: &Columns, row: usize, measures: &[usize]) -> bool {
        let mut equal = 0;
        for (at, total) in measures.iter().zip(&self.measures) {
            match number(&columns.values[*at], row) {
                Some(number) if number != *total => return false,
                Some(0) | None => {}
                Some(_) => equal += 1,
            }
        }
        equal > 0 && (self.rows >= ENOUGH_ROWS || (self.rows > 0 && equal > 1))
    }
}

fn number(values: &Values, row: usize) -> Option<i64> {
    match values {
        Values::Count(list) if list[row] != NO_COUNT => Some(i64::from(list[row])),
        Values::Long(list) if list[row] != NO_LONG => Some(list[row]),
        _ => None,
    }
}

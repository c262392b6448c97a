//! Levels: rows of campaigns among those of their ads, parents among the leaves of a tree.

use hashbrown::HashSet;

use super::view::{Sum, View};
use super::{Found, Shape};
use crate::model::fault::Fault;

/// Evidence in bits that rows are the sums of others, where some are of several: a sum of 300 comes about by chance in one of
/// 300 cases, which is eight. A judgement, as the two below.
const ENOUGH: u32 = 8;
/// The same where each is the sum of a single row, which then is the same row twice.
const ENOUGH_OF_SINGLE: u32 = 20;
/// Days on which visits that name nothing are the sum of several rows that do: one is not enough, since visits without a
/// campaign are common and small. Equal days prove as much as others: visits do not repeat as budgets do.
const ENOUGH_BLOCKS: usize = 2;
/// The same for rows that are nearly sums.
const ENOUGH_NEARLY: u32 = 24;
/// Rows that are nearly sums by so many percent, …
const NEARLY_PERCENT: i64 = 5;
/// … and at least so many, which are four fifths of those that could be.
const FEWEST_NEARLY: usize = 3;

/// How a row compares with the rows that it may be the sum of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    Exact,
    Nearly,
    Other,
}

/// The rows of one level, against those below it.
#[derive(Default)]
struct Level {
    exact: Vec<usize>,
    /// Rows that are not quite the sum, or not at all, each with the sum.
    off: Vec<(usize, i64)>,
    /// Rows that are the sum, or nearly so.
    near: usize,
    /// Rows that have others below them.
    parents: usize,
    /// Rows that are the sums of several others, and what their numbers say against chance, equal ones each time.
    blocks: usize,
    bits_of_blocks: u32,
    has_several: bool,
    told: HashSet<Vec<i64>>,
    bits: u32,
}

/// Takes out the rows of levels that are sums of the levels below, the lowest first.
///
/// # Errors
/// When the rows of a level are nearly sums of those below: counted as they stand most would count twice.
pub(super) fn find(
    view: &mut View<'_>,
    found: &mut Found,
    label: &str,
    is_piece: bool,
) -> Result<(), Fault> {
    let wild = view.data().map(|row| view.rows[row].wild);
    let mut patterns: Vec<u64> = wild.filter(|wild| *wild != 0).collect();
    patterns.sort_unstable_by_key(|pattern| (pattern.count_ones(), *pattern));
    patterns.dedup();
    for pattern in patterns {
        let level = Level::of(view, pattern);
        if level.is_of_sums(view.shape) {
            found.notes.push(level.note(view, pattern));
            for row in level.exact {
                view.rows[row].is_out = true;
                found.totals.push(row);
            }
        } else if !is_piece && level.is_nearly_of_sums() {
            return Err(level.fault(view, pattern, label));
        } else if level.may_be_of_sums() {
            found.notes.push(level.doubt(view, pattern));
        }
    }
    Ok(())
}

impl Level {
    fn of(view: &View<'_>, pattern: u64) -> Self {
        let mut level = Self::default();
        let sums = view.sums(pattern, |row| {
            row.wild & !pattern == 0 && row.wild != pattern
        });
        for row in view.data().filter(|row| view.rows[*row].wild == pattern) {
            let sum = sums.inside(view.key(row, pattern), view.days(row));
            let is_zero =
                (0..view.shape.measures.len()).all(|at| view.number(row, at).unwrap_or(0) == 0);
            if sum.rows > 0 && !is_zero {
                level.add(view, row, &sum);
            }
        }
        level
    }

    fn add(&mut self, view: &View<'_>, row: usize, sum: &Sum) {
        self.parents += 1;
        let fit = fit(view, row, sum);
        match fit {
            Fit::Exact => self.exact.push(row),
            Fit::Nearly | Fit::Other => self.off.push((row, sum.numbers[view.shape.main()])),
        }
        if fit == Fit::Other {
            return;
        }
        self.near += 1;
        self.has_several |= sum.rows > 1;
        let numbers = 0..view.shape.measures.len();
        let numbers: Vec<i64> = numbers
            .map(|at| view.number(row, at).unwrap_or(0))
            .collect();
        let bits = bits(view.shape, &numbers);
        if fit == Fit::Exact && sum.rows > 1 {
            self.blocks += 1;
            self.bits_of_blocks += bits;
        }
        // Rows that are equal day after day prove no more than one of them.
        if self.told.insert(numbers) {
            self.bits += bits;
        }
    }

    fn is_of_sums(&self, shape: &Shape) -> bool {
        let is_enough = self.has_several && self.bits >= ENOUGH;
        let is_twice = self.exact.len() > 1 && self.bits >= ENOUGH_OF_SINGLE;
        let is_all = self.parents > 0 && self.exact.len() == self.parents;
        is_all && (is_enough || is_twice || self.is_of_blocks(shape))
    }

    /// Whether round or equal numbers are enough. Of amounts they are: a system that names the campaigns of its costs names
    /// all of them, and what it has without a name, to the last unit what several have that are named, is their sum.
    fn is_of_blocks(&self, shape: &Shape) -> bool {
        if shape.measures[shape.main()].is_money {
            self.blocks > 0
        } else {
            self.blocks >= ENOUGH_BLOCKS && self.bits_of_blocks >= ENOUGH
        }
    }

    /// Whether rows are sums, most of them, and too little says that they are not so by chance.
    fn may_be_of_sums(&self) -> bool {
        self.blocks > 0 && self.exact.len() * 5 >= self.parents * 4
    }

    fn is_nearly_of_sums(&self) -> bool {
        let is_mostly = self.near >= FEWEST_NEARLY && self.near * 5 >= self.parents * 4;
        is_mostly && !self.off.is_empty() && self.has_several && self.bits >= ENOUGH_NEARLY
    }

    fn note(&self, view: &View<'_>, pattern: u64) -> String {
        let (rows, first) = (self.exact.len(), self.exact[0]);
        let line = view.rows[first].line;
        let names = names(view, pattern);
        match rows {
            1 => format!(
                "line {line} has no {names}, and is the sum of rows that have one: passed over"
            ),
            rows => format!(
                "{rows} rows without {names} are the sums of rows that have one (the first in line {line}): passed over"
            ),
        }
    }

    fn doubt(&self, view: &View<'_>, pattern: u64) -> String {
        format!(
            "{} of {} rows without {} are the sums of rows that have one (the first in line {}), which may be chance: they count as they stand",
            self.exact.len(),
            self.parents,
            names(view, pattern),
            view.rows[self.exact[0]].line
        )
    }

    fn fault(&self, view: &View<'_>, pattern: u64, label: &str) -> Fault {
        let names = names(view, pattern);
        let (row, sum) = self.off[0];
        let main = view.main(row).unwrap_or(0);
        let (main, sum) = (view.shape.shown(main), view.shape.shown(sum));
        let message = format!(
            "{} of {} rows without {names} are nearly the sums of rows that have one: here {main}, and the rows {sum}",
            self.near, self.parents
        );
        let hint =
            "download the report on one level: counted as they stand, most would count twice";
        Fault::new(message)
            .at(format!("{label}:{}", view.rows[row].line))
            .hint(hint)
    }
}

/// The names of the columns of a pattern.
fn names(view: &View<'_>, pattern: u64) -> String {
    let bits = (0..u64::BITS as usize).filter(|bit| pattern & (1 << bit) != 0);
    let names: Vec<String> = bits.map(|bit| format!("\"{}\"", view.name(bit))).collect();
    names.join(", ")
}

/// Compares all numbers that a row has.
pub(super) fn fit(view: &View<'_>, row: usize, sum: &Sum) -> Fit {
    let mut fit = Fit::Exact;
    for (measure, total) in sum.numbers.iter().enumerate() {
        let Some(number) = view.number(row, measure) else {
            continue;
        };
        let off = (number - total).abs();
        if off <= view.shape.rounding(measure, sum.rows) {
            continue;
        }
        if off * 100 > number.abs() * NEARLY_PERCENT {
            return Fit::Other;
        }
        fit = Fit::Nearly;
    }
    fit
}

/// What the numbers of a row say against chance, when they are those of a sum: round amounts say little.
pub(super) fn bits(shape: &Shape, numbers: &[i64]) -> u32 {
    let measures = shape.measures.iter().zip(numbers);
    measures
        .map(|(measure, number)| {
            let number = number.unsigned_abs();
            let digits = if measure.is_money {
                significant(number)
            } else {
                number
            };
            digits.checked_ilog2().unwrap_or(0)
        })
        .sum()
}

/// A number without its zeros at the end.
pub(super) fn significant(mut number: u64) -> u64 {
    while number != 0 && number.is_multiple_of(10) {
        number /= 10;
    }
    number
}

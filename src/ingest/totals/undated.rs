//! Rows without a day that are sums: of all below them, or of what they name, as a spreadsheet's subtotals are.

use super::named::ByName;
use super::view::{self, Sum, View};
use super::{Held, Shape, marked};
use crate::ingest::parse::named_totals::named_total;
use crate::model::columns::{Columns, Dictionary, Values};

/// Whether a row without a day may be a sum: it is of nothing, or of what it names and of nothing else.
pub(super) fn may_be_total(
    shape: &Shape,
    rows: &Columns,
    row: usize,
    texts: &[Dictionary],
) -> bool {
    is_bare(shape, rows, row) || named(shape, rows, row, texts).is_some()
}

/// For each of the rows without a day, which stand in some lines, whether it is a sum.
pub(super) fn totals(
    view: &View<'_>,
    undated: (&Columns, &[u32]),
    held: &Held,
    texts: &[Dictionary],
) -> Vec<bool> {
    let (rows, lines) = undated;
    let shape = view.shape;
    let sums = view.sums(u64::MAX, |_| true);
    let all = sums.inside(view.key(0, u64::MAX), (i32::MIN, i32::MAX));
    let mut by_name = ByName::new(view, held, texts);
    let mut after = 0;
    let mut totals = Vec::with_capacity(rows.rows());
    for (row, line) in lines.iter().enumerate() {
        let number = |measure: usize| view::number(&rows.values[shape.measures[measure].at], row);
        totals.push(match named(shape, rows, row, texts) {
            None => marked::is_whole(shape, &all, number) || is_sum_of_money(shape, &all, number),
            Some((bit, name)) => {
                let of_name = sum(view, by_name.rows_of(bit, &name).into_iter());
                let is_above = |row: &usize| (after..*line).contains(&view.rows[*row].line);
                is_sum(shape, &of_name, number)
                    || is_sum(shape, &sum(view, view.data().filter(is_above)), number)
            }
        });
        after = *line;
    }
    totals
}

/// Whether the amount of a row, or its visits, is that of all others, whatever it has beside. It has neither a day nor a
/// name, and would be nothing else.
fn is_sum_of_money(shape: &Shape, all: &Sum, number: impl Fn(usize) -> Option<i64>) -> bool {
    let main = shape.main();
    let sum = all.numbers.get(main).copied().unwrap_or(0);
    let says = number(main).filter(|number| *number != 0);
    all.rows > 1 && says.is_some_and(|says| (says - sum).abs() <= shape.rounding(main, all.rows))
}

fn is_bare(shape: &Shape, rows: &Columns, row: usize) -> bool {
    let mut dimensions = shape.dimensions.iter();
    dimensions.all(|dimension| rows.values[dimension.at].is_absent(row))
}

/// What a row names in its only dimension that holds anything, and which that is.
fn named(
    shape: &Shape,
    rows: &Columns,
    row: usize,
    texts: &[Dictionary],
) -> Option<(usize, String)> {
    let dimensions = shape.dimensions.iter().enumerate();
    let mut filled = dimensions.filter(|(_, dimension)| !rows.values[dimension.at].is_absent(row));
    let (bit, dimension) = filled.next()?;
    let Values::Text(codes) = &rows.values[dimension.at] else {
        return None;
    };
    let name = named_total(texts[dimension.at].text(codes[row]))?;
    filled.next().is_none().then_some((bit, name))
}

fn sum(view: &View<'_>, rows: impl Iterator<Item = usize>) -> Sum {
    let mut sum = Sum::default();
    rows.for_each(|row| sum.add(view, row));
    sum
}

/// Whether all numbers of a row are those of a sum, and one of them is no zero.
fn is_sum(shape: &Shape, sum: &Sum, number: impl Fn(usize) -> Option<i64>) -> bool {
    let numbers = sum.numbers.iter().enumerate();
    let mut known = numbers.filter_map(|(at, total)| Some((at, *total, number(at)?)));
    let is_any = (0..sum.numbers.len()).any(|at| number(at).is_some_and(|number| number != 0));
    is_any
        && known.all(|(at, total, number)| (number - total).abs() <= shape.rounding(at, sum.rows))
}

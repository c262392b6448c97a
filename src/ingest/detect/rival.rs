//! A second column of amounts beside the one that is read: what was paid beside what was agreed, what is due beside the price.

use super::HeadRow;
use crate::ingest::cells::{self, Decimal};
use crate::ingest::format::{Format, Reading};
use crate::model::tables::DEALS;

/// Beginnings of the names of such columns, in lower case.
const NAMES: &[&str] = &[
    "оплачен",
    "сумма оплат",
    "сумма к оплат",
    "к оплате",
    "итого",
    "итоговая сумма",
    "сумма со скидк",
    "сумма с учетом",
    "сумма с учётом",
    "paid",
    "amount paid",
    "total",
    "net amount",
    "final amount",
];
/// Rows of the file's beginning whose two amounts differ, at the least, …
const FEWEST: usize = 3;
/// … and of all rows that have both at least one in so many. A judgement: one row in two is how the firm works.
const ONE_IN: usize = 2;

/// What is said of a second column of amounts. A rule may read it for something else: whether anything is paid.
pub(super) fn note(
    format: &Format,
    header: &[String],
    feeds: &[Vec<usize>],
    rows: &[HeadRow],
) -> Option<String> {
    if format.table != DEALS.name {
        return None;
    }
    let rule = format.columns.iter().position(|rule| rule.to == "amount")?;
    let read = *feeds[rule].first()?;
    let rules = format.columns.iter().zip(feeds);
    let amounts = rules.filter(|(rule, _)| rule.read == Reading::Money);
    let read_as_amounts: Vec<usize> = amounts.flat_map(|(_, cells)| cells).copied().collect();
    let is_called = |at: &usize| {
        let name = header[*at].trim().to_lowercase();
        let is_other = !read_as_amounts.contains(at);
        is_other && NAMES.iter().any(|start| name.starts_with(start))
    };
    let differs = |at: &usize| {
        let pairs = rows.iter().filter_map(|row| {
            let amounts = [read, *at].map(|cell| amount(row, cell));
            Some((amounts[0]?, amounts[1]?))
        });
        let pairs: Vec<(i64, i64)> = pairs.collect();
        let different = pairs.iter().filter(|(one, other)| one != other).count();
        different >= FEWEST && different * ONE_IN >= pairs.len()
    };
    let other = (0..header.len()).filter(is_called).find(differs)?;
    Some(format!(
        "amounts are read from \"{}\", and \"{}\" holds other ones: if these are what was sold, put it in place of the first in a \
         copy of the format in the pipeline's `formats` folder",
        header[read], header[other]
    ))
}

/// The amount of a cell, minor units; none and nothing are no amount.
pub(super) fn amount(row: &HeadRow, cell: usize) -> Option<i64> {
    let cell = cells::trim(row.cells.get(cell)?.as_bytes());
    let read = |decimal| cells::minor(cell, decimal);
    let amount = read(Decimal::Dot).or_else(|| read(Decimal::Comma));
    amount.filter(|amount| *amount != 0)
}

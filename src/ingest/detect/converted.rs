//! Amounts that a system has converted to the currency of its owner, beside those in the currency of each row.

use super::HeadRow;
use super::columns::same_but_unit;
use super::rival::amount;
use super::same;
use crate::ingest::cells;
use crate::ingest::format::Format;

/// What is known of the currency of converted amounts.
pub(super) struct Converted {
    /// ISO 4217 code; `None` where no row tells it, and it is taken for that of the export.
    pub(super) currency: Option<String>,
    /// What is said of it.
    pub(super) note: String,
}

/// Where converted amounts are read: takes the column of the rows' currency from them, and looks for their own. It is that of
/// the rows whose amount is the same before and after.
pub(super) fn settle(
    format: &Format,
    header: &[String],
    feeds: &mut [Vec<usize>],
    rows: &[HeadRow],
) -> Option<Converted> {
    let is_read = |to: &str| format.columns.iter().position(|rule| rule.to == to);
    let rule = is_read("amount")?;
    let read = *feeds[rule].first()?;
    let is_called = |names: &[String], at: usize| names.iter().any(|name| is_it(name, &header[at]));
    let rule = &format.columns[rule];
    if !is_called(&rule.converted, read) {
        return None;
    }
    let of_rows = std::mem::take(&mut feeds[is_read("currency")?]);
    let is_before = |at: &usize| *at != read && is_called(&rule.from, *at);
    let before = (0..header.len()).find(is_before);
    let currency = of_rows
        .first()
        .zip(before)
        .and_then(|(code, before)| unconverted(rows, [before, read], *code));
    Some(Converted {
        note: told(&header[read], currency.as_deref()),
        currency,
    })
}

fn is_it(name: &str, cell: &str) -> bool {
    same(name, cell) || same_but_unit(name, cell)
}

/// The one currency of the rows whose amount is the same in both cells.
fn unconverted(rows: &[HeadRow], amounts: [usize; 2], code: usize) -> Option<String> {
    let is_same = |row: &&HeadRow| {
        let [before, after] = amounts.map(|at| amount(row, at));
        before.is_some() && before == after
    };
    let own = rows.iter().filter(is_same);
    let mut codes = own.filter_map(|row| cells::currency(row.cells.get(code)?));
    let first = codes.next()?;
    codes.all(|other| other == first).then(|| first.to_owned())
}

fn told(name: &str, currency: Option<&str>) -> String {
    match currency {
        Some(currency) => format!("amounts are read from \"{name}\", which is {currency}"),
        None => format!(
            "amounts are read from \"{name}\": no row tells which currency that is, so it is taken for that of the export"
        ),
    }
}

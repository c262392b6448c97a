//! The order of day and month in a file that a spreadsheet has saved anew: dates that the system wrote with the year first
//! stand there as the spreadsheet's country writes them.

use super::HeadRow;
use crate::ingest::cells::{DateOrder, moment, open_date};
use crate::ingest::format::{ColumnRule, Format, Reading};

/// For each column rule the order of its dates: the rule's own, or day first where the first rows have the year last, which
/// the rule does not know. Whether it is the day or the month is told from the whole file.
pub(super) fn orders(format: &Format, feeds: &[Vec<usize>], rows: &[HeadRow]) -> Vec<DateOrder> {
    let rules = format.columns.iter().zip(feeds);
    let order_of = |(rule, cells): (&ColumnRule, &Vec<usize>)| {
        let is_date = matches!(rule.read, Reading::Time | Reading::Day);
        let is_resaved = is_date && rule.order == DateOrder::Ymd && has_year_last(cells, rows);
        if is_resaved {
            DateOrder::Dmy
        } else {
            rule.order
        }
    };
    rules.map(order_of).collect()
}

fn has_year_last(cells: &[usize], rows: &[HeadRow]) -> bool {
    let texts = rows
        .iter()
        .flat_map(|row| cells.iter().map(|at| row.cells.get(*at)));
    texts
        .flatten()
        .any(|text| is_year_last(text.trim().as_bytes()))
}

/// Whether a cell is a date whole, and only with the year last.
fn is_year_last(cell: &[u8]) -> bool {
    let reads = |order| moment(cell, order).is_some();
    open_date(cell).is_some() && (reads(DateOrder::Dmy) || reads(DateOrder::Mdy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_with_the_year_last_is_told_from_what_is_none() {
        for cell in ["26-02-2018 19:58", "01.11.2026", "11/13/2026 12:00 PM"] {
            assert!(is_year_last(cell.as_bytes()), "{cell}");
        }
        for cell in [
            "2026-11-09",
            "09.11.2026 - 15.11.2026",
            "31.13.2026",
            "не закрыта",
            "1.5.2",
            "",
        ] {
            assert!(!is_year_last(cell.as_bytes()), "{cell}");
        }
    }
}

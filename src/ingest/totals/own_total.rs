//! What a file says that it comes to, against what its rows add up to.

use super::Found;
use super::view::View;
use crate::model::fault::Fault;

/// Percent by which the rows may come to more than the file's total: systems estimate the visits of each row by itself.
const MORE_PERCENT: i64 = 10;
/// Percent by which they may come to less without a word.
const LESS_PERCENT: i64 = 2;

/// Compares the rows with the largest of the totals that the file marks.
///
/// # Errors
/// When the rows come to more: some of them are sums of others.
pub(super) fn check(
    view: &View<'_>,
    marked: &[usize],
    found: &mut Found,
    label: &str,
) -> Result<(), Fault> {
    let main = |row: &usize| view.main(*row).unwrap_or(0);
    let Some(total) = marked.iter().copied().max_by_key(main) else {
        return Ok(());
    };
    let (line, says) = (view.rows[total].line, main(&total));
    let sum: i64 = view.data().map(|row| main(&row)).sum();
    let (shown, shown_sum) = (view.shape.shown(says), view.shape.shown(sum));
    let rows = view.data().count() as u64;
    let rounding = view.shape.rounding(view.shape.main(), rows);
    let any_equal = marked.iter().any(|row| (main(row) - sum).abs() <= rounding);
    if says > 0 && !any_equal && (sum - says) * 100 > says * MORE_PERCENT {
        let message = format!(
            "the total says {shown}, but the rows add up to {shown_sum}: some are sums of others"
        );
        let hint = "download the report on one level, without subtotals";
        return Err(Fault::new(message).at(format!("{label}:{line}")).hint(hint));
    }
    if !any_equal && (says - sum) * 100 > says * LESS_PERCENT {
        found.remarks.push(format!(
            "the total in line {line} says {shown}, the rows add up to {shown_sum}: the rest is not in the file, and is not counted"
        ));
    }
    Ok(())
}

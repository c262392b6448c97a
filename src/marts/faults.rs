//! All faults of an export in a period, from whatever tells of them.

use anyhow::Result;

use super::data_faults;
use super::stored::Stored;
use crate::model::data_fault::{DataFault, FaultKind};
use crate::model::period::Period;
use crate::model::table::Table;

/// The faults of an export, those of its rows first.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn of_source(
    stored: &Stored<'_>,
    table: Table,
    export: &str,
    period: &Period,
) -> Result<Vec<DataFault>> {
    let mut faults = data_faults::of_export(stored, table, export, period)?;
    // Who sees a part of the rows sees too few of them to tell.
    if stored.plan.view.rows.is_none() {
        faults.extend(stored.costs.told_twice(export, period));
        if table == Table::Costs {
            faults.extend(data_faults::uncosted(stored, export, period)?);
        }
        let mut exports = stored.exports.iter();
        let rows = exports.find(|rows| rows.name == export);
        faults.extend(rows.and_then(|rows| rows.silence(period, &stored.calendar)));
    }
    let catalog = &stored.lake.catalog;
    let files = catalog.remarked_files(export, period, stored.as_of)?;
    // Where a fault is told already, what was remarked of the file is its cause or says the same.
    if !files.is_empty() && faults.is_empty() {
        faults.push(DataFault::Remarked { files });
    }
    if table == Table::Deals {
        faults.extend(of_sales(stored, export, period)?);
    }
    Ok(faults)
}

/// What is wrong with the sales of an export. One fact is told once: where past sales have lost their amounts, those of the period
/// lost them too, and sales that moved into the period are why so many were closed at once.
fn of_sales(stored: &Stored<'_>, export: &str, period: &Period) -> Result<Vec<DataFault>> {
    let mut faults = match stored.plan.view.rows.is_none() {
        true => data_faults::rewritten(stored, export, period)?,
        false => Vec::new(),
    };
    let is_told = |is_it: fn(&DataFault) -> bool| faults.iter().any(is_it);
    let lost_amounts = is_told(|fault| fault.kind() == FaultKind::Emptied);
    let moved_in = is_told(|fault| fault.kind() == FaultKind::ClosedAtOnce);
    let unpriced = data_faults::unpriced(stored, export, period);
    faults.extend(unpriced.filter(|_| !lost_amounts));
    faults.extend(data_faults::closed_early(stored, export, period));
    let at_once = data_faults::closed_at_once(stored, export, period);
    faults.extend(at_once.filter(|_| !moved_in));
    Ok(faults)
}

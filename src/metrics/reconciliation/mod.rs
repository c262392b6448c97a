//! Whether exports still tell of each other what they usually do; a break is a fault of the data, and it is told which.
//!
//! Only shares of events that did arrive are judged: what falls silent by itself is a matter of the diagnosis, or of a hole.

mod amounts;
mod clicks;
mod contacts;
mod links;
mod multiplied;
mod numbers;

use crate::model::data_fault::{DataFault, Emptied};
use crate::model::facts::{Facts, SourceHealth, SourceState};
use crate::model::table::Table;

/// A fault and the export that has it.
type FaultOfExport = (String, DataFault);

/// The state of every export, with what does not fit between them.
pub(super) fn sources(facts: &Facts) -> Vec<SourceState> {
    let mut sources = facts.sources.clone();
    let found = [
        links::unlinked(facts),
        clicks::unpaired(facts),
        clicks::retold(facts),
        multiplied::multiplied(facts),
        amounts::dear(facts),
    ];
    let mut found: Vec<FaultOfExport> = found.into_iter().flatten().collect();
    // What clicks say of their channels says more.
    let is_multiplied = |fault: &DataFault| matches!(fault, DataFault::Multiplied { .. });
    if found
        .iter()
        .any(|(_, fault)| matches!(fault, DataFault::Clicks { .. }))
    {
        found.retain(|(_, fault)| !is_multiplied(fault));
    }
    for (export, fault) in found {
        if let Some(source) = sources.iter_mut().find(|source| source.source == export) {
            push(&mut source.data_faults, fault);
        }
    }
    sources
}

/// Adds a fault. One fact is told once: where all amounts went, those of the latest sales went with them.
fn push(faults: &mut Vec<DataFault>, fault: DataFault) {
    let is_of_amounts = |fault: &DataFault| {
        matches!(
            fault,
            DataFault::Emptied {
                column: Emptied::Amount,
                ..
            }
        )
    };
    if is_of_amounts(&fault) {
        faults.retain(|known| !matches!(known, DataFault::Unpriced { .. }));
    }
    faults.push(fault);
}

/// Whether nothing is known against an export: else what does not fit follows from that.
fn is_sound(facts: &Facts, export: &str) -> bool {
    let of_export = facts.sources.iter().find(|source| source.source == export);
    of_export.is_none_or(|source| {
        let has_arrived = matches!(source.state, SourceHealth::Complete | SourceHealth::Rejects);
        let mut faults = source.data_faults.iter();
        has_arrived
            && faults.all(|fault| {
                matches!(
                    fault,
                    DataFault::Remarked { .. }
                        | DataFault::Unpriced { .. }
                        | DataFault::ClosedEarly { .. }
                )
            })
    })
}

/// The first export of traffic: where visits are looked for.
fn traffic_export(facts: &Facts) -> Option<&str> {
    let mut sources = facts.sources.iter();
    let of_traffic = sources.find(|source| source.table.is_some_and(Table::is_of_traffic));
    of_traffic.map(|source| source.source.as_str())
}

#[cfg(test)]
mod tests;

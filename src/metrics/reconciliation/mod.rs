//! Whether exports still tell of each other what they usually do; a break is a fault of the data, and it is told which.
//!
//! Only shares of events that did arrive are judged: what falls silent by itself is a matter of the diagnosis, or of a hole.

mod amounts;
mod channels;
mod clicks;
mod contacts;
mod links;
mod multiplied;
mod numbers;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::channel::ChannelId;
use crate::model::data_fault::{DataFault, Emptied, Priced};
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
        channels::lost(facts),
        amounts::dear(facts),
    ];
    let mut found: Vec<FaultOfExport> = found.into_iter().flatten().collect();
    drop_followers(facts, &mut found);
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

/// Takes out what follows from another fault: clicks whose price is of another unit are not to be held against visits.
fn drop_followers(facts: &Facts, found: &mut Vec<FaultOfExport>) {
    let is_of_price = |(_, fault): &&FaultOfExport| {
        matches!(
            fault,
            DataFault::Amounts {
                of: Priced::Click,
                ..
            }
        )
    };
    let priced: BTreeSet<String> = found
        .iter()
        .filter(is_of_price)
        .map(|(export, _)| export.clone())
        .collect();
    found.retain(|(_, fault)| match fault {
        DataFault::Clicks { channel, .. } => facts
            .costs_of
            .get(channel)
            .is_none_or(|costs| !priced.contains(costs)),
        _ => true,
    });
}

/// Channels whose costs are not to be held against their visits: the export that tells them is short of days, or has a fault.
pub fn channels_of_doubtful_costs<'f>(
    costs_of: &'f BTreeMap<ChannelId, String>,
    sources: &[SourceState],
) -> BTreeSet<&'f ChannelId> {
    let is_doubtful = |export: &str| {
        let mut sources = sources.iter().filter(|source| source.source == export);
        sources
            .any(|source| source.state == SourceHealth::Partial || !source.data_faults.is_empty())
    };
    let doubtful = costs_of.iter().filter(|(_, export)| is_doubtful(export));
    doubtful.map(|(channel, _)| channel).collect()
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
        // What sales are worth, and when they were closed, breaks no link.
        let is_harmless = |fault: &DataFault| {
            matches!(fault, DataFault::Remarked { .. }) || fault.is_of_revenue()
        };
        has_arrived && faults.all(is_harmless)
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

//! Changes of stages that follow from successive exports of the deals: the states that the lake has kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, Utc};
use polars::prelude::*;

use super::events::StageEvent;
use crate::lake::Lake;
use crate::marts::rows::{Rows, all_days};
use crate::model::tables::DEALS;

/// One state of a deal, as an export told it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    /// When something in the deal last changed before that export.
    changed_at: DateTime<Utc>,
    /// When its stage did, where the export says.
    stage_changed_at: Option<DateTime<Utc>>,
    stage: Arc<str>,
    manager: Arc<str>,
}

/// Changes between the states of each deal, oldest first. A state without a time of its last change says nothing of when.
pub(super) fn between_exports(lake: &Lake, as_of: DateTime<Utc>) -> Result<Vec<StageEvent>> {
    let Some(replaced) = lake.scan_replaced(&DEALS, as_of)? else {
        return Ok(Vec::new());
    };
    let (from, to) = all_days();
    let mut states: BTreeMap<(Arc<str>, String), Vec<State>> = BTreeMap::new();
    for frame in [Some(replaced), lake.scan(&DEALS, as_of, from, to)?]
        .into_iter()
        .flatten()
    {
        add(frame, &mut states)?;
    }
    let mut events = Vec::new();
    for ((_, deal_id), mut of_deal) in states {
        of_deal.sort();
        of_deal.dedup();
        events.extend(changes(&deal_id, &of_deal));
    }
    events.sort_by(|one, other| {
        (one.at, &one.deal_id, &one.to).cmp(&(other.at, &other.deal_id, &other.to))
    });
    Ok(events)
}

fn add(frame: LazyFrame, states: &mut BTreeMap<(Arc<str>, String), Vec<State>>) -> Result<()> {
    let columns = [
        "export",
        "deal_id",
        "stage",
        "updated_at",
        "stage_changed_at",
        "manager",
    ];
    // A full export every week repeats most deals as they were: each state is looked at once.
    let distinct = frame.group_by(columns.map(col)).agg([len().alias("times")]);
    let rows = Rows::of(distinct.collect()?);
    let exports = rows.shared("export")?;
    let (changed, stage_changed) = (rows.times("updated_at")?, rows.times("stage_changed_at")?);
    let (stages, managers) = (rows.shared("stage")?, rows.shared("manager")?);
    for (row, deal_id) in rows.texts("deal_id")?.into_iter().enumerate() {
        let Some(changed_at) = changed[row].or(stage_changed[row]) else {
            continue;
        };
        let state = State {
            changed_at,
            stage_changed_at: stage_changed[row],
            stage: stages[row].clone(),
            manager: managers[row].clone(),
        };
        let key = (exports[row].clone(), deal_id);
        states.entry(key).or_default().push(state);
    }
    Ok(())
}

/// The changes between states in the order of their last change.
fn changes(deal_id: &str, states: &[State]) -> Vec<StageEvent> {
    let pairs = states.iter().zip(states.iter().skip(1));
    let moved = pairs.filter(|(before, after)| before.stage != after.stage);
    moved
        .map(|(before, after)| {
            let stated = after
                .stage_changed_at
                .filter(|at| (before.changed_at..=after.changed_at).contains(at));
            StageEvent {
                deal_id: deal_id.to_owned(),
                at: stated.unwrap_or(after.changed_at),
                from: before.stage.clone(),
                to: after.stage.clone(),
                by: after.manager.clone(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(day: i64, stage: &str) -> State {
        State {
            changed_at: DateTime::from_timestamp(day * 86_400, 0).expect("a time"),
            stage_changed_at: None,
            stage: stage.into(),
            manager: "Anna".into(),
        }
    }

    #[test]
    fn a_deal_that_stands_still_between_exports_has_no_change() {
        assert_eq!(changes("1", &[state(1, "new"), state(3, "new")]), []);
    }

    #[test]
    fn a_change_is_dated_by_the_last_one_before_the_later_export() {
        let found = changes("1", &[state(1, "new"), state(3, "new"), state(8, "offer")]);
        let told: Vec<_> = found
            .iter()
            .map(|event| (event.at.timestamp() / 86_400, &*event.from, &*event.to))
            .collect();
        assert_eq!(told, [(8, "new", "offer")]);
    }
}

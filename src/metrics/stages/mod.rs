//! The stages of the funnel in every channel: each share of the stage before against its usual, and the stage that broke.

mod board;
mod breaks;
mod counted;
mod deals;
mod order;
mod run;
mod stuck;
mod tested;
mod times;
mod visits;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use board::DealStages;
pub use breaks::{StageBreak, StageKind};
pub use stuck::StuckDeal;
pub use times::StageTime;

use board::board;
use breaks::breaks;
use counted::funnel;
use tested::{Test, of_deals, of_visits};

use super::compare;
use super::multiple::two_sided;
use super::scorecard::{ChannelRow, RowVerdict, Stage};
use super::settings::MetricSettings;
use super::values::Estimate;
use crate::model::change::Change;
use crate::model::channel::ChannelId;
use crate::model::facts::Facts;

/// What was to be expected of a stage, given how many reached the stage before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct StageUsual {
    /// Expected count of the stage.
    pub count: Estimate,
    /// Expected share of the stage before.
    pub to_previous: Estimate,
    /// One-sided tail probability of what was observed, on the side it fell to.
    pub p_value: f64,
    /// How many periods it was learnt from.
    pub periods: u32,
}

/// Whose stages are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place<'a> {
    /// All channels and managers together.
    Total,
    /// One channel.
    Channel(&'a ChannelId),
    /// One manager's deals.
    Manager(&'a str),
}

/// The funnels of one report.
#[derive(Debug, Default)]
pub(super) struct Funnels {
    /// Of all channels together.
    pub(super) total: Vec<Stage>,
    /// Of each channel.
    pub(super) channels: BTreeMap<ChannelId, Vec<Stage>>,
    /// The stages of deals, where there are any.
    pub(super) deals: Option<DealStages>,
    /// Stages that broke, the one that explains most first.
    pub(super) breaks: Vec<StageBreak>,
}

/// The funnels of the reported period: of all channels, of each and of each manager, their stages judged together.
pub(super) fn funnels(
    facts: &Facts,
    total: &ChannelRow,
    channels: &[ChannelRow],
    plan: &MetricSettings,
) -> Funnels {
    let limits = &plan.thresholds;
    let mut deals = board(facts, plan);
    let managers: Vec<String> = deals
        .iter()
        .flat_map(|board| &board.managers)
        .map(|row| row.manager.clone())
        .collect();
    let ids = channels.iter().map(|row| Place::Channel(&row.channel));
    let places: Vec<Place<'_>> = std::iter::once(Place::Total)
        .chain(ids)
        .chain(managers.iter().map(|name| Place::Manager(name)))
        .collect();
    let all: Vec<Test<'_>> = places
        .iter()
        .flat_map(|place| {
            [
                of_visits(facts, *place, plan),
                of_deals(facts, *place, plan),
            ]
        })
        .flatten()
        .collect();
    let judged: Vec<&Test<'_>> = all
        .iter()
        .filter(|test| test.is_judgeable(limits.min_events))
        .collect();
    let tails: Vec<f64> = judged.iter().map(|test| two_sided(test.tail())).collect();
    let limit = compare::limit(&tails, limits);
    let settle_all = |stages: &mut [Stage], place: Place<'_>| {
        for test in all.iter().filter(|test| test.place == place) {
            if let Some(stage) = stages.iter_mut().find(|stage| stage.code == test.to.code) {
                settle(stage, test, limit, plan);
            }
        }
    };
    let stages_of = |row: &ChannelRow, place: Place<'_>| {
        let mut stages = funnel(facts, place, row, plan);
        settle_all(&mut stages, place);
        stages
    };
    if let Some(board) = &mut deals {
        settle_all(&mut board.funnel, Place::Total);
        for row in &mut board.managers {
            settle_all(&mut row.stages, Place::Manager(&row.manager));
        }
    }
    Funnels {
        total: stages_of(total, Place::Total),
        channels: channels
            .iter()
            .map(|row| {
                let place = Place::Channel(&row.channel);
                (row.channel.clone(), stages_of(row, place))
            })
            .collect(),
        deals,
        breaks: breaks(facts, &judged, total, channels, plan),
    }
}

/// Tells a stage what was usual, how far it is from it, and the word for that.
fn settle(stage: &mut Stage, test: &Test<'_>, limit: f64, plan: &MetricSettings) {
    let usual = test.usual(plan.thresholds.alpha);
    let seen = test.outlook.seen;
    let is_judgeable = test.is_judgeable(plan.thresholds.min_events);
    let is_beyond_noise = is_judgeable && usual.p_value <= limit;
    let falls = seen.k < usual.count.value;
    stage.verdict = match (is_judgeable, is_beyond_noise, falls) {
        (false, ..) => RowVerdict::TooFew,
        (true, false, _) => RowVerdict::Noise,
        (true, true, true) => RowVerdict::Worse,
        (true, true, false) => RowVerdict::Better,
    };
    let from = |share: f64| (seen.k / seen.n - share) * 100.0 + 0.0;
    stage.change = is_judgeable.then(|| Change::Points {
        value: from(usual.to_previous.value),
        low: from(usual.to_previous.high),
        high: from(usual.to_previous.low),
        beyond_noise: is_beyond_noise,
    });
    stage.usual = Some(usual);
}

#[cfg(test)]
mod deals_tests;
#[cfg(test)]
mod tests;

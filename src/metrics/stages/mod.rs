//! The stages of the funnel in every channel: each share of the stage before against its usual, and the stage that broke.

mod breaks;
mod counted;
mod history;

use std::collections::BTreeMap;

pub use breaks::StageBreak;
use breaks::breaks;
use counted::funnel;
use history::tested;

use super::compare;
use super::multiple::two_sided;
use super::predictive::Prediction;
use super::scorecard::{ChannelRow, RowVerdict, Stage};
use super::settings::MetricSettings;
use super::timeline::Scope;
use super::usual::share;
use super::values::Estimate;
use crate::model::change::Change;
use crate::model::channel::ChannelId;
use crate::model::facts::Facts;
use serde::{Deserialize, Serialize};

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

/// The funnels of one report.
#[derive(Debug, Default)]
pub(super) struct Funnels {
    /// Of all channels together.
    pub(super) total: Vec<Stage>,
    /// Of each channel.
    pub(super) channels: BTreeMap<ChannelId, Vec<Stage>>,
    /// Stages that broke, the one that explains most first.
    pub(super) breaks: Vec<StageBreak>,
}

/// A stage of one row whose share of the stage before can be tested.
pub(super) struct Test<'a> {
    /// Where it is of.
    pub(super) scope: Scope<'a>,
    /// Its place among the pipeline's stages; the stage before is that before it, or the sessions.
    pub(super) index: usize,
    /// How many came to it, of how many.
    pub(super) seen: super::predictive::Sample,
    /// The share over the periods that it was learnt from, as a hand would work it out: `ΣK ÷ ΣN`.
    pub(super) usual_share: f64,
    /// What was to be expected.
    pub(super) prediction: Prediction,
}

impl Test<'_> {
    /// Probability of so few, or fewer, if nothing had changed.
    pub(super) fn of_fall(&self) -> f64 {
        self.prediction.at_most(self.seen.k)
    }

    fn usual(&self, alpha: f64) -> StageUsual {
        let (low, high) = self.prediction.range(alpha);
        let share = share(&self.prediction, self.seen.n, alpha);
        // The prediction's own rate has half an event more, which is for a stage that nobody came to yet.
        let value = self.usual_share;
        let count = value * self.seen.n;
        StageUsual {
            count: Estimate {
                value: count,
                low: low.min(count),
                high: high.max(count),
            },
            to_previous: Estimate {
                value,
                low: share.low.min(value),
                high: share.high.max(value),
            },
            p_value: self.prediction.p_value(self.seen.k),
            periods: self.prediction.periods,
        }
    }

    /// A stage that few came to, and few were expected at, says nothing.
    fn is_judgeable(&self, min_events: u32) -> bool {
        self.prediction.expected.max(self.seen.k) >= f64::from(min_events)
    }
}

/// The funnels of the reported period: of all channels and of each, their stages judged together.
pub(super) fn funnels(
    facts: &Facts,
    total: &ChannelRow,
    channels: &[ChannelRow],
    plan: &MetricSettings,
) -> Funnels {
    let Some(reported) = facts.periods.last() else {
        return Funnels::default();
    };
    let limits = &plan.thresholds;
    let scopes: Vec<Scope<'_>> = std::iter::once(Scope::Total)
        .chain(channels.iter().map(|row| Scope::Channel(&row.channel)))
        .collect();
    let all: Vec<Test<'_>> = scopes
        .iter()
        .flat_map(|scope| tested(facts, *scope, plan))
        .collect();
    let judged: Vec<&Test<'_>> = all
        .iter()
        .filter(|test| test.is_judgeable(limits.min_events))
        .collect();
    let tails: Vec<f64> = judged
        .iter()
        .map(|test| two_sided(test.prediction.p_value(test.seen.k)))
        .collect();
    let limit = compare::limit(&tails, limits);
    let stages_of = |row: &ChannelRow, scope: Scope<'_>| {
        let mut stages = funnel(reported, scope, row, plan);
        for test in all.iter().filter(|test| test.scope == scope) {
            // The first stage is the sessions.
            settle(&mut stages[test.index + 1], test, limit, plan);
        }
        stages
    };
    Funnels {
        total: stages_of(total, Scope::Total),
        channels: channels
            .iter()
            .map(|row| {
                let scope = Scope::Channel(&row.channel);
                (row.channel.clone(), stages_of(row, scope))
            })
            .collect(),
        breaks: breaks(facts, &judged, total, channels, plan),
    }
}

/// Tells a stage what was usual, how far it is from it, and the word for that.
fn settle(stage: &mut Stage, test: &Test<'_>, limit: f64, plan: &MetricSettings) {
    let usual = test.usual(plan.thresholds.alpha);
    let is_judgeable = test.is_judgeable(plan.thresholds.min_events);
    let is_beyond_noise = is_judgeable && usual.p_value <= limit;
    let falls = test.seen.k < usual.count.value;
    stage.verdict = match (is_judgeable, is_beyond_noise, falls) {
        (false, ..) => RowVerdict::TooFew,
        (true, false, _) => RowVerdict::Noise,
        (true, true, true) => RowVerdict::Worse,
        (true, true, false) => RowVerdict::Better,
    };
    let from = |share: f64| (test.seen.k / test.seen.n - share) * 100.0 + 0.0;
    stage.change = is_judgeable.then(|| Change::Points {
        value: from(usual.to_previous.value),
        low: from(usual.to_previous.high),
        high: from(usual.to_previous.low),
        beyond_noise: is_beyond_noise,
    });
    stage.usual = Some(usual);
}

#[cfg(test)]
mod tests;

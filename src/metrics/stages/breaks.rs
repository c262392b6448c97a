//! The stages that broke: fewer go on than usual, so far fewer that a quiet period would hardly ever show it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::run::outlook;
use super::tested::Test;
use super::{Place, StageUsual};
use crate::metrics::multiple::threshold;
use crate::metrics::scorecard::ChannelRow;
use crate::metrics::settings::MetricSettings;
use crate::metrics::values::Rate;
use crate::model::channel::ChannelId;
use crate::model::facts::Facts;

/// A channel that explains so much of what all channels lose at a stage is where it broke. A judgement.
const MOST_OF_IT: f64 = 0.5;
/// … where the others lost less than this part of what it lost, each of what was due there: else it broke everywhere, and the
/// channel is only the largest one. A judgement.
const SPARED: f64 = 0.5;

/// What comes to a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageKind {
    /// Visits, by goals of the analytics.
    Visits,
    /// Deals, by the stages of the CRM: cohorts at equal age.
    Deals,
}

/// A stage that fewer of those at the stage before go on to than usual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageBreak {
    /// The channel that it broke in; absent when it is seen in all of them together only.
    pub channel: Option<ChannelId>,
    /// The manager whose deals it broke for.
    pub manager: Option<String>,
    /// What comes to it.
    pub kind: StageKind,
    /// Code of the stage before: `sessions`, `deals` or a stage.
    pub from: String,
    /// Its title in the pipeline's language.
    pub from_title: String,
    /// Code of the stage that broke.
    pub to: String,
    /// Its title in the pipeline's language.
    pub to_title: String,
    /// How many of those at the stage before came to it.
    pub observed: Rate,
    /// What was to be expected, and the probability of so few.
    pub usual: StageUsual,
    /// The same share in the period before.
    pub previous: Option<Rate>,
    /// How many fewer came to the stage than expected.
    pub lost: f64,
    /// The inquiries that are lost with them at the usual number of inquiries for each that comes to the stage (one at most);
    /// absent where nothing was to be expected of inquiries.
    pub lost_inquiries: Option<f64>,
    /// First day of the first period in which it is seen.
    pub since: NaiveDate,
}

impl StageBreak {
    /// The share of the stage before that came to it.
    pub fn share(&self) -> f64 {
        self.observed.value.unwrap_or(0.0)
    }
}

/// The breaks among tests that were judged together. At most `alpha` of quiet periods show one: the tails of all tests are
/// held against Benjamini and Hochberg's line at `alpha`, which keeps that rate as long as nothing is broken.
pub(super) fn breaks(
    facts: &Facts,
    judged: &[&Test<'_>],
    total: &ChannelRow,
    channels: &[ChannelRow],
    plan: &MetricSettings,
) -> Vec<StageBreak> {
    let tails: Vec<f64> = judged.iter().map(|test| test.of_fall()).collect();
    let Some(limit) = threshold(&tails, plan.thresholds.alpha) else {
        return Vec::new();
    };
    let row = |place: Place<'_>| match place {
        Place::Total | Place::Manager(_) => Some(total),
        Place::Channel(id) => channels.iter().find(|row| row.channel == *id),
    };
    let broken = judged
        .iter()
        .zip(&tails)
        .filter(|(_, tail)| **tail <= limit);
    let mut found: Vec<StageBreak> = broken
        .filter_map(|(test, _)| Some(broke(facts, test, row(test.place)?, plan)))
        .collect();
    found.sort_by(|one, other| other.lost.total_cmp(&one.lost));
    most_telling_first(&mut found);
    found
}

/// Where one channel explains most of what all lose at a stage, and the others are spared, it comes before the row of all
/// channels.
fn most_telling_first(found: &mut [StageBreak]) {
    let (Some(first), true) = (found.first().cloned(), found.len() > 1) else {
        return;
    };
    let explains = |other: &StageBreak| {
        (other.channel.is_some() || other.manager.is_some())
            && other.to == first.to
            && other.lost >= MOST_OF_IT * first.lost
            && spares_the_rest(other, &first)
    };
    if first.channel.is_none()
        && first.manager.is_none()
        && let Some(place) = found.iter().position(explains)
    {
        found[..=place].rotate_right(1);
    }
}

/// Whether what all lost beside one place is little of what was due beside it.
fn spares_the_rest(place: &StageBreak, all: &StageBreak) -> bool {
    let due = |of: &StageBreak| of.usual.count.value;
    let of_place = place.lost / due(place);
    let due_elsewhere = due(all) - due(place);
    // Where nothing was due beside the place, nothing was lost there.
    due_elsewhere <= 0.0 || (all.lost - place.lost) / due_elsewhere < SPARED * of_place
}

fn broke(facts: &Facts, test: &Test<'_>, row: &ChannelRow, plan: &MetricSettings) -> StageBreak {
    let usual = test.usual(plan.thresholds.alpha);
    let seen = test.outlook.seen;
    let lost = usual.count.value - seen.k;
    let per_stage = row.usual.map(|of| of.inquiries.value / usual.count.value);
    let previous = test.run.iter().rev().nth(1).copied().flatten();
    // A deal that goes no further is an inquiry all the same.
    let is_before_inquiry = test.kind == StageKind::Visits;
    StageBreak {
        channel: match test.place {
            Place::Channel(id) => Some(id.clone()),
            Place::Total | Place::Manager(_) => None,
        },
        manager: match test.place {
            Place::Manager(name) => Some(name.to_owned()),
            Place::Total | Place::Channel(_) => None,
        },
        kind: test.kind,
        from: test.from.code.clone(),
        from_title: test.from.title.clone(),
        to: test.to.code.clone(),
        to_title: test.to.title.clone(),
        observed: counted(seen.k, seen.n),
        usual,
        previous: previous
            .filter(|past| past.n > 0.0)
            .map(|past| counted(past.k, past.n)),
        lost,
        lost_inquiries: per_stage
            .filter(|_| is_before_inquiry)
            .map(|inquiries| lost * inquiries.min(1.0)),
        since: since(facts, test, plan),
    }
}

/// A share that is stated however few there are: that only a handful came is what is told.
fn counted(k: f64, n: f64) -> Rate {
    Rate::new(Some(k), Some(n), 0, None)
}

/// The first day of the unbroken run of periods, each of which fell by itself against those before it.
fn since(facts: &Facts, of: &Test<'_>, plan: &MetricSettings) -> NaiveDate {
    let reported = facts.periods.len() - 1;
    let base = plan.thresholds.base_periods as usize;
    let fell = |at: &usize| {
        outlook(&of.run, *at, base).is_some_and(|earlier| {
            earlier.prediction.at_most(earlier.seen.k) <= plan.thresholds.alpha
        })
    };
    let first = (0..reported)
        .rev()
        .take_while(fell)
        .last()
        .unwrap_or(reported);
    facts.periods[first].period.from
}

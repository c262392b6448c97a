//! The stages that broke: fewer go on than usual, so far fewer that a quiet period would hardly ever show it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::history::{passed, test};
use super::{StageUsual, Test};
use crate::metrics::multiple::threshold;
use crate::metrics::scorecard::ChannelRow;
use crate::metrics::settings::MetricSettings;
use crate::metrics::timeline::Scope;
use crate::metrics::values::Rate;
use crate::model::channel::ChannelId;
use crate::model::facts::Facts;

/// A channel that explains so much of what all channels lose at a stage is where it broke. A judgement.
const MOST_OF_IT: f64 = 0.5;

/// A stage that fewer of those at the stage before go on to than usual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageBreak {
    /// The channel that it broke in; absent when it is seen in all of them together only.
    pub channel: Option<ChannelId>,
    /// Code of the stage before: `sessions` or a stage of the pipeline.
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
    let row = |scope: Scope<'_>| match scope {
        Scope::Total => Some(total),
        Scope::Channel(id) => channels.iter().find(|row| row.channel == *id),
    };
    let broken = judged
        .iter()
        .zip(&tails)
        .filter(|(_, tail)| **tail <= limit);
    let mut found: Vec<StageBreak> = broken
        .filter_map(|(test, _)| Some(broke(facts, test, row(test.scope)?, plan)))
        .collect();
    found.sort_by(|one, other| other.lost.total_cmp(&one.lost));
    most_telling_first(&mut found);
    found
}

/// Where one channel explains most of what all lose at a stage, it comes before the row of all channels.
fn most_telling_first(found: &mut [StageBreak]) {
    let (Some(first), true) = (found.first().cloned(), found.len() > 1) else {
        return;
    };
    let explains = |other: &StageBreak| {
        other.channel.is_some() && other.to == first.to && other.lost >= MOST_OF_IT * first.lost
    };
    if first.channel.is_none()
        && let Some(place) = found.iter().position(explains)
    {
        found[..=place].rotate_right(1);
    }
}

fn broke(facts: &Facts, test: &Test<'_>, row: &ChannelRow, plan: &MetricSettings) -> StageBreak {
    let usual = test.usual(plan.thresholds.alpha);
    let titles = |place: usize| {
        (
            plan.stages[place].code.clone(),
            plan.stages[place].title.clone(),
        )
    };
    let (to, to_title) = titles(test.index);
    let (from, from_title) = match test.index.checked_sub(1) {
        Some(before) => titles(before),
        None => ("sessions".to_owned(), plan.funnel_titles.sessions.clone()),
    };
    let lost = usual.count.value - test.seen.k;
    let per_stage = row.usual.map(|of| of.inquiries.value / usual.count.value);
    let before = facts.periods.iter().rev().nth(1);
    let previous = before.and_then(|period| passed(period, test.scope, test.index));
    StageBreak {
        channel: match test.scope {
            Scope::Total => None,
            Scope::Channel(id) => Some(id.clone()),
        },
        from,
        from_title,
        to,
        to_title,
        observed: counted(test.seen.k, test.seen.n),
        usual,
        previous: previous
            .filter(|past| past.n > 0.0)
            .map(|past| counted(past.k, past.n)),
        lost,
        lost_inquiries: per_stage.map(|inquiries| lost * inquiries.min(1.0)),
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
    let fell = |at: &usize| {
        test(facts, *at, of.scope, of.index, plan)
            .is_some_and(|earlier| earlier.of_fall() <= plan.thresholds.alpha)
    };
    let first = (0..reported)
        .rev()
        .take_while(fell)
        .last()
        .unwrap_or(reported);
    facts.periods[first].period.from
}

//! What each stage's share of the stage before was in the periods before, and what that lets expect now.

use super::Test;
use super::counted::reached;
use crate::metrics::predictive::{MIN_PERIODS, Prediction, Sample};
use crate::metrics::settings::MetricSettings;
use crate::metrics::timeline::Scope;
use crate::model::facts::{Facts, PeriodFacts};

/// The stages of a row that can be tested in the reported period.
pub(super) fn tested<'a>(facts: &Facts, scope: Scope<'a>, plan: &MetricSettings) -> Vec<Test<'a>> {
    let Some(reported) = facts.periods.len().checked_sub(1) else {
        return Vec::new();
    };
    (0..plan.stages.len())
        .filter_map(|index| test(facts, reported, scope, index, plan))
        .collect()
}

/// The test of one stage of a row in the period at `at`. `None` where the stage is no part of the one before, be it now or
/// in the past, or fewer than four periods are known to learn from.
pub(super) fn test<'a>(
    facts: &Facts,
    at: usize,
    scope: Scope<'a>,
    index: usize,
    plan: &MetricSettings,
) -> Option<Test<'a>> {
    let seen = passed(&facts.periods[at], scope, index).filter(|seen| seen.n > 0.0)?;
    let base = plan.thresholds.base_periods as usize;
    let past = &facts.periods[at.saturating_sub(base)..at];
    let history: Vec<Sample> = past
        .iter()
        .filter_map(|period| passed(period, scope, index))
        .filter(|past| past.n > 0.0)
        .collect();
    let is_share = |sample: &Sample| sample.k <= sample.n;
    if history.len() < MIN_PERIODS || !is_share(&seen) || !history.iter().all(is_share) {
        return None;
    }
    let sum = |of: fn(&Sample) -> f64| history.iter().map(of).fold(0.0, |sum, count| sum + count);
    Some(Test {
        scope,
        index,
        seen,
        usual_share: sum(|past| past.k) / sum(|past| past.n),
        prediction: Prediction::of_rate(&history, seen.n)?,
    })
}

/// How many of those at the stage before came to a stage.
pub(super) fn passed(period: &PeriodFacts, scope: Scope<'_>, index: usize) -> Option<Sample> {
    let n = match index.checked_sub(1) {
        Some(before) => reached(period, scope, before)?,
        None => sessions(period, scope)?,
    };
    Some(Sample {
        k: reached(period, scope, index)?,
        n,
    })
}

fn sessions(period: &PeriodFacts, scope: Scope<'_>) -> Option<f64> {
    let traffic = period.traffic.as_ref()?;
    let count = match scope {
        Scope::Total => traffic
            .values()
            .fold(0_u64, |sum, of| sum.saturating_add(of.sessions)),
        Scope::Channel(channel) => traffic.get(channel).map_or(0, |of| of.sessions),
    };
    Some(count as f64)
}

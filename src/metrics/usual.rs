//! The range that a row's first conversion should lie in, and the word for where it fell.

use super::multiple::two_sided;
use super::predictive::{MIN_PERIODS, Prediction, Sample, pooled};
use super::scorecard::{ChannelRow, Deviation, RowVerdict, Usual};
use super::settings::MetricSettings;
use super::timeline::{Past, Scope, Timeline};
use super::values::{Estimate, Measures};

/// Predicts the row's inquiries from its base periods, given this period's sessions.
pub(super) fn predict(scope: Scope<'_>, base: &[Past], sessions: u64) -> Option<Prediction> {
    let history = scope.first_conversions(base);
    if history.len() < MIN_PERIODS {
        return None;
    }
    Prediction::of_rate(&history, sessions as f64)
}

/// Predicts a row's inquiries in the period at `index` of the timeline (its length: the reported one): by days where they
/// are known, else from whole periods.
pub(super) fn expected(
    timeline: &Timeline,
    scope: Scope<'_>,
    index: usize,
    sessions: u64,
) -> Option<Prediction> {
    let base = timeline.base_before(index);
    // With too short a history a row has no usual range, whichever way it would be predicted.
    if scope.first_conversions(base).len() < MIN_PERIODS {
        return None;
    }
    let counts = timeline
        .past
        .get(index)
        .map_or(&timeline.now, |past| &past.counts);
    let by_days = timeline
        .expectations
        .as_ref()
        .and_then(|days| days.predict(scope, &counts.period));
    by_days.or_else(|| predict(scope, base, sessions))
}

/// The usual range of a row with sessions and inquiries known.
pub(super) fn usual(prediction: &Prediction, now: Sample, plan: &MetricSettings) -> Usual {
    let inquiries = events(prediction, plan.thresholds.alpha);
    let conv1 = share(prediction, now.n, plan.thresholds.alpha);
    Usual {
        inquiries,
        conv1,
        deviation: Deviation::of(&inquiries, &conv1, now.k, now.n),
        p_value: prediction.p_value(now.k),
        periods: prediction.periods,
        detectable: prediction.detectable(plan.thresholds.alpha),
    }
}

/// The expected count with its range.
fn events(prediction: &Prediction, alpha: f64) -> Estimate {
    let (low, high) = prediction.range(alpha);
    Estimate {
        value: prediction.expected,
        low,
        high,
    }
}

/// The expected rate with its range: the count's divided by the opportunities.
pub(super) fn share(prediction: &Prediction, n: f64, alpha: f64) -> Estimate {
    let Estimate { value, low, high } = events(prediction, alpha);
    Estimate {
        value: value / n,
        low: low / n,
        high: (high / n).min(1.0),
    }
}

/// Sessions and inquiries of a row, when both are known and make a proportion.
pub(super) fn first_conversion(of: &Measures) -> Option<Sample> {
    let (k, n) = (of.inquiries?, of.sessions? as f64);
    (k <= n && n > 0.0).then_some(Sample { k, n })
}

/// The rate to ask for when a row has too few: its own history's, or the total's when that is short too.
pub(super) fn rate_to_expect(row: &[Sample], total: &[Sample], min_events: u32) -> Option<f64> {
    let has_enough = |history: &[Sample]| {
        let events = history.iter().map(|past| past.k).sum::<f64>();
        events >= f64::from(min_events)
    };
    if has_enough(row) {
        pooled(row)
    } else if has_enough(total) {
        pooled(total)
    } else {
        None
    }
}

/// The two-sided p-value of a row that has enough events, observed or expected, to be judged.
pub(super) fn judgeable(
    usual: Option<&Usual>,
    inquiries: Option<f64>,
    min_events: u32,
) -> Option<f64> {
    let (usual, inquiries) = (usual?, inquiries?);
    // A row that fell from forty to none is no small row.
    let expected_or_seen = usual.inquiries.value.max(inquiries);
    (expected_or_seen >= f64::from(min_events)).then(|| two_sided(usual.p_value))
}

/// The word for a row: beyond noise when its one-sided tail is at most `limit`. `has_history` says that enough periods
/// are known to learn from; a row that taught nothing all the same (no sessions of its own) has too few.
pub(super) fn verdict(
    row: &ChannelRow,
    has_history: bool,
    limit: f64,
    min_events: u32,
) -> RowVerdict {
    let (Some(_), Some(seen), true) = (row.measures.sessions, row.measures.inquiries, has_history)
    else {
        return RowVerdict::Unknown;
    };
    let usual = row
        .usual
        .filter(|usual| judgeable(Some(usual), Some(seen), min_events).is_some());
    match usual {
        None => RowVerdict::TooFew,
        Some(usual) if usual.p_value > limit => RowVerdict::Noise,
        Some(usual) if seen < usual.inquiries.value => RowVerdict::Worse,
        Some(_) => RowVerdict::Better,
    }
}

//! Changes of counts, rates and amounts against a base, each with how unlikely it is without any real change.

use statrs::function::erf::erfc;

use super::difference::newcombe;
use super::predictive::{MIN_PERIODS, PRIOR_NOISE, Prediction, Sample};
use super::scorecard::Rate;
use crate::config::settings::Thresholds;
use crate::model::change::Change;

/// A change that is still to be told from noise: alone, or together with those of the other channels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// The change; `beyond_noise` is not set yet.
    pub change: Change,
    /// One-sided probability of so large a change, or a larger one, in its direction; absent when nothing can be said.
    pub tail: Option<f64>,
}

impl Judged {
    /// Marks the change as beyond noise when its tail is at most `limit`. A change in points whose own interval holds
    /// zero is never marked.
    pub fn settle(self, limit: f64) -> Change {
        let beyond = self.tail.is_some_and(|tail| tail <= limit);
        match self.change {
            Change::Percent { value, .. } => Change::Percent { value, beyond_noise: beyond },
            Change::Points { value, low, high, .. } => {
                Change::Points { value, low, high, beyond_noise: beyond && (low > 0.0 || high < 0.0) }
            }
            worded @ (Change::New | Change::Gone | Change::TooFew | Change::Immature | Change::NoBase) => worded,
        }
    }

    /// A change told in a word.
    pub fn word(change: Change) -> Self {
        Self { change, tail: None }
    }

    fn percent(now: f64, base: f64, tail: Option<f64>) -> Self {
        let value = positive_zero((now - base) / base * 100.0);
        Self { change: Change::Percent { value, beyond_noise: false }, tail: tail.filter(|_| value != 0.0) }
    }
}

/// Change of a count in percent. `prediction` is what the count should have been.
pub fn count(now: Option<f64>, base: Option<f64>, prediction: Option<&Prediction>, limits: &Thresholds) -> Judged {
    let (Some(now), Some(base)) = (now, base) else { return Judged::word(Change::NoBase) };
    if let Some(word) = from_or_to_nothing(now, base, base < f64::from(limits.min_base)) {
        return Judged::word(word);
    }
    let tail = prediction.map(|prediction| if now < base { prediction.at_most(now) } else { prediction.at_least(now) });
    Judged::percent(now, base, tail)
}

/// Change of a rate in percentage points with Newcombe's interval. Too few: the base has less than `min_events` events,
/// or this period neither has them nor would have at the base's rate.
pub fn points(now: &Rate, base: &Rate, prediction: Option<&Prediction>, limits: &Thresholds) -> Judged {
    let (Some(now), Some(base)) = (proportion(now), proportion(base)) else { return Judged::word(Change::NoBase) };
    if base.n == 0.0 {
        return Judged::word(Change::NoBase);
    }
    let enough = f64::from(limits.min_events);
    if now.n == 0.0 || now.k.max(now.n * base.k / base.n) < enough {
        return Judged::word(Change::TooFew);
    }
    if let Some(word) = from_or_to_nothing(now.k, base.k, base.k < enough) {
        return Judged::word(word);
    }
    let difference = newcombe((now.k, now.n), (base.k, base.n));
    let [value, low, high] =
        [difference.value, difference.low, difference.high].map(|share| positive_zero(share * 100.0));
    let tail = |prediction: &Prediction| {
        if value < 0.0 { prediction.at_most(now.k) } else { prediction.at_least(now.k) }
    };
    Judged {
        change: Change::Points { value, low, high, beyond_noise: false },
        tail: prediction.filter(|_| value != 0.0).map(tail),
    }
}

/// What is known of the usual spread of an amount.
#[derive(Debug, Clone, Copy)]
pub struct Spread<'a> {
    /// The amounts of the base periods.
    pub history: &'a [f64],
    /// Events that the amount is made of, and the relative variance that each brings: see [`amount`].
    pub per_event: Option<(f64, f64)>,
}

/// Change of an amount in percent. `too_few` says that the base is made of too few events.
///
/// Amounts are compared as logarithms with a normal prediction: from the mean of at least four base periods with
/// `Var = s²(1 + 1/m)`, else from the base alone with twice the prior. The prior variance is 0.06² and, for amounts made
/// of random events, `c ÷ K` more; `s²` is shrunk to it as the noise of counts is.
pub fn amount(now: Option<f64>, base: Option<f64>, too_few: bool, spread: Spread<'_>) -> Judged {
    let (Some(now), Some(base)) = (now, base) else { return Judged::word(Change::NoBase) };
    if let Some(word) = from_or_to_nothing(now, base, too_few || base < 0.0) {
        return Judged::word(word);
    }
    let tail = (now > 0.0).then(|| amount_tail(now, base, spread));
    Judged::percent(now, base, tail)
}

fn amount_tail(now: f64, base: f64, spread: Spread<'_>) -> f64 {
    let by_events = spread.per_event.map_or(0.0, |(events, variance)| variance / events.max(1.0));
    let prior = PRIOR_NOISE * PRIOR_NOISE + by_events;
    let logs: Vec<f64> = spread.history.iter().filter(|amount| **amount > 0.0).map(|amount| amount.ln()).collect();
    let m = logs.len() as f64;
    let (centre, variance) = if logs.len() >= MIN_PERIODS {
        let mean = logs.iter().sum::<f64>() / m;
        let squares: f64 = logs.iter().map(|log| (log - mean).powi(2)).sum();
        let seen = squares / (m - 1.0);
        (mean, (m * seen + 8.0 * prior) / (m + 8.0) * (1.0 + 1.0 / m))
    } else {
        (base.ln(), 2.0 * prior)
    };
    let z = (now.ln() - centre) / variance.sqrt();
    let outwards = if now < base { -z } else { z };
    0.5 * erfc(outwards / std::f64::consts::SQRT_2)
}

/// The words for a change from nothing, to nothing, or from too little; `None` when it can be stated as a number.
fn from_or_to_nothing(now: f64, base: f64, too_few: bool) -> Option<Change> {
    match (base == 0.0, now == 0.0) {
        (true, false) => Some(Change::New),
        (true, true) => Some(Change::TooFew),
        _ if too_few => Some(Change::TooFew),
        (false, true) => Some(Change::Gone),
        (false, false) => None,
    }
}

/// The counts of a rate when both are known and it is a proportion.
fn proportion(rate: &Rate) -> Option<Sample> {
    let (k, n) = (rate.k?, rate.n?);
    (k <= n).then_some(Sample { k, n })
}

fn positive_zero(value: f64) -> f64 {
    value + 0.0
}

//! Changes of counts, rates and amounts against a base, each with how unlikely it is without any real change.

use statrs::function::erf::erfc;

use super::difference::newcombe;
use super::predictive::{MIN_PERIODS, PRIOR_NOISE, Prediction, Sample};
use super::values::Rate;
use crate::config::rules::Thresholds;
use crate::model::change::Change;

/// Weight of the prior variance of amounts, in periods: the same as that of counts.
const PRIOR_PERIODS: f64 = 8.0;

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
            Change::Percent { value, .. } => Change::Percent {
                value,
                beyond_noise: beyond,
            },
            Change::Points {
                value, low, high, ..
            } => Change::Points {
                value,
                low,
                high,
                beyond_noise: beyond && (low > 0.0 || high < 0.0),
            },
            worded @ (Change::New
            | Change::Gone
            | Change::TooFew
            | Change::Immature
            | Change::NoBase) => worded,
        }
    }

    /// A change told in a word.
    pub fn word(change: Change) -> Self {
        Self { change, tail: None }
    }

    fn percent(now: f64, base: f64, tail: Option<f64>) -> Self {
        let value = positive_zero((now - base) / base * 100.0);
        // Without a change there is no direction, and so no tail on its side.
        let tail = tail.filter(|_| value != 0.0);
        Self {
            change: Change::Percent {
                value,
                beyond_noise: false,
            },
            tail,
        }
    }
}

/// Change of a count in percent. `prediction` is what the count should have been.
pub fn count(
    now: Option<f64>,
    base: Option<f64>,
    prediction: Option<&Prediction>,
    limits: &Thresholds,
) -> Judged {
    let (Some(now), Some(base)) = (now, base) else {
        return Judged::word(Change::NoBase);
    };
    let too_few = base < f64::from(limits.min_base);
    if let Some(word) = from_or_to_nothing(now, base, too_few) {
        return Judged::word(word);
    }
    let tail = prediction.map(|prediction| tail_along(prediction, now, now - base));
    Judged::percent(now, base, tail)
}

/// Probability of a count as far out as the one seen, or farther, on the side of a change. Not on the side of the
/// expectation: a recovery from a bad week is no rise beyond noise.
fn tail_along(prediction: &Prediction, seen: f64, change: f64) -> f64 {
    if change < 0.0 {
        prediction.at_most(seen)
    } else {
        prediction.at_least(seen)
    }
}

/// Change of a rate in percentage points with Newcombe's interval. Too few: the base has less than `min_events` events,
/// or this period neither has them nor would have at the base's rate.
pub fn points(
    now: &Rate,
    base: &Rate,
    prediction: Option<&Prediction>,
    limits: &Thresholds,
) -> Judged {
    let (Some(now), Some(base)) = (proportion(now), proportion(base)) else {
        return Judged::word(Change::NoBase);
    };
    if base.n == 0.0 {
        return Judged::word(Change::NoBase);
    }
    let enough = f64::from(limits.min_events);
    // None of many is worth telling: what counts is how many there would have been at the base's rate.
    let seen_or_due = now.k.max(now.n * base.k / base.n);
    if now.n == 0.0 || seen_or_due < enough {
        return Judged::word(Change::TooFew);
    }
    if let Some(word) = from_or_to_nothing(now.k, base.k, base.k < enough) {
        return Judged::word(word);
    }
    let difference = newcombe((now.k, now.n), (base.k, base.n));
    let [value, low, high] = [difference.value, difference.low, difference.high]
        .map(|share| positive_zero(share * 100.0));
    let tail = prediction
        .filter(|_| value != 0.0)
        .map(|prediction| tail_along(prediction, now.k, value));
    Judged {
        change: Change::Points {
            value,
            low,
            high,
            beyond_noise: false,
        },
        tail,
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
    let (Some(now), Some(base)) = (now, base) else {
        return Judged::word(Change::NoBase);
    };
    if let Some(word) = from_or_to_nothing(now, base, too_few || base < 0.0) {
        return Judged::word(word);
    }
    let tail = (now > 0.0).then(|| amount_tail(now, base, spread));
    Judged::percent(now, base, tail)
}

fn amount_tail(now: f64, base: f64, spread: Spread<'_>) -> f64 {
    let usual = usual_logarithm(base, spread);
    let z = (now.ln() - usual.mean) / usual.variance.sqrt();
    let outwards = if now < base { -z } else { z };
    0.5 * erfc(outwards / std::f64::consts::SQRT_2)
}

/// The normal law that the logarithm of an amount should follow.
struct UsualLogarithm {
    mean: f64,
    variance: f64,
}

fn usual_logarithm(base: f64, spread: Spread<'_>) -> UsualLogarithm {
    let by_events = match spread.per_event {
        Some((events, variance)) => variance / events.max(1.0),
        None => 0.0,
    };
    let prior = PRIOR_NOISE * PRIOR_NOISE + by_events;
    let logs: Vec<f64> = spread
        .history
        .iter()
        .filter(|amount| **amount > 0.0)
        .map(|amount| amount.ln())
        .collect();
    if logs.len() < MIN_PERIODS {
        // Both periods carry noise of their own.
        return UsualLogarithm {
            mean: base.ln(),
            variance: 2.0 * prior,
        };
    }
    let m = logs.len() as f64;
    let mean = logs.iter().sum::<f64>() / m;
    let squares: f64 = logs.iter().map(|log| (log - mean).powi(2)).sum();
    let seen = squares / (m - 1.0);
    let shrunk = (m * seen + PRIOR_PERIODS * prior) / (m + PRIOR_PERIODS);
    UsualLogarithm {
        mean,
        variance: shrunk * (1.0 + 1.0 / m),
    }
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

/// Nobody wants to read "−0": adding zero turns it into 0 and changes nothing else.
fn positive_zero(value: f64) -> f64 {
    value + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Thresholds = Thresholds {
        min_events: 10,
        min_base: 20,
        alpha: 0.01,
        channels_fdr: 0.05,
        base_periods: 8,
        max_reject_share: 0.05,
    };

    fn rate(k: f64, n: f64) -> Rate {
        Rate::new(Some(k), Some(n), LIMITS.min_events, None)
    }

    #[test]
    fn a_count_is_told_in_percent_or_in_a_word() {
        let change = |now, base| count(now, base, None, &LIMITS).settle(0.01);
        assert_eq!(
            change(Some(75.0), Some(100.0)),
            Change::Percent {
                value: -25.0,
                beyond_noise: false
            }
        );
        assert_eq!(change(Some(5.0), Some(0.0)), Change::New);
        assert_eq!(change(Some(0.0), Some(40.0)), Change::Gone);
        assert_eq!(change(Some(0.0), Some(0.0)), Change::TooFew);
        assert_eq!(change(Some(30.0), Some(19.0)), Change::TooFew);
        assert_eq!(change(None, Some(40.0)), Change::NoBase);
        assert_eq!(change(Some(40.0), None), Change::NoBase);
    }

    #[test]
    fn no_change_is_a_positive_zero() {
        let same = count(Some(40.0), Some(40.0), None, &LIMITS)
            .settle(0.01)
            .value()
            .expect("a number");
        assert!(same == 0.0 && same.is_sign_positive());
    }

    #[test]
    fn a_count_is_beyond_noise_only_in_the_direction_it_moved() {
        let past = [Sample {
            k: 100.0,
            n: 10_000.0,
        }; 8];
        let usual = Prediction::of_rate(&past, 10_000.0).expect("a prediction");
        let up_from_a_low = count(Some(60.0), Some(40.0), Some(&usual), &LIMITS);
        assert!(usual.p_value(60.0) < 0.001, "far below the usual hundred …");
        assert!(
            !up_from_a_low.settle(0.01).is_beyond_noise(),
            "… but no rise beyond noise"
        );
        assert!(
            count(Some(60.0), Some(95.0), Some(&usual), &LIMITS)
                .settle(0.01)
                .is_beyond_noise()
        );
    }

    #[test]
    fn a_rate_is_told_in_points_from_the_smallest_base_on() {
        let change = |now, base| points(&now, &base, None, &LIMITS).settle(0.01);
        let Change::Points {
            value,
            low,
            high,
            beyond_noise,
        } = change(rate(62.0, 4100.0), rate(95.0, 4020.0))
        else {
            panic!("enough for a number")
        };
        assert!((value - (62.0 / 4100.0 - 95.0 / 4020.0) * 100.0).abs() < 1e-12);
        assert!(
            low < value && value < high && !beyond_noise,
            "nothing to judge by"
        );
        assert_eq!(
            change(rate(30.0, 1000.0), rate(9.0, 1000.0)),
            Change::TooFew
        );
        assert_eq!(
            change(rate(1.0, 100.0), rate(30.0, 1000.0)),
            Change::TooFew,
            "three were to be expected"
        );
        assert!(
            change(rate(3.0, 1000.0), rate(30.0, 1000.0))
                .value()
                .is_some(),
            "thirty were to be expected"
        );
        assert_eq!(change(rate(0.0, 1000.0), rate(30.0, 1000.0)), Change::Gone);
        assert_eq!(change(rate(30.0, 1000.0), rate(0.0, 1000.0)), Change::New);
        assert_eq!(change(rate(30.0, 1000.0), rate(0.0, 0.0)), Change::NoBase);
        assert_eq!(
            change(rate(30.0, 10.0), rate(30.0, 1000.0)),
            Change::NoBase,
            "no proportion"
        );
    }

    #[test]
    fn points_whose_interval_holds_zero_are_never_beyond_noise() {
        let usual = Prediction::of_rate(
            &[Sample {
                k: 100.0,
                n: 3000.0,
            }; 8],
            3000.0,
        )
        .expect("a prediction");
        let second_bad_week = points(
            &rate(58.0, 3000.0),
            &rate(60.0, 3000.0),
            Some(&usual),
            &LIMITS,
        );
        assert!(second_bad_week.tail.is_some_and(|tail| tail < 0.001));
        assert!(!second_bad_week.settle(0.01).is_beyond_noise());
    }

    // Computed with scipy 1.17: norm.sf(log(1.3)/sqrt(2*.06**2)) and, for eight equal weeks, the variance 0.0018·9/8.
    #[test]
    fn an_amount_is_judged_by_its_logarithm() {
        let none = Spread {
            history: &[],
            per_event: None,
        };
        let tail = |change: Judged| change.tail.expect("a number");
        assert!(
            (tail(amount(Some(130.0), Some(100.0), false, none)) - AMOUNT_ONE_BASE).abs() < 1e-9
        );
        let steady = Spread {
            history: &[100.0; 8],
            per_event: None,
        };
        assert!(
            (tail(amount(Some(110.0), Some(100.0), false, steady)) - AMOUNT_STEADY).abs() < 1e-9
        );
        assert_eq!(
            amount(Some(110.0), Some(-5.0), false, steady).change,
            Change::TooFew
        );
        assert_eq!(
            amount(Some(110.0), Some(100.0), true, steady).change,
            Change::TooFew
        );
    }

    const AMOUNT_ONE_BASE: f64 = 0.000994089331156476;
    const AMOUNT_STEADY: f64 = 0.01708736464650167;
}

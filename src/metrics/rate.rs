//! A rate with its Wilson interval, and when there is too little of it to be stated.

use super::values::Rate;

/// More than this is needed of nobody: at so low a rate "about N" says nothing.
const MOST_NEEDED: f64 = 1e15;

/// "About N" is rounded up to two digits, that is to less than a hundred steps.
const STEPS_OF_TWO_DIGITS: u64 = 100;

/// Half an event is added to this period's own count before a rate is made of it, and one to its opportunities: none
/// seen does not mean a rate of zero.
const HALF_EVENT: f64 = 0.5;

/// The two-sided 95 % quantile of the normal distribution.
pub const Z: f64 = 1.959_963_984_540_054;

/// The Wilson score interval of `k` events out of `n`, both as shares: Wilson, JASA 22 (1927) 209–212.
///
/// Centre `(k + z²/2) ÷ (n + z²)`, half-width `z ÷ (n + z²) · √(k(n − k)/n + z²/4)`; `k` may be a fraction.
/// Expects `0 ≤ k ≤ n` and `n > 0`.
pub fn wilson(k: f64, n: f64) -> (f64, f64) {
    let z2 = Z * Z;
    let centre = (k + z2 / 2.0) / (n + z2);
    let half = Z / (n + z2) * (k * (n - k) / n + z2 / 4.0).sqrt();
    let share = k / n;
    (
        (centre - half).clamp(0.0, share),
        (centre + half).clamp(share, 1.0),
    )
}

impl Rate {
    /// `k ÷ n` with its interval. Below `min_events` events there is no value but `needed`: about how many of `n` give
    /// that many events at the `usual` rate. Where `k` exceeds `n` (inquiries of a channel that has no sessions of its
    /// own) the two are no proportion, and only the counts are given.
    pub fn new(k: Option<f64>, n: Option<f64>, min_events: u32, usual: Option<f64>) -> Self {
        let counts = Self {
            value: None,
            low: None,
            high: None,
            k,
            n,
            needed: None,
        };
        let (Some(events), Some(of)) = (k, n) else {
            return counts;
        };
        let is_no_proportion = events > of;
        if is_no_proportion || of == 0.0 {
            return counts;
        }
        let (low, high) = wilson(events, of);
        let with_interval = Self {
            low: Some(low),
            high: Some(high),
            ..counts
        };
        if events >= f64::from(min_events) {
            Self {
                value: Some(events / of),
                ..with_interval
            }
        } else {
            Self {
                needed: needed(events, of, min_events, usual),
                ..with_interval
            }
        }
    }

    /// A share that is stated whenever there are `min_events` of the whole, however few of the part: a match rate.
    pub fn share(part: Option<f64>, whole: Option<f64>, min_events: u32) -> Self {
        // None of many is a share worth stating, so the part needs no smallest number.
        let rate = Self::new(part, whole, 0, None);
        let short = whole.is_some_and(|whole| whole < f64::from(min_events));
        Self {
            value: rate.value.filter(|_| !short),
            needed: (short && min_events > 0).then(|| min_events.into()),
            ..rate
        }
    }

    /// Everything out of itself: the first stage of a funnel.
    pub fn whole(n: Option<f64>) -> Self {
        let one = n.filter(|n| *n > 0.0).map(|_| 1.0);
        Self {
            value: one,
            low: one,
            high: one,
            k: n,
            n,
            needed: None,
        }
    }

    /// The same counts and interval with the value withheld.
    pub fn withheld(self) -> Self {
        Self {
            value: None,
            ..self
        }
    }
}

/// About how many of `n` make `min_events` events, rounded up to two digits. When the usual rate says that there are
/// enough already, this period's own rate is used.
fn needed(k: f64, n: f64, min_events: u32, usual: Option<f64>) -> Option<u64> {
    let needed_at = |rate: f64| f64::from(min_events) / rate;
    let own_rate = (k + HALF_EVENT) / (n + 1.0);
    let at_usual = usual
        .filter(|rate| *rate > 0.0)
        .map(needed_at)
        .filter(|needed| *needed > n);
    let needed = at_usual.unwrap_or_else(|| needed_at(own_rate));
    (needed < MOST_NEEDED).then(|| up_to_two_digits(needed))
}

fn up_to_two_digits(exact: f64) -> u64 {
    let number = exact.ceil() as u64;
    let mut step = 1;
    while number.div_ceil(step) >= STEPS_OF_TWO_DIGITS {
        step *= 10;
    }
    number.div_ceil(step) * step
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: f64, right: f64) {
        assert!((left - right).abs() < 1e-12, "{left} is not {right}");
    }

    // Computed with statsmodels 0.15 proportion_confint(k, n, method="wilson").
    #[test]
    fn wilson_agrees_with_an_independent_implementation() {
        for (k, n, low, high) in WILSON {
            let interval = wilson(*k, *n);
            close(interval.0, *low);
            close(interval.1, *high);
        }
    }

    const WILSON: &[(f64, f64, f64, f64)] = &[
        (0.0, 20.0, 0.0, 0.1611251580528194),
        (1.0, 10.0, 0.017876213095072924, 0.40415002679523854),
        (34.0, 1000.0, 0.024431348663226313, 0.04713519024531107),
        (95.0, 8120.0, 0.009580758193721247, 0.01428005442839427),
        (10.0, 10.0, 0.7224672001371106, 1.0),
        (12.5, 400.0, 0.018163189637906172, 0.053254586300496815),
    ];

    #[test]
    fn none_of_many_keeps_its_upper_bound() {
        let rate = Rate::new(Some(0.0), Some(20.0), 10, None);
        assert_eq!((rate.value, rate.low), (None, Some(0.0)));
        close(rate.high.expect("an upper bound"), Z * Z / (20.0 + Z * Z));
    }

    #[test]
    fn too_few_says_about_how_many_are_needed() {
        let few = |k, n, usual| Rate::new(Some(k), Some(n), 10, usual).needed;
        assert_eq!(few(3.0, 100.0, Some(0.03)), Some(340), "10 ÷ 0.03 = 333.3");
        assert_eq!(
            few(5.0, 1000.0, Some(0.03)),
            Some(1900),
            "the usual rate would say 334: 10 × 1001 ÷ 5.5 = 1820"
        );
        assert_eq!(few(0.0, 20.0, None), Some(420), "10 × 21 ÷ 0.5");
        assert_eq!(
            few(0.0, 0.0, Some(0.03)),
            None,
            "a channel without sessions has no rate to wait for"
        );
        assert_eq!(few(10.0, 100.0, Some(0.03)), None);
    }

    #[test]
    fn more_events_than_opportunities_are_no_rate() {
        let rate = Rate::new(Some(40.0), Some(3.0), 10, None);
        assert_eq!(
            (rate.value, rate.low, rate.high, rate.k, rate.n),
            (None, None, None, Some(40.0), Some(3.0))
        );
    }

    #[test]
    fn a_missing_source_makes_no_zero() {
        let rate = Rate::new(None, Some(500.0), 10, Some(0.03));
        assert_eq!(
            (rate.value, rate.low, rate.k, rate.needed),
            (None, None, None, None)
        );
    }
}

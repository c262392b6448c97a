//! Means of amounts and counts with their intervals.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::model::money::Minor;

/// Half of what lies outside a 95 % interval is above it.
const UPPER: f64 = 0.975;

/// A mean with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Mean<T> {
    /// Sum ÷ n; absent where the sum is unknown, or `n` is below the stated minimum.
    pub value: Option<T>,
    /// Lower end of the interval; absent with the value.
    pub low: Option<T>,
    /// Upper end.
    pub high: Option<T>,
    /// How many it is the mean of.
    pub n: u64,
}

/// The mean of a sample and its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sampled {
    pub(super) mean: f64,
    pub(super) error: f64,
    pub(super) n: u64,
}

impl Sampled {
    /// Of nothing there is no mean; of one value the error is taken as the value itself, as of an exponential distribution.
    pub(super) fn of(values: &[f64]) -> Option<Self> {
        let n = values.len() as f64;
        if values.is_empty() {
            return None;
        }
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let error = match values.len() {
            1 => mean.abs(),
            _ => (squares / (n - 1.0) / n).sqrt(),
        };
        Some(Self {
            mean,
            error,
            n: values.len() as u64,
        })
    }

    /// The mean with the interval of Student (Biometrika 6 (1908) 1–25), from `min_events` values on.
    pub(super) fn stated(self, min_events: u32) -> Mean<f64> {
        if self.n < u64::from(min_events.max(1)) {
            return Mean::unknown(self.n);
        }
        let half = self.error * quantile(self.n);
        Mean {
            value: Some(self.mean),
            low: Some(self.mean - half),
            high: Some(self.mean + half),
            n: self.n,
        }
    }
}

/// Student's quantile for the mean of `n` values.
fn quantile(n: u64) -> f64 {
    let freedom = n.saturating_sub(1).max(1) as f64;
    let student = StudentsT::new(0.0, 1.0, freedom).expect("the freedom is positive and finite");
    student.inverse_cdf(UPPER)
}

impl<T> Mean<T> {
    /// No mean of so many.
    pub(super) fn unknown(n: u64) -> Self {
        Self {
            value: None,
            low: None,
            high: None,
            n,
        }
    }
}

/// The mean of counts.
pub(super) fn of_counts(values: &[f64], min_events: u32) -> Mean<f64> {
    match Sampled::of(values) {
        Some(sampled) => sampled.stated(min_events),
        None => Mean::unknown(0),
    }
}

/// The mean of amounts, rounded to minor units. The value itself is the exact sum over the number.
pub(super) fn of_amounts(values: &[Minor], min_events: u32) -> Mean<Minor> {
    let exact: Vec<f64> = values.iter().map(|amount| amount.0 as f64).collect();
    let mean = of_counts(&exact, min_events);
    let rounded = |value: f64| Minor(value.round() as i64);
    Mean {
        value: mean.value.map(rounded),
        low: mean.low.map(rounded),
        high: mean.high.map(rounded),
        n: mean.n,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // scipy 1.14: stats.t.interval(0.95, 4, loc=3, scale=stats.sem([1, 2, 3, 4, 5])).
    #[test]
    fn the_interval_of_a_mean_agrees_with_an_independent_implementation() {
        let mean = of_counts(&[1.0, 2.0, 3.0, 4.0, 5.0], 1);
        let (low, high) = (mean.low.expect("low"), mean.high.expect("high"));
        assert_eq!(mean.value, Some(3.0));
        assert!((low - 1.036_756_838_522_439).abs() < 1e-8, "{low}");
        assert!((high - 4.963_243_161_477_561).abs() < 1e-8, "{high}");
    }

    #[test]
    fn equal_values_have_no_spread_and_too_few_have_no_mean() {
        let same = of_amounts(&[Minor(200_000); 12], 10);
        assert_eq!(
            (same.value, same.low, same.high),
            (
                Some(Minor(200_000)),
                Some(Minor(200_000)),
                Some(Minor(200_000))
            )
        );
        let few = of_amounts(&[Minor(200_000); 9], 10);
        assert_eq!((few.value, few.n), (None, 9));
        assert_eq!(of_amounts(&[], 10), Mean::unknown(0));
    }

    #[test]
    fn one_value_says_little() {
        let one = of_counts(&[100.0], 1);
        assert!(one.low.is_some_and(|low| low < 0.0));
    }
}

//! What a count should have been, learnt from the periods before, and how unusual it is.
//!
//! Week-to-week noise is larger than that of a coin: plain two-proportion tests raise false alarms on 15 % of quiet
//! weeks at 600 inquiries a week. The predictive distribution below holds its 1 % within a factor of two.

mod noise;

use noise::HALF_EVENT;

use super::distribution::Distribution;

pub use noise::{
    PRIOR_NOISE, noise_of_counts, noise_of_rates, overdispersion, overdispersion_of_part, pooled,
};

/// The fewest periods that a usual range is learnt from: the spread of three tells hardly anything.
pub const MIN_PERIODS: usize = 4;

/// Above this rate events are drawn from a bounded number of opportunities: beta-binomial instead of negative binomial.
/// Below it the bound hardly matters.
const HIGH_RATE: f64 = 0.1;

/// Power at which the detectable change is stated: four falls of that size in five are found, as is usual for tests.
const POWER: f64 = 0.8;

/// How often the detectable change is halved: to a billionth, far below what anybody reads.
const HALVINGS: u32 = 30;

/// A count that has fallen to nothing is still given a distribution, of a mean next to zero.
const LEAST_MEAN: f64 = 1e-9;

/// `k` events out of `n` opportunities in one past period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Events; may be a fraction.
    pub k: f64,
    /// Opportunities.
    pub n: f64,
}

/// The predictive distribution of one count.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// Expected events.
    pub expected: f64,
    /// How many periods it was learnt from.
    pub periods: u32,
    /// Relative variance of the expectation and of the period's own level: `1/K + τ²`.
    pub dispersion: f64,
    /// Opportunities of a bounded count.
    trials: Option<f64>,
    distribution: Distribution,
}

impl Prediction {
    /// Predicts events out of `n` opportunities. `None` when nothing can be learnt: no opportunities before or now, or
    /// more events than opportunities.
    ///
    /// With `K` events of `N` over `m` past periods: `p̂ = (K + ½)/(N + 1)`, `E = n·p̂`, `Var = E + E²(1/K + τ²)`.
    pub fn of_rate(history: &[Sample], n: f64) -> Option<Self> {
        let p = pooled(history).filter(|p| *p < 1.0)?;
        let pairs = history.iter().map(|past| (past.k, past.n * p));
        let tau2 = overdispersion(pairs, 1.0 - p);
        Self::with_dispersion(history, n, tau2)
    }

    /// Predicts events from a single base period: both periods carry noise of their own, `Var = E + E²(1/K + 2τ²)`.
    pub fn of_one_base(base: Sample, n: f64, tau2: f64) -> Option<Self> {
        pooled(&[base]).filter(|p| *p < 1.0)?;
        Self::with_dispersion(&[base], n, 2.0 * tau2)
    }

    /// Predicts a count from that of a single base period, `Var = E + E²(1/E + 2τ²)`.
    pub fn of_one_count(base: f64, tau2: f64) -> Option<Self> {
        let dispersion = 1.0 / base.max(HALF_EVENT) + 2.0 * tau2;
        (base > 0.0).then(|| Self::new(base, dispersion, None, 1))
    }

    /// A prediction whose expectation and relative variance are known already; of a count without bound, or out of so
    /// many opportunities.
    pub fn of_expected(
        expected: f64,
        dispersion: f64,
        periods: u32,
        trials: Option<f64>,
    ) -> Option<Self> {
        let bound = trials.filter(|trials| expected / trials > HIGH_RATE);
        let is_possible = expected > 0.0 && trials.is_none_or(|trials| expected < trials);
        is_possible.then(|| Self::new(expected, dispersion, bound, periods as usize))
    }

    /// Probability of `k` or fewer.
    pub fn at_most(&self, k: f64) -> f64 {
        self.distribution.at_most(k)
    }

    /// Probability of `k` or more.
    pub fn at_least(&self, k: f64) -> f64 {
        self.distribution.at_least(k)
    }

    /// One-sided tail probability of `k`, on the side of the expectation that it fell to.
    pub fn p_value(&self, k: f64) -> f64 {
        if k <= self.expected {
            self.at_most(k)
        } else {
            self.at_least(k)
        }
    }

    /// The usual range: the whole counts that a one-sided test at `alpha` finds unremarkable on either side, widened to
    /// hold the expectation. So a count outside of it is beyond noise, and one inside is not.
    pub fn range(&self, alpha: f64) -> (f64, f64) {
        // A count that reaches `alpha` exactly is remarkable already: the range begins with the next one.
        let lowest = self.distribution.quantile(alpha);
        let low = if self.at_most(lowest) <= alpha {
            lowest + 1.0
        } else {
            lowest
        };
        let high = self.distribution.quantile(1.0 - alpha);
        (low.min(self.expected), high.max(self.expected))
    }

    /// The smallest relative fall, a share, that a test at `alpha` finds with power 0.8; `None` when not even zero would
    /// be significant.
    pub fn detectable(&self, alpha: f64) -> Option<f64> {
        let critical = self.largest_significant(alpha)?;
        // The larger the fall, the surer it is found: the smallest one that is sure enough lies between these two.
        let (mut too_small, mut large_enough) = (0.0, 1.0);
        for _ in 0..HALVINGS {
            let middle = (too_small + large_enough) / 2.0;
            let power = self.fallen(middle).at_most(critical);
            if power >= POWER {
                large_enough = middle;
            } else {
                too_small = middle;
            }
        }
        Some(large_enough)
    }

    /// The largest count that is significantly low at `alpha`; `None` when not even zero is.
    fn largest_significant(&self, alpha: f64) -> Option<f64> {
        let quantile = self.distribution.quantile(alpha);
        let critical = if self.at_most(quantile) <= alpha {
            quantile
        } else {
            quantile - 1.0
        };
        (critical >= 0.0).then_some(critical)
    }

    fn with_dispersion(history: &[Sample], n: f64, tau2: f64) -> Option<Self> {
        let p = pooled(history)?;
        let events = sum(history.iter().map(|past| past.k));
        let dispersion = 1.0 / events.max(HALF_EVENT) + tau2;
        let bound = (p > HIGH_RATE).then_some(n);
        (n > 0.0).then(|| Self::new(n * p, dispersion, bound, history.len()))
    }

    fn new(expected: f64, dispersion: f64, trials: Option<f64>, periods: usize) -> Self {
        let distribution = distribution(expected, dispersion, trials);
        Self {
            expected,
            periods: periods as u32,
            dispersion,
            trials,
            distribution,
        }
    }

    /// The distribution after a relative fall, with the same noise.
    fn fallen(&self, fall: f64) -> Distribution {
        let mean = (self.expected * (1.0 - fall)).max(LEAST_MEAN);
        distribution(mean, self.dispersion, self.trials)
    }
}

/// A count of the given mean and relative variance beyond chance. Of a bounded count the rate is beta distributed with
/// the mean `p` and the weight `a = 1 ÷ dispersion` in events.
fn distribution(expected: f64, dispersion: f64, trials: Option<f64>) -> Distribution {
    match trials {
        None => Distribution::negative_binomial(expected, dispersion),
        Some(n) => {
            let a = 1.0 / dispersion;
            let p = expected / n;
            Distribution::beta_binomial(n, a, a * (1.0 - p) / p)
        }
    }
}

/// Adds from a positive zero: the sum of nothing is not −0.
fn sum(of: impl Iterator<Item = f64>) -> f64 {
    of.fold(0.0, |sum, value| sum + value)
}

#[cfg(test)]
mod tests {
    use rand_distr::{Distribution as _, LogNormal, Poisson};
    use rand_pcg::Pcg64Mcg;

    use super::*;

    fn history(of: &[(f64, f64)]) -> Vec<Sample> {
        of.iter().map(|(k, n)| Sample { k: *k, n: *n }).collect()
    }

    fn close(left: f64, right: f64) {
        assert!((left / right - 1.0).abs() < 1e-6, "{left} is not {right}");
    }

    // Computed with scipy 1.17 nbinom from the formulas above.
    #[test]
    fn a_week_is_judged_by_the_eight_before_it() {
        let weeks = history(&[
            (95.0, 3200.0),
            (88.0, 3050.0),
            (102.0, 3300.0),
            (110.0, 3400.0),
            (79.0, 2900.0),
            (93.0, 3100.0),
            (99.0, 3250.0),
            (90.0, 3000.0),
        ]);
        let week = Prediction::of_rate(&weeks, 3150.0).expect("a prediction");
        close(week.expected, 94.558_747_668_743_31);
        close(week.dispersion, 0.003_122_751_322_751_322_6);
        close(week.p_value(70.0), 0.011_410_477_180_153_43);
        close(week.p_value(125.0), 0.005_038_004_044_389_715);
        assert_eq!(week.range(0.025), (74.0, 117.0));
        close(
            week.detectable(0.01).expect("a fall that can be found"),
            0.341_002_718_283_384_35,
        );
    }

    // Computed with scipy 1.17 betabinom: above a rate of 10 % the count is bounded by its opportunities.
    #[test]
    fn a_cohort_is_judged_by_a_bounded_count() {
        let weeks = history(&[
            (20.0, 98.0),
            (16.0, 90.0),
            (25.0, 110.0),
            (18.0, 95.0),
            (22.0, 101.0),
            (19.0, 97.0),
            (30.0, 120.0),
            (14.0, 88.0),
        ]);
        let cohort = Prediction::of_rate(&weeks, 100.0).expect("a prediction");
        close(cohort.expected, 20.5625);
        close(cohort.p_value(9.0), 0.002_822_458_458_505_709);
        close(cohort.p_value(32.0), 0.008_506_377_892_697_925);
        assert_eq!(cohort.range(0.025), (12.0, 29.0));
        close(
            cohort.detectable(0.01).expect("a fall that can be found"),
            0.602_330_045_834_719_4,
        );
    }

    // The table of detectable falls at 1 %, power 0.8, weekly noise 6 %, eight base weeks; computed with scipy 1.17.
    #[test]
    fn the_detectable_fall_shrinks_as_counts_grow() {
        let table = [
            (5.0, 0.955),
            (10.0, 0.847),
            (20.0, 0.639),
            (80.0, 0.376),
            (400.0, 0.233),
            (1000.0, 0.202),
        ];
        for (expected, fall) in table {
            let week = Prediction::new(
                expected,
                1.0 / (8.0 * expected) + PRIOR_NOISE.powi(2),
                None,
                8,
            );
            let found = week.detectable(0.01).expect("a fall that can be found");
            assert!(
                (found - fall).abs() < 1e-3,
                "{expected}: {found} is not {fall}"
            );
        }
        let three = Prediction::new(3.0, 1.0 / 24.0 + PRIOR_NOISE.powi(2), None, 8);
        assert_eq!(
            three.detectable(0.01),
            None,
            "of three, not even none is significant"
        );
    }

    #[test]
    fn nothing_is_predicted_from_nothing() {
        assert_eq!(Prediction::of_rate(&[], 100.0), None);
        assert_eq!(Prediction::of_rate(&history(&[(3.0, 0.0)]), 100.0), None);
        assert_eq!(Prediction::of_rate(&history(&[(30.0, 10.0)]), 100.0), None);
    }

    /// Quiet weeks of about 90 inquiries with 8 % weekly noise, and the same weeks after a fall of 30 %.
    #[test]
    fn the_test_keeps_its_promised_rate_of_false_alarms() {
        let mut random = Pcg64Mcg::new(20_261_116);
        let noise = LogNormal::new(0.0, 0.08).expect("a distribution");
        let mut week = |level: f64| {
            let mean = 90.0 * level * noise.sample(&mut random);
            Sample {
                k: Poisson::new(mean)
                    .expect("a distribution")
                    .sample(&mut random),
                n: 3000.0,
            }
        };
        let (mut false_alarms, mut found) = (0, 0);
        let weeks = 3000;
        for _ in 0..weeks {
            let base: Vec<Sample> = (0..8).map(|_| week(1.0)).collect();
            let prediction = Prediction::of_rate(&base, 3000.0).expect("a prediction");
            false_alarms += u32::from(prediction.at_most(week(1.0).k) <= 0.01);
            found += u32::from(prediction.at_most(week(0.7).k) <= 0.01);
        }
        assert!(
            (9..=72).contains(&false_alarms),
            "{false_alarms} of {weeks} quiet weeks, 30 promised"
        );
        assert!(found > weeks * 45 / 100, "{found} of {weeks} falls found");
    }
}

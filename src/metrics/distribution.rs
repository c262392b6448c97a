//! Distributions of a count yet to be seen: negative binomial and beta-binomial, with tails and quantiles.

use statrs::function::beta::beta_reg;
use statrs::function::gamma::{gamma_lr, gamma_ur};

/// Above this mean a negative binomial is taken as the gamma distribution of the same mean and variance: the two hardly
/// differ there, a test joins them to a thousandth.
const MANY_EVENTS: f64 = 1e5;

/// Up to so many trials a beta-binomial is summed exactly; above, it is the beta distribution of the same variance, which
/// needs no table.
const MANY_TRIALS: f64 = 5_000.0;

/// Taken as a continuous number, a count is the span of half a one on either side.
const HALF_COUNT: f64 = 0.5;

/// Quantiles are looked for up to here: the search must end even where a distribution never reaches `q`.
const LARGEST_QUANTILE: f64 = 1e18;

/// The distribution of a count; `k` may be a fraction (multi-touch credit).
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution(Shape);

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    NegativeBinomial {
        r: f64,
        mean: f64,
    },
    Gamma {
        shape: f64,
        mean: f64,
    },
    /// Cumulative probabilities of 0, 1, 2, … trials, and the same from above.
    Table {
        below: Vec<f64>,
        above: Vec<f64>,
    },
    Beta {
        a: f64,
        b: f64,
        trials: f64,
    },
}

impl Distribution {
    /// Negative binomial of the given mean and relative variance beyond Poisson: `Var = mean + mean² · dispersion`.
    pub fn negative_binomial(mean: f64, dispersion: f64) -> Self {
        if mean > MANY_EVENTS {
            let relative_variance = 1.0 / mean + dispersion;
            return Self(Shape::Gamma {
                shape: 1.0 / relative_variance,
                mean,
            });
        }
        let r = 1.0 / dispersion;
        Self(Shape::NegativeBinomial { r, mean })
    }

    /// Beta-binomial: so many trials (rounded to whole ones) of a probability that itself is `Beta(a, b)`.
    pub fn beta_binomial(trials: f64, a: f64, b: f64) -> Self {
        let trials = trials.round();
        if trials > MANY_TRIALS {
            let (share, sum) = (a / (a + b), a + b);
            // The `a + b` of a beta distribution with the variance of the beta-binomial's share.
            let size = trials * (sum + 1.0) / (sum + trials) - 1.0;
            return Self(Shape::Beta {
                a: share * size,
                b: (1.0 - share) * size,
                trials,
            });
        }
        Self(table(trials as usize, a, b))
    }

    /// Probability of `k` or fewer.
    pub fn at_most(&self, k: f64) -> f64 {
        if k < 0.0 {
            return 0.0;
        }
        let p = match &self.0 {
            Shape::NegativeBinomial { r, mean } => beta_reg(*r, k + 1.0, r / (r + mean)),
            Shape::Gamma { shape, mean } => gamma_lr(*shape, shape * (k + HALF_COUNT) / mean),
            Shape::Table { below, .. } => between(below, k, 1.0),
            Shape::Beta { a, b, trials } => beta_reg(*a, *b, ((k + HALF_COUNT) / trials).min(1.0)),
        };
        probability(p)
    }

    /// Probability of `k` or more.
    pub fn at_least(&self, k: f64) -> f64 {
        if k <= 0.0 {
            return 1.0;
        }
        let p = match &self.0 {
            Shape::NegativeBinomial { r, mean } => beta_reg(k, *r, mean / (r + mean)),
            Shape::Gamma { shape, mean } => gamma_ur(
                *shape,
                shape * (k - HALF_COUNT).max(f64::MIN_POSITIVE) / mean,
            ),
            Shape::Table { above, .. } => between(above, k, 0.0),
            Shape::Beta { a, b, trials } => {
                1.0 - beta_reg(*a, *b, ((k - HALF_COUNT) / trials).clamp(0.0, 1.0))
            }
        };
        probability(p)
    }

    /// The smallest whole count that has at least probability `q` at or below it.
    pub fn quantile(&self, q: f64) -> f64 {
        if self.at_most(0.0) >= q {
            return 0.0;
        }
        // Doubled until it is too high, then halved: few steps even where counts are in millions.
        let mut high = 1.0;
        while self.at_most(high) < q && high < LARGEST_QUANTILE {
            high *= 2.0;
        }
        let mut low = high / 2.0;
        while high - low > 1.0 {
            let middle = ((low + high) / 2.0).floor();
            // Beyond 2⁵³ whole numbers have gaps, and the middle may be an end.
            if middle <= low || middle >= high {
                break;
            }
            if self.at_most(middle) >= q {
                high = middle;
            } else {
                low = middle;
            }
        }
        high
    }
}

/// Probabilities of 0 … `trials`, by the ratio of neighbours from the mode outwards: nothing under- or overflows.
fn table(trials: usize, a: f64, b: f64) -> Shape {
    let n = trials as f64;
    let ratio_to_next = |k: f64| (n - k) / (k + 1.0) * (a + k) / (b + n - k - 1.0);
    let mode = ((n * a / (a + b)).floor() as usize).min(trials);
    let mut weights = vec![0.0_f64; trials + 1];
    weights[mode] = 1.0;
    for k in mode..trials {
        weights[k + 1] = weights[k] * ratio_to_next(k as f64);
    }
    for k in (0..mode).rev() {
        weights[k] = weights[k + 1] / ratio_to_next(k as f64);
    }
    let sum: f64 = weights.iter().sum();
    // Each tail is summed from its own end: one less the other would lose a small tail's digits.
    let below = running_shares(weights.iter(), sum);
    let mut above = running_shares(weights.iter().rev(), sum);
    above.reverse();
    Shape::Table { below, above }
}

/// The sums of the first weight, the first two, … as shares of all.
fn running_shares<'a>(weights: impl Iterator<Item = &'a f64>, sum: f64) -> Vec<f64> {
    let mut so_far = 0.0;
    let mut shares = Vec::new();
    for weight in weights {
        so_far += weight / sum;
        shares.push(so_far);
    }
    shares
}

/// Reads a table at a fraction by the straight line between its neighbours.
fn between(table: &[f64], k: f64, beyond: f64) -> f64 {
    let at = |index: usize| table.get(index).copied().unwrap_or(beyond);
    let floor = k.floor() as usize;
    at(floor) + k.fract() * (at(floor.saturating_add(1)) - at(floor))
}

/// Rounding may lead out of 0 to 1; what cannot be computed is taken as no surprise.
fn probability(p: f64) -> f64 {
    if p.is_nan() { 1.0 } else { p.clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: f64, right: f64) {
        assert!((left / right - 1.0).abs() < 1e-8, "{left} is not {right}");
    }

    // Computed with scipy 1.17: nbinom(r, r/(r+mean)).cdf(k), .sf(k-1), .ppf(.025), .ppf(.975).
    #[test]
    fn the_negative_binomial_agrees_with_an_independent_implementation() {
        for [mean, dispersion, k, below, above, low, high] in NEGATIVE {
            let counts = Distribution::negative_binomial(*mean, *dispersion);
            close(counts.at_most(*k), *below);
            close(counts.at_least(*k), *above);
            assert_eq!(
                (counts.quantile(0.025), counts.quantile(0.975)),
                (*low, *high)
            );
        }
    }

    const NEGATIVE: &[[f64; 7]] = &[
        [4.0, 0.03, 0.0, 0.022877009068026408, 1.0, 1.0, 9.0],
        [
            18.3,
            0.012,
            9.0,
            0.021052717781169364,
            0.9894935158128796,
            10.0,
            28.0,
        ],
        [
            90.0,
            0.005,
            60.0,
            0.0028008445976975245,
            0.9979741245020927,
            69.0,
            113.0,
        ],
        [
            600.0,
            0.004,
            720.0,
            0.9946204387900971,
            0.005695350484854889,
            514.0,
            691.0,
        ],
        [
            2400.0,
            0.0025,
            2100.0,
            0.008432370078735851,
            0.9917580878916868,
            2152.0,
            2660.0,
        ],
    ];

    // Computed with scipy 1.17: betabinom(n, a, b).cdf(k), .sf(k-1), .ppf(.025), .ppf(.975).
    #[test]
    fn the_beta_binomial_agrees_with_an_independent_implementation() {
        for [trials, a, b, k, below, above, low, high] in BETA {
            let counts = Distribution::beta_binomial(*trials, *a, *b);
            close(counts.at_most(*k), *below);
            close(counts.at_least(*k), *above);
            assert_eq!(
                (counts.quantile(0.025), counts.quantile(0.975)),
                (*low, *high)
            );
        }
    }

    const BETA: &[[f64; 8]] = &[
        [
            20.0,
            4.0,
            9.0,
            2.0,
            0.12228534350336359,
            0.9469052915938344,
            1.0,
            13.0,
        ],
        [
            400.0,
            80.0,
            320.0,
            60.0,
            0.037049439700479296,
            0.9702606886810097,
            59.0,
            103.0,
        ],
        [
            57.0,
            3.5,
            12.25,
            20.0,
            0.8744165061976362,
            0.15289505040104245,
            2.0,
            27.0,
        ],
        [
            3000.0,
            250.0,
            900.0,
            520.0,
            0.0006864845688541453,
            0.9993722570537009,
            570.0,
            738.0,
        ],
    ];

    #[test]
    fn the_shortcuts_for_huge_counts_join_the_exact_forms() {
        let (below, above) = (
            Distribution::negative_binomial(99_999.0, 0.01),
            Distribution::negative_binomial(100_001.0, 0.01),
        );
        assert!((below.at_most(90_000.0) - above.at_most(90_000.0)).abs() < 1e-3);
        let (exact, beta) = (
            Distribution::beta_binomial(5_000.0, 80.0, 320.0),
            Distribution::beta_binomial(5_001.0, 80.0, 320.0),
        );
        assert!((exact.at_most(900.0) - beta.at_most(900.0)).abs() < 2e-3);
    }

    #[test]
    fn a_fraction_lies_between_its_neighbours() {
        for counts in [
            Distribution::negative_binomial(12.0, 0.02),
            Distribution::beta_binomial(40.0, 12.0, 30.0),
        ] {
            assert!(
                counts.at_most(7.0) < counts.at_most(7.5)
                    && counts.at_most(7.5) < counts.at_most(8.0)
            );
            assert!(
                counts.at_least(7.0) > counts.at_least(7.5)
                    && counts.at_least(7.5) > counts.at_least(8.0)
            );
        }
    }
}

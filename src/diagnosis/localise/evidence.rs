//! How much one segment's count speaks for a change of its own.

use statrs::function::gamma::{gamma_lr, gamma_ur, ln_gamma};

/// Which change is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Less than expected.
    #[default]
    Drop,
    /// More than expected.
    Rise,
}

impl Direction {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Drop => Self::Rise,
            Self::Rise => Self::Drop,
        }
    }
}

/// Poisson log likelihood ratio of the rate `q = A/E` against 1: `A ln(A/E) − (A − E)`.
pub fn log_ratio(observed: f64, expected: f64) -> f64 {
    if observed > 0.0 {
        observed * (observed / expected).ln() - (observed - expected)
    } else {
        expected
    }
}

/// The law of a changed rate: a drop's factor, or the reciprocal of a rise's, is uniform below this.
const LARGEST_FACTOR: f64 = 0.7;
/// Events below which the integral over the factors of a rise does not converge.
const LEAST_RISEN: f64 = 1.01;

/// Logarithm of the Bayes factor of "the rate changed by some factor `q`" against "it did not", for a Poisson count `A`
/// of mean `qE`; both are divided by the dispersion first.
///
/// With `m` = 0.7 and `q` (drop) or `1/q` (rise) uniform on (0, m), in closed form:
/// drop `E − (A+1) ln E + ln Γ(A+1) + ln P(A+1, mE) − ln m`, rise `E − (A−1) ln E + ln Γ(A−1) + ln Q(A−1, E/m) − ln m`,
/// where `P` and `Q` are the regularised incomplete gamma functions.
pub fn log_bayes_factor(
    observed: f64,
    expected: f64,
    dispersion: f64,
    direction: Direction,
) -> f64 {
    let (a, e) = (observed / dispersion, expected / dispersion);
    let limit = LARGEST_FACTOR;
    let value = match direction {
        Direction::Drop => {
            e - (a + 1.0) * e.ln() + ln_gamma(a + 1.0) + gamma_lr(a + 1.0, limit * e).ln()
                - limit.ln()
        }
        Direction::Rise if a > LEAST_RISEN => {
            e - (a - 1.0) * e.ln() + ln_gamma(a - 1.0) + gamma_ur(a - 1.0, e / limit).ln()
                - limit.ln()
        }
        Direction::Rise => f64::NEG_INFINITY,
    };
    if value.is_nan() {
        f64::NEG_INFINITY
    } else {
        value
    }
}

//! How likely a cell's count is: a negative binomial law about its mean, and now and then a wild one.

use statrs::function::gamma::ln_gamma;

/// Relative variances that the cells of one segment may have beside noise, as damage is seldom even: about that of kept
/// parts of 0.8 ± 0.25, 0.5 ± 0.3 and 0.2 ± 0.25.
pub const UNEVEN: [f64; 4] = [0.0, 0.1, 0.4, 1.5];
/// Relative variance of a wild cell: a gamma law so wide that ten times more and ten times less are nearly as likely.
const WILD_VARIANCE: f64 = 10.0;
/// The smallest mean, so that logarithms exist.
const LEAST_MEAN: f64 = 1e-9;

/// Noise of single cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellNoise {
    /// Relative variance of a cell's rate from one period to another (τ²).
    pub variance: f64,
    /// Share of the cells that do as they like.
    pub wild: f64,
}

/// One negative binomial law, seen from one count: all of it that does not depend on the mean.
#[derive(Debug, Clone, Copy)]
struct Law {
    shape: f64,
    constant: f64,
    ln_share: f64,
}

impl Law {
    fn new(count: f64, variance: f64, share: f64) -> Self {
        let shape = 1.0 / variance;
        let constant =
            ln_gamma(count + shape) - ln_gamma(shape) - ln_gamma(count + 1.0) + shape * shape.ln();
        Self {
            shape,
            constant,
            ln_share: share.ln(),
        }
    }

    /// Log density, with the logarithm of the law's share.
    fn at(&self, count: f64, mean: f64, ln_mean: f64) -> f64 {
        self.ln_share + self.constant + count * ln_mean
            - (count + self.shape) * (mean + self.shape).ln()
    }
}

/// The laws of one cell's count, one for each of [`UNEVEN`].
#[derive(Debug, Clone)]
pub struct Density {
    count: f64,
    dispersion: f64,
    usual: [Law; UNEVEN.len()],
    wild: Law,
}

impl Density {
    /// Laws for an observed count whose chance variance is `dispersion` times its mean.
    pub fn new(observed: f64, dispersion: f64, noise: CellNoise) -> Self {
        let count = observed / dispersion;
        let usual = UNEVEN.map(|uneven| Law::new(count, noise.variance + uneven, 1.0 - noise.wild));
        Self {
            count,
            dispersion,
            usual,
            wild: Law::new(count, WILD_VARIANCE + noise.variance, noise.wild),
        }
    }

    /// Log density of the count at a mean, with the unevenness of that number in [`UNEVEN`].
    pub fn ln(&self, mean: f64, uneven: usize) -> f64 {
        let mean = (mean / self.dispersion).max(LEAST_MEAN);
        let ln_mean = mean.ln();
        let usual = self.usual[uneven].at(self.count, mean, ln_mean);
        let wild = self.wild.at(self.count, mean, ln_mean);
        let (more, less) = if usual > wild {
            (usual, wild)
        } else {
            (wild, usual)
        };
        more + (less - more).exp().ln_1p()
    }
}

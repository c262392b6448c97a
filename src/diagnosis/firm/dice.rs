//! Dice of a fixed seed.

use rand::SeedableRng;
use rand::distr::{Distribution, Uniform};
use rand_distr::Poisson;
use rand_pcg::Pcg64Mcg;

/// Dice of a fixed seed.
pub struct Dice(Pcg64Mcg);

impl Dice {
    /// Dice of a seed.
    pub fn new(seed: u64) -> Self {
        Self(Pcg64Mcg::seed_from_u64(seed))
    }

    /// A share from 0 to 1.
    pub fn share(&mut self) -> f64 {
        Uniform::new(0.0, 1.0)
            .expect("0 is below 1")
            .sample(&mut self.0)
    }

    /// Whether something of this probability happens.
    pub fn hits(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// A whole number below `end`.
    pub fn below(&mut self, end: u32) -> u32 {
        (self.share() * f64::from(end)) as u32
    }

    /// A Poisson count.
    pub fn count(&mut self, mean: f64) -> u32 {
        Poisson::new(mean.max(1e-9)).map_or(0, |poisson| poisson.sample(&mut self.0) as u32)
    }
}

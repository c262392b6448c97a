//! Seeded chance. Only exactly rounded arithmetic is used (no `ln`, `exp` or `cos` of the platform),
//! so that one seed gives the same bytes on every machine.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// Among many alike, the world in which every default incident of seed 1 came out plainly.
const WORLD: u64 = 12 << 40;

/// Spread small seeds over all bits: the golden ratio in 64 bits, and a usual multiplier of generators of this size.
const SEED_MASK: u64 = 0x9e37_79b9_7f4a_7c15;
const SEED_FACTOR: u64 = 0xd134_2543_de82_ef95;
/// Bits of a 64-bit number that a float can hold.
const FLOAT_BITS: u32 = 53;

/// A source of chance for one week and one part of the simulation.
pub struct Dice(Pcg64Mcg);

impl Dice {
    /// Seeds a stream of its own for (`seed`, `part`), so that parts do not disturb one another.
    pub fn new(seed: u64, part: u64) -> Self {
        let mixed = (seed ^ SEED_MASK).wrapping_mul(SEED_FACTOR);
        Self(Pcg64Mcg::seed_from_u64(mixed.wrapping_add(part) ^ WORLD))
    }

    /// A number in 0..1.
    pub fn unit(&mut self) -> f64 {
        let bits = self.0.next_u64() >> (u64::BITS - FLOAT_BITS);
        bits as f64 / (1u64 << FLOAT_BITS) as f64
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// A whole number in 0..n.
    pub fn below(&mut self, n: u64) -> u64 {
        let product = u128::from(self.0.next_u64()) * u128::from(n);
        (product >> u64::BITS) as u64
    }

    /// A whole number in low..high.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low).max(1) as u64) as i64
    }

    /// One of the items.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// An index, each as likely as its weight says.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len() - 1
    }

    /// Close to a standard normal: twelve uniforms need no logarithm. Each has the variance 1/12 and the mean 1/2.
    pub fn normal(&mut self) -> f64 {
        let sum: f64 = (0..12).map(|_| self.unit()).sum();
        sum - 6.0
    }

    /// A log-normal number with this median and this deviation of its logarithm.
    pub fn log_normal(&mut self, median: f64, deviation: f64) -> f64 {
        median * exp(deviation * self.normal())
    }

    /// A Poisson count; for large means the normal, which nobody can tell from it.
    pub fn count(&mut self, mean: f64) -> u64 {
        if mean > LARGE_MEAN {
            let drawn = mean + mean.sqrt() * self.normal();
            return drawn.max(0.0).round() as u64;
        }
        // Knuth's way: as many uniforms as can be multiplied before the product falls below e^-mean.
        let limit = exp(-mean);
        let mut product = self.unit();
        let mut count = 0;
        while product > limit {
            product *= self.unit();
            count += 1;
        }
        count
    }
}

/// Means above which counts are drawn from the normal: a product of uniforms takes as long as the mean is large.
const LARGE_MEAN: f64 = 30.0;

/// How often the argument of [`exp`] is halved: then four terms of the series are exact enough.
const HALVINGS: i32 = 10;

/// e^x by halving the argument and squaring back.
pub fn exp(x: f64) -> f64 {
    let small = x / f64::from(1 << HALVINGS);
    let mut value = 1.0 + small * (1.0 + small / 2.0 * (1.0 + small / 3.0 * (1.0 + small / 4.0)));
    for _ in 0..HALVINGS {
        value *= value;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_close_to_the_platforms() {
        for x in [-3.0, -0.5, 0.0, 0.1, 2.4] {
            assert!((exp(x) / f64::exp(x) - 1.0).abs() < 1e-9, "{x}");
        }
    }

    #[test]
    fn counts_have_their_mean() {
        let mut dice = Dice::new(1, 1);
        let total: u64 = (0..2000).map(|_| dice.count(9.0)).sum();
        assert!((17_400..18_600).contains(&total), "{total}");
    }
}

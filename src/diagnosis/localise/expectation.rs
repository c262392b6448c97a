//! What each cell should have brought at the rates of the base, given its opportunities now.

use super::cube::Cube;
use super::cuboids::Cuboid;

/// Sweeps of proportional fitting.
const SWEEPS: usize = 8;
/// Keeps a division from zero.
const LEAST_OPPORTUNITIES: f64 = 1e-300;
/// Events added to both sides of a factor, so that values hardly ever seen keep the common rate.
const PRIOR_EVENTS: f64 = 0.5;

/// The base seen through its rates.
pub struct Expectation {
    /// Events expected of each cell in this period, at an unchanged rate.
    pub expected: Vec<f64>,
    /// Events of the base as fitted, of each cell.
    pub fitted: Vec<f64>,
    /// For each cuboid the relative variance between its segments that the cuboids below it do not explain.
    pub spread: Vec<f64>,
}

/// Fits the base: main effects of each dimension, then for each cuboid of two or more dimensions factors of its
/// segments, shrunk by how much such segments differ at all (gamma-Poisson), then the cells.
pub fn expectation(cube: &Cube, cuboids: &[Cuboid]) -> Expectation {
    let mut base = CellBase::of(cube, cuboids);
    base.fit_main_effects(cuboids);
    let spread = base.fit_deeper(cuboids);
    let n: Vec<f64> = cube.cells.iter().map(|cell| cell.n).collect();
    Expectation {
        expected: products(&base.rates, &n),
        fitted: products(&base.rates, &base.opportunities),
        spread,
    }
}

/// The base on its way to rates.
struct CellBase {
    /// Of each cell.
    opportunities: Vec<f64>,
    /// Events of each cuboid's segments.
    observed: Vec<Vec<f64>>,
    /// Of each cell, as they are fitted so far.
    rates: Vec<f64>,
}

impl CellBase {
    /// One rate for all cells.
    fn of(cube: &Cube, cuboids: &[Cuboid]) -> Self {
        let events: Vec<f64> = cube.cells.iter().map(|cell| cell.base_k).collect();
        let opportunities: Vec<f64> = cube.cells.iter().map(|cell| cell.base_n).collect();
        let all_opportunities = opportunities.iter().sum::<f64>().max(LEAST_OPPORTUNITIES);
        let rate = events.iter().sum::<f64>() / all_opportunities;
        Self {
            observed: cuboids.iter().map(|cuboid| cuboid.sums(&events)).collect(),
            rates: vec![rate; cube.cells.len()],
            opportunities,
        }
    }

    /// Each dimension in turn, until they agree (proportional fitting).
    fn fit_main_effects(&mut self, cuboids: &[Cuboid]) {
        // The cuboids of one dimension come first.
        let is_single = |cuboid: &&Cuboid| cuboid.dimensions.len() == 1;
        for _ in 0..SWEEPS {
            for (at, cuboid) in cuboids.iter().take_while(is_single).enumerate() {
                self.refit(cuboid, at, PRIOR_EVENTS);
            }
        }
    }

    /// What deeper cuboids add, small ones first; how much their segments differ at all.
    fn fit_deeper(&mut self, cuboids: &[Cuboid]) -> Vec<f64> {
        let mut spread = vec![0.0; cuboids.len()];
        for (at, cuboid) in cuboids.iter().enumerate() {
            if cuboid.dimensions.len() == 1 {
                continue;
            }
            let fitted = cuboid.sums(&products(&self.rates, &self.opportunities));
            spread[at] = between(&self.observed[at], &fitted);
            if spread[at] > 0.0 {
                self.refit(cuboid, at, 1.0 / spread[at]);
            }
        }
        spread
    }

    /// Multiplies the rates of each segment by `(observed + prior) / (fitted + prior)`.
    fn refit(&mut self, cuboid: &Cuboid, at: usize, prior: f64) {
        let observed = &self.observed[at];
        let fitted = cuboid.sums(&products(&self.rates, &self.opportunities));
        for (rate, segment) in self.rates.iter_mut().zip(&cuboid.segment_of) {
            let segment = *segment as usize;
            *rate *= (observed[segment] + prior) / (fitted[segment] + prior);
        }
    }
}

fn products(rates: &[f64], counts: &[f64]) -> Vec<f64> {
    rates
        .iter()
        .zip(counts)
        .map(|(rate, count)| rate * count)
        .collect()
}

/// Relative variance of the segments' own factors, by moments: `Σ((k−m)² − m) / Σm²`.
fn between(observed: &[f64], fitted: &[f64]) -> f64 {
    let pairs = || observed.iter().zip(fitted);
    // A Poisson count varies by its mean anyway.
    let excess: f64 = pairs().map(|(k, m)| (k - m) * (k - m) - m).sum();
    let squares: f64 = pairs().map(|(_, m)| m * m).sum();
    if squares > 0.0 {
        (excess / squares).max(0.0)
    } else {
        0.0
    }
}

//! What each cell should have brought at the rates of the base, given its opportunities now.

use super::cube::Cube;
use super::cuboids::Cuboid;

/// Sweeps of proportional fitting.
const SWEEPS: usize = 8;
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
    let base_k: Vec<f64> = cube.cells.iter().map(|cell| cell.base_k).collect();
    let base_n: Vec<f64> = cube.cells.iter().map(|cell| cell.base_n).collect();
    let rate = base_k.iter().sum::<f64>() / base_n.iter().sum::<f64>().max(1e-300);
    let mut rates = vec![rate; cube.cells.len()];
    let observed: Vec<Vec<f64>> = cuboids.iter().map(|cuboid| cuboid.sums(&base_k)).collect();
    for _ in 0..SWEEPS {
        for (cuboid, observed) in cuboids
            .iter()
            .zip(&observed)
            .take_while(|(cuboid, _)| cuboid.dimensions.len() == 1)
        {
            refit(&mut rates, &base_n, cuboid, observed, PRIOR_EVENTS);
        }
    }
    let mut spread = vec![0.0; cuboids.len()];
    for ((cuboid, observed), spread) in cuboids.iter().zip(&observed).zip(&mut spread) {
        if cuboid.dimensions.len() > 1 {
            let fitted = cuboid.sums(&products(&rates, &base_n));
            *spread = between(observed, &fitted);
            if *spread > 0.0 {
                refit(&mut rates, &base_n, cuboid, observed, 1.0 / *spread);
            }
        }
    }
    let n: Vec<f64> = cube.cells.iter().map(|cell| cell.n).collect();
    Expectation {
        expected: products(&rates, &n),
        fitted: products(&rates, &base_n),
        spread,
    }
}

fn products(rates: &[f64], counts: &[f64]) -> Vec<f64> {
    rates
        .iter()
        .zip(counts)
        .map(|(rate, count)| rate * count)
        .collect()
}

/// Multiplies the rates of each segment by `(observed + prior) / (fitted + prior)`.
fn refit(rates: &mut [f64], base_n: &[f64], cuboid: &Cuboid, observed: &[f64], prior: f64) {
    let fitted = cuboid.sums(&products(rates, base_n));
    for (rate, segment) in rates.iter_mut().zip(&cuboid.segment_of) {
        let segment = *segment as usize;
        *rate *= (observed[segment] + prior) / (fitted[segment] + prior);
    }
}

/// Relative variance of the segments' own factors, by moments: `Σ((k−m)² − m) / Σm²`.
fn between(observed: &[f64], fitted: &[f64]) -> f64 {
    let pairs = || observed.iter().zip(fitted);
    let excess: f64 = pairs().map(|(k, m)| (k - m) * (k - m) - m).sum();
    let squares: f64 = pairs().map(|(_, m)| m * m).sum();
    if squares > 0.0 {
        (excess / squares).max(0.0)
    } else {
        0.0
    }
}

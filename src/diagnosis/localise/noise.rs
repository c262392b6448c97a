//! How noisy the period is beside what was found in it.

use super::explain::Explanation;
use super::field::{CELL_NOISE, Field, SegmentId};

/// Expected events from which the logarithm of a count is near enough to normal.
const LEAST_EXPECTED: f64 = 15.0;
/// Segments below which nothing is learnt.
const LEAST_SEGMENTS: usize = 8;
/// Weight of the assumed noise, in segments.
const PRIOR_SEGMENTS: f64 = 10.0;
/// Part of the noise of the smallest segments that is taken for noise of single cells; the rest is shared between cells.
const CELL_PART: f64 = 0.2;
/// Median of the square of a standard normal number.
const MEDIAN_SQUARE: f64 = 0.4549;
/// The largest relative variance that is looked for.
const MOST: f64 = 0.25;

impl Field<'_> {
    /// Learns τ² for segments of one dimension, of two, and so on, from what an explanation leaves over. By the median
    /// square: a few segments that were overlooked do not count as noise.
    pub fn learn(&mut self, explanation: &Explanation) {
        let prior = self.options.overdispersion;
        let mut learnt = prior;
        for depth in 1..self.noise.len() {
            let left = self.left_over(explanation, depth);
            if left.len() >= LEAST_SEGMENTS {
                let count = left.len() as f64;
                learnt = (count * extra_variance(&left) + PRIOR_SEGMENTS * prior) / (count + PRIOR_SEGMENTS);
            }
            self.noise[depth] = learnt;
        }
        self.set_cell_noise(CELL_NOISE.max(CELL_PART * learnt));
    }

    /// For each segment of so many dimensions: the squared log ratio to its expectation, and the variance that counting
    /// and the base leave to it.
    fn left_over(&self, explanation: &Explanation, depth: usize) -> Vec<(f64, f64)> {
        let mut left = Vec::new();
        for (at, cuboid) in self.cuboids.iter().enumerate().filter(|(_, cuboid)| cuboid.dimensions.len() == depth) {
            for (number, expected) in cuboid.sums(&explanation.changed).into_iter().enumerate() {
                let id = SegmentId { cuboid: at, number };
                if expected >= LEAST_EXPECTED {
                    let log = ((self.observed_in(id) + 0.5) / (expected + 0.5)).ln();
                    left.push((log * log, self.chance / expected + self.uncertainty(id)));
                }
            }
        }
        left
    }
}

/// The variance `t` at which half of the squares stay below `0.455·(v + t)`, as those of normal numbers would.
fn extra_variance(left: &[(f64, f64)]) -> f64 {
    let median_ratio = |extra: f64| {
        let mut ratios: Vec<f64> = left.iter().map(|(square, variance)| square / (variance + extra)).collect();
        let middle = ratios.len() / 2;
        *ratios.select_nth_unstable_by(middle, f64::total_cmp).1
    };
    let (mut low, mut high) = (0.0, MOST);
    if median_ratio(low) <= MEDIAN_SQUARE {
        return 0.0;
    }
    for _ in 0..24 {
        let middle = f64::midpoint(low, high);
        if median_ratio(middle) > MEDIAN_SQUARE { low = middle } else { high = middle }
    }
    low
}

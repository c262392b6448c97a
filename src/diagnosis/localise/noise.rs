//! How noisy the period is beside what was found in it.

use super::common::smoothed_log_ratio;
use super::density::{CellNoise, Density};
use super::explain::Explanation;
use super::field::{Field, SegmentId};

/// Expected events from which the logarithm of a count is near enough to normal.
const LEAST_EXPECTED: f64 = 15.0;
/// Segments below which nothing is learnt.
const LEAST_SEGMENTS: usize = 8;
/// Weight of the assumed noise, in segments.
const PRIOR_SEGMENTS: f64 = 10.0;
/// Median of the square of a standard normal number.
const MEDIAN_SQUARE: f64 = 0.4549;
/// The largest relative variance that is looked for.
const LARGEST_NOISE: f64 = 0.25;
/// The same for single cells.
const MOST_OF_A_CELL: f64 = 1.0;
/// Relative variance of a cell's noise that is assumed, with the weight of [`PRIOR_SEGMENTS`] cells.
const PRIOR_VARIANCE: f64 = 0.01;
/// The least: about 5 % of noise are in every count.
const LEAST_VARIANCE: f64 = 0.003;
/// Expected events below which a cell says nothing about noise.
const LEAST_SEEN: f64 = 0.5;
/// Shares of wild cells that are tried. The first is hardly any: with it a cell may count for ten or so in evidence.
const WILD_SHARES: [f64; 4] = [1e-5, 0.003, 0.01, 0.03];
/// Log evidence that each next larger share must bring, so that one damaged cell is not called wild.
const WILDER_COST: f64 = 5.0;
/// Cells below which the wild cannot be told from the damaged.
const LEAST_CELLS: usize = 50;
/// Halvings of the search for a variance: a ten-millionth of its range is left.
const HALVINGS: usize = 24;
/// Noise of single cells before anything is known.
pub const ASSUMED: CellNoise = CellNoise {
    variance: LEAST_VARIANCE,
    wild: WILD_SHARES[0],
};

impl Field<'_> {
    /// Learns τ² for segments of one dimension, of two, and so on, and the noise of single cells, from what an
    /// explanation leaves over. By the median square: a few segments that were overlooked do not count as noise.
    pub fn learn(&mut self, explanation: &Explanation) {
        let prior = self.options.overdispersion;
        let mut learnt = prior;
        for depth in 1..self.noise.len() {
            let left = self.left_over(explanation, depth);
            if left.len() >= LEAST_SEGMENTS {
                let count = left.len() as f64;
                learnt = (count * extra_variance(&left, LARGEST_NOISE) + PRIOR_SEGMENTS * prior)
                    / (count + PRIOR_SEGMENTS);
            }
            self.noise[depth] = learnt;
        }
        self.set_cell_noise(self.cell_noise_beside(explanation));
    }

    /// The noise of cells outside of the segments: τ² by the median square, the share of wild ones by likelihood.
    pub fn cell_noise_beside(&self, explanation: &Explanation) -> CellNoise {
        let is_seen = |cell: &usize| {
            explanation.owner[*cell].is_none() && explanation.changed[*cell] > LEAST_SEEN
        };
        let outside: Vec<usize> = (0..self.expected.len()).filter(is_seen).collect();
        let expected = &explanation.changed;
        let variance = self.variance_of_cells(&outside, expected);
        let wild = if outside.len() < LEAST_CELLS {
            WILD_SHARES[0]
        } else {
            self.share_of_wild(&outside, expected, variance)
        };
        CellNoise { variance, wild }
    }

    /// The likeliest of the shares that are tried, each larger one paid for; of equals the smallest.
    fn share_of_wild(&self, cells: &[usize], expected: &[f64], variance: f64) -> f64 {
        let score = |at: usize| -> f64 {
            let noise = CellNoise {
                variance,
                wild: WILD_SHARES[at],
            };
            let logs = cells.iter().map(|cell| {
                let density = Density::new(self.observed[*cell], self.chance_and_base, noise);
                density.ln(expected[*cell], 0)
            });
            logs.sum::<f64>() - WILDER_COST * at as f64
        };
        let mut best = 0;
        let mut most = score(0);
        for at in 1..WILD_SHARES.len() {
            let next = score(at);
            if next > most {
                (best, most) = (at, next);
            }
        }
        WILD_SHARES[best]
    }

    fn variance_of_cells(&self, cells: &[usize], expected: &[f64]) -> f64 {
        let mut left = Vec::new();
        for cell in cells {
            let expected = expected[*cell];
            if expected >= LEAST_EXPECTED {
                let log = smoothed_log_ratio(self.observed[*cell], expected);
                left.push(LeftOver {
                    square: log * log,
                    variance: self.chance_and_base / expected,
                });
            }
        }
        let count = left.len() as f64;
        let learnt = if left.is_empty() {
            0.0
        } else {
            extra_variance(&left, MOST_OF_A_CELL)
        };
        let shrunk = (count * learnt + PRIOR_SEGMENTS * PRIOR_VARIANCE) / (count + PRIOR_SEGMENTS);
        shrunk.max(LEAST_VARIANCE)
    }

    /// What each segment of so many dimensions leaves over.
    fn left_over(&self, explanation: &Explanation, depth: usize) -> Vec<LeftOver> {
        let mut left = Vec::new();
        for (at, cuboid) in self.cuboids.iter().enumerate() {
            if cuboid.dimensions.len() != depth {
                continue;
            }
            for (number, expected) in cuboid.sums(&explanation.changed).into_iter().enumerate() {
                let id = SegmentId { cuboid: at, number };
                if expected >= LEAST_EXPECTED {
                    let log = smoothed_log_ratio(self.observed_in(id), expected);
                    left.push(LeftOver {
                        square: log * log,
                        variance: self.chance / expected + self.uncertainty(id),
                    });
                }
            }
        }
        left
    }
}

/// How far a count lies from its expectation.
struct LeftOver {
    /// The squared log ratio of the two.
    square: f64,
    /// The variance that counting and the base leave to that ratio.
    variance: f64,
}

/// The variance `t` at which half of the squares stay below `0.455·(v + t)`, as those of normal numbers would.
fn extra_variance(left: &[LeftOver], most: f64) -> f64 {
    let median_ratio = |extra: f64| {
        let ratios = left.iter().map(|one| one.square / (one.variance + extra));
        let mut ratios: Vec<f64> = ratios.collect();
        let middle = ratios.len() / 2;
        let (_, median, _) = ratios.select_nth_unstable_by(middle, f64::total_cmp);
        *median
    };
    if median_ratio(0.0) <= MEDIAN_SQUARE {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, most);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if median_ratio(middle) > MEDIAN_SQUARE {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

//! The factors by which a set of segments changed, fitted to the period.

use super::common::Common;
use super::field::{Field, SegmentId};

/// Rounds in which factors of segments that share cells are fitted to each other.
const ROUNDS: usize = 6;
/// The smallest factor, so that logarithms exist.
const LEAST_FACTOR: f64 = 1e-6;

/// The factors of a set.
pub struct Fit {
    /// For each segment its cells.
    pub cells: Vec<Vec<usize>>,
    /// For each segment its factor.
    pub factors: Vec<f64>,
    /// Events of each cell as the set explains them.
    pub changed: Vec<f64>,
    /// Factor of the cells outside.
    pub common: f64,
    /// Log evidence for that factor against 1, in the cells outside.
    pub common_evidence: f64,
    /// For each cell the last of the segments that it lies in.
    pub owner: Vec<Option<usize>>,
}

/// Fits the factors of a set of segments, all cells weighed by how sure they are.
pub fn fit(field: &Field, segments: &[SegmentId]) -> Fit {
    let cells: Vec<Vec<usize>> = segments.iter().map(|id| field.cells_of(*id)).collect();
    let mut owner = vec![None; field.expected.len()];
    let mut shared = false;
    for (at, cells) in cells.iter().enumerate() {
        for cell in cells {
            shared |= owner[*cell].is_some();
            owner[*cell] = Some(at);
        }
    }
    let Common {
        factor: common,
        evidence,
    } = field.bulk.common(field, &owner);
    let mut changed: Vec<f64> = field
        .expected
        .iter()
        .map(|expected| expected * common)
        .collect();
    let mut factors = vec![1.0; segments.len()];
    for _ in 0..if shared { ROUNDS } else { 1 } {
        for (cells, factor) in cells.iter().zip(&mut factors) {
            let observed: f64 = cells
                .iter()
                .map(|cell| field.weight[*cell] * field.observed[*cell])
                .sum();
            let now: f64 = cells
                .iter()
                .map(|cell| field.weight[*cell] * changed[*cell])
                .sum();
            let fitted = (observed / (now / *factor).max(LEAST_FACTOR)).max(LEAST_FACTOR);
            cells
                .iter()
                .for_each(|cell| changed[*cell] *= fitted / *factor);
            *factor = fitted;
        }
    }
    Fit {
        cells,
        factors,
        changed,
        common,
        common_evidence: evidence,
        owner,
    }
}

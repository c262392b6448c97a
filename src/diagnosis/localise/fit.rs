//! The factors by which a set of segments changed, fitted to the period.

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
    let owners = Owners::of(&cells, field.expected.len());
    // The common factor first: those of the segments are relative to it.
    let common = field.bulk.common(field, &owners.owner);
    let unchanged = field.expected.iter();
    let mut changed: Vec<f64> = unchanged.map(|expected| expected * common.factor).collect();
    let mut factors = vec![1.0; segments.len()];
    // Segments that share no cell do not change each other's factor.
    let rounds = if owners.are_shared { ROUNDS } else { 1 };
    for _ in 0..rounds {
        for (cells, factor) in cells.iter().zip(&mut factors) {
            let fitted = refitted(field, cells, &changed, *factor);
            for cell in cells {
                changed[*cell] *= fitted / *factor;
            }
            *factor = fitted;
        }
    }
    Fit {
        cells,
        factors,
        changed,
        common: common.factor,
        common_evidence: common.evidence,
        owner: owners.owner,
    }
}

/// Which segment each cell belongs to.
struct Owners {
    /// For each cell the last of the segments that it lies in.
    owner: Vec<Option<usize>>,
    /// Whether any cell lies in two of them.
    are_shared: bool,
}

impl Owners {
    fn of(segments: &[Vec<usize>], cells: usize) -> Self {
        let mut owner = vec![None; cells];
        let mut are_shared = false;
        for (at, segment) in segments.iter().enumerate() {
            for cell in segment {
                are_shared |= owner[*cell].is_some();
                owner[*cell] = Some(at);
            }
        }
        Self { owner, are_shared }
    }
}

/// The factor of a segment under which its weighed events are those that were seen, all others left as they are.
fn refitted(field: &Field, cells: &[usize], changed: &[f64], factor: f64) -> f64 {
    let observed = weighed_sum(field, cells, &field.observed);
    let now = weighed_sum(field, cells, changed);
    let unchanged = (now / factor).max(LEAST_FACTOR);
    (observed / unchanged).max(LEAST_FACTOR)
}

/// Counts of some cells, weighed by how sure they are.
fn weighed_sum(field: &Field, cells: &[usize], counts: &[f64]) -> f64 {
    let weighed = cells.iter().map(|cell| field.weight[*cell] * counts[*cell]);
    weighed.sum()
}

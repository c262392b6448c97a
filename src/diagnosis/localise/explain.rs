//! How well a set of segments explains the period.

use super::evidence::{log_bayes_factor, log_ratio};
use super::field::{Field, SegmentId};

/// Expected events below which a segment is not judged.
pub const LEAST_EXPECTED: f64 = 3.0;
/// Scale of the logarithm of the common factor: periods differ by some per cent anyway.
const COMMON_SCALE: f64 = 0.1;
/// Degrees of freedom of its law, Student's: now and then everything changes together.
const COMMON_FREEDOM: f64 = 3.0;
/// Rounds in which factors of segments that share cells are fitted to each other.
const ROUNDS: usize = 6;
/// The smallest factor, so that logarithms exist.
const LEAST_FACTOR: f64 = 1e-6;

/// A set of segments, its fit and its evidence.
#[derive(Debug, Clone)]
pub struct Explanation {
    /// The segments, ascending: those of fewer dimensions first.
    pub segments: Vec<SegmentId>,
    /// Log evidence against "nothing but the usual", costs taken off; minus infinity when a segment has none of its own.
    pub score: f64,
    /// The part of each segment.
    pub parts: Vec<f64>,
    /// For each segment the events expected if it alone had not changed.
    pub expected: Vec<f64>,
    /// Events of each cell as the set explains them.
    pub changed: Vec<f64>,
    /// Factor of everything outside of the segments.
    pub common: f64,
}

/// The factors of a set fitted to the period.
struct Fit {
    cells: Vec<Vec<usize>>,
    factors: Vec<f64>,
    changed: Vec<f64>,
    common: f64,
}

/// Fits a set of segments, ascending, and weighs it.
pub fn explain(field: &Field, segments: Vec<SegmentId>) -> Explanation {
    let fit = fit(field, &segments);
    let mut now: Vec<f64> = field.expected.iter().map(|expected| expected * fit.common).collect();
    let (mut parts, mut expected, mut sound) = (Vec::new(), Vec::new(), true);
    for ((id, cells), factor) in segments.iter().zip(&fit.cells).zip(&fit.factors) {
        let before: f64 = cells.iter().map(|cell| now[*cell]).sum();
        let alone = cells.iter().map(|cell| fit.changed[*cell]).sum::<f64>() / factor;
        let part = part(field, *id, alone, before, *factor);
        sound &= part.is_some();
        parts.push(part.unwrap_or(f64::NEG_INFINITY));
        expected.push(alone);
        cells.iter().for_each(|cell| now[*cell] *= factor);
    }
    let options = field.options;
    let price = match segments.len() {
        0 => 0.0,
        more => options.threshold + options.further * (more - 1) as f64,
    };
    let score = if sound { level(field, fit.common) + parts.iter().sum::<f64>() - price } else { f64::NEG_INFINITY };
    Explanation { segments, score, parts, expected, changed: fit.changed, common: fit.common }
}

/// Evidence for one segment of a set. `alone` is what is expected of it with all others in force, `before` with those
/// that come before it: the log likelihoods of a chain of `before`s add up to that of the set, also when segments share
/// cells. `None` when the segment is not beyond noise by itself.
fn part(field: &Field, id: SegmentId, alone: f64, before: f64, factor: f64) -> Option<f64> {
    let observed = field.observed_in(id);
    if alone < LEAST_EXPECTED {
        return None;
    }
    let direction = field.change(observed, alone)?;
    let cost = field.cost_of(id, direction);
    let own = log_bayes_factor(observed, alone, field.dispersion_of(id, alone), direction);
    if own <= cost {
        return None;
    }
    let gain = if observed > 0.0 { observed * factor.ln() } else { 0.0 } - before * (factor - 1.0);
    let shared = (gain - log_ratio(observed, alone)) / field.dispersion;
    Some(log_bayes_factor(observed, alone, field.dispersion, direction) + shared - cost)
}

/// Log evidence for the common factor against 1.
fn level(field: &Field, common: f64) -> f64 {
    let shift = common.ln();
    let likelihood = field.total_observed * shift - field.total_expected * (common - 1.0);
    let tails = 1.0 + shift * shift / (COMMON_FREEDOM * COMMON_SCALE * COMMON_SCALE);
    likelihood / field.dispersion - f64::midpoint(COMMON_FREEDOM, 1.0) * tails.ln()
}

fn fit(field: &Field, segments: &[SegmentId]) -> Fit {
    let cells: Vec<Vec<usize>> = segments.iter().map(|id| field.cells_of(*id)).collect();
    let mut covered = vec![0_u32; field.expected.len()];
    cells.iter().flatten().for_each(|cell| covered[*cell] += 1);
    let common = common_factor(field, &covered);
    let mut changed: Vec<f64> = field.expected.iter().map(|expected| expected * common).collect();
    let mut factors = vec![1.0; segments.len()];
    let rounds = if covered.iter().any(|times| *times > 1) { ROUNDS } else { 1 };
    for _ in 0..rounds {
        for ((id, cells), factor) in segments.iter().zip(&cells).zip(&mut factors) {
            let alone = cells.iter().map(|cell| changed[*cell]).sum::<f64>() / *factor;
            let ratio = field.observed_in(*id) / alone.max(LEAST_FACTOR);
            let fitted = ratio.max(LEAST_FACTOR);
            cells.iter().for_each(|cell| changed[*cell] *= fitted / *factor);
            *factor = fitted;
        }
    }
    Fit { cells, factors, changed, common }
}

/// Factor of the cells outside of all segments, its logarithm drawn towards 0: the mode under Student's law, by
/// reweighting.
fn common_factor(field: &Field, covered: &[u32]) -> f64 {
    let outside = |counts: &[f64]| -> f64 {
        counts.iter().zip(covered).filter(|(_, times)| **times == 0).map(|(count, _)| count).sum()
    };
    let (observed, expected) = (outside(&field.observed), outside(field.expected));
    if expected <= 0.0 {
        return 1.0;
    }
    let log = ((observed + 0.5) / (expected + 0.5)).ln();
    let noise = field.dispersion / expected;
    let mut shift = log;
    for _ in 0..4 {
        let scale = (COMMON_FREEDOM * COMMON_SCALE * COMMON_SCALE + shift * shift) / (COMMON_FREEDOM + 1.0);
        shift = log * scale / (scale + noise);
    }
    shift.exp()
}

//! How well a set of segments explains the period.

use super::density::UNEVEN;
use super::evidence::{log_bayes_factor, log_ratio};
use super::field::{Field, SegmentId};
use super::fit::{Fit, fit};

/// Expected events below which a segment is not judged.
pub const LEAST_EXPECTED: f64 = 3.0;
/// Cost of damage that is not even: most is nearly so, and a part of a segment that died is the part and not the whole.
const UNEVEN_COST: f64 = 4.0;

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
    /// For each segment the number of its unevenness in [`UNEVEN`].
    pub uneven: Vec<usize>,
    /// Events of each cell as the set explains them.
    pub changed: Vec<f64>,
    /// For each cell the last of the segments that it lies in.
    pub owner: Vec<Option<usize>>,
    /// Factor of everything outside of the segments.
    pub common: f64,
}

/// Fits a set of segments, ascending, and weighs it: the log likelihoods of a chain of segments, each given those before
/// it, add up to that of the set, also when segments share cells.
pub fn explain(field: &Field, segments: Vec<SegmentId>) -> Explanation {
    let fit = fit(field, &segments);
    let uneven: Vec<usize> = (0..segments.len())
        .map(|at| unevenness(field, &fit, at))
        .collect();
    let mut cells: Vec<(f64, usize)> = field
        .expected
        .iter()
        .map(|expected| (expected * fit.common, 0))
        .collect();
    let (mut parts, mut expected) = (Vec::new(), Vec::new());
    for (at, id) in segments.iter().enumerate() {
        let alone = fit.cells[at]
            .iter()
            .map(|cell| fit.changed[*cell])
            .sum::<f64>()
            / fit.factors[at];
        let gain = gain(field, &fit, at, uneven[at], &mut cells);
        parts.push(cost(field, *id, &fit, at, alone).map_or(f64::NEG_INFINITY, |cost| gain - cost));
        expected.push(alone);
    }
    let price = match segments.len() {
        0 => 0.0,
        more => field.options.threshold + field.options.further * (more - 1) as f64,
    };
    let score = level(field, &fit) + parts.iter().sum::<f64>() - price;
    let Fit {
        changed,
        common,
        owner,
        ..
    } = fit;
    Explanation {
        segments,
        score,
        parts,
        expected,
        uneven,
        changed,
        owner,
        common,
    }
}

/// Log evidence for the common factor: in the cells outside, and in those inside before they changed.
fn level(field: &Field, fit: &Fit) -> f64 {
    let inside = fit
        .owner
        .iter()
        .enumerate()
        .filter(|(_, owner)| owner.is_some());
    let gain = |cell: usize| {
        field.densities[cell].ln(field.expected[cell] * fit.common, 0) - field.unchanged[cell]
    };
    fit.common_evidence + inside.map(|(cell, _)| gain(cell)).sum::<f64>()
}

/// Log likelihood that a segment adds to those before it, whose means and unevenness `cells` has.
fn gain(field: &Field, fit: &Fit, at: usize, uneven: usize, cells: &mut [(f64, usize)]) -> f64 {
    let mut gain = -price_of(uneven);
    for cell in &fit.cells[at] {
        let density = &field.densities[*cell];
        let (before, kind) = cells[*cell];
        let now = before * fit.factors[at];
        gain += density.ln(now, uneven) - density.ln(before, kind);
        cells[*cell] = (now, uneven);
    }
    gain
}

fn price_of(uneven: usize) -> f64 {
    if uneven > 0 { UNEVEN_COST } else { 0.0 }
}

/// The unevenness under which the cells that a segment has for itself are likeliest.
fn unevenness(field: &Field, fit: &Fit, at: usize) -> usize {
    let own: Vec<usize> = fit.cells[at]
        .iter()
        .copied()
        .filter(|cell| fit.owner[*cell] == Some(at))
        .collect();
    let likelihood = |uneven: usize| -> f64 {
        let cells = own
            .iter()
            .map(|cell| field.densities[*cell].ln(fit.changed[*cell], uneven));
        cells.sum::<f64>() - price_of(uneven)
    };
    let scored = (0..UNEVEN.len()).map(|uneven| (likelihood(uneven), uneven));
    scored
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map_or(0, |(_, uneven)| uneven)
}

/// What is taken off the likelihood that a segment adds: for its choice among all, and for that of its factor. `None` when
/// the segment is not beyond noise by itself. `alone` is what is expected of it with all others in force.
fn cost(field: &Field, id: SegmentId, fit: &Fit, at: usize, alone: f64) -> Option<f64> {
    let observed = field.observed_in(id);
    if alone < LEAST_EXPECTED {
        return None;
    }
    let direction = field.change(observed, alone)?;
    // What stayed as it was while all else fell did not rise.
    if direction != field.options.direction
        && field.change(observed, alone / fit.common) != Some(direction)
    {
        return None;
    }
    let cost = field.cost_of(id, direction);
    let own = log_bayes_factor(observed, alone, field.dispersion_of(id, alone), direction);
    if own <= cost {
        return None;
    }
    let sum = |counts: &[f64]| -> f64 {
        fit.cells[at]
            .iter()
            .map(|cell| field.weight[*cell] * counts[*cell])
            .sum()
    };
    let (weighed, expected) = (sum(&field.observed), sum(&fit.changed) / fit.factors[at]);
    // What one large cell does is no change of the segment.
    if field.change(weighed, expected) != Some(direction) {
        return None;
    }
    let choice = log_bayes_factor(weighed, expected, 1.0, direction) - log_ratio(weighed, expected);
    Some(cost - choice.min(0.0))
}

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

/// A cell's law as the segments so far leave it.
struct CellLaw {
    mean: f64,
    /// The number of its unevenness in [`UNEVEN`].
    uneven: usize,
}

/// Fits a set of segments, ascending, and weighs it: the log likelihoods of a chain of segments, each given those before
/// it, add up to that of the set, also when segments share cells.
pub fn explain(field: &Field, segments: Vec<SegmentId>) -> Explanation {
    let fit = fit(field, &segments);
    let each = 0..segments.len();
    let uneven: Vec<usize> = each.map(|at| unevenness(field, &fit, at)).collect();
    let unchanged = field.expected.iter().map(|expected| CellLaw {
        mean: expected * fit.common,
        uneven: 0,
    });
    let mut laws: Vec<CellLaw> = unchanged.collect();
    let mut parts = Vec::new();
    let mut expected = Vec::new();
    for (at, id) in segments.iter().enumerate() {
        let changed = fit.cells[at].iter().map(|cell| fit.changed[*cell]);
        // With all others in force, but not its own factor.
        let alone = changed.sum::<f64>() / fit.factors[at];
        let gain = gain(field, &fit, at, uneven[at], &mut laws);
        let cost = cost(field, *id, &fit, at, alone);
        parts.push(cost.map_or(f64::NEG_INFINITY, |cost| gain - cost));
        expected.push(alone);
    }
    let score = level(field, &fit) + parts.iter().sum::<f64>() - price(field, segments.len());
    Explanation {
        segments,
        score,
        parts,
        expected,
        uneven,
        changed: fit.changed,
        owner: fit.owner,
        common: fit.common,
    }
}

/// What naming so many segments costs, whichever they are.
fn price(field: &Field, segments: usize) -> f64 {
    match segments {
        0 => 0.0,
        more => field.options.threshold + field.options.further * (more - 1) as f64,
    }
}

/// Log evidence for the common factor: in the cells outside, and in those inside before they changed.
fn level(field: &Field, fit: &Fit) -> f64 {
    let gain = |cell: usize| {
        let mean = field.expected[cell] * fit.common;
        field.densities[cell].ln(mean, 0) - field.unchanged[cell]
    };
    let inside = (0..fit.owner.len()).filter(|cell| fit.owner[*cell].is_some());
    fit.common_evidence + inside.map(gain).sum::<f64>()
}

/// Log likelihood that a segment adds to those before it, whose means and unevenness `laws` has.
fn gain(field: &Field, fit: &Fit, at: usize, uneven: usize, laws: &mut [CellLaw]) -> f64 {
    let mut gain = -price_of(uneven);
    for cell in &fit.cells[at] {
        let density = &field.densities[*cell];
        let before = &laws[*cell];
        let mean = before.mean * fit.factors[at];
        gain += density.ln(mean, uneven) - density.ln(before.mean, before.uneven);
        laws[*cell] = CellLaw { mean, uneven };
    }
    gain
}

fn price_of(uneven: usize) -> f64 {
    if uneven > 0 { UNEVEN_COST } else { 0.0 }
}

/// The unevenness under which the cells that a segment has for itself are likeliest; of equals the least.
fn unevenness(field: &Field, fit: &Fit, at: usize) -> usize {
    let cells = fit.cells[at].iter().copied();
    let own: Vec<usize> = cells.filter(|cell| fit.owner[*cell] == Some(at)).collect();
    let likelihood = |uneven: usize| -> f64 {
        let logs = own
            .iter()
            .map(|cell| field.densities[*cell].ln(fit.changed[*cell], uneven));
        logs.sum::<f64>() - price_of(uneven)
    };
    let mut best = 0;
    let mut most = likelihood(0);
    for uneven in 1..UNEVEN.len() {
        let next = likelihood(uneven);
        if next > most {
            (best, most) = (uneven, next);
        }
    }
    best
}

/// What is taken off the likelihood that a segment adds: for its choice among all, and for that of its factor. `None` when
/// the segment is not beyond noise by itself. `alone` is what is expected of it with all others in force.
fn cost(field: &Field, id: SegmentId, fit: &Fit, at: usize, alone: f64) -> Option<f64> {
    let observed = field.observed_in(id);
    if alone < LEAST_EXPECTED {
        return None;
    }
    let direction = field.change(observed, alone)?;
    let against_the_base = field.change(observed, alone / fit.common);
    // What stayed as it was while all else fell did not rise.
    if direction != field.options.direction && against_the_base != Some(direction) {
        return None;
    }
    let cost = field.cost_of(id, direction);
    let own = log_bayes_factor(observed, alone, field.dispersion_of(id, alone), direction);
    if own <= cost {
        return None;
    }
    let weighed_sum = |counts: &[f64]| -> f64 {
        let cells = fit.cells[at].iter();
        cells.map(|cell| field.weight[*cell] * counts[*cell]).sum()
    };
    let weighed = weighed_sum(&field.observed);
    let expected = weighed_sum(&fit.changed) / fit.factors[at];
    // What one large cell does is no change of the segment.
    if field.change(weighed, expected) != Some(direction) {
        return None;
    }
    let of_best_factor = log_ratio(weighed, expected);
    let choice = log_bayes_factor(weighed, expected, 1.0, direction) - of_best_factor;
    Some(cost - choice.min(0.0))
}

//! The shortest set: what explains nearly nothing of the loss is left out.

use super::explain::{Explanation, explain};
use super::field::{Field, SegmentId};

/// Part of all that a set explains which may stay unexplained, if noise and not chance is what limits the evidence.
const NEGLIGIBLE: f64 = 0.1;
/// Log evidence that a segment must have beyond its costs if noise is what limits it: the law of the noise is known but
/// roughly, and what it makes a million to one may be one in a hundred.
const ROUGHNESS: f64 = 10.0;

/// Leaves out segments as long as the set without them explains nine tenths of what it did, the smallest first.
///
/// A segment counts in so far as its evidence is limited by noise of the rates: of what is limited by counting, nothing
/// is negligible, as a small segment that stands out from chance is a small damage. Where counts are large everything
/// stands out from chance, and only the noise is known but roughly.
pub fn shortest(field: &Field, best: Explanation) -> Explanation {
    let mut best = sound(field, improved(field, best));
    let losses = (0..best.segments.len()).map(|at| loss(field, &best, at));
    let all: f64 = losses.sum();
    let mut spare = NEGLIGIBLE;
    loop {
        let price = |at: usize| loss(field, &best, at) / all / noisiness(field, best.segments[at]);
        let prices = (0..best.segments.len()).map(|at| (at, price(at)));
        let least = prices.min_by(|(_, one), (_, other)| one.total_cmp(other));
        let Some((at, share)) = least.filter(|(_, share)| *share <= spare) else {
            return best;
        };
        spare -= share;
        best = sound(field, explain(field, without(&best, at)));
    }
}

/// Leaves out segments whose evidence might be noise, the weakest first.
fn sound(field: &Field, mut best: Explanation) -> Explanation {
    loop {
        let left = |at: usize| best.parts[at] - ROUGHNESS * noisiness(field, best.segments[at]);
        let all_left = (0..best.segments.len()).map(|at| (at, left(at)));
        let weakest = all_left.min_by(|(_, one), (_, other)| one.total_cmp(other));
        let Some((at, _)) = weakest.filter(|(_, left)| *left < 0.0) else {
            return best;
        };
        best = explain(field, without(&best, at));
    }
}

/// Leaves out what is worth less than its costs beside the others.
fn improved(field: &Field, mut best: Explanation) -> Explanation {
    loop {
        let shorter = (0..best.segments.len()).map(|at| explain(field, without(&best, at)));
        let next = shorter.reduce(|one, other| if other.score > one.score { other } else { one });
        match next.filter(|next| next.score > best.score) {
            Some(next) => best = next,
            None => return best,
        }
    }
}

fn without(explanation: &Explanation, at: usize) -> Vec<SegmentId> {
    let mut segments = explanation.segments.clone();
    segments.remove(at);
    segments
}

/// Events that are missing (or too many) in a segment beside the others.
fn loss(field: &Field, explanation: &Explanation, at: usize) -> f64 {
    (explanation.expected[at] - field.observed_in(explanation.segments[at])).abs()
}

/// Share of the variance of a segment's weighed count that is noise of its rates and not chance.
fn noisiness(field: &Field, id: SegmentId) -> f64 {
    let (mut noise, mut all) = (0.0, 0.0);
    for cell in field.cells_of(id) {
        let weighed = field.weight[cell] * field.expected[cell];
        noise += weighed * weighed * field.cell_noise.variance;
        all += weighed;
    }
    noise / all
}

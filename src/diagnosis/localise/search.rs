//! The search for the best set of segments: a beam, as the greedy choice of one after the other takes what two segments
//! have in common for the first of them.

use super::evidence::log_ratio;
use super::explain::{Explanation, LEAST_EXPECTED, explain};
use super::field::{Field, SegmentId};

/// Segments that each set is extended by.
const WIDTH: usize = 16;
/// Sets of one size that are followed up.
const BEAM: usize = 6;
/// How far a larger set may fall behind the best one before the search ends.
const PATIENCE: f64 = 4.0;

/// The best set that was found: the empty one when none is worth its costs.
pub fn best(field: &Field) -> Explanation {
    let mut best = explain(field, vec![]);
    let mut beam = vec![best.clone()];
    for size in 1..=field.options.max_segments {
        beam = extended(field, &beam, size == 1);
        let Some(first) = beam.first() else { break };
        if first.score < best.score - PATIENCE {
            break;
        }
        if first.score > best.score {
            best = first.clone();
        }
    }
    best
}

/// The best sets with one segment more.
fn extended(field: &Field, beam: &[Explanation], at_first: bool) -> Vec<Explanation> {
    let mut sets: Vec<Vec<SegmentId>> = Vec::new();
    for explanation in beam {
        let mut found = candidates(field, &explanation.changed);
        if at_first {
            // A large segment may hide in the common factor.
            found.extend(candidates(field, field.expected));
        }
        for id in found.into_iter().filter(|id| !explanation.segments.contains(id)) {
            let mut set = [&explanation.segments[..], &[id]].concat();
            set.sort_unstable();
            sets.push(set);
        }
    }
    sets.sort_unstable();
    sets.dedup();
    let mut next: Vec<Explanation> = sets.into_iter().map(|set| explain(field, set)).collect();
    next.retain(|explanation| explanation.score > f64::NEG_INFINITY);
    next.sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| one.segments.cmp(&other.segments)));
    next.truncate(BEAM);
    next
}

/// A segment that may be added, and what it would be judged by.
struct Candidate {
    id: SegmentId,
    score: f64,
    expected: f64,
}

/// The segments that alone explain most of what an expectation leaves over.
fn candidates(field: &Field, expected: &[f64]) -> Vec<SegmentId> {
    let mut found = Vec::new();
    for (at, cuboid) in field.cuboids.iter().enumerate() {
        for (number, expected) in cuboid.sums(expected).into_iter().enumerate() {
            found.extend(candidate(field, SegmentId { cuboid: at, number }, expected));
        }
    }
    found.sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| one.id.cmp(&other.id)));
    let mut kept: Vec<Candidate> = Vec::new();
    for next in found {
        if kept.len() == WIDTH {
            break;
        }
        // The same cells under a longer name say nothing new.
        let same = |other: &Candidate| {
            field.observed_in(other.id) == field.observed_in(next.id)
                && (other.expected - next.expected).abs() <= 1e-9 * next.expected
        };
        if !kept.iter().any(same) {
            kept.push(next);
        }
    }
    kept.into_iter().map(|candidate| candidate.id).collect()
}

fn candidate(field: &Field, id: SegmentId, expected: f64) -> Option<Candidate> {
    let observed = field.observed_in(id);
    if expected < LEAST_EXPECTED {
        return None;
    }
    let direction = field.change(observed, expected)?;
    let ratio = log_ratio(observed, expected);
    let cost = field.cost_of(id, direction);
    // The ratio at its best factor is never below the evidence by more than the factor's own law can add.
    let may_count = ratio / field.dispersion_of(id, expected) > cost - 1.0;
    may_count.then(|| Candidate { id, score: ratio / field.dispersion - cost, expected })
}

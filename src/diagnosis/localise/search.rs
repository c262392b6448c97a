//! The search for the best set of segments: a beam, as the greedy choice of one after the other takes what two segments
//! have in common for the first of them.

use super::density::UNEVEN;
use super::explain::{Explanation, LEAST_EXPECTED, explain};
use super::field::{Field, SegmentId};

/// Segments that each set is extended by. A judgement.
const WIDTH: usize = 10;
/// Sets of one size that are followed up.
const BEAM: usize = 3;
/// How far a larger set may fall behind the best one before the search ends, nats.
const MOST_BEHIND: f64 = 4.0;
/// Two expectations that differ by less than this share of themselves are the same but for rounding.
const SAME_SHARE: f64 = 1e-9;
/// What a candidate may lack beside its costs, nats: its score is only a guess of what it brings to the
/// set. A judgement.
const LEEWAY: f64 = 1.0;
/// The least part of a weighed count's variance that is taken for chance, so that logarithms exist.
const LEAST_CHANCE: f64 = 1e-6;

/// The best set that was found: the empty one when none is worth its costs.
pub fn best(field: &Field) -> Explanation {
    let mut best = explain(field, vec![]);
    let mut beam = vec![best.clone()];
    for size in 1..=field.options.max_segments {
        beam = extended(field, &beam, size == 1);
        let Some(first) = beam.first() else { break };
        if first.score < best.score - MOST_BEHIND {
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
        let mut found = candidates(field, explanation, &explanation.changed);
        if at_first {
            // A large segment may hide in the common factor.
            found.extend(candidates(field, explanation, field.expected));
        }
        for id in found {
            if !explanation.segments.contains(&id) {
                let mut set = [&explanation.segments[..], &[id]].concat();
                set.sort_unstable();
                sets.push(set);
            }
        }
    }
    // Two sets may be extended to the same one.
    sets.sort_unstable();
    sets.dedup();
    let mut next: Vec<Explanation> = sets.into_iter().map(|set| explain(field, set)).collect();
    next.retain(|explanation| explanation.score > f64::NEG_INFINITY);
    next.sort_by(|one, other| {
        let by_score = other.score.total_cmp(&one.score);
        by_score.then_with(|| one.segments.cmp(&other.segments))
    });
    next.truncate(BEAM);
    next
}

/// A segment that may be added, and what it would be judged by.
struct Addition {
    id: SegmentId,
    score: f64,
    expected: f64,
}

/// Counts of the cells weighed by how sure they are beside an explanation.
struct Weighed {
    observed: Vec<f64>,
    expected: Vec<f64>,
    /// What noise of the rates, and not chance, adds to the variance of the weighed counts.
    noise: Vec<f64>,
}

impl Weighed {
    fn new(field: &Field, explanation: &Explanation, expected: &[f64]) -> Self {
        let mut weighed = Self {
            observed: Vec::with_capacity(expected.len()),
            expected: Vec::with_capacity(expected.len()),
            noise: Vec::with_capacity(expected.len()),
        };
        for (cell, expected) in expected.iter().enumerate() {
            let owner = explanation.owner[cell];
            let uneven = owner.map_or(0.0, |at| UNEVEN[explanation.uneven[at]]);
            let variance = field.cell_noise.variance + uneven;
            let weight = 1.0 / (field.chance_and_base + variance * expected);
            weighed.observed.push(weight * field.observed[cell]);
            weighed.expected.push(weight * expected);
            weighed.noise.push((weight * expected).powi(2) * variance);
        }
        weighed
    }
}

/// The weighed counts of one segment.
struct WeighedSums {
    observed: f64,
    expected: f64,
    noise: f64,
}

/// The segments that alone explain most of what an expectation leaves over.
fn candidates(field: &Field, explanation: &Explanation, expected: &[f64]) -> Vec<SegmentId> {
    let mut found = Vec::new();
    let weighed = Weighed::new(field, explanation, expected);
    for (at, cuboid) in field.cuboids.iter().enumerate() {
        let weighed_observed = cuboid.sums(&weighed.observed);
        let weighed_expected = cuboid.sums(&weighed.expected);
        let noise = cuboid.sums(&weighed.noise);
        for (number, expected) in cuboid.sums(expected).into_iter().enumerate() {
            let id = SegmentId { cuboid: at, number };
            let sums = WeighedSums {
                observed: weighed_observed[number],
                expected: weighed_expected[number],
                noise: noise[number],
            };
            found.extend(candidate(field, id, expected, sums));
        }
    }
    found.sort_by(|one, other| {
        let by_score = other.score.total_cmp(&one.score);
        by_score.then_with(|| one.id.cmp(&other.id))
    });
    best_of_different_cells(field, found)
}

/// The first candidates; the same cells under a longer name say nothing new.
fn best_of_different_cells(field: &Field, found: Vec<Addition>) -> Vec<SegmentId> {
    let mut kept: Vec<Addition> = Vec::new();
    for next in found {
        if kept.len() == WIDTH {
            break;
        }
        let is_same = |other: &Addition| {
            field.observed_in(other.id) == field.observed_in(next.id)
                && (other.expected - next.expected).abs() <= SAME_SHARE * next.expected
        };
        if !kept.iter().any(is_same) {
            kept.push(next);
        }
    }
    kept.into_iter().map(|candidate| candidate.id).collect()
}

fn candidate(
    field: &Field,
    id: SegmentId,
    expected: f64,
    weighed: WeighedSums,
) -> Option<Addition> {
    let observed = field.observed_in(id);
    if expected < LEAST_EXPECTED {
        return None;
    }
    let direction = field.change(observed, expected)?;
    let cost = field.cost_of(id, direction);
    let ratio = noisy_ratio(&weighed);
    (ratio > cost - LEEWAY).then_some(Addition {
        id,
        score: ratio - cost,
        expected,
    })
}

/// Log likelihood ratio of a weighed count under a negative binomial law whose variance is what the cells have together.
fn noisy_ratio(weighed: &WeighedSums) -> f64 {
    let WeighedSums {
        observed,
        expected,
        noise,
    } = *weighed;
    // The weights make the variance equal to the expectation; what is not noise of rates is chance.
    let chance = (1.0 - noise / expected).max(LEAST_CHANCE);
    let (a, e) = (observed / chance, expected / chance);
    let shape = expected * expected / noise.max(LEAST_CHANCE * LEAST_CHANCE);
    let gain = if a > 0.0 { a * (a / e).ln() } else { 0.0 };
    gain - (a + shape) * ((a + shape) / (e + shape)).ln()
}

//! It is real, and nothing that has a place explains it: the first conversion, or the second.

mod first;
mod second;

pub(super) use first::FIRST;
pub(super) use second::SECOND;

use crate::diagnosis::case::Case;

/// What a fall weighs in a week of holidays, nats, at most: then it is the calendar's.
const FESTIVE_CAP: f64 = -1.0;
/// How far the part that fits worst lies from the others by chance, nats, beyond the logarithm of how many there are.
const WORST_BY_CHANCE: f64 = 0.5;
/// Unevenness that tells less than this is chance, nats.
const UNEVEN: f64 = -0.5;

/// The weight of a fall of everything: in a week of holidays all that people do waits for the calendar.
fn unless_festive(case: &Case, fall: f64) -> f64 {
    if case.is_festive() {
        fall.min(FESTIVE_CAP)
    } else {
        fall
    }
}

/// The weight of the part that fits "all fell alike" worst, less what the worst of so many does by chance, nats.
fn worst(weights: Vec<f64>) -> f64 {
    let chance = f64::ln(weights.len().max(1) as f64) + WORST_BY_CHANCE;
    weights.into_iter().fold(0.0, f64::min) + chance
}

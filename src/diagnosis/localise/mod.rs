//! Where a ratio changed: the smallest segments of a cube of counts that explain a period (docs/METHODOLOGY.md,
//! Localisation).
//!
//! A likelihood-ratio scan over all subsets of the dimensions (Kulldorff, Communications in Statistics 26, 1997), with
//! the greedy step replaced by a search for the best *set* of segments: sets are compared by penalised evidence, so that
//! a segment, its parts and its surroundings compete for the same events. Each cell varies by its own noise, in a segment
//! also by uneven damage, and what explains next to nothing of the loss is left out. Expectations are given this period's
//! opportunities: a mix shift alone is no signal.

mod common;
mod cube;
mod cuboids;
mod density;
mod evidence;
mod expectation;
mod explain;
mod field;
mod fit;
mod noise;
mod parsimony;
mod search;

#[cfg(test)]
mod accuracy_tests;
#[cfg(test)]
mod laws_tests;
#[cfg(test)]
mod noise_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod uneven_tests;

use std::collections::BTreeMap;

use self::explain::Explanation;
use self::field::Field;

pub use self::cube::{Cell, Cube};
pub use self::evidence::Direction;

/// What is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanOptions {
    /// Drops or rises.
    pub direction: Direction,
    /// Most dimensions of a segment. Fewer are tried when there would be more than 512 subsets.
    pub max_depth: usize,
    /// Most segments that are named at once.
    pub max_segments: usize,
    /// Relative variance of a segment's own noise from period to period (τ²) that is assumed until the period itself
    /// says otherwise.
    pub overdispersion: f64,
    /// Smallest relative change that is worth naming: 0.2 is a loss of 20 %, or a rise by a factor of 1/0.8. When more than
    /// half of the opportunities become events, it is that of the misses.
    pub min_change: f64,
    /// Log evidence that the first segment must have left when all its costs are paid.
    pub threshold: f64,
    /// The same for each further segment.
    pub further: f64,
}

impl Default for ScanOptions {
    fn default() -> Self {
        Self {
            direction: Direction::Drop,
            max_depth: 6,
            max_segments: 5,
            overdispersion: 0.002,
            min_change: 0.2,
            threshold: 1.5,
            further: 1.5,
        }
    }
}

/// Fewest events that a ratio is taken of.
const LEAST_EVENTS: f64 = 0.5;

/// A combination of values whose ratio changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// Values by dimension; dimensions that are not named may have any.
    pub dimensions: BTreeMap<String, String>,
    /// Events of the period.
    pub observed: f64,
    /// Events expected at the base's rates, given this period's opportunities, the common factor, and the changes of
    /// the other segments that were found.
    pub expected: f64,
    /// Log evidence for the segment, natural units, the costs of choosing it among all others taken off.
    pub score: f64,
}

/// What a scan found.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// The segments, the strongest first; none when nothing is beyond noise.
    pub segments: Vec<Segment>,
    /// By what all that lies outside of them changed together: 0.95 is 5 % less than expected.
    pub common_factor: f64,
}

/// Finds the set of segments that explains the period best.
///
/// Deterministic, and independent of the order of rows, of values, and of how a combination is divided among rows.
pub fn scan(cube: &Cube, options: &ScanOptions) -> Findings {
    let cube = cube.canonical();
    if cube.mostly_events() {
        // Of rates near 1 it is the misses that say how much changed, and their noise that is proportional.
        let options = ScanOptions {
            direction: options.direction.other(),
            ..options.clone()
        };
        let misses = scan_rare(&cube.turned(), &options);
        as_events(&cube, misses)
    } else {
        scan_rare(&cube, options).findings
    }
}

/// A scan with what was expected.
struct Scanned {
    findings: Findings,
    /// Events expected of all cells at the base's rates.
    expected: f64,
}

/// The scan of a cube, canonical, in which the lesser part of the opportunities becomes events.
fn scan_rare(cube: &Cube, options: &ScanOptions) -> Scanned {
    let cuboids = cuboids::cuboids(cube, options.max_depth);
    let expectation = expectation::expectation(cube, &cuboids);
    let mut field = Field::new(cube, &cuboids, &expectation, options);
    let nothing_found = explain::explain(&field, vec![]);
    field.set_cell_noise(field.cell_noise_beside(&nothing_found));
    let first = search::best(&field);
    // The second look knows how noisy the period is beside what the first one found.
    field.learn(&first);
    let best = parsimony::shortest(&field, search::best(&field));
    let wanted = |at: &usize| {
        let observed = field.observed_in(best.segments[*at]);
        field.change(observed, best.expected[*at]) == Some(options.direction)
    };
    let mut segments: Vec<Segment> = (0..best.segments.len())
        .filter(wanted)
        .map(|at| segment(cube, &field, &best, at))
        .collect();
    segments.sort_by(|one, other| {
        let by_score = other.score.total_cmp(&one.score);
        by_score.then_with(|| one.dimensions.cmp(&other.dimensions))
    });
    Scanned {
        findings: Findings {
            segments,
            common_factor: best.common,
        },
        expected: expectation.expected.iter().sum(),
    }
}

/// What was found among misses, told of the cube's events.
fn as_events(cube: &Cube, misses: Scanned) -> Findings {
    let found = misses.findings;
    let opportunities: f64 = cube.cells.iter().map(|cell| cell.n).sum();
    let segment = |segment: Segment| {
        let mut opportunities = 0.0;
        let mut observed = 0.0;
        for cell in cube.inside(&segment.dimensions) {
            opportunities += cell.n;
            observed += cell.k;
        }
        Segment {
            observed,
            expected: f64::max(opportunities - segment.expected, 0.0),
            ..segment
        }
    };
    let events = (opportunities - misses.expected).max(LEAST_EVENTS);
    let misses_now = found.common_factor * misses.expected;
    let common_factor = (opportunities - misses_now).max(LEAST_EVENTS) / events;
    Findings {
        segments: found.segments.into_iter().map(segment).collect(),
        common_factor,
    }
}

/// One segment of an explanation under its names.
fn segment(cube: &Cube, field: &Field, best: &Explanation, at: usize) -> Segment {
    let id = best.segments[at];
    let cuboid = field.cuboid(id);
    let codes = &cube.cells[cuboid.first_cell[id.number] as usize].codes;
    let named = |dimension: &usize| {
        let value = &cube.values[*dimension][codes[*dimension] as usize];
        (cube.dimensions[*dimension].clone(), value.clone())
    };
    Segment {
        dimensions: cuboid.dimensions.iter().map(named).collect(),
        observed: field.observed_in(id),
        expected: best.expected[at],
        score: best.parts[at],
    }
}

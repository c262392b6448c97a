//! Everything about a cube that the search asks again and again.

use super::ScanOptions;
use super::cube::Cube;
use super::cuboids::Cuboid;
use super::evidence::Direction;
use super::expectation::Expectation;

/// Expected events from which a segment could be seen at all: those below are not counted as choices.
const VISIBLE: f64 = 10.0;
/// Cost of each dimension of a segment: half as likely.
const DEPTH_COST: f64 = 0.7;
/// The least of what chance is taken for: rates near 1 are never that certain.
const LEAST_CHANCE: f64 = 0.2;
/// Cost of a segment that moved against the direction that is looked for.
const OTHER_WAY_COST: f64 = 2.0;
/// Relative variance that segments of a cuboid are granted even when the base shows none.
const LEAST_SPREAD: f64 = 0.001;
/// Relative variance of a single cell's own noise that is assumed.
pub const CELL_NOISE: f64 = 0.003;

/// One segment: its cuboid, and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SegmentId {
    /// Position of the cuboid; those of fewer dimensions come first.
    pub cuboid: usize,
    /// Number of the segment in the cuboid.
    pub number: usize,
}

/// A cube prepared for the search.
pub struct Field<'a> {
    /// All subsets of the dimensions.
    pub cuboids: &'a [Cuboid],
    /// What is looked for.
    pub options: &'a ScanOptions,
    /// Events expected of each cell.
    pub expected: &'a [f64],
    /// Events of each cell.
    pub observed: Vec<f64>,
    /// Events of all cells.
    pub total_observed: f64,
    /// Events expected of all cells.
    pub total_expected: f64,
    /// Events of the base.
    pub base_events: f64,
    /// Variance of a count over that of a Poisson count when nothing but chance is at work: 1 − p, as in a binomial.
    pub chance: f64,
    /// Dispersion of cells: variance over that of a Poisson count. One for all, so that sets can be compared.
    pub dispersion: f64,
    /// By number of dimensions: relative variance of a segment's own noise in a period.
    pub noise: Vec<f64>,
    /// By cuboid: what naming one of its segments costs.
    cost: Vec<f64>,
    segment_observed: Vec<Vec<f64>>,
    uncertainty: Vec<Vec<f64>>,
}

impl<'a> Field<'a> {
    /// Prepares a cube whose cells are in canonical order.
    pub fn new(cube: &Cube, cuboids: &'a [Cuboid], expectation: &'a Expectation, options: &'a ScanOptions) -> Self {
        let observed: Vec<f64> = cube.cells.iter().map(|cell| cell.k).collect();
        let depth = cuboids.last().map_or(0, |cuboid| cuboid.dimensions.len());
        let mut field = Self {
            segment_observed: cuboids.iter().map(|cuboid| cuboid.sums(&observed)).collect(),
            uncertainty: uncertainty(cuboids, expectation),
            cost: costs(cuboids, &expectation.expected),
            total_observed: observed.iter().sum(),
            total_expected: expectation.expected.iter().sum(),
            base_events: expectation.fitted.iter().sum(),
            chance: chance(cube, &expectation.expected),
            dispersion: 1.0,
            noise: vec![options.overdispersion; depth + 1],
            expected: &expectation.expected,
            observed,
            cuboids,
            options,
        };
        field.set_cell_noise(CELL_NOISE);
        field
    }

    /// Sets the dispersion of cells from the base's length and the relative variance of a single cell's own noise.
    pub fn set_cell_noise(&mut self, noise: f64) {
        if self.total_expected > 0.0 {
            let squares: f64 = self.expected.iter().map(|expected| expected * expected).sum();
            let history = self.total_expected / self.base_events.max(1.0);
            self.dispersion = self.chance + history + noise * squares / self.total_expected;
        }
    }

    /// The cuboid of a segment.
    pub fn cuboid(&self, id: SegmentId) -> &Cuboid {
        &self.cuboids[id.cuboid]
    }

    /// Events of a segment in the period.
    pub fn observed_in(&self, id: SegmentId) -> f64 {
        self.segment_observed[id.cuboid][id.number]
    }

    /// The cells of a segment.
    pub fn cells_of(&self, id: SegmentId) -> Vec<usize> {
        let numbers = self.cuboid(id).segment_of.iter().enumerate();
        numbers.filter(|(_, number)| **number as usize == id.number).map(|(cell, _)| cell).collect()
    }

    /// The side on which a count is far enough from its expectation to be worth naming.
    pub fn change(&self, observed: f64, expected: f64) -> Option<Direction> {
        let kept = 1.0 - self.options.min_change;
        if observed < expected * kept {
            return Some(Direction::Drop);
        }
        (observed * kept > expected).then_some(Direction::Rise)
    }

    /// What naming a segment costs in evidence; one that moved the other way needs some more, as it will not be shown.
    pub fn cost_of(&self, id: SegmentId, direction: Direction) -> f64 {
        let other_way = if direction == self.options.direction { 0.0 } else { OTHER_WAY_COST };
        self.cost[id.cuboid] + other_way
    }

    /// Relative variance of the expectation of a segment: its rate is only known from the base.
    pub fn uncertainty(&self, id: SegmentId) -> f64 {
        self.uncertainty[id.cuboid][id.number]
    }

    /// Variance of a segment's count over that of a Poisson count: `1 − p + E·(1/K + τ²)`.
    pub fn dispersion_of(&self, id: SegmentId, expected: f64) -> f64 {
        self.chance + expected * (self.uncertainty(id) + self.noise[self.cuboid(id).dimensions.len()])
    }
}

/// `1 − p`, the rates weighted by the events expected at them.
fn chance(cube: &Cube, expected: &[f64]) -> f64 {
    let pairs = || cube.cells.iter().zip(expected).filter(|(cell, _)| cell.n > 0.0);
    let events: f64 = pairs().map(|(_, expected)| expected).sum();
    let rate: f64 = pairs().map(|(cell, expected)| expected * expected / cell.n).sum::<f64>() / events.max(1e-9);
    (1.0 - rate).max(LEAST_CHANCE)
}

/// Relative variance of each segment's expectation: that of the main effects and of what the segment adds to them,
/// never more than its own events alone would leave.
fn uncertainty(cuboids: &[Cuboid], expectation: &Expectation) -> Vec<Vec<f64>> {
    let fitted: Vec<Vec<f64>> = cuboids.iter().map(|cuboid| cuboid.sums(&expectation.fitted)).collect();
    let variance = |events: f64| 1.0 / (events + 0.5);
    let of = |at: usize, segment: usize| {
        let (cuboid, own) = (&cuboids[at], fitted[at][segment]);
        if cuboid.dimensions.len() == 1 {
            return variance(own);
        }
        let cell = cuboid.first_cell[segment] as usize;
        // The cuboids of one dimension come first, in the order of the dimensions.
        let margins = cuboids
            .iter()
            .zip(&fitted)
            .filter(|(margin, _)| margin.dimensions.len() == 1 && cuboid.dimensions.contains(&margin.dimensions[0]));
        let main: f64 = margins.map(|(margin, fitted)| variance(fitted[margin.segment_of[cell] as usize])).sum();
        let spread = expectation.spread[at].max(LEAST_SPREAD);
        (main + 1.0 / (own + 1.0 / spread)).min(variance(own))
    };
    let all = cuboids.iter().enumerate();
    all.map(|(at, cuboid)| (0..cuboid.first_cell.len()).map(|segment| of(at, segment)).collect()).collect()
}

/// What naming a segment of each cuboid costs: the logarithm of how many of its segments could be seen, never less than
/// in a cuboid of fewer dimensions inside it, and [`DEPTH_COST`] for each dimension.
fn costs(cuboids: &[Cuboid], expected: &[f64]) -> Vec<f64> {
    let mut choices: Vec<f64> = Vec::new();
    for (at, cuboid) in cuboids.iter().enumerate() {
        let visible = cuboid.sums(expected).iter().filter(|expected| **expected >= VISIBLE).count();
        let inside = |other: &Cuboid| other.dimensions.iter().all(|dimension| cuboid.dimensions.contains(dimension));
        let inner = cuboids[..at].iter().zip(&choices).filter(|(other, _)| inside(other)).map(|(_, choices)| *choices);
        choices.push(inner.fold((visible.max(1) as f64).ln(), f64::max));
    }
    let depths = cuboids.iter().map(|cuboid| cuboid.dimensions.len() as f64);
    depths.zip(choices).map(|(depth, choices)| choices + DEPTH_COST * depth).collect()
}

//! Everything about a cube that the search asks again and again.

use super::ScanOptions;
use super::common::Bulk;
use super::cube::Cube;
use super::cuboids::Cuboid;
use super::density::{CellNoise, Density};
use super::evidence::Direction;
use super::expectation::Expectation;
use super::noise::ASSUMED;

/// Expected events from which a segment could be seen at all: those below are not counted as choices.
const VISIBLE: f64 = 10.0;
/// Cost of each dimension of a segment: half as likely.
const DEPTH_COST: f64 = 0.7;
/// The least of what chance is taken for: rates near 1 are never that certain.
const LEAST_CHANCE: f64 = 0.2;
/// Cost of a segment that moved against the direction that is looked for.
const OTHER_WAY_COST: f64 = 2.0;
/// The largest relative variance that cells of a segment are taken to share: what is left over beyond it is damage that
/// was not found yet.
const MOST_SHARED: f64 = 0.03;
/// Relative variance that segments of a cuboid are granted even when the base shows none.
const LEAST_SPREAD: f64 = 0.001;
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
    /// Variance of a count over that of a Poisson count when nothing but chance is at work: 1 − p, as in a binomial.
    pub chance: f64,
    /// The same with what the base leaves unknown, for cells.
    pub chance_and_base: f64,
    /// Noise of single cells.
    pub cell_noise: CellNoise,
    /// For each cell `1 / (chance + E·τ²)`: its count times this varies as a Poisson count does.
    pub weight: Vec<f64>,
    /// How likely each cell's count is.
    pub densities: Vec<Density>,
    /// Log density of each cell's count when nothing changed.
    pub unchanged: Vec<f64>,
    /// The cells as the common factor is found from them.
    pub bulk: Bulk,
    /// By number of dimensions: relative variance of a segment's own noise in a period.
    pub noise: Vec<f64>,
    /// By cuboid: what naming one of its segments costs.
    cost: Vec<f64>,
    segment_observed: Vec<Vec<f64>>,
    uncertainty: Vec<Vec<f64>>,
    /// By segment: `ΣE²/(ΣE)²` of its cells, one over how many of equal size they are like.
    concentration: Vec<Vec<f64>>,
}

impl<'a> Field<'a> {
    /// Prepares a cube whose cells are in canonical order.
    pub fn new(
        cube: &Cube,
        cuboids: &'a [Cuboid],
        expectation: &'a Expectation,
        options: &'a ScanOptions,
    ) -> Self {
        let observed: Vec<f64> = cube.cells.iter().map(|cell| cell.k).collect();
        let depth = cuboids.last().map_or(0, |cuboid| cuboid.dimensions.len());
        let chance = chance(cube, &expectation.expected);
        let base_events: f64 = expectation.fitted.iter().sum();
        let total: f64 = expectation.expected.iter().sum();
        let mut field = Self {
            segment_observed: cuboids
                .iter()
                .map(|cuboid| cuboid.sums(&observed))
                .collect(),
            uncertainty: uncertainty(cuboids, expectation),
            concentration: cuboids
                .iter()
                .map(|cuboid| concentration(cuboid, &expectation.expected))
                .collect(),
            cost: costs(cuboids, &expectation.expected),
            unchanged: Vec::new(),
            bulk: Bulk::default(),
            chance,
            chance_and_base: chance + total / base_events.max(1.0),
            cell_noise: ASSUMED,
            weight: Vec::new(),
            densities: Vec::new(),
            noise: vec![options.overdispersion; depth + 1],
            expected: &expectation.expected,
            observed,
            cuboids,
            options,
        };
        field.set_cell_noise(ASSUMED);
        field
    }

    /// Sets what follows from the noise of single cells.
    pub fn set_cell_noise(&mut self, noise: CellNoise) {
        let weight = |expected: &f64| 1.0 / (self.chance_and_base + noise.variance * expected);
        self.weight = self.expected.iter().map(weight).collect();
        let density = |observed: &f64| Density::new(*observed, self.chance_and_base, noise);
        self.densities = self.observed.iter().map(density).collect();
        let pairs = self.densities.iter().zip(self.expected);
        self.unchanged = pairs
            .map(|(density, expected)| density.ln(*expected, 0))
            .collect();
        self.bulk = Bulk::new(
            &self.observed,
            self.expected,
            &self.weight,
            self.chance_and_base,
        );
        self.cell_noise = noise;
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
        numbers
            .filter(|(_, number)| **number as usize == id.number)
            .map(|(cell, _)| cell)
            .collect()
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
        let other_way = if direction == self.options.direction {
            0.0
        } else {
            OTHER_WAY_COST
        };
        self.cost[id.cuboid] + other_way
    }

    /// Relative variance of the expectation of a segment: its rate is only known from the base.
    pub fn uncertainty(&self, id: SegmentId) -> f64 {
        self.uncertainty[id.cuboid][id.number]
    }

    /// Variance of a segment's count over that of a Poisson count: `1 − p + E·(1/K + τ²)`, where `τ²` is the noise of
    /// single cells as it averages out in the segment, or what segments of so many dimensions have in common, if more.
    pub fn dispersion_of(&self, id: SegmentId, expected: f64) -> f64 {
        let shared: f64 = self.noise[self.cuboid(id).dimensions.len()].min(MOST_SHARED);
        let of_cells = self.cell_noise.variance * self.concentration[id.cuboid][id.number];
        self.chance + expected * (self.uncertainty(id) + shared.max(of_cells))
    }
}

/// `1 − p`, the rates weighted by the events expected at them.
fn chance(cube: &Cube, expected: &[f64]) -> f64 {
    let pairs = || {
        cube.cells
            .iter()
            .zip(expected)
            .filter(|(cell, _)| cell.n > 0.0)
    };
    let events: f64 = pairs().map(|(_, expected)| expected).sum();
    let rate: f64 = pairs()
        .map(|(cell, expected)| expected * expected / cell.n)
        .sum::<f64>()
        / events.max(1e-9);
    (1.0 - rate).max(LEAST_CHANCE)
}

/// Relative variance of each segment's expectation: that of the main effects and of what the segment adds to them,
/// never more than its own events alone would leave.
fn uncertainty(cuboids: &[Cuboid], expectation: &Expectation) -> Vec<Vec<f64>> {
    let fitted: Vec<Vec<f64>> = cuboids
        .iter()
        .map(|cuboid| cuboid.sums(&expectation.fitted))
        .collect();
    let variance = |events: f64| 1.0 / (events + 0.5);
    let of = |at: usize, segment: usize| {
        let (cuboid, own) = (&cuboids[at], fitted[at][segment]);
        if cuboid.dimensions.len() == 1 {
            return variance(own);
        }
        let cell = cuboid.first_cell[segment] as usize;
        // The cuboids of one dimension come first, in the order of the dimensions.
        let margins = cuboids.iter().zip(&fitted).filter(|(margin, _)| {
            margin.dimensions.len() == 1 && cuboid.dimensions.contains(&margin.dimensions[0])
        });
        let main: f64 = margins
            .map(|(margin, fitted)| variance(fitted[margin.segment_of[cell] as usize]))
            .sum();
        let spread = expectation.spread[at].max(LEAST_SPREAD);
        (main + 1.0 / (own + 1.0 / spread)).min(variance(own))
    };
    let all = cuboids.iter().enumerate();
    all.map(|(at, cuboid)| {
        (0..cuboid.first_cell.len())
            .map(|segment| of(at, segment))
            .collect()
    })
    .collect()
}

/// For each segment one over the number of equal cells that its cells are like.
fn concentration(cuboid: &Cuboid, expected: &[f64]) -> Vec<f64> {
    let squares: Vec<f64> = expected
        .iter()
        .map(|expected| expected * expected)
        .collect();
    let pairs = cuboid.sums(&squares).into_iter().zip(cuboid.sums(expected));
    pairs
        .map(|(squares, sum)| {
            if sum > 0.0 {
                squares / (sum * sum)
            } else {
                1.0
            }
        })
        .collect()
}

/// What naming a segment of each cuboid costs: the logarithm of how many of its segments could be seen, never less than
/// in a cuboid of fewer dimensions inside it, and [`DEPTH_COST`] for each dimension.
fn costs(cuboids: &[Cuboid], expected: &[f64]) -> Vec<f64> {
    let mut choices: Vec<f64> = Vec::new();
    for (at, cuboid) in cuboids.iter().enumerate() {
        let visible = cuboid
            .sums(expected)
            .iter()
            .filter(|expected| **expected >= VISIBLE)
            .count();
        let inside = |other: &Cuboid| {
            other
                .dimensions
                .iter()
                .all(|dimension| cuboid.dimensions.contains(dimension))
        };
        let inner = cuboids[..at]
            .iter()
            .zip(&choices)
            .filter(|(other, _)| inside(other))
            .map(|(_, choices)| *choices);
        choices.push(inner.fold((visible.max(1) as f64).ln(), f64::max));
    }
    let depths = cuboids.iter().map(|cuboid| cuboid.dimensions.len() as f64);
    depths
        .zip(choices)
        .map(|(depth, choices)| choices + DEPTH_COST * depth)
        .collect()
}

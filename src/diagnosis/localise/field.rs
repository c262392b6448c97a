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
/// Cost of each dimension of a segment, nats: half as likely, near ln 2.
const DEPTH_COST: f64 = 0.7;
/// The least of what chance is taken for: rates near 1 are never that certain.
const LEAST_CHANCE: f64 = 0.2;
/// Cost of a segment that moved against the direction that is looked for, nats. A judgement.
const OTHER_WAY_COST: f64 = 2.0;
/// The largest relative variance that cells of a segment are taken to share: what is left over beyond it is damage that
/// was not found yet.
const MOST_SHARED: f64 = 0.03;
/// Relative variance that segments of a cuboid are granted even when the base shows none.
const LEAST_SPREAD: f64 = 0.001;
/// Half an event more than were counted: a segment that never had any is uncertain, not infinitely so.
const HALF_EVENT: f64 = 0.5;
/// Keeps a division from zero.
const LEAST_EVENTS: f64 = 1e-9;

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
        let expected = &expectation.expected;
        let depth = cuboids.last().map_or(0, |cuboid| cuboid.dimensions.len());
        let chance = chance(cube, expected);
        let base_events: f64 = expectation.fitted.iter().sum();
        let total: f64 = expected.iter().sum();
        let by_cuboid = || cuboids.iter();
        let segment_observed = by_cuboid().map(|cuboid| cuboid.sums(&observed)).collect();
        let concentration = by_cuboid().map(|cuboid| concentration(cuboid, expected));
        let mut field = Self {
            segment_observed,
            uncertainty: uncertainty(cuboids, expectation),
            concentration: concentration.collect(),
            cost: costs(cuboids, expected),
            unchanged: Vec::new(),
            bulk: Bulk::default(),
            chance,
            // What the base leaves unknown of a rate varies as so many events more would.
            chance_and_base: chance + total / base_events.max(1.0),
            cell_noise: ASSUMED,
            weight: Vec::new(),
            densities: Vec::new(),
            noise: vec![options.overdispersion; depth + 1],
            expected,
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
    let mut events = 0.0;
    let mut events_by_rate = 0.0;
    for (cell, expected) in cube.cells.iter().zip(expected) {
        if cell.n > 0.0 {
            events += expected;
            events_by_rate += expected * expected / cell.n;
        }
    }
    let rate = events_by_rate / f64::max(events, LEAST_EVENTS);
    (1.0 - rate).max(LEAST_CHANCE)
}

/// Relative variance of each segment's expectation: that of the main effects and of what the segment adds to them,
/// never more than its own events alone would leave.
fn uncertainty(cuboids: &[Cuboid], expectation: &Expectation) -> Vec<Vec<f64>> {
    let sums = cuboids
        .iter()
        .map(|cuboid| cuboid.sums(&expectation.fitted));
    let fitted: Vec<Vec<f64>> = sums.collect();
    let mut all = Vec::with_capacity(cuboids.len());
    for (at, cuboid) in cuboids.iter().enumerate() {
        let spread = expectation.spread[at].max(LEAST_SPREAD);
        let of_segment = |segment: usize| {
            let own = fitted[at][segment];
            let by_itself = variance_of(own);
            if cuboid.dimensions.len() == 1 {
                return by_itself;
            }
            let cell = cuboid.first_cell[segment] as usize;
            let main = of_main_effects(cuboids, &fitted, cuboid, cell);
            // The factor that the segment adds was shrunk with a weight of `1/spread` events.
            let added = 1.0 / (own + 1.0 / spread);
            (main + added).min(by_itself)
        };
        let segments = 0..cuboid.first_cell.len();
        all.push(segments.map(of_segment).collect());
    }
    all
}

/// Relative variance of a rate by the events that it was learnt from.
fn variance_of(events: f64) -> f64 {
    1.0 / (events + HALF_EVENT)
}

/// The relative variances of the main effects that a cell of a cuboid has, together.
fn of_main_effects(cuboids: &[Cuboid], fitted: &[Vec<f64>], cuboid: &Cuboid, cell: usize) -> f64 {
    // The cuboids of one dimension come first, in the order of the dimensions.
    let margins = cuboids.iter().zip(fitted).filter(|(margin, _)| {
        margin.dimensions.len() == 1 && cuboid.dimensions.contains(&margin.dimensions[0])
    });
    let variances = margins.map(|(margin, fitted)| {
        let segment = margin.segment_of[cell] as usize;
        variance_of(fitted[segment])
    });
    variances.sum()
}

/// For each segment one over the number of equal cells that its cells are like.
fn concentration(cuboid: &Cuboid, expected: &[f64]) -> Vec<f64> {
    let squares: Vec<f64> = expected
        .iter()
        .map(|expected| expected * expected)
        .collect();
    let sums_of_squares = cuboid.sums(&squares);
    let sums = cuboid.sums(expected);
    let like_one_cell = |(squares, sum): (f64, f64)| {
        if sum > 0.0 {
            squares / (sum * sum)
        } else {
            1.0
        }
    };
    let pairs = sums_of_squares.into_iter().zip(sums);
    pairs.map(like_one_cell).collect()
}

/// What naming a segment of each cuboid costs: the logarithm of how many of its segments could be seen, never less than
/// in a cuboid of fewer dimensions inside it, and [`DEPTH_COST`] for each dimension.
fn costs(cuboids: &[Cuboid], expected: &[f64]) -> Vec<f64> {
    let mut choices: Vec<f64> = Vec::new();
    for (at, cuboid) in cuboids.iter().enumerate() {
        let sums = cuboid.sums(expected);
        let visible = sums.iter().filter(|sum| **sum >= VISIBLE).count();
        let mut own = (visible.max(1) as f64).ln();
        // Those of fewer dimensions come first: their choices are known by now.
        for (other, choices_there) in cuboids.iter().zip(&choices).take(at) {
            if is_inside(other, cuboid) {
                own = f64::max(own, *choices_there);
            }
        }
        choices.push(own);
    }
    let cost = |(cuboid, choices): (&Cuboid, f64)| {
        let depth = cuboid.dimensions.len() as f64;
        choices + DEPTH_COST * depth
    };
    cuboids.iter().zip(choices).map(cost).collect()
}

/// Whether all dimensions of a cuboid are among those of another.
fn is_inside(inner: &Cuboid, outer: &Cuboid) -> bool {
    let mut dimensions = inner.dimensions.iter();
    dimensions.all(|dimension| outer.dimensions.contains(dimension))
}

//! What all that lies outside of the segments changed by together.

use super::field::Field;

/// Scale of the logarithm of the common factor: periods differ by some per cent anyway.
const SCALE: f64 = 0.1;
/// Degrees of freedom of its law, Student's: now and then everything changes together.
const FREEDOM: f64 = 3.0;
/// Expected events from which a cell, or several together, can be judged.
const LUMP: f64 = 30.0;
/// Degrees of freedom of the lumps' own law, Student's: some are wild, some belong to a segment not found yet.
const TAILS: f64 = 4.0;
/// How much of the factor is taken from logarithms rather than sums where all variance is noise. Sums are drawn up by a few
/// large ratios, logarithms lie below the mean of skewed noise: in made cubes either alone missed more.
const BY_LOGARITHM: f64 = 0.5;
/// Steps of reweighting.
const ROUNDS: usize = 5;
/// Half an event, so that a count of none has a logarithm.
const HALF_EVENT: f64 = 0.5;

/// The common factor with the log evidence for it against 1.
pub struct Common {
    /// The factor.
    pub factor: f64,
    /// The evidence, less what so large a factor costs.
    pub evidence: f64,
}

/// A large cell, or small ones put together: the log ratio to what is expected, and its precision.
#[derive(Debug, Clone, Copy)]
struct Lump {
    log: f64,
    precision: f64,
    /// Its events, weighed so that as many as its precision were expected.
    events: f64,
    /// Share of its variance that is noise of rates and not chance.
    noisiness: f64,
}

/// A cell that is a lump by itself.
#[derive(Debug, Clone, Copy)]
struct LargeCell {
    cell: usize,
    lump: Lump,
}

/// All cells, large ones in the order of their ratios.
#[derive(Debug, Clone, Default)]
pub struct Bulk {
    large: Vec<LargeCell>,
    small: Vec<usize>,
}

impl Bulk {
    /// Sorts the cells.
    pub fn new(observed: &[f64], expected: &[f64], weight: &[f64], chance: f64) -> Self {
        let cells = 0..expected.len();
        let (large, small): (Vec<usize>, Vec<usize>) =
            cells.partition(|cell| expected[*cell] >= LUMP);
        let lump = |cell: usize| {
            let sum = Sum {
                observed: observed[cell],
                expected: expected[cell],
                precision: weight[cell] * expected[cell],
            };
            LargeCell {
                cell,
                lump: Lump::new(&sum, chance),
            }
        };
        let mut large: Vec<LargeCell> = large.into_iter().map(lump).collect();
        large.sort_by(|one, other| {
            let by_ratio = one.lump.log.total_cmp(&other.lump.log);
            by_ratio.then(one.cell.cmp(&other.cell))
        });
        Self { large, small }
    }

    /// The factor of the cells that no segment owns, its logarithm drawn towards 0: the mode under Student's law.
    pub fn common(&self, field: &Field, owner: &[Option<usize>]) -> Common {
        let lumps = self.outside(field, owner);
        let Some(middle) = middle(&lumps) else {
            return Common {
                factor: 1.0,
                evidence: 0.0,
            };
        };
        let mut shift = middle.log;
        for _ in 0..ROUNDS {
            // The law's variance as it looks at this shift: wider tails pull less.
            let scale = (FREEDOM * SCALE * SCALE + shift * shift) / (FREEDOM + 1.0);
            shift = middle.log * scale / (scale + middle.variance);
        }
        let gains = lumps
            .iter()
            .map(|lump| lump.misfit(0.0) - lump.misfit(shift));
        let likelihood: f64 = gains.sum();
        let tails = 1.0 + shift * shift / (FREEDOM * SCALE * SCALE);
        Common {
            factor: shift.exp(),
            evidence: likelihood - f64::midpoint(FREEDOM, 1.0) * tails.ln(),
        }
    }

    /// The lumps of cells that no segment owns, in the order of their ratios.
    fn outside(&self, field: &Field, owner: &[Option<usize>]) -> Vec<Lump> {
        let is_outside = |cell: usize| owner[cell].is_none();
        let large = self.large.iter().filter(|large| is_outside(large.cell));
        let mut lumps: Vec<Lump> = large.map(|large| large.lump).collect();
        let mut sum = Sum::default();
        for cell in self.small.iter().copied().filter(|cell| is_outside(*cell)) {
            sum.observed += field.observed[cell];
            sum.expected += field.expected[cell];
            sum.precision += field.weight[cell] * field.expected[cell];
            if sum.expected >= LUMP {
                lumps.push(Lump::new(&sum, field.chance_and_base));
                sum = Sum::default();
            }
        }
        // The last one is smaller, and counts by its precision.
        if sum.precision > 0.0 {
            lumps.push(Lump::new(&sum, field.chance_and_base));
        }
        lumps.sort_by(|one, other| one.log.total_cmp(&other.log));
        lumps
    }
}

/// Cells added up.
#[derive(Default)]
struct Sum {
    observed: f64,
    expected: f64,
    precision: f64,
}

impl Lump {
    fn new(sum: &Sum, chance: f64) -> Self {
        let weight = sum.precision / sum.expected;
        Self {
            log: smoothed_log_ratio(sum.observed, sum.expected),
            precision: sum.precision,
            events: sum.observed * weight,
            noisiness: 1.0 - chance * weight,
        }
    }

    /// Standard deviations away from a common logarithm.
    fn distance(&self, log: f64) -> f64 {
        (self.log - log).abs() * self.precision.sqrt()
    }

    /// Half the square near by, and far away hardly more than it was: minus the log density of Student's law.
    fn misfit(&self, log: f64) -> f64 {
        f64::midpoint(TAILS, 1.0) * (self.distance(log).powi(2) / TAILS).ln_1p()
    }
}

/// The logarithm of observed ÷ expected, which exists for none as well.
pub fn smoothed_log_ratio(observed: f64, expected: f64) -> f64 {
    ((observed + HALF_EVENT) / (expected + HALF_EVENT)).ln()
}

/// Where most of the lumps are.
struct Middle {
    log: f64,
    /// Of that logarithm.
    variance: f64,
}

/// The mode from the weighted median on; `None` without lumps.
fn middle(sorted: &[Lump]) -> Option<Middle> {
    let mut log = weighted_median(sorted)?;
    let total: f64 = sorted.iter().map(|lump| lump.precision).sum();
    let mut variance = 1.0 / total;
    for _ in 0..ROUNDS {
        let mut observed = 0.0;
        let mut expected = 0.0;
        let mut logs = 0.0;
        let mut noisy = 0.0;
        for lump in sorted {
            // Less for what lies far away: Student's law as a weight.
            let trust = (TAILS + 1.0) / (TAILS + lump.distance(log).powi(2));
            observed += trust * lump.events;
            expected += trust * lump.precision;
            logs += trust * lump.precision * lump.log;
            noisy += trust * lump.precision * lump.noisiness;
        }
        // Logarithms are bent at small counts, sums are not.
        let of_sums = smoothed_log_ratio(observed, expected);
        let weight = BY_LOGARITHM * noisy / expected;
        log = weight * logs / expected + (1.0 - weight) * of_sums;
        variance = 1.0 / expected;
    }
    Some(Middle { log, variance })
}

/// The logarithm that half of the precision lies up to.
fn weighted_median(sorted: &[Lump]) -> Option<f64> {
    let total: f64 = sorted.iter().map(|lump| lump.precision).sum();
    let mut below = 0.0;
    for lump in sorted {
        below += lump.precision;
        if below >= total / 2.0 {
            return Some(lump.log);
        }
    }
    None
}

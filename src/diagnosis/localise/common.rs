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

/// All cells, large ones in the order of their ratios.
#[derive(Debug, Clone, Default)]
pub struct Bulk {
    large: Vec<(usize, Lump)>,
    small: Vec<usize>,
}

impl Bulk {
    /// Sorts the cells.
    pub fn new(observed: &[f64], expected: &[f64], weight: &[f64], chance: f64) -> Self {
        let (large, small): (Vec<usize>, Vec<usize>) =
            (0..expected.len()).partition(|cell| expected[*cell] >= LUMP);
        let lump = |cell: usize| {
            (
                cell,
                Lump::new(
                    observed[cell],
                    expected[cell],
                    weight[cell] * expected[cell],
                    chance,
                ),
            )
        };
        let mut large: Vec<(usize, Lump)> = large.into_iter().map(lump).collect();
        large.sort_by(|one, other| one.1.log.total_cmp(&other.1.log).then(one.0.cmp(&other.0)));
        Self { large, small }
    }

    /// The factor of the cells that no segment owns, its logarithm drawn towards 0: the mode under Student's law.
    pub fn common(&self, field: &Field, owner: &[Option<usize>]) -> Common {
        let lumps = self.outside(field, owner);
        let Some((log, noise)) = bulk(&lumps) else {
            return Common {
                factor: 1.0,
                evidence: 0.0,
            };
        };
        let mut shift = log;
        for _ in 0..ROUNDS {
            let scale = (FREEDOM * SCALE * SCALE + shift * shift) / (FREEDOM + 1.0);
            shift = log * scale / (scale + noise);
        }
        let likelihood: f64 = lumps
            .iter()
            .map(|lump| lump.misfit(0.0) - lump.misfit(shift))
            .sum();
        let tails = 1.0 + shift * shift / (FREEDOM * SCALE * SCALE);
        Common {
            factor: shift.exp(),
            evidence: likelihood - f64::midpoint(FREEDOM, 1.0) * tails.ln(),
        }
    }

    fn outside(&self, field: &Field, owner: &[Option<usize>]) -> Vec<Lump> {
        let large = self.large.iter().filter(|(cell, _)| owner[*cell].is_none());
        let mut lumps: Vec<Lump> = large.map(|(_, lump)| *lump).collect();
        let (mut observed, mut expected, mut precision) = (0.0, 0.0, 0.0);
        for cell in self.small.iter().filter(|cell| owner[**cell].is_none()) {
            observed += field.observed[*cell];
            expected += field.expected[*cell];
            precision += field.weight[*cell] * field.expected[*cell];
            if expected >= LUMP {
                lumps.push(Lump::new(
                    observed,
                    expected,
                    precision,
                    field.chance_and_base,
                ));
                (observed, expected, precision) = (0.0, 0.0, 0.0);
            }
        }
        if precision > 0.0 {
            lumps.push(Lump::new(
                observed,
                expected,
                precision,
                field.chance_and_base,
            ));
        }
        lumps.sort_by(|one, other| one.log.total_cmp(&other.log));
        lumps
    }
}

impl Lump {
    fn new(observed: f64, expected: f64, precision: f64, chance: f64) -> Self {
        let log = ((observed + 0.5) / (expected + 0.5)).ln();
        let weight = precision / expected;
        Self {
            log,
            precision,
            events: observed * weight,
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

/// Where most of the lumps are, the mode from the weighted median on, with its variance.
fn bulk(sorted: &[Lump]) -> Option<(f64, f64)> {
    let total: f64 = sorted.iter().map(|lump| lump.precision).sum();
    let mut below = 0.0;
    let middle = sorted.iter().find(|lump| {
        below += lump.precision;
        below >= total / 2.0
    });
    let (mut log, mut noise) = (middle?.log, 1.0 / total);
    for _ in 0..ROUNDS {
        let (mut observed, mut expected, mut logs, mut noisy) = (0.0, 0.0, 0.0, 0.0);
        for lump in sorted {
            let trust = (TAILS + 1.0) / (TAILS + lump.distance(log).powi(2));
            observed += trust * lump.events;
            expected += trust * lump.precision;
            logs += trust * lump.precision * lump.log;
            noisy += trust * lump.precision * lump.noisiness;
        }
        // Logarithms are bent at small counts, sums are not.
        let of_sums = ((observed + 0.5) / (expected + 0.5)).ln();
        let weight = BY_LOGARITHM * noisy / expected;
        log = weight * logs / expected + (1.0 - weight) * of_sums;
        noise = 1.0 / expected;
    }
    Some((log, noise))
}

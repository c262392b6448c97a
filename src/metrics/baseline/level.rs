//! The level of the base periods, and how much periods differ from it beyond chance.

use super::{HALF_EVENT, LEARNT, MIN_PERIODS};
use crate::metrics::predictive::PRIOR_NOISE;
use crate::metrics::ranks::{median, variance_of_most};

/// Weight of the prior noise, in periods. A judgement: with half a year of weeks the firm's own noise counts for five
/// sixths.
const PRIOR_PERIODS: f64 = 5.0;

/// A period counts for this share of what the one after it counts for: levels drift. A judgement: the oldest of eight weeks
/// still counts for two thirds of the newest.
pub(super) const DECAY: f64 = 0.94;

/// Residuals beyond so many deviations are pulled in. A judgement: less than a tenth of ordinary periods are.
const HUBER: f64 = 1.7;

/// How often the level is fitted with weights that follow from the fit before; after so many it hardly moves.
const REWEIGHTINGS: usize = 4;

/// A variance learnt from few periods has heavy tails: it is widened as Student's t is, by `(m + 6) ÷ m`. The number is
/// a judgement that the simulation of docs/METHODOLOGY.md bears out.
const WIDENING: f64 = 6.0;

/// Keeps a division by expected events, or by a distance from them, from being one by zero.
const FEWEST_EVENTS: f64 = 1e-9;

/// The same for units, which are always positive where they are used.
const FEWEST_UNITS: f64 = 1e-12;

/// One period: its events, and the days' exposure times their factors.
#[derive(Debug, Clone, Copy)]
pub(super) struct PeriodCount {
    pub(super) events: f64,
    pub(super) units: f64,
}

/// The level of the base.
#[derive(Debug, Clone, Copy)]
pub(super) struct Level {
    /// Events for a unit.
    pub(super) rate: f64,
    /// How many events it rests on.
    pub(super) events: f64,
}

/// The level of base periods, newest first; spoilt ones are pulled in, and each counts for `decay` of the one after it. The
/// weights need a level to begin with, and the median is not moved by a few spoilt periods.
pub(super) fn level(base: &[PeriodCount], noise: f64, decay: f64) -> Level {
    let mut level = Level {
        rate: median_rate(base),
        events: 0.0,
    };
    for _ in 0..REWEIGHTINGS {
        let mut weights = Vec::with_capacity(base.len());
        for (back, period) in base.iter().enumerate() {
            weights.push(decay.powi(back as i32) * trust(period, level.rate, noise));
        }
        level = weighted_level(base, &weights);
    }
    level
}

/// Huber's weight: 1 near what the level lets expect, less the farther a period lies from it.
fn trust(period: &PeriodCount, rate: f64, noise: f64) -> f64 {
    let expected = (rate * period.units).max(FEWEST_EVENTS);
    let deviation = (expected + expected * expected * noise).sqrt();
    let distance = (period.events - expected).abs().max(FEWEST_EVENTS);
    (HUBER * deviation / distance).min(1.0)
}

fn weighted_level(base: &[PeriodCount], weights: &[f64]) -> Level {
    let weighted = |of: fn(&PeriodCount) -> f64| {
        let products = base.iter().zip(weights);
        products
            .map(|(period, weight)| of(period) * weight)
            .sum::<f64>()
    };
    let events = weighted(|period| period.events);
    let units = weighted(|period| period.units);
    // A base without a single event still has a level, if a low one.
    let a_little = HALF_EVENT / base.len() as f64;
    Level {
        rate: (events + a_little) / (units + FEWEST_UNITS),
        events,
    }
}

/// The median of the periods' own levels; 0 of none.
fn median_rate(base: &[PeriodCount]) -> f64 {
    let exposed = base.iter().filter(|period| period.units > 0.0);
    let rates = exposed.map(|period| period.events / period.units);
    median(rates.collect()).unwrap_or(0.0)
}

/// How far one period lay from what those before it said.
struct StepError {
    /// The relative error, squared.
    square: f64,
    /// What chance alone would make of it on average.
    chance: f64,
}

/// Relative variance of a period around what the periods before it say, beyond chance: [`variance_of_most`] of the
/// one-step-ahead errors less chance, widened by `(m + 6) ÷ m`; shrunk to the usual noise: `(m·τ² + 5·0.06²) ÷ (m + 5)`.
pub(super) fn noise(periods: &[PeriodCount], base_periods: usize, decay: f64) -> f64 {
    let errors = step_errors(periods, base_periods, decay);
    let used = errors.len() as f64;
    let chance = errors.iter().map(|error| error.chance).sum::<f64>() / used.max(1.0);
    let widening = (used + WIDENING) / f64::max(used, 1.0);
    let squares = errors.iter().map(|error| error.square);
    let own = (variance_of_most(squares.collect()) - chance).max(0.0) * widening;
    (used * own + PRIOR_PERIODS * PRIOR_NOISE * PRIOR_NOISE) / (used + PRIOR_PERIODS)
}

/// Errors of the newest periods, each judged by those before it.
fn step_errors(periods: &[PeriodCount], base_periods: usize, decay: f64) -> Vec<StepError> {
    let judged = periods.len().saturating_sub(MIN_PERIODS).min(LEARNT);
    let mut errors = Vec::with_capacity(judged);
    for at in 0..judged {
        let first = at + 1;
        let before = &periods[first..periods.len().min(first + base_periods)];
        errors.extend(step_error(periods[at], before, decay));
    }
    errors
}

/// `None` where nothing was to be expected: a share of nothing is no error. A spoilt period before is pulled in as in any
/// base: else it would count eight times more, as the error of everything that is judged by it.
fn step_error(period: PeriodCount, before: &[PeriodCount], decay: f64) -> Option<StepError> {
    let level = level(before, PRIOR_NOISE * PRIOR_NOISE, decay);
    let expected = period.units * level.rate;
    (expected > 0.0).then(|| StepError {
        square: (period.events / expected - 1.0).powi(2),
        // Of the period's own count, and of the count that it is judged by.
        chance: 1.0 / expected + 1.0 / (level.events + HALF_EVENT),
    })
}

//! The level of the base periods, and how much periods differ from it beyond chance.

use super::{LEARNT, MIN_PERIODS};
use crate::metrics::predictive::PRIOR_NOISE;

/// Weight of the prior noise, in periods.
const PRIOR_PERIODS: f64 = 5.0;
/// A period counts so much more than the one before it: levels drift.
const DECAY: f64 = 0.94;
/// Residuals beyond so many deviations are pulled in.
const HUBER: f64 = 1.7;
/// Mean of the smaller three quarters of a squared standard normal: `(0.75 − 2·1.150·φ(1.150)) ÷ 0.75`.
const LOWER_QUARTERS: f64 = 0.3686;
/// Mean of the smaller half: `(0.5 − 2·0.6745·φ(0.6745)) ÷ 0.5`.
const LOWER_HALF: f64 = 0.1426;
/// From so many periods on the smaller half tells enough: a firm in which every third week was spoilt is not taken for a
/// noisy one.
const MANY_PERIODS: usize = 12;

/// Events for a unit, newest period first, and how many events it rests on; spoilt periods are pulled in.
pub(super) fn level(base: &[(f64, f64)], noise: f64) -> (f64, f64) {
    let fit = |weights: &[f64]| {
        let sum = |of: fn(&(f64, f64)) -> f64| {
            base.iter()
                .zip(weights)
                .map(|(period, weight)| of(period) * weight)
                .sum::<f64>()
        };
        let (events, units) = (sum(|period| period.0), sum(|period| period.1));
        ((events + 0.5 / base.len() as f64) / (units + 1e-12), events)
    };
    let decay: Vec<f64> = (0..base.len())
        .map(|back| DECAY.powi(back as i32))
        .collect();
    let mut level = median(base);
    let mut events = 0.0;
    for _ in 0..4 {
        let weight = |((seen, units), decay): (&(f64, f64), &f64)| {
            let expected = (level * units).max(1e-9);
            let deviation = (expected + expected * expected * noise).sqrt();
            decay * (HUBER * deviation / (seen - expected).abs().max(1e-9)).min(1.0)
        };
        let weights: Vec<f64> = base.iter().zip(&decay).map(weight).collect();
        (level, events) = fit(&weights);
    }
    (level, events)
}

/// The median of the periods' own levels.
fn median(base: &[(f64, f64)]) -> f64 {
    let mut levels: Vec<f64> = base
        .iter()
        .filter(|(_, units)| *units > 0.0)
        .map(|(seen, units)| seen / units)
        .collect();
    if levels.is_empty() {
        return 0.0;
    }
    levels.sort_by(f64::total_cmp);
    let middle = levels.len() / 2;
    if levels.len() % 2 == 1 {
        levels[middle]
    } else {
        (levels[middle - 1] + levels[middle]) / 2.0
    }
}

/// Relative variance of a period around what the periods before it say, beyond chance: the mean of the smaller half of the
/// squared one-step-ahead errors (of three quarters while there are fewer than 12), scaled as for a normal law, so that past
/// incidents do not pass for noise; shrunk to the usual noise: `(m·τ² + 5·0.06²) ÷ (m + 5)`.
pub(super) fn noise(periods: &[(f64, f64)], base_periods: usize) -> f64 {
    let mut errors: Vec<(f64, f64)> = Vec::new();
    for at in 0..periods.len().saturating_sub(MIN_PERIODS).min(LEARNT) {
        let (seen, units) = periods[at];
        let before = &periods[at + 1..periods.len().min(at + 1 + base_periods)];
        let (events, exposed) = before.iter().fold((0.0, 0.0), |sum, period| {
            (sum.0 + period.0, sum.1 + period.1)
        });
        let expected = units * (events + 0.5) / (exposed + 1e-12);
        if expected > 0.0 {
            errors.push((
                (seen / expected - 1.0).powi(2),
                1.0 / expected + 1.0 / (events + 0.5),
            ));
        }
    }
    errors.sort_by(|left, right| left.0.total_cmp(&right.0));
    let used = errors.len() as f64;
    let (kept, usual) = match errors.len() {
        many if many >= MANY_PERIODS => (many.div_ceil(2), LOWER_HALF),
        few => ((few * 3).div_ceil(4), LOWER_QUARTERS),
    };
    // A variance learnt from few periods has heavy tails: it is widened as Student's t is.
    let widened = (used + 6.0) / f64::max(used, 1.0);
    let spread =
        errors[..kept].iter().map(|error| error.0).sum::<f64>() / (kept.max(1) as f64 * usual);
    let chance = errors.iter().map(|error| error.1).sum::<f64>() / used.max(1.0);
    let raw = (spread - chance).max(0.0) * widened;
    (used * raw + PRIOR_PERIODS * PRIOR_NOISE * PRIOR_NOISE) / (used + PRIOR_PERIODS)
}

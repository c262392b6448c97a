//! How much periods differ from each other beyond chance.

use super::{MIN_PERIODS, Sample, sum};

/// Log standard deviation of weekly noise that is assumed until history says otherwise. A judgement: a quiet firm's weeks
/// differ by some 6 % beyond what chance makes of its counts.
pub const PRIOR_NOISE: f64 = 0.06;

/// Weight of that assumption, in periods: as much as the eight that are looked at by default.
const PRIOR_PERIODS: f64 = 8.0;

/// Half an event is added to a count, or stands in for none: none counted does not mean a rate of zero.
pub(super) const HALF_EVENT: f64 = 0.5;

/// Standard deviation of τ² among parts: where the usual noise is 24 % of the level, most parts have 17 to 30 %.
const SPREAD_AMONG_PARTS: f64 = 0.03;

/// Keeps a division by the part of events that chance decides from being one by zero, where all opportunities become
/// events.
const LEAST_CHANCE: f64 = 1e-9;

/// The pooled rate `p̂ = (K + ½) ÷ (N + 1)`; `None` without opportunities.
pub fn pooled(history: &[Sample]) -> Option<f64> {
    let events = sum(history.iter().map(|past| past.k));
    let opportunities = sum(history.iter().map(|past| past.n));
    (opportunities > 0.0).then(|| (events + HALF_EVENT) / (opportunities + 1.0))
}

/// The variance of period-to-period noise beyond that of the counts themselves, as a share of the level squared:
/// `τ² = max(0, Σ((kₜ−eₜ)² − eₜ·q) ÷ Σeₜ²)` of `m` periods, shrunk to the usual noise: `(m·τ² + 8·0.06²) ÷ (m + 8)`.
pub fn overdispersion(pairs: impl Iterator<Item = (f64, f64)>, q: f64) -> f64 {
    let own = Excess::of(pairs, q);
    let prior = PRIOR_PERIODS * PRIOR_NOISE * PRIOR_NOISE;
    (own.periods * own.share() + prior) / (own.periods + PRIOR_PERIODS)
}

/// The same of one part of many: shrunk to what is usual among the parts, the more so the less its own counts tell. By
/// moments the variance of `τ²` without noise is `2q² ÷ Σeₜ²`; that of the parts' true `τ²` is taken to be `0.03²`.
pub fn overdispersion_of_part(pairs: impl Iterator<Item = (f64, f64)>, q: f64, usual: f64) -> f64 {
    let own = Excess::of(pairs, q);
    let information = own.squares / (2.0 * q * q).max(LEAST_CHANCE);
    let usual_information = SPREAD_AMONG_PARTS.powi(-2);
    (information * own.share() + usual_information * usual) / (information + usual_information)
}

/// How far counts lie beyond what chance lets expect.
struct Excess {
    /// `Σ((k − e)² − e·q)`.
    excess: f64,
    /// `Σe²`.
    squares: f64,
    /// Number of periods.
    periods: f64,
}

impl Excess {
    fn of(pairs: impl Iterator<Item = (f64, f64)>, q: f64) -> Self {
        let mut sum = Self {
            excess: 0.0,
            squares: 0.0,
            periods: 0.0,
        };
        for (seen, expected) in pairs {
            sum.excess += (seen - expected).powi(2) - expected * q;
            sum.squares += expected * expected;
            sum.periods += 1.0;
        }
        sum
    }

    /// As a share of the level squared; never below 0.
    fn share(&self) -> f64 {
        if self.squares > 0.0 {
            (self.excess / self.squares).max(0.0)
        } else {
            0.0
        }
    }
}

/// The period-to-period noise of past rates; the prior when there are fewer than four.
pub fn noise_of_rates(history: &[Sample]) -> f64 {
    if history.len() < MIN_PERIODS {
        return PRIOR_NOISE * PRIOR_NOISE;
    }
    let Some(p) = pooled(history) else {
        return PRIOR_NOISE * PRIOR_NOISE;
    };
    overdispersion(history.iter().map(|past| (past.k, past.n * p)), 1.0 - p)
}

/// The period-to-period noise of past counts; the prior when there are fewer than four.
pub fn noise_of_counts(history: &[f64]) -> f64 {
    if history.len() < MIN_PERIODS {
        return PRIOR_NOISE * PRIOR_NOISE;
    }
    let mean = sum(history.iter().copied()) / history.len() as f64;
    overdispersion(history.iter().map(|count| (*count, mean)), 1.0)
}

//! What a daily count should have been: the level of the periods before, the weekday, the calendar, and how sure that is.
//!
//! `E = L · Σ xᵈ·gᵈ·wᵈ` over the days of the span: exposure `x` (sessions for a rate, 1 for a count), calendar factor `g`
//! of the kind of day, weekday factor `w`, level `L` of the base periods (Huber's estimator, Annals of Mathematical
//! Statistics 35 (1964) 73–101, so that a spoilt week does not become the norm). `Var = E + E²·(1/K + τ²)`, with the noise
//! `τ²` of one-step-ahead errors in the history (docs/METHODOLOGY.md).

mod days;
mod level;
mod profile;

use level::{level, noise};

pub use days::Days;
pub use profile::{Metric, Profile};

/// Periods that noise and the weekday profile are learnt from at most.
const LEARNT: usize = 26;
/// The fewest base periods.
const MIN_PERIODS: usize = 4;
/// Log standard deviation of what one holiday does beyond its kind's mean.
const HOLIDAY_NOISE: f64 = 0.22;

/// What a count should have been in a span of days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// Events to be expected, with the calendar.
    pub value: f64,
    /// Events to be expected if every day were an ordinary one of its weekday.
    pub ordinary: f64,
    /// Relative variance beyond chance.
    pub dispersion: f64,
    /// Periods that the level was learnt from.
    pub periods: u32,
}

fn exposed(exposure: Option<&[f64]>, day: usize) -> f64 {
    exposure.map_or(1.0, |exposure| exposure[day])
}

/// What a count should have been on the days `from..to` of the reported period; only days before the period teach.
/// `None` with fewer than four base periods.
pub fn expect(
    days: &Days,
    profile: &Profile,
    counts: &[f64],
    exposure: Option<&[f64]>,
    from: usize,
    to: usize,
) -> Option<Expected> {
    let learn_from = days.start.saturating_sub(LEARNT * 7).max(days.known_from);
    let weekdays = profile.weekdays_of(days, counts, exposure, learn_from, Some(&profile.weekdays));
    let unit = |day: usize| exposed(exposure, day) * weekdays[usize::from(days.weekdays[day])];
    let with_calendar = |day: usize| unit(day) * profile.factor(days.kinds[day]);
    let periods: Vec<(f64, f64)> = days
        .periods(days.start, LEARNT + days.base_periods)
        .filter(|period| days.is_ordinary(period))
        .map(|period| {
            (
                period.clone().map(|day| counts[day]).sum(),
                period.map(with_calendar).sum(),
            )
        })
        // A period without any exposure says nothing of a rate, whatever was counted in it.
        .filter(|(_, units): &(f64, f64)| *units > 0.0)
        .collect();
    let base = &periods[..periods.len().min(days.base_periods)];
    if base.len() < MIN_PERIODS {
        return None;
    }
    let noise = noise(&periods, days.base_periods);
    let (level, events) = level(base, noise);
    let ordinary = level * (from..to).map(unit).sum::<f64>();
    let value = level * (from..to).map(with_calendar).sum::<f64>();
    let calendar = if ordinary > 0.0 {
        HOLIDAY_NOISE * (1.0 - value / ordinary).abs()
    } else {
        0.0
    };
    let dispersion = 1.0 / events.max(0.5) + noise + calendar * calendar;
    Some(Expected {
        value,
        ordinary,
        dispersion,
        periods: base.len() as u32,
    })
}

#[cfg(test)]
mod tests;

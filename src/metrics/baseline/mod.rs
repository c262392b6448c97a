//! What a daily count should have been: the level of the periods before, the weekday, the calendar, and how sure that is.
//!
//! `E = L · Σ xᵈ·gᵈ·wᵈ` over the days of the span: exposure `x` (sessions for a rate, 1 for a count), calendar factor `g`
//! of the kind of day, weekday factor `w`, level `L` of the base periods (Huber's estimator, Annals of Mathematical
//! Statistics 35 (1964) 73–101, so that a spoilt week does not become the norm). `Var = E + E²·(1/K + τ²)`, with the noise
//! `τ²` of one-step-ahead errors in the history (docs/METHODOLOGY.md).

mod days;
mod level;
mod profile;
mod spell;
mod step;

use std::ops::Range;

use level::{PeriodCount, level, noise};
use profile::weekdays_of;
use spell::without_spell;
use step::since_step;

pub use days::Days;
pub use profile::{Profile, Quantity};

/// Periods that noise is learnt from at most, and weeks that weekdays are: half a year, over which a firm stays much the
/// same.
const LEARNT: usize = 26;

/// The fewest base periods: of three, one that was spoilt is a third.
const MIN_PERIODS: usize = 4;

/// Log standard deviation of what one holiday does beyond its kind's mean. A judgement: no two holidays are alike, and a
/// factor of 1.25 either way is nothing to wonder at.
const HOLIDAY_NOISE: f64 = 0.22;

/// Half an event is added to, or stands in for, a count that is divided by or has its logarithm taken: none counted does
/// not mean a rate of zero.
const HALF_EVENT: f64 = 0.5;

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

/// Counts by day, and what they are counted on.
#[derive(Clone, Copy)]
struct Series<'a> {
    counts: &'a [f64],
    /// Sessions by day; absent for a count of its own.
    exposure: Option<&'a [f64]>,
}

impl Series<'_> {
    fn exposed(&self, day: usize) -> f64 {
        self.exposure.map_or(1.0, |exposure| exposure[day])
    }
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
    let expected = by_day(days, profile, counts, exposure, from, to)?;
    Some(expected.all())
}

/// The same day by day.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectedDays {
    /// Events to be expected on each day, with the calendar.
    pub days: Vec<f64>,
    /// Events for a unit.
    rate: f64,
    /// Each day's exposure times its factors.
    units: Vec<f64>,
    /// The same if every day were an ordinary one of its weekday.
    ordinary_units: Vec<f64>,
    /// Relative variance of the level and of a period around it.
    of_level: f64,
    /// Periods that the level was learnt from.
    periods: u32,
}

impl ExpectedDays {
    /// What was to be expected of all of them together.
    pub fn all(&self) -> Expected {
        self.of(0..self.days.len())
    }

    /// What was to be expected of some of the days together, by their places.
    pub fn of(&self, days: Range<usize>) -> Expected {
        let value = self.rate * self.units[days.clone()].iter().sum::<f64>();
        let ordinary = self.rate * self.ordinary_units[days].iter().sum::<f64>();
        Expected {
            value,
            ordinary,
            dispersion: self.of_level + calendar_noise(value, ordinary).powi(2),
            periods: self.periods,
        }
    }
}

/// What a count should have been on each of the days `from..to`; see [`expect`].
pub fn by_day(
    days: &Days,
    profile: &Profile,
    counts: &[f64],
    exposure: Option<&[f64]>,
    from: usize,
    to: usize,
) -> Option<ExpectedDays> {
    let series = Series { counts, exposure };
    let weekdays = weekdays_of(days, series, Some(&profile.weekdays));
    let ordinary_units =
        |day: usize| series.exposed(day) * weekdays[usize::from(days.weekdays[day])];
    let units = |day: usize| ordinary_units(day) * profile.factor(days.kinds[day]);

    let periods = periods_before(days, counts, units);
    let base = &periods[..periods.len().min(days.base_periods)];
    if base.len() < MIN_PERIODS {
        return None;
    }
    let noise = noise(&periods, days.base_periods, days.decay);
    let base = since_step(base, noise);
    let base = match days.passes_over_spells {
        true => without_spell(base, noise),
        false => base.to_vec(),
    };
    let level = level(&base, noise, days.decay);
    let chance = 1.0 / level.events.max(HALF_EVENT);
    let units: Vec<f64> = (from..to).map(units).collect();
    Some(ExpectedDays {
        days: units.iter().map(|units| level.rate * units).collect(),
        rate: level.rate,
        units,
        ordinary_units: (from..to).map(ordinary_units).collect(),
        of_level: chance + noise,
        periods: base.len() as u32,
    })
}

/// The farther the calendar moves an expectation, the less sure it is.
fn calendar_noise(value: f64, ordinary: f64) -> f64 {
    if ordinary > 0.0 {
        let moved = (1.0 - value / ordinary).abs();
        HOLIDAY_NOISE * moved
    } else {
        0.0
    }
}

/// The ordinary periods before the reported one, newest first: as many as noise is learnt from, and the base of the
/// oldest of them.
fn periods_before(
    days: &Days,
    counts: &[f64],
    units: impl Fn(usize) -> f64 + Copy,
) -> Vec<PeriodCount> {
    let mut periods = Vec::new();
    for span in days.periods(LEARNT + days.base_periods) {
        if !days.is_ordinary(&span) {
            continue;
        }
        let period = PeriodCount {
            events: span.clone().map(|day| counts[day]).sum(),
            units: span.map(units).sum(),
        };
        // A period without any exposure says nothing of a rate, whatever was counted in it.
        if period.units > 0.0 {
            periods.push(period);
        }
    }
    periods
}

#[cfg(test)]
mod tests;

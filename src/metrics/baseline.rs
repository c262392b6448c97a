//! What a daily count should have been: the level of the periods before, the weekday, the calendar, and how sure that is.
//!
//! `E = L · Σ xᵈ·gᵈ·wᵈ` over the days of the span: exposure `x` (sessions for a rate, 1 for a count), calendar factor `g`
//! of the kind of day, weekday factor `w`, level `L` of the base periods (Huber's estimator, Annals of Mathematical
//! Statistics 35 (1964) 73–101, so that a spoilt week does not become the norm). `Var = E + E²·(1/K + τ²)`, with the noise
//! `τ²` of one-step-ahead errors in the history (docs/METHODOLOGY.md).

use chrono::{Datelike, NaiveDate};

use super::predictive::PRIOR_NOISE;
use crate::model::calendar::{Calendar, DayKind};

/// Weight of the prior noise, in periods.
const PRIOR_PERIODS: f64 = 5.0;
/// A period counts so much more than the one before it: levels drift.
const DECAY: f64 = 0.94;
/// Periods that noise and the weekday profile are learnt from at most.
const LEARNT: usize = 26;
/// Residuals beyond so many deviations are pulled in.
const HUBER: f64 = 1.7;
/// Events that a scope's own weekday profile leans on the pooled one with.
const PRIOR_EVENTS: f64 = 60.0;
/// Mean of the smaller three quarters of a squared standard normal: `(0.75 − 2·1.150·φ(1.150)) ÷ 0.75`.
const LOWER_QUARTERS: f64 = 0.3686;
/// Mean of the smaller half: `(0.5 − 2·0.6745·φ(0.6745)) ÷ 0.5`.
const LOWER_HALF: f64 = 0.1426;
/// From so many periods on the smaller half tells enough: a firm in which every third week was spoilt is not taken for a
/// noisy one.
const MANY_PERIODS: usize = 12;
/// The fewest base periods.
const MIN_PERIODS: usize = 4;
/// Log standard deviation of what one holiday does beyond its kind's mean.
const HOLIDAY_NOISE: f64 = 0.22;

/// What kinds of days and weekdays do to a metric, as factors; learnt on all channels together.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    kinds: [f64; 7],
    weekdays: [f64; 7],
}

/// Whether a profile is of a count or of a rate: holidays lower traffic, and what traffic brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// A count of its own: sessions, clicks.
    Volume,
    /// Events for an exposure: inquiries for sessions.
    Rate,
}

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

/// The days of a history and how they are grouped into periods.
#[derive(Debug, Clone)]
pub struct Days {
    kinds: Vec<DayKind>,
    weekdays: Vec<u8>,
    /// First day of the reported period.
    pub start: usize,
    base_periods: usize,
    known_from: usize,
}

impl Days {
    /// The days from `first`; the reported period begins with day `start` and ends with the last of `count`.
    pub fn new(
        first: NaiveDate,
        count: usize,
        start: usize,
        base_periods: usize,
        calendar: &Calendar,
    ) -> Self {
        let dates: Vec<NaiveDate> = first.iter_days().take(count).collect();
        Self {
            kinds: dates.iter().map(|day| calendar.kind(*day)).collect(),
            weekdays: dates
                .iter()
                .map(|day| day.weekday().num_days_from_monday() as u8)
                .collect(),
            start,
            base_periods,
            known_from: 0,
        }
    }

    /// Leaves out the days before the first one on which everything was collected.
    #[must_use]
    pub fn known_from(mut self, day: usize) -> Self {
        self.known_from = day;
        self
    }

    /// The day after the last.
    pub fn end(&self) -> usize {
        self.kinds.len()
    }

    fn length(&self) -> usize {
        self.kinds.len() - self.start
    }

    /// Whether a period is ordinary enough to teach a level: weeks of holidays are not.
    fn is_ordinary(&self, period: &std::ops::Range<usize>) -> bool {
        let off = |day: &usize| self.kinds[*day].is_holiday() && self.weekdays[*day] < 5;
        let holidays = period.clone().filter(off).count();
        holidays * 7 <= period.len()
    }

    /// Periods of the reported one's length before it, newest first, at most so many.
    fn periods(
        &self,
        before: usize,
        most: usize,
    ) -> impl Iterator<Item = std::ops::Range<usize>> + use<> {
        let (length, known_from) = (self.length(), self.known_from);
        let from = move |back: usize| {
            before
                .checked_sub(back * length)
                .filter(|from| *from >= known_from)
        };
        (1..=most).map_while(move |back| from(back).map(|from| from..from + length))
    }
}

fn exposed(exposure: Option<&[f64]>, day: usize) -> f64 {
    exposure.map_or(1.0, |exposure| exposure[day])
}

impl Profile {
    /// Learns the factors on the history before the reported period. Kinds of days that have not occurred yet keep what
    /// is usual: a holiday brings three quarters of the traffic and of its inquiries, New Year half.
    pub fn learn(days: &Days, counts: &[f64], exposure: Option<&[f64]>, metric: Metric) -> Self {
        let mut profile = Self {
            kinds: prior(metric),
            weekdays: [1.0; 7],
        };
        let from = days.start.saturating_sub(LEARNT * 7).max(days.known_from);
        profile.weekdays = profile.weekdays_of(days, counts, exposure, from, None);
        let level = |day: usize| local_level(days, &profile.weekdays, counts, exposure, day);
        for kind in DayKind::ALL.into_iter().filter(|kind| kind.is_special()) {
            let (mut seen, mut expected, mut count) = (0.0, 0.0, 0.0);
            for day in (days.known_from..days.start).filter(|day| days.kinds[*day] == kind) {
                if let Some(usual) = level(day) {
                    (seen, expected, count) = (seen + counts[day], expected + usual, count + 1.0);
                }
            }
            let prior = profile.kinds[kind as usize].ln();
            let (spread, noise) = (
                0.3_f64.powi(2),
                HOLIDAY_NOISE.powi(2) / 1f64.max(count) + 1.0 / (seen + 1.0),
            );
            let found = ((seen + 0.5) / (expected + 0.5)).ln();
            let weight = if count > 0.0 {
                spread / (spread + noise)
            } else {
                0.0
            };
            profile.kinds[kind as usize] = (prior + weight * (found - prior)).exp();
        }
        profile
    }

    /// Factors of the weekdays, mean 1, over ordinary days; leaning on the pooled ones when given.
    fn weekdays_of(
        &self,
        days: &Days,
        counts: &[f64],
        exposure: Option<&[f64]>,
        from: usize,
        pooled: Option<&[f64; 7]>,
    ) -> [f64; 7] {
        let (mut seen, mut units) = ([0.0; 7], [0.0; 7]);
        for day in (from..days.start).filter(|day| !days.kinds[*day].is_special()) {
            let weekday = usize::from(days.weekdays[day]);
            seen[weekday] += counts[day];
            units[weekday] += exposed(exposure, day);
        }
        let level = (seen.iter().sum::<f64>() + 1e-9) / (units.iter().sum::<f64>() + 1e-9);
        std::array::from_fn(|weekday| {
            let usual = pooled.map_or(1.0, |pooled| pooled[weekday]);
            let lent = if pooled.is_some() {
                PRIOR_EVENTS / 7.0
            } else {
                1.0
            };
            (seen[weekday] + lent * usual) / (level * units[weekday] + lent)
        })
    }

    fn factor(&self, kind: DayKind) -> f64 {
        self.kinds[kind as usize]
    }
}

/// What is usual before anything is learnt.
fn prior(metric: Metric) -> [f64; 7] {
    DayKind::ALL.map(|kind| match (kind, metric) {
        (DayKind::Working | DayKind::Weekend, _) => 1.0,
        (DayKind::Holiday, Metric::Volume) => 0.75,
        (DayKind::Holiday, Metric::Rate) => 0.75,
        (DayKind::NewYear, Metric::Volume) => 0.5,
        (DayKind::NewYear, Metric::Rate) => 0.55,
        (DayKind::AfterNewYear, _) => 0.65,
        (DayKind::Short, _) => 0.97,
        (DayKind::WorkingWeekend, _) => 1.1,
    })
}

/// What an ordinary day there would have brought, from the ordinary days of three weeks on either side.
fn local_level(
    days: &Days,
    weekdays: &[f64; 7],
    counts: &[f64],
    exposure: Option<&[f64]>,
    day: usize,
) -> Option<f64> {
    let around = day.saturating_sub(21).max(days.known_from)..(day + 22).min(days.start);
    let (mut seen, mut units) = (0.0, 0.0);
    for near in around.filter(|near| !days.kinds[*near].is_special()) {
        seen += counts[near];
        units += exposed(exposure, near) * weekdays[usize::from(days.weekdays[near])];
    }
    let own = exposed(exposure, day) * weekdays[usize::from(days.weekdays[day])];
    (units > 0.0 && own > 0.0).then(|| seen / units * own)
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

/// Events for a unit, newest period first, and how many events it rests on; spoilt periods are pulled in.
fn level(base: &[(f64, f64)], noise: f64) -> (f64, f64) {
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
fn noise(periods: &[(f64, f64)], base_periods: usize) -> f64 {
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

#[cfg(test)]
#[path = "baseline_tests.rs"]
mod tests;

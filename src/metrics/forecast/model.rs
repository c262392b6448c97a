//! What is expected of the days ahead of one origin, from the days up to it and no later ones.

use chrono::{Datelike, NaiveDate};

use super::DAYS_A_WEEK;
use super::ahead::{Ahead, Replayed};
use super::history::History;
use crate::metrics::baseline::{self, Days, ExpectedDays, Profile, Quantity};
use crate::model::calendar::Calendar;

/// Days that are looked ahead: eight weeks, and what is left of a week after a month has ended.
pub(super) const DAYS_AHEAD: usize = 63;

/// Forecasts from less than half of today's history are not replayed: they were told worse than today's. A firm of half a year
/// or less has too few of them, and goes back to a third. Judgements.
const WORSE_BEFORE: usize = 2;
const WORST_BEFORE: usize = 3;
/// So many origins are enough to leave the older half out.
const ENOUGH_ORIGINS: usize = 12;

/// The first day of the weekend, counted from Monday as 0.
const SATURDAY: u32 = 5;

/// Origins that are replayed at most: twenty weeks, in which a firm stays much the same. A judgement, which the firms of
/// `coverage_tests` bear out: of forty weeks the older ones made ranges that held too often.
const REPLAYED: usize = 20;

/// What every expectation needs to know of the firm.
#[derive(Clone, Copy)]
pub(in crate::metrics) struct Setting<'a> {
    pub(in crate::metrics) history: History,
    pub(in crate::metrics) calendar: &'a Calendar,
    pub(in crate::metrics) base_periods: usize,
}

/// How fast what is learnt changes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// As levels do.
    Usual,
    /// So many times more slowly: it is learnt over so many times the periods, and the older of them count for more.
    Slower(usize),
}

impl Setting<'_> {
    /// The days up to an origin and those ahead of it, from the first day with anything on.
    fn days(&self, origin: usize, known_from: usize, pace: Pace) -> Days {
        let (first, end) = (self.history.first, origin + DAYS_AHEAD);
        let times = match pace {
            Pace::Usual => 1,
            Pace::Slower(times) => times,
        };
        Days::new(first, end, origin, self.base_periods * times, self.calendar)
            .in_periods_of(DAYS_A_WEEK)
            .known_from(known_from)
            .drifting_slower(times)
            .without_spells()
    }

    /// A count ahead of an origin from its own past: level, weekdays, calendar.
    pub(super) fn count(&self, counts: &[f64], origin: usize) -> Option<ExpectedDays> {
        let days = self.days(origin, known_from(counts), Pace::Usual);
        let known = counts.get(..origin)?;
        let profile = Profile::learn(&days, known, None, Quantity::Volume);
        baseline::by_day(&days, &profile, known, None, origin, origin + DAYS_AHEAD)
    }

    /// A count ahead of an origin from what it is counted on, which is known or expected on every day.
    pub(super) fn rate(
        &self,
        counts: &[f64],
        exposure: &[f64],
        origin: usize,
        pace: Pace,
    ) -> Option<ExpectedDays> {
        let known = counts.get(..origin)?;
        let from = known_from(counts).max(known_from(exposure));
        let days = self.days(origin, from, pace);
        let profile = Profile::learn(&days, known, Some(exposure), Quantity::Rate);
        baseline::by_day(
            &days,
            &profile,
            known,
            Some(exposure),
            origin,
            origin + DAYS_AHEAD,
        )
    }

    /// The same as an expectation of a count.
    pub(super) fn count_ahead(&self, counts: &[f64], origin: usize) -> Option<Ahead> {
        let expected = self.count(counts, origin)?;
        Some(Ahead {
            dispersion: expected.all().dispersion,
            days: expected.days,
            chance: 1.0,
        })
    }

    /// Which days, known and ahead, take a working day from the week.
    fn days_off(&self) -> Vec<bool> {
        let days = self.history.first.iter_days().take(self.end() + DAYS_AHEAD);
        let is_off = |day: NaiveDate| {
            day.weekday().num_days_from_monday() < SATURDAY && self.calendar.kind(day).is_holiday()
        };
        days.map(is_off).collect()
    }

    /// Whole days that are known.
    pub(super) fn end(&self) -> usize {
        self.history.days
    }

    /// A model at the last known day and at those of the weeks before.
    pub(in crate::metrics) fn replay(
        &self,
        seen: Vec<f64>,
        model: impl Fn(usize) -> Option<Ahead>,
    ) -> Option<Replayed> {
        let end = self.end();
        let first = known_from(&seen);
        let oldest = first + oldest(end.saturating_sub(first));
        let origins = (1..=REPLAYED).map_while(|back| end.checked_sub(back * DAYS_A_WEEK));
        let origins = origins.take_while(|origin| *origin >= oldest);
        Some(Replayed {
            now: model(end)?,
            past: origins.map(&model).collect(),
            seen,
            days_off: self.days_off(),
        })
    }

    /// A count from its own past, replayed; `None` with too short a past. `chance` is the variance of an expectation of one:
    /// 1 of a count, the size of a payment of an amount.
    pub(in crate::metrics) fn replay_count(
        &self,
        counts: Vec<f64>,
        chance: f64,
    ) -> Option<Replayed> {
        let model = |origin: usize| {
            let expected = self.count(&counts, origin)?;
            Some(Ahead {
                dispersion: expected.all().dispersion,
                days: expected.days,
                chance,
            })
        };
        self.replay(counts.clone(), model)
    }
}

/// How many days of so long a history are too few for a forecast that is replayed.
fn oldest(known: usize) -> usize {
    let enough = known.saturating_sub(ENOUGH_ORIGINS * DAYS_A_WEEK);
    (known / WORSE_BEFORE).min(enough.max(known / WORST_BEFORE))
}

/// The first day with anything on: before it nothing was collected.
pub(super) fn known_from(counts: &[f64]) -> usize {
    let first = counts.iter().position(|count| *count != 0.0);
    first.unwrap_or(counts.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn young_firms_replay_two_thirds_of_their_weeks_and_old_ones_half() {
        let replayed = |weeks: usize| weeks - oldest(weeks * DAYS_A_WEEK).div_ceil(DAYS_A_WEEK);
        assert_eq!([9, 12, 18].map(replayed), [6, 8, 12]);
        assert_eq!([24, 40].map(replayed), [12, 20]);
    }
}

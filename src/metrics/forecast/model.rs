//! What is expected of the days ahead of one origin, from the days up to it and no later ones.

use super::WEEK;
use super::ahead::{Ahead, Replayed};
use super::history::History;
use crate::metrics::baseline::{self, Days, ExpectedDays, Profile, Quantity};
use crate::model::calendar::Calendar;

/// Days that are looked ahead: eight weeks, and what is left of a week after a month has ended.
pub(super) const AHEAD: usize = 63;

/// Forecasts from less than this part of today's history are not replayed. A judgement, which leaves a firm of twelve weeks
/// all that it can have.
const WORSE_BEFORE: usize = 3;

/// Origins that are replayed at most: forty weeks, in which a firm stays much the same.
const REPLAYED: usize = 40;

/// What every expectation needs to know of the firm.
#[derive(Clone, Copy)]
pub(in crate::metrics) struct Setting<'a> {
    pub(in crate::metrics) history: History,
    pub(in crate::metrics) calendar: &'a Calendar,
    pub(in crate::metrics) base_periods: usize,
}

impl Setting<'_> {
    /// The days up to an origin and those ahead of it, from the first day with anything on.
    fn days(&self, origin: usize, known_from: usize) -> Days {
        let (first, end) = (self.history.first, origin + AHEAD);
        Days::new(first, end, origin, self.base_periods, self.calendar)
            .in_periods_of(WEEK)
            .known_from(known_from)
    }

    /// A count ahead of an origin from its own past: level, weekdays, calendar.
    pub(super) fn count(&self, counts: &[f64], origin: usize) -> Option<ExpectedDays> {
        let days = self.days(origin, known_from(counts));
        let known = counts.get(..origin)?;
        let profile = Profile::learn(&days, known, None, Quantity::Volume);
        baseline::by_day(&days, &profile, known, None, origin, origin + AHEAD)
    }

    /// A count ahead of an origin from what it is counted on, which is known or expected on every day.
    pub(super) fn rate(
        &self,
        counts: &[f64],
        exposure: &[f64],
        origin: usize,
    ) -> Option<ExpectedDays> {
        let known = counts.get(..origin)?;
        let from = known_from(counts).max(known_from(exposure));
        let days = self.days(origin, from);
        let profile = Profile::learn(&days, known, Some(exposure), Quantity::Rate);
        baseline::by_day(
            &days,
            &profile,
            known,
            Some(exposure),
            origin,
            origin + AHEAD,
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
        // What was told from a third of today's history or less was told worse than today.
        let oldest = known_from(&seen) + end.saturating_sub(known_from(&seen)) / WORSE_BEFORE;
        let origins = (1..=REPLAYED).map_while(|back| end.checked_sub(back * WEEK));
        let origins = origins.take_while(|origin| *origin >= oldest);
        Some(Replayed {
            now: model(end)?,
            past: origins.map(&model).collect(),
            seen,
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

/// The first day with anything on: before it nothing was collected.
pub(super) fn known_from(counts: &[f64]) -> usize {
    let first = counts.iter().position(|count| *count != 0.0);
    first.unwrap_or(counts.len())
}

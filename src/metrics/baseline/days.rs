//! The days of a history, their kinds and the periods that they make.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use super::LEARNT;
use super::level::DECAY;
use crate::model::calendar::{Calendar, DayKind};

/// Days a week.
pub(super) const DAYS_A_WEEK: usize = 7;

/// The first day of the weekend, counted from Monday as 0.
const SATURDAY: u8 = 5;

/// The days of a history and how they are grouped into periods.
#[derive(Debug, Clone)]
pub struct Days {
    pub(super) kinds: Vec<DayKind>,
    pub(super) weekdays: Vec<u8>,
    /// First day of the reported period.
    pub start: usize,
    pub(super) base_periods: usize,
    pub(super) known_from: usize,
    /// Days of a period that levels are learnt from.
    length: usize,
    /// What a period counts for beside the one after it.
    pub(super) decay: f64,
    /// Whether a spell that is over teaches no level.
    pub(super) passes_over_spells: bool,
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
        let mut kinds = Vec::with_capacity(count);
        let mut weekdays = Vec::with_capacity(count);
        for day in first.iter_days().take(count) {
            kinds.push(calendar.kind(day));
            weekdays.push(day.weekday().num_days_from_monday() as u8);
        }
        Self {
            kinds,
            weekdays,
            start,
            base_periods,
            known_from: 0,
            length: count.saturating_sub(start),
            decay: DECAY,
            passes_over_spells: false,
        }
    }

    /// Levels drift so many times more slowly than is usual.
    #[must_use]
    pub fn drifting_slower(mut self, times: usize) -> Self {
        self.decay = DECAY.powf(1.0 / times as f64);
        self
    }

    /// Leaves out of the base what was only for a time: a forecast is of what is left when it is over.
    #[must_use]
    pub fn without_spells(mut self) -> Self {
        self.passes_over_spells = true;
        self
    }

    /// Learns levels from periods of so many days, however long what is expected.
    #[must_use]
    pub fn in_periods_of(mut self, days: usize) -> Self {
        self.length = days;
        self
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

    /// The first day that weekdays are learnt from.
    pub(super) fn learnt_from(&self) -> usize {
        let half_a_year_before = self.start.saturating_sub(LEARNT * DAYS_A_WEEK);
        half_a_year_before.max(self.known_from)
    }

    /// Whether a period is ordinary enough to teach a level: with more than one holiday in seven days it is not. Holidays
    /// on weekends cost no working day.
    pub(super) fn is_ordinary(&self, period: &Range<usize>) -> bool {
        let mut days_off = 0;
        for day in period.clone() {
            if self.kinds[day].is_holiday() && self.weekdays[day] < SATURDAY {
                days_off += 1;
            }
        }
        days_off * DAYS_A_WEEK <= period.len()
    }

    /// Periods of the reported one's length before it, newest first, at most so many.
    pub(super) fn periods(&self, most: usize) -> impl Iterator<Item = Range<usize>> + use<> {
        let (start, length, known_from) = (self.start, self.length, self.known_from);
        (1..=most).map_while(move |back| {
            let from = start.checked_sub(back * length)?;
            (from >= known_from).then_some(from..from + length)
        })
    }
}

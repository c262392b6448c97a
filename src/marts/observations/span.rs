//! The days that observations are made of.

use chrono::{Days, NaiveDate};

use crate::model::period::Period;

/// Days of history before the reported period's end: a year for the season, and room for the base before it.
const HISTORY_DAYS: u64 = 65 * 7;
/// The longest history of long periods.
const LONGEST_HISTORY_DAYS: u64 = 800;

/// The days of the history.
pub(super) struct Span {
    /// Day 0.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// First day of the reported period.
    pub start: u32,
    /// First day of the base periods before it.
    pub base_start: u32,
}

impl Span {
    /// The history of a period, no longer than what is known.
    pub fn of(period: &Period, base_periods: u32, known_from: NaiveDate) -> Self {
        let base = period.days() * (u64::from(base_periods) + 1);
        let length = HISTORY_DAYS.max(base).min(LONGEST_HISTORY_DAYS);
        let first = (period.to - Days::new(length - 1))
            .max(known_from)
            .min(period.from);
        let start = (period.from - first).num_days().unsigned_abs() as u32;
        let base_start = start.saturating_sub((period.days() * u64::from(base_periods)) as u32);
        Self {
            first,
            last: period.to,
            start,
            base_start,
        }
    }

    /// The day of the history that a date is.
    pub fn day(&self, date: NaiveDate) -> Option<u32> {
        (date <= self.last)
            .then(|| self.since_first(date))
            .flatten()
    }

    /// Days from the first one to a date that may lie after the history: a deal is closed when it is closed.
    pub fn since_first(&self, date: NaiveDate) -> Option<u32> {
        u32::try_from((date - self.first).num_days()).ok()
    }

    /// How many days there are.
    pub fn len(&self) -> usize {
        ((self.last - self.first).num_days() + 1).unsigned_abs() as usize
    }
}

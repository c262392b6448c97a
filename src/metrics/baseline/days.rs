//! The days of a history, their kinds and the periods that they make.

use chrono::{Datelike, NaiveDate};

use crate::model::calendar::{Calendar, DayKind};

/// The days of a history and how they are grouped into periods.
#[derive(Debug, Clone)]
pub struct Days {
    pub(super) kinds: Vec<DayKind>,
    pub(super) weekdays: Vec<u8>,
    /// First day of the reported period.
    pub start: usize,
    pub(super) base_periods: usize,
    pub(super) known_from: usize,
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
    pub(super) fn is_ordinary(&self, period: &std::ops::Range<usize>) -> bool {
        let off = |day: &usize| self.kinds[*day].is_holiday() && self.weekdays[*day] < 5;
        let holidays = period.clone().filter(off).count();
        holidays * 7 <= period.len()
    }

    /// Periods of the reported one's length before it, newest first, at most so many.
    pub(super) fn periods(
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

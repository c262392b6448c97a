//! Years of two digits in front of a date: `26-11-09` is a day of 2026, or one of November 2009.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use crate::ingest::cells::OpenDate;

/// What the dates with a year of two digits show, should it be the last number.
#[derive(Debug, Default)]
pub(super) struct Years {
    /// The last numbers, as years.
    last: BTreeSet<i32>,
    /// The first numbers, as if they were years.
    first: BTreeSet<i32>,
    /// Whether a date has a year that cannot be taken for anything else.
    has_whole: bool,
}

/// So many different years among dates whose day stands still: a table has the days of a week, not those of a decade.
const FEWEST_YEARS: usize = 3;

impl Years {
    pub(super) fn add(&mut self, date: &OpenDate) {
        let Some(read) = date.day_first().or_else(|| date.month_first()) else {
            return;
        };
        self.has_whole |= !date.is_short;
        self.last.insert(read.year());
        self.first.insert(date.first_as_year().cast_signed());
    }

    /// Whether the years must be the first numbers: these are of this year or the one before, and the last ones are of many
    /// years.
    pub(super) fn come_first(&self, today: NaiveDate) -> bool {
        let of_now = today.year() - 1..=today.year();
        let stand_still = self.first.iter().all(|year| of_now.contains(year));
        !self.has_whole && self.last.len() >= FEWEST_YEARS && stand_still
    }
}

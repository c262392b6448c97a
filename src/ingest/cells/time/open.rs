//! Dates that two orders read differently: `11/9/2026` is a day in September or in November.

use chrono::NaiveDate;

use super::cursor::{Cursor, plain_text};
use super::{date, ymd};

/// A date of three numbers, the year last, before anybody has said which of the others is the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenDate {
    first: u32,
    second: u32,
    year: u32,
    /// Whether points stand between the numbers. Where people write points the day comes first, all over the world.
    pub has_points: bool,
    /// Whether a time of day follows.
    pub has_time: bool,
    /// Whether the year has two digits, so that it may as well be the first number.
    pub is_short: bool,
}

impl OpenDate {
    /// The date when the day comes first.
    pub fn day_first(&self) -> Option<NaiveDate> {
        ymd(self.year, self.second, self.first)
    }

    /// The year that the first number says when it is one.
    pub fn first_as_year(&self) -> u32 {
        2000 + self.first
    }

    /// The date when the month comes first.
    pub fn month_first(&self) -> Option<NaiveDate> {
        ymd(self.year, self.first, self.second)
    }
}

/// The numbers of a cell that begins with a date of that kind.
pub fn open_date(cell: &[u8]) -> Option<OpenDate> {
    let text = plain_text(cell)?;
    let mut cursor = Cursor::new(&text);
    date::weekday(&mut cursor);
    let [first, second, year] = date::three_numbers(&mut cursor)?;
    Some(OpenDate {
        first: first.short()?,
        second: second.short()?,
        year: date::year(year)?,
        has_points: text.contains('.') && !text.contains('/'),
        has_time: !cursor.is_at_end(),
        is_short: year.digits == 2,
    })
}

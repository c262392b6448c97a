//! Dates, times of day and instants in the ways in which exports write them. A cell is understood whole, or not at all:
//! what stands behind a date may be half a day, a zone, or another date.

mod clock;
mod cursor;
mod date;
mod of_day;
mod open;
mod span;
mod words;
mod zone;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta};

use self::cursor::{Cursor, plain_text};
pub use self::of_day::{moment_at, time_of_day};
pub use self::open::{OpenDate, open_date};
pub use self::span::{plan_span, span};
use super::number::unsigned;

/// Order of the parts of a date in an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// `2026-11-09 12:05:33`, also ISO 8601 with `T` and an offset, and `20261109`.
    #[default]
    Ymd,
    /// `09.11.2026 12:05`.
    Dmy,
    /// `11/09/2026 12:05 PM`.
    Mdy,
    /// Unix seconds (UTC), with or without a fraction; also their thousandths and millionths.
    Unix,
}

/// A point in time as an export writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Wall clock of the export's zone.
    Local(NaiveDateTime),
    /// An instant: the cell itself carries its offset. UTC.
    Instant(NaiveDateTime),
}

/// Years outside this are typing mistakes or zero dates of some system, not history.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;

/// Reads a date with an optional time of day.
pub fn moment(cell: &[u8], order: DateOrder) -> Option<Moment> {
    if order == DateOrder::Unix {
        return unix(cell);
    }
    // Nearly all cells of the large tables are of this form, and need nothing of what follows.
    if let Some(local) = plain_iso(cell) {
        return Some(Moment::Local(local));
    }
    let text = plain_text(cell)?;
    let mut cursor = Cursor::new(&text);
    // A spreadsheet's guard against formulas is no part of the date.
    cursor.eat("'");
    let found = whole_moment(&mut cursor, order)?;
    cursor.is_at_end().then_some(found)
}

/// A date, what may stand around it, and a time of day behind it.
fn whole_moment(cursor: &mut Cursor<'_>, order: DateOrder) -> Option<Moment> {
    if let Some(serial) = date::serial(cursor) {
        return Some(Moment::Local(serial));
    }
    let weekday = date::weekday(cursor);
    let day = date::date(cursor, order)?;
    let weekday = weekday.or_else(|| date::weekday(cursor));
    // A weekday that is not the date's shows that the parts were taken in the wrong order.
    if weekday.is_some_and(|weekday| weekday != day.weekday()) {
        return None;
    }
    let time = clock::time(cursor)?;
    let at = day.and_hms_opt(0, 0, 0)? + time.since_midnight;
    Some(match time.offset {
        Some(offset) => Moment::Instant(at - offset),
        None => Moment::Local(at),
    })
}

/// 1970-01-01, counted in days of the common era.
const UNIX_EPOCH_DAY: i32 = 719_163;

/// Days since 1970-01-01, as tables hold days.
pub fn day_number(day: NaiveDate) -> i32 {
    day.num_days_from_ce() - UNIX_EPOCH_DAY
}

/// `2026-11-09 12:05:33` to the letter.
fn plain_iso(cell: &[u8]) -> Option<NaiveDateTime> {
    let cell: &[u8; 19] = cell.try_into().ok()?;
    let marks = [cell[4], cell[7], cell[10], cell[13], cell[16]];
    if marks != *b"-- ::" {
        return None;
    }
    let two = |at: usize| Some(digit(cell[at])? * 10 + digit(cell[at + 1])?);
    let date = ymd(two(0)? * 100 + two(2)?, two(5)?, two(8)?)?;
    date.and_hms_opt(two(11)?, two(14)?, two(17)?)
}

fn digit(byte: u8) -> Option<u32> {
    byte.is_ascii_digit().then(|| u32::from(byte - b'0'))
}

fn ymd(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    let year = year.cast_signed();
    if !YEARS.contains(&year) {
        return None;
    }
    NaiveDate::from_ymd_opt(year, month, day)
}

/// Seconds since 1970, or their thousandths or millionths: of the years that are read no two of these have numbers of one
/// size. A fraction is cut off.
fn unix(cell: &[u8]) -> Option<Moment> {
    let whole = cell.split(|byte| matches!(byte, b'.' | b',')).next()?;
    let fraction = cell.get(whole.len() + 1..).unwrap_or_default();
    if !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = i64::try_from(unsigned(whole)?).ok()?;
    [1, 1_000, 1_000_000].into_iter().find_map(|in_a_second| {
        let instant = DateTime::from_timestamp(number / in_a_second, 0)?.naive_utc();
        let is_of_our_time = YEARS.contains(&instant.year());
        is_of_our_time.then_some(Moment::Instant(instant))
    })
}

/// Hours and minutes as a stretch of time.
fn minutes(hours: i64, minutes: i64) -> TimeDelta {
    TimeDelta::minutes(hours * 60 + minutes)
}

#[cfg(test)]
mod tests;

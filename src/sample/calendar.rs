//! Weeks, holidays, seasons and working hours of «Окна-Север». Moscow has kept UTC+3 since 2014.

use anyhow::{Context, Result};
use chrono::{DateTime, Datelike, Days, NaiveDate, Weekday};

/// Seconds in a minute.
pub const MINUTE: i64 = 60;
/// Seconds in an hour.
pub const HOUR: i64 = 3600;
/// Seconds that Moscow is ahead of UTC.
pub const MOSCOW: i64 = 3 * HOUR;
/// Seconds in a day.
pub const DAY: i64 = 86_400;

// What follows is invented: the curves of a firm that sells windows, as one would expect them.
/// How busy each day from Monday on is, on average 1.
const WEEKDAYS: [f64; 7] = [1.15, 1.12, 1.08, 1.05, 0.98, 0.80, 0.82];
/// How busy windows are in the middle of each month, on average 1.
const SEASON: [f64; 12] = [
    0.80, 0.88, 1.00, 1.12, 1.10, 1.02, 0.96, 1.02, 1.12, 1.12, 1.00, 0.86,
];
/// How many visits start in each hour.
pub const HOURS: [f64; 24] = [
    1.2, 0.7, 0.4, 0.3, 0.3, 0.5, 1.2, 2.4, 4.0, 5.6, 6.4, 6.6, 6.4, 6.2, 6.0, 5.8, 5.6, 5.6, 5.8,
    6.2, 6.4, 6.0, 4.4, 2.4,
];

/// Parses `2026-W46` to that week's Monday.
pub fn parse_week(text: &str) -> Result<NaiveDate> {
    let monday = text.split_once("-W").and_then(|(year, week)| {
        NaiveDate::from_isoywd_opt(year.parse().ok()?, week.parse().ok()?, Weekday::Mon)
    });
    monday.with_context(|| format!("\"{text}\" is not a week like 2026-W46"))
}

/// The name of the week that `date` is in, like `2026-W46`.
pub fn week_name(date: NaiveDate) -> String {
    let week = date.iso_week();
    format!("{}-W{:02}", week.year(), week.week())
}

/// The date `days` after `date` (before, when negative).
pub fn shift(date: NaiveDate, days: i64) -> NaiveDate {
    let moved = if days < 0 {
        date.checked_sub_days(Days::new(days.unsigned_abs()))
    } else {
        date.checked_add_days(Days::new(days as u64))
    };
    moved.expect("a sample stays inside the calendar")
}

/// Midnight in Moscow at the start of `date`, in Unix seconds.
pub fn midnight(date: NaiveDate) -> i64 {
    let days = date.signed_duration_since(NaiveDate::default()).num_days();
    days * DAY - MOSCOW
}

/// The date in the zone that is `ahead` seconds before UTC.
pub fn date_at(at: i64, ahead: i64) -> NaiveDate {
    shift(NaiveDate::default(), (at + ahead).div_euclid(DAY))
}

/// `at` written as `format` says, in the zone that is `ahead` seconds before UTC.
pub fn text(at: i64, ahead: i64, format: &str) -> String {
    let moment =
        DateTime::from_timestamp(at + ahead, 0).expect("a sample stays inside the calendar");
    moment.format(format).to_string()
}

/// `at` as `2026-11-15 10:23:46`, quicker than [`text`], for files with many times.
pub fn stamp(at: i64, ahead: i64) -> String {
    let date = date_at(at, ahead);
    let (year, month, day) = (date.year(), date.month(), date.day());
    let second = (at + ahead).rem_euclid(DAY);
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

/// The Russian public holiday on `date`, if any.
pub fn holiday(date: NaiveDate) -> Option<&'static str> {
    match (date.month(), date.day()) {
        (1, 1..=11) => Some("New Year holidays"),
        (2, 23) => Some("Defender's Day"),
        (3, 8..=9) => Some("Women's Day"),
        (5, 1..=3 | 9..=11) => Some("May holidays"),
        (6, 12) => Some("Russia Day"),
        (11, 4) => Some("Unity Day"),
        _ => None,
    }
}

/// How busy `date` is for its season, with a small growth up to `latest`.
pub fn season(date: NaiveDate, latest: NaiveDate) -> f64 {
    // Months since the middle of January; between two middles the season changes evenly.
    let from_middle = f64::from(date.day()) - MIDDLE_OF_MONTH;
    let position = f64::from(date.month0()) + from_middle / MONTH_DAYS;
    let before = position.floor();
    let level = |month: f64| SEASON[(month as i64).rem_euclid(12) as usize];
    let seasonal = level(before) + (level(before + 1.0) - level(before)) * (position - before);
    let age = latest.signed_duration_since(date).num_days() as f64;
    seasonal * (LATEST_LEVEL - YEARLY_GROWTH * age / 365.0).max(LEAST_LEVEL)
}

/// The day of a month at which [`SEASON`] is stated.
const MIDDLE_OF_MONTH: f64 = 15.0;
/// Days of an average month.
pub const MONTH_DAYS: f64 = 30.4;
/// How busy the firm is at the end, against its average over a year, and by how much it grows in one. Invented.
const LATEST_LEVEL: f64 = 1.03;
const YEARLY_GROWTH: f64 = 0.06;
/// However long ago, the firm was not smaller than this.
const LEAST_LEVEL: f64 = 0.5;
/// Visits on a holiday, against a usual day; `truth.json` tells it.
const HOLIDAY_TRAFFIC: f64 = 0.62;

/// How busy each day of the week from `monday` on is; holidays bring less traffic.
pub fn day_weights(monday: NaiveDate) -> [f64; 7] {
    std::array::from_fn(|day| {
        let is_holiday = holiday(shift(monday, day as i64)).is_some();
        WEEKDAYS[day] * if is_holiday { HOLIDAY_TRAFFIC } else { 1.0 }
    })
}

/// Whether somebody is in the office to answer.
pub fn is_open(at: i64) -> bool {
    let date = date_at(at, MOSCOW);
    let hour = (at + MOSCOW).rem_euclid(DAY) / HOUR;
    let hours = if date.weekday() == Weekday::Sun || holiday(date).is_some() {
        10..18
    } else {
        9..21
    };
    // The office is shut on the first days of the year and short-handed on other holidays.
    let shut = date.month() == 1 && date.day() <= 4;
    !shut && hours.contains(&hour)
}

/// The first moment from `at` on when the office is open.
pub fn next_opening(at: i64) -> i64 {
    // Eight days: the office is never shut for longer than the first four of the year.
    let mut hours = (0..8 * 24).map(|hour| at + hour * HOUR);
    hours.find(|moment| is_open(*moment)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_are_iso_weeks() {
        let monday = parse_week("2026-W46").unwrap();
        assert_eq!(monday.to_string(), "2026-11-09");
        assert_eq!(week_name(shift(monday, 6)), "2026-W46");
        assert!(parse_week("2026-46").is_err());
    }

    #[test]
    fn moscow_midnight_is_three_hours_before_utc() {
        assert_eq!(
            text(midnight(parse_week("2026-W46").unwrap()), 0, "%F %T"),
            "2026-11-08 21:00:00"
        );
    }

    #[test]
    fn night_calls_wait_for_the_morning() {
        let night = midnight(parse_week("2026-W45").unwrap()) + 3 * 3600;
        assert!(!is_open(night) && is_open(next_opening(night)));
    }
}

//! Dates and times of typed carriers as text: ISO, which every format reads whatever its order says.

use calamine::ExcelDateTime;
use chrono::{DateTime, NaiveDateTime, TimeDelta};

const DAY_SECONDS: f64 = 86_400.0;

/// A date, a time of day or a duration of a spreadsheet.
pub(super) fn of_sheet(at: &ExcelDateTime) -> String {
    let days = at.as_f64();
    // Below one there is no day: it is a time of day.
    if at.is_duration() || (0.0..1.0).contains(&days) {
        return clock((days * DAY_SECONDS).round() as i64);
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let date = chrono::NaiveDate::from_ymd_opt(year.into(), month.into(), day.into());
    let time = date.and_then(|date| {
        date.and_hms_milli_opt(hour.into(), minute.into(), second.into(), milli.into())
    });
    // A serial number is a binary fraction of a day: whole seconds may lie a millisecond below.
    let rounded = time.and_then(|time| time.checked_add_signed(TimeDelta::milliseconds(500)));
    rounded.map_or_else(|| super::grid::number(days), |time| shown(time, ""))
}

/// Seconds as hours, minutes and seconds; a duration may have more hours than a day.
fn clock(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.unsigned_abs();
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{sign}{hours:02}:{minutes:02}:{:02}", seconds % 60)
}

/// A time to the second; midnight is the day alone, as one writes it, unless an offset says which midnight.
fn shown(time: NaiveDateTime, offset: &str) -> String {
    let is_day = time.format("%H:%M:%S").to_string() == "00:00:00" && offset.is_empty();
    let form = if is_day {
        "%Y-%m-%d"
    } else {
        "%Y-%m-%d %H:%M:%S"
    };
    format!("{}{offset}", time.format(form))
}

/// `2026-11-02T10:05:00` with a space in its middle.
pub(super) fn of_iso(text: &str) -> String {
    text.replacen('T', " ", 1)
}

/// `PT1H02M03S` as `01:02:03`; what is written otherwise stays as it is.
pub(super) fn of_iso_duration(text: &str) -> String {
    seconds_of_iso(text).map_or_else(|| text.to_owned(), clock)
}

fn seconds_of_iso(text: &str) -> Option<i64> {
    let mut seconds = 0.0;
    let mut rest = text.strip_prefix("PT")?;
    while let Some(at) = rest.find(['H', 'M', 'S']) {
        let value: f64 = rest[..at].parse().ok()?;
        seconds += match rest.as_bytes()[at] {
            b'H' => value * 3600.0,
            b'M' => value * 60.0,
            _ => value,
        };
        rest = &rest[at + 1..];
    }
    rest.is_empty().then_some(seconds.round() as i64)
}

/// Whether a stored instant is of UTC or of whatever clock wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// Seconds of UTC.
    Utc,
    /// Seconds of a wall clock.
    Wall,
}

/// Microseconds since 1970.
pub(super) fn of_micros(micros: i64, clock: Clock) -> String {
    let offset = match clock {
        Clock::Utc => "Z",
        Clock::Wall => "",
    };
    let at = DateTime::from_timestamp_micros(micros);
    at.map_or_else(|| micros.to_string(), |at| shown(at.naive_utc(), offset))
}

/// Microseconds since midnight.
pub(super) fn of_day_micros(micros: i64) -> String {
    clock(micros / 1_000_000)
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn serial_numbers_become_dates_times_and_durations() {
        let date = |value| ExcelDateTime::new(value, ExcelDateTimeType::DateTime, false);
        let duration = |value| ExcelDateTime::new(value, ExcelDateTimeType::TimeDelta, false);
        // 2 November 2026 is day 46328 of the spreadsheet's calendar; 10:05 is 605 of its 1440 minutes.
        let cases = [
            (date(46_328.0), "2026-11-02"),
            (date(46_328.0 + 605.0 / 1440.0), "2026-11-02 10:05:00"),
            (date(46_328.420_138_888_8), "2026-11-02 10:05:00"),
            (date(0.5), "12:00:00"),
            (duration(1.25), "30:00:00"),
        ];
        for (at, shown) in cases {
            assert_eq!(of_sheet(&at), shown);
        }
    }

    #[test]
    fn iso_times_and_durations_are_written_as_tables_write_them() {
        assert_eq!(of_iso("2026-11-02T10:05:00"), "2026-11-02 10:05:00");
        assert_eq!(of_iso("2026-11-02"), "2026-11-02");
        assert_eq!(of_iso_duration("PT00H01M05S"), "00:01:05");
        assert_eq!(of_iso_duration("P1D"), "P1D");
    }

    #[test]
    fn instants_of_utc_say_so() {
        let micros = 1_793_613_900_000_000;
        assert_eq!(of_micros(micros, Clock::Wall), "2026-11-02 10:05:00");
        assert_eq!(of_micros(micros, Clock::Utc), "2026-11-02 10:05:00Z");
    }
}

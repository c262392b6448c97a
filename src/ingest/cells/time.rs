//! Dates, times of day and instants in the orders in which exports write them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

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
    /// Unix seconds (UTC), with or without a fraction.
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
    let (numbers, count, rest) = number_groups(cell)?;
    let (date, first_time) = if count > 0 && numbers[0].1 == 8 && order == DateOrder::Ymd {
        let compact = numbers[0].0;
        (
            ymd(compact / 10_000, compact / 100 % 100, compact % 100)?,
            1,
        )
    } else {
        (date_of(&numbers, count, order)?, 3)
    };
    let part = |at: usize| if at < count { numbers[at].0 } else { 0 };
    let (mut hour, suffix) = (part(first_time), rest);
    if let Some(afternoon) = meridiem(suffix) {
        hour = hour % 12 + if afternoon { 12 } else { 0 };
    }
    let time = NaiveTime::from_hms_opt(hour, part(first_time + 1), part(first_time + 2))?;
    let local = date.and_time(time);
    match offset_minutes(suffix) {
        Some(minutes) => Some(Moment::Instant(local - chrono::TimeDelta::minutes(minutes))),
        None => Some(Moment::Local(local)),
    }
}

fn date_of(numbers: &[(u32, usize); 6], count: usize, order: DateOrder) -> Option<NaiveDate> {
    if count < 3 {
        return None;
    }
    let [a, b, c] = [numbers[0].0, numbers[1].0, numbers[2].0];
    match order {
        DateOrder::Dmy if numbers[0].1 <= 2 => ymd(century(c), b, a),
        DateOrder::Mdy if numbers[0].1 <= 2 => ymd(century(c), a, b),
        // An ISO date is understood whatever the order says: its first part has four digits.
        _ if numbers[0].1 == 4 => ymd(a, b, c),
        _ => None,
    }
}

fn century(year: u32) -> u32 {
    if year < 100 { 2000 + year } else { year }
}

fn ymd(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    let year = year.cast_signed();
    if !YEARS.contains(&year) {
        return None;
    }
    NaiveDate::from_ymd_opt(year, month, day)
}

type Groups<'a> = ([(u32, usize); 6], usize, &'a [u8]);

/// The leading groups of digits (value, digits) with single separators between them, and what follows the last one.
fn number_groups(cell: &[u8]) -> Option<Groups<'_>> {
    let mut groups = [(0, 0); 6];
    let (mut count, mut at) = (0, 0);
    while count < 6 {
        let start = at;
        let mut value = 0u32;
        while let Some(digit) = cell.get(at).filter(|byte| byte.is_ascii_digit()) {
            value = value
                .checked_mul(10)?
                .checked_add(u32::from(digit - b'0'))?;
            at += 1;
        }
        if at == start {
            break;
        }
        groups[count] = (value, at - start);
        count += 1;
        match cell.get(at) {
            // A plus or a minus after the time of day begins the offset, not another part.
            Some(b'-' | b'+') if count >= 4 => break,
            Some(b'.') if count == 6 => break,
            Some(b'-' | b'/' | b'.' | b':' | b'T' | b' ' | b',') => at += 1,
            _ => break,
        }
        if matches!(cell.get(at), Some(b' ')) {
            at += 1;
        }
    }
    Some((groups, count, &cell[at.min(cell.len())..]))
}

fn meridiem(rest: &[u8]) -> Option<bool> {
    let word = rest.trim_ascii();
    match word.get(..2) {
        Some(head) if head.eq_ignore_ascii_case(b"pm") => Some(true),
        Some(head) if head.eq_ignore_ascii_case(b"am") => Some(false),
        _ => None,
    }
}

fn offset_minutes(rest: &[u8]) -> Option<i64> {
    let rest = match rest
        .iter()
        .position(|byte| !(byte.is_ascii_digit() || *byte == b'.'))
    {
        Some(start) => &rest[start..],
        None => return None,
    };
    let (sign, digits) = match rest {
        [b'Z', ..] => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let digits: Vec<i64> = digits
        .iter()
        .filter(|byte| byte.is_ascii_digit())
        .map(|byte| i64::from(byte - b'0'))
        .collect();
    match digits.as_slice() {
        [h, hh] => Some(sign * (h * 10 + hh) * 60),
        [h, hh, m, mm] => Some(sign * ((h * 10 + hh) * 60 + m * 10 + mm)),
        _ => None,
    }
}

fn unix(cell: &[u8]) -> Option<Moment> {
    let whole = cell.split(|byte| *byte == b'.').next()?;
    let seconds = i64::try_from(unsigned(whole)?).ok()?;
    let instant = chrono::DateTime::from_timestamp(seconds, 0)?.naive_utc();
    YEARS
        .contains(&chrono::Datelike::year(&instant.date()))
        .then_some(Moment::Instant(instant))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(text: &str) -> Option<Moment> {
        Some(Moment::Local(
            text.parse().expect("a test writes real times"),
        ))
    }

    fn instant(text: &str) -> Option<Moment> {
        Some(Moment::Instant(
            text.parse().expect("a test writes real times"),
        ))
    }

    #[test]
    fn dates_are_read_in_the_orders_that_exports_use() {
        let noon = local("2026-03-04T12:05:33");
        assert_eq!(moment(b"2026-03-04 12:05:33", DateOrder::Ymd), noon);
        assert_eq!(moment(b"04.03.2026 12:05:33", DateOrder::Dmy), noon);
        assert_eq!(moment(b"03/04/2026 12:05:33", DateOrder::Mdy), noon);
        assert_eq!(moment(b"3/4/2026 12:05:33 PM", DateOrder::Mdy), noon);
        assert_eq!(
            moment(b"20260304", DateOrder::Ymd),
            local("2026-03-04T00:00:00")
        );
        assert_eq!(
            moment(b"04.03.2026", DateOrder::Dmy),
            local("2026-03-04T00:00:00")
        );
        assert_eq!(moment(b"2026-03-04T12:05:33", DateOrder::Dmy), noon);
        assert_eq!(
            moment(b"2026/2/10 22:41", DateOrder::Ymd),
            local("2026-02-10T22:41:00")
        );
    }

    #[test]
    fn an_offset_in_the_cell_wins_over_the_zone() {
        assert_eq!(
            moment(b"2026-03-04T12:05:33+03:00", DateOrder::Ymd),
            instant("2026-03-04T09:05:33")
        );
        assert_eq!(
            moment(b"2026-03-04T12:05:33Z", DateOrder::Ymd),
            instant("2026-03-04T12:05:33")
        );
        assert_eq!(
            moment(b"2026-03-04T12:05:33.250-0500", DateOrder::Ymd),
            instant("2026-03-04T17:05:33")
        );
        assert_eq!(
            moment(b"1772625933", DateOrder::Unix),
            instant("2026-03-04T12:05:33")
        );
    }

    #[test]
    fn what_is_no_date_of_this_century_is_refused() {
        for cell in [
            "1970-01-01 00:00:00",
            "0000-00-00 00:00:00",
            "2026-02-30",
            "32.01.2026",
            "",
            "не закрыта",
            "2026-13-01",
        ] {
            assert_eq!(moment(cell.as_bytes(), DateOrder::Ymd), None, "{cell}");
        }
        assert_eq!(moment(b"0", DateOrder::Unix), None);
    }
}

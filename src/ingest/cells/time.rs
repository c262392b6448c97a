//! Dates, times of day and instants in the orders in which exports write them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

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
    let groups = Groups::read(cell)?;
    let (date, clock) = groups.date_and_clock(order)?;
    let local = date.and_time(time_of_day(clock, groups.rest)?);
    match offset_minutes(groups.rest) {
        Some(minutes) => Some(Moment::Instant(local - TimeDelta::minutes(minutes))),
        None => Some(Moment::Local(local)),
    }
}

/// 1970-01-01, counted in days of the common era.
const UNIX_EPOCH_DAY: i32 = 719_163;

/// Days since 1970-01-01, as tables hold days.
pub fn day_number(day: NaiveDate) -> i32 {
    day.num_days_from_ce() - UNIX_EPOCH_DAY
}

/// One group of digits in a date: `03` is 3 of two digits.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    value: u32,
    digits: usize,
}

/// Year, month, day, hour, minute and second; whatever follows is a fraction or an offset.
const MOST_GROUPS: usize = 6;
/// Groups up to the hour: a sign behind the time of day begins the offset.
const GROUPS_WITH_HOUR: usize = 4;

/// The leading groups of digits of a cell.
struct Groups<'a> {
    groups: [Group; MOST_GROUPS],
    count: usize,
    /// What follows the last group: a fraction, `PM`, an offset.
    rest: &'a [u8],
}

impl<'a> Groups<'a> {
    /// Takes groups of digits with single separators (and perhaps a space) between them.
    fn read(cell: &'a [u8]) -> Option<Self> {
        let mut groups = [Group::default(); MOST_GROUPS];
        let mut count = 0;
        let mut at = 0;
        while count < MOST_GROUPS {
            let start = at;
            let mut value = 0u32;
            while let Some(digit) = cell.get(at).filter(|byte| byte.is_ascii_digit()) {
                let digit = u32::from(digit - b'0');
                value = value.checked_mul(10)?.checked_add(digit)?;
                at += 1;
            }
            let digits = at - start;
            if digits == 0 {
                break;
            }
            groups[count] = Group { value, digits };
            count += 1;
            match cell.get(at) {
                // A plus or a minus after the time of day begins the offset, not another part.
                Some(b'-' | b'+') if count >= GROUPS_WITH_HOUR => break,
                // A point after the seconds begins their fraction.
                Some(b'.') if count == MOST_GROUPS => break,
                Some(b'-' | b'/' | b'.' | b':' | b'T' | b' ' | b',') => at += 1,
                _ => break,
            }
            if cell.get(at) == Some(&b' ') {
                at += 1;
            }
        }
        Some(Self {
            groups,
            count,
            rest: &cell[at.min(cell.len())..],
        })
    }

    /// The date, and the groups behind it: those of the time of day.
    fn date_and_clock(&self, order: DateOrder) -> Option<(NaiveDate, &[Group])> {
        let found = &self.groups[..self.count];
        match found {
            // `20260304`: year, month and day in one.
            [date, clock @ ..] if date.digits == 8 && order == DateOrder::Ymd => {
                let date = date.value;
                let date = ymd(date / 10_000, date / 100 % 100, date % 100)?;
                Some((date, clock))
            }
            [a, b, c, clock @ ..] => Some((date_of([*a, *b, *c], order)?, clock)),
            _ => None,
        }
    }
}

fn date_of([a, b, c]: [Group; 3], order: DateOrder) -> Option<NaiveDate> {
    match order {
        DateOrder::Dmy if a.digits <= 2 => ymd(century(c.value), b.value, a.value),
        DateOrder::Mdy if a.digits <= 2 => ymd(century(c.value), a.value, b.value),
        // An ISO date is understood whatever the order says: its first part has four digits.
        _ if a.digits == 4 => ymd(a.value, b.value, c.value),
        _ => None,
    }
}

/// The year behind two digits: all exports are of this century, as [`YEARS`] says.
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

/// The time of day: parts that are not there are zero, so that a date alone is its midnight.
fn time_of_day(clock: &[Group], rest: &[u8]) -> Option<NaiveTime> {
    let part = |at: usize| clock.get(at).map_or(0, |group| group.value);
    let hour = match meridiem(rest) {
        // On a clock of twelve hours the first one is called 12.
        Some(Meridiem::Am) => part(0) % 12,
        Some(Meridiem::Pm) => part(0) % 12 + 12,
        None => part(0),
    };
    NaiveTime::from_hms_opt(hour, part(1), part(2))
}

/// Half of the day on a clock of twelve hours.
enum Meridiem {
    Am,
    Pm,
}

fn meridiem(rest: &[u8]) -> Option<Meridiem> {
    let word = rest.trim_ascii().get(..2)?;
    if word.eq_ignore_ascii_case(b"pm") {
        Some(Meridiem::Pm)
    } else if word.eq_ignore_ascii_case(b"am") {
        Some(Meridiem::Am)
    } else {
        None
    }
}

/// The offset from UTC behind a time of day and its fraction: `Z`, `+03`, `+03:00`, `-0500`.
fn offset_minutes(rest: &[u8]) -> Option<i64> {
    let is_fraction = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    let start = rest.iter().position(|byte| !is_fraction(byte))?;
    let (sign, offset) = match &rest[start..] {
        [b'Z', ..] => return Some(0),
        [b'+', offset @ ..] => (1, offset),
        [b'-', offset @ ..] => (-1, offset),
        _ => return None,
    };
    // Tens and ones of the hours, then of the minutes, which may be left out.
    let mut digits = [0i64; 4];
    let mut count = 0;
    for digit in offset.iter().filter(|byte| byte.is_ascii_digit()) {
        *digits.get_mut(count)? = i64::from(digit - b'0');
        count += 1;
    }
    if count != 2 && count != 4 {
        return None;
    }
    let hours = digits[0] * 10 + digits[1];
    let minutes = digits[2] * 10 + digits[3];
    Some(sign * (hours * 60 + minutes))
}

/// Seconds since 1970; a fraction is cut off.
fn unix(cell: &[u8]) -> Option<Moment> {
    let whole = cell.split(|byte| *byte == b'.').next()?;
    let seconds = i64::try_from(unsigned(whole)?).ok()?;
    let instant = DateTime::from_timestamp(seconds, 0)?.naive_utc();
    let is_of_our_time = YEARS.contains(&instant.year());
    is_of_our_time.then_some(Moment::Instant(instant))
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

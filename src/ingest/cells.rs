//! From the bytes of one cell to a typed value: the closed set of readings that a format may name.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use xxhash_rust::xxh3::xxh3_64;

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

/// Reads digits only.
pub fn unsigned(cell: &[u8]) -> Option<u64> {
    if cell.is_empty() || cell.len() > 20 {
        return None;
    }
    let mut value = 0u64;
    for byte in cell {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(u64::from(digit))?;
    }
    Some(value)
}

/// Which sign separates the fraction in a file's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decimal {
    /// `1,234.56`.
    #[default]
    Dot,
    /// `1 234,56` and `1.234,56`.
    Comma,
}

/// Reads a number with thousands separators as thousandths, exact to three places and rounded half up beyond.
pub fn milli(cell: &[u8], decimal: Decimal) -> Option<i64> {
    let fraction_mark = if decimal == Decimal::Dot { b'.' } else { b',' };
    let (negative, digits) = match cell {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (mut value, mut places, mut seen, mut round_up) = (0i64, None::<u32>, false, false);
    let mut bytes = digits.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            // Places beyond the third only decide the rounding, which the third has looked at.
            b'0'..=b'9' if places == Some(3) => {}
            b'0'..=b'9' => {
                value = value.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
                seen = true;
                if let Some(places) = places.as_mut() {
                    *places += 1;
                    if *places == 3 {
                        round_up = matches!(bytes.peek(), Some(b'5'..=b'9'));
                    }
                }
            }
            _ if byte == fraction_mark && places.is_none() => places = Some(0),
            b',' | b'.' | b' ' | b'\'' if places.is_none() => {}
            // The two bytes of a no-break space, the three of a narrow one.
            0xC2 | 0xA0 | 0xE2 | 0x80 | 0xAF if places.is_none() => {}
            _ => return None,
        }
    }
    if !seen {
        return None;
    }
    let value = value
        .checked_mul(10i64.pow(3 - places.unwrap_or(0)))?
        .checked_add(i64::from(round_up))?;
    Some(if negative { -value } else { value })
}

/// Reads an amount in major units as minor units; `micros` is for systems that write millionths of the major unit.
pub fn minor(cell: &[u8], decimal: Decimal, micros: bool) -> Option<i64> {
    let thousandths = milli(cell, decimal)?;
    // 1 minor unit is 10 thousandths of the major unit; a micro amount is a million times smaller.
    let per_minor = if micros { 10_000_000 } else { 10 };
    let half = per_minor / 2 * thousandths.signum();
    Some((thousandths + half) / per_minor)
}

/// Reads a whole count; `1,234`, `1 234` and `1234.0` are the same number.
pub fn count(cell: &[u8], decimal: Decimal) -> Option<u32> {
    if let Some(value) = unsigned(cell) {
        return u32::try_from(value).ok().filter(|value| *value != u32::MAX);
    }
    let thousandths = milli(cell, decimal)?;
    u32::try_from(thousandths / 1000)
        .ok()
        .filter(|_| thousandths >= 0 && thousandths % 1000 == 0)
}

/// Reads seconds: a count, or `HH:MM:SS` / `MM:SS`.
pub fn duration(cell: &[u8]) -> Option<u32> {
    if !cell.contains(&b':') {
        return count(cell, Decimal::Dot);
    }
    let mut seconds = 0u32;
    for part in cell.split(|byte| *byte == b':') {
        seconds = seconds
            .checked_mul(60)?
            .checked_add(u32::try_from(unsigned(part)?).ok()?)?;
    }
    Some(seconds)
}

/// An identifier as a 64-bit key: decimal numbers that fit stay themselves, anything else is hashed. Never 0.
pub fn key(cell: &[u8]) -> u64 {
    unsigned(cell)
        .filter(|id| *id != 0)
        .unwrap_or_else(|| xxh3_64(cell).max(1))
}

/// Reads yes or no in the words that exports use.
pub fn flag(cell: &[u8]) -> Option<bool> {
    let text = std::str::from_utf8(cell).ok()?.trim().to_lowercase();
    match text.as_str() {
        "1" | "true" | "yes" | "y" | "да" | "д" | "t" => Some(true),
        "0" | "false" | "no" | "n" | "нет" | "н" | "f" => Some(false),
        _ => None,
    }
}

/// Host and path of an address, without scheme, `www.`, query and fragment: what pages are compared by. The query is
/// dropped because it may carry a client's phone or e-mail.
pub fn page(cell: &[u8]) -> &[u8] {
    let rest = without_scheme(cell);
    let end = rest
        .iter()
        .position(|byte| matches!(byte, b'?' | b'#'))
        .unwrap_or(rest.len());
    let page = &rest[..end];
    if page.len() > 1 {
        page.strip_suffix(b"/").unwrap_or(page)
    } else {
        page
    }
}

/// The host of an address, without scheme and `www.`.
pub fn host(cell: &[u8]) -> &[u8] {
    let rest = without_scheme(cell);
    let end = rest
        .iter()
        .position(|byte| matches!(byte, b'/' | b'?' | b'#' | b':'))
        .unwrap_or(rest.len());
    &rest[..end]
}

fn without_scheme(cell: &[u8]) -> &[u8] {
    let rest = memchr::memmem::find(cell, b"://").map_or(cell, |at| &cell[at + 3..]);
    rest.strip_prefix(b"www.").unwrap_or(rest)
}

/// The ids of an array cell (`[301,302]`, quoted or not) joined by commas: `301,302`.
pub fn goals(cell: &[u8], into: &mut Vec<u8>) {
    into.clear();
    for byte in cell {
        match byte {
            b'[' | b']' | b'\'' | b'"' | b'\\' | b' ' => {}
            byte => into.push(*byte),
        }
    }
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

    #[test]
    fn numbers_are_read_with_either_mark() {
        assert_eq!(milli(b"9,380", Decimal::Dot), Some(9_380_000));
        assert_eq!(milli(b"1 234,56", Decimal::Comma), Some(1_234_560));
        assert_eq!(
            milli("1\u{a0}234\u{202f}567,5".as_bytes(), Decimal::Comma),
            Some(1_234_567_500)
        );
        assert_eq!(milli(b"-0.0005", Decimal::Dot), Some(-1));
        assert_eq!(milli(b"1.23456", Decimal::Dot), Some(1_235));
        for cell in ["", "-", "--", " --", "< 10%", "12 руб.", "1.2.3e4"] {
            assert_eq!(milli(cell.as_bytes(), Decimal::Dot), None, "{cell}");
        }
    }

    #[test]
    fn amounts_become_minor_units() {
        assert_eq!(minor(b"1234,50", Decimal::Comma, false), Some(123_450));
        assert_eq!(minor(b"1234500000", Decimal::Dot, true), Some(123_450));
        assert_eq!(minor(b"-10", Decimal::Dot, false), Some(-1_000));
    }

    #[test]
    fn ids_beyond_64_bits_are_hashed_not_truncated() {
        assert_eq!(key(b"18446744073709551615"), u64::MAX);
        assert_ne!(key(b"18446744073709551616"), 0);
        assert_ne!(key(b"123.456"), key(b"123.457"));
    }

    #[test]
    fn addresses_lose_what_may_be_personal() {
        assert_eq!(
            page(b"https://www.okna.example/lp/?phone=79001234567#top"),
            b"okna.example/lp"
        );
        assert_eq!(page(b"https://okna.example/"), b"okna.example");
        assert_eq!(
            host(b"https://www.google.com:443/search?q=a"),
            b"google.com"
        );
    }

    #[test]
    fn durations_are_seconds_or_clock_times() {
        assert_eq!(duration(b"95"), Some(95));
        assert_eq!(duration(b"01:02:03"), Some(3723));
        assert_eq!(duration(b"1:xx"), None);
    }
}

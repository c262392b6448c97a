//! Counts, amounts, plain numbers and durations, with either mark before the fraction.

use crate::model::columns::NO_COUNT;

/// Digits of the largest 64-bit number: a longer cell is no number, or does not fit.
const MOST_DIGITS: usize = 20;

/// Reads digits only.
pub fn unsigned(cell: &[u8]) -> Option<u64> {
    if cell.is_empty() || cell.len() > MOST_DIGITS {
        return None;
    }
    let mut value = 0u64;
    for byte in cell {
        // Bytes below `0` wrap around to large numbers, so that one comparison refuses both sides.
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

/// Decimal places that are kept: thousandths hold kopecks and the quantities of a plan, and are exact.
const PLACES: u32 = 3;
/// Thousandths in one.
const MILLI: i64 = 10i64.pow(PLACES);

/// Reads a number with thousands separators as thousandths: exact to three places, rounded to the nearest beyond, a half
/// away from zero.
pub fn milli(cell: &[u8], decimal: Decimal) -> Option<i64> {
    let (is_negative, digits) = match cell {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let value = magnitude(digits, decimal)?;
    Some(if is_negative { -value } else { value })
}

/// The thousandths of a number without its sign.
fn magnitude(digits: &[u8], decimal: Decimal) -> Option<i64> {
    let fraction_mark = match decimal {
        Decimal::Dot => b'.',
        Decimal::Comma => b',',
    };
    let mut value = 0i64;
    // Places behind the fraction mark so far; none before the mark.
    let mut places = None::<u32>;
    let mut has_digits = false;
    let mut round_up = false;
    let mut bytes = digits.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            // Places beyond the third only decide the rounding, which the third has looked at.
            b'0'..=b'9' if places == Some(PLACES) => {}
            b'0'..=b'9' => {
                value = value.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
                has_digits = true;
                if let Some(places) = places.as_mut() {
                    *places += 1;
                    if *places == PLACES {
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
    if !has_digits {
        return None;
    }
    let places_missing = PLACES - places.unwrap_or(0);
    value
        .checked_mul(10i64.pow(places_missing))?
        .checked_add(i64::from(round_up))
}

/// Thousandths of the major unit in one minor unit: a kopeck is ten thousandths of a rouble.
const MILLI_A_MINOR: i64 = 10;
/// The same for amounts in millionths: a kopeck is 10 000 millionths of a rouble, each of them a thousand thousandths.
const MICRO_MILLI_A_MINOR: i64 = 10_000_000;

/// Reads an amount in major units as minor units, a half rounded away from zero.
pub fn minor(cell: &[u8], decimal: Decimal) -> Option<i64> {
    let thousandths = milli(cell, decimal)?;
    Some(nearest(thousandths, MILLI_A_MINOR))
}

/// Reads an amount in millionths of the major unit, as some systems write it, as minor units.
pub fn minor_of_micros(cell: &[u8], decimal: Decimal) -> Option<i64> {
    let thousandths = milli(cell, decimal)?;
    Some(nearest(thousandths, MICRO_MILLI_A_MINOR))
}

/// How many times `unit` (an even number) goes into `amount`, a half rounded away from zero.
fn nearest(amount: i64, unit: i64) -> i64 {
    let half = unit / 2 * amount.signum();
    (amount + half) / unit
}

/// Reads a whole count; `1,234`, `1 234` and `1234.0` are the same number.
pub fn count(cell: &[u8], decimal: Decimal) -> Option<u32> {
    // Digits alone are by far the usual case, and need no thousandths.
    if let Some(value) = unsigned(cell) {
        return u32::try_from(value).ok().filter(|value| *value != NO_COUNT);
    }
    let thousandths = milli(cell, decimal)?;
    let is_whole = thousandths >= 0 && thousandths % MILLI == 0;
    u32::try_from(thousandths / MILLI).ok().filter(|_| is_whole)
}

/// Reads seconds: a count, or `HH:MM:SS` / `MM:SS`.
pub fn duration(cell: &[u8]) -> Option<u32> {
    if !cell.contains(&b':') {
        return count(cell, Decimal::Dot);
    }
    let mut seconds = 0u32;
    for part in cell.split(|byte| *byte == b':') {
        let part = u32::try_from(unsigned(part)?).ok()?;
        seconds = seconds.checked_mul(60)?.checked_add(part)?;
    }
    Some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(minor(b"1234,50", Decimal::Comma), Some(123_450));
        assert_eq!(minor_of_micros(b"1234500000", Decimal::Dot), Some(123_450));
        assert_eq!(minor(b"-10", Decimal::Dot), Some(-1_000));
    }

    #[test]
    fn durations_are_seconds_or_clock_times() {
        assert_eq!(duration(b"95"), Some(95));
        assert_eq!(duration(b"01:02:03"), Some(3723));
        assert_eq!(duration(b"1:xx"), None);
    }
}

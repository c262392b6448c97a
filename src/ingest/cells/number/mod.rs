//! Counts, amounts, plain numbers and durations, with either mark before the fraction. A cell is understood whole, or it
//! is no number.

mod bare;
mod mark;

pub use self::bare::is_currency;
pub use self::mark::{Decimal, Shown, mark_shown};

use self::bare::bare;
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

/// Decimal places that are kept: thousandths hold kopecks and the quantities of a plan, and are exact.
const PLACES: u32 = 3;
/// Thousandths in one.
const MILLI: i64 = 10i64.pow(PLACES);

/// What becomes of the places beyond the thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beyond {
    /// They round the third place, a half away from zero.
    Rounds,
    /// They are cut off: who rounds to fewer places rounds once, or 1.4346 would be 1.435, and then 1.44.
    Cut,
}

/// Reads a number with thousands separators as thousandths: exact to three places, rounded to the nearest beyond, a half
/// away from zero.
pub fn milli(cell: &[u8], decimal: Decimal) -> Option<i64> {
    thousandths(cell, decimal, Beyond::Rounds)
}

fn thousandths(cell: &[u8], decimal: Decimal, beyond: Beyond) -> Option<i64> {
    let bare = bare(cell)?;
    let value = match bare.digits.split_once('e') {
        Some((digits, exponent)) => scientific(digits, exponent, decimal, beyond)?,
        None => magnitude(bare.digits, decimal, beyond)?,
    };
    Some(if bare.is_negative { -value } else { value })
}

/// The same of a number that may be a percentage: `6 %` is 0.06.
pub fn milli_or_percent(cell: &[u8], decimal: Decimal) -> Option<i64> {
    match percentage(cell) {
        Some(number) => Some(nearest(milli_of_percent(number, decimal)?, PERCENT)),
        None => milli(cell, decimal),
    }
}

/// Percents in one.
const PERCENT: i64 = 100;
/// Millionths in a thousandth.
const MICRO_A_MILLI: i64 = 1000;

/// Reads a number or percentage as millionths: a planned conversion of 1.25 % is 0.0125, which thousandths cannot tell.
pub fn millionths(cell: &[u8], decimal: Decimal) -> Option<i64> {
    if let Some(number) = percentage(cell) {
        return milli_of_percent(number, decimal)?.checked_mul(MICRO_A_MILLI / PERCENT);
    }
    let thousandths = milli(cell, decimal)?;
    let text = std::str::from_utf8(cell)
        .ok()?
        .trim()
        .replace(decimal.mark(), ".");
    // What is no plain number, thousands between spaces among it, is an amount, and those are exact to thousandths.
    match text.parse::<f64>() {
        Ok(plain) if (plain * 1e3 - thousandths as f64).abs() <= 0.5 => {
            Some((plain * 1e6).round() as i64)
        }
        _ => thousandths.checked_mul(MICRO_A_MILLI),
    }
}

/// The number of a percentage, which may have another mark than the amounts of its column: `1,25 %` beside `1500.00`.
fn milli_of_percent(number: &[u8], decimal: Decimal) -> Option<i64> {
    milli(number, decimal).or_else(|| milli(number, decimal.other()))
}

/// The number before a percent sign.
fn percentage(cell: &[u8]) -> Option<&[u8]> {
    let text = std::str::from_utf8(cell).ok()?.trim();
    Some(text.strip_suffix('%')?.trim_end().as_bytes())
}

/// The thousandths of a number without its sign.
fn magnitude(digits: &str, decimal: Decimal, beyond: Beyond) -> Option<i64> {
    let (whole, fraction) = digits.split_once(decimal.mark()).unwrap_or((digits, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let thousandths = whole_part(whole, decimal)?.checked_mul(MILLI)?;
    thousandths.checked_add(fraction_part(fraction, beyond)?)
}

/// Signs between thousands, beside the mark that is not the fraction's: spaces of all widths and apostrophes.
const BETWEEN_THOUSANDS: [char; 7] = [
    ' ', '\u{a0}', '\u{202f}', '\u{2009}', '\u{2007}', '\'', '\u{2019}',
];

/// The part before the fraction. Thousands are separated by one sign throughout, and a group has three digits: `1,2` with
/// a comma between thousands is no number. Only the Indian way of writing has groups of two, before the last one.
fn whole_part(whole: &str, decimal: Decimal) -> Option<i64> {
    let separates =
        |symbol: char| symbol == decimal.other().mark() || BETWEEN_THOUSANDS.contains(&symbol);
    let Some(separator) = whole.chars().find(|symbol| separates(*symbol)) else {
        return digits_only(whole);
    };
    let mut value = 0i64;
    let mut groups = whole.split(separator).enumerate().peekable();
    while let Some((at, group)) = groups.next() {
        let is_last = groups.peek().is_none();
        let has_its_digits = match (at, is_last) {
            (0, _) => (1..=3).contains(&group.len()),
            (_, true) => group.len() == 3,
            (_, false) => group.len() == 3 || group.len() == 2,
        };
        if !has_its_digits {
            return None;
        }
        let shift = 10i64.pow(u32::try_from(group.len()).ok()?);
        value = value.checked_mul(shift)?.checked_add(digits_only(group)?)?;
    }
    Some(value)
}

/// The value of digits, nothing else among them; none are zero.
fn digits_only(text: &str) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    i64::try_from(unsigned(text.as_bytes())?).ok()
}

/// The thousandths of the digits behind a fraction mark, rounded by the fourth of them or not.
fn fraction_part(fraction: &str, beyond: Beyond) -> Option<i64> {
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let places = PLACES as usize;
    let kept = &fraction[..fraction.len().min(places)];
    let missing = PLACES - u32::try_from(kept.len()).ok()?;
    let next = fraction.as_bytes().get(places);
    let round_up = beyond == Beyond::Rounds && next.is_some_and(|digit| *digit >= b'5');
    Some(digits_only(kept)? * 10i64.pow(missing) + i64::from(round_up))
}

/// The largest exponent that is read, either way: 10¹⁵ is more than any amount.
const LARGEST_EXPONENT: i32 = 15;

/// A number as programs write it: `1e3`, `1.5e+06`. Spreadsheets write `E` and cut the digits that they do not show, so
/// that only the small letter is exact.
fn scientific(digits: &str, exponent: &str, decimal: Decimal, beyond: Beyond) -> Option<i64> {
    let (whole, fraction) = digits.split_once(decimal.mark()).unwrap_or((digits, ""));
    let mantissa = unsigned([whole, fraction].concat().as_bytes())?;
    let exponent: i32 = exponent.parse().ok()?;
    if exponent.abs() > LARGEST_EXPONENT {
        return None;
    }
    // Places by which the mantissa's last digit is left of the thousandths.
    let shift = exponent - i32::try_from(fraction.len()).ok()? + PLACES.cast_signed();
    let power = 10i128.checked_pow(shift.unsigned_abs())?;
    let mantissa = i128::from(mantissa);
    let thousandths = if shift >= 0 {
        mantissa.checked_mul(power)?
    } else {
        let half = if beyond == Beyond::Rounds {
            power / 2
        } else {
            0
        };
        (mantissa + half) / power
    };
    i64::try_from(thousandths).ok()
}

/// Thousandths of the major unit in one minor unit: a kopeck is ten thousandths of a rouble.
const MILLI_A_MINOR: i64 = 10;
/// The same for amounts in millionths: a kopeck is 10 000 millionths of a rouble, each of them a thousand thousandths.
const MICRO_MILLI_A_MINOR: i64 = 10_000_000;

/// Reads an amount in major units as minor units, a half rounded away from zero.
pub fn minor(cell: &[u8], decimal: Decimal) -> Option<i64> {
    let thousandths = thousandths(cell, decimal, Beyond::Cut)?;
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

/// Reads a whole count; `1,234`, `1 234` and `1234.0` are the same number. Without a mark that somebody stated each cell
/// tells its own: a count has no fraction but zeros, so that three digits behind a mark are thousands.
pub fn count(cell: &[u8], stated: Option<Decimal>) -> Option<u32> {
    // Digits alone are by far the usual case, and need no thousandths.
    if let Some(value) = unsigned(cell) {
        return as_count(i64::try_from(value).ok()?);
    }
    let decimal = stated.unwrap_or_else(|| own_mark(cell));
    let thousandths = milli(cell, decimal)?;
    let is_whole = thousandths % MILLI == 0;
    as_count(thousandths / MILLI).filter(|_| is_whole)
}

/// The fraction mark that a cell tells by itself: three digits behind its only mark are thousands.
pub fn own_mark(cell: &[u8]) -> Decimal {
    match mark_shown(cell) {
        Some(Shown::Open(mark)) => mark.other(),
        Some(Shown::Fraction(mark)) => mark,
        None => Decimal::Dot,
    }
}

/// The largest 32-bit number stands for "absent" and is no count.
fn as_count(value: i64) -> Option<u32> {
    let count = u32::try_from(value).ok()?;
    (count != NO_COUNT).then_some(count)
}

/// Parts of a clock time: hours, minutes and seconds.
const MOST_PARTS: usize = 3;

/// Reads seconds: a count, or `HH:MM:SS` / `MM:SS`.
pub fn duration(cell: &[u8]) -> Option<u32> {
    if !cell.contains(&b':') {
        return count(cell, Some(Decimal::Dot));
    }
    let mut seconds = 0u32;
    for (at, part) in cell.split(|byte| *byte == b':').enumerate() {
        let part = u32::try_from(unsigned(part)?).ok()?;
        let is_too_much = at > 0 && part >= 60;
        if at == MOST_PARTS || is_too_much {
            return None;
        }
        seconds = seconds.checked_mul(60)?.checked_add(part)?;
    }
    as_count(i64::from(seconds))
}

#[cfg(test)]
mod tests;

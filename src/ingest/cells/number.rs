//! Counts, amounts, plain numbers and durations, with either mark before the fraction.

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
        assert_eq!(minor(b"1234,50", Decimal::Comma, false), Some(123_450));
        assert_eq!(minor(b"1234500000", Decimal::Dot, true), Some(123_450));
        assert_eq!(minor(b"-10", Decimal::Dot, false), Some(-1_000));
    }

    #[test]
    fn durations_are_seconds_or_clock_times() {
        assert_eq!(duration(b"95"), Some(95));
        assert_eq!(duration(b"01:02:03"), Some(3723));
        assert_eq!(duration(b"1:xx"), None);
    }
}

//! What spreadsheets do to identifiers and telephone numbers: they keep fifteen digits of a number, and show fewer.

use std::borrow::Cow;

/// How a spreadsheet has damaged an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// `7,1E+18`: digits are gone, and many identifiers have become one.
    Cut,
    /// `#N/A`, `#ССЫЛКА!`: a formula that found nothing.
    Formula,
}

/// The damage that a cell shows.
#[inline]
pub fn damage(cell: &[u8]) -> Option<Damage> {
    // Both kinds are short, and have one of these two signs.
    match cell.first()? {
        b'#' if is_formula_error(cell) => Some(Damage::Formula),
        b'0'..=b'9' | b'-' if is_cut(cell) => Some(Damage::Cut),
        _ => None,
    }
}

/// The longest number that a spreadsheet shows with an exponent: `1.23456789012345E+018`.
const LONGEST_CUT: usize = 22;

/// One digit, perhaps a fraction, `E+` and the exponent: nobody's identifier looks like this.
fn is_cut(cell: &[u8]) -> bool {
    if cell.len() > LONGEST_CUT {
        return false;
    }
    let Some(at) = memchr::memchr2(b'e', b'E', cell) else {
        return false;
    };
    let (number, exponent) = (&cell[..at], &cell[at + 1..]);
    let number = number.strip_prefix(b"-").unwrap_or(number);
    let fraction = match number {
        [first, b'.' | b',', fraction @ ..] if first.is_ascii_digit() => fraction,
        [first] if first.is_ascii_digit() => b"",
        _ => return false,
    };
    let Some(exponent) = exponent.strip_prefix(b"+") else {
        return false;
    };
    let is_digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    is_digits(fraction) && !exponent.is_empty() && is_digits(exponent)
}

/// The errors of formulas as spreadsheets show them, in English and Russian.
const FORMULA_ERRORS: &[&str] = &[
    "#N/A",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#DIV/0!",
    "#ERROR!",
    "#SPILL!",
    "#Н/Д",
    "#ССЫЛКА!",
    "#ЗНАЧ!",
    "#ИМЯ?",
    "#ЧИСЛО!",
    "#ПУСТО!",
    "#ДЕЛ/0!",
];

fn is_formula_error(cell: &[u8]) -> bool {
    FORMULA_ERRORS.iter().any(|error| error.as_bytes() == cell)
}

/// A whole number without the `.0` that a column of numbers with gaps gets when a program saves it: the number is still
/// all there.
#[inline]
fn without_float(cell: &[u8]) -> &[u8] {
    match cell.strip_suffix(b".0") {
        Some(number) if !number.is_empty() && number.iter().all(u8::is_ascii_digit) => number,
        _ => cell,
    }
}

/// An identifier as its system writes it: without what a spreadsheet puts into a number, the `.0` of a column with gaps and
/// the spaces between groups of three digits (`12 001`).
pub fn as_written(cell: &[u8]) -> Cow<'_, [u8]> {
    let id = without_float(cell);
    if id.len() < SHORTEST_GROUPED || !id[0].is_ascii_digit() {
        return Cow::Borrowed(id);
    }
    let plain = super::plain_spaces(id);
    let mut groups = plain.split(|byte| *byte == b' ');
    let is_digits = |group: &[u8]| !group.is_empty() && group.iter().all(u8::is_ascii_digit);
    let first = groups.next().unwrap_or_default();
    let is_grouped = plain.contains(&b' ')
        && first.len() <= 3
        && is_digits(first)
        && groups.all(|group| group.len() == 3 && is_digits(group));
    match is_grouped {
        true => Cow::Owned(plain.iter().copied().filter(u8::is_ascii_digit).collect()),
        false => Cow::Borrowed(id),
    }
}

/// Bytes of the shortest number with a space between its groups: `1 000`.
const SHORTEST_GROUPED: usize = 5;

/// Digits that a spreadsheet keeps of a number.
const KEPT_DIGITS: u32 = 15;

/// Whether an identifier is longer than what a spreadsheet keeps; and if so, whether all digits beyond are zeros, as in
/// what a spreadsheet has saved. One such identifier may be chance, most of a file are not.
#[inline]
pub fn is_rounded(id: u64) -> Option<bool> {
    // Of 17 digits one id in a hundred ends so by chance; shorter ones say too little.
    const SHORTEST: u64 = 10u64.pow(KEPT_DIGITS + 1);
    if id < SHORTEST {
        return None;
    }
    let lost = 10u64.pow(id.ilog10() + 1 - KEPT_DIGITS);
    Some(id.is_multiple_of(lost))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_a_spreadsheet_has_cut_are_known_and_others_are_left_alone() {
        for cell in ["7,1E+18", "1,78992E+18", "7.9e+10", "7E+10", "-1,2E+05"] {
            assert_eq!(damage(cell.as_bytes()), Some(Damage::Cut), "{cell}");
        }
        for cell in ["#N/A", "#Н/Д", "#REF!"] {
            assert_eq!(damage(cell.as_bytes()), Some(Damage::Formula), "{cell}");
        }
        for cell in [
            "",
            "7e10",
            "1e+",
            "deal E+1",
            "12E+3",
            "#1",
            "5e1f+3",
            "1762679102.25",
        ] {
            assert_eq!(damage(cell.as_bytes()), None, "{cell}");
        }
    }

    #[test]
    fn a_whole_number_that_was_saved_as_a_fraction_is_the_number() {
        assert_eq!(without_float(b"1762679102334455.0"), b"1762679102334455");
        for cell in ["1.00", ".0", "v1.0", "1.5"] {
            assert_eq!(without_float(cell.as_bytes()), cell.as_bytes());
        }
    }

    #[test]
    fn an_identifier_that_was_shown_with_groups_of_digits_is_the_number() {
        for cell in ["12 001", "12\u{a0}001", "12\u{202f}001", "12001.0"] {
            assert_eq!(&*as_written(cell.as_bytes()), b"12001", "{cell}");
        }
        for cell in [
            "12 01",
            "1200 001",
            "12 001a",
            "A 12 001",
            "12  001",
            "7 900 555 00 01",
        ] {
            assert_eq!(&*as_written(cell.as_bytes()), cell.as_bytes(), "{cell}");
        }
    }

    #[test]
    fn ids_that_end_in_zeros_beyond_the_fifteenth_digit_were_rounded() {
        assert_eq!(is_rounded(1_762_679_102_334_450_000), Some(true));
        assert_eq!(is_rounded(1_762_679_102_334_455_000), Some(false));
        assert_eq!(is_rounded(17_626_791_023_344_500), Some(true));
        assert_eq!(is_rounded(1_762_679_102_334_450), None);
    }
}

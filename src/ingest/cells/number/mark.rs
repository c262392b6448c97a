//! Which mark separates the fraction, as far as one amount shows it.

use super::bare::bare;
use super::{Beyond, magnitude};

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

impl Decimal {
    /// The mark itself.
    pub(super) fn mark(self) -> char {
        match self {
            Self::Dot => '.',
            Self::Comma => ',',
        }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Dot => Self::Comma,
            Self::Comma => Self::Dot,
        }
    }
}

/// What an amount shows of its marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// This mark separates the fraction: nothing else is possible.
    Fraction(Decimal),
    /// This mark stands once with three digits behind it: it separates thousands or a fraction.
    Open(Decimal),
}

/// Digits of a group of thousands.
const THOUSANDS: usize = 3;

/// What a cell shows of the file's fraction mark; nothing without marks, and nothing when it is no number.
pub fn mark_shown(cell: &[u8]) -> Option<Shown> {
    let digits = bare(cell)?.digits;
    let digits = digits.split(['e', 'E']).next()?;
    let at = digits.rfind(['.', ','])?;
    let (whole, behind) = (&digits[..at], &digits[at + 1..]);
    let mark = if digits[at..].starts_with('.') {
        Decimal::Dot
    } else {
        Decimal::Comma
    };
    let repeats = whole.contains(mark.mark());
    let has_other = whole.contains(mark.other().mark());
    let fraction = match (repeats, has_other) {
        (false, false) if may_be_thousands(whole, behind) => return Some(Shown::Open(mark)),
        // `1.234.567`: a fraction begins only once.
        (true, _) => mark.other(),
        // `1,234.56`, `12.5`
        (false, _) => mark,
    };
    // A date or a word with a point shows nothing.
    magnitude(digits, fraction, Beyond::Cut).map(|_| Shown::Fraction(fraction))
}

/// Whether the only mark of a number may stand between thousands: `2.250`, but neither `0.250` nor `1234.250` nor
/// `1 234.250`.
fn may_be_thousands(whole: &str, behind: &str) -> bool {
    let is_group = behind.len() == THOUSANDS && (1..=THOUSANDS).contains(&whole.len());
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    is_group && !whole.starts_with('0') && is_digits(whole) && is_digits(behind)
}

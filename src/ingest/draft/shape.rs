//! What the values of a column look like.

use crate::ingest::cells::{self, DateOrder, Decimal};
use crate::model::contact::normal_phone;

/// What most values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// No value at all.
    Empty,
    /// Dates in an order, with a time of day or without.
    Date {
        order: DateOrder,
        has_clock: bool,
    },
    /// `HH:MM:SS`.
    Duration,
    Email,
    Phone,
    /// Addresses of pages.
    Address,
    /// Whole numbers.
    Count,
    /// Numbers with a fraction, or with a sign of money.
    Amount,
    /// Yes and no in one of the usual pairs of words.
    Flag,
    Text,
}

/// Of so many values one may be something else: exports hold stray words and damaged cells.
const ONE_STRAY_OF: usize = 10;

/// The shape of a column by its filled cells.
pub(super) fn shape_of(values: &[String]) -> Shape {
    if values.is_empty() {
        return Shape::Empty;
    }
    let most = |is_one: fn(&str) -> bool| {
        let fitting = values.iter().filter(|value| is_one(value)).count();
        (values.len() - fitting) * ONE_STRAY_OF <= values.len()
    };
    // From what is hardest to be taken for something else to what fits nearly anything.
    if most(is_email) {
        Shape::Email
    } else if most(is_address) {
        Shape::Address
    } else if let Some(order) = date_order(values) {
        let has_clock = values.iter().any(|value| value.contains(':'));
        Shape::Date {
            order,
            has_clock: has_clock || order == DateOrder::Unix,
        }
    } else if most(is_duration) {
        Shape::Duration
    } else if most(is_phone) || are_ends_of_calls(values) {
        Shape::Phone
    } else if most(is_flag) {
        Shape::Flag
    } else if most(is_count) {
        Shape::Count
    } else if most(is_amount) {
        Shape::Amount
    } else {
        Shape::Text
    }
}

fn is_email(value: &str) -> bool {
    let Some((name, domain)) = value.rsplit_once('@') else {
        return false;
    };
    !name.is_empty() && domain.contains('.')
}

fn is_address(value: &str) -> bool {
    value.starts_with("http://") || value.starts_with("https://")
}

/// The order in which all values are dates. Of day first and month first, where both fit, day first: it is by far the more
/// usual one outside of America.
fn date_order(values: &[String]) -> Option<DateOrder> {
    let orders = [
        DateOrder::Ymd,
        DateOrder::Dmy,
        DateOrder::Mdy,
        DateOrder::Unix,
    ];
    orders.into_iter().find(|order| {
        let is_date = |value: &&String| {
            is_date_like(value, *order) && cells::moment(value.as_bytes(), *order).is_some()
        };
        let dates = values.iter().filter(is_date).count();
        (values.len() - dates) * ONE_STRAY_OF <= values.len()
    })
}

/// Digits of Unix seconds of this century.
const UNIX_DIGITS: usize = 10;

/// Letters of the shortest name of a month.
const LETTERS_OF_MONTH: usize = 3;

/// Whether a cell looks like a date at all: plain numbers can be read as one, too, and mostly are none.
fn is_date_like(value: &str, order: DateOrder) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    if order == DateOrder::Unix {
        return value.len() == UNIX_DIGITS && digits == UNIX_DIGITS && value.starts_with('1');
    }
    let has_marks = value
        .bytes()
        .filter(|byte| matches!(byte, b'-' | b'.' | b'/'))
        .count()
        >= 2;
    let is_compact = value.len() == 8 && digits == 8 && value.starts_with("20");
    // The name of a month stands for one of the numbers: `15 Apr, 2021`.
    let has_word = value
        .chars()
        .filter(|symbol| symbol.is_alphabetic())
        .count()
        >= LETTERS_OF_MONTH;
    ((has_marks || has_word) && digits >= 4) || is_compact
}

fn is_duration(value: &str) -> bool {
    value.contains(':') && cells::duration(value.as_bytes()).is_some()
}

/// Digits of a number with its country, without which a column of numbers may be anything.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 11..=13;

/// Whether a cell is surely the number of a telephone: with its country or the marks of one.
pub(super) fn is_phone(value: &str) -> bool {
    let has_marks = value.starts_with('+') || value.contains('(');
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let is_long =
        PHONE_DIGITS.contains(&digits) && (value.starts_with('7') || value.starts_with('8'));
    (has_marks || is_long) && normal_phone(value.as_bytes(), &mut Vec::new())
}

/// The longest extension, digits: town numbers are longer as a rule.
const EXTENSION_DIGITS: usize = 5;

/// Whether a cell is the extension of a colleague.
pub(super) fn is_extension(value: &str) -> bool {
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    !value.is_empty() && value.len() <= EXTENSION_DIGITS && is_number
}

/// Whether a column holds telephones and extensions of colleagues alike, as who called does where calls go both ways.
fn are_ends_of_calls(values: &[String]) -> bool {
    let phones = values.iter().filter(|value| is_phone(value)).count();
    let extensions = values.iter().filter(|value| is_extension(value)).count();
    phones + extensions == values.len() && phones * 3 >= values.len()
}

fn is_flag(value: &str) -> bool {
    // The figures 0 and 1 alone are more often counts.
    let is_word = value.chars().any(char::is_alphabetic);
    is_word && cells::flag(value.as_bytes()).is_some()
}

fn is_count(value: &str) -> bool {
    cells::unsigned(value.as_bytes()).is_some()
}

fn is_amount(value: &str) -> bool {
    let starts_like_one = value.bytes().any(|byte| byte.is_ascii_digit());
    let bytes = value.as_bytes();
    starts_like_one
        && (cells::milli(bytes, Decimal::Comma).is_some()
            || cells::milli(bytes, Decimal::Dot).is_some())
}

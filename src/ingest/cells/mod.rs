//! From the bytes of one cell to a typed value: the closed set of readings that a format may name.

mod address;
mod currency;
mod damage;
mod list;
mod null;
mod number;
mod origin;
mod percent;
mod space;
mod tag;
mod time;
mod unit;

use xxhash_rust::xxh3::xxh3_64;

pub use self::address::{host, page};
pub use self::currency::{currency, currency_of_amount};
pub use self::damage::{Damage, as_written, damage, is_rounded};
pub use self::list::ids;
pub use self::null::is_null;
pub use self::number::{
    Decimal, Shown, count, duration, is_currency, mark_shown, milli, milli_or_percent, millionths,
    minor, minor_of_micros, own_mark, unsigned,
};
pub use self::origin::{AddressTags, ClickId, tags_of_address};
pub use self::space::{TYPED, plain_spaces, trim};
pub use self::tag::{TagUse, tag};
pub use self::time::{
    DateOrder, Moment, OpenDate, day_number, moment, moment_at, open_date, plan_span, span,
    time_of_day,
};
pub use self::unit::unit;

/// An identifier as a 64-bit key: decimal numbers that fit stay themselves, anything else is hashed. Never 0.
pub fn key(cell: &[u8]) -> u64 {
    let cell = without_cookie_version(cell);
    match unsigned(cell) {
        Some(id) if id != 0 => id,
        // 0 is the absent key: nothing that is there may have it.
        _ => xxh3_64(cell).max(1),
    }
}

/// The id of Google Analytics without the version of its cookie, which forms keep and exports of visits do not:
/// `GA1.2.1234567890.1700000000` is the visitor `1234567890.1700000000`.
fn without_cookie_version(cell: &[u8]) -> &[u8] {
    let Some(rest) = cell.strip_prefix(b"GA1.") else {
        return cell;
    };
    let version = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    match rest[version..].strip_prefix(b".") {
        Some(id) if version > 0 && id.contains(&b'.') => id,
        _ => cell,
    }
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

    #[test]
    fn ids_beyond_64_bits_are_hashed_not_truncated() {
        assert_eq!(key(b"18446744073709551615"), u64::MAX);
        assert_ne!(key(b"18446744073709551616"), 0);
        assert_ne!(key(b"123.456"), key(b"123.457"));
    }

    #[test]
    fn a_visitor_of_google_is_the_same_with_the_version_of_the_cookie() {
        assert_eq!(key(b"GA1.2.123.456"), key(b"123.456"));
        assert_ne!(key(b"GA1.123.456"), key(b"123.456"));
    }
}

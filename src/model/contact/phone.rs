//! A telephone number out of what people write around it.

use std::borrow::Cow;

use super::Found;
use super::countries::{Countries, Written};
use super::masked::hides_digits;
use crate::model::placeholder::is_placeholder;

/// Fewer digits are an extension or a short number of a service, and nobody's.
pub(super) const FEWEST_DIGITS: usize = 7;

/// The most digits of a number (ITU-T E.164).
pub(super) const MOST_DIGITS: usize = 15;

/// Writes what identifies the number in a cell into `key`. Of several numbers the first counts; extensions, messengers,
/// remarks and sentences around it do not.
pub fn read_phone(cell: &[u8], countries: &Countries, key: &mut Vec<u8>) -> Found {
    key.clear();
    let text = String::from_utf8_lossy(cell);
    let text = in_plain_characters(text.trim());
    if hides_digits(&text) {
        return Found::Unreadable;
    }
    let text = match spreadsheet_number(&text) {
        Some(Ok(whole)) => Cow::Owned(whole),
        Some(Err(Damaged)) => return Found::Unreadable,
        None => text,
    };
    let mut found = Found::Nobody;
    let mut digits = Vec::with_capacity(MOST_DIGITS);
    for run in Runs::of(&text) {
        let read = run.read(countries, &mut digits, key);
        match read {
            Found::Person => return read,
            // A number that follows one of nobody's may be somebody's.
            Found::Nobody => {}
            read => found = read,
        }
    }
    key.clear();
    let says_nothing = found == Found::Nobody && is_placeholder(text.as_bytes());
    if says_nothing {
        Found::Placeholder
    } else {
        found
    }
}

/// All numbers of a cell that fit a country's plan, in their order, as what identifies each of them.
pub fn each_phone(cell: &[u8], countries: &Countries, take: &mut dyn FnMut(&[u8])) {
    let text = String::from_utf8_lossy(cell);
    let text = in_plain_characters(text.trim());
    if !hides_digits(&text) {
        each_in(&text, countries, take);
    }
}

fn each_in(text: &str, countries: &Countries, take: &mut dyn FnMut(&[u8])) {
    let (mut digits, mut key) = (Vec::new(), Vec::new());
    for run in Runs::of(text) {
        if run.is_masked {
            continue;
        }
        let behind = run.first(countries, &mut digits, &mut key);
        let Some(behind) = behind else { continue };
        if !is_invented(&digits) && !is_invented(key.strip_prefix(b"+").unwrap_or(&key)) {
            take(&key);
        }
        // A run is ASCII: what stands behind its first number is a text.
        each_in(
            std::str::from_utf8(behind).unwrap_or_default(),
            countries,
            take,
        );
    }
}

/// Full-width digits, no-break spaces and typographic dashes as the plain ones; marks that cannot be seen are dropped.
fn in_plain_characters(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let plain = |letter: char| match letter {
        '\u{ff10}'..='\u{ff19}' => char::from_u32(letter as u32 - 0xff10 + u32::from('0')),
        '\u{ff0b}' => Some('+'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
        '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => None,
        letter if letter.is_whitespace() => Some(' '),
        letter => Some(letter),
    };
    Cow::Owned(text.chars().filter_map(plain).collect())
}

/// A spreadsheet has rounded the number away.
struct Damaged;

/// The digits of a number that a spreadsheet or pandas wrote as a fraction: `79001112233.0`, `7.9001112233E+10`.
/// `None` is no such number.
fn spreadsheet_number(text: &str) -> Option<Result<String, Damaged>> {
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, behind) = text.split_once(['.', ','])?;
    if !is_digits(whole) {
        return None;
    }
    let is_zero = !behind.is_empty() && behind.bytes().all(|byte| byte == b'0');
    if is_zero && whole.len() >= FEWEST_DIGITS {
        return Some(Ok(whole.to_owned()));
    }
    let (fraction, exponent) = behind.split_once(['e', 'E'])?;
    let exponent = exponent.trim_start_matches('+');
    if !is_digits(fraction) || !is_digits(exponent) {
        return None;
    }
    // Only with as many places as the number has digits has nothing been rounded away.
    let is_whole = whole.len() == 1 && exponent.parse() == Ok(fraction.len());
    Some(if is_whole {
        Ok(format!("{whole}{fraction}"))
    } else {
        Err(Damaged)
    })
}

/// The stretches of a text that may be numbers: digits with what people put between them.
struct Runs<'t> {
    text: &'t str,
    at: usize,
}

/// One such stretch.
struct Run<'t> {
    /// The stretch; it is ASCII.
    text: &'t [u8],
    /// Digits in it.
    digits: usize,
    /// Whether the rest is hidden: `+7 900 ***-**-01`.
    is_masked: bool,
}

impl<'t> Runs<'t> {
    fn of(text: &'t str) -> Self {
        Self { text, at: 0 }
    }
}

impl<'t> Iterator for Runs<'t> {
    type Item = Run<'t>;

    fn next(&mut self) -> Option<Run<'t>> {
        let bytes = self.text.as_bytes();
        while self.at < bytes.len() {
            let start = self.at;
            let (end, digits) = end_of_run(&bytes[start..]);
            let end = start + end;
            // What ends a run belongs to none, but for the `+` of the next number.
            let is_plus = bytes.get(end) == Some(&b'+');
            self.at = if is_plus && end > start { end } else { end + 1 };
            let name = bytes[..start].last().is_some_and(u8::is_ascii_alphanumeric);
            // Digits before an `@` are a number when nothing of a name stands before them: `sip:79001112233@host`.
            let is_address = name && bytes.get(end) == Some(&b'@');
            if digits >= FEWEST_DIGITS && !is_address {
                return Some(Run {
                    text: &bytes[start..end],
                    digits,
                    is_masked: hides(&bytes[end..]),
                });
            }
        }
        None
    }
}

/// Where a run ends, and how many digits are in it.
fn end_of_run(bytes: &[u8]) -> (usize, usize) {
    let mut digits = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let ends = match byte {
            b'0'..=b'9' => {
                digits += 1;
                false
            }
            b' ' | b'-' | b'(' | b')' | b'.' | b'\t' => false,
            b'+' => digits > 0,
            // `8/924/555-00-00`, but `8 924 555-00-00 / 8 900 …`.
            b'/' => digits >= FEWEST_DIGITS,
            _ => true,
        };
        if ends {
            return (at, digits);
        }
    }
    (bytes.len(), digits)
}

fn hides(rest: &[u8]) -> bool {
    let rest = rest.trim_ascii_start();
    rest.starts_with(b"*") || rest.starts_with(b"xx") || rest.starts_with(b"XX")
}

impl Run<'_> {
    /// The number that the run is, else the one that it begins with.
    fn read(&self, countries: &Countries, digits: &mut Vec<u8>, key: &mut Vec<u8>) -> Found {
        if self.is_masked {
            return Found::Unreadable;
        }
        let has_plus = self.text.trim_ascii_start().starts_with(b"+");
        digits.clear();
        digits.extend(self.text.iter().filter(|byte| byte.is_ascii_digit()));
        if is_invented(digits) {
            return Found::Placeholder;
        }
        if self.first(countries, digits, key).is_some() {
            let national = key.strip_prefix(b"+").unwrap_or(key);
            return if is_invented(national) {
                Found::Placeholder
            } else {
                Found::Person
            };
        }
        if self.digits > MOST_DIGITS {
            return Found::Unreadable;
        }
        as_written(has_plus, digits, key)
    }

    /// Writes what identifies the number that the run is, else the one that it begins with; answers what stands behind it.
    fn first(
        &self,
        countries: &Countries,
        digits: &mut Vec<u8>,
        key: &mut Vec<u8>,
    ) -> Option<&[u8]> {
        let has_plus = self.text.trim_ascii_start().starts_with(b"+");
        digits.clear();
        digits.extend(self.text.iter().filter(|byte| byte.is_ascii_digit()));
        let whole = (digits.len(), self.text.len());
        let (count, end) = std::iter::once(whole)
            .chain(self.beginnings())
            .find(|(count, _)| {
                let digits = &digits[..*count];
                countries.identify(Written { has_plus, digits }, key)
            })?;
        digits.truncate(count);
        Some(&self.text[end..])
    }

    /// How many digits stand before each gap, where these may be a whole number, and where it is.
    fn beginnings(&self) -> impl Iterator<Item = (usize, usize)> {
        /// A gap after fewer digits is one inside the number.
        const FEWEST_BEFORE_GAP: usize = 10;
        let is_gap = |byte: &u8| matches!(byte, b' ' | b'(' | b'/');
        let gaps = (0..self.text.len()).filter(move |at| is_gap(&self.text[*at]));
        let before = gaps.map(|at| {
            let digits = self.text[..at].iter().filter(|byte| byte.is_ascii_digit());
            (digits.count(), at)
        });
        before.filter(|(count, _)| *count >= FEWEST_BEFORE_GAP)
    }
}

/// A number of no plan that we know: its digits, as they are written.
fn as_written(has_plus: bool, digits: &[u8], key: &mut Vec<u8>) -> Found {
    key.clear();
    if has_plus {
        key.push(b'+');
    }
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    key.extend_from_slice(&digits[zeros..]);
    if digits.len() - zeros >= FEWEST_DIGITS {
        Found::Person
    } else {
        Found::Nobody
    }
}

/// Whether nobody has the number: one repeated digit, running digits, nothing but zeros at the end. People who do not want
/// to be called type them, and masks of input fields hold them.
fn is_invented(digits: &[u8]) -> bool {
    /// As many as a number of a city has.
    const ZEROS: &[u8] = b"0000000";
    const RUNNING: &[u8] = b"1234567";
    /// Digits of a Russian number with the `7` or `8` before it.
    const WITH_TRUNK: usize = 11;
    if digits.len() == WITH_TRUNK && digits[1..].starts_with(RUNNING) {
        return true;
    }
    // 9 is followed by no 0: 901 234-56-78 is somebody's.
    let steps = |step: i16| {
        let mut pairs = digits.windows(2);
        pairs.all(|pair| i16::from(pair[1]) - i16::from(pair[0]) == step)
    };
    digits.ends_with(ZEROS) || digits.starts_with(RUNNING) || [0, 1, -1].into_iter().any(steps)
}

#[cfg(test)]
#[path = "phone_tests.rs"]
mod tests;

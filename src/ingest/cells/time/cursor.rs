//! The text of a cell, read from left to right.

use std::borrow::Cow;

/// The longest cell that is taken for a date: `Mon Nov 09 2026 10:05:00 GMT+0300 (Moscow Standard Time)` and some room.
/// A column of texts that was mapped by mistake must not be read through cell by cell.
const LONGEST: usize = 96;

/// A cell in lower case, spaces of any kind as spaces, dashes of any kind as `-`, marks of writing direction dropped.
pub(super) fn plain_text(cell: &[u8]) -> Option<Cow<'_, str>> {
    if cell.is_empty() || cell.len() > LONGEST {
        return None;
    }
    let text = std::str::from_utf8(cell).ok()?;
    // Line ends are spaces like others: a cell of a web page has one between date and time.
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !byte.is_ascii_uppercase();
    if text.bytes().all(is_plain) {
        return Some(Cow::Borrowed(text));
    }
    let mut plain = String::with_capacity(text.len());
    for symbol in text.chars().flat_map(char::to_lowercase) {
        match symbol {
            // Soft hyphens, zero-width spaces and marks of direction, which messengers put around dates.
            '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'
            | '\u{feff}' => {}
            '\u{2010}'..='\u{2015}' | '\u{2212}' => plain.push('-'),
            symbol if symbol.is_whitespace() => plain.push(' '),
            symbol => plain.push(symbol),
        }
    }
    Some(Cow::Owned(plain))
}

/// A number as it is written: `03` is 3 of two digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) value: u64,
    pub(super) digits: usize,
}

impl Number {
    /// The value as a part of a date or a time: of one digit or two.
    pub(super) fn short(self) -> Option<u32> {
        let is_short = self.digits <= 2;
        u32::try_from(self.value).ok().filter(|_| is_short)
    }
}

/// Where reading stands. What was not read is what the cell says besides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text.trim() }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.trim_start().is_empty()
    }

    /// Passes over a text that stands here; false when another one does.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Passes over spaces; false when there are none.
    pub(super) fn spaces(&mut self) -> bool {
        let rest = self.rest.trim_start_matches(' ');
        let some = rest.len() < self.rest.len();
        self.rest = rest;
        some
    }

    /// The character that stands here.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// The digits that stand here.
    pub(super) fn number(&mut self) -> Option<Number> {
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let value = self.rest[..digits].parse().ok()?;
        self.rest = &self.rest[digits..];
        Some(Number { value, digits })
    }

    /// The first `count` of the digits that stand here, when none or whole pairs of digits follow them.
    pub(super) fn joined_digits(&mut self, count: usize) -> Option<u64> {
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let behind = digits.checked_sub(count)?;
        // Hour, minute and second at most.
        if behind % 2 != 0 || behind > 6 {
            return None;
        }
        let value = self.rest[..count].parse().ok()?;
        self.rest = &self.rest[count..];
        Some(value)
    }

    /// The letters that stand here; none when there are none.
    pub(super) fn word(&mut self) -> &'a str {
        let end = self.rest.find(|symbol: char| !symbol.is_alphabetic());
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        word
    }

    /// Reads on in a copy, and stays there only when something was found.
    pub(super) fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let mut ahead = *self;
        let found = read(&mut ahead)?;
        *self = ahead;
        Some(found)
    }
}

//! One cell of a row in which cells may be quoted: where it lies, and its text without doubled quotes.

use memchr::{memchr, memchr2};

use super::Dialect;

/// Where one cell lies in the bytes of a chunk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    /// First byte of its text.
    pub(super) start: usize,
    /// Its closing quote; the same as `end` without quotes.
    pub(super) quote: usize,
    /// The delimiter or line end behind it.
    pub(super) end: usize,
    /// Whether a quote stands doubled in its text.
    doubled: bool,
}

impl Cell {
    /// Finds the end of the cell that begins at `at`; `None` when the bytes end before it does.
    pub(super) fn read(data: &[u8], at: usize, dialect: &Dialect) -> Option<Self> {
        let is_quoted = data.get(at) == Some(&b'"');
        if is_quoted {
            return Self::read_quoted(data, at + 1, dialect);
        }
        let end = end_behind(data, at, dialect)?;
        Some(Self {
            start: at,
            quote: end,
            end,
            doubled: false,
        })
    }

    /// The same for a cell whose text begins at `start`, behind its opening quote.
    fn read_quoted(data: &[u8], start: usize, dialect: &Dialect) -> Option<Self> {
        let mut quote = start + memchr(b'"', &data[start..])?;
        let mut doubled = false;
        // Two quotes are one of the text; the closing one stands alone.
        while data.get(quote + 1) == Some(&b'"') {
            doubled = true;
            let behind_both = quote + 2;
            quote = behind_both + memchr(b'"', &data[behind_both..])?;
        }
        let end = end_behind(data, quote + 1, dialect)?;
        Some(Self {
            start,
            quote,
            end,
            doubled,
        })
    }

    /// Text behind the closing quote; some systems write `"Name" <100>` without doubling.
    fn tail(&self) -> std::ops::Range<usize> {
        // Without quotes both are the end of the cell, and there is no tail.
        let behind_quote = (self.quote + 1).min(self.end);
        behind_quote..self.end
    }

    /// Whether the text is not the bytes as they stand.
    pub(super) fn is_escaped(&self) -> bool {
        self.doubled || !self.tail().is_empty()
    }

    /// A quoted text of several lines with more text behind its closing quote: the quote opened somewhere else.
    pub(super) fn is_torn(&self, data: &[u8], line_end: u8) -> bool {
        let tail = data[self.tail()].trim_ascii();
        !tail.is_empty() && memchr(line_end, &data[self.start..self.quote]).is_some()
    }

    /// Makes one quote of each two and joins the tail, in place; returns the new end of the text.
    pub(super) fn unescape(&self, data: &mut [u8]) -> usize {
        let mut read = self.start;
        let mut write = self.start;
        while read < self.quote {
            data[write] = data[read];
            read += if data[read] == b'"' { 2 } else { 1 };
            write += 1;
        }
        let tail = self.tail();
        let length = data[tail.clone()].trim_ascii_end().len();
        data.copy_within(tail.start..tail.start + length, write);
        write + length
    }
}

/// The first delimiter or line end from `from` on.
fn end_behind(data: &[u8], from: usize, dialect: &Dialect) -> Option<usize> {
    let rest = data.get(from..)?;
    Some(from + memchr2(dialect.delimiter, dialect.line_end, rest)?)
}

//! The first rows of a file, each taken apart by itself, with every delimiter that it may have.

use crate::ingest::format::Bytes;
use crate::ingest::records::{Dialect, Splitter};
use crate::ingest::source::Head;

/// A row of the head, with its place.
#[derive(Debug, Clone)]
pub struct HeadRow {
    /// Cells, unquoted and trimmed.
    pub cells: Vec<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Line number from 1.
    pub line: u32,
    /// First byte behind it.
    pub end: usize,
}

/// Delimiters are tried in this order when the format names none: from the usual to the rare.
const DELIMITERS: &[&str] = &[",", ";", "tab", "|"];

/// The ways in which the rows of a file may be written, the likeliest first; never none.
pub(super) fn dialects(head: &Head, bytes: &Bytes) -> Vec<Dialect> {
    if let Some(dialect) = &head.dialect {
        return vec![dialect.clone()];
    }
    let named: Vec<&str> = bytes.delimiters.iter().map(String::as_str).collect();
    let delimiters = if named.is_empty() { DELIMITERS } else { &named };
    let dialect = |name: &&str| Dialect {
        delimiter: delimiter(name),
        quoting: bytes.quoting.unwrap_or(true),
        line_end: head.line_end,
    };
    delimiters.iter().map(dialect).collect()
}

/// The byte behind the name that a format gives a delimiter.
fn delimiter(name: &str) -> u8 {
    match name {
        "tab" => b'\t',
        // The check of formats lets no other name be empty or longer than a byte.
        name => name.as_bytes().first().copied().unwrap_or(b','),
    }
}

/// The first rows of one file in every way that a format asked for: many formats look at the same ones.
pub(super) struct HeadRows<'a> {
    head: &'a Head,
    made: Vec<(Dialect, usize, Vec<HeadRow>)>,
}

impl<'a> HeadRows<'a> {
    /// Nothing is taken apart yet.
    pub(super) fn new(head: &'a Head) -> Self {
        let made = Vec::new();
        Self { head, made }
    }

    /// The head that the rows are of.
    pub(super) fn head(&self) -> &'a Head {
        self.head
    }

    /// The first `most` rows, as a dialect writes them.
    pub(super) fn of(&mut self, dialect: &Dialect, most: usize) -> &[HeadRow] {
        let is_made = |(made, rows, _): &(Dialect, usize, _)| made == dialect && *rows == most;
        let at = self.made.iter().position(is_made).unwrap_or_else(|| {
            let rows = rows(self.head, dialect, most);
            self.made.push((dialect.clone(), most, rows));
            self.made.len() - 1
        });
        &self.made[at].2
    }
}

/// The first rows of the head, each taken apart by itself.
pub fn rows(head: &Head, dialect: &Dialect, most: usize) -> Vec<HeadRow> {
    let mut found = Vec::new();
    let mut end = 0;
    let lines = head.bytes.split(|byte| *byte == head.line_end);
    for (at, bytes) in lines.take(most).enumerate() {
        end += bytes.len() + 1;
        found.push(HeadRow {
            cells: split_line(bytes, dialect),
            bytes: bytes.to_vec(),
            line: at as u32 + 1,
            // The last line of a file may lack its end.
            end: end.min(head.bytes.len()),
        });
    }
    found
}

/// The cells of a row of unknown width. The splitter takes rows of one width only, so widths are tried, from the widest
/// that the delimiters allow: some may stand inside quotes.
fn split_line(bytes: &[u8], dialect: &Dialect) -> Vec<String> {
    let delimiters = bytes.iter().filter(|byte| **byte == dialect.delimiter);
    let most_cells = delimiters.count() + 1;
    for width in (1..=most_cells).rev() {
        let wanted: Vec<usize> = (0..width).collect();
        let mut splitter = Splitter::new(dialect.clone(), width, &wanted, 1);
        let chunk = splitter.push(bytes.to_vec(), true);
        if !chunk.rows.is_empty() {
            let cell = |slot| clean(&String::from_utf8_lossy(chunk.cell(0, slot)));
            return (0..width).map(cell).collect();
        }
        // Without quotes every delimiter counts, and no other width can fit.
        if !dialect.quoting {
            break;
        }
    }
    Vec::new()
}

/// A header cell without what spreadsheets hide in it: no-break spaces, and the byte-order mark of a file.
fn clean(cell: &str) -> String {
    cell.replace('\u{a0}', " ")
        .trim()
        .trim_matches('\u{feff}')
        .to_owned()
}

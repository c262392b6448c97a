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
    /// Number of its last line, from 1: a name in quotes may go over several.
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
    let lines = head.bytes.split(|byte| *byte == head.line_end);
    let lines: Vec<&[u8]> = lines.take(most + LINES_OF_ROW).collect();
    let (mut found, mut at, mut end) = (Vec::new(), 0, 0);
    while at < lines.len() && found.len() < most {
        let count = lines_of_row(&lines[at..], dialect);
        let bytes = lines[at..at + count].join(&head.line_end);
        at += count;
        end += bytes.len() + 1;
        found.push(HeadRow {
            cells: split_line(&bytes, dialect),
            bytes,
            line: at as u32,
            // The last line of a file may lack its end.
            end: end.min(head.bytes.len()),
        });
    }
    found
}

/// Lines that a cell in quotes may go over: the question of a form is no longer. A quote that does not close on so many was
/// none.
const LINES_OF_ROW: usize = 30;

/// How many lines the first row takes: more than one where a cell in quotes has line ends in it.
fn lines_of_row(lines: &[&[u8]], dialect: &Dialect) -> usize {
    let mut is_open = false;
    for (at, line) in lines.iter().take(LINES_OF_ROW).enumerate() {
        is_open = dialect.quoting && is_left_open(line, dialect.delimiter, is_open);
        if !is_open {
            return at + 1;
        }
    }
    1
}

/// Whether a cell in quotes is open at the end of a line, by whether one was at its beginning.
fn is_left_open(line: &[u8], delimiter: u8, mut is_open: bool) -> bool {
    let mut is_cell_start = true;
    for byte in line {
        match byte {
            // A doubled quote closes and opens again.
            b'"' if is_open => is_open = false,
            b'"' if is_cell_start => is_open = true,
            _ => {}
        }
        // Behind a quote that has just closed another one makes a pair.
        is_cell_start = !is_open && (*byte == delimiter || *byte == b'"');
    }
    is_open
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

/// A header cell without what spreadsheets hide in it: no-break spaces, line ends, and the byte-order mark of a file.
fn clean(cell: &str) -> String {
    cell.replace("\r\n", " ")
        .replace(['\u{a0}', '\n', '\r'], " ")
        .trim()
        .trim_matches(['\u{feff}', '\u{2060}'])
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::source::Numbers;

    fn read(text: &str) -> Vec<(u32, Vec<String>)> {
        let head = Head {
            bytes: text.as_bytes().to_vec(),
            encoding: encoding_rs::UTF_8,
            line_end: b'\n',
            dialect: None,
            numbers: Numbers::Written,
            whole: true,
        };
        let dialect = Dialect {
            delimiter: b',',
            quoting: true,
            line_end: b'\n',
        };
        let rows = rows(&head, &dialect, 5).into_iter();
        rows.map(|row| (row.line, row.cells)).collect()
    }

    #[test]
    fn a_name_in_quotes_goes_over_several_lines() {
        let found = read("Time,\"How many?\r\n(say \"\"one\"\")\",Phone\r\n1,2,3\n");
        let names = ["Time", "How many? (say \"one\")", "Phone"].map(str::to_owned);
        assert_eq!(found[0], (2, names.to_vec()));
        assert_eq!(found[1].0, 3);
    }

    #[test]
    fn a_quote_that_never_closes_takes_no_other_line() {
        let found = read("\"Report,of windows\nDay,Clicks\n1,2\n");
        assert_eq!(found[1], (2, vec!["Day".to_owned(), "Clicks".to_owned()]));
    }
}

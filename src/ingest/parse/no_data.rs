//! Lines of a file that are no data: repeated headers, totals, `sep=`, and what stands behind the end of the table.

use super::messages;
use super::no_rows::says_no_rows;
use super::notes;
use super::total_words::{is_date, is_plain_total, is_subtotal, is_total};
use crate::ingest::detect::{BYTE_ORDER_MARK, Layout, names_delimiter};
use crate::ingest::format::Format;
use crate::ingest::records::Chunk;
use crate::model::tables::{CALLS, Replace};

/// Names of the header that make a row another header: no row of data holds two of them.
const FEWEST_NAMES: usize = 2;

/// Knows the lines of one file that are no data.
pub(super) struct NoData<'a> {
    layout: &'a Layout,
    /// Beginnings of totals rows of the format, in lower case.
    totals: Vec<String>,
    /// What begins another table.
    ends: &'a [String],
    /// The name of each wanted cell, in slot order, in lower case; empty in a file without a header.
    names: Vec<String>,
    /// The names of all cells, in lower case; empty in a file without a header.
    header: Vec<String>,
    /// Whether the rows are added up: records of deals or plans may hold the word "total" in any cell.
    has_totals: bool,
    /// Whether the rows are calls, among which there may be messages.
    has_messages: bool,
}

impl<'a> NoData<'a> {
    /// For a file whose `wanted` cells are kept, in slot order.
    pub(super) fn new(format: &'a Format, layout: &'a Layout, wanted: &[usize]) -> Self {
        let lower = |text: &String| text.to_lowercase();
        let named = wanted.iter().filter(|_| layout.has_header);
        Self {
            layout,
            totals: format.rows.totals.iter().map(lower).collect(),
            ends: &format.rows.ends,
            names: named.map(|cell| lower(&layout.header[*cell])).collect(),
            header: layout
                .header
                .iter()
                .filter(|name| layout.has_header && !name.is_empty())
                .map(lower)
                .collect(),
            has_totals: format.table().replace == Replace::Group,
            // The files of switches that have no header hold no messages, and are the large ones.
            has_messages: layout.has_header && format.table().name == CALLS.name,
        }
    }

    /// Line of the first row, or of the first that could not be taken apart, that begins another table.
    pub(super) fn end_of_table(&self, chunk: &Chunk) -> Option<u32> {
        if self.ends.is_empty() {
            return None;
        }
        let faults = chunk.faults.iter().map(|(row, _)| row);
        let all = chunk.rows.iter().chain(faults);
        let begins = |bytes: &[u8]| {
            self.ends
                .iter()
                .any(|end| bytes.starts_with(end.as_bytes()))
        };
        let other_tables = all.filter(|row| begins(bare(chunk.bytes_of(row))));
        other_tables.map(|row| row.line).min()
    }

    /// Whether a chunk of calls may hold messages.
    pub(super) fn may_hold_messages(&self, chunk: &Chunk) -> bool {
        self.has_messages && messages::may_hold_message(&chunk.data)
    }

    /// Whether a cell of a row says that it is a message or a fax, and no call.
    pub(super) fn is_message(&self, row: &[u8]) -> bool {
        messages::may_hold_message(row) && self.cells(row).any(|cell| messages::is_message(&cell))
    }

    /// Whether the header stands in a row once more, as where several exports were joined into one file: in another case,
    /// with other quotes or behind a byte-order mark, too.
    pub(super) fn is_header(&self, chunk: &Chunk, row: usize) -> bool {
        let mut names = self.names.iter().enumerate();
        !self.names.is_empty() && names.all(|(slot, name)| is_name(chunk.cell(row, slot), name))
    }

    /// Whether a row is made of names of the header, but in another order or beside others: what follows it would be
    /// misread.
    pub(super) fn is_turned_header(&self, chunk: &Chunk, row: usize) -> bool {
        let cells: Vec<String> = self.cells(chunk.row_bytes(row)).collect();
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        let known = self
            .header
            .iter()
            .filter(|name| cells.contains(name))
            .count();
        known >= FEWEST_NAMES && known * 2 > filled
    }

    /// Whether a row of a file whose rows are all of one period is the total of a part of them, as the format marks totals, but
    /// behind the name of the part: Google's stand behind the device.
    pub(super) fn is_total_of_part(&self, row: &[u8]) -> bool {
        if self.layout.is_dated || self.totals.is_empty() {
            return false;
        }
        let mut cells = self.cells(row).filter(|cell| !cell.is_empty()).skip(1);
        cells.any(|cell| self.begins_as_format_says(&cell))
    }

    /// Whether a row of a file whose rows are all of one period is marked as totals by its first cell. A number behind
    /// the word is no mark: «Итого 2026» may be a campaign.
    pub(super) fn is_undated_total(&self, row: &[u8]) -> bool {
        if self.layout.is_dated {
            return false;
        }
        let first = self.cells(row).find(|cell| !cell.is_empty());
        first.is_some_and(|cell| {
            is_plain_total(&cell) || is_subtotal(&cell) || self.begins_as_format_says(&cell)
        })
    }

    /// Whether a row that does not fit, or lacks what each row must have, is none of data: totals wherever they are
    /// marked, the name of the delimiter, or words for a report without rows.
    pub(super) fn is_no_data(&self, row: &[u8]) -> bool {
        if names_delimiter(row) {
            return true;
        }
        let mut cells = self.cells(row).filter(|cell| !cell.is_empty());
        let Some(first) = cells.next() else {
            return false;
        };
        let is_alone = cells.clone().next().is_none();
        self.begins_total(&first)
            || is_total(&first)
            || (is_alone && says_no_rows(&first))
            || (self.has_totals && cells.any(|cell| is_plain_total(&cell) || is_subtotal(&cell)))
    }

    /// Whether the first cell of a record that is no date marks a row of totals: `02.11.2026;Итого за день;2`.
    pub(super) fn is_marked_total(&self, row: &[u8]) -> bool {
        let mut cells = self.cells(row);
        let first = cells.find(|cell| !cell.is_empty() && !is_date(cell));
        first.is_some_and(|cell| is_total(&cell))
    }

    /// Whether a row holds nothing but words in one of its cells.
    pub(super) fn is_words(&self, row: &[u8]) -> bool {
        let cells: Vec<String> = self.cells(row).collect();
        notes::is_words(cells.iter().map(String::as_str))
    }

    fn begins_total(&self, cell: &str) -> bool {
        is_total(cell) || self.begins_as_format_says(cell)
    }

    fn begins_as_format_says(&self, cell: &str) -> bool {
        let mut totals = self.totals.iter();
        totals.any(|total| cell.starts_with(total.as_str()))
    }

    /// The cells of a row in lower case.
    fn cells<'r>(&self, row: &'r [u8]) -> impl Iterator<Item = String> + Clone + use<'r> {
        let dialect = &self.layout.dialect;
        let (delimiter, quoting) = (dialect.delimiter, dialect.quoting);
        let mut left = Some(bare(row));
        let cells = std::iter::from_fn(move || {
            let (cell, rest) = first_cell(left?, delimiter, quoting);
            left = rest;
            Some(cell)
        });
        cells.map(|cell| {
            let text = String::from_utf8_lossy(cell).to_lowercase();
            text.trim_matches(|symbol: char| symbol == '"' || symbol.is_whitespace())
                .to_owned()
        })
    }
}

/// The first cell of a row, and what stands behind its delimiter. A delimiter in quotes is a part of the cell: "Total,
/// brand" is a campaign.
fn first_cell(row: &[u8], delimiter: u8, quoting: bool) -> (&[u8], Option<&[u8]>) {
    let mut is_quoted = false;
    let quotes = quoting && row.first() == Some(&b'"');
    let is_end = |byte: &u8| {
        is_quoted ^= quotes && *byte == b'"';
        *byte == delimiter && !is_quoted
    };
    match row.iter().position(is_end) {
        Some(at) => (&row[..at], Some(&row[at + 1..])),
        None => (row, None),
    }
}

/// A line without the byte-order mark that may stand before it.
fn bare(row: &[u8]) -> &[u8] {
    row.strip_prefix(BYTE_ORDER_MARK)
        .unwrap_or(row)
        .trim_ascii_start()
}

/// Whether a cell is a name, which is in lower case.
fn is_name(cell: &[u8], name: &str) -> bool {
    let cell = bare(cell).trim_ascii_end();
    // Letters of both cases take the same bytes in the languages of exports: other lengths need no look at the text.
    if cell.len() != name.len() {
        return false;
    }
    std::str::from_utf8(cell).is_ok_and(|text| text.to_lowercase() == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delimiter_in_quotes_ends_no_cell() {
        let row = b"\"Total, \"\"brand\"\"\",10,5";
        let (cell, rest) = first_cell(row, b',', true);
        assert_eq!(cell, b"\"Total, \"\"brand\"\"\"");
        assert_eq!(rest, Some(&b"10,5"[..]));
        assert_eq!(first_cell(row, b',', false).0, b"\"Total");
        assert_eq!(first_cell(b"brand", b',', true), (&b"brand"[..], None));
    }

    #[test]
    fn a_repeated_header_is_known_in_another_case_and_behind_a_mark() {
        assert!(is_name("\u{feff}ДАТА ".as_bytes(), "дата"));
        assert!(is_name(b"Clicks", "clicks"));
        assert!(!is_name(b"Clicks ", "click"));
    }
}

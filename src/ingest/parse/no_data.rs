//! Lines of a file that are no data: repeated headers, totals, `sep=`, and what stands behind the end of the table.

use crate::ingest::detect::{BYTE_ORDER_MARK, Layout, names_delimiter};
use crate::ingest::format::Format;
use crate::ingest::records::Chunk;
use crate::model::tables::Replace;

/// Words of totals rows in any export, in lower case. They count where they are all of a cell, or where a colon or a number
/// follows: `Total: Account`, `Итого: 12`. A campaign may begin with any of them.
pub(in crate::ingest) const TOTALS: &[&str] = &[
    "total",
    "totals",
    "grand total",
    "grand totals",
    "total rows",
    "итого",
    "всего",
    "итог",
    "общий итог",
    "итого и средние",
];

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

    /// Whether a row of a file whose rows are all of one period is marked as totals by its first cell.
    pub(super) fn is_undated_total(&self, row: &[u8]) -> bool {
        if self.layout.is_dated {
            return false;
        }
        let first = self.cells(row).find(|cell| !cell.is_empty());
        first.is_some_and(|cell| self.begins_total(&cell))
    }

    /// Whether a row that does not fit, or lacks what each row must have, is none of data: totals wherever they are
    /// marked, or the name of the delimiter.
    pub(super) fn is_no_data(&self, row: &[u8]) -> bool {
        if names_delimiter(row) {
            return true;
        }
        let mut cells = self.cells(row).filter(|cell| !cell.is_empty());
        let Some(first) = cells.next() else {
            return false;
        };
        self.begins_total(&first)
            || is_total_word(&first)
            || (self.has_totals && cells.any(|cell| is_total_word(&cell)))
    }

    fn begins_total(&self, cell: &str) -> bool {
        is_total_word(cell)
            || self
                .totals
                .iter()
                .any(|total| cell.starts_with(total.as_str()))
    }

    /// The cells of a row in lower case. Quoted delimiters are not looked for: no word of totals has one.
    fn cells<'r>(&self, row: &'r [u8]) -> impl Iterator<Item = String> + use<'r> {
        let delimiter = self.layout.dialect.delimiter;
        let cells = bare(row).split(move |byte| *byte == delimiter);
        cells.map(|cell| {
            let text = String::from_utf8_lossy(cell).to_lowercase();
            text.trim_matches(|symbol: char| symbol == '"' || symbol.is_whitespace())
                .to_owned()
        })
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

/// Whether a cell, in lower case, is one of the words of totals, alone or with what it counts.
pub(in crate::ingest) fn is_total_word(cell: &str) -> bool {
    TOTALS.iter().any(|word| {
        let Some(rest) = cell.strip_prefix(word) else {
            return false;
        };
        let rest = rest.trim_start();
        rest.is_empty() || rest.starts_with([':', '(']) || rest.parse::<f64>().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_begins_like_totals_is_none() {
        for cell in [
            "total",
            "total: account",
            "total : campagnes",
            "итого",
            "total rows: 12",
            "grand totals (3 records)",
            "всего 12",
        ] {
            assert!(is_total_word(cell), "{cell}");
        }
        for cell in [
            "total comfort windows",
            "totally new doors",
            "итоговая скидка",
            "brand total",
            "",
        ] {
            assert!(!is_total_word(cell), "{cell}");
        }
    }

    #[test]
    fn a_repeated_header_is_known_in_another_case_and_behind_a_mark() {
        assert!(is_name("\u{feff}ДАТА ".as_bytes(), "дата"));
        assert!(is_name(b"Clicks", "clicks"));
        assert!(!is_name(b"Clicks ", "click"));
    }
}

//! From bytes to records: where each wanted cell of each row lies. Nothing is copied; quoted cells are unescaped in place.

mod cell;
mod split;

use std::collections::BTreeMap;

pub use self::split::Splitter;
use crate::model::fault::Fault;

/// How the rows of a file are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// The byte between cells.
    pub delimiter: u8,
    /// Whether cells may stand in double quotes.
    pub quoting: bool,
    /// The byte that ends a row.
    pub line_end: u8,
}

/// Why a row could not be taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowFault {
    /// The row has so many cells, but the header has others.
    Cells(usize),
    /// A quote opens in the row and never closes.
    OpenQuote,
    /// The row is longer than any real one.
    TooLong,
}

/// Rows by the empty cells that they have at their end beyond the header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Padded {
    /// Rows as long as the header.
    exact: u64,
    /// For so many cells beyond it the rows, and the first line of one.
    longer: BTreeMap<usize, (u64, u32)>,
}

impl Padded {
    /// Counts a row. Nearly all are as long as the header.
    #[inline]
    fn count(&mut self, cells: usize, line: u32) {
        if cells == 0 {
            self.exact += 1;
        } else {
            self.longer.entry(cells).or_insert((0, line)).0 += 1;
        }
    }

    /// Adds what was counted behind it in the same file.
    pub fn add(&mut self, behind: &Self) {
        self.exact += behind.exact;
        for (cells, (rows, line)) in &behind.longer {
            self.longer.entry(*cells).or_insert((0, *line)).0 += rows;
        }
    }

    /// How many rows are longer than most are, and the first line of one. All alike are none: so some systems write.
    pub fn longer(&self) -> Option<(u64, u32)> {
        let (usual, rows) = self.longer.iter().max_by_key(|(_, (rows, _))| *rows)?;
        let (usual, (most, _)) = (*usual, *rows);
        let usual = if most > self.exact { usual } else { 0 };
        let longer = self.longer.range(usual + 1..).map(|(_, counted)| *counted);
        longer.reduce(|one, other| (one.0 + other.0, one.1.min(other.1)))
    }
}

/// One row: its bytes in the chunk and its line in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// First byte.
    pub start: u32,
    /// One past the last byte, line end excluded.
    pub end: u32,
    /// Line number, from 1.
    pub line: u32,
}

impl Row {
    /// Where its bytes lie in the chunk.
    fn bytes(&self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Rows of one stretch of a file.
#[derive(Debug, Default)]
pub struct Chunk {
    /// The bytes.
    pub data: Vec<u8>,
    /// For each row the wanted cells, `width` of them, as byte ranges.
    pub cells: Vec<(u32, u32)>,
    /// Wanted cells a row.
    pub width: usize,
    /// The rows.
    pub rows: Vec<Row>,
    /// Rows that could not be taken apart.
    pub faults: Vec<(Row, RowFault)>,
    /// The rows by the empty cells that they have beyond the header.
    pub padded: Padded,
    /// Rows of delimiters only, which spreadsheets write where a cell was once formatted.
    pub blank: u64,
    /// The line from which on more empty rows follow one another than any file has; nothing behind them was read.
    pub hollow: Option<u32>,
}

impl Chunk {
    /// The bytes of a wanted cell.
    #[inline]
    pub fn cell(&self, row: usize, slot: usize) -> &[u8] {
        let (start, end) = self.cells[row * self.width + slot];
        &self.data[start as usize..end as usize]
    }

    /// Whether the rows end in a desert of empty ones.
    ///
    /// # Errors
    /// When they do, with the line at which it begins.
    pub fn refuse_hollow(&self, label: &str) -> Result<(), Fault> {
        let Some(line) = self.hollow else {
            return Ok(());
        };
        let message = format!(
            "more than {} empty rows follow from here on",
            split::MOST_BLANK
        );
        let hint = "delete the empty rows, or download the export again";
        Err(Fault::new(message).at(format!("{label}:{line}")).hint(hint))
    }

    /// The bytes of a whole row.
    pub fn row_bytes(&self, row: usize) -> &[u8] {
        self.bytes_of(&self.rows[row])
    }

    /// The bytes of a row of the chunk, or of one that could not be taken apart.
    pub fn bytes_of(&self, row: &Row) -> &[u8] {
        &self.data[row.bytes()]
    }
}

#[cfg(test)]
mod tests;

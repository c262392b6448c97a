//! From bytes to records: where each wanted cell of each row lies. Nothing is copied; quoted cells are unescaped in place.

mod cell;
mod split;

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

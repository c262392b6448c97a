//! Rows of cells as bytes that the splitter reads: what every carrier that is no text table is turned into.

use memchr::memchr2;

use crate::ingest::cells::TYPED;
use crate::ingest::records::Dialect;

/// The control characters that ASCII keeps for this: no export writes them, so no cell has to be quoted, whatever it
/// holds, and the line of a row is the number of the row.
pub const GRID: Dialect = Dialect {
    delimiter: 0x1F,
    quoting: false,
    line_end: 0x1E,
};

/// Bytes that are handed over at a time.
const BLOCK: usize = 1 << 18;

/// Nobody takes rows any more: the reader has what it needs.
#[derive(Debug, thiserror::Error)]
#[error("nobody takes the rows")]
pub(super) struct Stopped;

/// Gets a block; false when no more are wanted.
pub(super) type Send<'a> = dyn FnMut(Vec<u8>) -> bool + 'a;

/// Writes cells and rows, and hands over what is written in blocks.
pub(super) struct Grid<'a> {
    block: Vec<u8>,
    /// Delimiters that are due before the next cell that holds something: empty cells at a row's end are not written.
    due: usize,
    is_row_begun: bool,
    send: &'a mut Send<'a>,
}

impl<'a> Grid<'a> {
    /// A grid whose blocks go to `send`.
    pub(super) fn new(send: &'a mut Send<'a>) -> Self {
        Self {
            block: Vec::with_capacity(BLOCK),
            due: 0,
            is_row_begun: false,
            send,
        }
    }

    /// The next cell of the row at hand.
    pub(super) fn cell(&mut self, text: &str) {
        self.due += usize::from(self.is_row_begun);
        self.is_row_begun = true;
        if text.is_empty() {
            return;
        }
        let delimiters = self.block.len() + self.due;
        self.block.resize(delimiters, GRID.delimiter);
        self.due = 0;
        self.block.extend_from_slice(text.as_bytes());
        let written = &mut self.block[delimiters..];
        if memchr2(GRID.delimiter, GRID.line_end, written).is_some() {
            let is_mark = |byte: &&mut u8| [GRID.delimiter, GRID.line_end].contains(byte);
            written
                .iter_mut()
                .filter(is_mark)
                .for_each(|mark| *mark = b' ');
        }
    }

    /// A whole row.
    pub(super) fn row<'c>(
        &mut self,
        cells: impl IntoIterator<Item = &'c str>,
    ) -> Result<(), Stopped> {
        cells.into_iter().for_each(|cell| self.cell(cell));
        self.end_row()
    }

    /// Ends the row at hand, which may be empty.
    pub(super) fn end_row(&mut self) -> Result<(), Stopped> {
        self.block.push(GRID.line_end);
        self.due = 0;
        self.is_row_begun = false;
        if self.block.len() < BLOCK {
            return Ok(());
        }
        let full = std::mem::replace(&mut self.block, Vec::with_capacity(BLOCK));
        if (self.send)(full) {
            Ok(())
        } else {
            Err(Stopped)
        }
    }

    /// Hands over what is left: the last block, which may be empty.
    pub(super) fn finish(self) {
        (self.send)(self.block);
    }
}

/// From this size on a number has sixteen digits, and a spreadsheet has kept fifteen of them.
const DAMAGED: f64 = 1e15;

/// A number as people would write it: no exponent, at most fifteen digits. A larger one has lost its last digits in the
/// spreadsheet; it is written as such programs show it, so that nobody takes it for an identifier.
pub(super) fn number(value: f64) -> String {
    if value.abs() >= DAMAGED {
        return format!("{value:E}").replacen('E', "E+", 1);
    }
    // Fifteen digits are what spreadsheets show: 0.1 + 0.2 is 0.3 there.
    let fifteen = format!("{value:.14e}");
    let shown = fifteen.parse().unwrap_or(value);
    // A negative zero is a zero.
    format!("{}", shown + 0.0)
}

/// The same as a cell of its own. Whoever reads it knows that the point of a fraction is one: `12.345` as a text may be
/// twelve thousand.
pub(super) fn typed(value: f64) -> String {
    marked(number(value))
}

/// A number as it is written, with the sign that it is one where it has a fraction.
pub(super) fn marked(mut number: String) -> String {
    if number.contains('.') {
        number.push_str(TYPED);
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_plain_up_to_fifteen_digits_and_shown_as_damaged_beyond() {
        let cases = [
            (79_001_112_233.0, "79001112233"),
            (1234.5, "1234.5"),
            (0.1 + 0.2, "0.3"),
            (-0.0, "0"),
            (0.000_01, "0.00001"),
            (999_999_999_999_999.0, "999999999999999"),
            (7.1e18, "7.1E+18"),
            (-1.0e15, "-1E+15"),
        ];
        for (value, shown) in cases {
            assert_eq!(number(value), shown);
        }
    }

    #[test]
    fn empty_cells_at_the_end_are_not_written_and_marks_inside_are_spaces() {
        let mut written = Vec::new();
        let mut send = |block: Vec<u8>| {
            written.extend(block);
            true
        };
        let mut grid = Grid::new(&mut send);
        grid.row(["a", "", "b\u{1f}c", ""]).expect("wanted");
        grid.row([]).expect("wanted");
        grid.row(["", "d"]).expect("wanted");
        grid.finish();
        assert_eq!(written, b"a\x1f\x1fb c\x1e\x1e\x1fd\x1e");
    }

    #[test]
    fn a_grid_stops_when_nobody_takes_its_blocks() {
        let mut send = |_| false;
        let mut grid = Grid::new(&mut send);
        let long = "x".repeat(BLOCK);
        assert!(grid.row([long.as_str()]).is_err());
    }
}

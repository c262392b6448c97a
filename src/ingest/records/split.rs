//! Taking a file apart into rows, block by block, wherever the blocks are cut.

use memchr::{memchr, memchr_iter, memchr2_iter};

use super::cell::Cell;
use super::{Chunk, Dialect, Row, RowFault};
use crate::ingest::source::GRID;

/// The longest record that is read, 1 MiB: a thousand times a usual row. Anything longer is a broken file, and must not
/// take memory.
pub(super) const MAX_RECORD: usize = 1 << 20;

/// Empty rows in a row, as many as a sheet has: what follows is no export, and a small archive unpacks to terabytes of them.
pub(in crate::ingest) const MOST_BLANK: u32 = 1 << 20;

/// Takes a file apart, block by block.
pub struct Splitter {
    dialect: Dialect,
    /// For each cell of a row the slot it goes to.
    wanted: Vec<Option<usize>>,
    width: usize,
    /// Bytes of the last block behind its last whole row.
    carry: Vec<u8>,
    /// Line number of the first byte of `carry`.
    line: u32,
    /// Inside a row that is too long: everything up to the next line end is dropped.
    skipping: bool,
    /// Cells of the row at hand that are not yet unescaped, by slot.
    escaped: Vec<(usize, Cell)>,
    /// Empty rows before the one at hand.
    blanks: u32,
}

/// Where the splitter stands in a chunk that it is filling.
struct Cursor {
    at: usize,
    line: u32,
}

/// What became of one attempt to read a row.
enum Step {
    /// A row, or a fault, was added; go on behind it.
    Done,
    /// The bytes end inside a row.
    Incomplete,
}

impl Splitter {
    /// A splitter for rows of `header_cells` cells of which `wanted` (cell positions, in slot order) are kept.
    pub fn new(dialect: Dialect, header_cells: usize, wanted: &[usize], first_line: u32) -> Self {
        let mut slots = vec![None; header_cells];
        for (slot, cell) in wanted.iter().enumerate() {
            slots[*cell] = Some(slot);
        }
        Self {
            dialect,
            wanted: slots,
            width: wanted.len(),
            carry: Vec::new(),
            line: first_line,
            skipping: false,
            escaped: Vec::new(),
            blanks: 0,
        }
    }

    /// Takes the next bytes of the file; `last` when none follow.
    pub fn push(&mut self, block: Vec<u8>, last: bool) -> Chunk {
        let mut chunk = Chunk {
            data: self.behind_carry(block, last),
            width: self.width,
            ..Chunk::default()
        };
        let mut cursor = Cursor {
            at: 0,
            line: self.line,
        };
        if self.skipping {
            self.skip_line(&chunk.data, &mut cursor);
        }
        // Skipping still: the row beyond all measure goes on behind this block.
        if !self.skipping {
            if self.dialect.quoting {
                self.quoted_rows(&mut chunk, &mut cursor, last);
            } else {
                self.plain_rows(&mut chunk, &mut cursor);
            }
        }
        self.keep_rest(&mut chunk, &mut cursor, last);
        self.line = cursor.line;
        chunk
    }

    /// A block with the bytes before it that made no whole row; the last row of a file gets the line end that it may lack.
    fn behind_carry(&mut self, block: Vec<u8>, last: bool) -> Vec<u8> {
        let mut data = std::mem::take(&mut self.carry);
        if data.is_empty() {
            data = block;
        } else {
            data.extend_from_slice(&block);
        }
        let line_end = self.dialect.line_end;
        if last && data.last().is_some_and(|byte| *byte != line_end) {
            data.push(line_end);
        }
        data
    }

    /// Rows without quoting: every delimiter and line end counts.
    fn plain_rows(&mut self, chunk: &mut Chunk, cursor: &mut Cursor) {
        let Dialect {
            delimiter,
            line_end,
            ..
        } = self.dialect;
        let data = std::mem::take(&mut chunk.data);
        let begin = cursor.at;
        let mut row_start = begin;
        let mut cell_start = begin;
        // Cells of the row at hand so far, and where its wanted ones begin in the chunk's list.
        let mut cells = 0;
        let mut base = 0;
        chunk.cells.resize(self.width, (0, 0));
        for offset in memchr2_iter(delimiter, line_end, &data[begin..]) {
            let at = begin + offset;
            if let Some(Some(slot)) = self.wanted.get(cells) {
                chunk.cells[base + slot] = (cell_start as u32, at as u32);
            }
            cells += 1;
            cell_start = at + 1;
            if data[at] == line_end {
                let row = Row {
                    start: row_start as u32,
                    end: at as u32,
                    line: cursor.line,
                };
                self.finish(chunk, &data, row, cells);
                base = chunk.cells.len();
                chunk.cells.resize(base + self.width, (0, 0));
                cursor.line += 1;
                row_start = cell_start;
                cells = 0;
                if chunk.hollow.is_some() {
                    break;
                }
            }
        }
        // The places of a row that has only begun: it is read again with the next block.
        chunk.cells.truncate(chunk.rows.len() * self.width);
        cursor.at = row_start;
        chunk.data = data;
    }

    fn quoted_rows(&mut self, chunk: &mut Chunk, cursor: &mut Cursor, last: bool) {
        while cursor.at < chunk.data.len() && chunk.hollow.is_none() {
            match self.quoted_row(chunk, cursor, last) {
                Step::Done => {}
                Step::Incomplete => break,
            }
        }
    }

    /// One row in which cells may be quoted. Nothing is unescaped before the row is known to be one: a row that turns
    /// out to be a stray quote is read again from its second line.
    fn quoted_row(&mut self, chunk: &mut Chunk, cursor: &mut Cursor, last: bool) -> Step {
        // Files that were put together have the mark of each in their middle.
        if chunk.data[cursor.at..].starts_with(BYTE_ORDER_MARK) {
            cursor.at += BYTE_ORDER_MARK.len();
        }
        let base = chunk.cells.len();
        chunk.cells.resize(base + self.width, (0, 0));
        self.escaped.clear();
        let mut at = cursor.at;
        let mut cells = 0;
        let mut is_torn = false;
        let step = loop {
            let Some(cell) = Cell::read(&chunk.data, at, &self.dialect) else {
                break self.unfinished(chunk, cursor, last);
            };
            is_torn |= cell.is_torn(&chunk.data, self.dialect.line_end);
            if let Some(Some(slot)) = self.wanted.get(cells) {
                chunk.cells[base + slot] = (cell.start as u32, cell.quote as u32);
                if cell.is_escaped() {
                    self.escaped.push((*slot, cell));
                }
            }
            cells += 1;
            if chunk.data.get(cell.end) == Some(&self.dialect.delimiter) {
                at = cell.end + 1;
                continue;
            }
            self.finish_quoted(chunk, cursor, cell.end, cells, is_torn);
            break Step::Done;
        };
        chunk.cells.truncate(chunk.rows.len() * self.width);
        step
    }

    /// A row of several lines that is torn or has the wrong number of cells is a stray quote that swallowed its
    /// neighbours: only its first line is lost, reading goes on at the second.
    fn finish_quoted(
        &mut self,
        chunk: &mut Chunk,
        cursor: &mut Cursor,
        end: usize,
        cells: usize,
        is_torn: bool,
    ) {
        let mut data = std::mem::take(&mut chunk.data);
        let row = Row {
            start: cursor.at as u32,
            end: end as u32,
            line: cursor.line,
        };
        let line_ends = memchr_iter(self.dialect.line_end, &data[row.bytes()]);
        let lines_inside = line_ends.count() as u32;
        let fits = self.fits(&data, row, cells);
        if lines_inside > 0 && (is_torn || !fits) {
            self.lose_line(chunk, &data, cursor, RowFault::OpenQuote);
        } else {
            if fits {
                self.unescape(chunk, &mut data);
            }
            self.finish(chunk, &data, row, cells);
            cursor.line += 1 + lines_inside;
            cursor.at = end + 1;
        }
        chunk.data = data;
    }

    /// Unescapes the cells of the row at hand, which is the next of the chunk.
    fn unescape(&mut self, chunk: &mut Chunk, data: &mut [u8]) {
        let base = chunk.rows.len() * self.width;
        for (slot, cell) in self.escaped.drain(..) {
            let (_, end) = &mut chunk.cells[base + slot];
            *end = cell.unescape(data) as u32;
        }
    }

    /// The bytes ended inside a quoted cell: wait for more, unless none will come or no real row is that long.
    fn unfinished(&mut self, chunk: &mut Chunk, cursor: &mut Cursor, last: bool) -> Step {
        let rest = &chunk.data[cursor.at..];
        let may_go_on = !last && rest.len() <= MAX_RECORD;
        if may_go_on || memchr(self.dialect.line_end, rest).is_none() {
            return Step::Incomplete;
        }
        let data = std::mem::take(&mut chunk.data);
        self.lose_line(chunk, &data, cursor, RowFault::OpenQuote);
        chunk.data = data;
        Step::Done
    }

    /// The line at hand is a fault; reading goes on at the next one.
    fn lose_line(&self, chunk: &mut Chunk, data: &[u8], cursor: &mut Cursor, fault: RowFault) {
        let line_end = memchr(self.dialect.line_end, &data[cursor.at..]);
        let end = line_end.map_or(data.len(), |offset| cursor.at + offset);
        let row = Row {
            start: cursor.at as u32,
            end: end as u32,
            line: cursor.line,
        };
        chunk.faults.push((row, fault));
        cursor.at = (end + 1).min(data.len());
        cursor.line += 1;
    }

    /// Whether a row has as many cells as the header, extra empty ones at the end forgiven.
    fn fits(&self, data: &[u8], row: Row, cells: usize) -> bool {
        match cells.checked_sub(self.wanted.len()) {
            Some(0) => true,
            Some(extra) => {
                trailing_empty_cells(&data[row.bytes()], self.dialect.delimiter) >= extra
            }
            // A grid does not write the empty cells at a row's end.
            None => self.dialect == GRID,
        }
    }

    /// Adds a row to the chunk, with its wanted cells, which stand last in the list; a row that does not fit becomes a
    /// fault, a blank one nothing.
    fn finish(&mut self, chunk: &mut Chunk, data: &[u8], mut row: Row, cells: usize) {
        if row.end > row.start && data[row.end as usize - 1] == b'\r' {
            row.end -= 1;
        }
        let base = chunk.rows.len() * self.width;
        if data[row.bytes()].starts_with(BYTE_ORDER_MARK) {
            pass_over_mark(&mut row, &mut chunk.cells[base..]);
        }
        let bytes = &data[row.bytes()];
        if is_blank(bytes, self.dialect.delimiter) {
            chunk.cells.truncate(base);
            // A line without anything is the end of a part; one with delimiters is a row of a sheet.
            chunk.blank += u64::from(bytes.contains(&self.dialect.delimiter));
            self.blanks += 1;
            if self.blanks > MOST_BLANK {
                chunk.hollow = Some(row.line.saturating_sub(MOST_BLANK));
            }
            return;
        }
        self.blanks = 0;
        if !self.fits(data, row, cells) {
            chunk.cells.truncate(base);
            chunk.faults.push((row, RowFault::Cells(cells)));
        } else {
            // The last cell reached up to the line end, over the `\r` that may stand before it.
            for (_, end) in &mut chunk.cells[base..base + self.width] {
                *end = (*end).min(row.end);
            }
            chunk
                .padded
                .count(cells.saturating_sub(self.wanted.len()), row.line);
            chunk.rows.push(row);
        }
    }

    /// Keeps the bytes behind the last whole row for the next block; a row beyond all measure is dropped instead.
    fn keep_rest(&mut self, chunk: &mut Chunk, cursor: &mut Cursor, last: bool) {
        if last || self.skipping || chunk.hollow.is_some() {
            return;
        }
        let rest = &chunk.data[cursor.at..];
        if rest.len() > MAX_RECORD {
            // It began in this block and is dropped with it: nothing of it is worth showing.
            let row = Row {
                start: cursor.at as u32,
                end: cursor.at as u32,
                line: cursor.line,
            };
            chunk.faults.push((row, RowFault::TooLong));
            self.skipping = true;
            return;
        }
        self.carry = rest.to_vec();
    }

    /// Passes over the rest of a row that is too long, as far as it is in this block.
    fn skip_line(&mut self, data: &[u8], cursor: &mut Cursor) {
        match memchr(self.dialect.line_end, data) {
            Some(end) => {
                self.skipping = false;
                cursor.at = end + 1;
                cursor.line += 1;
            }
            None => cursor.at = data.len(),
        }
    }
}

/// Whether a row has nothing but delimiters, quotes and spaces; the last two bytes are those of a no-break space.
fn is_blank(row: &[u8], delimiter: u8) -> bool {
    let is_empty = |byte: &u8| {
        *byte == delimiter || byte.is_ascii_whitespace() || matches!(byte, b'"' | 0xC2 | 0xA0)
    };
    row.iter().all(is_empty)
}

/// What stands before the text of a file.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Lets a row, and its first cell, begin behind the mark.
fn pass_over_mark(row: &mut Row, cells: &mut [(u32, u32)]) {
    let mark = BYTE_ORDER_MARK.len() as u32;
    let begin = row.start;
    row.start += mark;
    for (start, _) in cells.iter_mut().filter(|(start, _)| *start == begin) {
        *start += mark;
    }
}

/// Delimiters at the end of a row with nothing but empty quotes between them.
fn trailing_empty_cells(row: &[u8], delimiter: u8) -> usize {
    let row = row.strip_suffix(b"\r").unwrap_or(row);
    row.iter()
        .rev()
        .take_while(|byte| **byte == delimiter || **byte == b'"')
        .filter(|byte| **byte == delimiter)
        .count()
}

//! From bytes to records: where each wanted cell of each row lies. Nothing is copied; quoted cells are unescaped in place.

use memchr::{memchr, memchr2, memchr2_iter};

/// The longest record that is read; anything longer is a broken file, and must not take memory.
const MAX_RECORD: usize = 1 << 20;

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
pub enum Fault {
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
    /// Rows that could not be taken apart, with their lines.
    pub faults: Vec<(u32, Fault)>,
}

impl Chunk {
    /// The bytes of a wanted cell.
    #[inline]
    pub fn cell(&self, row: usize, slot: usize) -> &[u8] {
        let (start, end) = self.cells[row * self.width + slot];
        &self.data[start as usize..end as usize]
    }

    /// The bytes of a whole row.
    pub fn row_bytes(&self, row: usize) -> &[u8] {
        &self.data[self.rows[row].start as usize..self.rows[row].end as usize]
    }
}

/// Takes a file apart, block by block.
pub struct Splitter {
    dialect: Dialect,
    /// For each cell of a row the slot it goes to.
    wanted: Vec<Option<usize>>,
    width: usize,
    carry: Vec<u8>,
    /// Line number of the first byte of `carry`.
    line: u32,
    /// Inside a row that is too long: everything up to the next line end is dropped.
    skipping: bool,
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
        Self { dialect, wanted: slots, width: wanted.len(), carry: Vec::new(), line: first_line, skipping: false }
    }

    /// Takes the next bytes of the file; `last` when none follow.
    pub fn push(&mut self, block: Vec<u8>, last: bool) -> Chunk {
        let mut data = std::mem::take(&mut self.carry);
        if data.is_empty() {
            data = block;
        } else {
            data.extend_from_slice(&block);
        }
        if last && data.last().is_some_and(|byte| *byte != self.dialect.line_end) {
            data.push(self.dialect.line_end);
        }
        let mut chunk = Chunk { data, width: self.width, ..Chunk::default() };
        let mut cursor = Cursor { at: 0, line: self.line };
        if self.skipping {
            self.skip_line(&chunk.data, &mut cursor);
        }
        if self.dialect.quoting {
            while cursor.at < chunk.data.len() && !self.skipping {
                match self.quoted_row(&mut chunk, &mut cursor, last) {
                    Step::Done => {}
                    Step::Incomplete => break,
                }
            }
        } else if !self.skipping {
            self.plain_rows(&mut chunk, &mut cursor);
        }
        self.keep_rest(&mut chunk, &mut cursor, last);
        self.line = cursor.line;
        chunk
    }

    /// Rows without quoting: every delimiter and line end counts.
    fn plain_rows(&mut self, chunk: &mut Chunk, cursor: &mut Cursor) {
        let data = std::mem::take(&mut chunk.data);
        let (mut row_start, mut cell_start, mut cell) = (cursor.at, cursor.at, 0);
        chunk.cells.resize(self.width, (0, 0));
        let mut base = 0;
        for at in memchr2_iter(self.dialect.delimiter, self.dialect.line_end, &data[cursor.at..]) {
            let at = at + cursor.at;
            if let Some(Some(slot)) = self.wanted.get(cell) {
                chunk.cells[base + slot] = (cell_start as u32, at as u32);
            }
            cell += 1;
            cell_start = at + 1;
            if data[at] == self.dialect.line_end {
                self.finish(chunk, &data, Row { start: row_start as u32, end: at as u32, line: cursor.line }, cell);
                base = chunk.cells.len();
                chunk.cells.resize(base + self.width, (0, 0));
                cursor.line += 1;
                (row_start, cell) = (cell_start, 0);
            }
        }
        chunk.cells.truncate(chunk.rows.len() * self.width);
        cursor.at = row_start;
        chunk.data = data;
    }

    /// One row in which cells may be quoted.
    fn quoted_row(&mut self, chunk: &mut Chunk, cursor: &mut Cursor, last: bool) -> Step {
        let mut data = std::mem::take(&mut chunk.data);
        let base = chunk.cells.len();
        chunk.cells.resize(base + self.width, (0, 0));
        let (row_start, mut at, mut cell) = (cursor.at, cursor.at, 0);
        let step = loop {
            let found = if data.get(at) == Some(&b'"') {
                quoted_cell(&mut data, at, &self.dialect)
            } else {
                plain_cell(&data, at, &self.dialect)
            };
            let Some((range, end)) = found else {
                break self.unfinished(chunk, &data, cursor, last);
            };
            if let Some(Some(slot)) = self.wanted.get(cell) {
                chunk.cells[base + slot] = range;
            }
            cell += 1;
            if data.get(end) == Some(&self.dialect.delimiter) {
                at = end + 1;
                continue;
            }
            let lines = line_ends(&data[row_start..end], self.dialect.line_end);
            self.finish_quoted(chunk, &data, cursor, (end, cell, lines));
            break Step::Done;
        };
        chunk.cells.truncate(chunk.rows.len() * self.width);
        chunk.data = data;
        step
    }

    /// A row of several lines with the wrong number of cells is a stray quote that swallowed its neighbours: only its
    /// first line is lost, reading goes on at the second.
    fn finish_quoted(&mut self, chunk: &mut Chunk, data: &[u8], cursor: &mut Cursor, found: (usize, usize, u32)) {
        let (end, cells, lines) = found;
        let row = Row { start: cursor.at as u32, end: end as u32, line: cursor.line };
        if lines > 0 && !self.fits(data, row, cells) {
            chunk.faults.push((cursor.line, Fault::OpenQuote));
            self.next_line(data, cursor);
            return;
        }
        self.finish(chunk, data, row, cells);
        cursor.line += 1 + lines;
        cursor.at = end + 1;
    }

    /// The bytes ended inside a quoted cell: wait for more, unless none will come or no real row is that long.
    fn unfinished(&mut self, chunk: &mut Chunk, data: &[u8], cursor: &mut Cursor, last: bool) -> Step {
        if !last && data.len() - cursor.at <= MAX_RECORD {
            return Step::Incomplete;
        }
        if memchr(self.dialect.line_end, &data[cursor.at..]).is_none() {
            return Step::Incomplete;
        }
        chunk.faults.push((cursor.line, Fault::OpenQuote));
        self.next_line(data, cursor);
        Step::Done
    }

    fn next_line(&self, data: &[u8], cursor: &mut Cursor) {
        let end = memchr(self.dialect.line_end, &data[cursor.at..]).map_or(data.len(), |end| cursor.at + end + 1);
        cursor.at = end;
        cursor.line += 1;
    }

    /// Whether a row has as many cells as the header, extra empty ones at the end forgiven.
    fn fits(&self, data: &[u8], row: Row, cells: usize) -> bool {
        let extra = cells.wrapping_sub(self.wanted.len());
        cells == self.wanted.len()
            || (cells > self.wanted.len()
                && trailing_empty_cells(&data[row.start as usize..row.end as usize], self.dialect.delimiter) >= extra)
    }

    fn finish(&self, chunk: &mut Chunk, data: &[u8], mut row: Row, cells: usize) {
        if row.end > row.start && data[row.end as usize - 1] == b'\r' {
            row.end -= 1;
        }
        let base = chunk.rows.len() * self.width;
        if data[row.start as usize..row.end as usize].trim_ascii().is_empty() {
            chunk.cells.truncate(base);
        } else if !self.fits(data, row, cells) {
            chunk.cells.truncate(base);
            chunk.faults.push((row.line, Fault::Cells(cells)));
        } else {
            for (_, end) in &mut chunk.cells[base..base + self.width] {
                *end = (*end).min(row.end);
            }
            chunk.rows.push(row);
        }
    }

    /// Keeps the bytes behind the last whole row for the next block; a row beyond all measure is dropped instead.
    fn keep_rest(&mut self, chunk: &mut Chunk, cursor: &mut Cursor, last: bool) {
        let rest = chunk.data.len() - cursor.at;
        if last || self.skipping {
            return;
        }
        if rest > MAX_RECORD {
            chunk.faults.push((cursor.line, Fault::TooLong));
            self.skipping = true;
            return;
        }
        self.carry = chunk.data[cursor.at..].to_vec();
    }

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

type Found = Option<((u32, u32), usize)>;

/// A cell without quotes: its range, and where the delimiter or line end behind it stands.
fn plain_cell(data: &[u8], at: usize, dialect: &Dialect) -> Found {
    let end = at + memchr2(dialect.delimiter, dialect.line_end, &data[at..])?;
    Some(((at as u32, end as u32), end))
}

/// A quoted cell, its doubled quotes undone in place once its end is known. Text behind the closing quote belongs to
/// the cell, as some systems write `"Name" <100>` without doubling.
fn quoted_cell(data: &mut [u8], at: usize, dialect: &Dialect) -> Found {
    let (mut quote, mut doubled) = (at + 1 + memchr(b'"', &data[at + 1..])?, 0);
    while data.get(quote + 1) == Some(&b'"') {
        doubled += 1;
        quote += 2 + memchr(b'"', &data[quote + 2..])?;
    }
    let end = quote + 1 + memchr2(dialect.delimiter, dialect.line_end, &data[quote + 1..])?;
    let mut write = if doubled == 0 { quote } else { undouble(data, at + 1, quote) };
    let tail = data[quote + 1..end].trim_ascii_end().len();
    data.copy_within(quote + 1..quote + 1 + tail, write);
    write += tail;
    Some(((at as u32 + 1, write as u32), end))
}

/// Makes one quote of each two between `from` and `to`; returns the new end.
fn undouble(data: &mut [u8], from: usize, to: usize) -> usize {
    let (mut read, mut write) = (from, from);
    while read < to {
        data[write] = data[read];
        read += if data[read] == b'"' { 2 } else { 1 };
        write += 1;
    }
    write
}

fn line_ends(bytes: &[u8], line_end: u8) -> u32 {
    memchr::memchr_iter(line_end, bytes).count() as u32
}

fn trailing_empty_cells(row: &[u8], delimiter: u8) -> usize {
    let row = row.strip_suffix(b"\r").unwrap_or(row);
    row.iter().rev().take_while(|byte| **byte == delimiter || **byte == b'"').filter(|byte| **byte == delimiter).count()
}

//! An unknown file as a table: its delimiter, its header if it has one, and sample values of each column.

use super::shape::{Shape, shape_of};
use super::words::TOTALS;
use crate::ingest::detect::{self, HeadRow};
use crate::ingest::records::Dialect;
use crate::ingest::source::Head;

/// Rows among which the header is looked for: fewer than for a known format, since the widest of more rows might be one of
/// the data.
const HEADER_ROWS: usize = 20;
/// Rows that are looked at for what the columns hold. A judgement: enough that a column filled once in twenty shows itself,
/// few enough to be read at once.
const SAMPLE_ROWS: usize = 400;
/// The delimiters that are tried. Of those that make equally many cells the later one counts: a comma also stands in
/// amounts, a bar stands nowhere else.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What stands in a cell that has nothing to say.
const DASHES: [&str; 4] = ["-", "--", "–", "—"];

/// An unknown file seen as a table.
pub(super) struct Sheet {
    /// `None` where the file leaves no choice, as a sheet does.
    pub(super) delimiter: Option<u8>,
    /// Whether the first row names the columns.
    pub(super) has_header: bool,
    pub(super) columns: Vec<Column>,
    /// Words with which rows of totals begin.
    pub(super) totals: Vec<&'static str>,
    /// Whether the lines above the header, or the file's name, say which days the report is of.
    pub(super) tells_period: bool,
}

/// A column of the file.
pub(super) struct Column {
    /// Its cell of the header; empty without one.
    pub(super) name: String,
    pub(super) shape: Shape,
    /// The filled cells among the sample rows.
    pub(super) values: Vec<String>,
}

impl Sheet {
    /// Finds the table in the beginning of a file, which people call `label`; `None` when no row has two cells.
    pub(super) fn read(label: &str, head: &Head) -> Option<Self> {
        let (delimiter, rows, widest) = widest_table(head)?;
        let widest = header_above(&rows, widest);
        let has_header = !looks_like_data(&rows[widest]);
        // A delimiter at the end of each line makes one more cell. Under a header it is no column; without one, rows are
        // known by their number of cells.
        let width = if has_header {
            last_filled(&rows[widest])? + 1
        } else {
            rows[widest].cells.len()
        };
        let first = widest + usize::from(has_header);
        let (data, totals) = without_totals(&rows[first..]);
        let mut columns = Vec::new();
        for at in 0..width {
            let name = if has_header {
                rows[widest].cells[at].clone()
            } else {
                String::new()
            };
            columns.push(column(name, at, &data));
        }
        Some(Self {
            delimiter,
            has_header,
            columns,
            totals,
            tells_period: detect::tells_period(&rows[..widest], label),
        })
    }
}

/// The delimiter that makes the most cells of some row, the rows that it makes, and the widest of them.
fn widest_table(head: &Head) -> Option<(Option<u8>, Vec<HeadRow>, usize)> {
    let mut best: Option<(usize, Dialect, Vec<HeadRow>, usize)> = None;
    for dialect in dialects(head) {
        let rows = detect::rows(head, &dialect, SAMPLE_ROWS);
        let top = rows.iter().take(HEADER_ROWS).enumerate();
        // Of equally wide rows the first: `max_by_key` takes the last, so they are asked backwards.
        let Some((at, row)) = top.rev().max_by_key(|(_, row)| filled(row)) else {
            continue;
        };
        let width = filled(row);
        if best.as_ref().is_none_or(|(most, ..)| width >= *most) {
            best = Some((width, dialect, rows, at));
        }
    }
    let (width, dialect, rows, at) = best?;
    let delimiter = head.dialect.is_none().then_some(dialect.delimiter);
    (width > 1).then_some((delimiter, rows, at))
}

/// Cells that a header may lack against the rows below it: a column that numbers them often has no name.
const NAMELESS: usize = 1;

/// The header above the widest row, when that one is of the data: names for nearly all of its cells.
fn header_above(rows: &[HeadRow], widest: usize) -> usize {
    if !looks_like_data(&rows[widest]) {
        return widest;
    }
    let wanted = filled(&rows[widest]).saturating_sub(NAMELESS);
    let is_header = |row: &HeadRow| filled(row) >= wanted.max(2) && !looks_like_data(row);
    rows[..widest].iter().position(is_header).unwrap_or(widest)
}

/// The ways in which an unknown file may be written.
fn dialects(head: &Head) -> Vec<Dialect> {
    if let Some(dialect) = &head.dialect {
        return vec![dialect.clone()];
    }
    let dialect = |delimiter| Dialect {
        delimiter,
        quoting: true,
        line_end: head.line_end,
    };
    DELIMITERS.map(dialect).to_vec()
}

fn filled(row: &HeadRow) -> usize {
    row.cells.iter().filter(|cell| !cell.is_empty()).count()
}

/// The last cell with something in it.
fn last_filled(row: &HeadRow) -> Option<usize> {
    row.cells.iter().rposition(|cell| !cell.is_empty())
}

/// Whether a row is one of the data: a header names columns and holds no dates, contacts or amounts.
fn looks_like_data(row: &HeadRow) -> bool {
    row.cells.iter().any(|cell| {
        let shape = shape_of(std::slice::from_ref(cell));
        !matches!(shape, Shape::Text | Shape::Empty)
    })
}

/// The rows that hold data, and the words by which the others among them are known.
fn without_totals(rows: &[HeadRow]) -> (Vec<&HeadRow>, Vec<&'static str>) {
    let mut data = Vec::new();
    let mut totals = Vec::new();
    for row in rows {
        match total_word(row) {
            Some(word) if !totals.contains(&word) => totals.push(word),
            Some(_) => {}
            None => data.push(row),
        }
    }
    (data, totals)
}

fn total_word(row: &HeadRow) -> Option<&'static str> {
    let first = row.cells.first()?;
    TOTALS.iter().copied().find(|word| first.starts_with(word))
}

fn column(name: String, at: usize, rows: &[&HeadRow]) -> Column {
    let cells = rows.iter().filter_map(|row| row.cells.get(at));
    let is_filled = |cell: &&String| !cell.is_empty() && !DASHES.contains(&cell.as_str());
    let values: Vec<String> = cells.filter(is_filled).cloned().collect();
    Column {
        name,
        shape: shape_of(&values),
        values,
    }
}

//! A table of counts from a file.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use csv::{ReaderBuilder, StringRecord, Terminator};

use super::totals;
use crate::diagnosis::localise::{Cell, Cube};
use crate::ingest::source::{self, Fingerprint, GRID};
use crate::model::fault::Fault;

/// The columns of counts: visits and inquiries of the base, and of the period.
const COUNTS: [&str; 4] = ["base_n", "base_k", "n", "k"];
/// The bytes that may stand between cells.
const DELIMITERS: &[u8] = b",;\t|";
/// Lines at the beginning among which the header is looked for.
const HEADER_LINES: usize = 20;
/// What a table should look like.
const COLUMNS: &str = "columns are the dimensions (channel, page, …), then base_n, base_k, n, k";

/// A file as text.
struct Page {
    label: String,
    text: String,
    line_end: char,
}

/// The line that names the columns.
struct Header {
    delimiter: u8,
    cells: Vec<String>,
    /// Line number from 1.
    line: usize,
    /// First byte behind it.
    end: usize,
}

/// How a file is laid out.
struct Layout {
    header: Header,
    /// Names and positions of the columns that are dimensions.
    dimensions: Vec<(String, usize)>,
    /// Positions of the counts, in the order of [`COUNTS`].
    counts: [usize; 4],
}

/// A table of counts, and the line of its totals, which are no part of it.
pub struct Table {
    /// The counts.
    pub cube: Cube,
    /// Line of the row that is the sum of all others.
    pub totals: Option<usize>,
}

/// Reads a cube.
///
/// # Errors
/// With file, line, value and what was expected instead, when the file is no such table.
pub fn cube(path: &Path) -> Result<Table> {
    let page = page(path)?;
    let layout = layout(&page)?;
    let (cube, lines) = rows(&page, &layout, None)?;
    let totals = totals::row(&cube.cells).map(|row| lines[row]);
    let cube = match totals {
        // Read anew, so that no trace of the row is left among the values.
        Some(_) => rows(&page, &layout, totals)?.0,
        None => cube,
    };
    Ok(Table { cube, totals })
}

/// The rows below the header but for the one of a line, and the line of each.
fn rows(page: &Page, layout: &Layout, without: Option<usize>) -> Result<(Cube, Vec<usize>)> {
    let rows = &page.text[layout.header.end..];
    let mut table = CubeTable::new(layout);
    let mut lines = Vec::new();
    for record in records(rows, layout.header.delimiter, page.line_end) {
        let record = record?;
        let at = layout.header.line + line(&record, rows, page.line_end);
        if is_blank(&record, layout.header.delimiter) || without == Some(at) {
            continue;
        }
        lines.push(at);
        let taken = table.take(&record, page.line_end);
        taken.map_err(|fault| fault.at(page.place(at)))?;
    }
    if table.cube.cells.is_empty() {
        let fault = Fault::new("has no rows below its header").at(&page.label);
        return Err(fault.hint("one row for each combination of values").into());
    }
    Ok((table.cube, lines))
}

/// The file's text; its last line ends as the others do, so that a quote left open in it holds a line end.
fn page(path: &Path) -> Result<Page> {
    let mut sources = source::sources(path)?;
    if sources.len() != 1 {
        let message = format!("has {} files in it, expected one", sources.len());
        let fault = Fault::new(message).at(path.display().to_string());
        return Err(fault.hint("unpack it and name one").into());
    }
    let source = sources.remove(0);
    let head = source::head(&source)?;
    let line_end = match head.dialect {
        Some(_) => '\n',
        None => char::from(head.line_end),
    };
    let blocks = source::blocks(&source, head.encoding, &Fingerprint::default());
    let bytes = blocks.collect::<Result<Vec<_>>>()?.concat();
    let mut text = String::from_utf8_lossy(&bytes).into_owned();
    if head.dialect == Some(GRID) {
        text = with_tabs(&text);
    }
    if !text.ends_with(line_end) {
        text.push(line_end);
    }
    Ok(Page {
        label: source.label,
        text,
        line_end,
    })
}

/// The rows of a sheet as lines with tabs; there are none in its cells.
fn with_tabs(grid: &str) -> String {
    let one_line = grid.replace(['\t', '\n', '\r', '"'], " ");
    let rows = one_line.replace(char::from(GRID.line_end), "\n");
    rows.replace(char::from(GRID.delimiter), "\t")
}

impl Page {
    fn place(&self, line: usize) -> String {
        format!("{}:{line}", self.label)
    }
}

/// Rows as they are split by a delimiter, whatever their width.
fn records(
    text: &str,
    delimiter: u8,
    line_end: char,
) -> impl Iterator<Item = csv::Result<StringRecord>> {
    ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .terminator(Terminator::Any(line_end as u8))
        .from_reader(text.as_bytes())
        .into_records()
}

/// Line of a record below the header, from 1. The crate's own count knows no other line end than `\n`, and takes empty
/// lines for a part of the record behind them.
fn line(record: &StringRecord, rows: &str, line_end: char) -> usize {
    let at = record
        .position()
        .map_or(0, |position| position.byte() as usize);
    let empty = rows[at..].len() - rows[at..].trim_start_matches(line_end).len();
    rows[..at + empty].matches(line_end).count() + 1
}

fn is_blank(record: &StringRecord, delimiter: u8) -> bool {
    let is_one_cell = record.len() == 1 || delimiter.is_ascii_whitespace();
    is_one_cell && record.iter().all(|cell| cell.trim().is_empty())
}

fn layout(page: &Page) -> Result<Layout, Fault> {
    let Some(header) = header(page) else {
        return Err(Fault::new("has no header").at(&page.label).hint(COLUMNS));
    };
    let at = |fault: Fault| fault.at(page.place(header.line));
    let counts = counts(&header).map_err(at)?;
    let dimensions = dimensions(&header, &counts).map_err(at)?;
    Ok(Layout {
        header,
        dimensions,
        counts,
    })
}

/// The first of the lines with most of the counts, but for ties in favour of the delimiter that divides more.
fn header(page: &Page) -> Option<Header> {
    let rank = |header: &Header| {
        let known = COUNTS
            .iter()
            .filter(|name| position(header, name).is_some());
        (known.count(), header.line == 1, header.cells.len())
    };
    let candidates = DELIMITERS
        .iter()
        .flat_map(|delimiter| first_lines(page, *delimiter));
    candidates.reduce(|best, next| {
        if rank(&next) > rank(&best) {
            next
        } else {
            best
        }
    })
}

fn first_lines(page: &Page, delimiter: u8) -> impl Iterator<Item = Header> {
    let mut end = 0;
    let lines = page
        .text
        .split_inclusive(page.line_end)
        .take(HEADER_LINES)
        .enumerate();
    lines.filter_map(move |(at, text)| {
        end += text.len();
        let record = records(text, delimiter, page.line_end).next()?.ok()?;
        let cells = record.iter().map(clean).collect();
        (!text.trim().is_empty()).then_some(Header {
            delimiter,
            cells,
            line: at + 1,
            end,
        })
    })
}

fn clean(cell: &str) -> String {
    let cell = cell.replace('\u{a0}', " ");
    cell.trim().trim_matches('\u{feff}').to_owned()
}

fn counts(header: &Header) -> Result<[usize; 4], Fault> {
    let mut counts = [0; 4];
    for (count, name) in counts.iter_mut().zip(COUNTS) {
        *count = position(header, name).ok_or_else(|| {
            let cells = header.cells.join(", ");
            let message = format!("column \"{name}\" is missing, the header is \"{cells}\"");
            Fault::new(message).hint(COLUMNS)
        })?;
    }
    Ok(counts)
}

/// Every named column that is no count.
fn dimensions(header: &Header, counts: &[usize]) -> Result<Vec<(String, usize)>, Fault> {
    let mut found: Vec<(String, usize)> = Vec::new();
    for (at, name) in header.cells.iter().enumerate() {
        let twice = found.iter().any(|(known, _)| known == name)
            || (!counts.contains(&at) && is_count(name));
        if twice {
            let fault = Fault::new(format!("column \"{name}\" stands twice"));
            return Err(fault.hint("rename one of them"));
        }
        // Row numbers of spreadsheets and data frames have no name.
        if !counts.contains(&at) && !name.is_empty() {
            found.push((name.clone(), at));
        }
    }
    if found.is_empty() {
        return Err(Fault::new("there are no dimensions, only counts").hint(COLUMNS));
    }
    Ok(found)
}

fn is_count(name: &str) -> bool {
    COUNTS.iter().any(|count| count.eq_ignore_ascii_case(name))
}

fn position(header: &Header, name: &str) -> Option<usize> {
    header
        .cells
        .iter()
        .position(|cell| cell.eq_ignore_ascii_case(name))
}

/// A cube that is being filled.
struct CubeTable<'a> {
    layout: &'a Layout,
    cube: Cube,
    codes: Vec<BTreeMap<String, u32>>,
}

impl<'a> CubeTable<'a> {
    fn new(layout: &'a Layout) -> Self {
        let names = layout.dimensions.iter().map(|(name, _)| name.clone());
        let cube = Cube {
            values: vec![Vec::new(); layout.dimensions.len()],
            dimensions: names.collect(),
            cells: Vec::new(),
        };
        Self {
            layout,
            codes: vec![BTreeMap::new(); cube.dimensions.len()],
            cube,
        }
    }

    fn take(&mut self, record: &StringRecord, line_end: char) -> Result<(), Fault> {
        let expected = self.layout.header.cells.len();
        // Systems that end every line with a delimiter give one cell more, which is empty.
        let fits = record.len() >= expected
            && record
                .iter()
                .skip(expected)
                .all(|cell| cell.trim().is_empty());
        let mut of_many_lines = record.iter().filter(|cell| cell.contains(line_end));
        if of_many_lines.any(|cell| !fits || cell.ends_with(line_end) || self.holds_a_row(cell)) {
            return Err(Fault::new("a quote is opened and never closed")
                .hint("double the quotes inside of values"));
        }
        if !fits {
            let message = format!("the row has {} cells, the header {expected}", record.len());
            return Err(
                Fault::new(message).hint("put values with a delimiter in them into double quotes")
            );
        }
        let cell = self.cell(record)?;
        self.cube.cells.push(cell);
        Ok(())
    }

    /// Whether all delimiters of a row are in a cell: then a quote in it is closed by one in a later row, or by none.
    fn holds_a_row(&self, cell: &str) -> bool {
        let Header {
            delimiter, cells, ..
        } = &self.layout.header;
        cell.matches(char::from(*delimiter)).count() + 1 >= cells.len()
    }

    fn cell(&mut self, record: &StringRecord) -> Result<Cell, Fault> {
        let layout = self.layout;
        let places = layout.dimensions.iter().map(|(_, at)| *at).enumerate();
        let codes = places
            .map(|(dimension, at)| self.code(dimension, record[at].trim()))
            .collect();
        let mut counts = [0.0; 4];
        for (at, count) in counts.iter_mut().enumerate() {
            *count = self.count(COUNTS[at], record[layout.counts[at]].trim())?;
        }
        let [base_n, base_k, n, k] = counts;
        for (k, n, at) in [(base_k, base_n, 0), (k, n, 2)] {
            if k > n {
                let (of, in_all) = (COUNTS[at + 1], COUNTS[at]);
                let fault = Fault::new(format!("{of} is {k}, more than {in_all}, {n}"));
                return Err(fault.hint(format!("{of} counts those of {in_all} that converted")));
            }
        }
        Ok(Cell {
            codes,
            base_n,
            base_k,
            n,
            k,
        })
    }

    /// The code of a value; values are numbered as they come.
    fn code(&mut self, dimension: usize, value: &str) -> u32 {
        if let Some(code) = self.codes[dimension].get(value) {
            return *code;
        }
        let code = self.cube.values[dimension].len() as u32;
        self.cube.values[dimension].push(value.to_owned());
        self.codes[dimension].insert(value.to_owned(), code);
        code
    }

    fn count(&self, column: &str, text: &str) -> Result<f64, Fault> {
        let pointed = match self.layout.header.delimiter {
            b',' => text.to_owned(),
            _ => text.replace(',', "."),
        };
        match pointed.parse::<f64>() {
            Ok(count) if count >= 0.0 && count.is_finite() => Ok(count),
            _ => {
                let expected = "expected a number from 0 up, such as 1200";
                let fault = Fault::new(format!("{column} is \"{text}\", {expected}"));
                Err(fault.hint("write zeros out, and no spaces inside numbers"))
            }
        }
    }
}

//! A table of counts from a file.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;

use crate::diagnosis::localise::{Cell, Cube};
use crate::ingest::detect::{HeadRow, rows};
use crate::ingest::records::{Chunk, Dialect, RowFault, Splitter};
use crate::ingest::source::{self, Fingerprint, Head, Source};
use crate::model::fault::Fault;

/// The columns of counts: visits and inquiries of the base, and of the period.
const COUNTS: [&str; 4] = ["base_n", "base_k", "n", "k"];
/// The bytes that may stand between cells.
const DELIMITERS: &[u8] = b",;\t|";
/// Lines at the beginning among which the header is looked for.
const HEADER_ROWS: usize = 20;

/// How a file is laid out.
struct Layout {
    dialect: Dialect,
    header: HeadRow,
    /// Names and positions of the columns that are dimensions.
    dimensions: Vec<(String, usize)>,
    /// Positions of the counts, in the order of [`COUNTS`].
    counts: [usize; 4],
}

/// Reads a cube.
///
/// # Errors
/// With file, line, value and what was expected instead, when the file is no such table.
pub fn cube(path: &Path) -> Result<Cube> {
    let mut sources = source::sources(path)?;
    if sources.len() != 1 {
        let message = format!("has {} files in it, expected one", sources.len());
        let fault = Fault::new(message).at(path.display().to_string());
        return Err(fault.hint("unpack it and name one").into());
    }
    let source = sources.remove(0);
    let head = source::head(&source)?;
    let layout = layout(&source, &head)?;
    let mut table = Table::new(&source.label, &layout);
    let kept: Vec<usize> = layout
        .dimensions
        .iter()
        .map(|(_, at)| *at)
        .chain(layout.counts)
        .collect();
    let mut splitter = Splitter::new(layout.dialect.clone(), layout.header.cells.len(), &kept, 1);
    let mut blocks = source::blocks(&source, head.encoding, &Fingerprint::default()).peekable();
    while let Some(block) = blocks.next() {
        let chunk = splitter.push(block?, blocks.peek().is_none());
        table.take(&chunk)?;
    }
    if table.cube.cells.is_empty() {
        let fault = Fault::new("has no rows below its header").at(&source.label);
        let hint = "one row for each combination of values";
        return Err(fault.hint(hint).into());
    }
    Ok(table.cube)
}

fn layout(source: &Source, head: &Head) -> Result<Layout> {
    let dialects = DELIMITERS.iter().map(|byte| Dialect {
        delimiter: *byte,
        quoting: true,
        line_end: head.line_end,
    });
    let candidates: Vec<(Dialect, HeadRow)> = dialects
        .flat_map(|dialect| {
            rows(head, &dialect, HEADER_ROWS)
                .into_iter()
                .map(move |row| (dialect.clone(), row))
        })
        .filter(|(_, row)| !row.bytes.trim_ascii().is_empty())
        .collect();
    let known = |row: &HeadRow| {
        COUNTS
            .iter()
            .filter(|name| position(row, name).is_some())
            .count()
    };
    // The first of the rows with most of the counts, but for ties in favour of the delimiter that divides more.
    let best = candidates.into_iter().reduce(|best, next| {
        let rank = |row: &HeadRow| (known(row), row.line == 1, row.cells.len());
        if rank(&next.1) > rank(&best.1) {
            next
        } else {
            best
        }
    });
    let Some((dialect, header)) = best else {
        let fault = Fault::new("has no header").at(&source.label);
        return Err(fault.hint(COLUMNS).into());
    };
    let place = |name: &str| {
        position(&header, name).ok_or_else(|| {
            let cells = header.cells.join(", ");
            Fault::new(format!(
                "column \"{name}\" is missing, the header is \"{cells}\""
            ))
            .at(format!("{}:{}", source.label, header.line))
            .hint(COLUMNS)
        })
    };
    let counts = [
        place(COUNTS[0])?,
        place(COUNTS[1])?,
        place(COUNTS[2])?,
        place(COUNTS[3])?,
    ];
    let dimensions = dimensions(source, &header, &counts)?;
    Ok(Layout {
        dialect,
        header,
        dimensions,
        counts,
    })
}

/// Every named column that is no count.
fn dimensions(source: &Source, header: &HeadRow, counts: &[usize]) -> Result<Vec<(String, usize)>> {
    let mut found: Vec<(String, usize)> = Vec::new();
    for (at, name) in header.cells.iter().enumerate() {
        let twice = found.iter().any(|(known, _)| known == name)
            || (!counts.contains(&at) && is_count(name));
        if twice {
            let fault = Fault::new(format!("column \"{name}\" stands twice"))
                .at(format!("{}:{}", source.label, header.line));
            return Err(fault.hint("rename one of them").into());
        }
        // Row numbers of spreadsheets and data frames have no name.
        if !counts.contains(&at) && !name.is_empty() {
            found.push((name.clone(), at));
        }
    }
    if found.is_empty() {
        let fault = Fault::new("there are no dimensions, only counts")
            .at(format!("{}:{}", source.label, header.line));
        return Err(fault.hint(COLUMNS).into());
    }
    Ok(found)
}

/// What a table should look like.
const COLUMNS: &str = "columns are the dimensions (channel, page, …), then base_n, base_k, n, k";

fn is_count(name: &str) -> bool {
    COUNTS.iter().any(|count| count.eq_ignore_ascii_case(name))
}

fn position(row: &HeadRow, name: &str) -> Option<usize> {
    row.cells
        .iter()
        .position(|cell| cell.eq_ignore_ascii_case(name))
}

/// A cube that is being filled.
struct Table<'a> {
    label: &'a str,
    layout: &'a Layout,
    cube: Cube,
    codes: Vec<BTreeMap<String, u32>>,
}

impl<'a> Table<'a> {
    fn new(label: &'a str, layout: &'a Layout) -> Self {
        let dimensions: Vec<String> = layout
            .dimensions
            .iter()
            .map(|(name, _)| name.clone())
            .collect();
        let cube = Cube {
            values: vec![Vec::new(); dimensions.len()],
            dimensions,
            cells: Vec::new(),
        };
        Self {
            label,
            layout,
            codes: vec![BTreeMap::new(); cube.dimensions.len()],
            cube,
        }
    }

    fn take(&mut self, chunk: &Chunk) -> Result<()> {
        let header = self.layout.header.line;
        if let Some((line, fault)) = chunk.faults.iter().find(|(line, _)| *line > header) {
            let refused = self.refused(fault).at(format!("{}:{line}", self.label));
            return Err(refused.into());
        }
        for at in (0..chunk.rows.len()).filter(|at| chunk.rows[*at].line > header) {
            let cell = self.cell(chunk, at)?;
            self.cube.cells.push(cell);
        }
        Ok(())
    }

    fn refused(&self, fault: &RowFault) -> Fault {
        match fault {
            RowFault::Cells(found) => {
                let expected = self.layout.header.cells.len();
                Fault::new(format!("the row has {found} cells, the header {expected}"))
                    .hint("put values with a delimiter in them into double quotes")
            }
            RowFault::OpenQuote => Fault::new("a quote is opened and never closed")
                .hint("double the quotes inside of values"),
            RowFault::TooLong => Fault::new("the row is longer than any real one")
                .hint("is it a table with line ends?"),
        }
    }

    fn cell(&mut self, chunk: &Chunk, row: usize) -> Result<Cell> {
        let width = self.cube.dimensions.len();
        let mut codes = Vec::with_capacity(width);
        for at in 0..width {
            codes.push(self.code(at, String::from_utf8_lossy(chunk.cell(row, at)).trim()));
        }
        let line = chunk.rows[row].line;
        let mut counts = [0.0; 4];
        for (at, count) in counts.iter_mut().enumerate() {
            *count = self.count(line, COUNTS[at], chunk.cell(row, width + at))?;
        }
        let [base_n, base_k, n, k] = counts;
        for (k, n, at) in [(base_k, base_n, 0), (k, n, 2)] {
            if k > n {
                let (of, in_all) = (COUNTS[at + 1], COUNTS[at]);
                let fault = Fault::new(format!("{of} is {k}, more than {in_all}, {n}"))
                    .at(format!("{}:{line}", self.label));
                let hint = format!("{of} counts those of {in_all} that converted");
                return Err(fault.hint(hint).into());
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

    fn count(&self, line: u32, column: &str, cell: &[u8]) -> Result<f64> {
        let text = String::from_utf8_lossy(cell);
        let text = text.trim();
        let pointed = if self.layout.dialect.delimiter == b',' {
            text.to_owned()
        } else {
            text.replace(',', ".")
        };
        match pointed.parse::<f64>() {
            Ok(count) if count >= 0.0 && count.is_finite() => Ok(count),
            _ => {
                let fault = Fault::new(format!(
                    "{column} is \"{text}\", expected a number from 0 up, such as 1200"
                ))
                .at(format!("{}:{line}", self.label));
                let hint = "write zeros out, and no spaces inside numbers";
                Err(fault.hint(hint).into())
            }
        }
    }
}

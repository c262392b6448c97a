//! Which format a file is of, and where in the file everything stands: the layout.

use anyhow::Result;
use regex::Regex;

use super::cells::{self, Decimal};
use super::format::{Bytes, Format, Reading, Which};
use super::records::{Dialect, Splitter};
use super::source::{Head, Source};
use crate::model::fault::Fault;

/// Rows at the beginning of a file among which the header is looked for.
const HEADER_ROWS: usize = 40;

/// A file seen through a format: everything that parsing needs to know.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The format, by position in the list that was searched.
    pub format: usize,
    /// Delimiter, quoting, line ends.
    pub dialect: Dialect,
    /// Cells of the header (or of a row, without a header).
    pub header: Vec<String>,
    /// The header's bytes, to pass over repeated headers; empty without one.
    pub header_bytes: Vec<u8>,
    /// Bytes of the file before the first data row.
    pub data_at: usize,
    /// Line of the first data row.
    pub first_line: u32,
    /// For each column rule of the format, the cells that feed it.
    pub feeds: Vec<Vec<usize>>,
    /// Header cells that nothing is read from.
    pub unused: Vec<String>,
    /// Fraction mark of the file.
    pub decimal: Decimal,
    /// Dates found in the preamble: first and last day of the period.
    pub period: Option<(String, String)>,
}

/// Finds the layout of a file: the named format's, or that of the first format that fits.
///
/// # Errors
/// When no format fits, or the named one does not: says what is missing.
pub fn detect(
    source: &Source,
    head: &Head,
    formats: &[Format],
    wanted: Option<&str>,
) -> Result<Layout> {
    if let Some(name) = wanted {
        let Some(at) = formats.iter().position(|format| format.name == name) else {
            let known: Vec<_> = formats.iter().map(|format| format.name.as_str()).collect();
            let fault = Fault::usage(format!("there is no format \"{name}\""));
            let hint = format!("formats are {}", known.join(", "));
            return Err(fault.hint(hint).into());
        };
        return layout(head, at, &formats[at])
            .ok_or_else(|| misfit(source, head, &formats[at]).into());
    }
    let found = formats
        .iter()
        .enumerate()
        .find_map(|(at, format)| layout(head, at, format));
    found.ok_or_else(|| no_format_fits(source, head).into())
}

fn no_format_fits(source: &Source, head: &Head) -> Fault {
    let begins = first_line(head);
    let hint = format!(
        "`voronka inspect --draft {}` drafts a format for it; put it into the pipeline's `formats` folder",
        source.path.display()
    );
    Fault::new(format!("no format fits: the file begins with \"{begins}\""))
        .at(&source.label)
        .hint(hint)
}

fn first_line(head: &Head) -> String {
    let line = head
        .bytes
        .split(|byte| *byte == head.line_end)
        .next()
        .unwrap_or_default();
    let text: String = String::from_utf8_lossy(line)
        .chars()
        .filter(|symbol| !symbol.is_control())
        .collect();
    mask_digits(&text).chars().take(80).collect()
}

/// A first line may be a row with telephone numbers when the header is missing: long runs of digits are hidden.
fn mask_digits(text: &str) -> String {
    let digits = Regex::new(r"\d{7,}").expect("the pattern is fixed");
    digits.replace_all(text, "…").into_owned()
}

fn misfit(source: &Source, head: &Head, format: &Format) -> Fault {
    // Of equally good rows the first: `max_by_key` takes the last, so they are asked backwards.
    let best = rows(head, &dialects(head, &format.bytes)[0], HEADER_ROWS)
        .into_iter()
        .rev()
        .max_by_key(|row| {
            format
                .recognise
                .header
                .iter()
                .filter(|want| row.cells.iter().any(|cell| same(want, cell)))
                .count()
        });
    let missing: Vec<String> = format
        .recognise
        .header
        .iter()
        .filter(|want| {
            !best
                .as_ref()
                .is_some_and(|row| row.cells.iter().any(|cell| same(want, cell)))
        })
        .map(|want| format!("\"{want}\""))
        .collect();
    let line = best.map_or(1, |row| row.line);
    if missing.is_empty() {
        return Fault::new(format!("is no export of the format {}", format.name))
            .at(&source.label)
            .hint("`voronka inspect` tells which format fits");
    }
    let missing = missing.join(", ");
    Fault::new(format!(
        "column {missing} is missing, the format {} needs it",
        format.name
    ))
    .at(format!("{}:{line}", source.label))
    .hint("add the column to the export, or let `voronka inspect` tell which format fits")
}

/// A row of the head, with its place.
#[derive(Debug, Clone)]
pub struct HeadRow {
    /// Cells, unquoted and trimmed.
    pub cells: Vec<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Line number from 1.
    pub line: u32,
    /// First byte behind it.
    pub end: usize,
}

/// Delimiters are tried in this order when the format names none.
const DELIMITERS: &[&str] = &[",", ";", "tab", "|"];

fn dialects(head: &Head, bytes: &Bytes) -> Vec<Dialect> {
    let named: Vec<&str> = bytes.delimiters.iter().map(String::as_str).collect();
    let usual = if named.is_empty() { DELIMITERS } else { &named };
    usual
        .iter()
        .map(|name| Dialect {
            delimiter: if *name == "tab" {
                b'\t'
            } else {
                name.as_bytes().first().copied().unwrap_or(b',')
            },
            quoting: bytes.quoting.unwrap_or(true),
            line_end: head.line_end,
        })
        .collect()
}

/// The first rows of the head, each taken apart by itself.
pub fn rows(head: &Head, dialect: &Dialect, most: usize) -> Vec<HeadRow> {
    let mut found = Vec::new();
    let mut at = 0;
    for (line, bytes) in head
        .bytes
        .split(|byte| *byte == head.line_end)
        .take(most)
        .enumerate()
    {
        at += bytes.len() + 1;
        found.push(HeadRow {
            cells: split_line(bytes, dialect),
            bytes: bytes.to_vec(),
            line: line as u32 + 1,
            end: at.min(head.bytes.len()),
        });
    }
    found
}

fn split_line(bytes: &[u8], dialect: &Dialect) -> Vec<String> {
    // A splitter that wants every cell of a row of unknown width: count the delimiters as an upper bound.
    let bound = bytes
        .iter()
        .filter(|byte| **byte == dialect.delimiter)
        .count()
        + 1;
    for cells in (1..=bound).rev() {
        let wanted: Vec<usize> = (0..cells).collect();
        let chunk = Splitter::new(dialect.clone(), cells, &wanted, 1).push(bytes.to_vec(), true);
        if !chunk.rows.is_empty() {
            return (0..cells)
                .map(|slot| clean(&String::from_utf8_lossy(chunk.cell(0, slot))))
                .collect();
        }
        if !dialect.quoting {
            break;
        }
    }
    Vec::new()
}

fn clean(cell: &str) -> String {
    cell.replace('\u{a0}', " ")
        .trim()
        .trim_matches('\u{feff}')
        .to_owned()
}

/// Whether a header cell is the wanted one: case does not matter, `*` stands for any text.
pub fn same(wanted: &str, cell: &str) -> bool {
    let (wanted, cell) = (wanted.to_lowercase(), cell.to_lowercase());
    let Some((first, rest)) = wanted.split_once('*') else {
        return wanted == cell;
    };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(mut open) = cell
        .strip_prefix(first)
        .and_then(|open| open.strip_suffix(last))
    else {
        return false;
    };
    for part in middle.split('*').filter(|part| !part.is_empty()) {
        let Some(at) = open.find(part) else {
            return false;
        };
        open = &open[at + part.len()..];
    }
    true
}

fn layout(head: &Head, at: usize, format: &Format) -> Option<Layout> {
    dialects(head, &format.bytes)
        .into_iter()
        .find_map(|dialect| {
            let rows = rows(head, &dialect, HEADER_ROWS);
            let placed = if format.recognise.header.is_empty() {
                headerless(format, &rows)
            } else {
                with_header(format, &rows)
            }?;
            build(head, at, format, dialect, &rows, placed)
        })
}

/// Where the data begins and how its cells are called.
struct Placed {
    header: Vec<String>,
    header_row: Option<usize>,
}

fn with_header(format: &Format, rows: &[HeadRow]) -> Option<Placed> {
    let fits = |row: &HeadRow| {
        format
            .recognise
            .header
            .iter()
            .all(|want| row.cells.iter().any(|cell| same(want, cell)))
    };
    let at = rows.iter().position(fits)?;
    let preamble = |text: &String| {
        rows[..at]
            .iter()
            .any(|row| String::from_utf8_lossy(&row.bytes).contains(text.as_str()))
    };
    if !format.recognise.preamble.as_ref().is_none_or(preamble) {
        return None;
    }
    Some(Placed {
        header: rows[at].cells.clone(),
        header_row: Some(at),
    })
}

/// Without a header, the first rows that are not empty must all match the patterns.
fn headerless(format: &Format, rows: &[HeadRow]) -> Option<Placed> {
    let patterns = &format.recognise.patterns;
    let samples: Vec<_> = rows
        .iter()
        .filter(|row| !row.bytes.trim_ascii().is_empty())
        .take(5)
        .collect();
    let width = samples.first()?.cells.len();
    let known = format.recognise.min_cells.unwrap_or(1)..=format.recognise.names.len();
    let good = |row: &&HeadRow| {
        patterns.iter().all(|(cell, pattern)| {
            row.cells
                .get(*cell)
                .is_some_and(|text| pattern.is_match(text))
        })
    };
    // One broken row among the first five must not hide the format.
    let enough = samples.iter().copied().filter(|row| good(row)).count() * 2 > samples.len();
    (known.contains(&width) && enough).then(|| Placed {
        header: format.recognise.names[..width].to_vec(),
        header_row: None,
    })
}

fn build(
    head: &Head,
    at: usize,
    format: &Format,
    dialect: Dialect,
    rows: &[HeadRow],
    placed: Placed,
) -> Option<Layout> {
    let header_row = placed.header_row.map(|row| &rows[row]);
    let mut header = placed.header;
    // A delimiter at the end of every line makes one more cell that has neither name nor value.
    while header.last().is_some_and(String::is_empty) {
        header.pop();
    }
    let feeds = feeds(format, &header)?;
    let used: Vec<usize> = feeds.iter().flatten().copied().collect();
    let unused = (0..header.len())
        .filter(|cell| !used.contains(cell))
        .map(|cell| header[cell].clone())
        .collect();
    let samples = &rows[header_row.map_or(0, |row| row.line as usize)..];
    let preamble = &rows[..placed.header_row.unwrap_or(0)];
    Some(Layout {
        format: at,
        decimal: format
            .bytes
            .decimal
            .unwrap_or_else(|| decimal_of(format, &feeds, samples)),
        header_bytes: header_row
            .map(|row| row.bytes.trim_ascii_end().to_vec())
            .unwrap_or_default(),
        data_at: header_row.map_or(0, |row| row.end).min(head.bytes.len()),
        first_line: header_row.map_or(1, |row| row.line + 1),
        period: preamble_period(preamble),
        dialect,
        header,
        feeds,
        unused,
    })
}

/// The cells behind each column rule; `None` when a required one has none.
fn feeds(format: &Format, header: &[String]) -> Option<Vec<Vec<usize>>> {
    let position = |want: &str, which: Which| {
        let mut cells = header
            .iter()
            .enumerate()
            .filter(|(_, cell)| same(want, cell))
            .map(|(at, _)| at);
        if which == Which::First {
            cells.next()
        } else {
            cells.next_back()
        }
    };
    let mut feeds = Vec::new();
    for rule in &format.columns {
        let cells: Vec<usize> = rule
            .from
            .iter()
            .filter_map(|want| position(want, rule.which))
            .collect();
        if rule.required && cells.is_empty() {
            return None;
        }
        feeds.push(cells);
    }
    Some(feeds)
}

/// A comma with one or two digits behind it at the end of an amount is a fraction mark; so is a comma behind a dot.
fn decimal_of(format: &Format, feeds: &[Vec<usize>], samples: &[HeadRow]) -> Decimal {
    let amounts = format
        .columns
        .iter()
        .zip(feeds)
        .filter(|(rule, _)| matches!(rule.read, Reading::Money | Reading::Number));
    for (_, cells) in amounts {
        for text in samples
            .iter()
            .filter_map(|row| row.cells.get(*cells.first()?))
        {
            let Some((whole, fraction)) = text.rsplit_once(',') else {
                continue;
            };
            if (1..=2).contains(&fraction.len()) && cells::unsigned(fraction.as_bytes()).is_some()
                || whole.contains('.')
            {
                return Decimal::Comma;
            }
        }
    }
    Decimal::Dot
}

/// The first two dates of eight digits behind a colon, in whatever language the preamble is.
fn preamble_period(preamble: &[HeadRow]) -> Option<(String, String)> {
    let date = Regex::new(r":\s*(\d{8})\s*,*$").expect("the pattern is fixed");
    let mut found = preamble.iter().filter_map(|row| {
        let text = String::from_utf8_lossy(&row.bytes).trim().to_owned();
        Some(date.captures(&text)?[1].to_owned())
    });
    Some((found.next()?, found.next()?))
}

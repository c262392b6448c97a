//! A file seen through one format: the header, the cells behind each column rule, fraction mark and period.

use regex::Regex;

use super::head::dialects;
use super::{HEADER_ROWS, HeadRow, Layout, rows, same};
use crate::ingest::format::{Format, Which};
use crate::ingest::records::Dialect;
use crate::ingest::source::{Head, Numbers};

/// The layout of a file that is of the format, which is `at` in the list that is searched; `None` when it is not.
pub(super) fn layout(head: &Head, at: usize, format: &Format) -> Option<Layout> {
    for dialect in dialects(head, &format.bytes) {
        let rows = rows(head, &dialect, HEADER_ROWS);
        let placed = if format.recognise.header.is_empty() {
            headerless(format, &rows)
        } else {
            with_header(format, &rows)
        };
        let layout = placed.and_then(|placed| build(head, at, format, dialect, &rows, placed));
        if layout.is_some() {
            return layout;
        }
    }
    None
}

/// Where the data begins and how its cells are called.
struct Placed {
    header: Vec<String>,
    /// Position of the header among the first rows; `None` in a file without one.
    header_row: Option<usize>,
}

/// The first row that has all header cells of the format is the header.
fn with_header(format: &Format, rows: &[HeadRow]) -> Option<Placed> {
    let wanted = &format.recognise.header;
    let has = |row: &HeadRow, want: &str| row.cells.iter().any(|cell| same(want, cell));
    let is_header = |row: &HeadRow| wanted.iter().all(|want| has(row, want));
    let at = rows.iter().position(is_header)?;
    if let Some(text) = &format.recognise.preamble
        && !stands_in(text, &rows[..at])
    {
        return None;
    }
    Some(Placed {
        header: rows[at].cells.clone(),
        header_row: Some(at),
    })
}

fn stands_in(text: &str, rows: &[HeadRow]) -> bool {
    let has_text = |row: &HeadRow| String::from_utf8_lossy(&row.bytes).contains(text);
    rows.iter().any(has_text)
}

/// First rows by which a file without a header is known: one broken row among five must not hide the format.
const SAMPLE_ROWS: usize = 5;

/// Without a header, most of the first rows that are not empty must match the patterns.
fn headerless(format: &Format, rows: &[HeadRow]) -> Option<Placed> {
    let is_filled = |row: &&HeadRow| !row.bytes.trim_ascii().is_empty();
    let samples: Vec<_> = rows.iter().filter(is_filled).take(SAMPLE_ROWS).collect();
    let width = samples.first()?.cells.len();
    let names = &format.recognise.names;
    let known_widths = format.recognise.min_cells.unwrap_or(1)..=names.len();
    let matching = samples.iter().filter(|row| matches(row, format)).count();
    let most_match = matching * 2 > samples.len();
    (known_widths.contains(&width) && most_match).then(|| Placed {
        header: names[..width].to_vec(),
        header_row: None,
    })
}

fn matches(row: &HeadRow, format: &Format) -> bool {
    let mut patterns = format.recognise.patterns.iter();
    patterns.all(|(cell, pattern)| {
        let text = row.cells.get(*cell);
        text.is_some_and(|text| pattern.is_match(text))
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
    let mut header = placed.header;
    // A delimiter at the end of every line makes one more cell that has neither name nor value.
    while header.last().is_some_and(String::is_empty) {
        header.pop();
    }
    let feeds = feeds(format, &header)?;
    let header_row = placed.header_row.map(|row| &rows[row]);
    let preamble = &rows[..placed.header_row.unwrap_or(0)];
    // Where numbers are typed, the format's mark is that of another carrier.
    let decimal = match head.numbers {
        Numbers::Written => format.bytes.decimal,
        Numbers::Typed => None,
    };
    Some(Layout {
        format: at,
        decimals: vec![decimal; format.columns.len()],
        orders: format.columns.iter().map(|rule| rule.order).collect(),
        notes: Vec::new(),
        header_bytes: header_row
            .map(|row| row.bytes.trim_ascii_end().to_vec())
            .unwrap_or_default(),
        data_at: header_row.map_or(0, |row| row.end).min(head.bytes.len()),
        first_line: header_row.map_or(1, |row| row.line + 1),
        period: preamble_period(preamble),
        unused: unused(&header, &feeds),
        dialect,
        header,
        feeds,
    })
}

/// The header cells that no rule reads.
fn unused(header: &[String], feeds: &[Vec<usize>]) -> Vec<String> {
    let mut unused = Vec::new();
    for (at, cell) in header.iter().enumerate() {
        let is_used = feeds.iter().flatten().any(|used| *used == at);
        if !is_used {
            unused.push(cell.clone());
        }
    }
    unused
}

/// The cells behind each column rule; `None` when a required one has none.
fn feeds(format: &Format, header: &[String]) -> Option<Vec<Vec<usize>>> {
    let mut feeds = Vec::new();
    for rule in &format.columns {
        let place = |want: &String| place_of(want, rule.which, header);
        let cells: Vec<usize> = rule.from.iter().filter_map(place).collect();
        if rule.required && cells.is_empty() {
            return None;
        }
        feeds.push(cells);
    }
    Some(feeds)
}

/// Where the cell of a name stands in the header. Some systems give several columns the same name.
fn place_of(want: &str, which: Which, header: &[String]) -> Option<usize> {
    match which {
        Which::First => header.iter().position(|cell| same(want, cell)),
        Which::Last => header.iter().rposition(|cell| same(want, cell)),
    }
}

/// The first two dates of eight digits behind a colon, in whatever language the preamble is.
fn preamble_period(preamble: &[HeadRow]) -> Option<(String, String)> {
    let date = Regex::new(r":\s*(\d{8})\s*,*$").expect("the pattern is fixed");
    let date_of = |row: &HeadRow| {
        let text = String::from_utf8_lossy(&row.bytes);
        let found = date.captures(text.trim())?;
        Some(found[1].to_owned())
    };
    let mut dates = preamble.iter().filter_map(date_of);
    let from = dates.next()?;
    let to = dates.next()?;
    Some((from, to))
}

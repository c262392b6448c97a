//! A file seen through one format: the header, the cells behind each column rule, fraction mark and period.

use regex::Regex;

use super::head::dialects;
use super::{HEADER_ROWS, HeadRow, Layout, rows, same};
use crate::ingest::cells::{self, Decimal};
use crate::ingest::format::{Format, Reading, Which};
use crate::ingest::records::Dialect;
use crate::ingest::source::Head;

pub(super) fn layout(head: &Head, at: usize, format: &Format) -> Option<Layout> {
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

//! The first rows of a file, each taken apart by itself, with every delimiter that it may have.

use crate::ingest::format::Bytes;
use crate::ingest::records::{Dialect, Splitter};
use crate::ingest::source::Head;

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

pub(super) fn dialects(head: &Head, bytes: &Bytes) -> Vec<Dialect> {
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

//! Why a file is of no format, in words that tell what to do.

use regex::Regex;

use super::head::dialects;
use super::{HEADER_ROWS, rows, same};
use crate::ingest::format::Format;
use crate::ingest::source::{Head, Source};
use crate::model::fault::Fault;

pub(super) fn no_format_fits(source: &Source, head: &Head) -> Fault {
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

pub(super) fn misfit(source: &Source, head: &Head, format: &Format) -> Fault {
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

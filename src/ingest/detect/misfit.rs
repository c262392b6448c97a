//! Why a file is of no format, in words that tell what to do.

use regex::Regex;

use super::head::dialects;
use super::{HEADER_ROWS, HeadRow, rows, same};
use crate::ingest::format::Format;
use crate::ingest::source::{GRID, Head, Source};
use crate::model::fault::Fault;

/// What is said when no format fits, with what the file begins with.
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

/// Characters of a file's first line that are shown: enough to know the file by, and one line of a terminal.
const SHOWN_CHARS: usize = 80;

/// The beginning of a file as it may be shown.
fn first_line(head: &Head) -> String {
    let line = head
        .bytes
        .split(|byte| *byte == head.line_end)
        .next()
        .unwrap_or_default();
    let text = String::from_utf8_lossy(line);
    let text = text.replace(char::from(GRID.delimiter), ";");
    let text: String = text.chars().filter(|symbol| !symbol.is_control()).collect();
    // Masked before it is cut: a number that is cut might be too short to be known for one.
    mask_contacts(&text).chars().take(SHOWN_CHARS).collect()
}

/// A first line may be a row of people when the header is missing: what looks like a number or an address is hidden.
pub fn mask_contacts(text: &str) -> String {
    let contacts = Regex::new(CONTACTS).expect("the pattern is fixed");
    contacts.replace_all(text, "…").into_owned()
}

/// Addresses, and telephone numbers as people write them. Seven digits is the shortest that `model::contact` takes for
/// somebody's number; a date has none of these forms.
const CONTACTS: &str = r#"(?x)
    [^\s,;|"]+@[^\s,;|"]+                        # name@example.com
    | \+\d[\d\ ()\-]{7,}\d                      # +7 (900) 123-45-67
    | \d?[\ \-]?\(\d{3,5}\)[\ \-]?\d[\d\ \-]{3,}\d # 8 (8142) 20-00-01
    | (?:\d[\ \-])?\d{3}[\ \-]\d{3}[\ \-]?\d{2}[\ \-]?\d{2} # 8 900 123-45-67
    | \d{7,}
"#;

/// Why a file is no export of the format that was asked for.
pub(super) fn misfit(source: &Source, head: &Head, format: &Format) -> Fault {
    let header = likeliest_header(head, format);
    let missing = missing_columns(format, header.as_ref());
    if missing.is_empty() {
        return Fault::new(format!("is no export of the format {}", format.name))
            .at(&source.label)
            .hint("`voronka inspect` tells which format fits");
    }
    let line = header.map_or(1, |row| row.line);
    let message = format!(
        "column {} is missing, the format {} needs it",
        missing.join(", "),
        format.name
    );
    Fault::new(message)
        .at(format!("{}:{line}", source.label))
        .hint("add the column to the export, or let `voronka inspect` tell which format fits")
}

/// The row among the first that has the most of the format's header cells.
fn likeliest_header(head: &Head, format: &Format) -> Option<HeadRow> {
    let dialect = &dialects(head, &format.bytes)[0];
    let has = |row: &HeadRow| {
        let wanted = format.recognise.header.iter();
        wanted.filter(|want| has_cell(row, want)).count()
    };
    // Of equally good rows the first: `max_by_key` takes the last, so they are asked backwards.
    let rows = rows(head, dialect, HEADER_ROWS);
    rows.into_iter().rev().max_by_key(has)
}

/// The header cells of a format that a row lacks, in quotes.
fn missing_columns(format: &Format, row: Option<&HeadRow>) -> Vec<String> {
    let mut missing = Vec::new();
    for want in &format.recognise.header {
        if !row.is_some_and(|row| has_cell(row, want)) {
            missing.push(format!("\"{want}\""));
        }
    }
    missing
}

fn has_cell(row: &HeadRow, want: &str) -> bool {
    row.cells.iter().any(|cell| same(want, cell))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_hidden_and_the_rest_of_a_line_stays() {
        let cases = [
            ("Иван;+7 (900) 123-45-67;да", "Иван;…;да"),
            ("8 900 123-45-67,anna@firm.example", "…,…"),
            ("8(8142)20-00-01|79001234567", "…|…"),
            (
                "2026-11-09 10:05;12;1 200,50",
                "2026-11-09 10:05;12;1 200,50",
            ),
            (
                "Date,Source / medium,Sessions",
                "Date,Source / medium,Sessions",
            ),
        ];
        for (line, shown) in cases {
            assert_eq!(mask_contacts(line), shown);
        }
    }
}

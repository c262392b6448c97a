//! Books of which some sheets are no exports: notes, a legend, a summary. They are passed over, but not one that looks
//! like a sheet which is an export: there a column was renamed, and its rows would be missing without a word.

use super::Planned;
use super::detect::{self, same};
use super::source::{self, GRID, Source};

/// Rows among which the header of a sheet stands, as everywhere.
const HEADER_ROWS: usize = 40;

/// The errors of sources that no format fits, but for those that are passed over.
pub(super) fn told(
    failed: Vec<(Source, anyhow::Error)>,
    planned: &[Planned],
) -> Vec<anyhow::Error> {
    let is_told = |(source, _): &(Source, anyhow::Error)| {
        let fitting = planned.iter();
        !is_passed_over(
            source,
            fitting.map(|file| (&file.source, file.layout.header.as_slice())),
        )
    };
    let told = failed.into_iter().filter(is_told);
    told.map(|(_, error)| error).collect()
}

/// Whether a source that no format fits is no export: another part of its file is one, and it looks like none of these.
pub fn is_passed_over<'a>(
    source: &Source,
    fitting: impl Iterator<Item = (&'a Source, &'a [String])>,
) -> bool {
    let siblings: Vec<&[String]> = fitting
        .filter(|(other, _)| source.is_sibling_of(other))
        .map(|(_, header)| header)
        .collect();
    !siblings.is_empty() && !siblings.iter().any(|header| resembles(source, header))
}

/// Whether a row near the top of a source has half of the cells of a header.
fn resembles(source: &Source, header: &[String]) -> bool {
    let Ok(head) = source::head(source) else {
        // What cannot be read at all may be anything.
        return true;
    };
    let named: Vec<&String> = header.iter().filter(|cell| !cell.is_empty()).collect();
    let rows = detect::rows(&head, &GRID, HEADER_ROWS);
    rows.iter().any(|row| {
        let has = |name: &&&String| row.cells.iter().any(|cell| same(name, cell));
        named.iter().filter(has).count() * 2 >= named.len()
    })
}

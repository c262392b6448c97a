//! Sources made of bytes, for tests.

use std::io::Write;

use super::carrier::{Carrier, rows};
use super::grid::{GRID, Grid};
use super::{Source, sources, unreadable};
use crate::model::fault;

/// A file with these bytes, and the source that it is by a carrier.
fn source_of(bytes: &[u8], carrier: Carrier) -> (tempfile::NamedTempFile, Source) {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(bytes).expect("written");
    let source = sources(file.path()).expect("a source").remove(0);
    (file, Source { carrier, ..source })
}

/// The rows of a file by a carrier, cells with a bar between.
pub(super) fn grid_of(bytes: &[u8], carrier: Carrier) -> Vec<String> {
    let (_file, source) = source_of(bytes, carrier);
    let mut written = Vec::new();
    let mut send = |block: Vec<u8>| {
        written.extend(block);
        true
    };
    let mut grid = Grid::new(&mut send);
    rows(&source, &mut grid).expect("readable");
    grid.finish();
    let text = String::from_utf8(written).expect("text");
    let rows = text.split_terminator(char::from(GRID.line_end));
    rows.map(|row| row.replace(char::from(GRID.delimiter), "|"))
        .collect()
}

/// What is said of a file that a carrier refuses.
pub(super) fn refusal_of(bytes: &[u8], carrier: Carrier) -> String {
    let (_file, source) = source_of(bytes, carrier);
    let mut ignore = |_| true;
    let mut grid = Grid::new(&mut ignore);
    let error = rows(&source, &mut grid).expect_err("refused");
    fault::told(&unreadable(&source, error))
}

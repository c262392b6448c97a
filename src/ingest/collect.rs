//! Rows of a whole export held together, for formats whose records span several rows.

use std::collections::BTreeMap;

use super::parse::Parsed;
use crate::model::columns::{Columns, NO_LONG};
use crate::model::tables::TableSchema;

/// All rows of an export, in the order of reading.
pub struct Collected {
    /// The rows.
    pub columns: Columns,
    /// For each row the file it came from.
    pub files: Vec<u32>,
    /// For each row the hash of its bytes.
    pub hashes: Vec<u64>,
    /// For each row what its product comes to, minor units; empty where no file tells.
    pub worth: Vec<i64>,
}

impl Collected {
    /// Nothing yet.
    pub fn empty(table: &'static TableSchema) -> Self {
        Self {
            columns: Columns::empty(table),
            files: Vec::new(),
            hashes: Vec::new(),
            worth: Vec::new(),
        }
    }

    /// Adds the rows of a chunk.
    pub fn add(&mut self, file: u32, parsed: &Parsed) {
        self.columns.append(&parsed.columns);
        self.files.resize(self.columns.rows(), file);
        self.hashes.extend_from_slice(&parsed.hashes);
        // Other files of the export may have no prices.
        self.worth.extend_from_slice(&parsed.worth);
        self.worth.resize(self.columns.rows(), NO_LONG);
    }
}

/// Row numbers by file, files in order.
pub(super) fn rows_by_file(files: &[u32]) -> BTreeMap<u32, Vec<u32>> {
    let mut rows_of: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (row, file) in files.iter().enumerate() {
        rows_of.entry(*file).or_default().push(row as u32);
    }
    rows_of
}

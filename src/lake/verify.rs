//! Whether the files on disk are what the catalog says: asked by `check`, and after anything went wrong.

use anyhow::Result;
use chrono::{DateTime, Utc};
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::Lake;
use super::catalog::Part;
use super::states::DEAL_STATES;
use crate::model::table::Table;

impl Lake {
    /// Every live file that is absent, unreadable or of another number of rows than the catalog says, in words.
    ///
    /// # Errors
    /// When the catalog itself cannot be read.
    pub fn verify(&self, as_of: DateTime<Utc>) -> Result<Vec<String>> {
        let mut faults = Vec::new();
        let tables = Table::ALL.into_iter().map(Table::name);
        for name in tables.chain(["rejects", DEAL_STATES]) {
            for part in self.catalog.parts(name, as_of)? {
                faults.extend(self.fault_of(&part));
            }
        }
        Ok(faults)
    }

    fn fault_of(&self, part: &Part) -> Option<String> {
        match rows(&self.dir.join(&part.path)) {
            Ok(found) if found == part.rows => None,
            Ok(found) => Some(format!(
                "{}: {found} rows, the catalog says {}",
                part.path, part.rows
            )),
            Err(error) => Some(format!("{}: {error}", part.path)),
        }
    }
}

/// How many rows a file says that it holds; its columns are not read.
fn rows(path: &std::path::Path) -> Result<u64> {
    let reader = SerializedFileReader::new(std::fs::File::open(path)?)?;
    Ok(reader.metadata().file_metadata().num_rows().unsigned_abs())
}

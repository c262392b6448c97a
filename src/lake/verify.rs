//! Whether the files on disk are what the catalog says: asked by `check`, and after anything went wrong.

use anyhow::Result;
use chrono::{DateTime, Utc};
use parquet::file::reader::{FileReader, SerializedFileReader};

use super::Lake;
use crate::model::table::Table;

impl Lake {
    /// Every live file that is absent, unreadable or of another number of rows than the catalog says, in words.
    ///
    /// # Errors
    /// When the catalog itself cannot be read.
    pub fn verify(&self, as_of: DateTime<Utc>) -> Result<Vec<String>> {
        let mut faults = Vec::new();
        for name in Table::ALL.into_iter().map(Table::name).chain(["rejects"]) {
            for part in self.catalog.parts(name, as_of)? {
                let path = self.dir.join(&part.path);
                match rows(&path) {
                    Ok(found) if found == part.rows => {}
                    Ok(found) => faults.push(format!(
                        "{}: {found} rows, the catalog says {}",
                        part.path, part.rows
                    )),
                    Err(error) => faults.push(format!("{}: {error}", part.path)),
                }
            }
        }
        Ok(faults)
    }
}

fn rows(path: &std::path::Path) -> Result<u64> {
    let reader = SerializedFileReader::new(std::fs::File::open(path)?)?;
    Ok(reader.metadata().file_metadata().num_rows().unsigned_abs())
}

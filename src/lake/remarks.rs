//! Remarks on files, as the catalog keeps them: a run at night tells them to nobody, and the report does.

use anyhow::Result;
use chrono::{DateTime, Utc};
use rusqlite::{Transaction, params};

use super::catalog::{Catalog, FileAccount};
use super::scan::day_number;
use crate::model::period::Period;

/// Adds what was remarked on the files of a batch.
pub(super) fn insert(
    transaction: &Transaction<'_>,
    batch: i64,
    files: &[FileAccount],
) -> Result<()> {
    let sql = "INSERT INTO remarks (batch, file, text) VALUES (?1, ?2, ?3)";
    for file in files {
        for text in &file.remarks {
            transaction.execute(sql, params![batch, file.file, text])?;
        }
    }
    Ok(())
}

impl Catalog {
    /// Files of an export with remarks on them, whose batches brought rows of a period by `as_of`; in the order of names.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn remarked_files(
        &self,
        export: &str,
        period: &Period,
        as_of: DateTime<Utc>,
    ) -> Result<Vec<String>> {
        let sql = "SELECT DISTINCT file FROM remarks JOIN batches ON batches.id = batch
                   WHERE batches.export = ?1 AND committed_at <= ?2 AND EXISTS (
                     SELECT 1 FROM parts
                     WHERE parts.export = ?1 AND added_at = committed_at AND min_day <= ?4 AND max_day >= ?3
                   ) ORDER BY file";
        let mut statement = self.connection().prepare(sql)?;
        let known = as_of.timestamp_millis();
        let (from, to) = (day_number(period.from), day_number(period.to));
        let files = statement.query_map(params![export, known, from, to], |row| row.get(0))?;
        Ok(files.collect::<rusqlite::Result<_>>()?)
    }
}

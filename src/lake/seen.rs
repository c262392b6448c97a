//! The columns of files, as the catalog keeps them for the files to come.

use anyhow::{Context, Result};
use rusqlite::{Connection, Transaction, params};

use super::catalog::FileAccount;
use crate::model::seen::Seen;

/// Files of an export that a new one is compared with: the last of a year of weeks.
const MOST_FILES: u32 = 53;

/// Adds the columns of the files of a batch.
pub(super) fn insert(
    transaction: &Transaction<'_>,
    batch: i64,
    files: &[FileAccount],
) -> Result<()> {
    let sql = "INSERT INTO seen (batch, file, format, columns) VALUES (?1, ?2, ?3, ?4)";
    for file in files.iter().filter(|file| !file.seen.header.is_empty()) {
        let columns = serde_json::to_string(&file.seen).context("the columns of a file")?;
        transaction.execute(sql, params![batch, file.file, file.format, columns])?;
    }
    Ok(())
}

/// The columns of the last files of an export that were read by a format, the newest first, with the files' names.
///
/// # Errors
/// When the catalog cannot be read.
pub fn last(catalog: &Connection, export: &str, format: &str) -> Result<Vec<(String, Seen)>> {
    let sql = "SELECT file, columns FROM seen JOIN batches ON batches.id = batch
               WHERE export = ?1 AND format = ?2 ORDER BY seen.id DESC LIMIT ?3";
    let mut statement = catalog.prepare(sql)?;
    let rows = statement.query_map(params![export, format, MOST_FILES], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    let mut last = Vec::new();
    for row in rows {
        let (file, columns) = row?;
        let seen = serde_json::from_str(&columns).context("the catalog's table `seen`")?;
        last.push((file, seen));
    }
    Ok(last)
}

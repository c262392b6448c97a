//! Cells that name nobody, as the catalog keeps them: counted by export, column and what stands there.

use anyhow::Result;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, params};

use super::catalog::FileAccount;
use crate::model::contact::Found;
use crate::model::nameless::Nameless;

/// The catalog's words for what stands in such cells.
const PLACEHOLDER: &str = "placeholder";
const UNREADABLE: &str = "unreadable";

/// Adds what the files of a batch hold.
pub(super) fn insert(
    transaction: &Transaction<'_>,
    batch: i64,
    files: &[FileAccount],
) -> Result<()> {
    let sql = "INSERT INTO nameless (batch, file, cell, found, rows) VALUES (?1, ?2, ?3, ?4, ?5)";
    for file in files {
        for cells in &file.nameless {
            let word = match cells.found {
                Found::Placeholder => PLACEHOLDER,
                Found::Unreadable => UNREADABLE,
                Found::Person | Found::Nobody => continue,
            };
            transaction.execute(
                sql,
                params![batch, file.file, cells.column, word, cells.rows],
            )?;
        }
    }
    Ok(())
}

/// What the files that were in the lake as of then hold, by export, column and what stands there.
///
/// # Errors
/// When the catalog cannot be read.
pub fn known(catalog: &Connection, as_of: DateTime<Utc>) -> Result<Vec<Nameless>> {
    let sql =
        "SELECT export, cell, found, sum(rows) FROM nameless JOIN batches ON batches.id = batch
               WHERE committed_at <= ?1 GROUP BY export, cell, found ORDER BY export, cell, found";
    let mut statement = catalog.prepare(sql)?;
    let found = statement.query_map([as_of.timestamp_millis()], |row| {
        let (source, column, rows) = (row.get(0)?, row.get(1)?, row.get(3)?);
        let word: String = row.get(2)?;
        Ok(if word == PLACEHOLDER {
            Nameless::Placeholder {
                source,
                column,
                rows,
            }
        } else {
            Nameless::Unreadable {
                source,
                column,
                rows,
            }
        })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

//! Files that newer ones replaced long ago are removed; what can be known as of a later time stays.

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use rusqlite::Transaction;

use super::Lake;
use super::parts::paths_of;

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Vacuumed {
    /// Files.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
}

impl Lake {
    /// Removes the files that were replaced by `horizon`: a report as of then or later still reads all that it needs, one as of
    /// an earlier time is refused from now on.
    ///
    /// # Errors
    /// When another process is changing the lake, or a file cannot be removed.
    pub fn vacuum(&self, horizon: DateTime<Utc>) -> Result<Vacuumed> {
        let _lock = self.lock()?;
        let horizon = horizon.timestamp_millis();
        let connection = self.catalog.connection();
        // The catalog first: a file that it does not know is an orphan, and the next right to change the lake removes it.
        let transaction =
            Transaction::new_unchecked(connection, rusqlite::TransactionBehavior::Immediate)?;
        let replaced = replaced_by(&transaction, horizon)?;
        transaction.execute("DELETE FROM parts WHERE removed_at <= ?1", [horizon])?;
        if !replaced.is_empty() {
            transaction.execute("INSERT INTO vacuums VALUES (?1)", [horizon])?;
        }
        transaction.commit()?;
        let mut vacuumed = Vacuumed::default();
        for path in replaced {
            let path = self.dir.join(path);
            vacuumed.bytes += std::fs::metadata(&path).map_or(0, |file| file.len());
            match std::fs::remove_file(&path) {
                Ok(()) => vacuumed.files += 1,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => {
                    return Err(error).with_context(|| format!("remove {}", path.display()));
                }
            }
        }
        Ok(vacuumed)
    }

    /// The time before which nothing can be known any more; `None` when nothing was ever removed.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn horizon(&self) -> Result<Option<DateTime<Utc>>> {
        let sql = "SELECT max(vacuumed_to) FROM vacuums";
        let newest: Option<i64> = self
            .catalog
            .connection()
            .query_row(sql, [], |row| row.get(0))?;
        Ok(newest.and_then(DateTime::from_timestamp_millis))
    }
}

fn replaced_by(transaction: &Transaction<'_>, horizon: i64) -> Result<Vec<String>> {
    let sql = "SELECT path, cube FROM parts WHERE removed_at <= ?1 ORDER BY path";
    paths_of(transaction, sql, [horizon])
}

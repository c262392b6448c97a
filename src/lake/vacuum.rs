//! Files that newer ones replaced long ago are removed; what can be known as of a later time stays, and what their deals were.

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use rusqlite::{Transaction, TransactionBehavior, params};

use super::Lake;
use super::catalog::Part;
use super::parts::{paths_of, read_part};

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
        let replaced = self.replaced_by(horizon)?;
        if replaced.is_empty() {
            return Ok(Vacuumed::default());
        }
        // Written before the catalog names it: of a run that is killed here it is an orphan.
        let kept = self.keep_states(&replaced)?;
        let connection = self.catalog.connection();
        // The catalog first: a file that it does not know is an orphan, and the next right to change the lake removes it.
        let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
        let sql = "SELECT path, cube FROM parts WHERE removed_at <= ?1 ORDER BY path";
        let mut paths = paths_of(&transaction, sql, [horizon])?;
        for states in &kept {
            states.commit(&transaction)?;
            paths.extend(states.earlier.iter().map(|part| part.path.clone()));
        }
        transaction.execute("DELETE FROM parts WHERE removed_at <= ?1", [horizon])?;
        transaction.execute("INSERT INTO vacuums VALUES (?1)", [horizon])?;
        transaction.commit()?;
        self.remove_files(&paths)
    }

    /// Whether anything was replaced by `horizon`: most runs leave nothing to remove, and need no right to change the lake.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn has_replaced_by(&self, horizon: DateTime<Utc>) -> Result<bool> {
        Ok(!self.replaced_by(horizon.timestamp_millis())?.is_empty())
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

    fn replaced_by(&self, horizon: i64) -> Result<Vec<Part>> {
        let sql =
            "SELECT id, table_name, export, month, path, rows, min_day, max_day, cube FROM parts
                   WHERE removed_at <= ?1 ORDER BY month, export, id";
        let mut statement = self.catalog.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![horizon], read_part)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn remove_files(&self, paths: &[String]) -> Result<Vacuumed> {
        let mut vacuumed = Vacuumed::default();
        for path in paths {
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
}

#[cfg(test)]
#[path = "vacuum_tests.rs"]
mod tests;

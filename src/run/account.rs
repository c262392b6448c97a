//! What ran, when and how it ended: a row of the catalog per command.

use anyhow::Result;
use chrono::{DateTime, Utc};
use rusqlite::params;

use crate::lake::Lake;

/// A command that has begun.
#[derive(Debug)]
pub struct RunRecord {
    id: i64,
}

/// A command as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Running number.
    pub id: i64,
    /// Command line word: `run`, `ingest`, `report`, `send`.
    pub command: String,
    /// Period label, or empty.
    pub period: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended; `None` when it was killed or is still running.
    pub finished_at: Option<DateTime<Utc>>,
    /// Exit code.
    pub exit_code: Option<u8>,
    /// How it ended, in words.
    pub outcome: String,
}

impl RunRecord {
    /// Notes that a command begins.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn begin(lake: &Lake, pipeline: &str, command: &str, period: &str, now: DateTime<Utc>) -> Result<Self> {
        let connection = lake.catalog.connection();
        connection.execute(
            "INSERT INTO runs (pipeline, command, period, started_at) VALUES (?1, ?2, ?3, ?4)",
            params![pipeline, command, period, now.timestamp_millis()],
        )?;
        Ok(Self { id: connection.last_insert_rowid() })
    }

    /// Notes how it ended.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn end(self, lake: &Lake, now: DateTime<Utc>, exit_code: u8, outcome: &str) -> Result<()> {
        lake.catalog.connection().execute(
            "UPDATE runs SET finished_at = ?1, exit_code = ?2, outcome = ?3 WHERE id = ?4",
            params![now.timestamp_millis(), exit_code, outcome, self.id],
        )?;
        Ok(())
    }
}

/// The newest commands of a pipeline, newest first.
///
/// # Errors
/// When the catalog cannot be read.
pub fn list(lake: &Lake, pipeline: &str, most: u32) -> Result<Vec<Ended>> {
    let sql = "SELECT id, command, period, started_at, finished_at, exit_code, outcome FROM runs
               WHERE pipeline = ?1 ORDER BY id DESC LIMIT ?2";
    let mut statement = lake.catalog.connection().prepare(sql)?;
    let at = |ms: i64| DateTime::from_timestamp_millis(ms).unwrap_or_default();
    let rows = statement.query_map(params![pipeline, most], |row| {
        Ok(Ended {
            id: row.get(0)?,
            command: row.get(1)?,
            period: row.get(2)?,
            started_at: at(row.get(3)?),
            finished_at: row.get::<_, Option<i64>>(4)?.map(at),
            exit_code: row.get(5)?,
            outcome: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

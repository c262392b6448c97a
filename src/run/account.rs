//! What ran, when and how it ended: a row of the catalog per command.

use std::time::Instant;

use anyhow::Result;
use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

use crate::lake::Lake;
use crate::model::period::Period;

/// A command that has begun.
#[derive(Debug)]
pub struct RunRecord {
    id: i64,
    started_at: DateTime<Utc>,
    clock: Instant,
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
    pub fn begin(
        lake: &Lake,
        pipeline: &str,
        command: &str,
        period: &str,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let connection = lake.catalog.connection();
        connection.execute(
            "INSERT INTO runs (pipeline, command, period, started_at) VALUES (?1, ?2, ?3, ?4)",
            params![pipeline, command, period, now.timestamp_millis()],
        )?;
        Ok(Self {
            id: connection.last_insert_rowid(),
            started_at: now,
            clock: Instant::now(),
        })
    }

    /// Its number.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Notes that its readers have a report, which knew the lake of then.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn reported(&self, lake: &Lake, known_at: DateTime<Utc>) -> Result<()> {
        let connection = lake.catalog.connection();
        let values = params![known_at.timestamp_millis(), self.id];
        connection.execute("UPDATE runs SET known_at = ?1 WHERE id = ?2", values)?;
        Ok(())
    }

    /// Notes how it ended, as long after its beginning as it took: a clock that is set meanwhile changes nothing.
    ///
    /// # Errors
    /// When the catalog cannot be written.
    pub fn end(self, lake: &Lake, exit_code: u8, outcome: &str) -> Result<()> {
        let finished_at = self.started_at + self.clock.elapsed();
        lake.catalog.connection().execute(
            "UPDATE runs SET finished_at = ?1, exit_code = ?2, outcome = ?3 WHERE id = ?4",
            params![finished_at.timestamp_millis(), exit_code, outcome, self.id],
        )?;
        Ok(())
    }
}

/// What the first report of a period that its readers were given knew of the lake, if that was `as_of` or before.
///
/// # Errors
/// When the catalog cannot be read.
pub fn first_reported(
    lake: &Lake,
    pipeline: &str,
    period: &Period,
    as_of: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>> {
    let sql = "SELECT known_at FROM runs WHERE pipeline = ?1 AND period = ?2 AND known_at <= ?3 ORDER BY id LIMIT 1";
    let values = params![pipeline, period.label, as_of.timestamp_millis()];
    let first: Option<i64> = lake
        .catalog
        .connection()
        .query_row(sql, values, |row| row.get(0))
        .optional()?;
    Ok(first.and_then(DateTime::from_timestamp_millis))
}

/// What each report of a period that its readers were given knew of the lake, up to `as_of`: every time once, oldest first.
///
/// # Errors
/// When the catalog cannot be read.
pub fn reported(
    lake: &Lake,
    pipeline: &str,
    period: &Period,
    as_of: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>> {
    let sql = "SELECT DISTINCT known_at FROM runs WHERE pipeline = ?1 AND period = ?2 AND known_at <= ?3 ORDER BY known_at";
    let values = params![pipeline, period.label, as_of.timestamp_millis()];
    let mut statement = lake.catalog.connection().prepare(sql)?;
    let times = statement.query_map(values, |row| row.get::<_, i64>(0))?;
    let times: Vec<i64> = times.collect::<rusqlite::Result<_>>()?;
    Ok(times
        .into_iter()
        .filter_map(DateTime::from_timestamp_millis)
        .collect())
}

/// The newest commands of a pipeline, newest first.
///
/// # Errors
/// When the catalog cannot be read.
pub fn list(lake: &Lake, pipeline: &str, most: u32) -> Result<Vec<Ended>> {
    let sql = format!("{SELECT} WHERE pipeline = ?1 ORDER BY id DESC LIMIT ?2");
    let mut statement = lake.catalog.connection().prepare(&sql)?;
    let rows = statement.query_map(params![pipeline, most], ended)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The command of a number.
///
/// # Errors
/// When the catalog cannot be read.
pub fn numbered(lake: &Lake, pipeline: &str, id: i64) -> Result<Option<Ended>> {
    let sql = format!("{SELECT} WHERE pipeline = ?1 AND id = ?2");
    let connection = lake.catalog.connection();
    Ok(connection
        .query_row(&sql, params![pipeline, id], ended)
        .optional()?)
}

const SELECT: &str =
    "SELECT id, command, period, started_at, finished_at, exit_code, outcome FROM runs";

fn ended(row: &Row<'_>) -> rusqlite::Result<Ended> {
    let at = |ms: i64| DateTime::from_timestamp_millis(ms).unwrap_or_default();
    Ok(Ended {
        id: row.get(0)?,
        command: row.get(1)?,
        period: row.get(2)?,
        started_at: at(row.get(3)?),
        finished_at: row.get::<_, Option<i64>>(4)?.map(at),
        exit_code: row.get(5)?,
        outcome: row.get(6)?,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_command_ends_as_long_after_its_beginning_as_it_took() {
        let folder = tempfile::tempdir().expect("a folder");
        let lake = Lake::open(folder.path()).expect("a lake");
        let now = "2026-11-16T06:00:00Z".parse().expect("a time");
        let record = RunRecord::begin(&lake, "firm", "ingest", "", now).expect("it begins");
        std::thread::sleep(Duration::from_millis(20));
        record.end(&lake, 0, "done").expect("it ends");
        let ended = list(&lake, "firm", 1).expect("the list").remove(0);
        let took = ended.finished_at.expect("it has ended") - ended.started_at;
        assert!(
            ended.started_at == now && took.num_milliseconds() >= 20,
            "{took}"
        );
    }
}

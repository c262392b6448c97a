//! The catalog: one SQLite file that says which parquet files are live, since when, and where they came from.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::migrations::MIGRATIONS;
use super::parts::{insert_parts, paths_of, read_part};
use super::{nameless, origins, remarks, seen};
use crate::model::fault::Fault;
use crate::model::nameless::NamelessCells;
use crate::model::seen::Seen;
use crate::model::tables::ORIGIN_FIELDS;

/// How long a command waits for another one's commit, which takes far less than a second.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// An open catalog.
pub struct Catalog {
    connection: Connection,
}

/// A parquet file of the lake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Row id in the catalog.
    pub id: i64,
    /// Table it belongs to.
    pub table: String,
    /// Export whose rows it holds.
    pub export: String,
    /// Month partition, `YYYY-MM`.
    pub month: String,
    /// Path relative to the lake.
    pub path: String,
    /// Rows in it.
    pub rows: u64,
    /// First day in it, days since 1970-01-01.
    pub min_day: i32,
    /// Last day in it.
    pub max_day: i32,
    /// Whether a daily cube of the present version lies beside it.
    pub has_cube: bool,
}

/// A parquet file that is about to become live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPart {
    /// Month partition, `YYYY-MM`.
    pub month: String,
    /// Path relative to the lake.
    pub path: String,
    /// Rows in it.
    pub rows: u64,
    /// First day in it, days since 1970-01-01.
    pub min_day: i32,
    /// Last day in it.
    pub max_day: i32,
    /// Whether a daily cube lies beside it.
    pub has_cube: bool,
}

/// What became of the rows of one file: `read = kept + replaced + rejected`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileAccount {
    /// File label.
    pub file: String,
    /// Content hash, hexadecimal.
    pub hash: String,
    /// Bytes on disk.
    pub size: u64,
    /// Format name.
    pub format: String,
    /// Data rows in the file.
    pub read: u64,
    /// Rows that are in the lake.
    pub kept: u64,
    /// Rows that a newer version of the same record stands for.
    pub replaced: u64,
    /// Rows that could not be taken.
    pub rejected: u64,
    /// Totals, repeated headers and blank rows, which are no data and not in `read`.
    pub skipped: u64,
    /// Those of the rejected rows that lie after the reading: their time has not come, and nothing is wrong with them.
    pub ahead: u64,
    /// When the file is to be read again, UTC milliseconds: the first of its rows that lay after the reading has come by
    /// then.
    pub due_at: Option<i64>,
    /// How it lay on the disk, where that identifies it. [`Catalog::hash_of`] asks for it.
    pub stamp: Option<String>,
    /// Cells that name nobody where a person was expected. [`nameless::known`] tells them again, for all files.
    pub nameless: Vec<NamelessCells>,
    /// Its columns. [`super::seen::last`] tells them again.
    pub seen: Seen,
    /// What may make its numbers other ones than were meant. [`Catalog::remarked_files`] tells which files have any.
    pub remarks: Vec<String>,
}

/// The last reading of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileReading {
    /// The batch that it was part of.
    pub batch: i64,
    /// When it is to be read again, UTC milliseconds.
    pub due_at: Option<i64>,
}

/// Everything that one batch brings, committed in one transaction.
pub struct NewBatch<'a> {
    /// Export name.
    pub export: &'a str,
    /// Table name.
    pub table: &'a str,
    /// Zone of the export's clock.
    pub time_zone: &'a str,
    /// When the rows enter the lake.
    pub committed_at: DateTime<Utc>,
    /// Accounts of its files.
    pub files: &'a [FileAccount],
    /// New files of the table.
    pub parts: &'a [NewPart],
    /// New file of rejects, if any.
    pub rejects: Option<&'a NewPart>,
    /// Ids of parts that are no longer live.
    pub removed: &'a [i64],
    /// New origins: id and the six fields.
    pub origins: &'a [(u32, Vec<String>)],
}

impl Catalog {
    /// Opens the catalog of a lake, making or upgrading it.
    ///
    /// # Errors
    /// When the file cannot be opened, is no catalog, or is of a newer program.
    pub fn open(file: &Path) -> Result<Self> {
        let connection =
            Connection::open(file).with_context(|| format!("open {}", file.display()))?;
        connection.busy_timeout(LONGEST_WAIT)?;
        // Reports may be made while an export is read. This is also the first word with the file: it tells what is no catalog.
        connection
            .pragma_update(None, "journal_mode", "WAL")
            .with_context(|| format!("{}: no SQLite catalog", file.display()))?;
        // A batch that was said to be in must outlive a loss of power.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        let mut catalog = Self { connection };
        catalog
            .migrate()
            .with_context(|| format!("upgrade {}", file.display()))?;
        Ok(catalog)
    }

    fn migrate(&mut self) -> Result<()> {
        let done: usize = self
            .connection
            .pragma_query_value(None, "user_version", |row| row.get(0))?;
        if done > MIGRATIONS.len() {
            let message = format!("the lake was written by a newer voronka (schema {done})");
            return Err(Fault::new(message).hint("upgrade voronka").into());
        }
        for (at, sql) in MIGRATIONS.iter().enumerate().skip(done) {
            // Each with its number in one transaction: an upgrade that breaks off goes on where it stood.
            let transaction = self.connection.transaction()?;
            transaction.execute_batch(sql)?;
            transaction.pragma_update(None, "user_version", at + 1)?;
            transaction.commit()?;
        }
        Ok(())
    }

    /// The connection, for the rooms that keep their own tables here (runs, receipts).
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The id that the next batch will get.
    pub fn next_batch(&self) -> Result<i64> {
        Ok(self.connection.query_row(
            "SELECT coalesce(max(id), 0) + 1 FROM batches",
            [],
            |row| row.get(0),
        )?)
    }

    /// The last reading of a file of this content for the export.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn reading_of(&self, export: &str, hash: &str) -> Result<Option<FileReading>> {
        let sql = "SELECT batch, due_at FROM files JOIN batches ON batches.id = batch
                   WHERE export = ?1 AND hash = ?2 ORDER BY files.id DESC LIMIT 1";
        let row = self
            .connection
            .query_row(sql, params![export, hash], |row| {
                Ok(FileReading {
                    batch: row.get(0)?,
                    due_at: row.get(1)?,
                })
            });
        Ok(row.optional()?)
    }

    /// Whether any file of this length has been read for the export; members of archives have no length of their own.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn knows_size(&self, export: &str, size: u64) -> Result<bool> {
        let sql = "SELECT 1 FROM files JOIN batches ON batches.id = batch WHERE export = ?1 AND size = ?2";
        let row = self
            .connection
            .query_row(sql, params![export, size], |_| Ok(()));
        Ok(row.optional()?.is_some())
    }

    /// Makes a batch visible: all of it or nothing.
    pub fn commit(&mut self, id: i64, batch: &NewBatch<'_>) -> Result<()> {
        let transaction = self.connection.transaction()?;
        let at = batch.committed_at.timestamp_millis();
        transaction.execute(
            "INSERT INTO batches (id, export, table_name, time_zone, committed_at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![id, batch.export, batch.table, batch.time_zone, at],
        )?;
        insert_files(&transaction, id, batch.files)?;
        nameless::insert(&transaction, id, batch.files)?;
        seen::insert(&transaction, id, batch.files)?;
        remarks::insert(&transaction, id, batch.files)?;
        insert_parts(&transaction, id, batch.table, batch.export, at, batch.parts)?;
        let rejects = batch.rejects.map_or(&[][..], std::slice::from_ref);
        insert_parts(&transaction, id, "rejects", batch.export, at, rejects)?;
        for part in batch.removed {
            // Not deleted: a report as of an earlier time still reads it.
            transaction.execute(
                "UPDATE parts SET removed_at = ?1 WHERE id = ?2",
                params![at, part],
            )?;
        }
        origins::insert(&transaction, batch.origins)?;
        Ok(transaction.commit()?)
    }

    /// Live files of a table as of a knowledge time, oldest month first.
    pub fn parts(&self, table: &str, as_of: DateTime<Utc>) -> Result<Vec<Part>> {
        let sql = "SELECT id, table_name, export, month, path, rows, min_day, max_day, cube FROM parts
                   WHERE table_name = ?1 AND added_at <= ?2 AND (removed_at IS NULL OR removed_at > ?2)
                   ORDER BY month, export, id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(params![table, as_of.timestamp_millis()], read_part)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Files of a table whose rows others had replaced by `as_of`, oldest month first.
    pub fn replaced_parts(&self, table: &str, as_of: DateTime<Utc>) -> Result<Vec<Part>> {
        let sql =
            "SELECT id, table_name, export, month, path, rows, min_day, max_day, cube FROM parts
                   WHERE table_name = ?1 AND removed_at <= ?2
                   ORDER BY month, export, id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(params![table, as_of.timestamp_millis()], read_part)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Paths of every file that the catalog knows, live or kept for `as_of`, cubes with them.
    pub fn all_paths(&self) -> Result<Vec<String>> {
        paths_of(&self.connection, "SELECT path, cube FROM parts", [])
    }

    /// All origins: id and the six fields of [`crate::model::tables::ORIGIN_FIELDS`].
    pub fn origins(&self) -> Result<Vec<(u32, Vec<String>)>> {
        let mut statement = self
            .connection
            .prepare("SELECT * FROM origins ORDER BY id")?;
        let origins = statement.query_map([], |row| {
            let id = row.get(0)?;
            let mut fields = Vec::with_capacity(ORIGIN_FIELDS.len());
            for at in 1..=ORIGIN_FIELDS.len() {
                fields.push(row.get(at)?);
            }
            Ok((id, fields))
        })?;
        Ok(origins.collect::<rusqlite::Result<_>>()?)
    }

    /// When the newest batch up to `as_of` was committed: the knowledge time of what a report as of then sees.
    pub fn snapshot(&self, as_of: DateTime<Utc>) -> Result<Option<(i64, DateTime<Utc>)>> {
        let sql = "SELECT id, committed_at FROM batches WHERE committed_at <= ?1 ORDER BY id DESC LIMIT 1";
        let row = self
            .connection
            .query_row(sql, [as_of.timestamp_millis()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            });
        let Some((id, at)) = row.optional()? else {
            return Ok(None);
        };
        Ok(DateTime::from_timestamp_millis(at).map(|at| (id, at)))
    }

    /// Rows read and rejected per export, over files that were in the lake as of then. Of a file that was read again only the
    /// last reading counts.
    pub fn accounts(&self, as_of: DateTime<Utc>) -> Result<Vec<(String, String, FileAccount)>> {
        let sql = "SELECT export, table_name, file, hash, size, format, read, kept, replaced, rejected, skipped, due_at, ahead,
                          max(files.id) AS newest
                   FROM files JOIN batches ON batches.id = batch WHERE committed_at <= ?1
                   GROUP BY export, hash ORDER BY batch, newest";
        let mut statement = self.connection.prepare(sql)?;
        let rows = statement.query_map([as_of.timestamp_millis()], |row| {
            let account = FileAccount {
                file: row.get(2)?,
                hash: row.get(3)?,
                size: row.get(4)?,
                format: row.get(5)?,
                read: row.get(6)?,
                kept: row.get(7)?,
                replaced: row.get(8)?,
                rejected: row.get(9)?,
                skipped: row.get(10)?,
                due_at: row.get(11)?,
                ahead: row.get(12)?,
                stamp: None,
                nameless: Vec::new(),
                seen: Seen::default(),
                remarks: Vec::new(),
            };
            Ok((row.get(0)?, row.get(1)?, account))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn insert_files(transaction: &Transaction<'_>, batch: i64, files: &[FileAccount]) -> Result<()> {
    let sql = "INSERT INTO files (batch, file, hash, size, format, read, kept, replaced, rejected, skipped, due_at, ahead, stamp)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
    for file in files {
        transaction.execute(
            sql,
            params![
                batch,
                file.file,
                file.hash,
                file.size,
                file.format,
                file.read,
                file.kept,
                file.replaced,
                file.rejected,
                file.skipped,
                file.due_at,
                file.ahead,
                file.stamp
            ],
        )?;
    }
    Ok(())
}

//! Rejected rows as a table of the lake, so that nobody has to keep a log to find them.

use anyhow::Result;
use chrono::{DateTime, Utc};
use polars::prelude::*;

use super::catalog::NewPart;
use super::scan::day_number;
use super::{Lake, frame};

/// One rejected row as stored: file, line, column, value as shown, reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectRow {
    /// File label.
    pub file: String,
    /// Line from 1.
    pub line: u32,
    /// Header cell, or `row`.
    pub column: String,
    /// The cell as it may be shown.
    pub value: String,
    /// What is wrong.
    pub reason: String,
}

/// Writes the rejects of a batch; nothing when there are none.
///
/// # Errors
/// When the disk is full or the folder cannot be written.
pub fn write(
    lake: &Lake,
    batch: i64,
    export: &str,
    rows: &[RejectRow],
    at: DateTime<Utc>,
) -> Result<Option<NewPart>> {
    if rows.is_empty() {
        return Ok(None);
    }
    let mut table = frame_of(export, rows)?;
    let month = at.format("%Y-%m").to_string();
    let path = format!("rejects/month={month}/{batch}.parquet");
    frame::write(&mut table, &lake.dir.join(&path))?;
    // Rejects have no day of their own: theirs is that of the batch, in UTC.
    let day = day_number(at.date_naive());
    Ok(Some(NewPart {
        month,
        path,
        rows: rows.len() as u64,
        min_day: day,
        max_day: day,
        has_cube: false,
    }))
}

fn frame_of(export: &str, rows: &[RejectRow]) -> PolarsResult<DataFrame> {
    let text = |name: &str, each: fn(&RejectRow) -> &str| {
        let texts: Vec<&str> = rows.iter().map(each).collect();
        Column::new(name.into(), texts)
    };
    let lines: Vec<u32> = rows.iter().map(|row| row.line).collect();
    let columns = vec![
        Column::new("export".into(), vec![export; rows.len()]),
        text("file", |row| &row.file),
        Column::new("line".into(), lines),
        text("column", |row| &row.column),
        text("value", |row| &row.value),
        text("reason", |row| &row.reason),
    ];
    DataFrame::new(rows.len(), columns)
}

//! Rejected rows as a table of the lake, so that nobody has to keep a log to find them.

use anyhow::Result;
use chrono::{DateTime, Utc};
use polars::prelude::*;

use super::catalog::NewPart;
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
    let text = |name: &str, each: fn(&RejectRow) -> &str| {
        Column::new(name.into(), rows.iter().map(each).collect::<Vec<_>>())
    };
    let mut table = DataFrame::new(
        rows.len(),
        vec![
            Column::new("export".into(), vec![export; rows.len()]),
            text("file", |row| &row.file),
            Column::new(
                "line".into(),
                rows.iter().map(|row| row.line).collect::<Vec<_>>(),
            ),
            text("column", |row| &row.column),
            text("value", |row| &row.value),
            text("reason", |row| &row.reason),
        ],
    )?;
    let month = at.format("%Y-%m").to_string();
    let path = format!("rejects/month={month}/{batch}.parquet");
    frame::write(&mut table, &lake.dir.join(&path))?;
    let day = i32::try_from(at.timestamp().div_euclid(86_400)).unwrap_or(0);
    Ok(Some(NewPart {
        month,
        path,
        rows: rows.len() as u64,
        min_day: day,
        max_day: day,
    }))
}

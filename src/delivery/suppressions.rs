//! Readers who get nothing: they asked for it, or their server says that there is no such mailbox.

use anyhow::Result;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::receipts::stamp;

/// A reader who gets nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed {
    /// The address, in lower case.
    pub recipient: String,
    /// Why.
    pub reason: String,
    /// Since when, RFC 3339.
    pub since: String,
}

/// Sends nothing to an address from now on; the first reason stays.
///
/// # Errors
/// When the state cannot be written.
pub fn suppress(
    conn: &Connection,
    pipeline: &str,
    recipient: &str,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    conn.execute(
        "INSERT OR IGNORE INTO suppressions VALUES (?1, ?2, ?3, ?4)",
        params![pipeline, recipient.to_lowercase(), reason, stamp(now)],
    )?;
    Ok(())
}

/// Sends to an address again; answers whether it was suppressed.
///
/// # Errors
/// When the state cannot be written.
pub fn allow(conn: &Connection, pipeline: &str, recipient: &str) -> Result<bool> {
    let sql = "DELETE FROM suppressions WHERE pipeline = ?1 AND recipient = ?2";
    let key = params![pipeline, recipient.to_lowercase()];
    Ok(conn.prepare_cached(sql)?.execute(key)? > 0)
}

/// All suppressed readers of a pipeline, by address.
///
/// # Errors
/// When the state cannot be read.
pub fn suppressed(conn: &Connection, pipeline: &str) -> Result<Vec<Suppressed>> {
    let sql =
        "SELECT recipient, reason, since FROM suppressions WHERE pipeline = ?1 ORDER BY recipient";
    let mut statement = conn.prepare(sql)?;
    let rows = statement.query_map([pipeline], |row| {
        Ok(Suppressed {
            recipient: row.get(0)?,
            reason: row.get(1)?,
            since: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Why an address gets nothing, if so.
pub(super) fn why_suppressed(
    conn: &Connection,
    pipeline: &str,
    recipient: &str,
) -> Result<Option<String>> {
    let sql = "SELECT reason FROM suppressions WHERE pipeline = ?1 AND recipient = ?2";
    let key = params![pipeline, recipient.to_lowercase()];
    let mut statement = conn.prepare_cached(sql)?;
    Ok(statement.query_row(key, |row| row.get(0)).optional()?)
}

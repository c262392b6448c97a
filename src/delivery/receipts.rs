//! Receipts: what happened to the message of each recipient, kept in the state so that nothing is sent twice.

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::message::{EarlierLetters, Message};

/// Where the message of one recipient stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendState {
    /// Frozen in the outbox; no server is set.
    Queued,
    /// The message itself is on its way; found later, it means that nobody can tell.
    Sending,
    /// The server took it.
    Sent,
    /// It did not leave now and is tried again later: the server could not be reached, or asked for patience.
    Deferred,
    /// The connection broke after the message began: it may have arrived.
    Unknown,
    /// It was refused for good, or the server refused the login.
    Failed,
    /// It was tried for a day in vain.
    Expired,
    /// Its reader gets nothing any more.
    Suppressed,
}

impl SendState {
    /// All states, in the order of a letter's life.
    pub const ALL: [Self; 8] = [
        Self::Queued,
        Self::Sending,
        Self::Sent,
        Self::Deferred,
        Self::Unknown,
        Self::Failed,
        Self::Expired,
        Self::Suppressed,
    ];

    /// The name in the state and on the screen.
    pub fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Unknown => "unknown",
            Self::Deferred => "deferred",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Suppressed => "suppressed",
        }
    }
}

/// What happened to the message of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its number in the state.
    pub id: i64,
    /// The pipeline.
    pub pipeline: String,
    /// The period.
    pub period: String,
    /// The recipient's address.
    pub recipient: String,
    /// Number of the report.
    pub version: u32,
    /// Where it stands.
    pub state: SendState,
    /// Message-ID.
    pub message_id: String,
    /// Names the bytes.
    pub blake3: String,
    /// Names what its digest concluded; empty where it is not known.
    pub conclusion: String,
    /// The server's words, or what went wrong.
    pub reply: String,
    /// How many times it was tried.
    pub attempts: u32,
    /// When it was first handed over.
    pub first_at: DateTime<Utc>,
    /// When it is tried again, if it is deferred.
    pub next_at: Option<DateTime<Utc>>,
    /// When the state was reached.
    pub changed_at: DateTime<Utc>,
    /// Whether this call left it as it was, because it may have arrived before.
    pub was_done_before: bool,
}

/// How a run of sending ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Taken by the server now.
    pub sent: usize,
    /// Kept in the outbox, no server is set.
    pub queued: usize,
    /// Left alone: may have arrived before.
    pub done_before: usize,
    /// Nobody can tell.
    pub unknown: usize,
    /// To be tried again later.
    pub deferred: usize,
    /// Did not leave, and will not by itself.
    pub failed: usize,
    /// Left out: the reader gets nothing any more.
    pub suppressed: usize,
}

impl Summary {
    /// Counts receipts.
    pub fn of(receipts: &[Receipt]) -> Self {
        let mut summary = Self::default();
        for receipt in receipts {
            match receipt.state {
                SendState::Sent if receipt.was_done_before => summary.done_before += 1,
                SendState::Sent => summary.sent += 1,
                SendState::Queued => summary.queued += 1,
                SendState::Sending | SendState::Unknown => summary.unknown += 1,
                SendState::Deferred => summary.deferred += 1,
                SendState::Failed | SendState::Expired => summary.failed += 1,
                SendState::Suppressed => summary.suppressed += 1,
            }
        }
        summary
    }

    /// All letters.
    pub fn all(&self) -> usize {
        let left = self.queued + self.done_before + self.deferred + self.suppressed;
        self.sent + self.unknown + self.failed + left
    }

    /// Whether some mail was not sent: exit code 4.
    pub fn is_incomplete(&self) -> bool {
        self.unknown + self.deferred + self.failed > 0
    }
}

/// The receipts of a period, by recipient and version.
///
/// # Errors
/// When the state cannot be read.
pub fn of_period(conn: &Connection, pipeline: &str, period: &str) -> anyhow::Result<Vec<Receipt>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM receipts WHERE pipeline = ?1 AND period = ?2 ORDER BY recipient, version"
    );
    let mut statement = conn.prepare(&sql)?;
    let rows = statement.query_map(params![pipeline, period], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Receipts of a pipeline that are in one of these states, oldest first.
///
/// # Errors
/// When the state cannot be read.
pub fn in_states(
    conn: &Connection,
    pipeline: &str,
    states: &[SendState],
) -> anyhow::Result<Vec<Receipt>> {
    let sql = format!("SELECT {COLUMNS} FROM receipts WHERE pipeline = ?1 ORDER BY id");
    let mut statement = conn.prepare(&sql)?;
    let rows = statement.query_map([pipeline], from_row)?;
    let mut receipts = rows.collect::<Result<Vec<_>, _>>()?;
    receipts.retain(|receipt| states.contains(&receipt.state));
    Ok(receipts)
}

/// The receipt of a number.
///
/// # Errors
/// When the state cannot be read.
pub fn numbered(conn: &Connection, pipeline: &str, id: i64) -> anyhow::Result<Option<Receipt>> {
    let sql = format!("SELECT {COLUMNS} FROM receipts WHERE pipeline = ?1 AND id = ?2");
    Ok(conn
        .query_row(&sql, params![pipeline, id], from_row)
        .optional()?)
}

/// The receipt of a Message-ID.
///
/// # Errors
/// When the state cannot be read.
pub fn of_id(
    conn: &Connection,
    pipeline: &str,
    message_id: &str,
) -> anyhow::Result<Option<Receipt>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM receipts WHERE pipeline = ?1 AND message_id = ?2 ORDER BY id DESC LIMIT 1"
    );
    Ok(conn
        .query_row(&sql, params![pipeline, message_id], from_row)
        .optional()?)
}

/// Writes a state that a person decided. A letter that is to leave again begins its day anew.
///
/// # Errors
/// When the state cannot be written.
pub fn decide(
    conn: &Connection,
    id: i64,
    state: SendState,
    why: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    conn.execute(
        "UPDATE receipts SET state = ?2, reply = ?3, changed_at = ?4, next_at = NULL,
             first_at = CASE WHEN ?2 = 'queued' THEN ?4 ELSE first_at END
         WHERE id = ?1",
        params![id, state.code(), why, stamp(now)],
    )?;
    Ok(())
}

/// The columns that [`from_row`] reads.
pub(super) const COLUMNS: &str =
    "pipeline, period, recipient, version, state, message_id, blake3, reply, attempts, changed_at,
    id, first_at, next_at, conclusion";

/// The receipt of a message.
pub(super) fn of_message(conn: &Connection, message: &Message) -> anyhow::Result<Option<Receipt>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM receipts WHERE pipeline = ?1 AND period = ?2 AND recipient = ?3 AND version = ?4"
    );
    let key = params![
        message.pipeline,
        message.period,
        message.recipient,
        message.version
    ];
    let mut statement = conn.prepare_cached(&sql)?;
    Ok(statement.query_row(key, from_row).optional()?)
}

/// The receipt, of whatever version, that says a recipient may already have this period's digest.
pub(super) fn arrived(conn: &Connection, message: &Message) -> anyhow::Result<Option<Receipt>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM receipts WHERE pipeline = ?1 AND period = ?2 AND recipient = ?3 AND state IN ('sending', 'sent', 'unknown')
         ORDER BY version DESC LIMIT 1"
    );
    let key = params![message.pipeline, message.period, message.recipient];
    let mut statement = conn.prepare_cached(&sql)?;
    Ok(statement.query_row(key, from_row).optional()?)
}

/// The letters of a period's earlier versions that their readers have.
///
/// # Errors
/// When the state cannot be read.
pub fn earlier_letters(
    conn: &Connection,
    pipeline: &str,
    period: &str,
    version: u32,
) -> anyhow::Result<EarlierLetters> {
    let receipts = of_period(conn, pipeline, period)?;
    let earlier = receipts
        .into_iter()
        .filter(|receipt| receipt.version < version && receipt.state == SendState::Sent);
    let letter = |receipt: Receipt| (receipt.recipient.to_lowercase(), receipt.message_id);
    Ok(earlier.map(letter).collect())
}

/// A time as the state keeps it.
pub(super) fn stamp(now: DateTime<Utc>) -> String {
    now.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A receipt of these [`COLUMNS`].
pub(super) fn from_row(row: &Row) -> rusqlite::Result<Receipt> {
    let state: String = row.get(4)?;
    let first_at: String = row.get(11)?;
    let next_at: Option<String> = row.get(12)?;
    let changed_at: String = row.get(9)?;
    Ok(Receipt {
        id: row.get(10)?,
        pipeline: row.get(0)?,
        period: row.get(1)?,
        recipient: row.get(2)?,
        version: row.get(3)?,
        // The table admits no other state.
        state: SendState::ALL
            .into_iter()
            .find(|known| known.code() == state)
            .unwrap_or(SendState::Unknown),
        message_id: row.get(5)?,
        blake3: row.get(6)?,
        conclusion: row.get(13)?,
        reply: row.get(7)?,
        attempts: row.get(8)?,
        first_at: time(&first_at),
        next_at: next_at.as_deref().map(time),
        changed_at: time(&changed_at),
        was_done_before: false,
    })
}

/// A time that [`stamp`] wrote.
fn time(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).map_or_else(|_| DateTime::default(), |time| time.to_utc())
}

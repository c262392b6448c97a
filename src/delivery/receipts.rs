//! Receipts: what happened to the message of each recipient, kept in the state so that nothing is sent twice.

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::message::Message;

/// Tables of the outbox and its receipts, for the list of migrations.
pub const RECEIPTS_SQL: &str = include_str!("../lake/migrations/2-delivery.sql");

/// Where the message of one recipient stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendState {
    /// Frozen in the outbox; no server is set.
    Queued,
    /// The message itself is on its way; found later, it means that nobody can tell.
    Sending,
    /// The server took it.
    Sent,
    /// The connection broke after the message began: it may have arrived.
    Unknown,
    /// It did not leave.
    Failed,
}

impl SendState {
    const ALL: [Self; 5] = [
        Self::Queued,
        Self::Sending,
        Self::Sent,
        Self::Unknown,
        Self::Failed,
    ];

    /// The name in the state and on the screen.
    pub fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
        }
    }

    /// Whether the message may be in the recipient's mailbox.
    pub fn may_have_arrived(self) -> bool {
        matches!(self, Self::Sending | Self::Sent | Self::Unknown)
    }
}

/// What happened to the message of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
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
    /// The server's words, or what went wrong.
    pub reply: String,
    /// How many times it was tried.
    pub attempts: u32,
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
    /// Did not leave.
    pub failed: usize,
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
                SendState::Failed => summary.failed += 1,
            }
        }
        summary
    }

    /// Whether some mail was not sent: exit code 4.
    pub fn is_incomplete(&self) -> bool {
        self.unknown + self.failed > 0
    }
}

/// The receipts of a period, by recipient and version.
///
/// # Errors
/// When the state cannot be read.
pub fn of_period(conn: &Connection, pipeline: &str, period: &str) -> anyhow::Result<Vec<Receipt>> {
    let sql = format!("{SELECT} WHERE pipeline = ?1 AND period = ?2 ORDER BY recipient, version");
    let mut statement = conn.prepare(&sql)?;
    let rows = statement.query_map(params![pipeline, period], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const SELECT: &str = "SELECT pipeline, period, recipient, version, state, message_id, blake3, reply, attempts, changed_at FROM receipts";

/// The receipt, of whatever version, that says a recipient may already have this period's digest.
pub(super) fn arrived(conn: &Connection, message: &Message) -> anyhow::Result<Option<Receipt>> {
    let sql = format!(
        "{SELECT} WHERE pipeline = ?1 AND period = ?2 AND recipient = ?3 AND state IN ('sending', 'sent', 'unknown')
         ORDER BY version DESC LIMIT 1"
    );
    let key = params![message.pipeline, message.period, message.recipient];
    Ok(conn.query_row(&sql, key, from_row).optional()?)
}

/// Notes a frozen message.
pub(super) fn note_frozen(
    conn: &Connection,
    message: &Message,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    conn.execute(
        "INSERT OR REPLACE INTO outbox VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            message.pipeline,
            message.period,
            message.recipient,
            message.version,
            message.message_id,
            message.hash(),
            message.bytes.len() as i64,
            stamp(now),
        ],
    )?;
    Ok(())
}

/// Writes where a message stands, and commits it: on return it survives a crash.
pub(super) fn note(
    conn: &Connection,
    message: &Message,
    state: SendState,
    reply: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<Receipt> {
    let is_attempt = i64::from(matches!(state, SendState::Sending | SendState::Failed));
    conn.execute(
        "INSERT INTO receipts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (pipeline, period, recipient, version) DO UPDATE SET
             state = excluded.state, message_id = excluded.message_id, blake3 = excluded.blake3,
             reply = excluded.reply, changed_at = excluded.changed_at,
             attempts = attempts + CASE WHEN state = 'sending' THEN 0 ELSE excluded.attempts END",
        params![
            message.pipeline,
            message.period,
            message.recipient,
            message.version,
            state.code(),
            message.message_id,
            message.hash(),
            reply,
            is_attempt,
            stamp(now),
        ],
    )?;
    let sql =
        format!("{SELECT} WHERE pipeline = ?1 AND period = ?2 AND recipient = ?3 AND version = ?4");
    let key = params![
        message.pipeline,
        message.period,
        message.recipient,
        message.version
    ];
    Ok(conn.query_row(&sql, key, from_row)?)
}

fn stamp(now: DateTime<Utc>) -> String {
    now.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn from_row(row: &Row) -> rusqlite::Result<Receipt> {
    let (state, changed_at): (String, String) = (row.get(4)?, row.get(9)?);
    Ok(Receipt {
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
        reply: row.get(7)?,
        attempts: row.get(8)?,
        changed_at: DateTime::parse_from_rfc3339(&changed_at)
            .map(|time| time.to_utc())
            .unwrap_or_default(),
        was_done_before: false,
    })
}

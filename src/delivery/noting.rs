//! Writing down where a message stands, so that it survives what it has to.

use anyhow::Context;
use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::message::Message;
use super::receipts::{COLUMNS, Receipt, SendState, from_row, stamp};
use super::retry;

/// Writes what need not outlive a loss of power by itself: the next state that is noted before a message leaves makes it durable
/// too, and so does [`make_durable`]. Killed in between, the program loses nothing of it.
///
/// An answer of a server that is lost so leaves its letter on its way, and that is what nobody can tell then. So a letter waits for
/// the disk once and not twice.
fn with_the_next<T>(
    conn: &Connection,
    write: impl FnOnce() -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    conn.pragma_update(None, "synchronous", "NORMAL")?;
    let written = write();
    conn.pragma_update(None, "synchronous", "FULL")?;
    written
}

/// Waits until all that was noted is on the disk.
pub(super) fn make_durable(conn: &Connection) -> anyhow::Result<()> {
    conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
        .context("write the receipts to the disk")
}

/// Writes where a message stands, and commits it: on return it survives a crash of the program; that a message is on its way, a
/// loss of power too.
pub(super) fn note(
    conn: &Connection,
    message: &Message,
    state: SendState,
    reply: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<Receipt> {
    let write = || {
        let transaction = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
        let receipt = write_state(&transaction, message, state, reply, now)?;
        transaction.commit()?;
        Ok(receipt)
    };
    match state {
        SendState::Sending => write(),
        _ => with_the_next(conn, write),
    }
}

fn write_state(
    conn: &Connection,
    message: &Message,
    state: SendState,
    reply: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<Receipt> {
    let hash = message.hash();
    // What ends a try has been written down when it began.
    let is_end = matches!(
        state,
        SendState::Sent | SendState::Unknown | SendState::Expired
    );
    if !is_end {
        write_frozen(conn, message, &hash, now)?;
    }
    // One try is noted twice: when the message is on its way, and when it has ended.
    let is_attempt = matches!(
        state,
        SendState::Sending | SendState::Failed | SendState::Deferred
    );
    let sql = format!(
        "INSERT INTO receipts (pipeline, period, recipient, version, state, message_id, blake3, reply, attempts, first_at, changed_at,
             conclusion)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11)
         ON CONFLICT (pipeline, period, recipient, version) DO UPDATE SET
             state = excluded.state, message_id = excluded.message_id, blake3 = excluded.blake3,
             conclusion = excluded.conclusion, reply = excluded.reply, changed_at = excluded.changed_at, next_at = NULL,
             attempts = attempts + CASE WHEN state = 'sending' THEN 0 ELSE excluded.attempts END
         RETURNING {COLUMNS}"
    );
    let values = params![
        message.pipeline,
        message.period,
        message.recipient,
        message.version,
        state.code(),
        message.message_id,
        hash,
        reply,
        i64::from(is_attempt),
        stamp(now),
        message.conclusion,
    ];
    let noted = conn.prepare_cached(&sql)?.query_row(values, from_row)?;
    if state != SendState::Deferred {
        return Ok(noted);
    }
    let next_at = retry::next_at(&message.message_id, noted.attempts, now);
    let values = params![noted.id, stamp(next_at)];
    conn.execute("UPDATE receipts SET next_at = ?2 WHERE id = ?1", values)?;
    Ok(Receipt {
        next_at: Some(next_at),
        ..noted
    })
}

/// Writes what lies frozen.
fn write_frozen(
    conn: &Connection,
    message: &Message,
    hash: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let values = params![
        message.pipeline,
        message.period,
        message.recipient,
        message.version,
        message.message_id,
        hash,
        message.bytes.len() as i64,
        stamp(now),
    ];
    let sql = "INSERT OR REPLACE INTO outbox VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    conn.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

//! Sending: at most once per period and recipient, each message by itself, with the state written before and after.

use anyhow::Context;
use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::message::Message;
use super::receipts::{self, Receipt, SendState};
use super::smtp::{Server, SmtpReply};
use super::transport::{SmtpSettings, Transport};

/// Sends frozen messages and returns a receipt for each, in their order. What may have arrived before is left alone
/// unless `resend`; one refused recipient never stops the others. `conn` must not be inside a transaction: what is
/// written before a message leaves has to survive a crash.
///
/// # Errors
/// Only when the state cannot be read or written; what a server says is in the receipts.
pub fn send(
    conn: &Connection,
    messages: &[Message],
    transport: &Transport,
    now: DateTime<Utc>,
    resend: bool,
) -> anyhow::Result<Vec<Receipt>> {
    anyhow::ensure!(
        conn.is_autocommit(),
        "mail cannot be sent from inside a transaction"
    );
    let mut line = match transport {
        Transport::File => WayOut::Outbox,
        Transport::Smtp(settings) => WayOut::Server {
            settings,
            open: None,
            is_down: None,
        },
    };
    let mut receipts = Vec::new();
    for message in messages {
        receipts.push(
            send_one(conn, message, &mut line, now, resend)
                .context("cannot keep the receipts of mails")?,
        );
    }
    line.close();
    Ok(receipts)
}

fn send_one(
    conn: &Connection,
    message: &Message,
    line: &mut WayOut,
    now: DateTime<Utc>,
    resend: bool,
) -> anyhow::Result<Receipt> {
    if let Some(done) = receipts::arrived(conn, message)?.filter(|_| !resend) {
        return settled(conn, message, done, now);
    }
    receipts::note_frozen(conn, message, now)?;
    let note = |state, reply: &str| receipts::note(conn, message, state, reply, now);
    let WayOut::Server {
        settings,
        open,
        is_down,
    } = line
    else {
        return note(
            SendState::Queued,
            "kept in the outbox: no mail server is set",
        );
    };
    let mut server = match connected(settings, open, is_down) {
        Ok(server) => server,
        Err(why) => return note(SendState::Failed, &why),
    };
    let outcome = server.send(message, || note(SendState::Sending, "").map(|_| ()))?;
    if server.is_alive() {
        *open = Some(server);
    }
    match outcome {
        SmtpReply::Sent(reply) => note(SendState::Sent, &reply),
        SmtpReply::Failed(reply) => note(SendState::Failed, &reply),
        SmtpReply::Unknown(reply) => note(SendState::Unknown, &reply),
    }
}

/// A message that may have arrived before. One that a crash left on its way is marked: nobody can tell any more.
fn settled(
    conn: &Connection,
    message: &Message,
    done: Receipt,
    now: DateTime<Utc>,
) -> anyhow::Result<Receipt> {
    let done = match done.state {
        SendState::Sending => {
            let left = Message {
                version: done.version,
                message_id: done.message_id.clone(),
                ..message.clone()
            };
            receipts::note(
                conn,
                &left,
                SendState::Unknown,
                "stopped while the message was on its way",
                now,
            )?
        }
        SendState::Queued | SendState::Sent | SendState::Unknown | SendState::Failed => done,
    };
    Ok(Receipt {
        was_done_before: true,
        ..done
    })
}

/// The way out, kept open between messages.
enum WayOut<'a> {
    Outbox,
    Server {
        settings: &'a SmtpSettings,
        open: Option<Box<Server>>,
        is_down: Option<String>,
    },
}

impl WayOut<'_> {
    fn close(self) {
        match self {
            Self::Outbox => {}
            Self::Server { open, .. } => open.into_iter().for_each(|server| server.close()),
        }
    }
}

/// The open connection, or a new one. A server that could not be reached or refused the login is not asked again.
fn connected(
    settings: &SmtpSettings,
    open: &mut Option<Box<Server>>,
    is_down: &mut Option<String>,
) -> Result<Box<Server>, String> {
    if let Some(server) = open.take() {
        return Ok(server);
    }
    if let Some(why) = is_down {
        return Err(why.clone());
    }
    Server::connect(settings).map(Box::new).map_err(|error| {
        let why = format!("{error:#}");
        *is_down = Some(why.clone());
        why
    })
}

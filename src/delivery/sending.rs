//! Sending: at most once per period and recipient, each message by itself, with the state written before and after.

use anyhow::Context;
use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::message::Message;
use super::noting;
use super::receipts::{self, Receipt, SendState};
use super::retry::{self, Turn};
use super::smtp::{NoServer, Server, SmtpReply};
use super::suppressions::{allow, suppress, why_suppressed};
use super::transport::{SmtpSettings, Transport};

/// Which letters leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those of readers who may not have the period's digest yet.
    New,
    /// All, also to readers who may have it.
    Again,
    /// Those whose turn has come by themselves: deferred ones after their wait, a queued one as soon as there is a server, one
    /// of which nobody can tell a single time more.
    Due,
}

/// Sends frozen messages and returns a receipt for each that was looked at, in their order; one refused recipient never stops
/// the others, and one letter at a time is in memory. `conn` must not be inside a transaction: what is written before a message
/// leaves has to survive a crash.
///
/// # Errors
/// Only when a letter cannot be read, or the state cannot be read or written; what a server says is in the receipts.
pub fn send(
    conn: &Connection,
    messages: impl Iterator<Item = anyhow::Result<Message>>,
    transport: &Transport,
    now: DateTime<Utc>,
    which: Which,
) -> anyhow::Result<Vec<Receipt>> {
    anyhow::ensure!(
        conn.is_autocommit(),
        "mail cannot be sent from inside a transaction"
    );
    let mut sending = Sending {
        conn,
        now,
        way: WayOut::of(transport),
    };
    let receipts = sending.all(messages, which);
    sending.way.close();
    noting::make_durable(conn).context(NO_RECEIPTS)?;
    receipts
}

const NO_RECEIPTS: &str = "cannot keep the receipts of mails";

/// Whether a message is of a later version than the one that arrived and concludes something else.
fn corrects(message: &Message, done: &Receipt) -> bool {
    let is_known = !message.conclusion.is_empty() && !done.conclusion.is_empty();
    done.state == SendState::Sent
        && message.version > done.version
        && is_known
        && message.conclusion != done.conclusion
}

/// One run of sending.
struct Sending<'a> {
    conn: &'a Connection,
    now: DateTime<Utc>,
    way: WayOut<'a>,
}

impl Sending<'_> {
    fn all(
        &mut self,
        messages: impl Iterator<Item = anyhow::Result<Message>>,
        which: Which,
    ) -> anyhow::Result<Vec<Receipt>> {
        let mut receipts = Vec::new();
        for message in messages {
            let message = &message?;
            let receipt = match which {
                Which::New => self.unless_arrived(message),
                Which::Again => self.hand_over(message).map(Some),
                Which::Due => self.due(message),
            };
            receipts.extend(receipt.context(NO_RECEIPTS)?);
        }
        Ok(receipts)
    }

    fn note(&self, message: &Message, state: SendState, reply: &str) -> anyhow::Result<Receipt> {
        noting::note(self.conn, message, state, reply, self.now)
    }

    /// A message that its reader may have already is left alone, unless it concludes something else than the version that
    /// arrived: then it goes as an answer to that.
    fn unless_arrived(&mut self, message: &Message) -> anyhow::Result<Option<Receipt>> {
        match receipts::arrived(self.conn, message)? {
            Some(done) if corrects(message, &done) => self.hand_over(message).map(Some),
            Some(done) => Ok(Some(self.settled(message, done)?)),
            None => match receipts::of_message(self.conn, message)? {
                // Given up by a person, or its reader was left out: it waits for another word.
                Some(left) if left.state == SendState::Suppressed => Ok(Some(left_alone(left))),
                _ => self.hand_over(message).map(Some),
            },
        }
    }

    /// A message whose turn it is by itself.
    fn due(&mut self, message: &Message) -> anyhow::Result<Option<Receipt>> {
        let Some(receipt) = receipts::of_message(self.conn, message)? else {
            return Ok(None);
        };
        let is_same = receipt.blake3 == message.hash();
        match retry::turn(&receipt, is_same, self.now) {
            Turn::Rest => Ok(None),
            Turn::Try if receipt.state == SendState::Sending => {
                Ok(Some(self.settled(message, receipt)?))
            }
            Turn::Try => self.hand_over(message).map(Some),
            Turn::Expire => {
                let reply = format!("given up after a day; last: {}", receipt.reply);
                self.note(message, SendState::Expired, &reply).map(Some)
            }
        }
    }

    fn hand_over(&mut self, message: &Message) -> anyhow::Result<Receipt> {
        let pipeline = &message.pipeline;
        // Whoever sends a refused letter again by hand means it: the mailbox may be there by now.
        let before = receipts::of_message(self.conn, message)?;
        let was_refused = before.is_some_and(|receipt| receipt.state == SendState::Failed);
        if !was_refused && let Some(why) = why_suppressed(self.conn, pipeline, &message.recipient)?
        {
            return self.note(message, SendState::Suppressed, &why);
        }
        let reply = self.carry(message)?;
        let SmtpReply::TooLarge(why) = reply else {
            return self.noted(message, reply);
        };
        // The report itself is in the letter; its files lie in the report's folder.
        let Some(smaller) = message.without_files() else {
            return self.note(message, SendState::Failed, &why);
        };
        match self.carry(&smaller)? {
            SmtpReply::Sent(reply) => {
                let reply = format!("without its files, which were too large: {reply}");
                self.note(&smaller, SendState::Sent, &reply)
            }
            SmtpReply::TooLarge(why) => self.note(message, SendState::Failed, &why),
            other => self.noted(&smaller, other),
        }
    }

    /// Writes down what a server said.
    fn noted(&self, message: &Message, reply: SmtpReply) -> anyhow::Result<Receipt> {
        let (state, text) = match reply {
            SmtpReply::Sent(text) => {
                allow(self.conn, &message.pipeline, &message.recipient)?;
                (SendState::Sent, text)
            }
            SmtpReply::Later(text) | SmtpReply::Lost(text) => (SendState::Deferred, text),
            SmtpReply::Unknown(text) => (SendState::Unknown, text),
            SmtpReply::Queued => {
                let text = "kept in the outbox: no mail server is set".to_owned();
                (SendState::Queued, text)
            }
            SmtpReply::NoMailbox(text) => {
                let (pipeline, recipient) = (&message.pipeline, &message.recipient);
                suppress(self.conn, pipeline, recipient, &text, self.now)?;
                (SendState::Failed, text)
            }
            SmtpReply::Refused(text) | SmtpReply::TooLarge(text) | SmtpReply::Unwelcome(text) => {
                (SendState::Failed, text)
            }
        };
        self.note(message, state, &text)
    }

    /// Takes a message to the server. A connection that the server gave up is made anew once.
    fn carry(&mut self, message: &Message) -> anyhow::Result<SmtpReply> {
        let (conn, now) = (self.conn, self.now);
        let before_data = || noting::note(conn, message, SendState::Sending, "", now).map(|_| ());
        let mut reply = self.way.send(message, before_data)?;
        if matches!(reply, SmtpReply::Lost(_)) {
            reply = self.way.send(message, before_data)?;
        }
        Ok(reply)
    }

    /// A message that may have arrived before. One that a crash left on its way is marked: nobody can tell any more.
    fn settled(&self, message: &Message, done: Receipt) -> anyhow::Result<Receipt> {
        let done = match done.state {
            SendState::Sending => {
                let left = Message {
                    version: done.version,
                    message_id: done.message_id.clone(),
                    ..message.clone()
                };
                let reply = "stopped while the message was on its way";
                self.note(&left, SendState::Unknown, reply)?
            }
            _ => done,
        };
        Ok(left_alone(done))
    }
}

fn left_alone(receipt: Receipt) -> Receipt {
    Receipt {
        was_done_before: true,
        ..receipt
    }
}

/// The way out, kept open between messages.
enum WayOut<'a> {
    Outbox,
    Server {
        settings: &'a SmtpSettings,
        open: Option<Box<Server>>,
        /// Once it is down it is not asked again.
        down: Option<NoServer>,
    },
}

impl<'a> WayOut<'a> {
    fn of(transport: &'a Transport) -> Self {
        match transport {
            Transport::File => Self::Outbox,
            Transport::Smtp(settings) => Self::Server {
                settings,
                open: None,
                down: None,
            },
        }
    }

    fn send(
        &mut self,
        message: &Message,
        before_data: impl FnOnce() -> anyhow::Result<()>,
    ) -> anyhow::Result<SmtpReply> {
        let Self::Server {
            settings,
            open,
            down,
        } = self
        else {
            return Ok(SmtpReply::Queued);
        };
        let server = match (open.take(), &*down) {
            (Some(server), _) => Ok(server),
            (None, Some(why)) => Err(why.clone()),
            (None, None) => Server::connect(settings).map(Box::new),
        };
        let mut server = match server {
            Ok(server) => server,
            Err(why) => {
                *down = Some(why.clone());
                return Ok(why.into());
            }
        };
        let reply = server.send(message, before_data)?;
        if let SmtpReply::Unwelcome(why) = &reply {
            *down = Some(NoServer::Unwelcome(why.clone()));
        } else if server.is_alive() {
            *open = Some(server);
        }
        Ok(reply)
    }

    fn close(self) {
        match self {
            Self::Outbox => {}
            Self::Server { open, .. } => open.into_iter().for_each(|server| server.close()),
        }
    }
}

//! Notices to whoever runs the program: short letters in plain text, outside the outbox of digests.

use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;

use super::message::{Message, ascii, raw};
use super::outbox::file_name;
use super::smtp::{NoServer, Server, SmtpReply};
use super::transport::Transport;
use crate::disk::write_whole;

/// A notice as a letter.
pub struct NoticeLetter<'a> {
    /// The pipeline that it is about.
    pub pipeline: &'a str,
    /// Names it among the notices of the pipeline and the day.
    pub name: &'a str,
    /// Its subject.
    pub subject: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// Sends a notice to its recipients; without a mail server it is written into `folder`.
///
/// # Errors
/// When it cannot be made or written, or the server does not take it: with the server's words.
pub fn notify(
    letter: &NoticeLetter<'_>,
    from: &Mailbox,
    to: &[Mailbox],
    transport: &Transport,
    folder: &Path,
    now: DateTime<Utc>,
) -> Result<()> {
    let messages = to.iter().map(|person| letter.to(from, person, now));
    let messages = messages.collect::<Result<Vec<_>>>()?;
    let Transport::Smtp(settings) = transport else {
        let day = now.format("%Y-%m-%d");
        std::fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
        for message in &messages {
            let name = format!(
                "{day}-{}-{}",
                ascii(letter.name),
                file_name(&message.recipient)
            );
            write_whole(&folder.join(name), &message.bytes)?;
        }
        return Ok(());
    };
    let mut server = Server::connect(settings).map_err(|why| match why {
        NoServer::Down(why) | NoServer::Unwelcome(why) => anyhow::Error::msg(why),
    })?;
    let mut refused = Vec::new();
    for message in &messages {
        let reply = server.send(message, || Ok(()))?;
        if !matches!(reply, SmtpReply::Sent(_)) {
            refused.push(format!("{reply:?}"));
        }
    }
    server.close();
    if !refused.is_empty() {
        bail!("{}", refused.join("; "));
    }
    Ok(())
}

impl NoticeLetter<'_> {
    fn to(&self, from: &Mailbox, person: &Mailbox, now: DateTime<Utc>) -> Result<Message> {
        let address = person.email.to_string();
        let reader = blake3::hash(address.to_lowercase().as_bytes()).to_hex();
        let message_id = format!(
            "<notice.{}.{}.{}.r{}@{}>",
            ascii(self.pipeline),
            ascii(self.name),
            now.format("%Y%m%d%H%M%S"),
            &reader[..8],
            from.email.domain()
        );
        let letter = lettre::Message::builder()
            .from(from.clone())
            .to(person.clone())
            .subject(self.subject)
            .date(SystemTime::from(now))
            .message_id(Some(message_id.clone()))
            .raw_header(raw("Auto-Submitted", "auto-generated".to_owned()))
            .raw_header(raw("X-Auto-Response-Suppress", "All".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(self.text.to_owned())
            .context("cannot put the notice together")?;
        Ok(Message {
            pipeline: self.pipeline.to_owned(),
            period: String::new(),
            version: 0,
            from: from.email.to_string(),
            recipient: address,
            message_id,
            conclusion: String::new(),
            bytes: letter.formatted(),
        })
    }
}

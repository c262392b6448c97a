//! What comes back: reports of letters that could not be delivered (RFC 3464), and readers who want no more.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::receipts::stamp;
use crate::config::mailbox;

/// What a message that came back says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A letter could not be delivered to an address: with the status of the report, as in `5.1.1`.
    Bounced {
        /// The address.
        address: String,
        /// The status.
        status: String,
    },
    /// A reader asks for no more letters.
    Unsubscribed {
        /// Who asks.
        address: String,
    },
    /// Neither.
    Other,
}

impl Incoming {
    /// Reads a message.
    pub fn of(message: &[u8]) -> Self {
        let text = String::from_utf8_lossy(message).replace("\r\n", "\n");
        let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
        let head = head.replace("\n ", " ").replace("\n\t", " ");
        let kind = field(&head, "Content-Type")
            .unwrap_or_default()
            .to_lowercase();
        if kind.contains("report-type=delivery-status")
            || kind.contains("report-type=\"delivery-status\"")
        {
            return Self::of_report(body);
        }
        let subject = field(&head, "Subject").unwrap_or_default().to_lowercase();
        // The words of the link in our own letters; an answer that quotes the digest bears another subject.
        let is_wish = subject
            .trim_start_matches("re: ")
            .starts_with("unsubscribe");
        let sender = field(&head, "From").and_then(|from| mailbox::parse(from).ok());
        match sender {
            Some(sender) if is_wish => Self::Unsubscribed {
                address: sender.email.to_string(),
            },
            _ => Self::Other,
        }
    }

    /// A report names the failed recipient, its status, and that it is given up.
    fn of_report(body: &str) -> Self {
        let is_given_up =
            field(body, "Action").is_some_and(|action| action.eq_ignore_ascii_case("failed"));
        let recipient =
            field(body, "Final-Recipient").and_then(|recipient| recipient.split_once(';'));
        match (recipient, field(body, "Status")) {
            (Some((_, address)), Some(status)) if is_given_up => Self::Bounced {
                address: address.trim().trim_matches(['<', '>']).to_owned(),
                status: status
                    .split_whitespace()
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            },
            _ => Self::Other,
        }
    }

    /// Whether a report says that the mailbox is not there, now or ever (RFC 3463: 5.1.x).
    pub fn has_no_mailbox(&self) -> bool {
        matches!(self, Self::Bounced { status, .. } if status.starts_with("5.1."))
    }
}

/// The first field of a name, without case.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let fields = text.lines().filter_map(|line| line.split_once(':'));
    let mut fields = fields.filter(|(key, _)| key.eq_ignore_ascii_case(name));
    fields.next().map(|(_, value)| value.trim())
}

/// The messages of a maildir (a folder with `new` and `cur`) or of an mbox file, in the order of their files or places.
///
/// # Errors
/// When it cannot be read.
pub fn messages_in(path: &Path) -> Result<Vec<Vec<u8>>> {
    let read = || format!("read the mailbox {}", path.display());
    if !path.is_dir() {
        return Ok(of_mbox(&fs::read(path).with_context(read)?));
    }
    let mut files = Vec::new();
    for folder in ["new", "cur"].map(|folder| path.join(folder)) {
        for entry in fs::read_dir(&folder).with_context(read)? {
            let file = entry.with_context(read)?.path();
            if file.is_file() {
                files.push(file);
            }
        }
    }
    files.sort();
    files
        .iter()
        .map(|file| fs::read(file).with_context(read))
        .collect()
}

/// Notes that a message was read; false when it was before, so that a decision made since stands.
///
/// # Errors
/// When the state cannot be written.
pub fn is_new(
    conn: &Connection,
    pipeline: &str,
    message: &[u8],
    now: DateTime<Utc>,
) -> Result<bool> {
    let hash = blake3::hash(message).to_hex().to_string();
    let sql = "INSERT OR IGNORE INTO incoming VALUES (?1, ?2, ?3)";
    Ok(conn.execute(sql, params![pipeline, hash, stamp(now)])? > 0)
}

/// Messages of an mbox begin with a line `From ` behind an empty one.
fn of_mbox(text: &[u8]) -> Vec<Vec<u8>> {
    let mut messages: Vec<Vec<u8>> = Vec::new();
    let mut is_after_gap = true;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if is_after_gap && line.starts_with(b"From ") {
            messages.push(Vec::new());
        } else if let Some(message) = messages.last_mut() {
            message.extend_from_slice(line);
        }
        is_after_gap = line.trim_ascii().is_empty();
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "From: MAILER-DAEMON@mail.example\r\nTo: voronka@firm.example\r\nSubject: Undelivered Mail Returned to Sender\r\n\
        Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"B\"\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n\
        --B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\n\
        Final-Recipient: rfc822; boris@firm.example\r\nAction: failed\r\nStatus: 5.1.1\r\n--B--\r\n";

    #[test]
    fn a_report_names_who_got_nothing_and_why() {
        let said = Incoming::of(REPORT.as_bytes());
        let bounced = |status: &str| Incoming::Bounced {
            address: "boris@firm.example".to_owned(),
            status: status.to_owned(),
        };
        assert_eq!(said, bounced("5.1.1"));
        assert!(said.has_no_mailbox());
        let full = Incoming::of(REPORT.replace("5.1.1", "5.2.2 (mailbox full)").as_bytes());
        assert_eq!(full, bounced("5.2.2"));
        assert!(!full.has_no_mailbox());
        // It is still tried.
        assert_eq!(
            Incoming::of(REPORT.replace("failed", "delayed").as_bytes()),
            Incoming::Other
        );
    }

    #[test]
    fn a_wish_for_no_more_is_told_by_its_subject_alone() {
        let letter = |subject: &str| {
            format!("From: Boss <boss@firm.example>\nSubject: {subject}\n\nunsubscribe me not\n")
        };
        let wish = Incoming::Unsubscribed {
            address: "boss@firm.example".to_owned(),
        };
        assert_eq!(
            Incoming::of(letter("unsubscribe okna-sever").as_bytes()),
            wish
        );
        assert_eq!(Incoming::of(letter("Re: Unsubscribe").as_bytes()), wish);
        assert_eq!(
            Incoming::of(letter("Re: 93 inquiries").as_bytes()),
            Incoming::Other
        );
        assert_eq!(Incoming::of(b"\xff\xfe nonsense"), Incoming::Other);
    }

    #[test]
    fn mailboxes_of_both_kinds_give_their_messages() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in [
            ("new/2.eml", "b"),
            ("cur/1.eml", "a"),
            ("tmp/3.eml", "half"),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        assert_eq!(
            messages_in(folder.path()).expect("read"),
            [b"a".to_vec(), b"b".to_vec()]
        );
        let mbox = folder.path().join("mbox");
        fs::write(
            &mbox,
            "From x Mon\nSubject: a\n\n>From here on\n\nFrom y Tue\nSubject: b\n\nend\n",
        )
        .expect("written");
        let messages = messages_in(&mbox).expect("read");
        assert_eq!(
            messages,
            [
                b"Subject: a\n\n>From here on\n\n".to_vec(),
                b"Subject: b\n\nend\n".to_vec()
            ]
        );
    }
}

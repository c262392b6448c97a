//! Mailboxes that what came back lies in: maildirs and mbox files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::receipts::stamp;
use crate::model::fault::Fault;

/// The messages of a maildir (a folder with `new` and `cur`) or of an mbox file, in the order of their files or places.
///
/// # Errors
/// When it cannot be read, or is a folder of another kind.
pub fn messages_in(path: &Path) -> Result<Vec<Vec<u8>>> {
    let read = || format!("read the mailbox {}", path.display());
    if !path.is_dir() {
        return Ok(of_mbox(&fs::read(path).with_context(read)?));
    }
    let folders: Vec<PathBuf> = ["new", "cur"].map(|folder| path.join(folder)).into();
    if !folders.iter().any(|folder| folder.is_dir()) {
        return Err(no_maildir(path).into());
    }
    let mut files = Vec::new();
    for folder in folders.iter().filter(|folder| folder.is_dir()) {
        for entry in fs::read_dir(folder).with_context(read)? {
            let file = entry.with_context(read)?.path();
            if file.is_file() {
                files.push(file);
            }
        }
    }
    files.sort();
    let messages = files.iter().map(|file| fs::read(file).with_context(read));
    messages.collect()
}

fn no_maildir(path: &Path) -> Fault {
    let fault = Fault::new("is a folder without `new` and `cur`, and no maildir");
    fault
        .at(path.display().to_string())
        .hint("give the folder that holds these two, or a file in mbox form")
}

/// Whether a message was read before, so that a decision made since stands.
///
/// # Errors
/// When the state cannot be read.
pub fn is_read(conn: &Connection, pipeline: &str, message: &[u8]) -> Result<bool> {
    let sql = "SELECT 1 FROM incoming WHERE pipeline = ?1 AND blake3 = ?2";
    let found = conn.query_row(sql, params![pipeline, hash(message)], |_| Ok(()));
    Ok(found.optional()?.is_some())
}

/// Notes that a message was read.
///
/// # Errors
/// When the state cannot be written.
pub fn note_read(
    conn: &Connection,
    pipeline: &str,
    message: &[u8],
    now: DateTime<Utc>,
) -> Result<()> {
    let sql = "INSERT OR IGNORE INTO incoming VALUES (?1, ?2, ?3)";
    conn.execute(sql, params![pipeline, hash(message), stamp(now)])?;
    Ok(())
}

fn hash(message: &[u8]) -> String {
    blake3::hash(message).to_hex().to_string()
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
        messages_in(&folder.path().join("new")).expect_err("no maildir");
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

//! The outbox: finished messages as `.eml` files, one per recipient; what is sent is these bytes and no others.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::message::{CONCLUSION, Message, OCCURRENCE};
use crate::config::mailbox;
use crate::disk::{remove_drafts, write_all_whole};

/// Writes the messages into `dir` and returns their files. What an earlier report left there for others is removed.
///
/// # Errors
/// When the folder cannot be written.
pub fn freeze(messages: &[Message], dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    fs::create_dir_all(dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
    remove_drafts(dir);
    let files: Vec<PathBuf> = messages
        .iter()
        .map(|message| file_of(message, dir))
        .collect();
    for stale in eml_files(dir)?.iter().filter(|path| !files.contains(path)) {
        fs::remove_file(stale).with_context(|| format!("cannot remove {}", stale.display()))?;
    }
    freeze_also(messages, dir)
}

/// Writes messages beside those that lie in `dir` already, and returns their files.
///
/// # Errors
/// When the folder cannot be written.
pub fn freeze_also(messages: &[Message], dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let of = |message: &Message| file_of(message, dir);
    let paths: Vec<PathBuf> = messages.iter().map(of).collect();
    let files = paths.iter().map(PathBuf::as_path);
    write_all_whole(
        dir,
        files.zip(messages.iter().map(|message| &*message.bytes)),
    )?;
    Ok(paths)
}

fn file_of(message: &Message, dir: &Path) -> PathBuf {
    dir.join(file_name(&message.recipient))
}

/// Reads the messages of an outbox back, by file name.
///
/// # Errors
/// When the folder cannot be read, or a file in it is not one of ours.
pub fn thaw(dir: &Path) -> anyhow::Result<Vec<Message>> {
    eml_files(dir)?.iter().map(|path| read(path)).collect()
}

fn eml_files(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(dir).with_context(|| format!("cannot read the outbox {}", dir.display()))?;
    let mut files = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<Vec<_>>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> anyhow::Result<Message> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(bytes).with_context(|| format!("{}: not a message of this program", path.display()))
}

fn parse(bytes: Vec<u8>) -> anyhow::Result<Message> {
    let text = String::from_utf8_lossy(&bytes);
    let head = text
        .split("\r\n\r\n")
        .next()
        .unwrap_or_default()
        .replace("\r\n ", " ")
        .replace("\r\n\t", " ");
    let header = |name: &str| {
        let found = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found
            .map(|(_, value)| value.trim().to_owned())
            .with_context(|| format!("it has no {name}"))
    };
    let occurrence = header(OCCURRENCE)?;
    let [pipeline, period, version] = occurrence.split(' ').collect::<Vec<_>>()[..] else {
        bail!("its {OCCURRENCE} is \"{occurrence}\"");
    };
    let version = version
        .trim_start_matches('v')
        .parse()
        .context("its version is no number")?;
    let address = |name: &str| {
        Ok(mailbox::parse(&header(name)?)
            .map_err(anyhow::Error::msg)?
            .email
            .to_string())
    };
    let (from, recipient): (anyhow::Result<String>, anyhow::Result<String>) =
        (address("From"), address("To"));
    Ok(Message {
        pipeline: pipeline.to_owned(),
        period: period.to_owned(),
        version,
        from: from?,
        recipient: recipient?,
        message_id: header("Message-ID")?,
        // Letters of before it was kept have none.
        conclusion: header(CONCLUSION).unwrap_or_default(),
        bytes,
    })
}

/// A file name of an address: what a file system could trip over becomes `_`, and then a hash keeps names apart.
pub(super) fn file_name(address: &str) -> String {
    let is_safe = |symbol: char| {
        symbol.is_ascii_alphanumeric() || matches!(symbol, '@' | '.' | '_' | '-' | '+')
    };
    let safe: String = address
        .chars()
        .map(|symbol| if is_safe(symbol) { symbol } else { '_' })
        .take(120)
        .collect();
    if safe == address && !safe.starts_with('.') {
        return format!("{safe}.eml");
    }
    let hash = blake3::hash(address.as_bytes()).to_hex();
    format!("{}-{}.eml", safe.trim_start_matches('.'), &hash[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_stay_inside_the_outbox_and_apart() {
        assert_eq!(file_name("a.b+c@example.com"), "a.b+c@example.com.eml");
        let names = [
            "../../etc/x@example.com",
            "..//..etc/x@example.com",
            "имя@example.com",
        ]
        .map(file_name);
        assert!(
            names
                .iter()
                .all(|name| !name.contains('/') && !name.starts_with('.')),
            "{names:?}"
        );
        assert_ne!(names[0], names[1]);
    }
}

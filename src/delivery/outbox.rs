//! The outbox: finished messages as `.eml` files, one per recipient; what is sent is these bytes and no others.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::message::{CONCLUSION, Letters, Message, OCCURRENCE};
use crate::config::mailbox;
use crate::disk::{remove_drafts, write_all_whole};

/// Writes letters into `dir` and returns how many they were. What an earlier report left there for others is removed.
///
/// # Errors
/// When a letter cannot be made or the folder cannot be written.
pub fn freeze(letters: &Letters<'_>, dir: &Path) -> anyhow::Result<usize> {
    freeze_each(letters.readers(), letters.each(), dir)
}

/// Writes letters beside those that lie in `dir` already, and returns how many they were.
///
/// # Errors
/// As [`freeze`].
pub fn freeze_also(letters: &Letters<'_>, dir: &Path) -> anyhow::Result<usize> {
    write(letters.each(), dir)
}

/// Writes the letters of these readers, and removes those of others first.
pub(super) fn freeze_each(
    readers: impl Iterator<Item = String>,
    letters: impl Iterator<Item = anyhow::Result<Message>>,
    dir: &Path,
) -> anyhow::Result<usize> {
    fs::create_dir_all(dir).with_context(|| format!("cannot make the folder {}", dir.display()))?;
    remove_drafts(dir);
    let files: HashSet<PathBuf> = readers.map(|reader| dir.join(file_name(&reader))).collect();
    for stale in eml_files(dir)?.iter().filter(|path| !files.contains(*path)) {
        fs::remove_file(stale).with_context(|| format!("cannot remove {}", stale.display()))?;
    }
    write(letters, dir)
}

fn write(
    letters: impl Iterator<Item = anyhow::Result<Message>>,
    dir: &Path,
) -> anyhow::Result<usize> {
    let mut written = 0;
    let files = letters.map(|letter| {
        let letter = letter?;
        written += 1;
        Ok((dir.join(file_name(&letter.recipient)), letter.bytes))
    });
    write_all_whole(dir, files)?;
    Ok(written)
}

/// The letters of an outbox: each is read when its turn comes.
#[derive(Debug)]
pub struct Frozen {
    files: Vec<PathBuf>,
}

impl Frozen {
    /// Every letter, by file name.
    pub fn each(&self) -> impl Iterator<Item = anyhow::Result<Message>> {
        self.files.iter().map(|path| read(path))
    }
}

/// The letters of an outbox. All are looked at before the first is sent, by their heads alone.
///
/// # Errors
/// When the folder cannot be read, or a file in it is not one of ours.
pub fn thaw(dir: &Path) -> anyhow::Result<Frozen> {
    let files = eml_files(dir)?;
    for path in &files {
        let file = File::open(path).map_err(anyhow::Error::from);
        let head = file.and_then(|file| Ok(head_of(BufReader::new(file))?));
        let head = head.with_context(|| format!("cannot read {}", path.display()))?;
        checked(path, parse(&head, Vec::new()))?;
    }
    Ok(Frozen { files })
}

fn eml_files(dir: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(dir).with_context(|| format!("cannot read the outbox {}", dir.display()))?;
    let mut files = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
    files.sort();
    Ok(files)
}

fn read(path: &Path) -> anyhow::Result<Message> {
    let failed = || format!("cannot read {}", path.display());
    let bytes = fs::read(path).with_context(failed)?;
    let head = head_of(&bytes[..]).with_context(failed)?;
    checked(path, parse(&head, bytes))
}

fn checked(path: &Path, message: anyhow::Result<Message>) -> anyhow::Result<Message> {
    message.with_context(|| format!("{}: not a message of this program", path.display()))
}

/// The lines above the first empty one, continued ones put together.
fn head_of(mut bytes: impl BufRead) -> io::Result<String> {
    let mut head = Vec::new();
    let mut at = 0;
    while bytes.read_until(b'\n', &mut head)? > 0 && !is_empty_line(&head[at..]) {
        at = head.len();
    }
    let head = String::from_utf8_lossy(&head);
    Ok(head.replace("\r\n ", " ").replace("\r\n\t", " "))
}

fn is_empty_line(line: &[u8]) -> bool {
    line == b"\r\n"
}

fn parse(head: &str, bytes: Vec<u8>) -> anyhow::Result<Message> {
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

/// Characters of an address in a file name: with the hash behind it well below the 255 bytes of file systems.
const NAME_LENGTH: usize = 120;

/// A file name of an address: what a file system could trip over becomes `_`, and then a hash keeps names apart.
pub(super) fn file_name(address: &str) -> String {
    let is_safe = |symbol: char| {
        symbol.is_ascii_alphanumeric() || matches!(symbol, '@' | '.' | '_' | '-' | '+')
    };
    let safe: String = address
        .chars()
        .map(|symbol| if is_safe(symbol) { symbol } else { '_' })
        .take(NAME_LENGTH)
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

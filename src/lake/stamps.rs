//! Files that lie as they lay when they were read: they are not read again to learn that they are the same.

use std::fs::Metadata;
use std::path::Path;
use std::time::UNIX_EPOCH;

use anyhow::Result;
use rusqlite::{OptionalExtension, params};

use super::catalog::Catalog;

/// A file may be written twice within one tick of its file system's clock: only one that had been left alone for so long
/// when it was read is known by its stamp, milliseconds.
const TICK_MS: i64 = 2000;

/// How a file lies on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    words: String,
    changed_at: i64,
}

impl Stamp {
    /// The stamp of a file; `None` where the system does not tell.
    pub fn of(path: &Path) -> Option<Self> {
        let file = std::fs::metadata(path).ok()?;
        let changed = file.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        let words = format!("{} {} {}", file.len(), changed.as_nanos(), inode(&file));
        let changed_at = i64::try_from(changed.as_millis()).ok()?;
        Some(Self { words, changed_at })
    }

    /// As the catalog keeps it for a file that is read now; `None` when it was changed just before.
    pub fn kept(&self, now_ms: i64) -> Option<String> {
        (self.changed_at + TICK_MS < now_ms).then(|| self.words.clone())
    }
}

#[cfg(unix)]
fn inode(file: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(file)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}

impl Catalog {
    /// The hash of a file's content, where a file of this name lay the same when it was read.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn hash_of(&self, export: &str, file: &str, stamp: &Stamp) -> Result<Option<String>> {
        let sql = "SELECT hash FROM files JOIN batches ON batches.id = batch
                   WHERE export = ?1 AND file = ?2 AND stamp = ?3 ORDER BY files.id DESC LIMIT 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let hash = statement.query_row(params![export, file, stamp.words], |row| row.get(0));
        Ok(hash.optional()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_changed_just_now_has_no_stamp_to_keep() {
        let stamp = Stamp {
            words: "5 1000 7".to_owned(),
            changed_at: 10_000,
        };
        assert_eq!(stamp.kept(12_000), None);
        assert_eq!(stamp.kept(12_001).as_deref(), Some("5 1000 7"));
    }

    #[test]
    fn a_file_of_another_length_has_another_stamp() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("visits.csv");
        let stamp_of = |text: &str| {
            std::fs::write(&path, text).expect("a file is written");
            Stamp::of(&path).expect("a stamp").words
        };
        assert_ne!(stamp_of("a"), stamp_of("ab"));
    }
}

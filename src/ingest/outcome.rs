//! What became of the files of an export.

use super::nameless::Nameless;
use super::reject::Reject;

/// What reading one file came to, before it is known which rows newer ones stand for.
#[derive(Debug, Clone, Default)]
pub struct FileOutcome {
    /// Hash of the file as it lies on disk, hexadecimal; empty for members of archives.
    pub hash: String,
    /// Data rows.
    pub read: u64,
    /// Totals, repeated headers and blank rows.
    pub skipped: u64,
    /// Rows whose record another row of the same batch stands for.
    pub replaced: u64,
    /// Rows that could not be taken.
    pub rejects: Vec<Reject>,
    /// When the first of the moments that lie after the reading can be believed, UTC milliseconds: the file is to be read
    /// again then.
    pub due: Option<i64>,
    /// Cells that name nobody, where a person was expected.
    pub nameless: Nameless,
}

/// An error in one file of several: the others may still be read without it.
#[derive(Debug, thiserror::Error)]
#[error("{error:#}")]
pub struct FileError {
    /// Position of the file in the plan.
    pub file: usize,
    /// What is wrong.
    pub error: anyhow::Error,
}

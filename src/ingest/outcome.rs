//! What became of the files of an export.

use super::Planned;
use super::adapters::FileFault;
use super::nameless::Nameless;
use super::reject::Reject;
use crate::model::seen::Seen;

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
    /// Those of them that lie after the reading, and are to be read again.
    pub ahead: u64,
    /// When the first of the moments that lie after the reading can be believed, UTC milliseconds: the file is to be read
    /// again then.
    pub due: Option<i64>,
    /// Cells that name nobody, where a person was expected.
    pub nameless: Nameless,
    /// Its columns.
    pub seen: Seen,
    /// What had to be concluded without the file's own word, for people.
    pub doubts: Vec<String>,
}

/// What an adapter says of one of its files, as it is said of a file by its name.
pub(super) fn of_file(error: anyhow::Error, planned: &[Planned]) -> anyhow::Error {
    match error.downcast::<FileFault>() {
        Ok(FileFault { file, fault }) => {
            let file = file as usize;
            let error = fault.at(&planned[file].source.label).into();
            FileError { file, error }.into()
        }
        Err(error) => error,
    }
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

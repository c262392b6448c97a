//! What became of the exports of a pipeline.

use crate::lake::catalog::FileAccount;
use crate::lake::writer::Vanished;

/// What became of one export.
#[derive(Debug, Default)]
pub struct ExportOutcome {
    /// The export's name.
    pub export: String,
    /// New files that were taken in.
    pub files: Vec<FileAccount>,
    /// Files whose content the lake holds already.
    pub known: usize,
    /// Files that could not be read, with what to do.
    pub errors: Vec<anyhow::Error>,
    /// Records that newer files have no longer.
    pub vanished: Vec<Vanished>,
}

/// What became of all exports.
#[derive(Debug, Default)]
pub struct Ingested {
    /// Export by export, in the pipeline's order.
    pub exports: Vec<ExportOutcome>,
}

impl Ingested {
    /// Exports for which no file was found.
    pub fn without_files(&self) -> impl Iterator<Item = &str> {
        let none = |export: &&ExportOutcome| {
            export.files.is_empty() && export.known == 0 && export.errors.is_empty()
        };
        self.exports
            .iter()
            .filter(none)
            .map(|export| export.export.as_str())
    }

    /// Files that were taken in.
    pub fn files(&self) -> impl Iterator<Item = &FileAccount> {
        self.exports.iter().flat_map(|export| &export.files)
    }

    /// Rows read of them.
    pub fn rows(&self) -> u64 {
        self.files().map(|file| file.read).sum()
    }

    /// Whether anything was taken in that the lake had not.
    pub fn has_news(&self) -> bool {
        self.files().next().is_some()
    }

    /// Files that could not be read.
    pub fn errors(&self) -> impl Iterator<Item = &anyhow::Error> {
        self.exports.iter().flat_map(|export| &export.errors)
    }
}

//! Which rows of a chunk are still wanted.

use crate::ingest::reject::{Reject, shown};

/// Marks rows that are no longer wanted and remembers why.
pub(super) struct Marks<'a> {
    pub(super) keep: Vec<bool>,
    pub(super) rejects: Vec<Reject>,
    pub(super) skipped: u64,
    pub(super) label: &'a str,
}

impl Marks<'_> {
    pub(super) fn reject(
        &mut self,
        row: usize,
        line: u32,
        column: &str,
        cell: &[u8],
        personal: bool,
        reason: String,
    ) {
        if std::mem::replace(&mut self.keep[row], false) {
            let value = shown(cell, personal);
            self.rejects.push(Reject {
                file: self.label.to_owned(),
                line,
                column: column.to_owned(),
                value,
                reason,
            });
        }
    }
}

//! Which rows of a chunk are still wanted.

use super::tally::Tally;
use crate::ingest::nameless::Nameless;
use crate::ingest::reject::{Reject, shown};

/// Marks rows that are no longer wanted and remembers why.
pub(super) struct Marks<'a> {
    /// For each row of the chunk whether it is still wanted.
    pub(super) keep: Vec<bool>,
    pub(super) rejects: Vec<Reject>,
    /// For each reject its row in the chunk.
    pub(super) rejected: Vec<usize>,
    /// Rows that are no data.
    pub(super) skipped: u64,
    /// Rows of this period's totals, as the file marks them: they stay until all others are known.
    pub(super) totals: Vec<usize>,
    /// Those of the skipped that are messages or faxes among calls.
    pub(super) messages: u64,
    /// Those of the skipped that are visits of robots.
    pub(super) robots: u64,
    /// Rows by which somebody has tried a form; they stay.
    pub(super) trials: Vec<usize>,
    /// What the cells show of the file as a whole.
    pub(super) tally: Tally,
    /// Cells that name nobody.
    pub(super) nameless: Nameless,
    label: &'a str,
}

/// What is wrong with a row.
pub(super) struct Complaint<'a> {
    pub(super) column: &'a str,
    pub(super) cell: &'a [u8],
    /// Whether the cell may be a person's contact.
    pub(super) is_personal: bool,
    pub(super) reason: String,
}

impl<'a> Marks<'a> {
    /// All rows of a chunk are wanted; `label` is what people call its file.
    pub(super) fn new(rows: usize, label: &'a str) -> Self {
        Self {
            keep: vec![true; rows],
            rejects: Vec::new(),
            rejected: Vec::new(),
            skipped: 0,
            totals: Vec::new(),
            messages: 0,
            robots: 0,
            trials: Vec::new(),
            tally: Tally::default(),
            nameless: Nameless::default(),
            label,
        }
    }

    /// Drops a row that is no data.
    pub(super) fn skip(&mut self, row: usize) {
        self.keep[row] = false;
        self.skipped += 1;
    }

    /// Takes back the rejects of rows that are no data after all: they are passed over and counted.
    pub(super) fn forgive(&mut self, mut is_no_data: impl FnMut(usize) -> bool) {
        let rejects = std::mem::take(&mut self.rejects);
        let rejected = std::mem::take(&mut self.rejected);
        for (reject, row) in rejects.into_iter().zip(rejected) {
            if is_no_data(row) {
                self.skipped += 1;
            } else {
                self.rejects.push(reject);
                self.rejected.push(row);
            }
        }
    }

    /// Drops a row with a reason. A row is one reject, whatever else is wrong with it: the first reason stays.
    pub(super) fn reject(&mut self, row: usize, line: u32, complaint: Complaint<'_>) {
        let was_wanted = std::mem::replace(&mut self.keep[row], false);
        if was_wanted {
            self.rejected.push(row);
            self.rejects.push(Reject {
                file: self.label.to_owned(),
                line,
                column: complaint.column.to_owned(),
                value: shown(complaint.cell, complaint.is_personal),
                reason: complaint.reason,
            });
        }
    }
}

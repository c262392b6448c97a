//! Lines of words below a table: who made it, when, and that it is confidential. They are no rows.

use hashbrown::HashSet;

use super::outcome::FileOutcome;
use super::parse::Parsed;

/// The lines of a file that hold words and nothing else.
#[derive(Default)]
pub(super) struct Notes {
    lines: HashSet<u32>,
    /// The last line with a row that was taken.
    last_row: u32,
}

impl Notes {
    /// Looks at the next rows.
    pub(super) fn look(&mut self, parsed: &Parsed) {
        self.lines.extend(&parsed.notes);
        let last = parsed.lines.iter().copied().max();
        self.last_row = last.unwrap_or(0).max(self.last_row);
    }

    /// Takes back the rejects of those behind the last row. Where words stand among rows they may be the heading of those
    /// below: their rejects stay.
    pub(super) fn forgive(&self, outcome: &mut FileOutcome) {
        if self.last_row == 0 {
            return;
        }
        let before = outcome.rejects.len();
        let is_note = |line: &u32| *line > self.last_row && self.lines.contains(line);
        outcome.rejects.retain(|reject| !is_note(&reject.line));
        let notes = (before - outcome.rejects.len()) as u64;
        outcome.read -= notes;
        outcome.skipped += notes;
    }
}

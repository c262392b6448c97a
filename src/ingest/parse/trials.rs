//! Requests by which somebody has tried whether a form works: of nobody, whatever they hold.

use super::marks::Marks;
use super::{Context, FileParser};
use crate::ingest::cells;
use crate::ingest::format::Reading;
use crate::ingest::records::Chunk;
use crate::model::columns::{Columns, Values};
use crate::model::contact::Found;
use crate::model::tables::{DEALS, FORMS};

/// What Meta writes into each answer of a lead that its own tool has made.
const TEST_LEAD: &[u8] = b"<test lead:";
/// Names that people give themselves when they try a form, in lower case.
const NAMES: &[&str] = &[
    "тест",
    "test",
    "тестовый",
    "testing",
    "test test",
    "тест тест",
];

impl FileParser<'_> {
    /// Marks the trials among the rows as spam: they are kept and counted, and are nobody's request.
    pub(super) fn mark_trials(
        &self,
        chunk: &Chunk,
        columns: &mut Columns,
        context: &Context<'_>,
        marks: &mut Marks<'_>,
    ) {
        if ![FORMS.name, DEALS.name].contains(&self.table.name) {
            return;
        }
        let Some(at) = self.table.position("spam") else {
            return;
        };
        marks.trials = self.trials(chunk, columns, context);
        if let Values::Flag(flags) = &mut columns.values[at] {
            for row in &marks.trials {
                flags[*row] = 1;
            }
        }
    }

    /// The rows of a chunk that are trials: those of Meta's tool, and those whose sender calls himself a test and has no contact
    /// but placeholders.
    fn trials(&self, chunk: &Chunk, columns: &Columns, context: &Context<'_>) -> Vec<usize> {
        let finder = memchr::memmem::Finder::new(TEST_LEAD);
        let has_leads = finder.find(&chunk.data).is_some();
        let contacts = ["phone", "email"].map(|name| columns.column(name));
        let mut scratch = Vec::new();
        let mut is_trial = |row: &usize| {
            let is_nobodys = contacts.iter().all(|keys| keys.is_absent(*row));
            has_leads && finder.find(chunk.row_bytes(*row)).is_some()
                || is_nobodys
                    && self.has_placeholders(chunk, *row, context, &mut scratch)
                    && self.is_called_test(chunk.row_bytes(*row))
        };
        (0..chunk.rows.len()).filter(|row| is_trial(row)).collect()
    }

    /// Whether a contact of a row that has no person's is a placeholder.
    fn has_placeholders(
        &self,
        chunk: &Chunk,
        row: usize,
        context: &Context<'_>,
        scratch: &mut Vec<u8>,
    ) -> bool {
        let rules = self.format.columns.iter().zip(&self.slots.rules);
        let mut cells = rules.flat_map(|(rule, slots)| slots.iter().map(|slot| (rule.read, *slot)));
        cells.any(|(read, slot)| {
            let cell = cells::trim(chunk.cell(row, slot));
            let found = match read {
                Reading::Phone => context.key.read_phone(cell, scratch),
                Reading::Email => context.key.read_email(cell, scratch),
                _ => return false,
            };
            found == Err(Found::Placeholder)
        })
    }

    /// Whether a cell of a row holds such a name alone. Which column is that of the name no format says: nothing reads it.
    fn is_called_test(&self, row: &[u8]) -> bool {
        let mut cells = row.split(|byte| *byte == self.layout.dialect.delimiter);
        cells.any(|cell| {
            let text = String::from_utf8_lossy(cell).to_lowercase();
            NAMES.contains(&text.trim().trim_matches('"').trim())
        })
    }
}

//! From records to typed columns, column by column; what does not fit becomes a reject.

mod column;
mod marks;

use self::column::RuleColumn;
use self::marks::Marks;
use super::clock::Clock;
use super::detect::Layout;
use super::format::Format;
use super::identity::IdentityKey;
use super::records::{Chunk, RowFault};
use super::reject::Reject;
use super::spam::Spam;
use crate::model::columns::{Columns, Dictionary, NO_DAY, NO_LONG, Values};
use crate::model::tables::{Field, Table};

/// Rows of one chunk as typed columns, with what was left out of them.
pub struct Parsed {
    /// The rows.
    pub columns: Columns,
    /// Line of each row.
    pub lines: Vec<u32>,
    /// Hash of each row's bytes; empty unless the format puts several rows together.
    pub hashes: Vec<u64>,
    /// Rows that did not fit.
    pub rejects: Vec<Reject>,
    /// Data rows read: kept here plus rejected.
    pub read: u64,
    /// Totals and repeated headers, which are no data.
    pub skipped: u64,
}

/// What parsing needs beside the file: the export's clock, key, spam rules and dictionaries.
pub struct Context<'a> {
    /// Clocks of the export and the business.
    pub clock: Clock,
    /// Key for contacts.
    pub key: &'a IdentityKey,
    /// Spam rules of the export.
    pub spam: Spam,
    /// One dictionary a column of the table.
    pub dictionaries: Vec<Dictionary>,
    /// Whether row hashes are needed.
    pub hash_rows: bool,
}

/// One file's columns: which cells feed which column and how.
pub struct FileParser<'a> {
    format: &'a Format,
    layout: &'a Layout,
    table: &'static Table,
    label: &'a str,
    /// For each column rule the slots of the chunk that feed it.
    slots: Vec<Vec<usize>>,
}

/// The cells that any rule reads, in slot order, and for each rule its slots.
pub fn wanted_cells(layout: &Layout) -> (Vec<usize>, Vec<Vec<usize>>) {
    let mut wanted: Vec<usize> = layout.feeds.iter().flatten().copied().collect();
    wanted.sort_unstable();
    wanted.dedup();
    let slot = |cell: &usize| {
        wanted
            .binary_search(cell)
            .expect("every fed cell is wanted")
    };
    let slots = layout
        .feeds
        .iter()
        .map(|cells| cells.iter().map(slot).collect())
        .collect();
    (wanted, slots)
}

impl<'a> FileParser<'a> {
    /// A parser for one file; `table` is the format's table, or the adapter's input.
    pub fn new(
        format: &'a Format,
        layout: &'a Layout,
        table: &'static Table,
        label: &'a str,
        slots: Vec<Vec<usize>>,
    ) -> Self {
        Self {
            format,
            layout,
            table,
            label,
            slots,
        }
    }

    /// Parses the rows of a chunk.
    pub fn parse(&self, chunk: &Chunk, context: &mut Context<'_>) -> Parsed {
        let mut marks = Marks {
            keep: vec![true; chunk.rows.len()],
            rejects: Vec::new(),
            skipped: 0,
            label: self.label,
        };
        self.skip_non_data(chunk, &mut marks);
        let mut columns = Columns::empty(self.table);
        for (at, field) in self.table.fields.iter().enumerate() {
            let (before, from) = columns.values.split_at_mut(at);
            self.fill(*field, at, &mut from[0], before, chunk, context, &mut marks);
        }
        self.finish(chunk, columns, marks, context)
    }

    fn finish(
        &self,
        chunk: &Chunk,
        mut columns: Columns,
        mut marks: Marks<'_>,
        context: &Context<'_>,
    ) -> Parsed {
        let kept_rows = || (0..chunk.rows.len()).filter(|row| marks.keep[*row]);
        let lines = kept_rows().map(|row| chunk.rows[row].line).collect();
        let hash = |row| xxhash_rust::xxh3::xxh3_64(chunk.row_bytes(row));
        let hashes = if context.hash_rows {
            kept_rows().map(hash).collect()
        } else {
            Vec::new()
        };
        if marks.keep.contains(&false) {
            columns.retain(&marks.keep);
        }
        marks.rejects.extend(
            chunk
                .faults
                .iter()
                .map(|(line, fault)| self.fault(*line, fault)),
        );
        let read = chunk.rows.len() as u64 - marks.skipped + chunk.faults.len() as u64;
        Parsed {
            columns,
            lines,
            hashes,
            rejects: marks.rejects,
            read,
            skipped: marks.skipped,
        }
    }

    fn fault(&self, line: u32, fault: &RowFault) -> Reject {
        let cells = self.layout.header.len();
        let reason = match fault {
            RowFault::Cells(found) => format!("the row has {found} cells, expected {cells}"),
            RowFault::OpenQuote => "a quote opens here and never closes".to_owned(),
            RowFault::TooLong => "the row is longer than 1 MiB".to_owned(),
        };
        Reject {
            file: self.label.to_owned(),
            line,
            column: "row".to_owned(),
            value: String::new(),
            reason,
        }
    }

    /// Totals and repeated headers are no data; they are counted apart.
    fn skip_non_data(&self, chunk: &Chunk, marks: &mut Marks<'_>) {
        let header = &self.layout.header_bytes;
        let totals = &self.format.rows.totals;
        if header.is_empty() && totals.is_empty() {
            return;
        }
        for row in 0..chunk.rows.len() {
            let bytes = chunk.row_bytes(row);
            let repeated = !header.is_empty() && bytes.trim_ascii_end() == header.as_slice();
            let cell = bytes
                .trim_ascii_start()
                .strip_prefix(b"\"")
                .unwrap_or(bytes.trim_ascii_start());
            if repeated
                || totals
                    .iter()
                    .any(|total| cell.starts_with(total.as_bytes()))
            {
                marks.keep[row] = false;
                marks.skipped += 1;
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one call, and a struct for it would only repeat the names"
    )]
    fn fill(
        &self,
        field: Field,
        at: usize,
        into: &mut Values,
        before: &[Values],
        chunk: &Chunk,
        context: &mut Context<'_>,
        marks: &mut Marks<'_>,
    ) {
        let rows = chunk.rows.len();
        let rule = self
            .format
            .columns
            .iter()
            .position(|rule| rule.to == field.name);
        match rule {
            Some(rule) => {
                let mut dictionary = std::mem::take(&mut context.dictionaries[at]);
                let mut column = RuleColumn {
                    rule: &self.format.columns[rule],
                    slots: &self.slots[rule],
                    layout: self.layout,
                    dictionary: &mut dictionary,
                    scratch: Vec::new(),
                };
                column.fill(into, chunk, context, marks);
                context.dictionaries[at] = dictionary;
            }
            None if field.name == self.table.day => self.derive_day(into, before, context),
            None if field.name == "spam" => mark_spam(into, chunk, &context.spam),
            None => into.push_absent(rows),
        }
        if field.required {
            self.reject_absent(field, rule, into, chunk, marks);
        }
    }

    /// The day of a dated row is the business day of its instant.
    fn derive_day(&self, into: &mut Values, before: &[Values], context: &mut Context<'_>) {
        let time = self.table.time.and_then(|time| self.table.position(time));
        if let (Values::Day(days), Some(Values::Long(times))) =
            (into, time.and_then(|at| before.get(at)))
        {
            days.extend(times.iter().map(|&time| {
                if time == NO_LONG {
                    NO_DAY
                } else {
                    context.clock.day(time)
                }
            }));
        }
    }

    fn reject_absent(
        &self,
        field: Field,
        rule: Option<usize>,
        into: &Values,
        chunk: &Chunk,
        marks: &mut Marks<'_>,
    ) {
        // A derived day is absent only when its time is, and that row is rejected already.
        let Some(rule) = rule else { return };
        let column = self.column_name(rule, field);
        for row in 0..chunk.rows.len() {
            if marks.keep[row] && into.is_absent(row) {
                marks.reject(
                    row,
                    chunk.rows[row].line,
                    &column,
                    b"",
                    false,
                    "a value is missing".to_owned(),
                );
            }
        }
    }

    fn column_name(&self, rule: usize, field: Field) -> String {
        let cell = self.layout.feeds[rule]
            .first()
            .and_then(|cell| self.layout.header.get(*cell));
        cell.cloned().unwrap_or_else(|| field.name.to_owned())
    }
}

fn mark_spam(into: &mut Values, chunk: &Chunk, spam: &Spam) {
    if let Values::Flag(flags) = into {
        flags
            .extend((0..chunk.rows.len()).map(|row| u8::from(spam.has_word(chunk.row_bytes(row)))));
    }
}

//! From records to typed columns, column by column; what does not fit becomes a reject.

mod accounts;
mod attributes;
mod breach;
mod by_rule;
mod column;
mod currency;
mod labels;
mod marked_totals;
mod marks;
mod messages;
mod more_keys;
pub(super) mod named_totals;
mod no_data;
pub(super) mod no_rows;
mod notes;
mod parsed;
mod pick;
mod robots;
mod slots;
mod tags;
mod tally;
mod text;
pub(super) mod total_words;
mod trials;
mod worth;

use self::breach::Breach;
pub use self::labels::Labels;
use self::marks::Marks;
use self::no_data::NoData;
pub use self::parsed::Parsed;
pub use self::slots::{Extent, Slots, rule_cells};
pub use self::tally::Tally;
use super::clock::Clock;
use super::detect::Layout;
use super::format::Format;
use super::identity::IdentityKey;
use super::latest::Latest;
use super::records::{Chunk, Row, RowFault};
use super::reject::Reject;
use super::spam::Spam;
use crate::model::columns::{Columns, Dictionary, NO_DAY, NO_LONG, Values};
use crate::model::more_keys::MORE_KEYS;
use crate::model::tables::{ATTRIBUTES, Replace, TableSchema};

/// What parsing needs beside the file: the export's clock, key, spam rules and dictionaries.
pub struct Context<'a> {
    /// Clocks of the export and the business.
    pub clock: Clock,
    /// How late a date may be.
    pub latest: Latest,
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
    table: &'static TableSchema,
    /// What people call the file.
    label: &'a str,
    /// Which columns are read.
    extent: Extent,
    /// Which slots of the chunk are read.
    slots: Slots,
    no_data: NoData<'a>,
    /// Whether the table has ended, and what follows is another one.
    has_ended: bool,
}

impl<'a> FileParser<'a> {
    /// A parser for one file; `table` is the format's table, or the adapter's input.
    pub fn new(
        format: &'a Format,
        layout: &'a Layout,
        table: &'static TableSchema,
        label: &'a str,
        extent: Extent,
    ) -> Self {
        let slots = Slots::of(format, layout, table, extent);
        Self {
            format,
            layout,
            table,
            label,
            extent,
            no_data: NoData::new(format, layout, &slots.cells),
            slots,
            has_ended: false,
        }
    }

    /// The cells of a row that are read, in the order of a chunk's slots.
    pub fn cells(&self) -> &[usize] {
        &self.slots.cells
    }

    /// Columns of words that no rule reads, with what they held so far.
    pub fn labels(&self) -> &Labels {
        &self.slots.labels
    }

    /// Parses the rows of a chunk.
    pub fn parse(&mut self, chunk: &Chunk, context: &mut Context<'_>) -> Parsed {
        let mut marks = Marks::new(chunk.rows.len(), self.label);
        let end = self.end_of_table(chunk);
        let (second, repeated) = self.skip_non_data(chunk, end, &mut marks);
        let mut columns = Columns::empty(self.table);
        // In the table's order: the day of a row follows from its instant, which stands before it.
        for at in 0..self.table.fields.len() {
            self.fill(at, &mut columns, chunk, context, &mut marks);
        }
        self.mark_trials(chunk, &mut columns, context, &mut marks);
        self.pass_over_totals(chunk, &columns, context, &mut marks);
        let tags = &self.slots.tags;
        tags.fill(chunk, &mut columns, &mut context.dictionaries);
        let turned = self.forgive(chunk, &mut marks);
        let mut parsed = self.finish(chunk, end, columns, marks, context);
        parsed.repeated = repeated;
        parsed.breach = second
            .map(Breach::SecondReport)
            .or(turned.map(Breach::Turned));
        parsed
    }

    /// The line from which on the chunk is of another table; all of it when the table has ended before.
    fn end_of_table(&mut self, chunk: &Chunk) -> Option<u32> {
        if self.has_ended {
            return Some(0);
        }
        let end = self.no_data.end_of_table(chunk);
        self.has_ended = end.is_some();
        end
    }

    /// Takes back the rejects of rows that are no data. Only rows that do not fit are looked at so closely: most files have
    /// none. Returns the line of a header in another order.
    fn forgive(&self, chunk: &Chunk, marks: &mut Marks<'_>) -> Option<u32> {
        let turned = marks.rejected.iter().copied();
        let turned = turned
            .filter(|row| self.no_data.is_turned_header(chunk, *row))
            .min();
        marks.forgive(|row| self.no_data.is_no_data(chunk.row_bytes(row)));
        turned.map(|row| chunk.rows[row].line)
    }

    /// Takes out the rows that are no longer wanted, and adds up what became of all.
    fn finish(
        &mut self,
        chunk: &Chunk,
        end: Option<u32>,
        mut columns: Columns,
        mut marks: Marks<'_>,
        context: &Context<'_>,
    ) -> Parsed {
        let kept_rows = || (0..chunk.rows.len()).filter(|row| marks.keep[*row]);
        let lines = kept_rows().map(|row| chunk.rows[row].line).collect();
        let kept_before = |row: &usize| kept_rows().take_while(|kept| kept < row).count();
        let totals = marks.totals.iter().filter(|row| marks.keep[**row]);
        let totals = totals.map(kept_before).collect();
        let trials = marks.trials.iter().filter(|row| marks.keep[**row]).count() as u64;
        let labels = self.slots.labels.codes(chunk, &marks.keep);
        let worth = &self.slots.worth;
        let worth = worth.of_rows(self.format, self.layout, chunk, &marks.keep);
        let hashes = if context.hash_rows {
            let hash = |row| xxhash_rust::xxh3::xxh3_64(chunk.row_bytes(row));
            kept_rows().map(hash).collect()
        } else {
            Vec::new()
        };
        let accounts = accounts::of_rows(self.slots.account, chunk, &marks.keep);
        let undated_rejects = self.undated(&columns, &marks);
        let row_of = |reject: &usize| marks.rejected[*reject] as u32;
        let undated_rows: Vec<u32> = undated_rejects.iter().map(row_of).collect();
        let undated = columns.gather(&undated_rows);
        if marks.keep.contains(&false) {
            columns.retain(&marks.keep);
        }
        let data_rows = chunk.rows.len() as u64 - marks.skipped;
        let mut broken = 0;
        let words = |row: &Row| {
            self.no_data
                .is_words(chunk.bytes_of(row))
                .then_some(row.line)
        };
        let rejected = marks.rejected.iter().map(|row| &chunk.rows[*row]);
        let mut notes: Vec<u32> = rejected.filter_map(words).collect();
        for (row, fault) in &chunk.faults {
            let is_behind = end.is_some_and(|end| row.line >= end);
            if is_behind || self.no_data.is_no_data(chunk.bytes_of(row)) {
                marks.skipped += 1;
            } else {
                broken += 1;
                marks.rejects.push(self.fault(row.line, fault));
                notes.extend(words(row));
            }
        }
        Parsed {
            columns,
            lines,
            labels,
            totals,
            hashes,
            worth,
            rejects: marks.rejects,
            // A row that could not be taken apart was read, too.
            read: data_rows + broken,
            skipped: marks.skipped + chunk.blank,
            messages: marks.messages,
            robots: marks.robots,
            trials,
            tally: marks.tally,
            nameless: marks.nameless,
            breach: None,
            repeated: None,
            accounts,
            notes,
            undated,
            undated_rejects,
        }
    }

    /// The rejects of rows without a day, in tables that are added up.
    fn undated(&self, columns: &Columns, marks: &Marks<'_>) -> Vec<usize> {
        if self.table.replace != Replace::Group {
            return Vec::new();
        }
        let days = columns.column(self.table.day);
        let rejects = 0..marks.rejected.len();
        rejects
            .filter(|reject| days.is_absent(marks.rejected[*reject]))
            .collect()
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

    /// Totals, repeated headers and other tables are no data; they are counted apart. Returns the line at which the same
    /// table begins once more behind its end, and that of the first header that stands again.
    fn skip_non_data(
        &self,
        chunk: &Chunk,
        end: Option<u32>,
        marks: &mut Marks<'_>,
    ) -> (Option<u32>, Option<u32>) {
        let (mut second, mut repeated) = (None, None);
        let has_messages = self.no_data.may_hold_messages(chunk);
        for row in 0..chunk.rows.len() {
            let line = chunk.rows[row].line;
            let is_behind = end.is_some_and(|end| line >= end);
            let is_header = self.no_data.is_header(chunk, row);
            // A report whose days stand above its header has others above the next one.
            if is_header && (is_behind || !self.layout.is_dated) {
                second.get_or_insert(line);
            }
            if is_header {
                repeated.get_or_insert(line);
            }
            if is_behind || is_header {
                marks.skip(row);
            } else if self.no_data.is_undated_total(chunk.row_bytes(row)) {
                self.mark_total(row, marks);
            } else if self.no_data.is_total_of_part(chunk.row_bytes(row)) {
                marks.skip(row);
            } else if self.is_robots(chunk, row) {
                marks.skip(row);
                marks.robots += 1;
            } else if has_messages && self.no_data.is_message(chunk.row_bytes(row)) {
                marks.skip(row);
                marks.messages += 1;
            }
        }
        (second, repeated)
    }

    /// Whether a visit is a robot's, as the file says of each.
    fn is_robots(&self, chunk: &Chunk, row: usize) -> bool {
        let cell = self.slots.robot.map(|slot| chunk.cell(row, slot));
        cell.is_some_and(robots::is_robots)
    }

    /// What is added up must come to what the file says it comes to: its totals are kept till then.
    fn mark_total(&self, row: usize, marks: &mut Marks<'_>) {
        if self.table.replace == Replace::Group {
            marks.totals.push(row);
        } else {
            marks.skip(row);
        }
    }

    /// Fills the column at a position of the table: by its rule, else from what is known without one.
    fn fill(
        &self,
        at: usize,
        columns: &mut Columns,
        chunk: &Chunk,
        context: &mut Context<'_>,
        marks: &mut Marks<'_>,
    ) {
        let field = self.table.fields[at];
        let (before, from_here) = columns.values.split_at_mut(at);
        let into = &mut from_here[0];
        if !self.extent.has(self.table, field.name) {
            into.push_absent(chunk.rows.len());
            return;
        }
        let mut rules = self.rules_of(field.name).into_iter();
        let rule = rules.next();
        match rule {
            Some(rule) if self.tells_no_currency(rule) => {
                self.fill_currency(at, into, chunk, context);
            }
            Some(rule) => {
                self.fill_by_rule(rule, at, into, chunk, context, marks);
                for rule in rules {
                    self.fill_absent(rule, at, into, chunk, context, marks);
                }
                if field.name == "spam" {
                    context.spam.mark_more(into, chunk);
                }
            }
            None if field.name == self.table.day => self.derive_day(into, before, context),
            None if field.name == ATTRIBUTES => {
                let texts = &mut context.dictionaries[at];
                attributes::fill(self.format, self.layout, &self.slots, chunk, into, texts);
            }
            None if field.name == MORE_KEYS => {
                let (of, texts) = ((self.format, self.table), &mut context.dictionaries[at]);
                more_keys::fill(of, &self.slots, chunk, before, context.key, into, texts);
            }
            None if field.name == "spam" => context.spam.mark(into, chunk),
            None if field.name == "currency" => self.fill_currency(at, into, chunk, context),
            None => into.push_absent(chunk.rows.len()),
        }
        // A derived day is absent only when its time is, and that row is rejected already.
        if let Some(rule) = rule.filter(|_| field.required) {
            self.reject_absent(field, rule, into, chunk, marks);
        }
    }

    /// The day of a dated row is the business day of its instant.
    fn derive_day(&self, into: &mut Values, before: &[Values], context: &mut Context<'_>) {
        let time = self.table.time.and_then(|time| self.table.position(time));
        let times = time.and_then(|at| before.get(at));
        let (Values::Day(days), Some(Values::Long(times))) = (into, times) else {
            return;
        };
        let day_of = |time: &i64| match *time {
            NO_LONG => NO_DAY,
            time => context.clock.day(time),
        };
        days.extend(times.iter().map(day_of));
    }
}

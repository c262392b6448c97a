//! From records to typed columns, column by column; what does not fit becomes a reject.

use chrono::NaiveDate;

use super::cells::{self, Moment};
use super::clock::Clock;
use super::detect::Layout;
use super::format::{ColumnRule, Format, Reading};
use super::identity::IdentityKey;
use super::records::{Chunk, RowFault};
use super::reject::{Reject, shown};
use super::spam::Spam;
use crate::model::columns::{Columns, Dictionary, NO_COUNT, NO_DAY, NO_FLAG, NO_LONG, Values};
use crate::model::contact::normal_phone;
use crate::model::period::Period;
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

/// Marks rows that are no longer wanted and remembers why.
struct Marks<'a> {
    keep: Vec<bool>,
    rejects: Vec<Reject>,
    skipped: u64,
    label: &'a str,
}

impl Marks<'_> {
    fn reject(
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

/// One column rule at work on a chunk.
struct RuleColumn<'a> {
    rule: &'a ColumnRule,
    slots: &'a [usize],
    layout: &'a Layout,
    dictionary: &'a mut Dictionary,
    scratch: Vec<u8>,
}

/// Cells that mean "nothing" in any column of numbers or dates.
const DASHES: &[&[u8]] = &[
    b"-",
    b"--",
    "—".as_bytes(),
    "–".as_bytes(),
    "не определено".as_bytes(),
    "Не определено".as_bytes(),
    "(not set)".as_bytes(),
];

impl RuleColumn<'_> {
    fn fill(
        &mut self,
        into: &mut Values,
        chunk: &Chunk,
        context: &mut Context<'_>,
        marks: &mut Marks<'_>,
    ) {
        let single = (self.slots.len() == 1 && self.rule.constant.is_none()).then(|| self.slots[0]);
        for row in 0..chunk.rows.len() {
            let cell = match single {
                Some(slot) => chunk.cell(row, slot).trim_ascii(),
                None => pick(self.rule, self.layout, self.slots, chunk, row),
            };
            if !self.push(into, cell, context) {
                into.push_absent(1);
                if marks.keep[row] {
                    let reason = self.reason(cell);
                    let column = self
                        .slots
                        .first()
                        .map_or(self.rule.to.as_str(), |_| self.header_name());
                    marks.reject(
                        row,
                        chunk.rows[row].line,
                        column,
                        cell,
                        self.rule.read.is_personal(),
                        reason,
                    );
                }
            }
        }
    }

    fn header_name(&self) -> &str {
        let cell = self.layout.header.iter().find(|cell| {
            self.rule
                .from
                .iter()
                .any(|want| super::detect::same(want, cell))
        });
        cell.map_or(self.rule.to.as_str(), String::as_str)
    }

    fn reason(&self, cell: &[u8]) -> String {
        if std::str::from_utf8(cell).is_err() {
            return "the bytes are no UTF-8".to_owned();
        }
        format!("expected {}, found", self.rule.read.expected())
    }

    /// Adds one cell; false when it is not what the rule expects.
    fn push(&mut self, into: &mut Values, cell: &[u8], context: &mut Context<'_>) -> bool {
        let mapped;
        let cell = if self.rule.map.is_empty() && self.rule.absent.is_empty() {
            cell
        } else {
            mapped = self.translate(cell);
            mapped.as_bytes()
        };
        if cell.is_empty() {
            into.push_absent(1);
            return true;
        }
        match into {
            Values::Text(list) => self.text(cell).map(|code| list.push(code)).is_some(),
            Values::Key(list) => self
                .key_value(cell, context)
                .map(|key| list.push(key))
                .is_some(),
            Values::Count(list) => self
                .number(cell, NO_COUNT, |rule, cell| rule.count(cell))
                .map(|n| list.push(n))
                .is_some(),
            Values::Long(list) => self
                .number(cell, NO_LONG, |rule, cell| rule.long(cell, context))
                .map(|n| list.push(n))
                .is_some(),
            Values::Day(list) => self
                .number(cell, NO_DAY, |rule, cell| rule.day(cell))
                .map(|n| list.push(n))
                .is_some(),
            Values::Flag(list) => self
                .number(cell, NO_FLAG, |_, cell| cells::flag(cell).map(u8::from))
                .map(|n| list.push(n))
                .is_some(),
        }
    }

    /// A number, or the absent marker for cells such as `--`.
    fn number<T>(
        &self,
        cell: &[u8],
        absent: T,
        read: impl FnOnce(&Self, &[u8]) -> Option<T>,
    ) -> Option<T> {
        if cell.len() > 30 || !DASHES.contains(&cell) {
            read(self, cell)
        } else {
            Some(absent)
        }
    }

    fn translate(&self, cell: &[u8]) -> String {
        let text = String::from_utf8_lossy(cell);
        let lower = text.to_lowercase();
        if self.rule.absent.contains(&lower) {
            return String::new();
        }
        let found = self.rule.map.get(&lower).or_else(|| self.rule.map.get("*"));
        found.cloned().unwrap_or_else(|| text.into_owned())
    }

    fn text(&mut self, cell: &[u8]) -> Option<u32> {
        match self.rule.read {
            Reading::Page => self.dictionary.code(cells::page(cell)),
            Reading::Host => self.dictionary.code(cells::host(cell)),
            // Most cells are lower-case ASCII already.
            Reading::Lower
                if cell
                    .iter()
                    .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) =>
            {
                self.dictionary.code(cell)
            }
            Reading::Lower => self
                .dictionary
                .code(std::str::from_utf8(cell).ok()?.to_lowercase().as_bytes()),
            Reading::Goals => {
                cells::goals(cell, &mut self.scratch);
                self.dictionary.code(&self.scratch)
            }
            Reading::Line => {
                let known = normal_phone(cell, &mut self.scratch);
                self.dictionary
                    .code(if known { &self.scratch } else { cell })
            }
            _ => self.dictionary.code(cell),
        }
    }

    /// Contacts that are no number or address are absent, not wrong: "anonymous" is an honest answer of a PBX.
    fn key_value(&mut self, cell: &[u8], context: &Context<'_>) -> Option<u64> {
        match self.rule.read {
            Reading::Phone => Some(context.key.phone(cell, &mut self.scratch).unwrap_or(0)),
            Reading::Email => Some(context.key.email(cell, &mut self.scratch).unwrap_or(0)),
            _ if cell == b"0" => Some(0),
            _ => Some(cells::key(cell)),
        }
    }

    fn count(&self, cell: &[u8]) -> Option<u32> {
        if self.rule.read == Reading::Duration {
            cells::duration(cell)
        } else {
            cells::count(cell, self.layout.decimal)
        }
    }

    fn long(&self, cell: &[u8], context: &mut Context<'_>) -> Option<i64> {
        match self.rule.read {
            Reading::Money => cells::minor(cell, self.layout.decimal, false),
            Reading::MoneyMicros => cells::minor(cell, self.layout.decimal, true),
            Reading::Number => cells::milli(cell, self.layout.decimal),
            _ => match cells::moment(cell, self.rule.order)? {
                Moment::Local(local) => Some(context.clock.utc_ms(local)),
                Moment::Instant(instant) => Some(instant.and_utc().timestamp_millis()),
            },
        }
    }

    fn day(&self, cell: &[u8]) -> Option<i32> {
        let day = match self.rule.read {
            Reading::PeriodFrom => period(cell)?.from,
            Reading::PeriodTo => period(cell)?.to,
            _ => match cells::moment(cell, self.rule.order)? {
                Moment::Local(time) | Moment::Instant(time) => time.date(),
            },
        };
        Some(chrono::Datelike::num_days_from_ce(&day) - 719_163)
    }
}

/// The first cell of those present that is not empty, else the rule's constant, else a date of the preamble.
fn pick<'c>(
    rule: &'c ColumnRule,
    layout: &'c Layout,
    slots: &[usize],
    chunk: &'c Chunk,
    row: usize,
) -> &'c [u8] {
    let cell = slots
        .iter()
        .map(|slot| chunk.cell(row, *slot).trim_ascii())
        .find(|cell| !cell.is_empty());
    cell.or_else(|| rule.constant.as_deref().map(str::as_bytes))
        .unwrap_or_else(|| period_cell(rule, layout))
}

fn period_cell<'c>(rule: &ColumnRule, layout: &'c Layout) -> &'c [u8] {
    let Some((from, to)) = layout.period.as_ref() else {
        return b"";
    };
    match rule
        .from
        .iter()
        .find(|name| name.starts_with('@'))
        .map(String::as_str)
    {
        Some("@period_from") => from.as_bytes(),
        Some("@period_to") => to.as_bytes(),
        _ => b"",
    }
}

fn period(cell: &[u8]) -> Option<Period> {
    // Relative periods such as `last-week` make no sense in a file, so any day serves as "today".
    let text = std::str::from_utf8(cell)
        .ok()
        .filter(|text| !text.starts_with("last"))?;
    Period::parse(text, NaiveDate::default()).ok()
}

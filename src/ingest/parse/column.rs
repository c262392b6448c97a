//! One column rule at work: cells to values, by the reading that the rule names.

use chrono::NaiveDate;

use super::Context;
use super::marks::{Complaint, Marks};
use crate::ingest::cells::{self, Moment};
use crate::ingest::detect::{Layout, same};
use crate::ingest::format::{ColumnRule, Reading};
use crate::ingest::records::Chunk;
use crate::model::columns::{Dictionary, Values};
use crate::model::contact::normal_phone;
use crate::model::period::Period;

/// One column rule at work on a chunk.
pub(super) struct RuleColumn<'a> {
    pub(super) rule: &'a ColumnRule,
    /// The slots of the chunk that feed the column, the preferred one first.
    pub(super) slots: &'a [usize],
    pub(super) layout: &'a Layout,
    pub(super) dictionary: &'a mut Dictionary,
    /// The text at hand when it is not the cell as it stands; kept, so that no cell allocates.
    pub(super) scratch: Vec<u8>,
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
/// No text of [`DASHES`] has more bytes: longer cells are compared with none.
const LONGEST_DASH: usize = 30;

/// The absent marker of [`Values::Key`].
const NO_KEY: u64 = 0;

impl RuleColumn<'_> {
    /// Adds a value for every row of the chunk; a row whose cell does not fit is rejected.
    pub(super) fn fill(
        &mut self,
        into: &mut Values,
        chunk: &Chunk,
        context: &mut Context<'_>,
        marks: &mut Marks<'_>,
    ) {
        // Most columns are fed by one cell, and nothing has to be chosen row by row.
        let only_slot = match (self.slots, &self.rule.constant) {
            ([slot], None) => Some(*slot),
            _ => None,
        };
        for row in 0..chunk.rows.len() {
            let cell = match only_slot {
                Some(slot) => chunk.cell(row, slot).trim_ascii(),
                None => pick(self.rule, self.layout, self.slots, chunk, row),
            };
            if !self.push(into, cell, context) {
                // Rejected rows are taken out of all columns at once, at the end: until then each has a value.
                into.push_absent(1);
                if marks.keep[row] {
                    marks.reject(row, chunk.rows[row].line, self.complaint(cell));
                }
            }
        }
    }

    fn complaint<'c>(&'c self, cell: &'c [u8]) -> Complaint<'c> {
        let column = if self.slots.is_empty() {
            self.rule.to.as_str()
        } else {
            self.header_name()
        };
        Complaint {
            column,
            cell,
            is_personal: self.rule.read.is_personal(),
            reason: self.reason(cell),
        }
    }

    /// What the file itself calls the column.
    fn header_name(&self) -> &str {
        let feeds = |cell: &&String| self.rule.from.iter().any(|want| same(want, cell));
        let cell = self.layout.header.iter().find(feeds);
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
        let translated;
        let cell = if self.rule.map.is_empty() && self.rule.absent.is_empty() {
            cell
        } else {
            translated = self.translate(cell);
            translated.as_bytes()
        };
        // A dash may be somebody's text or identifier, but it is nobody's number.
        let is_text = matches!(into, Values::Text(_) | Values::Key(_));
        if cell.is_empty() || (!is_text && is_dash(cell)) {
            into.push_absent(1);
            return true;
        }
        match into {
            Values::Text(list) => add(list, self.text(cell)),
            Values::Key(list) => add(list, Some(self.key_value(cell, context))),
            Values::Count(list) => add(list, self.count(cell)),
            Values::Long(list) => add(list, self.long(cell, context)),
            Values::Day(list) => add(list, self.day(cell)),
            Values::Flag(list) => add(list, cells::flag(cell).map(u8::from)),
        }
    }

    /// The cell by the rule's own words: nothing for those that mean "absent", another text for those of its map.
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
            Reading::Lower => self.lower(cell),
            Reading::Goals => {
                cells::goals(cell, &mut self.scratch);
                self.dictionary.code(&self.scratch)
            }
            Reading::Line => {
                let is_number = normal_phone(cell, &mut self.scratch);
                let line = if is_number { &self.scratch } else { cell };
                self.dictionary.code(line)
            }
            _ => self.dictionary.code(cell),
        }
    }

    fn lower(&mut self, cell: &[u8]) -> Option<u32> {
        let is_lower = |byte: &u8| byte.is_ascii() && !byte.is_ascii_uppercase();
        // Most cells are lower-case ASCII already, and need no copy.
        if cell.iter().all(is_lower) {
            return self.dictionary.code(cell);
        }
        let lower = std::str::from_utf8(cell).ok()?.to_lowercase();
        self.dictionary.code(lower.as_bytes())
    }

    /// Contacts that are no number or address are absent, not wrong: "anonymous" is an honest answer of a PBX.
    fn key_value(&mut self, cell: &[u8], context: &Context<'_>) -> u64 {
        match self.rule.read {
            Reading::Phone => {
                let phone = context.key.phone(cell, &mut self.scratch);
                phone.unwrap_or(NO_KEY)
            }
            Reading::Email => {
                let email = context.key.email(cell, &mut self.scratch);
                email.unwrap_or(NO_KEY)
            }
            // Systems write the number 0 where a record refers to nothing.
            _ if cell == b"0" => NO_KEY,
            _ => cells::key(cell),
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
            Reading::Money => cells::minor(cell, self.layout.decimal),
            Reading::MoneyMicros => cells::minor_of_micros(cell, self.layout.decimal),
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
        Some(cells::day_number(day))
    }
}

/// Adds a value that could be read; false when there is none.
fn add<T>(list: &mut Vec<T>, value: Option<T>) -> bool {
    let Some(value) = value else { return false };
    list.push(value);
    true
}

fn is_dash(cell: &[u8]) -> bool {
    cell.len() <= LONGEST_DASH && DASHES.contains(&cell)
}

/// The first cell of those present that is not empty, else the rule's constant, else a date of the preamble.
fn pick<'c>(
    rule: &'c ColumnRule,
    layout: &'c Layout,
    slots: &[usize],
    chunk: &'c Chunk,
    row: usize,
) -> &'c [u8] {
    for slot in slots {
        let cell = chunk.cell(row, *slot).trim_ascii();
        if !cell.is_empty() {
            return cell;
        }
    }
    match &rule.constant {
        Some(constant) => constant.as_bytes(),
        None => preamble_date(rule, layout),
    }
}

fn preamble_date<'c>(rule: &ColumnRule, layout: &'c Layout) -> &'c [u8] {
    let Some((from, to)) = layout.period.as_ref() else {
        return b"";
    };
    let wanted = rule.from.iter().find(|name| name.starts_with('@'));
    match wanted.map(String::as_str) {
        Some("@period_from") => from.as_bytes(),
        Some("@period_to") => to.as_bytes(),
        _ => b"",
    }
}

fn period(cell: &[u8]) -> Option<Period> {
    let text = std::str::from_utf8(cell).ok()?;
    // Relative periods such as `last-week` make no sense in a file, so any day serves as "today".
    if text.starts_with("last") {
        return None;
    }
    Period::parse(text, NaiveDate::default()).ok()
}

//! One column rule at work: cells to values, by the reading that the rule names.

use chrono::NaiveDate;

use super::{Context, Marks};
use crate::ingest::cells::{self, Moment};
use crate::ingest::detect::{Layout, same};
use crate::ingest::format::{ColumnRule, Reading};
use crate::ingest::records::Chunk;
use crate::model::columns::{Dictionary, NO_COUNT, NO_DAY, NO_FLAG, NO_LONG, Values};
use crate::model::contact::normal_phone;
use crate::model::period::Period;

/// One column rule at work on a chunk.
pub(super) struct RuleColumn<'a> {
    pub(super) rule: &'a ColumnRule,
    pub(super) slots: &'a [usize],
    pub(super) layout: &'a Layout,
    pub(super) dictionary: &'a mut Dictionary,
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

impl RuleColumn<'_> {
    pub(super) fn fill(
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
        let cell = self
            .layout
            .header
            .iter()
            .find(|cell| self.rule.from.iter().any(|want| same(want, cell)));
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

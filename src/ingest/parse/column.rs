//! One column rule at work: cells to values, by the reading that the rule names.

use chrono::{NaiveDate, NaiveTime};

use super::Context;
use super::marks::{Complaint, Marks};
use super::pick::{has_own_words, is_dash, nth_day, part, pick, preamble_name, translate};
use crate::ingest::cells::{self, Damage, DateOrder, Decimal, Moment, TagUse};
use crate::ingest::detect::{Layout, same};
use crate::ingest::format::{ColumnRule, Reading};
use crate::ingest::records::Chunk;
use crate::model::columns::{Dictionary, Values};
use crate::model::contact::Found;
use crate::model::placeholder::is_placeholder;
use crate::model::table::Ahead;

/// One column rule at work on a chunk.
pub(super) struct RuleColumn<'a> {
    pub(super) rule: &'a ColumnRule,
    /// The slots of the chunk that feed the column, the preferred one first.
    pub(super) slots: &'a [usize],
    /// The slot of the time of day, where it stands apart from the date.
    pub(super) clock: Option<usize>,
    /// The slot of the half of the day, where it stands apart from the hours.
    pub(super) half: Option<usize>,
    pub(super) layout: &'a Layout,
    /// Mark before the fraction; none where each count tells its own.
    pub(super) decimal: Option<Decimal>,
    /// Order of the parts of a date.
    pub(super) order: DateOrder,
    /// What a date is that lies after the reading.
    pub(super) ahead: Ahead,
    /// Whether its texts are identifiers.
    pub(super) is_id: bool,
    /// Whether its texts are names of one thing each, which no word for "nothing" is.
    pub(super) is_name: bool,
    /// Whether it says which way a call went: it has three words, and what is none of them would pass for an inquiry.
    pub(super) is_direction: bool,
    /// Whether its cells are counted where they name nobody: of two rules for one cell one does.
    pub(super) counts_nameless: bool,
    /// What the column's tags may say; `None` when it holds none.
    pub(super) tag_use: Option<TagUse>,
    pub(super) dictionary: &'a mut Dictionary,
    /// The text at hand when it is not the cell as it stands; kept, so that no cell allocates.
    pub(super) scratch: Vec<u8>,
}

/// Cells beside that of a date which belong to it.
struct Beside<'c> {
    /// The time of day.
    clock: Option<&'c [u8]>,
    /// The half of the day that its hours are of.
    half: Option<&'c [u8]>,
}

/// The absent marker of [`Values::Key`].
const NO_KEY: u64 = 0;

/// Why a cell is no value of its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    /// It is not what the reading expects.
    Unread,
    /// It lies after the reading.
    Ahead(i64),
    /// A spreadsheet has damaged it.
    Damaged(Damage),
}

/// Said of identifiers and amounts whose last digits are gone.
const CUT: &str = "a spreadsheet has cut this number";

impl<'a> RuleColumn<'a> {
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
            ([slot], None) if preamble_name(self.rule).is_none() => Some(*slot),
            _ => None,
        };
        for row in 0..chunk.rows.len() {
            let cell = match only_slot {
                Some(slot) => cells::trim(chunk.cell(row, slot)),
                None => self.pick(chunk, row, context),
            };
            let of = |slot: Option<usize>| slot.map(|slot| cells::trim(chunk.cell(row, slot)));
            let beside = Beside {
                clock: of(self.clock),
                half: of(self.half),
            };
            if let Err(wrong) = self.push(into, cell, &beside, context, row, marks) {
                // Rejected rows are taken out of all columns at once, at the end: until then each has a value.
                into.push_absent(1);
                self.settle(row, cell, wrong, chunk, context, marks);
            }
        }
    }

    /// The cell of a row that counts. A word for "nothing" in one cell does not hide the value of the next, nor does what
    /// is nobody's telephone or address hide somebody's.
    fn pick<'c>(&mut self, chunk: &'c Chunk, row: usize, context: &Context<'_>) -> &'c [u8]
    where
        'a: 'c,
    {
        let (rule, scratch) = (self.rule, &mut self.scratch);
        let skips_words = rule.read.names_person() || self.is_name || self.tag_use.is_some();
        let is_one = self.slots.len() == 1;
        let skips = |cell: &[u8]| match rule.read {
            Reading::Phone if !is_one => context.key.phone(cell, scratch).is_none(),
            Reading::Email if !is_one => context.key.email(cell, scratch).is_none(),
            _ => skips_words && is_placeholder(cell),
        };
        pick(rule, skips, self.layout, self.slots, chunk, row)
    }

    /// What becomes of a row with a wrong cell: a reject, but for a plan among what has happened.
    fn settle(
        &self,
        row: usize,
        cell: &[u8],
        wrong: Wrong,
        chunk: &Chunk,
        context: &Context<'_>,
        marks: &mut Marks<'_>,
    ) {
        if !marks.keep[row] {
            return;
        }
        let is_rejected = !matches!(wrong, Wrong::Ahead(_)) || self.ahead != Ahead::Nothing;
        match wrong {
            Wrong::Ahead(at) => marks.tally.add_ahead(at, is_rejected),
            Wrong::Damaged(Damage::Cut) => marks.tally.add_cut(),
            Wrong::Damaged(Damage::Formula) | Wrong::Unread => {}
        }
        if is_rejected {
            let complaint = self.complaint(cell, wrong, context);
            marks.reject(row, chunk.rows[row].line, complaint);
        }
    }

    fn complaint<'c>(
        &'c self,
        cell: &'c [u8],
        wrong: Wrong,
        context: &Context<'_>,
    ) -> Complaint<'c> {
        let column = if self.slots.is_empty() {
            self.rule.to.as_str()
        } else {
            self.header_name()
        };
        Complaint {
            column,
            cell,
            is_personal: self.rule.read.is_personal(),
            reason: self.reason(cell, wrong, context),
        }
    }

    /// What the file itself calls the column.
    fn header_name(&self) -> &str {
        let feeds = |cell: &&String| self.rule.from.iter().any(|want| same(want, cell));
        let cell = self.layout.header.iter().find(feeds);
        cell.map_or(self.rule.to.as_str(), String::as_str)
    }

    fn reason(&self, cell: &[u8], wrong: Wrong, context: &Context<'_>) -> String {
        if std::str::from_utf8(cell).is_err() {
            return "the bytes are no UTF-8".to_owned();
        }
        let is_moment = matches!(self.rule.read, Reading::Time | Reading::Day);
        match wrong {
            Wrong::Ahead(_) => format!("is later than the reading on {}", context.latest.read_on),
            Wrong::Damaged(Damage::Cut) => CUT.to_owned(),
            Wrong::Unread if cells::damage(cell) == Some(Damage::Cut) => CUT.to_owned(),
            Wrong::Damaged(Damage::Formula) => {
                "a formula of a spreadsheet has failed here".to_owned()
            }
            Wrong::Unread if is_moment && cells::span(cell, self.order).is_some() => {
                format!(
                    "expected {}, found a span of days",
                    self.rule.read.expected()
                )
            }
            Wrong::Unread => self.unread(),
        }
    }

    /// What a cell should have been. Where the format has a list of words, a new one belongs into it.
    fn unread(&self) -> String {
        let expected = if self.is_direction {
            "inbound, outbound or internal"
        } else {
            self.rule.read.expected()
        };
        let is_word = self.is_direction || self.rule.read == Reading::Flag;
        if is_word && !self.rule.map.is_empty() {
            let to = &self.rule.to;
            return format!(
                "expected {expected}, or a word of the map of {to} (add it there), found"
            );
        }
        format!("expected {expected}, found")
    }

    /// Adds one cell, or says why it cannot be.
    fn push(
        &mut self,
        into: &mut Values,
        cell: &[u8],
        beside: &Beside<'_>,
        context: &mut Context<'_>,
        row: usize,
        marks: &mut Marks<'_>,
    ) -> Result<(), Wrong> {
        let translated;
        let cell = part(self.rule, cell);
        let cell = if has_own_words(self.rule) {
            translated = translate(self.rule, cell);
            translated.as_bytes()
        } else {
            cell
        };
        // A dash may be somebody's text, but it is nobody's number or identifier.
        let is_text = matches!(into, Values::Text(_) | Values::Key(_));
        // A person's key that is none is counted, whatever word it is.
        let is_null = cells::is_null(cell) && !self.rule.read.names_person();
        // Records may be numbered from zero, so that zeros name one.
        let is_no_name = self.is_name && is_placeholder(cell) && !cell.contains(&b'0');
        let is_absent = cell.is_empty() || is_null || is_no_name || (!is_text && is_dash(cell));
        let cell = match &self.rule.empty {
            None if !is_absent => cell,
            Some(_) if !is_absent => {
                marks.tally.add_filled();
                cell
            }
            Some(meant) => {
                marks.tally.add_empty(self.header_name());
                meant.as_bytes()
            }
            None => {
                into.push_absent(1);
                return Ok(());
            }
        };
        match into {
            Values::Text(list) => add(list, self.text(cell)?),
            Values::Key(list) => {
                let key = self.key_value(cell, context, marks)?;
                if let Err(found) = key
                    && marks.keep[row]
                    && self.counts_nameless
                {
                    marks.nameless.count(self.header_name(), found);
                }
                add(list, Some(key.unwrap_or(NO_KEY)))
            }
            Values::Count(list) => add(list, self.count(cell)),
            Values::Long(list) if self.rule.read == Reading::Time => {
                add(list, Some(self.time(cell, beside, context)?))
            }
            Values::Long(list) => add(list, self.amount(cell)),
            Values::Day(list) => add(list, Some(self.day(cell, context)?)),
            Values::Flag(list) => add(list, cells::flag(cell).map(u8::from)),
        }
    }

    /// The key of a cell, or what stands there in place of one. Contacts that are no number or address are absent, not
    /// wrong: "anonymous" is an honest answer of a PBX.
    fn key_value(
        &mut self,
        cell: &[u8],
        context: &Context<'_>,
        marks: &mut Marks<'_>,
    ) -> Result<Result<u64, Found>, Wrong> {
        Ok(match self.rule.read {
            Reading::Phone => context.key.read_phone(cell, &mut self.scratch),
            Reading::Email => context.key.read_email(cell, &mut self.scratch),
            // Systems write the number 0, or a dash, where a record refers to nothing.
            _ if cell == b"0" || cell == b"-" => Err(Found::Nobody),
            // Most ids are numbers, and of these only zeros say nothing.
            _ if !matches!(cell[0], b'1'..=b'9') && is_placeholder(cell) => Err(Found::Placeholder),
            _ => Ok(id_key(cell, marks)?),
        })
    }

    fn count(&self, cell: &[u8]) -> Option<u32> {
        if self.rule.read == Reading::Duration {
            cells::duration(cell)
        } else {
            cells::count(cell, self.decimal)
        }
    }

    fn amount(&self, cell: &[u8]) -> Option<i64> {
        let decimal = self.decimal.unwrap_or_else(|| cells::own_mark(cell));
        match self.rule.read {
            Reading::Money => cells::minor(cell, decimal),
            Reading::MoneyMicros => cells::minor_of_micros(cell, decimal),
            Reading::Fine => cells::millionths(cell, decimal),
            _ => cells::milli_or_percent(cell, decimal),
        }
    }

    /// An instant, UTC milliseconds.
    fn time(
        &self,
        cell: &[u8],
        beside: &Beside<'_>,
        context: &mut Context<'_>,
    ) -> Result<i64, Wrong> {
        let clock = beside.clock.filter(|clock| !is_dash(clock));
        let half = beside.half.filter(|half| !half.is_empty());
        let with_half = |hours: &[u8]| [hours, b" ", half.unwrap_or_default()].concat();
        let found = match (clock, half) {
            (Some(clock), None) => cells::moment_at(cell, clock, self.order),
            (Some(clock), Some(_)) => cells::moment_at(cell, &with_half(clock), self.order),
            // A date without hours has no half of a day.
            (None, Some(_)) if cell.contains(&b':') => cells::moment(&with_half(cell), self.order),
            (None, _) => cells::moment(cell, self.order),
        };
        let at = match found.ok_or(Wrong::Unread)? {
            Moment::Local(local) => context.clock.utc_ms(local),
            Moment::Instant(instant) => instant.and_utc().timestamp_millis(),
        };
        let may_be = at <= context.latest.utc_ms || self.ahead == Ahead::Plan;
        may_be.then_some(at).ok_or(Wrong::Ahead(at))
    }

    /// A day, or the first or last one of a span.
    fn day(&self, cell: &[u8], context: &Context<'_>) -> Result<i32, Wrong> {
        let day = match self.rule.read {
            Reading::PeriodFrom => cells::plan_span(cell, self.order).map(|(from, _)| from),
            Reading::PeriodTo => cells::plan_span(cell, self.order).map(|(_, to)| to),
            Reading::NthDay => nth_day(cell, self.layout),
            _ => cells::moment(cell, self.order).map(|found| match found {
                Moment::Local(time) | Moment::Instant(time) => time.date(),
            }),
        };
        let day: NaiveDate = day.ok_or(Wrong::Unread)?;
        if day > context.latest.day && self.ahead != Ahead::Plan {
            let midnight = day.and_time(NaiveTime::MIN).and_utc();
            return Err(Wrong::Ahead(midnight.timestamp_millis()));
        }
        Ok(cells::day_number(day))
    }
}

/// Whether a column names a record, a line or an advertising system.
pub(super) fn is_name(column: &str) -> bool {
    column.ends_with("_id") || matches!(column, "line" | "engine")
}

/// An identifier as a key. Digits alone are by far the usual case; they may only have been rounded.
fn id_key(cell: &[u8], marks: &mut Marks<'_>) -> Result<u64, Wrong> {
    match cells::unsigned(cell) {
        Some(id) => {
            if let Some(is_rounded) = cells::is_rounded(id) {
                marks.tally.add_long_id(is_rounded);
            }
        }
        None => {
            // Of several ids the first is the row's own; the others are further keys.
            let first = cells::ids(cell).next();
            if let Some(first) = first.filter(|first| first.len() < cell.len()) {
                return id_key(first, marks);
            }
            refuse_damage(cell)?;
        }
    }
    Ok(cells::key(&cells::as_written(cell)))
}

/// What a spreadsheet has damaged is nobody's identifier.
pub(super) fn refuse_damage(cell: &[u8]) -> Result<(), Wrong> {
    match cells::damage(cell) {
        Some(damage) => Err(Wrong::Damaged(damage)),
        None => Ok(()),
    }
}

/// Adds a value that could be read.
fn add<T>(list: &mut Vec<T>, value: Option<T>) -> Result<(), Wrong> {
    list.push(value.ok_or(Wrong::Unread)?);
    Ok(())
}

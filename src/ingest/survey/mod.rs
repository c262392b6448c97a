//! What a whole file tells of its own writing, before its rows are read: the mark before the fraction of its amounts, and
//! the order of day and month. A file in which both are possible, or both occur, is an error: its numbers would be wrong
//! without a word. Files whose format leaves nothing open are not surveyed.

mod amounts;
mod dates;
mod months;
mod pointed;
mod stated;
mod units;
mod years;
mod zone;

use anyhow::Result;
use chrono::NaiveDate;

use self::amounts::Amounts;
use self::dates::Dates;
use self::months::Months;
use self::stated::Stated;
use super::ExportRules;
use super::cells::{DateOrder, TYPED, trim};
use super::detect::{self, Headers, Layout};
use super::format::{ColumnRule, Format, Reading};
use super::latest::Latest;
use super::parse::rule_cells;
use super::records::{Chunk, Splitter};
use super::source::{self, Head, Source};
use crate::model::table::Ahead;
use crate::model::tables::Replace;

/// A cell that shows something, to be quoted.
#[derive(Debug, Clone)]
struct Seen {
    line: u32,
    text: String,
}

impl Seen {
    fn new(line: u32, cell: &[u8]) -> Self {
        Self {
            line,
            text: super::reject::shown(cell, false),
        }
    }
}

/// A column of which something is not known before the whole file was looked at.
struct OpenColumn {
    /// Position of its rule.
    rule: usize,
    /// What the file calls it.
    name: String,
    asked: Asked,
}

/// What is asked of a column.
enum Asked {
    Amounts(Amounts),
    Dates(Dates),
    Months(Months),
}

/// The layout of a file, completed by what the whole of it tells.
///
/// # Errors
/// When no format fits, the one that does refuses its files, the file cannot be read, a column is written in two ways, or it cannot be told in which one.
pub(super) fn layout(
    source: &Source,
    head: &Head,
    formats: &[Format],
    rules: &ExportRules<'_>,
    met: &mut Headers,
) -> Result<Layout> {
    let mut layout = detect::detect(source, head, formats, rules.format, met)?;
    formats[layout.format].refuse_known(&source.label)?;
    layout.notes.extend(source.hidden_told());
    let stated = Stated::read(rules.options)?;
    stated.apply(&mut layout);
    let format = &formats[layout.format];
    units::check(format, &layout, head, &source.label)?;
    zone::settle(&mut layout, rules, &source.label)?;
    let mut columns = open_columns(format, &layout, &stated, rules);
    if columns.is_empty() {
        return Ok(layout);
    }
    let feeds: Vec<Vec<usize>> = columns
        .iter()
        .map(|column| layout.feeds[column.rule].clone())
        .collect();
    let (wanted, slots) = rule_cells(&feeds);
    each_chunk(source, head, &layout, &wanted, |chunk| {
        for (column, slots) in columns.iter_mut().zip(&slots) {
            column.look(chunk, slots);
        }
    })?;
    let shown = order_shown(&columns);
    for column in &columns {
        column.decide(&mut layout, &source.label, shown)?;
    }
    Ok(layout)
}

/// The order that some column of dates shows, when no other one shows the other: a system writes all its dates in one.
fn order_shown(columns: &[OpenColumn]) -> Option<DateOrder> {
    let shown = columns.iter().filter_map(|column| match &column.asked {
        Asked::Dates(dates) => dates.shown(),
        Asked::Amounts(_) | Asked::Months(_) => None,
    });
    let mut shown = shown.peekable();
    let first = *shown.peek()?;
    shown.all(|order| order == first).then_some(first)
}

/// The columns of which something is open.
fn open_columns(
    format: &Format,
    layout: &Layout,
    stated: &Stated,
    rules: &ExportRules<'_>,
) -> Vec<OpenColumn> {
    let latest = Latest::at(rules.now, rules.business_zone);
    let mut open = Vec::new();
    for (at, rule) in format.columns.iter().enumerate() {
        let Some(first_cell) = layout.feeds[at].first() else {
            continue;
        };
        if is_day_alone(format, layout, at) {
            open.push(OpenColumn {
                rule: at,
                name: layout.header[*first_cell].clone(),
                asked: Asked::Months(Months::new(layout.orders[at])),
            });
        }
        let has_no_mark = layout.decimals[at].is_none();
        let order = layout.orders[at];
        let has_two_orders = matches!(order, DateOrder::Dmy | DateOrder::Mdy);
        let asked = match rule.read {
            Reading::Money | Reading::MoneyMicros | Reading::Number | Reading::Fine
                if has_no_mark =>
            {
                Asked::Amounts(Amounts::default())
            }
            Reading::Time | Reading::Day if has_two_orders && stated.order.is_none() => {
                let dates = Dates::new(order, last_day(format, rule, &latest));
                Asked::Dates(if rule.order == DateOrder::Ymd {
                    dates.of_a_spreadsheet()
                } else {
                    dates
                })
            }
            _ => continue,
        };
        open.push(OpenColumn {
            rule: at,
            name: layout.header[*first_cell].clone(),
            asked,
        });
    }
    open
}

/// Whether a rule reads the day of rows that are added up, and each is of that one day.
fn is_day_alone(format: &Format, layout: &Layout, rule: usize) -> bool {
    let table = format.table();
    let is_day = format.columns[rule].to == table.day && format.columns[rule].read == Reading::Day;
    let mut rules = format.columns.iter().zip(&layout.feeds);
    let first = rules.find(|(other, _)| other.to == "from_day");
    let is_alone = first.is_none_or(|(_, cells)| *cells == layout.feeds[rule]);
    table.replace == Replace::Group && is_day && is_alone
}

/// The last day that a column may hold: plans may lie ahead.
fn last_day(format: &Format, rule: &ColumnRule, latest: &Latest) -> NaiveDate {
    match format.ahead(&rule.to) {
        Ahead::Plan => NaiveDate::MAX,
        Ahead::Mistake | Ahead::Nothing => latest.day,
    }
}

/// Takes the data of a file apart, chunk by chunk.
fn each_chunk(
    source: &Source,
    head: &Head,
    layout: &Layout,
    wanted: &[usize],
    mut look: impl FnMut(&Chunk),
) -> Result<()> {
    let cells = layout.header.len();
    let mut splitter = Splitter::new(layout.dialect.clone(), cells, wanted, layout.first_line);
    if head.whole {
        let chunk = splitter.push(head.bytes[layout.data_at..].to_vec(), true);
        look(&chunk);
        return Ok(chunk.refuse_hollow(&source.label)?);
    }
    // Preamble and header, which may end behind the first block.
    let mut to_skip = layout.data_at;
    let unused = source::Fingerprint::default();
    let mut blocks = source::blocks(source, head.encoding, &unused).peekable();
    while let Some(block) = blocks.next() {
        let mut block = block?;
        let skipped = to_skip.min(block.len());
        block.drain(..skipped);
        to_skip -= skipped;
        let is_last = blocks.peek().is_none();
        let chunk = splitter.push(block, is_last);
        chunk.refuse_hollow(&source.label)?;
        look(&chunk);
    }
    Ok(())
}

impl OpenColumn {
    /// Looks at the cells of a chunk that feed the column.
    fn look(&mut self, chunk: &Chunk, slots: &[usize]) {
        for row in 0..chunk.rows.len() {
            for slot in slots {
                let written = chunk.cell(row, *slot);
                let cell = trim(written);
                let line = chunk.rows[row].line;
                match &mut self.asked {
                    Asked::Amounts(amounts) if written.ends_with(TYPED.as_bytes()) => {
                        amounts.look_at_number(line, cell);
                    }
                    Asked::Amounts(amounts) => amounts.look(line, cell),
                    Asked::Dates(dates) => dates.look(line, cell),
                    Asked::Months(months) => months.look(line, cell),
                }
            }
        }
    }

    /// Writes down what the column has shown.
    fn decide(&self, layout: &mut Layout, file: &str, shown: Option<DateOrder>) -> Result<()> {
        match &self.asked {
            Asked::Amounts(amounts) => {
                layout.decimals[self.rule] = amounts.decide(file, &self.name)?;
            }
            Asked::Dates(dates) => {
                let told = dates.decide(file, &self.name, shown)?;
                layout.orders[self.rule] = told.order;
                // The first and the last day of a row may be one cell.
                let is_new = |note: &String| !layout.notes.contains(note);
                let note = told.note.filter(is_new);
                layout.notes.extend(note);
            }
            Asked::Months(months) => {
                months.decide(file, &self.name)?;
                layout.notes.extend(months.note(&self.name));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

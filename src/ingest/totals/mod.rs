//! Rows that are sums of others, in reports that are added up: told by the sums, or marked so.
//!
//! A file is held until it is read: the sum may stand above its rows, below them or among them. Then, in this order,
//! rows that name what they are the sum of are held against it («Директ итого»), levels are told apart (a campaign beside its
//! ads), marked rows are held against the rows that they are of («Итого»,
//! «Все каналы»), rows without a name against those of their days, and names that come to all others day after day are
//! found. What is left must not come to more than the file's own total.

mod levels;
mod marked;
mod named;
mod own_total;
mod repeated;
mod undated;
mod view;

use std::collections::BTreeMap;

use self::view::View;
use super::detect::Layout;
use super::format::Format;
use super::parse::total_words::{Said, is_subtotal, may_hold_total};
use super::parse::{Labels, Parsed};
use super::reject::Reject;
use crate::model::columns::{Columns, Dictionary, Values};
use crate::model::fault::Fault;
use crate::model::tables::{ColumnKind, Replace, TableSchema};

/// Rows that are looked through at once: 30 MB. A judgement; longer files are looked through piece by piece.
const MOST_ROWS: usize = 1 << 18;

/// Dimensions that name a whole system or channel: no such has the name of a total.
const SYSTEMS: &[&str] = &["engine", "group", "traffic_type", "placement"];

/// Takes the sums out of a file's rows.
pub struct Totals {
    shape: Shape,
    held: Held,
    /// Rows that are rejected for want of a day, and the rejects.
    undated: Columns,
    undated_rejects: Vec<Reject>,
    sifted: Sifted,
    /// Whether rows were handed on before the file was read.
    is_piece: bool,
    label: String,
}

/// What became of the rows.
pub struct Sifted {
    /// Rows of data.
    pub columns: Columns,
    /// Rows that were totals.
    pub totals: u64,
    /// Rejects of rows that were none.
    pub rejects: Vec<Reject>,
    /// What had to be concluded without the file's own word, for people.
    pub doubts: Vec<String>,
    /// What the file says of itself and does not hold, for people and for the report.
    pub remarks: Vec<String>,
}

/// Which columns of a file say what its rows are of, and what they count.
struct Shape {
    dimensions: Vec<Dimension>,
    measures: Vec<Measure>,
    /// Positions of the first and the last day.
    span: [usize; 2],
}

/// A column that tells rows apart.
struct Dimension {
    /// Position in the table.
    at: usize,
    /// What the file calls it.
    name: String,
    /// What its values are put down as.
    map: BTreeMap<String, String>,
    /// Whether it names a whole system or channel.
    is_system: bool,
}

/// A column that is added up.
struct Measure {
    at: usize,
    is_money: bool,
}

/// Rows that wait.
struct Held {
    columns: Columns,
    lines: Vec<u32>,
    /// Codes, label by label.
    labels: Vec<Vec<u32>>,
    /// Rows that the file marks as totals of its only period.
    marked: Vec<usize>,
}

/// What was found of the rows.
#[derive(Default)]
struct Found {
    /// Rows that are sums of others.
    totals: Vec<usize>,
    /// Rows that are neither data nor sums, with why.
    rejects: Vec<(usize, String)>,
    /// What is said.
    notes: Vec<String>,
    /// What is said in the report, too: rows that the file lacks by its own word.
    remarks: Vec<String>,
}

impl Shape {
    fn of(format: &Format, layout: &Layout, table: &'static TableSchema) -> Option<Self> {
        let cell_of = |name: &str| {
            let mut rules = format.columns.iter().zip(&layout.feeds);
            let (_, cells) = rules.find(|(rule, cells)| rule.to == name && !cells.is_empty())?;
            layout.header.get(*cells.first()?)
        };
        let fields = || table.fields.iter().enumerate();
        let dimensions = fields()
            .filter(|(_, field)| field.kind == ColumnKind::Text && field.name != "currency")
            .filter_map(|(at, field)| {
                let rule = format.columns.iter().find(|rule| rule.to == field.name);
                Some(Dimension {
                    at,
                    name: cell_of(field.name)?.clone(),
                    map: rule.map(|rule| rule.map.clone()).unwrap_or_default(),
                    is_system: SYSTEMS.contains(&field.name),
                })
            });
        // One person may stand in several rows: users do not add up to those of the total.
        let measures = fields().filter(|(_, field)| {
            let is_added = matches!(field.kind, ColumnKind::Count | ColumnKind::Money);
            is_added && field.name != "users" && cell_of(field.name).is_some()
        });
        let measures = measures.map(|(at, field)| Measure {
            at,
            is_money: field.kind == ColumnKind::Money,
        });
        Some(Self {
            dimensions: dimensions.collect(),
            measures: measures.collect(),
            span: [table.position("from_day")?, table.position(table.day)?],
        })
        .filter(|shape| !shape.measures.is_empty())
    }

    /// The measure that counts most, which is the last: costs, else visits.
    fn main(&self) -> usize {
        self.measures.len() - 1
    }

    /// By how much a sum of so many rows may be off for rounding alone, in a measure.
    fn rounding(&self, measure: usize, rows: u64) -> i64 {
        if self.measures[measure].is_money {
            (rows / 2 + 1).cast_signed()
        } else {
            0
        }
    }

    /// The measure that counts most, as it is told: amounts in major units.
    fn shown(&self, main: i64) -> String {
        if !self.measures[self.main()].is_money {
            return main.to_string();
        }
        let sign = if main < 0 { "-" } else { "" };
        let main = main.unsigned_abs();
        format!("{sign}{}.{:02}", main / 100, main % 100)
    }

    /// What a word means in the dimension of a bit.
    fn weighed(&self, said: Said, bit: usize) -> Said {
        match said {
            Said::MaybeTotal if self.dimensions[bit].is_system => Said::Total,
            said => said,
        }
    }
}

impl Totals {
    /// For a file of a table that is added up; in others a row is a record.
    pub fn of(
        format: &Format,
        layout: &Layout,
        table: &'static TableSchema,
        label: &str,
    ) -> Option<Self> {
        if table.replace != Replace::Group {
            return None;
        }
        Some(Self {
            shape: Shape::of(format, layout, table)?,
            held: Held::empty(table),
            undated: Columns::empty(table),
            undated_rejects: Vec::new(),
            sifted: Sifted {
                columns: Columns::empty(table),
                totals: 0,
                rejects: Vec::new(),
                doubts: Vec::new(),
                remarks: Vec::new(),
            },
            is_piece: false,
            label: label.to_owned(),
        })
    }

    /// Takes the rows of a chunk; what is known to be data stays in it.
    ///
    /// # Errors
    /// When rows look like sums of others, and are not quite.
    pub fn sift(
        &mut self,
        parsed: &mut Parsed,
        texts: &[Dictionary],
        labels: &Labels,
    ) -> Result<(), Fault> {
        self.take_undated(parsed, texts);
        let keep = self.no_subtotals(parsed, texts);
        self.held.take(parsed, &keep);
        if self.held.lines.len() >= MOST_ROWS {
            self.is_piece = true;
            self.judge(texts, labels)?;
            let none = Columns::empty(parsed.columns.table);
            parsed.columns = std::mem::replace(&mut self.sifted.columns, none);
        }
        Ok(())
    }

    /// Rows that are the sum of a day or a group in so many words are no data: such sums stand among the rows that they
    /// are of, and no other row has to prove them.
    fn no_subtotals(&mut self, parsed: &Parsed, texts: &[Dictionary]) -> Vec<bool> {
        let keep: Vec<bool> = (0..parsed.columns.rows())
            .map(|row| {
                let mut dimensions = self.shape.dimensions.iter().map(|dimension| dimension.at);
                !dimensions.any(|at| says_subtotal(&parsed.columns.values[at], row, &texts[at]))
            })
            .collect();
        self.sifted.totals += keep.iter().filter(|kept| !**kept).count() as u64;
        keep
    }

    /// Takes the rejects of rows without a day that may be totals of what stands above them.
    fn take_undated(&mut self, parsed: &mut Parsed, texts: &[Dictionary]) {
        let undated = &parsed.undated;
        let is_total =
            |row: &u32| undated::may_be_total(&self.shape, undated, *row as usize, texts);
        let bare: Vec<u32> = (0..undated.rows() as u32).filter(is_total).collect();
        self.undated.append(&undated.gather(&bare));
        // From the last on, so that the positions of those before stay.
        let mut taken = Vec::new();
        for row in bare.iter().rev() {
            let reject = parsed.undated_rejects[*row as usize];
            taken.push(parsed.rejects.remove(reject));
        }
        self.undated_rejects.extend(taken.into_iter().rev());
    }

    /// Tells the rows apart, when all others are known.
    ///
    /// # Errors
    /// When rows look like sums of others, and are not quite; when the file's own total is less than its rows come to.
    pub fn finish(mut self, texts: &[Dictionary], labels: &Labels) -> Result<Sifted, Fault> {
        self.judge(texts, labels)?;
        Ok(self.sifted)
    }

    fn judge(&mut self, texts: &[Dictionary], labels: &Labels) -> Result<(), Fault> {
        let none = Held::empty(self.held.columns.table);
        let held = std::mem::replace(&mut self.held, none);
        let mut view = View::new(&self.shape, &held, texts, labels);
        let mut found = Found::default();
        let all = (texts, &held);
        named::find(&mut view, &mut found, all, &self.label, self.is_piece)?;
        levels::find(&mut view, &mut found, &self.label, self.is_piece)?;
        marked::find(&mut view, &mut found, texts, &held);
        marked::find_bare(&mut view, &mut found, &held);
        repeated::find(&mut view, &mut found, texts, &held);
        let mut undated = vec![false; self.undated.rows()];
        if !self.is_piece {
            own_total::check(&view, &held.marked, &mut found, &self.label)?;
            let lines: Vec<u32> = self.undated_rejects.iter().map(|row| row.line).collect();
            undated = undated::totals(&view, (&self.undated, &lines), &held, texts);
        }
        drop(view);
        self.sort_undated(&undated);
        self.sort(held, found);
        Ok(())
    }

    /// Puts the rows where they belong.
    fn sort(&mut self, mut held: Held, found: Found) {
        let mut keep = vec![true; held.lines.len()];
        for row in found.totals.iter().chain(&held.marked) {
            keep[*row] = false;
        }
        self.sifted.totals += keep.iter().filter(|kept| !**kept).count() as u64;
        for (row, reason) in found.rejects {
            keep[row] = false;
            self.sifted.rejects.push(Reject {
                file: self.label.clone(),
                line: held.lines[row],
                column: "row".to_owned(),
                value: String::new(),
                reason,
            });
        }
        held.columns.retain(&keep);
        self.sifted.columns.append(&held.columns);
        self.sifted.doubts.extend(found.notes);
        self.sifted.remarks.extend(found.remarks);
    }

    /// Of the rows without a day those that are totals are none of data; the others stay rejected.
    fn sort_undated(&mut self, totals: &[bool]) {
        let undated = std::mem::take(&mut self.undated_rejects);
        self.undated = Columns::empty(self.undated.table);
        for (reject, is_total) in undated.into_iter().zip(totals) {
            if *is_total {
                self.sifted.totals += 1;
            } else {
                self.sifted.rejects.push(reject);
            }
        }
    }
}

impl Held {
    fn empty(table: &'static TableSchema) -> Self {
        Self {
            columns: Columns::empty(table),
            lines: Vec::new(),
            labels: Vec::new(),
            marked: Vec::new(),
        }
    }

    /// Takes the rows of a chunk that are marked to be kept, and leaves it empty.
    fn take(&mut self, parsed: &mut Parsed, keep: &[bool]) {
        let begin = self.lines.len();
        let none = Columns::empty(self.columns.table);
        let mut columns = std::mem::replace(&mut parsed.columns, none);
        columns.retain(keep);
        self.columns.append(&columns);
        let kept = |row: &usize| keep[*row];
        let rows: Vec<usize> = (0..keep.len()).filter(kept).collect();
        self.lines.extend(rows.iter().map(|row| parsed.lines[*row]));
        self.labels.resize_with(parsed.labels.len(), Vec::new);
        for (to, from) in self.labels.iter_mut().zip(&parsed.labels) {
            to.extend(rows.iter().map(|row| from[*row]));
        }
        let marked = parsed
            .totals
            .iter()
            .filter_map(|row| rows.binary_search(row).ok());
        self.marked.extend(marked.map(|row| begin + row));
        parsed.lines.clear();
    }
}

fn says_subtotal(values: &Values, row: usize, texts: &Dictionary) -> bool {
    let Values::Text(codes) = values else {
        return false;
    };
    let text = texts.text(codes[row]);
    may_hold_total(text.as_bytes()) && is_subtotal(&text.to_lowercase())
}

/// What a row holds in its first dimension of some bits, to be quoted.
fn quoted(shape: &Shape, held: &Held, texts: &[Dictionary], row: usize, bit: usize) -> String {
    let at = shape.dimensions[bit].at;
    match &held.columns.values[at] {
        Values::Text(codes) => texts[at].text(codes[row]).to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod named_tests;
#[cfg(test)]
mod tests;

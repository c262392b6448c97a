//! How complete each export is for the reported period.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::*;

use super::gaps::Awaited;
use super::reaching::is_of_contacts;
use super::rows::all_days;
use super::spans::Spans;
use super::usual_days::DayRows;
use crate::config::{ExportPlan, Plan};
use crate::lake::Lake;
use crate::lake::catalog::FileAccount;
use crate::lake::scan::day_from_number;
use crate::model::calendar::Calendar;
use crate::model::doubt::SalesDoubt;
use crate::model::facts::{SourceHealth, SourceState};
use crate::model::period::Period;
use crate::model::table::Table;
use crate::model::tables::TableSchema;

/// The table that each format feeds, by the format's name.
pub type FormatTables = HashMap<String, Table>;

/// What has arrived of one export of the pipeline.
pub(super) struct ExportRows {
    /// Its name.
    pub name: String,
    /// Its table, when anything has arrived or the pipeline names its format.
    pub table: Option<Table>,
    /// Rows by day.
    pub days: DayRows,
    /// What happened by day, where rows are totals: sessions, or clicks.
    pub(super) weights: DayRows,
    /// The spans of its rows, where rows are totals.
    pub(super) spans: Spans,
    /// Whether its deals are contacts by themselves.
    pub(super) is_contact: bool,
    has_arrived: bool,
    read: u64,
    rejected: u64,
}

/// Reads how many rows of every export there are on every day.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn rows_of_exports(
    lake: &Lake,
    plan: &Plan,
    format_tables: &FormatTables,
    as_of: DateTime<Utc>,
) -> Result<Vec<ExportRows>> {
    let accounts = lake.catalog.accounts(as_of)?;
    let mut exports = Vec::with_capacity(plan.exports.len());
    for export in &plan.exports {
        let mut rows = ExportRows::expected(export, format_tables);
        for (_, table_name, file) in accounts.iter().filter(|(name, ..)| *name == export.name) {
            rows.add_file(table_name, file);
        }
        if let Some(table) = rows.table
            && rows.has_arrived
        {
            rows.read_days(lake, table, as_of)?;
        }
        exports.push(rows);
    }
    Ok(exports)
}

impl ExportRows {
    /// An export of which nothing has arrived: its table follows from the format that the pipeline names.
    fn expected(export: &ExportPlan, format_tables: &FormatTables) -> Self {
        let format = export.format.as_ref();
        let table = format.and_then(|format| format_tables.get(format));
        Self {
            name: export.name.clone(),
            table: table.copied(),
            days: DayRows::new(),
            weights: DayRows::new(),
            spans: Spans::default(),
            is_contact: export.is_contact,
            has_arrived: false,
            read: 0,
            rejected: 0,
        }
    }

    /// Adds a file that has arrived. Files come in the order of their arrival: the last one says what the table is.
    fn add_file(&mut self, table_name: &str, file: &FileAccount) {
        self.table = Table::named(table_name);
        self.has_arrived = true;
        self.read += file.read;
        self.rejected += file.rejected;
    }
}

/// The state of every export of the pipeline that feeds a table of facts; as it was when days up to `last_known` were, where
/// that is given.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn states(
    lake: &Lake,
    exports: &[ExportRows],
    doubts: &BTreeMap<Arc<str>, SalesDoubt>,
    as_of: DateTime<Utc>,
    (period, calendar): (&Period, &Calendar),
    last_known: Option<NaiveDate>,
) -> Result<Vec<SourceState>> {
    let mut states = Vec::new();
    for export in exports {
        if !export.has_arrived {
            states.push(missing(export));
            continue;
        }
        let Some(table) = export.table else { continue };
        let last_day = match last_known {
            None => last_day(lake, table.schema(), &export.name, as_of)?,
            Some(known) => export.days.range(..=known).next_back().map(|(day, _)| *day),
        };
        let awaited = Awaited {
            period,
            table,
            calendar,
        };
        let missing_days = export.missing_days(&awaited, last_day);
        let is_empty = awaited.may_be_empty() || export.was_quiet(period);
        let covered = export.has_rows_of(period) || is_empty;
        states.push(SourceState {
            source: export.name.clone(),
            table: Some(table),
            state: health(covered, &missing_days, export.rejected),
            last_day,
            missing_days,
            rejected: export.rejected,
            read: export.read,
            sales_doubt: doubts.get(export.name.as_str()).cloned(),
            other_currencies: Vec::new(),
            data_faults: Vec::new(),
        });
    }
    Ok(states)
}

/// Whether any export of deals has arrived for the period: one that was taken on its first morning has not.
pub(super) fn have_deals(sources: &[SourceState]) -> bool {
    let of_deals = |source: &&SourceState| source.table == Some(Table::Deals);
    let mut of_deals = sources.iter().filter(of_deals);
    of_deals.any(|source| source.state != SourceHealth::Missing)
}

/// Whether any of the exports whose rows are contacts has rows in the period.
pub(super) fn have_contacts(states: &[SourceState], plan: &Plan) -> bool {
    let is_contact = |state: &SourceState| {
        let table = state.table;
        table.is_some_and(|table| is_of_contacts(table, &state.source, plan))
    };
    let mut with_rows = states
        .iter()
        .filter(|state| state.state != SourceHealth::Missing);
    with_rows.any(is_contact)
}

/// The worst that can be said of an export.
fn health(covered: bool, missing_days: &[NaiveDate], rejected: u64) -> SourceHealth {
    if !covered {
        SourceHealth::Missing
    } else if !missing_days.is_empty() {
        SourceHealth::Partial
    } else if rejected > 0 {
        SourceHealth::Rejects
    } else {
        SourceHealth::Complete
    }
}

/// An export of which nothing has ever arrived; its table is known when the pipeline names its format.
fn missing(export: &ExportRows) -> SourceState {
    SourceState {
        source: export.name.clone(),
        table: export.table,
        state: SourceHealth::Missing,
        last_day: None,
        missing_days: Vec::new(),
        rejected: 0,
        read: 0,
        sales_doubt: None,
        other_currencies: Vec::new(),
        data_faults: Vec::new(),
    }
}

fn last_day(
    lake: &Lake,
    table: &TableSchema,
    export: &str,
    as_of: DateTime<Utc>,
) -> Result<Option<NaiveDate>> {
    let parts = lake.catalog.parts(table.name, as_of)?;
    let last = parts
        .iter()
        .filter(|part| part.export == export)
        .map(|part| part.max_day)
        .max();
    Ok(last.map(day_from_number))
}

impl ExportRows {
    /// Reads how many rows there are on each day; a row of several days counts on each of them.
    fn read_days(&mut self, lake: &Lake, table: Table, as_of: DateTime<Utc>) -> Result<()> {
        if table == Table::Sessions {
            for (day, rows) in lake.sessions_by_day(&self.name, as_of)? {
                self.add_rows((day, day), rows, rows);
            }
            return Ok(());
        }
        // What was counted over days that lie across the ends of a period belongs to no period; a plan for the month and a
        // note on some days are for every week of them.
        let is_counted = matches!(table, Table::TrafficDaily | Table::Costs);
        let table = table.schema();
        let (from, to) = all_days();
        let Some(scan) = lake.scan_export((table, &self.name), as_of, from, to)? else {
            return Ok(());
        };
        // Rows of exports with totals only are dated by their last day and may begin long before it.
        let has_spans = table.position("from_day").is_some();
        let first_day = if has_spans { "from_day" } else { table.day };
        let mut totals = ["sessions", "clicks"].into_iter();
        let total = totals.find(|name| has_spans && table.position(name).is_some());
        let weight = total.map_or(len(), |name| col(name).sum());
        let frame = scan
            .group_by([
                col(first_day).to_physical().alias("first"),
                col(table.day).to_physical().alias("last"),
            ])
            .agg([
                len().alias("rows"),
                weight.cast(DataType::UInt32).alias("weight"),
            ])
            .collect()?;
        let (firsts, lasts) = (frame.column("first")?.i32()?, frame.column("last")?.i32()?);
        let (rows, weights) = (frame.column("rows")?.u32()?, frame.column("weight")?.u32()?);
        let counts = rows.iter().zip(weights.iter());
        for ((first, last), (rows, weight)) in firsts.iter().zip(lasts.iter()).zip(counts) {
            let (Some(first), Some(last), Some(rows)) = (first, last, rows) else {
                continue;
            };
            self.add_rows((first, last), rows, weight.unwrap_or(0));
            if is_counted {
                self.spans
                    .add((day_from_number(first), day_from_number(last)));
            }
        }
        Ok(())
    }

    fn add_rows(&mut self, (first, last): (i32, i32), rows: u32, weight: u32) {
        let days = (last - first).unsigned_abs() + 1;
        for day in first..=last {
            let day = day_from_number(day);
            *self.days.entry(day).or_insert(0) += rows;
            *self.weights.entry(day).or_insert(0) += weight / days;
        }
    }

    /// Whether anything has arrived of a period, or is known not to have happened in it.
    pub(super) fn reaches(&self, period: &Period) -> bool {
        self.has_arrived && (self.has_rows_of(period) || self.was_quiet(period))
    }

    /// Whether any row counts for a period: of totals those that lie inside it.
    fn has_rows_of(&self, period: &Period) -> bool {
        let days = period.from.iter_days().take_while(|day| *day <= period.to);
        let mut told = days.filter(|day| self.days.contains_key(day));
        told.any(|day| !self.spans.is_told_only_across(day, period.from, period.to))
    }
}

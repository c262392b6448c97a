//! How complete each export is for the reported period.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use chrono::{DateTime, Days, NaiveDate, Utc};
use polars::prelude::*;

use super::rows::all_days;
use super::stored::Stored;
use crate::config::{ExportPlan, Plan};
use crate::lake::Lake;
use crate::lake::scan::day_from_number;
use crate::model::facts::{SourceHealth, SourceState};
use crate::model::period::Period;
use crate::model::tables::Table;

/// Weeks before the period that tell on which weekdays a source usually has rows.
const LOOK_BACK_WEEKS: u64 = 4;

/// Rows a day from which a day without any is a gap and not a quiet day, for calls and forms.
const BUSY_DAY: u32 = 10;

/// Usual days without a new deal at the end of a CRM export from which it is taken for cut off.
const CRM_SILENCE: usize = 3;

/// The table that each format feeds, by the format's name.
pub type FormatTables = HashMap<String, String>;

/// Rows of one export by day.
type DayRows = BTreeMap<NaiveDate, u32>;

/// What has arrived of one export of the pipeline.
pub(super) struct ExportRows {
    /// Its name.
    pub name: String,
    /// Its table, when anything has arrived or the pipeline names its format.
    pub table: Option<&'static Table>,
    /// Name of that table, also of one that is none of facts.
    table_name: String,
    /// Rows by day.
    pub days: DayRows,
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
    let rows_of = |export: &ExportPlan| {
        let own: Vec<_> = accounts
            .iter()
            .filter(|(name, ..)| *name == export.name)
            .collect();
        let arrived = own.last().map(|(_, table, _)| table.clone());
        let has_arrived = arrived.is_some();
        let by_format = || {
            export
                .format
                .as_ref()
                .and_then(|format| format_tables.get(format))
                .cloned()
        };
        let table_name = arrived.or_else(by_format).unwrap_or_default();
        let table = Table::named(&table_name);
        let (read, rejected) = own.iter().fold((0, 0), |sum, (.., file)| {
            (sum.0 + file.read, sum.1 + file.rejected)
        });
        let days = match table.filter(|_| has_arrived) {
            Some(table) => rows_by_day(lake, table, &export.name, as_of)?,
            None => DayRows::new(),
        };
        Ok(ExportRows {
            name: export.name.clone(),
            table,
            table_name,
            days,
            has_arrived,
            read,
            rejected,
        })
    };
    plan.exports.iter().map(rows_of).collect()
}

/// The state of every export of the pipeline that feeds a table of facts.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn states(stored: &Stored<'_>, period: &Period) -> Result<Vec<SourceState>> {
    let mut states = Vec::new();
    for export in &stored.exports {
        if !export.has_arrived {
            states.push(missing(export));
            continue;
        }
        let Some(table) = export.table else { continue };
        let last_day = last_day(stored.lake, table, &export.name, stored.as_of)?;
        let missing_days = missing_days(&export.days, period, last_day, table.name);
        let covered = export.days.range(period.from..=period.to).next().is_some();
        let state = match () {
            () if !covered => SourceHealth::Missing,
            () if !missing_days.is_empty() => SourceHealth::Partial,
            () if export.rejected > 0 => SourceHealth::Rejects,
            () => SourceHealth::Complete,
        };
        let (source, table) = (export.name.clone(), table.name.to_owned());
        let (read, rejected) = (export.read, export.rejected);
        states.push(SourceState {
            source,
            table,
            state,
            last_day,
            missing_days,
            rejected,
            read,
        });
    }
    Ok(states)
}

/// An export of which nothing has ever arrived; its table is known when the pipeline names its format.
fn missing(export: &ExportRows) -> SourceState {
    SourceState {
        source: export.name.clone(),
        table: export.table_name.clone(),
        state: SourceHealth::Missing,
        last_day: None,
        missing_days: Vec::new(),
        rejected: 0,
        read: 0,
    }
}

fn last_day(
    lake: &Lake,
    table: &Table,
    export: &str,
    as_of: DateTime<Utc>,
) -> Result<Option<NaiveDate>> {
    let parts = lake.catalog.parts(table.name, as_of)?;
    Ok(parts
        .iter()
        .filter(|part| part.export == export)
        .map(|part| part.max_day)
        .max()
        .map(day_from_number))
}

/// Rows of an export on each day.
fn rows_by_day(lake: &Lake, table: &Table, export: &str, as_of: DateTime<Utc>) -> Result<DayRows> {
    let (from, to) = all_days();
    let Some(scan) = lake.scan(table, as_of, from, to)? else {
        return Ok(DayRows::new());
    };
    // Rows of exports with totals only are dated by their last day and may begin long before it.
    let spans = table.position("from_day").is_some();
    let first = if spans {
        col("from_day")
    } else {
        col(table.day)
    };
    let frame = scan
        .filter(col("export").cast(DataType::String).eq(lit(export)))
        .group_by([
            first.to_physical().alias("first"),
            col(table.day).to_physical().alias("last"),
        ])
        .agg([len().alias("rows")])
        .collect()?;
    let (firsts, lasts) = (frame.column("first")?.i32()?, frame.column("last")?.i32()?);
    let counts = frame.column("rows")?.u32()?;
    let mut days = DayRows::new();
    for ((first, last), rows) in firsts.iter().zip(lasts.iter()).zip(counts.iter()) {
        let (Some(first), Some(last), Some(rows)) = (first, last, rows) else {
            continue;
        };
        for day in first..=last {
            *days.entry(day_from_number(day)).or_insert(0) += rows;
        }
    }
    Ok(days)
}

/// Days of the period that lack rows which should be there, judged by the same weekday of the four weeks before.
///
/// After the export's last row any usual day is missing. Before it, a site always has sessions and running ads always
/// have costs; telephones and forms may be silent on a holiday, so only busy ones are judged; a CRM is not judged, and
/// a quiet weekend at its end is no gap either.
fn missing_days(
    days: &DayRows,
    period: &Period,
    last_day: Option<NaiveDate>,
    table: &str,
) -> Vec<NaiveDate> {
    let usual = |day: NaiveDate, rows: u32| {
        let whole = (day - period.from).num_days().unsigned_abs() / 7;
        let before = (1..=LOOK_BACK_WEEKS).map(|weeks| day - Days::new(7 * (weeks + whole)));
        before
            .filter(|before| days.get(before).is_some_and(|found| *found >= rows))
            .count()
            >= 3
    };
    let is_gap = |day: NaiveDate| {
        let ended = last_day.is_none_or(|last| day > last);
        match table {
            _ if ended => usual(day, 1),
            "sessions" | "traffic_daily" | "costs" => usual(day, 1),
            "calls" | "forms" => usual(day, BUSY_DAY),
            _ => false,
        }
    };
    let absent = period
        .from
        .iter_days()
        .take_while(|day| *day <= period.to)
        .filter(|day| !days.contains_key(day));
    let gaps: Vec<NaiveDate> = absent.filter(|day| is_gap(*day)).collect();
    if table == "deals" && gaps.len() < CRM_SILENCE {
        Vec::new()
    } else {
        gaps
    }
}

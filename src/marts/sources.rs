//! How complete each export is for the reported period.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use chrono::{DateTime, Days, NaiveDate, Utc};
use polars::prelude::*;

use crate::config::{ExportPlan, Plan};
use crate::lake::Lake;
use crate::lake::scan::{day_from_number, day_number};
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

/// The state of every export of the pipeline that feeds a table of facts.
///
/// # Errors
/// When the lake cannot be read.
pub fn states(
    lake: &Lake,
    plan: &Plan,
    format_tables: &FormatTables,
    as_of: DateTime<Utc>,
    period: &Period,
) -> Result<Vec<SourceState>> {
    let accounts = lake.catalog.accounts(as_of)?;
    let mut states = Vec::new();
    for export in &plan.exports {
        let own: Vec<_> = accounts.iter().filter(|(name, ..)| *name == export.name).collect();
        let Some((_, table, _)) = own.last() else {
            states.push(missing(export, format_tables));
            continue;
        };
        let Some(table) = Table::named(table) else { continue };
        let days = days_with_rows(lake, table, &export.name, as_of, period)?;
        let last_day = last_day(lake, table, &export.name, as_of)?;
        let (read, rejected) = own.iter().fold((0, 0), |sum, (.., file)| (sum.0 + file.read, sum.1 + file.rejected));
        let missing_days = missing_days(&days, period, last_day, table.name);
        let covered = days.keys().any(|day| period.contains(*day));
        let state = match () {
            () if !covered => SourceHealth::Missing,
            () if !missing_days.is_empty() => SourceHealth::Partial,
            () if rejected > 0 => SourceHealth::Rejects,
            () => SourceHealth::Complete,
        };
        let table = table.name.to_owned();
        states.push(SourceState { source: export.name.clone(), table, state, last_day, missing_days, rejected, read });
    }
    Ok(states)
}

/// An export of which nothing has ever arrived; its table is known when the pipeline names its format.
fn missing(export: &ExportPlan, format_tables: &FormatTables) -> SourceState {
    let table = export.format.as_ref().and_then(|format| format_tables.get(format));
    SourceState {
        source: export.name.clone(),
        table: table.cloned().unwrap_or_default(),
        state: SourceHealth::Missing,
        last_day: None,
        missing_days: Vec::new(),
        rejected: 0,
        read: 0,
    }
}

fn last_day(lake: &Lake, table: &Table, export: &str, as_of: DateTime<Utc>) -> Result<Option<NaiveDate>> {
    let parts = lake.catalog.parts(table.name, as_of)?;
    Ok(parts.iter().filter(|part| part.export == export).map(|part| part.max_day).max().map(day_from_number))
}

/// Rows of the export on each day of the period and of the weeks before it.
fn days_with_rows(lake: &Lake, table: &Table, export: &str, as_of: DateTime<Utc>, period: &Period) -> Result<DayRows> {
    let from = period.from - Days::new(LOOK_BACK_WEEKS * 7);
    // Rows of exports with totals only are dated by their last day and may begin long before it.
    let spans = table.position("from_day").is_some();
    let reach = if spans { period.to + Days::new(400) } else { period.to };
    let Some(scan) = lake.scan(table, as_of, from, reach)? else { return Ok(DayRows::new()) };
    let first = if spans { col("from_day") } else { col(table.day) };
    let frame = scan
        .filter(col("export").cast(DataType::String).eq(lit(export)))
        .group_by([first.to_physical().alias("first"), col(table.day).to_physical().alias("last")])
        .agg([len().alias("rows")])
        .collect()?;
    let (firsts, lasts) = (frame.column("first")?.i32()?, frame.column("last")?.i32()?);
    let counts = frame.column("rows")?.u32()?;
    let mut days = DayRows::new();
    for ((first, last), rows) in firsts.iter().zip(lasts.iter()).zip(counts.iter()) {
        let (Some(first), Some(last), Some(rows)) = (first, last, rows) else { continue };
        for day in first.max(day_number(from))..=last.min(day_number(period.to)) {
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
fn missing_days(days: &DayRows, period: &Period, last_day: Option<NaiveDate>, table: &str) -> Vec<NaiveDate> {
    let usual = |day: NaiveDate, rows: u32| {
        let whole = (day - period.from).num_days().unsigned_abs() / 7;
        let before = (1..=LOOK_BACK_WEEKS).map(|weeks| day - Days::new(7 * (weeks + whole)));
        before.filter(|before| days.get(before).is_some_and(|found| *found >= rows)).count() >= 3
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
    let absent = period.from.iter_days().take_while(|day| *day <= period.to).filter(|day| !days.contains_key(day));
    let gaps: Vec<NaiveDate> = absent.filter(|day| is_gap(*day)).collect();
    if table == "deals" && gaps.len() < CRM_SILENCE { Vec::new() } else { gaps }
}

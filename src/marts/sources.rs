//! How complete each export is for the reported period.

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::{DateTime, Days, NaiveDate, Utc};
use polars::prelude::*;

use crate::config::Plan;
use crate::lake::Lake;
use crate::lake::scan::{day_from_number, day_number};
use crate::model::facts::{SourceHealth, SourceState};
use crate::model::period::Period;
use crate::model::tables::Table;

/// Weeks before the period that tell on which weekdays a source usually has rows.
const LOOK_BACK_WEEKS: u64 = 4;

/// The state of every export of the pipeline that feeds a table of facts.
///
/// # Errors
/// When the lake cannot be read.
pub fn states(lake: &Lake, plan: &Plan, as_of: DateTime<Utc>, period: &Period) -> Result<Vec<SourceState>> {
    let accounts = lake.catalog.accounts(as_of)?;
    let mut states = Vec::new();
    for export in &plan.exports {
        let own: Vec<_> = accounts.iter().filter(|(name, ..)| *name == export.name).collect();
        let Some((_, table, _)) = own.last() else {
            states.push(missing(&export.name));
            continue;
        };
        let Some(table) = Table::named(table) else { continue };
        let days = days_with_rows(lake, table, &export.name, as_of, period)?;
        let last_day = last_day(lake, table, &export.name, as_of)?;
        let (read, rejected) = own.iter().fold((0, 0), |sum, (.., file)| (sum.0 + file.read, sum.1 + file.rejected));
        let missing_days = missing_days(&days, period);
        let covered = days.iter().any(|day| period.contains(*day));
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

fn missing(export: &str) -> SourceState {
    SourceState {
        source: export.to_owned(),
        table: String::new(),
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

/// Days of the period and of the weeks before it that hold at least one row of the export.
fn days_with_rows(
    lake: &Lake,
    table: &Table,
    export: &str,
    as_of: DateTime<Utc>,
    period: &Period,
) -> Result<BTreeSet<NaiveDate>> {
    let from = period.from - Days::new(LOOK_BACK_WEEKS * 7);
    // Rows of exports with totals only are dated by their last day and may begin long before it.
    let spans = table.position("from_day").is_some();
    let reach = if spans { period.to + Days::new(400) } else { period.to };
    let Some(scan) = lake.scan(table, as_of, from, reach)? else { return Ok(BTreeSet::new()) };
    let first = if spans { col("from_day") } else { col(table.day) };
    let frame = scan
        .filter(col("export").cast(DataType::String).eq(lit(export)))
        .select([first.to_physical().alias("first"), col(table.day).to_physical().alias("last")])
        .unique(None, UniqueKeepStrategy::Any)
        .collect()?;
    let (firsts, lasts) = (frame.column("first")?.i32()?, frame.column("last")?.i32()?);
    let mut days = BTreeSet::new();
    for (first, last) in firsts.iter().zip(lasts.iter()) {
        let (Some(first), Some(last)) = (first, last) else { continue };
        days.extend((first.max(day_number(from))..=last.min(day_number(period.to))).map(day_from_number));
    }
    Ok(days)
}

/// Days of the period without a row, on weekdays on which the source had rows in at least three of the four weeks
/// before. A source that began less than a week before is judged by the days inside the period alone.
fn missing_days(days: &BTreeSet<NaiveDate>, period: &Period) -> Vec<NaiveDate> {
    let usual = |day: NaiveDate| {
        let weeks_before = (1..=LOOK_BACK_WEEKS).map(|weeks| {
            let whole = (day - period.from).num_days().unsigned_abs() / 7;
            day - Days::new(7 * (weeks + whole))
        });
        weeks_before.filter(|before| days.contains(before)).count() >= 3
    };
    let absent = period.from.iter_days().take_while(|day| *day <= period.to).filter(|day| !days.contains(day));
    absent.filter(|day| usual(*day)).collect()
}

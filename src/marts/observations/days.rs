//! Advertising by day, rows of every export by day, and what people wrote down.

use anyhow::Result;
use chrono::{DateTime, Utc};
use polars::prelude::*;

use super::codes::Coder;
use super::{Span, Sums};
use crate::config::Plan;
use crate::lake::Lake;
use crate::lake::scan::day_from_number;
use crate::marts::costs::Costs;
use crate::marts::rows::Rows;
use crate::marts::sources::FormatTables;
use crate::model::observations::{AdDay, Annotation, Code, Dimension, ExportDays, Names};
use crate::model::tables::{ANNOTATIONS, Table};

/// Advertising by day and channel; a row of several days is spread evenly. `None` when no costs have arrived.
pub(super) fn ads(costs: &Costs, span: &Span, channels: &Coder) -> Option<Vec<AdDay>> {
    let mut sums: Sums<(u32, Code), AdDay> = Sums::new();
    let mut has_any = false;
    for (from, to, channel, spend) in costs.rows() {
        has_any = true;
        let days = (to - from).num_days().max(0) as u64 + 1;
        let share = |count: u64, place: u64| (count / days + u64::from(place < count % days)) as u32;
        for (place, date) in from.iter_days().take(days as usize).enumerate() {
            let Some(day) = span.day(date) else { continue };
            let code = channels.code(channel.as_str());
            let sum = sums.entry((day, code)).or_insert(AdDay { day, channel: code, ..AdDay::default() });
            sum.impressions = sum.impressions.saturating_add(share(spend.impressions, place as u64));
            sum.clicks = sum.clicks.saturating_add(share(spend.clicks, place as u64));
            sum.cost.0 += spend.cost.0 / days as i64;
        }
    }
    has_any.then(|| sums.into_values().collect())
}

/// Rows of every export by day of the history.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn exports(
    lake: &Lake,
    plan: &Plan,
    format_tables: &FormatTables,
    as_of: DateTime<Utc>,
    span: &Span,
    names: &mut Names,
) -> Result<Vec<ExportDays>> {
    let accounts = lake.catalog.accounts(as_of)?;
    let mut exports = Vec::new();
    for export in &plan.exports {
        let arrived = accounts.iter().rev().find(|(name, ..)| *name == export.name).map(|(_, table, _)| table.clone());
        let by_format = || export.format.as_ref().and_then(|format| format_tables.get(format)).cloned();
        let Some(table) = arrived.or_else(by_format) else { continue };
        let rows = match Table::named(&table) {
            Some(known) => rows_by_day(lake, known, &export.name, as_of, span)?,
            None => continue,
        };
        exports.push(ExportDays { export: names.code(Dimension::Export, &export.name), table, rows });
    }
    Ok(exports)
}

fn rows_by_day(lake: &Lake, table: &Table, export: &str, as_of: DateTime<Utc>, span: &Span) -> Result<Vec<u32>> {
    let mut rows = vec![0; span.len()];
    // Rows with totals are dated by their last day and may begin long before it.
    let spans = table.position("from_day").is_some();
    let reach = if spans { span.last + chrono::Days::new(400) } else { span.last };
    let Some(scan) = lake.scan(table, as_of, span.first, reach)? else { return Ok(rows) };
    let first = if spans { col("from_day") } else { col(table.day) };
    let frame = scan
        .filter(col("export").cast(DataType::String).eq(lit(export)))
        .group_by([first.to_physical().alias("first"), col(table.day).to_physical().alias("last")])
        .agg([len().alias("rows")])
        .collect()?;
    let (firsts, lasts) = (frame.column("first")?.i32()?, frame.column("last")?.i32()?);
    for ((first, last), count) in firsts.iter().zip(lasts.iter()).zip(frame.column("rows")?.u32()?.iter()) {
        let (Some(first), Some(last), Some(count)) = (first, last, count) else { continue };
        for day in (first..=last).filter_map(|day| span.day(day_from_number(day))) {
            rows[day as usize] += count;
        }
    }
    Ok(rows)
}

/// What people wrote down, oldest first.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn annotations(lake: &Lake, as_of: DateTime<Utc>, until: Option<DateTime<Utc>>) -> Result<Vec<Annotation>> {
    let Some(rows) = Rows::all(lake, &ANNOTATIONS, as_of)? else { return Ok(Vec::new()) };
    let (times, ends) = (rows.times("at")?, rows.times("until")?);
    let (kinds, scopes, titles) = (rows.texts("kind")?, rows.texts("scope")?, rows.texts("title")?);
    let entry = |row: usize| {
        let at = times[row].filter(|at| until.is_none_or(|until| *at < until))?;
        let (kind, scope, title) = (kinds[row].clone(), scopes[row].clone(), titles[row].clone());
        Some(Annotation { at, until: ends[row], kind, scope, title })
    };
    let mut entries: Vec<Annotation> = (0..rows.len()).filter_map(entry).collect();
    entries.sort_by(|left, right| (left.at, &left.title).cmp(&(right.at, &right.title)));
    Ok(entries)
}

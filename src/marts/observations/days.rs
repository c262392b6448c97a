//! Advertising by day, rows of every export by day, and what people wrote down.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::Sums;
use super::codes::Coder;
use super::span::Span;
use crate::lake::Lake;
use crate::marts::costs::Costs;
use crate::marts::rows::Rows;
use crate::marts::sources::ExportRows;
use crate::model::observations::{AdDay, Annotation, Code, Dimension, ExportDays, Names};
use crate::model::tables::ANNOTATIONS;

/// Advertising by day and channel; a row of several days is spread evenly. `None` when no costs have arrived.
pub(super) fn ads(costs: &Costs, span: &Span, channels: &Coder) -> Option<Vec<AdDay>> {
    let mut sums: Sums<(u32, Code), AdDay> = Sums::new();
    let mut has_any = false;
    for (from, to, channel, spend) in costs.rows() {
        has_any = true;
        let days = (to - from).num_days().max(0) as u64 + 1;
        let share =
            |count: u64, place: u64| (count / days + u64::from(place < count % days)) as u32;
        for (place, date) in from.iter_days().take(days as usize).enumerate() {
            let Some(day) = span.day(date) else { continue };
            let code = channels.code(channel.as_str());
            let sum = sums.entry((day, code)).or_insert(AdDay {
                day,
                channel: code,
                ..AdDay::default()
            });
            sum.impressions = sum
                .impressions
                .saturating_add(share(spend.impressions, place as u64));
            sum.clicks = sum.clicks.saturating_add(share(spend.clicks, place as u64));
            sum.cost.0 += spend.cost.0 / days as i64;
        }
    }
    has_any.then(|| sums.into_values().collect())
}

/// Rows of every export by day of the history.
pub(super) fn exports(exports: &[ExportRows], span: &Span, names: &mut Names) -> Vec<ExportDays> {
    let days_of = |export: &ExportRows| {
        let table = export.table?;
        let mut rows = vec![0; span.len()];
        for (day, count) in export.days.range(span.first..=span.last) {
            rows[span.day(*day)? as usize] += count;
        }
        Some(ExportDays {
            export: names.code(Dimension::Export, &export.name),
            table,
            rows,
        })
    };
    exports.iter().filter_map(days_of).collect()
}

/// What people wrote down, oldest first.
///
/// # Errors
/// When the lake cannot be read.
pub fn annotations(lake: &Lake, as_of: DateTime<Utc>) -> Result<Vec<Annotation>> {
    let Some(rows) = Rows::all(lake, &ANNOTATIONS, as_of)? else {
        return Ok(Vec::new());
    };
    let (times, ends) = (rows.times("at")?, rows.times("until")?);
    let (kinds, scopes, titles) = (
        rows.texts("kind")?,
        rows.texts("scope")?,
        rows.texts("title")?,
    );
    let entry = |row: usize| {
        let at = times[row]?;
        let (kind, scope, title) = (kinds[row].clone(), scopes[row].clone(), titles[row].clone());
        Some(Annotation {
            at,
            until: ends[row],
            kind,
            scope,
            title,
        })
    };
    let mut entries: Vec<Annotation> = (0..rows.len()).filter_map(entry).collect();
    entries.sort_by(|left, right| (left.at, &left.title).cmp(&(right.at, &right.title)));
    Ok(entries)
}

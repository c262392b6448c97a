//! The last day that a month to date may end with: what is not there yet is no fall to zero.

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

use crate::config::Plan;
use crate::config::rules::Weeks;
use crate::lake::{Lake, scan};
use crate::model::period::{Period, PeriodKind};
use crate::model::tables::{CALLS, DEALS, FORMS, SESSIONS, TRAFFIC_DAILY, TableSchema};

/// The period up to the last day that the lake holds traffic of, or contacts where it holds none; the period itself where
/// that day lies outside of it.
///
/// # Errors
/// When the lake cannot be read.
pub fn as_far_as_known(lake: &Lake, period: &Period) -> Result<Period> {
    let last = match last_of(lake, &[&SESSIONS, &TRAFFIC_DAILY])? {
        Some(last) => Some(last),
        None => last_of(lake, &[&CALLS, &FORMS, &DEALS])?,
    };
    Ok(match last {
        Some(last) if period.contains(last) => Period::month_to(last),
        _ => period.clone(),
    })
}

/// Whether the lake holds traffic, calls, forms or deals of a period, or of days after it.
///
/// # Errors
/// When the lake cannot be read.
pub fn reaches(lake: &Lake, period: &Period) -> Result<bool> {
    let last = last_of(lake, &[&SESSIONS, &TRAFFIC_DAILY, &CALLS, &FORMS, &DEALS])?;
    Ok(last.is_some_and(|last| last >= period.from))
}

fn last_of(lake: &Lake, tables: &[&TableSchema]) -> Result<Option<NaiveDate>> {
    let mut last = None;
    for table in tables {
        let parts = lake.catalog.parts(table.name, DateTime::<Utc>::MAX_UTC)?;
        let days = parts.iter().map(|part| scan::day_from_number(part.max_day));
        last = last.max(days.max());
    }
    Ok(last)
}

/// Weeks as the pipeline tells them apart; other periods stay what they are.
pub fn as_plan_has_weeks(plan: &Plan, periods: Vec<Period>) -> Vec<Period> {
    let is_cut = plan.weeks == Weeks::CutAtMonthEnds;
    let cut = |period: Period| match period.kind {
        PeriodKind::Week if is_cut => period.cut_at_month_end(),
        _ => vec![period],
    };
    periods.into_iter().flat_map(cut).collect()
}

//! What earlier reports said that is known better by now.

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

use super::account::first_reported;
use crate::config::Plan;
use crate::digest::Restated;
use crate::lake::Lake;
use crate::marts::{self, Known};
use crate::model::period::Period;

/// The reported period and so many before it are held against their first reports.
const PERIODS: usize = 5;

/// Compares the counts of a period and of those before it with what the first report of each knew, newest first.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn restated(
    lake: &Lake,
    plan: &Plan,
    known: &Known<'_>,
    period: &Period,
    known_at: DateTime<Utc>,
) -> Result<Vec<Restated>> {
    let horizon = lake.horizon()?;
    let mut restated = Vec::new();
    for period in
        std::iter::successors(Some(period.clone()), |period| Some(period.previous())).take(PERIODS)
    {
        let first = first_reported(lake, &plan.name, &period, known_at)?;
        // What a report of before the horizon knew can be told no more.
        let is_kept = |at: &DateTime<Utc>| horizon.is_none_or(|horizon| *at >= horizon);
        let Some(reported_at) = first.filter(|at| *at < known_at && is_kept(at)) else {
            continue;
        };
        let now = marts::counted(known, &period)?;
        let was = marts::counted_then(known, &period, reported_at, now)
            .with_context(|| format!("count {} as it was reported", period.label))?;
        restated.extend(Restated::of(&period, reported_at, &was, &now));
    }
    Ok(restated)
}

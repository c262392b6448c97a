//! What earlier reports said that is known better by now.

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

use super::account::first_reported;
use super::diff::files_between;
use super::examine::{Examiner, Snapshot};
use crate::digest::Restated;
use crate::model::period::Period;

/// The reported period and so many before it are held against their first reports.
const PERIODS: usize = 5;

/// Compares the numbers of a period and of those before it with what the first report of each knew, newest first.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn restated(examiner: &Examiner<'_>, period: &Period) -> Result<Vec<Restated>> {
    let snapshot = examiner.snapshot;
    let (lake, known_at) = (snapshot.lake, snapshot.known_at);
    let horizon = lake.horizon()?;
    let mut restated = Vec::new();
    let periods = std::iter::successors(Some(period.clone()), |period| Some(period.previous()));
    for period in periods.take(PERIODS) {
        let first = first_reported(lake, &snapshot.plan.name, &period, known_at)?;
        // What a report of before the horizon knew can be told no more.
        let is_kept = |at: &DateTime<Utc>| horizon.is_none_or(|horizon| *at >= horizon);
        let Some(reported_at) = first.filter(|at| *at < known_at && is_kept(at)) else {
            continue;
        };
        if !examiner.has_changed_since(&period, reported_at)? {
            continue;
        }
        let was = Snapshot::open(lake, snapshot.plan, reported_at)?;
        let was = was.examiner(examiner.strings).alone(&period);
        let was = was.with_context(|| format!("count {} as it was reported", period.label))?;
        let files = files_between(lake, reported_at, known_at)?;
        let now = examiner.alone(&period)?;
        restated.extend(Restated::of(&period, reported_at, &was, &now, &files));
    }
    Ok(restated)
}

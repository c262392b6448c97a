//! What earlier reports said that is known better by now.

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};

use super::account::{first_reported, reported};
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

/// Which version of a period's report this is: one more for every report that its readers were given and whose numbers the
/// next one, or this one, no longer has.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn version(
    examiner: &Examiner<'_>,
    period: &Period,
    restated: &[Restated],
) -> Result<u32> {
    let snapshot = examiner.snapshot;
    let (lake, plan, known_at) = (snapshot.lake, snapshot.plan, snapshot.known_at);
    let mut times = reported(lake, &plan.name, period, known_at)?;
    let horizon = lake.horizon()?;
    times.retain(|at| *at < known_at && horizon.is_none_or(|horizon| *at >= horizon));
    let Some(last) = times.last().filter(|_| times.len() > 1) else {
        let is_restated = restated
            .first()
            .is_some_and(|first| first.period == *period);
        return Ok(1 + u32::from(is_restated));
    };
    let mut version = 1;
    for pair in times.windows(2) {
        let is = Snapshot::open(lake, plan, pair[1])?;
        version += u32::from(differs(&is.examiner(examiner.strings), period, pair[0])?);
    }
    version += u32::from(differs(examiner, period, *last)?);
    Ok(version)
}

/// Whether any number of a period is another one than at a time; those that grow by themselves are not looked at.
fn differs(is: &Examiner<'_>, period: &Period, then: DateTime<Utc>) -> Result<bool> {
    if !is.has_changed_since(period, then)? {
        return Ok(false);
    }
    let was = Snapshot::open(is.snapshot.lake, is.snapshot.plan, then)?;
    let was = was.examiner(is.strings).alone(period);
    let was = was.with_context(|| format!("count {} as it was reported", period.label))?;
    Ok(Restated::of(period, then, &was, &is.alone(period)?, &[]).is_some())
}

//! What is known of a period at two times: every number that differs, and the files that came between.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::examine::Snapshot;
use crate::config::Plan;
use crate::digest::RestatedCell;
use crate::digest::language::Strings;
use crate::digest::restated::cells;
use crate::lake::Lake;
use crate::model::period::Period;
use crate::model::table::Table;

/// The numbers of a period that differ between two times, channels first and the total last, as a digest has its rows.
///
/// # Errors
/// When the lake cannot be read, or held nothing at one of the times.
pub fn diff(
    lake: &Lake,
    plan: &Plan,
    period: &Period,
    was_at: DateTime<Utc>,
    now_at: DateTime<Utc>,
) -> Result<Vec<RestatedCell>> {
    let scorecard = |at| {
        let snapshot = Snapshot::open(lake, plan, at)?;
        snapshot
            .examiner(Strings::shipped(plan.language))
            .scorecard(period)
    };
    let (was, now) = (scorecard(was_at)?, scorecard(now_at)?);
    Ok(cells(&was, &now, &files_between(lake, was_at, now_at)?))
}

/// Files that the lake took in after one time and by another, with the tables that they feed.
pub(super) fn files_between(
    lake: &Lake,
    was_at: DateTime<Utc>,
    now_at: DateTime<Utc>,
) -> Result<Vec<(Table, String)>> {
    let known = lake.catalog.accounts(was_at)?;
    let mut files = Vec::new();
    for (export, table, file) in lake.catalog.accounts(now_at)? {
        let is_known = known
            .iter()
            .any(|(of, _, before)| *of == export && before.hash == file.hash);
        if let (false, Some(table)) = (is_known, Table::named(&table)) {
            files.push((table, format!("{export}/{}", file.file)));
        }
    }
    Ok(files)
}

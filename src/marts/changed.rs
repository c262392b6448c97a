//! Whether what a period is counted of has other rows by now: what is as it was need not be counted again.

use anyhow::Result;
use chrono::{DateTime, Days, NaiveDate, Utc};

use super::known::Known;
use crate::model::period::Period;
use crate::model::tables::{
    CALLS, CLIENT_LINKS, COSTS, DEALS, FORMS, SESSIONS, TRAFFIC_DAILY, TableSchema,
};

/// Whether other files hold the rows that a period is counted of than at `then`.
///
/// People are joined by everything that is known of them, so an inquiry of an old period may also turn out to be a
/// repeated one by a later contact alone: such periods count as unchanged.
///
/// # Errors
/// When the lake cannot be read.
pub fn has_changed(known: &Known<'_>, period: &Period, then: DateTime<Utc>) -> Result<bool> {
    let plan = known.stored.plan;
    let of_days = [
        &SESSIONS,
        &TRAFFIC_DAILY,
        &COSTS,
        &CALLS,
        &FORMS,
        &CLIENT_LINKS,
    ];
    if have_changed(known, &of_days, then, (period.from, period.to))? {
        return Ok(true);
    }
    // A deal is dated by its entry, and closed up to the end of its window later.
    let window = plan.sales.deal_window_days + plan.sales.horizon_days;
    let since = period.from - Days::new(u64::from(window));
    have_changed(known, &[&DEALS], then, (since, period.to))
}

/// Whether other files hold the rows of these days than then.
fn have_changed(
    known: &Known<'_>,
    tables: &[&TableSchema],
    then: DateTime<Utc>,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<bool> {
    let lake = known.stored.lake;
    for table in tables {
        let was = lake.parts_of(table, then, from, to)?;
        let is = lake.parts_of(table, known.stored.as_of, from, to)?;
        if was != is {
            return Ok(true);
        }
    }
    Ok(false)
}

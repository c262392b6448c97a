//! Deals that the CRM has twice since it was moved or merged: people who were there once are there under two ids now.

use anyhow::Result;
use chrono::NaiveDate;
use polars::prelude::*;

use super::people::{DOUBLED_SHARE, LEAST_DOUBLED, RowOfPerson, person, repeated, rows};
use crate::marts::rows::Rows;
use crate::marts::stored::Stored;
use crate::model::data_fault::DataFault;
use crate::model::period::Period;
use crate::model::table::Table;
use crate::model::tables::DEALS;
use crate::model::zone::{self, local_day};

/// Deals of earlier days that many more people have twice than by the end of the period, as far as the lake knows: their sales
/// count twice, and what is usual is too high.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn entered_twice(
    stored: &Stored<'_>,
    export: &str,
    period: &Period,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Option<DataFault>> {
    let is_within = |(_, at): &RowOfPerson| (from..=to).contains(&local_day(*at, stored.plan.zone));
    let all = rows(stored, Table::Deals, export);
    let now: Vec<RowOfPerson> = all.into_iter().filter(is_within).collect();
    // Most exports have none: nothing else is read then.
    if repeated(&now).0 < LEAST_DOUBLED {
        return Ok(None);
    }
    let then = known_then(stored, export, period, (from, to))?;
    Ok(doubled_since(&now, &then))
}

/// Whether many more people are there twice now than were then.
fn doubled_since(now: &[RowOfPerson], then: &[RowOfPerson]) -> Option<DataFault> {
    let ((rows, of), (twice_then, of_then)) = (repeated(now), repeated(then));
    if rows < LEAST_DOUBLED || of_then < LEAST_DOUBLED {
        return None;
    }
    let share = |twice: u64, of: u64| twice as f64 / of as f64;
    let is_new = share(rows, of) >= DOUBLED_SHARE + share(twice_then, of_then);
    is_new.then_some(DataFault::Doubled {
        rows,
        of,
        spoils: true,
    })
}

/// The deals of some days as they were known by the end of a period.
fn known_then(
    stored: &Stored<'_>,
    export: &str,
    period: &Period,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<RowOfPerson>> {
    let (_, end) = zone::bounds(period, stored.plan.zone);
    if end >= stored.as_of {
        return Ok(Vec::new());
    }
    let scan = stored.lake.scan_export((&DEALS, export), end, from, to)?;
    let Some(scan) = scan else {
        return Ok(Vec::new());
    };
    let columns = ["phone", "email", "crm_contact", "created_at"];
    let rows = Rows::of(scan.select(columns.map(col)).collect()?);
    let [phones, emails, contacts] = [
        rows.keys("phone")?,
        rows.keys("email")?,
        rows.keys("crm_contact")?,
    ];
    let times = rows.times("created_at")?;
    let seen = times.into_iter().enumerate().filter_map(|(row, at)| {
        let who = person([phones[row], emails[row], contacts[row]]);
        Some((who, at?))
    });
    Ok(seen.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, TimeDelta};

    /// Deals of different people, each so many times.
    fn deals(people: u64, times: usize) -> Vec<RowOfPerson> {
        let row = |who: u64| (who, DateTime::UNIX_EPOCH + TimeDelta::hours(who as i64));
        let once = (1..=people).map(row);
        once.flat_map(|row| vec![row; times]).collect()
    }

    #[test]
    fn a_past_that_is_there_twice_since_the_crm_was_moved_is_told() {
        let fault = DataFault::Doubled {
            rows: 40,
            of: 80,
            spoils: true,
        };
        assert_eq!(doubled_since(&deals(40, 2), &deals(40, 1)), Some(fault));
    }

    #[test]
    fn a_crm_that_always_had_them_twice_or_was_not_known_then_is_not() {
        assert_eq!(doubled_since(&deals(40, 2), &deals(40, 2)), None);
        assert_eq!(doubled_since(&deals(40, 2), &[]), None);
        assert_eq!(doubled_since(&deals(9, 2), &deals(40, 1)), None);
    }
}

//! Visits by who they are of and when they began: told twice, in another zone's hours, cut off, or silent for hours.

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::*;

use super::hours::{Hours, shifted};
use super::silence::{LEAST_VISITS, Silences, WeekHours, cut_off};
use super::{RowsOfDays, is_like_no_other};
use crate::marts::alike::pieces;
use crate::marts::stored::Stored;
use crate::model::data_fault::DataFault;
use crate::model::period::{Period, PeriodKind};
use crate::model::zone;

/// Rows that repeat others, at the least, …
const LEAST_REPEATED: u64 = 20;
/// … and as a share of all, above what is usual. One client in one second is chance or a robot, and both are rare.
const REPEATED_SHARE: f64 = 0.1;
/// Visits of one client that begin within so many milliseconds are one visit, told by two counters.
const AT_ONCE_MS: i64 = 5_000;
/// Times of an export without a time of day take one value; those with one take thousands. Below this they tell nobody apart.
const LEAST_MOMENTS: f64 = 0.02;
const SECONDS_A_DAY: i64 = 86_400;

/// What is wrong with visits by who they are of and when they began. On a day like no other nobody knows the hours.
pub(super) fn of_visits(
    rows: &RowsOfDays<'_>,
    before: (NaiveDate, NaiveDate),
    stored: &Stored<'_>,
    period: &Period,
) -> Result<Vec<DataFault>> {
    let zone = stored.plan.zone;
    let is_special = |at| is_like_no_other(&stored.calendar, zone::local_day(at, zone));
    let now = rows.repeated(true)?;
    // Where hardly any repeats another now, nobody asks how many usually do.
    let is_suspect = now.share() >= REPEATED_SHARE;
    let usual = rows.of_days(before).repeated(is_suspect)?;
    let mut faults: Vec<DataFault> = doubled(&now, &usual).into_iter().collect();
    faults.extend(shifted(&now.hours, &usual.hours));
    let weeks = usual.weeks();
    let usual = (&usual.week_hours, weeks);
    // A month to date ends with whatever day is known, whole or not.
    let last = now.last.filter(|_| period.kind != PeriodKind::MonthToDate);
    let ended = last.and_then(|last| {
        let seen = (now.hours.rows(), last);
        cut_off(seen, zone::bounds(period, zone), usual, is_special)
    });
    faults.extend(ended);
    let silences = now.silences.without(is_special);
    faults.extend(silences.longest(usual, LEAST_VISITS));
    Ok(faults)
}

/// Visits of a span of days by who they are of and when they began.
#[derive(Default)]
struct Repeated {
    rows: u64,
    different: u64,
    moments: u64,
    hours: Hours,
    week_hours: WeekHours,
    silences: Silences,
    /// UTC days with a visit.
    days: BTreeSet<i64>,
    last: Option<DateTime<Utc>>,
}

impl Repeated {
    fn share(&self) -> f64 {
        (self.rows - self.different) as f64 / (self.rows as f64).max(1.0)
    }
}

fn doubled(now: &Repeated, usual: &Repeated) -> Option<DataFault> {
    let rows = now.rows - now.different;
    let tells_apart = now.moments as f64 >= LEAST_MOMENTS * now.rows as f64;
    let is_unusual = now.share() >= REPEATED_SHARE + usual.share();
    (tells_apart && is_unusual && rows >= LEAST_REPEATED)
        .then_some(DataFault::Repeated { rows, of: now.rows })
}

impl RowsOfDays<'_> {
    /// Counted piece by piece: equal visits are of one day. Whether they are equal is looked at when asked: the clients of many
    /// weeks are most of what there is to read.
    fn repeated(&self, by_client: bool) -> Result<Repeated> {
        let mut repeated = Repeated::default();
        for (from, to) in pieces(self.from, self.to) {
            let Some(rows) = self.of_days((from, to)).rows()? else {
                continue;
            };
            let start = col("start_at").to_physical();
            let client = by_client.then(|| col("client"));
            let columns: Vec<Expr> = [start].into_iter().chain(client).collect();
            let visits = rows.select(columns).collect()?;
            let starts = visits.column("start_at")?.i64()?;
            repeated.note_times(starts.iter().flatten());
            if by_client {
                repeated.add(&visits)?;
            }
        }
        Ok(repeated)
    }
}

impl Repeated {
    /// Weeks from the first day with a visit to the last, days without any included: a site may rest on weekends.
    fn weeks(&self) -> f64 {
        let days = self.days.first().zip(self.days.last());
        let days = days.map_or(0, |(first, last)| last - first + 1);
        (days as f64 / 7.0).round()
    }

    /// Notes when visits began; later ones than those that were noted before.
    fn note_times(&mut self, starts: impl Iterator<Item = i64>) {
        let mut times: Vec<DateTime<Utc>> =
            starts.filter_map(DateTime::from_timestamp_millis).collect();
        times.sort_unstable();
        for at in &times {
            self.hours.add(*at);
            self.week_hours.add(*at);
            self.days.insert(at.timestamp().div_euclid(SECONDS_A_DAY));
        }
        self.last = self.last.max(times.last().copied());
        self.silences.add(times);
    }

    /// Adds visits; those of nobody known repeat nothing.
    fn add(&mut self, visits: &DataFrame) -> Result<()> {
        let clients = visits.column("client")?.u64()?.iter();
        let starts = visits.column("start_at")?.i64()?;
        let of_somebody = clients.zip(starts.iter());
        let mut visits: Vec<(Option<i64>, u64)> = of_somebody
            .filter_map(|(client, start)| Some((start, client?)))
            .collect();
        self.rows += visits.len() as u64;
        let mut starts: Vec<Option<i64>> = visits.iter().map(|(start, _)| *start).collect();
        starts.sort_unstable();
        starts.dedup();
        self.moments += starts.len() as u64;
        // Two counters of a page tell one visit each, a moment apart.
        visits.sort_unstable_by_key(|(start, client)| (*client, *start));
        visits.dedup_by(|(start, client), (before, earlier)| {
            let apart = start.zip(*before).map(|(start, before)| start - before);
            client == earlier && apart.is_none_or(|apart| apart <= AT_ONCE_MS)
        });
        self.different += visits.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visits_are_doubled_when_they_repeat_client_and_moment_more_than_usual() {
        let visits = |rows, different, moments| Repeated {
            rows,
            different,
            moments,
            ..Repeated::default()
        };
        let fault = |rows, of| Some(DataFault::Repeated { rows, of });
        assert_eq!(
            doubled(&visits(1600, 800, 790), &visits(6400, 6390, 6000)),
            fault(800, 1600)
        );
        assert_eq!(
            doubled(&visits(1600, 1590, 1500), &visits(6400, 6390, 6000)),
            None
        );
        // A robot that always did so; an export with days only; ten visits.
        assert_eq!(
            doubled(&visits(1600, 1200, 1100), &visits(6400, 4800, 4500)),
            None
        );
        assert_eq!(
            doubled(&visits(1600, 800, 7), &visits(6400, 6390, 56)),
            None
        );
        assert_eq!(doubled(&visits(20, 10, 10), &visits(0, 0, 0)), None);
    }

    #[test]
    fn two_counters_tell_a_visit_a_moment_apart() {
        let starts = [0i64, 2_000, 60_000, 60_000, 900_000];
        let clients = [7u64, 7, 8, 9, 7];
        let visits = DataFrame::new_infer_height(vec![
            Column::new("start_at".into(), starts),
            Column::new("client".into(), clients),
        ]);
        let mut repeated = Repeated::default();
        repeated.add(&visits.expect("a frame")).expect("it is read");
        let found = (repeated.rows, repeated.different, repeated.moments);
        assert_eq!(found, (5, 4, 4));
    }
}

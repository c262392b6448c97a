//! Faults of rows that did arrive: rows exported twice under other ids, a column that is suddenly empty, clocks of another zone.

mod closed_at_once;
mod closed_early;
mod copies;
mod emptied;
mod entered_twice;
mod gone;
mod heaped;
mod hours;
mod people;
mod rewritten;
mod silence;
mod unpriced;

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::{DateTime, Days, NaiveDate, Utc};
use polars::prelude::*;

pub(super) use self::closed_at_once::closed_at_once;
pub(super) use self::closed_early::closed_early;
pub(super) use self::people::absent_managers;
pub(super) use self::rewritten::rewritten;

use self::emptied::{Filled, emptied, left};
use self::hours::{Hours, shifted};
use self::silence::{LEAST_VISITS, Silences, WeekHours, cut_off};
pub(super) use self::unpriced::unpriced;
use super::alike::pieces;
use super::stored::Stored;
use crate::lake::Lake;
use crate::model::calendar::Calendar;
use crate::model::data_fault::{DataFault, Emptied, FaultKind};
use crate::model::period::{Period, PeriodKind};
use crate::model::table::Table;
use crate::model::zone;

/// Weeks before the period that say what is usual.
const USUAL_WEEKS: u64 = 8;
/// Rows that repeat others, at the least, …
const LEAST_REPEATED: u64 = 20;
/// … and as a share of all, above what is usual. One client in one second is chance or a robot, and both are rare.
const REPEATED_SHARE: f64 = 0.1;
/// Visits of one client that begin within so many milliseconds are one visit, told by two counters.
const AT_ONCE_MS: i64 = 5_000;
/// Times of an export without a time of day take one value; those with one take thousands. Below this they tell nobody apart.
const LEAST_MOMENTS: f64 = 0.02;
const SECONDS_A_DAY: i64 = 86_400;

/// The columns of a table whose emptiness changes what the report says.
fn columns(table: Table) -> &'static [Emptied] {
    match table {
        Table::Sessions => &[Emptied::Client, Emptied::Goals],
        Table::Calls => &[Emptied::Phone, Emptied::Client, Emptied::Line],
        Table::Forms => &[
            Emptied::Phone,
            Emptied::Email,
            Emptied::Client,
            Emptied::Page,
        ],
        Table::Deals => &[
            Emptied::Phone,
            Emptied::Email,
            Emptied::Client,
            Emptied::CrmContact,
            Emptied::LeadSource,
        ],
        _ => &[],
    }
}

/// The faults of an export in a period, as far as its rows tell. Who sees a part of the rows sees too few of them to tell.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn of_export(
    stored: &Stored<'_>,
    table: Table,
    export: &str,
    period: &Period,
) -> Result<Vec<DataFault>> {
    if !stored.plan.view.rows.is_none() {
        return Ok(Vec::new());
    }
    let before = (
        period.from - Days::new(7 * USUAL_WEEKS),
        period.from - Days::new(1),
    );
    let rows = RowsOfDays {
        lake: stored.lake,
        table,
        export,
        as_of: stored.as_of,
        from: period.from,
        to: period.to,
    };
    if table == Table::Costs {
        let redated = rows.of_an_earlier_week(&rows.of_days(before))?;
        return Ok(rows.copies()?.into_iter().chain(redated).collect());
    }
    if columns(table).is_empty() {
        return Ok(Vec::new());
    }
    let (_, end) = zone::bounds(period, stored.plan.zone);
    let mut faults = emptied_of(&rows, before, end)?;
    if table == Table::Sessions {
        let is_ordinary = is_ordinary(&stored.calendar, (period.from, period.to));
        let visits = of_visits(&rows, before, stored, period)?;
        let is_told = |fault: &DataFault| is_ordinary || fault.kind() != FaultKind::Shifted;
        faults.extend(visits.into_iter().filter(is_told));
    }
    let days = (period.from, period.to);
    let of_people = people::faults(stored, (table, export), days, before);
    let is_doubled = of_people
        .iter()
        .any(|fault| fault.kind() == FaultKind::Doubled);
    faults.extend(of_people);
    if table == Table::Deals && !is_doubled {
        faults.extend(entered_twice::entered_twice(
            stored, export, period, before,
        )?);
    }
    Ok(faults)
}

/// Whether a period is like others: on holidays people get up late, and what was left over comes on the first day of work.
fn is_ordinary(calendar: &Calendar, (from, to): (NaiveDate, NaiveDate)) -> bool {
    let days = || from.iter_days().take_while(|day| *day <= to);
    let of_holidays = days().filter(|day| calendar.is_of_holiday(*day)).count();
    of_holidays * 3 <= days().count()
}

/// Whether nobody knows the hours of a day: it is special by itself, or of a weekend that touches a holiday.
fn is_like_no_other(calendar: &Calendar, day: NaiveDate) -> bool {
    calendar.kind(day).is_special() || calendar.is_of_holiday(day)
}

/// Columns that are empty. What was usual is looked up in what was known by the end of the period too: a full download that
/// lost a column has lost it for all its past.
fn emptied_of(
    rows: &RowsOfDays<'_>,
    before: (NaiveDate, NaiveDate),
    end: DateTime<Utc>,
) -> Result<Vec<DataFault>> {
    let columns = columns(rows.table);
    let now = rows.filled(columns)?;
    let usual = rows.of_days(before);
    let faults = emptied(columns, &now, &usual.filled(columns)?);
    let is_short =
        |(column, filled): &(&Emptied, &u64)| (**filled as f64) <= left(**column) * now.rows as f64;
    let short = columns.iter().zip(&now.filled).filter(is_short);
    let is_suspect = short.count() > faults.len();
    if !is_suspect || end >= rows.as_of {
        return Ok(faults);
    }
    let known_then = RowsOfDays {
        as_of: end,
        ..usual
    };
    let then = emptied(columns, &now, &known_then.filled(columns)?);
    // Both lists are in the order of the columns; what was usual then says more.
    Ok(if then.len() > faults.len() {
        then
    } else {
        faults
    })
}

/// What is wrong with visits by who they are of and when they began. On a day like no other nobody knows the hours.
fn of_visits(
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

/// The rows of an export on some days.
struct RowsOfDays<'a> {
    lake: &'a Lake,
    table: Table,
    export: &'a str,
    as_of: DateTime<Utc>,
    from: NaiveDate,
    to: NaiveDate,
}

impl RowsOfDays<'_> {
    /// The same export on other days.
    fn of_days(&self, (from, to): (NaiveDate, NaiveDate)) -> Self {
        Self { from, to, ..*self }
    }

    fn rows(&self) -> Result<Option<LazyFrame>> {
        let table = (self.table.schema(), self.export);
        self.lake.scan_export(table, self.as_of, self.from, self.to)
    }

    fn filled(&self, columns: &[Emptied]) -> Result<Filled> {
        let Some(rows) = self.rows()? else {
            let filled = vec![0; columns.len()];
            return Ok(Filled { rows: 0, filled });
        };
        let mut counts = vec![len().alias("rows")];
        counts.extend(columns.iter().map(|column| col(column.column()).count()));
        let counted = rows.select(counts).collect()?;
        let filled = columns
            .iter()
            .map(|column| number(&counted, column.column()));
        Ok(Filled {
            rows: number(&counted, "rows")?,
            filled: filled.collect::<Result<_>>()?,
        })
    }

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

/// A count in the only row of a frame.
fn number(counted: &DataFrame, name: &str) -> Result<u64> {
    let column = counted.column(name)?.cast(&DataType::UInt64)?;
    Ok(column.u64()?.get(0).unwrap_or(0))
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

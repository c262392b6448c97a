//! Faults of rows that did arrive: rows exported twice under other ids, a column that is suddenly empty, clocks of another zone.

mod closed_at_once;
mod closed_early;
mod copies;
mod emptied;
mod entered_twice;
mod forms;
mod goals;
mod gone;
mod heaped;
mod hours;
mod people;
mod rewritten;
mod silence;
mod uncosted;
mod unpriced;
mod visits;

use anyhow::Result;
use chrono::{DateTime, Days, NaiveDate, Utc};
use polars::prelude::*;

pub(super) use self::closed_at_once::closed_at_once;
pub(super) use self::closed_early::closed_early;
pub(super) use self::people::absent_managers;
pub(super) use self::rewritten::rewritten;

use self::emptied::{Filled, emptied, left};
pub(super) use self::uncosted::uncosted;
pub(super) use self::unpriced::unpriced;
use super::stored::Stored;
use crate::lake::Lake;
use crate::model::calendar::Calendar;
use crate::model::data_fault::{DataFault, Emptied, FaultKind};
use crate::model::period::Period;
use crate::model::table::Table;
use crate::model::zone;

/// Weeks before the period that say what is usual.
const USUAL_WEEKS: u64 = 8;

/// The columns of a table whose emptiness changes what the report says.
fn columns(table: Table) -> &'static [Emptied] {
    match table {
        Table::Sessions => &[Emptied::Client, Emptied::Goals, Emptied::Tag],
        Table::Calls => &[Emptied::Phone, Emptied::Client, Emptied::Line],
        Table::Forms => &[
            Emptied::Phone,
            Emptied::Email,
            Emptied::Client,
            Emptied::Page,
            Emptied::Tag,
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
    if !stored.costs.go_on(period, before) {
        // Who pays for no clicks any more has no tags: nothing is lost.
        faults.retain(|fault| !is_of_tags(fault));
    }
    if table == Table::Sessions {
        let is_ordinary = is_ordinary(&stored.calendar, (period.from, period.to));
        let visits = visits::of_visits(&rows, before, stored, period)?;
        let is_told = |fault: &DataFault| is_ordinary || fault.kind() != FaultKind::Shifted;
        faults.extend(visits.into_iter().filter(is_told));
    }
    let days = (period.from, period.to);
    let of_people = people::faults(stored, (table, export), days, before);
    if table == Table::Sessions && !faults.iter().any(|fault| fault.is_of_goals()) {
        faults.extend(rows.replaced_goals(&rows.of_days(before))?);
    }
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

/// Whether a fault is that of the advertising tags.
fn is_of_tags(fault: &DataFault) -> bool {
    matches!(
        fault,
        DataFault::Emptied {
            column: Emptied::Tag,
            ..
        }
    )
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

    fn days(&self) -> u64 {
        (self.to - self.from).num_days().unsigned_abs() + 1
    }

    fn filled(&self, columns: &[Emptied]) -> Result<Filled> {
        let Some(rows) = self.rows()? else {
            let filled = vec![0; columns.len()];
            return Ok(Filled {
                rows: 0,
                filled,
                days: self.days(),
            });
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
            days: self.days(),
        })
    }
}

/// A count in the only row of a frame.
fn number(counted: &DataFrame, name: &str) -> Result<u64> {
    let column = counted.column(name)?.cast(&DataType::UInt64)?;
    Ok(column.u64()?.get(0).unwrap_or(0))
}

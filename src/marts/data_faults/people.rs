//! Calls, forms and deals that were exported twice, or in another week's place, or without a part of them; and their hours.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Timelike, Utc};
use hashbrown::HashSet;

use super::forms;
use super::gone::{self, Named, Sorts};
use super::heaped::heaped;
use super::hours::{Hours, shifted};
use super::silence::{LEAST_CALLS, Silences, WeekHours};
use super::{USUAL_WEEKS, is_like_no_other, is_ordinary};
use crate::marts::stored::Stored;
use crate::marts::tables::Call;
use crate::model::data_fault::{DataFault, Sort};
use crate::model::link::AbsentManager;
use crate::model::observations::Direction;
use crate::model::period::Period;
use crate::model::table::Table;
use crate::model::zone::{self, local_day};

/// Rows that repeat others, at the least, …
pub(super) const LEAST_DOUBLED: u64 = 10;
/// … and as a share of all, above what is usual: some systems write a call or a form twice by themselves.
pub(super) const DOUBLED_SHARE: f64 = 0.25;
/// Of calls and forms so few are enough where nearly every one is there twice.
const LEAST_OF_ALL_DOUBLED: u64 = 5;
const NEARLY_ALL_DOUBLED: f64 = 0.4;
/// Share of the rows that stand in an earlier week at the same minute, from which the export is that week's.
const REDATED_SHARE: f64 = 0.5;

/// Deals of a manager from which the lack of them is looked into: other exports must say the same.
const LEAST_DEALS_OF_MANAGER: f64 = 6.0;

/// A row of a person: who, when.
pub(super) type RowOfPerson = (u64, DateTime<Utc>);

/// What is wrong with the rows of people of an export in the days `now`, against those of the days `before`.
pub(super) fn faults(
    stored: &Stored<'_>,
    (table, export): (Table, &str),
    now: (NaiveDate, NaiveDate),
    before: (NaiveDate, NaiveDate),
) -> Vec<DataFault> {
    let rows = rows(stored, table, export);
    let is_ordinary = is_ordinary(&stored.calendar, now);
    let zone = stored.plan.zone;
    let within = |(from, to): (NaiveDate, NaiveDate)| {
        let is_within = move |at: DateTime<Utc>| (from..=to).contains(&local_day(at, zone));
        let seen = rows.iter().filter(move |(_, at)| is_within(*at));
        seen.copied().collect::<Vec<_>>()
    };
    let days = rows.iter().map(|(_, at)| local_day(*at, zone));
    let heaped = heaped(days, now, before);
    let gone = gone::faults(sorts(stored, (table, export), now).gone(now, gone::LEAST_EXPECTED));
    let day_after = now.1 + Days::new(1);
    let span =
        zone::day_start(now.0, stored.plan.zone)..zone::day_start(day_after, stored.plan.zone);
    let (now, usual) = (within(now), within(before));
    let mut faults: Vec<DataFault> = doubled(table, &now, &usual).into_iter().collect();
    if table == Table::Forms && faults.is_empty() {
        faults.extend(forms::faults(&rows, &span));
    }
    faults.extend(redated(&now, &usual));
    if is_ordinary {
        faults.extend(heaped);
        faults.extend(gone);
    }
    // Many CRMs export the day of entry alone.
    if is_ordinary && table != Table::Deals {
        faults.extend(shifted(&hours(&now), &hours(&usual)));
    }
    if table == Table::Calls {
        faults.extend(silent(stored, now, &usual));
    }
    faults
}

/// Managers of an export of deals who have none of the period.
pub(in crate::marts) fn absent_managers(
    stored: &Stored<'_>,
    export: &str,
    period: &Period,
) -> Vec<AbsentManager> {
    let days = (period.from, period.to);
    if !is_ordinary(&stored.calendar, days) {
        return Vec::new();
    }
    let mut sorts = Sorts::default();
    let deals = stored.tables.deals.iter().flatten();
    for deal in deals.filter(|deal| *deal.export == *export && !deal.manager.is_empty()) {
        let day = local_day(deal.created_at, stored.plan.zone);
        sorts.count(day, [(Sort::Manager, deal.manager.clone())], days);
    }
    let gone = sorts.gone(days, LEAST_DEALS_OF_MANAGER).into_iter();
    gone.map(|((_, manager), expected)| AbsentManager {
        export: export.to_owned(),
        manager: manager.to_string(),
        expected,
    })
    .collect()
}

/// The rows of an export by what sort they are of.
fn sorts(
    stored: &Stored<'_>,
    (table, export): (Table, &str),
    now: (NaiveDate, NaiveDate),
) -> Sorts {
    let (tables, zone) = (&stored.tables, stored.plan.zone);
    let mut sorts = Sorts::default();
    if table == Table::Calls {
        let calls = tables.calls.iter().flatten();
        for call in calls.filter(|call| *call.export == *export) {
            sorts.count(local_day(call.at, zone), sorts_of(call), now);
        }
    }
    if table == Table::Forms {
        let forms = tables.forms.iter().flatten();
        for form in forms.filter(|form| *form.export == *export) {
            let sort = (Sort::Form, form.form.clone());
            let named = Some(sort).filter(|(_, name)| !name.is_empty());
            sorts.count(local_day(form.at, zone), named, now);
        }
    }
    sorts
}

/// What sorts a call is of.
fn sorts_of(call: &Call) -> Vec<Named> {
    let plain = |sort| (sort, "".into());
    match call.direction {
        Direction::Internal => Vec::new(),
        Direction::Outbound => {
            let unreached = (!call.answered).then(|| plain(Sort::Unreached));
            [plain(Sort::Outbound)]
                .into_iter()
                .chain(unreached)
                .collect()
        }
        Direction::Inbound => {
            let how = match call.answered {
                true => Sort::Answered,
                false => Sort::Unanswered,
            };
            let line = (!call.line.is_empty()).then(|| (Sort::Line, call.line.clone()));
            let inbound = [plain(Sort::Inbound), plain(how)].into_iter();
            inbound.chain(line).collect()
        }
    }
}

/// Hours without a call on days that are as any other: on a holiday nobody may be at work.
fn silent(
    stored: &Stored<'_>,
    mut now: Vec<RowOfPerson>,
    usual: &[RowOfPerson],
) -> Option<DataFault> {
    let zone = stored.plan.zone;
    let is_special = |at| is_like_no_other(&stored.calendar, local_day(at, zone));
    now.sort_unstable_by_key(|(_, at)| *at);
    let mut silences = Silences::default();
    silences.add(now.iter().map(|(_, at)| *at));
    let mut hours = WeekHours::default();
    usual.iter().for_each(|(_, at)| hours.add(*at));
    let first = usual.iter().map(|(_, at)| *at).min()?;
    let last = usual.iter().map(|(_, at)| *at).max()?;
    let weeks = ((last - first).num_days() + 1) as f64 / 7.0;
    silences
        .without(is_special)
        .longest((&hours, weeks), LEAST_CALLS)
}

/// Whether most rows are those of an earlier week, seven days or some weeks later to the minute.
fn redated(now: &[RowOfPerson], usual: &[RowOfPerson]) -> Option<DataFault> {
    let known: HashSet<RowOfPerson> = usual.iter().copied().collect();
    let of_somebody = || now.iter().filter(|(who, _)| *who != 0);
    let minutes: HashSet<u32> = of_somebody().map(|(_, at)| minute_of_day(*at)).collect();
    let of = of_somebody().count() as u64;
    // Where rows have a day and no time, whoever comes each Tuesday looks so too.
    if minutes.len() as u64 * 2 < of {
        return None;
    }
    let rows = |weeks: u32| {
        let back = TimeDelta::weeks(i64::from(weeks));
        let again = of_somebody().filter(|(who, at)| known.contains(&(*who, *at - back)));
        again.count() as u64
    };
    let counted = (1..=USUAL_WEEKS as u32).map(|weeks| (weeks, rows(weeks)));
    let (weeks, rows) = counted.max_by_key(|(weeks, rows)| (*rows, u32::MAX - weeks))?;
    let is_told = rows >= LEAST_DOUBLED && rows as f64 >= REDATED_SHARE * of as f64;
    is_told.then_some(DataFault::Redated { rows, of, weeks })
}

fn minute_of_day(at: DateTime<Utc>) -> u32 {
    at.hour() * 60 + at.minute()
}

/// The person of a deal: by the first of these keys that it has; 0 is nobody.
pub(super) fn person(keys: [Option<u64>; 3]) -> u64 {
    keys.into_iter().flatten().next().unwrap_or(0)
}

/// Every row of an export; those of nobody known are of the person 0.
pub(super) fn rows(stored: &Stored<'_>, table: Table, export: &str) -> Vec<RowOfPerson> {
    let tables = &stored.tables;
    let nobody = |key: Option<u64>| key.unwrap_or(0);
    match table {
        Table::Calls => {
            let calls = tables.calls.iter().flatten();
            let own = calls.filter(|call| *call.export == *export);
            own.map(|call| (nobody(call.phone), call.at)).collect()
        }
        Table::Forms => {
            let forms = tables.forms.iter().flatten();
            let own = forms.filter(|form| *form.export == *export);
            own.map(|form| (nobody(form.phone.or(form.email).or(form.client)), form.at))
                .collect()
        }
        Table::Deals => {
            let deals = tables.deals.iter().flatten();
            let own = deals.filter(|deal| *deal.export == *export);
            own.map(|deal| {
                (
                    person([deal.phone, deal.email, deal.crm_contact]),
                    deal.created_at,
                )
            })
            .collect()
        }
        _ => Vec::new(),
    }
}

fn hours(rows: &[RowOfPerson]) -> Hours {
    let mut hours = Hours::default();
    rows.iter().for_each(|(_, at)| hours.add(*at));
    hours
}

/// Rows of the same person at the same moment, more than usual. Of deals their sales count twice; people are counted once
/// however often their call or form is there.
fn doubled(table: Table, now: &[RowOfPerson], usual: &[RowOfPerson]) -> Option<DataFault> {
    let ((rows, of), usual) = (repeated(now), repeated(usual));
    let is_many = table != Table::Deals || rows >= LEAST_DOUBLED;
    (is_many && are_doubled((rows, of), usual)).then_some(DataFault::Doubled {
        rows,
        of,
        spoils: table == Table::Deals,
    })
}

/// Whether so many rows of all repeat another one, against those that usually do.
pub(super) fn are_doubled((rows, of): (u64, u64), (usual_rows, usual_of): (u64, u64)) -> bool {
    let share = |rows: u64, of: u64| rows as f64 / (of as f64).max(1.0);
    let more = share(rows, of) - share(usual_rows, usual_of);
    let is_of_many = rows >= LEAST_DOUBLED && more >= DOUBLED_SHARE;
    is_of_many || (rows >= LEAST_OF_ALL_DOUBLED && more >= NEARLY_ALL_DOUBLED)
}

/// Rows that repeat another one, and all rows of somebody known.
pub(super) fn repeated(rows: &[RowOfPerson]) -> (u64, u64) {
    let mut known: Vec<RowOfPerson> = rows.iter().copied().filter(|(who, _)| *who != 0).collect();
    let of = known.len() as u64;
    known.sort_unstable();
    known.dedup();
    (of - known.len() as u64, of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    /// Rows of different people, each so many times.
    fn seen(people: u64, times: usize) -> Vec<RowOfPerson> {
        let row = |who: u64| (who, DateTime::UNIX_EPOCH + TimeDelta::minutes(who as i64));
        let once = (1..=people).map(row);
        once.flat_map(|row| vec![row; times]).collect()
    }

    #[test]
    fn deals_that_all_come_twice_are_doubled_and_spoil_their_export() {
        let told = |table| doubled(table, &seen(20, 2), &seen(100, 1));
        let fault = |spoils| {
            Some(DataFault::Doubled {
                rows: 20,
                of: 40,
                spoils,
            })
        };
        assert_eq!(told(Table::Deals), fault(true));
        assert_eq!(told(Table::Forms), fault(false));
    }

    #[test]
    fn nine_forms_that_all_come_twice_are_told_and_nine_deals_are_not() {
        let told = |table| doubled(table, &seen(9, 2), &seen(100, 1));
        let fault = DataFault::Doubled {
            rows: 9,
            of: 18,
            spoils: false,
        };
        assert_eq!(told(Table::Forms), Some(fault));
        assert_eq!(told(Table::Deals), None);
    }

    #[test]
    fn rows_that_were_always_doubled_or_of_nobody_or_few_are_not() {
        assert_eq!(doubled(Table::Calls, &seen(20, 2), &seen(100, 2)), None);
        assert_eq!(doubled(Table::Calls, &seen(4, 2), &seen(100, 1)), None);
        let of_nobody: Vec<RowOfPerson> = seen(20, 2).into_iter().map(|(_, at)| (0, at)).collect();
        assert_eq!(doubled(Table::Calls, &of_nobody, &[]), None);
    }

    #[test]
    fn rows_of_the_week_before_under_later_days_are_redated() {
        let week = TimeDelta::weeks(1);
        let later = |rows: &[RowOfPerson]| -> Vec<RowOfPerson> {
            rows.iter().map(|(who, at)| (*who, *at + week)).collect()
        };
        let fault = DataFault::Redated {
            rows: 20,
            of: 20,
            weeks: 1,
        };
        assert_eq!(redated(&later(&seen(20, 1)), &seen(20, 1)), Some(fault));
        assert_eq!(redated(&seen(20, 1), &seen(20, 1)), None);
        // Those who come each week at midnight, for nobody notes the hour.
        let midnight: Vec<RowOfPerson> = (1..=20).map(|who| (who, DateTime::UNIX_EPOCH)).collect();
        assert_eq!(redated(&later(&midnight), &midnight), None);
    }
}

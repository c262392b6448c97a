//! Calls, forms and deals that were exported twice under other ids, and their hours of the day.

use chrono::{DateTime, NaiveDate, Utc};

use super::hours::{Hours, shifted};
use crate::marts::stored::Stored;
use crate::model::data_fault::DataFault;
use crate::model::table::Table;
use crate::model::zone::local_day;

/// Rows that repeat others, at the least, …
const LEAST_DOUBLED: u64 = 10;
/// … and as a share of all, above what is usual: some systems write a call or a form twice by themselves.
const DOUBLED_SHARE: f64 = 0.25;

/// A row of a person: who, when.
type Seen = (u64, DateTime<Utc>);

/// What is wrong with the rows of people of an export in the days `now`, against those of the days `before`.
pub(super) fn faults(
    stored: &Stored<'_>,
    (table, export): (Table, &str),
    now: (NaiveDate, NaiveDate),
    before: (NaiveDate, NaiveDate),
) -> Vec<DataFault> {
    let rows = rows(stored, table, export);
    let zone = stored.plan.zone;
    let within = |(from, to): (NaiveDate, NaiveDate)| {
        let is_within = move |at: DateTime<Utc>| (from..=to).contains(&local_day(at, zone));
        let seen = rows.iter().filter(move |(_, at)| is_within(*at));
        seen.copied().collect::<Vec<_>>()
    };
    let (now, usual) = (within(now), within(before));
    let mut faults: Vec<DataFault> = doubled(table, &now, &usual).into_iter().collect();
    // Many CRMs export the day of entry alone.
    if table != Table::Deals {
        faults.extend(shifted(&hours(&now), &hours(&usual)));
    }
    faults
}

/// Every row of an export; those of nobody known are of the person 0.
fn rows(stored: &Stored<'_>, table: Table, export: &str) -> Vec<Seen> {
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
            let person = |keys: [Option<u64>; 3]| nobody(keys.into_iter().flatten().next());
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

fn hours(rows: &[Seen]) -> Hours {
    let mut hours = Hours::default();
    rows.iter().for_each(|(_, at)| hours.add(*at));
    hours
}

/// Rows of the same person at the same moment, more than usual. Of deals their sales count twice; people are counted once
/// however often their call or form is there.
fn doubled(table: Table, now: &[Seen], usual: &[Seen]) -> Option<DataFault> {
    let ((rows, of), (usual_rows, usual_of)) = (repeated(now), repeated(usual));
    let share = |rows: u64, of: u64| rows as f64 / (of as f64).max(1.0);
    let is_unusual = share(rows, of) >= DOUBLED_SHARE + share(usual_rows, usual_of);
    (is_unusual && rows >= LEAST_DOUBLED).then_some(DataFault::Doubled {
        rows,
        of,
        spoils: table == Table::Deals,
    })
}

/// Rows that repeat another one, and all rows of somebody known.
fn repeated(rows: &[Seen]) -> (u64, u64) {
    let mut known: Vec<Seen> = rows.iter().copied().filter(|(who, _)| *who != 0).collect();
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
    fn seen(people: u64, times: usize) -> Vec<Seen> {
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
    fn rows_that_were_always_doubled_or_of_nobody_or_few_are_not() {
        assert_eq!(doubled(Table::Calls, &seen(20, 2), &seen(100, 2)), None);
        assert_eq!(doubled(Table::Calls, &seen(9, 2), &seen(100, 1)), None);
        let of_nobody: Vec<Seen> = seen(20, 2).into_iter().map(|(_, at)| (0, at)).collect();
        assert_eq!(doubled(Table::Calls, &of_nobody, &[]), None);
    }
}

//! Sales of earlier periods that the CRM tells otherwise than it did: with other amounts, without any, or closed in this period.

use std::collections::HashMap;
use std::ops::Range;

use anyhow::Result;
use chrono::{DateTime, Days, TimeDelta, Utc};

use crate::marts::stored::Stored;
use crate::marts::tables::{Deal, deals_of_days};
use crate::model::data_fault::{DataFault, Emptied};
use crate::model::money::Minor;
use crate::model::period::Period;
use crate::model::zone;

/// Deals entered so many weeks before the period are compared with what they were: older ones say no more.
const WEEKS_BACK: u64 = 26;
/// Sales of earlier periods with an amount that must have been known, …
const LEAST_KNOWN: u64 = 10;
/// … of which so many, and one in so many, have another one for it to be told. A judgement: amounts of sales are corrected one by
/// one, and a fifth of half a year at once is an import, a tax or a unit.
const LEAST_REPRICED: u64 = 5;
const ONE_REPRICED_IN: u64 = 5;
/// An amount is another one beyond this share of it: kopecks are rounded away by some exports.
const SAME_AMOUNT: f64 = 0.005;
/// Sales that moved into the period, at the least, and one in so many of its own. A judgement: a deal that is opened again and
/// closed again moves by itself.
const LEAST_RECLOSED: u64 = 5;
const ONE_RECLOSED_IN: u64 = 3;
/// Closings that lie less before the period moved over its edge: clocks and time zones.
const EDGE: TimeDelta = TimeDelta::days(1);

/// What is told otherwise of the sales of an export that were closed before a period.
///
/// # Errors
/// When the lake cannot be read.
pub(in crate::marts) fn rewritten(
    stored: &Stored<'_>,
    export: &str,
    period: &Period,
) -> Result<Vec<DataFault>> {
    let (start, end) = zone::bounds(period, stored.plan.zone);
    let then = known_then(stored, export, period)?;
    let was_sold = |deal: &&Deal| deal.won_at().is_some_and(|at| at < start) && !deal.spam;
    let then: HashMap<&str, &Deal> = then
        .iter()
        .filter(was_sold)
        .map(|deal| (deal.id.as_str(), deal))
        .collect();
    if then.is_empty() {
        return Ok(Vec::new());
    }
    let deals = stored.tables.deals.iter().flatten();
    let sales = deals.filter(|deal| *deal.export == *export && deal.won_at().is_some());
    let sales: Vec<&Deal> = sales.filter(|deal| !deal.spam).collect();
    let told_again: Vec<Told<'_>> = sales
        .iter()
        .filter_map(|now| {
            let then = then.get(now.id.as_str())?;
            Some(Told { then, now })
        })
        .collect();
    let is_of_period = |deal: &&&Deal| (start..end).contains(&deal.ended_at);
    let of_period = sales.iter().filter(is_of_period).count() as u64;
    let found = [
        repriced(&told_again),
        reclosed(&told_again, &(start..end), of_period),
    ];
    Ok(found.into_iter().flatten().collect())
}

/// A sale as it was told and as it is.
struct Told<'a> {
    then: &'a Deal,
    now: &'a Deal,
}

/// The deals of an export as they were known when the period before was reported; where the lake knew none yet, by the end of
/// this one.
fn known_then(stored: &Stored<'_>, export: &str, period: &Period) -> Result<Vec<Deal>> {
    let (start, end) = zone::bounds(period, stored.plan.zone);
    let days = (
        period.from - Days::new(7 * WEEKS_BACK),
        period.from - Days::new(1),
    );
    for then in [start + TimeDelta::days(1), end] {
        if then >= stored.as_of {
            break;
        }
        let deals = deals_of_days((stored.lake, stored.plan), export, days, then)?;
        if !deals.is_empty() {
            return Ok(deals);
        }
    }
    Ok(Vec::new())
}

/// Sales whose amount is another one, or gone.
fn repriced(told: &[Told<'_>]) -> Option<DataFault> {
    let had_amount =
        |told: &&Told<'_>| told.then.amount.0 > 0 && told.then.currency == told.now.currency;
    let amounts: Vec<(i64, i64)> = told
        .iter()
        .filter(had_amount)
        .map(|told| (told.then.amount.0, told.now.amount.0))
        .collect();
    let is_changed =
        |(then, now): &&(i64, i64)| (now - then).abs() as f64 > SAME_AMOUNT * *then as f64;
    let changed: Vec<(i64, i64)> = amounts.iter().filter(is_changed).copied().collect();
    let (rows, of) = (changed.len() as u64, amounts.len() as u64);
    if of < LEAST_KNOWN || rows < LEAST_REPRICED || rows * ONE_REPRICED_IN < of {
        return None;
    }
    let kept = amounts.iter().filter(|(_, now)| *now > 0).count() as u64;
    let lost = of - kept;
    if 2 * lost >= rows {
        return Some(DataFault::Emptied {
            column: Emptied::Amount,
            rows: kept,
            of,
            usual_percent: 100,
        });
    }
    let (was, now): (Vec<i64>, Vec<i64>) = changed.into_iter().unzip();
    Some(DataFault::Repriced {
        rows,
        of,
        now: middle(now),
        was: middle(was),
    })
}

/// The middle one of some amounts, of which there is one at least; of two middle ones the higher.
fn middle(mut amounts: Vec<i64>) -> Minor {
    amounts.sort_unstable();
    Minor(amounts[amounts.len() / 2])
}

/// Sales of earlier periods that are closed in this one now; `of` are all that were closed in it.
fn reclosed(told: &[Told<'_>], period: &Range<DateTime<Utc>>, of: u64) -> Option<DataFault> {
    let has_moved = |told: &&Told<'_>| {
        told.then.ended_at + EDGE < period.start && period.contains(&told.now.ended_at)
    };
    let rows = told.iter().filter(has_moved).count() as u64;
    (rows >= LEAST_RECLOSED && rows * ONE_RECLOSED_IN >= of)
        .then_some(DataFault::Reclosed { rows, of })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marts::tables::{Ending, Standing};

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-{text}T10:00:00Z")
            .parse()
            .expect("a real day")
    }

    fn sale(amount: i64, closed: &str) -> Deal {
        Deal {
            ended_at: at(closed),
            standing: Standing::Ended(Ending::Won),
            amount: Minor(amount),
            ..Deal::of_test("a sale")
        }
    }

    /// What is told of so many sales of 1000, of which so many are of another amount now.
    fn amounts(all: usize, changed: usize, now: i64) -> Option<DataFault> {
        let then = sale(1000, "10-20");
        let (same, other) = (sale(1000, "10-20"), sale(now, "10-20"));
        let told: Vec<Told<'_>> = (0..all)
            .map(|n| Told {
                then: &then,
                now: if n < changed { &other } else { &same },
            })
            .collect();
        repriced(&told)
    }

    #[test]
    fn past_sales_that_cost_a_fifth_more_are_told_and_corrections_are_not() {
        let fault = DataFault::Repriced {
            rows: 40,
            of: 40,
            now: Minor(1200),
            was: Minor(1000),
        };
        assert_eq!(amounts(40, 40, 1200), Some(fault));
        assert_eq!(amounts(40, 7, 1200), None, "less than a fifth");
        assert_eq!(amounts(15, 4, 1200), None, "four were corrected");
        assert_eq!(amounts(9, 9, 1200), None, "too few were known");
        assert_eq!(amounts(40, 40, 1004), None, "kopecks");
    }

    #[test]
    fn past_sales_of_which_half_lost_their_amounts_are_told() {
        let fault = DataFault::Emptied {
            column: Emptied::Amount,
            rows: 20,
            of: 40,
            usual_percent: 100,
        };
        assert_eq!(amounts(40, 20, 0), Some(fault));
    }

    /// So many sales that were closed on a day and are closed on another now.
    fn moved(rows: usize, was: &str, now: &str, of: u64) -> Option<(u64, u64)> {
        let (then, now) = (sale(1000, was), sale(1000, now));
        let told: Vec<Told<'_>> = (0..rows)
            .map(|_| Told {
                then: &then,
                now: &now,
            })
            .collect();
        match reclosed(&told, &(at("11-09")..at("11-16")), of)? {
            DataFault::Reclosed { rows, of } => Some((rows, of)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn sales_of_earlier_weeks_that_are_closed_again_are_told_where_they_are_many() {
        assert_eq!(moved(6, "10-20", "11-12", 13), Some((6, 13)));
        assert_eq!(moved(4, "10-20", "11-12", 5), None, "opened again");
        assert_eq!(moved(6, "10-20", "11-12", 19), None, "less than a third");
        assert_eq!(moved(6, "10-20", "10-22", 13), None, "another past day");
        assert_eq!(moved(6, "11-09", "11-12", 13), None, "over the edge");
    }
}

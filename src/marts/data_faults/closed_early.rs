//! Sales that are dated before the deal was entered: they count in a period of which nothing else of them is known.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};

use crate::marts::stored::Stored;
use crate::marts::tables::{Deal, Ending, Standing};
use crate::model::data_fault::DataFault;
use crate::model::period::Period;
use crate::model::zone;

/// Such sales, at the least: one or two are a slip of the hand.
const LEAST_CLOSED_EARLY: u64 = 3;
/// At least one sale in so many. A judgement: a tenth of the sales elsewhere changes what is concluded.
const ONE_SALE_IN: u64 = 10;
/// A day without a time is dated by its midnight, and so may lie before the entry on the same day.
const MIDNIGHT_GRACE: TimeDelta = TimeDelta::days(1);

/// Sales of an export whose deals were entered in the period, and that are dated before.
pub(in crate::marts) fn closed_early(
    stored: &Stored<'_>,
    export: &str,
    period: &Period,
) -> Option<DataFault> {
    let deals = stored.tables.deals.as_deref()?;
    let (from, to) = zone::bounds(period, stored.plan.zone);
    told(deals, export, &(from..to))
}

fn told(deals: &[Deal], export: &str, period: &Range<DateTime<Utc>>) -> Option<DataFault> {
    let is_sale = |deal: &&Deal| {
        let is_won = deal.standing == Standing::Ended(Ending::Won) && !deal.spam;
        &*deal.export == export && is_won && period.contains(&deal.created_at)
    };
    let sales = || deals.iter().filter(is_sale);
    let early = sales().filter(|deal| deal.ended_at + MIDNIGHT_GRACE < deal.created_at);
    let (rows, of) = (early.count() as u64, sales().count() as u64);
    (rows >= LEAST_CLOSED_EARLY && rows * ONE_SALE_IN >= of)
        .then_some(DataFault::ClosedEarly { rows, of })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}T10:00:00Z").parse().expect("a real day")
    }

    /// So many sales entered on a day of the period, the first of them closed on another.
    fn found(all: usize, early: usize, closed: &str) -> Option<(u64, u64)> {
        let sale = |n: usize| Deal {
            created_at: at("2026-11-10"),
            ended_at: at(if n < early { closed } else { "2026-11-12" }),
            standing: Standing::Ended(Ending::Won),
            ..Deal::of_test(&n.to_string())
        };
        let deals: Vec<Deal> = (0..all).map(sale).collect();
        match told(&deals, "crm", &(at("2026-11-09")..at("2026-11-16")))? {
            DataFault::ClosedEarly { rows, of } => Some((rows, of)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn sales_before_the_entry_of_their_deals_are_told_where_they_are_many() {
        assert_eq!(found(8, 3, "2025-11-12"), Some((3, 8)), "a year too early");
        assert_eq!(found(8, 2, "2025-11-12"), None, "a slip of the hand");
        assert_eq!(found(40, 3, "2025-11-12"), None, "few");
        assert_eq!(found(8, 8, "2026-11-10"), None, "on the day of entry");
    }
}

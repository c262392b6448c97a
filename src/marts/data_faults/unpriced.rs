//! Sales without an amount: revenue is the sum of the others, and looks like all of it.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};

use super::USUAL_WEEKS;
use crate::marts::stored::Stored;
use crate::marts::tables::{Deal, Ending, Standing};
use crate::model::data_fault::DataFault;
use crate::model::period::Period;
use crate::model::zone;

/// Sales without an amount, at the least: one or two are forgotten in any CRM. Where no deal of the export has ever had one,
/// nothing feeds the amounts, and the first sale says so.
const LEAST_UNPRICED: u64 = 3;
/// At least one sale in so many. A judgement: a quarter less revenue changes what is concluded.
const ONE_SALE_IN: u64 = 4;
/// Where sales without an amount are usual (warranty, a first visit for nothing), so many times their usual share is news.
const TIMES_USUAL: u64 = 2;

/// Sales, and those of them without an amount.
#[derive(Debug, Clone, Copy, Default)]
struct Sales {
    unpriced: u64,
    all: u64,
}

/// Sales of a period without an amount, of an export of deals.
pub(in crate::marts) fn unpriced(
    stored: &Stored<'_>,
    export: &str,
    period: &Period,
) -> Option<DataFault> {
    let deals = stored.tables.deals.as_deref()?;
    let (from, to) = zone::bounds(period, stored.plan.zone);
    let usual = from - TimeDelta::weeks(USUAL_WEEKS.cast_signed());
    told(deals, export, &(from..to), &(usual..from))
}

/// The fault of a span of time; `before` is the span that says what is usual.
fn told(
    deals: &[Deal],
    export: &str,
    period: &Range<DateTime<Utc>>,
    before: &Range<DateTime<Utc>>,
) -> Option<DataFault> {
    let now = sales(deals, export, period);
    let usual = sales(deals, export, before);
    let is_priced = |deal: &Deal| &*deal.export == export && deal.amount.0 != 0;
    let has_no_amounts = now.unpriced > 0 && !deals.iter().any(is_priced);
    let is_many = now.unpriced >= LEAST_UNPRICED && now.unpriced * ONE_SALE_IN >= now.all;
    let is_much = is_many || has_no_amounts;
    // Shares compared without division; where nothing was sold before nothing is usual.
    let is_news = now.unpriced * usual.all > TIMES_USUAL * usual.unpriced * now.all;
    let is_told = is_much && (usual.all == 0 || is_news || now.unpriced == now.all);
    is_told.then_some(DataFault::Unpriced {
        rows: now.unpriced,
        of: now.all,
    })
}

fn sales(deals: &[Deal], export: &str, span: &Range<DateTime<Utc>>) -> Sales {
    let mut sales = Sales::default();
    let of_export = deals.iter().filter(|deal| &*deal.export == export);
    for deal in of_export.filter(|deal| !deal.spam) {
        let is_sale =
            deal.standing == Standing::Ended(Ending::Won) && span.contains(&deal.ended_at);
        sales.all += u64::from(is_sale);
        sales.unpriced += u64::from(is_sale && deal.amount.0 == 0);
    }
    sales
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::money::Minor;

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-{text}T10:00:00Z")
            .parse()
            .expect("a real day")
    }

    /// So many sales of a day, of which so many have no amount.
    fn of_day(day: &str, all: usize, unpriced: usize) -> Vec<Deal> {
        let sale = |n: usize| Deal {
            ended_at: at(day),
            standing: Standing::Ended(Ending::Won),
            amount: Minor(if n < unpriced { 0 } else { 100 }),
            ..Deal::of_test(&n.to_string())
        };
        (0..all).map(sale).collect()
    }

    fn found(now: (usize, usize), usual: (usize, usize)) -> Option<(u64, u64)> {
        let mut deals = of_day("11-10", now.0, now.1);
        deals.extend(of_day("10-20", usual.0, usual.1));
        let (period, before) = (at("11-09")..at("11-16"), at("09-14")..at("11-09"));
        match told(&deals, "crm", &period, &before)? {
            DataFault::Unpriced { rows, of } => Some((rows, of)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn sales_without_an_amount_are_told_where_they_are_many_and_not_usual() {
        assert_eq!(found((10, 5), (0, 0)), Some((5, 10)), "the first export");
        assert_eq!(found((10, 2), (0, 0)), None, "two are forgotten anywhere");
        assert_eq!(found((2, 2), (9, 0)), None, "nor are two of two news");
        assert_eq!(found((1, 1), (0, 0)), Some((1, 1)), "nothing has an amount");
        assert_eq!(found((20, 4), (0, 0)), None, "a fifth");
        assert_eq!(
            found((10, 3), (80, 8)),
            Some((3, 10)),
            "three times as usual"
        );
        assert_eq!(found((10, 4), (80, 32)), None, "two in five are usual here");
        assert_eq!(found((5, 5), (80, 80)), Some((5, 5)), "revenue is unknown");
    }
}

//! Who bought what, and what was given back: what the money of a report is made of.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::facts::PeriodFacts;
use super::money::Minor;
use super::period::{Period, PeriodKind};

/// All deals that the lake knows of, as far as they are money.
#[derive(Debug, Clone, PartialEq)]
pub struct Bought {
    /// Deals that were won, in the order in which they were made.
    pub purchases: Vec<Purchase>,
    /// How many deals were made on each day, whatever became of them.
    pub made: BTreeMap<NaiveDate, u64>,
    /// Money that was given back in rows of their own, by day.
    pub refund_rows: Vec<RefundRow>,
    /// The day of the first deal: earlier purchases are not known.
    pub known_from: NaiveDate,
    /// Advertising cost of each cohort of buyers; absent where costs do not reach so far back.
    pub spend: BTreeMap<Span, Minor>,
    /// The days before the reported period, as many as it has; only where the period before has another number of days.
    pub same_length: Option<PeriodFacts>,
}

/// First and last day, both included.
pub type Span = (NaiveDate, NaiveDate);

/// A deal that was won.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purchase {
    /// Who bought: the same number is the same person.
    pub buyer: usize,
    /// Whether anything tells who it is; without, every deal has a buyer of its own.
    pub has_keys: bool,
    /// When the deal was made.
    pub made_at: DateTime<Utc>,
    /// The same as a day of the pipeline's zone.
    pub made: NaiveDate,
    /// The day on which it was won.
    pub closed: NaiveDate,
    /// What it brought, minor units; without what was given back on a day that nobody says.
    pub amount: Minor,
    /// What its goods cost, where the export says.
    pub cost: Option<Minor>,
    /// What was given back of it.
    pub refund: Option<Refund>,
    /// Whether all of it went back on a day that nobody says: then it is no sale.
    pub is_returned: bool,
}

/// Money of a sale that was given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refund {
    /// The day, where it is known.
    pub day: Option<NaiveDate>,
    /// How much, above zero.
    pub amount: Minor,
}

/// Money that was given back in a row of its own, of which the sale is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefundRow {
    /// Who got it: the same number is the same person as a buyer.
    pub buyer: usize,
    /// The day.
    pub day: NaiveDate,
    /// How much, above zero.
    pub amount: Minor,
}

/// The most cohorts of weeks that are told apart: a year of them.
const MOST_WEEKS: usize = 53;

/// The months whose first-time buyers are followed, oldest first: from that of the first deal to that of the period's end.
pub fn months(known_from: NaiveDate, period: &Period) -> Vec<Period> {
    let last = Period::month_of(period.to);
    back_to(known_from, last).collect()
}

/// The weeks whose first-time buyers are followed, oldest first; of a period that is a week itself, at most a year of them.
pub fn weeks(known_from: NaiveDate, period: &Period) -> Vec<Period> {
    if period.kind != PeriodKind::Week {
        return Vec::new();
    }
    let all: Vec<Period> = back_to(known_from, period.clone()).collect();
    let skipped = all.len().saturating_sub(MOST_WEEKS);
    all.into_iter().skip(skipped).collect()
}

/// Periods of a kind from the one that holds a day to `last`, oldest first.
fn back_to(day: NaiveDate, last: Period) -> impl Iterator<Item = Period> {
    let run = std::iter::successors(Some(last), |period| Some(period.previous()));
    let mut run: Vec<Period> = run.take_while(|period| period.to >= day).collect();
    run.reverse();
    run.into_iter()
}

/// The days of a cohort that are known: neither before the first deal nor after the reported period.
pub fn known_days(cohort: &Period, known_from: NaiveDate, period: &Period) -> Span {
    (cohort.from.max(known_from), cohort.to.min(period.to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a test writes real days")
    }

    #[test]
    fn cohorts_reach_from_the_first_deal_to_the_reported_period() {
        let week = Period::week_of(day("2026-11-09"));
        let months: Vec<String> = months(day("2026-08-24"), &week)
            .into_iter()
            .map(|month| month.label)
            .collect();
        assert_eq!(months, ["2026-08", "2026-09", "2026-10", "2026-11"]);
        assert_eq!(weeks(day("2026-08-24"), &week).len(), 12);
        assert_eq!(weeks(day("2020-01-01"), &week).len(), MOST_WEEKS);
        assert!(weeks(day("2026-08-24"), &Period::month_of(day("2026-11-09"))).is_empty());
    }

    #[test]
    fn a_period_before_the_first_deal_has_no_cohort() {
        assert!(months(day("2026-12-01"), &Period::week_of(day("2026-11-09"))).is_empty());
    }

    #[test]
    fn the_days_of_a_cohort_are_cut_at_what_is_known() {
        let week = Period::week_of(day("2026-11-09"));
        let november = Period::month_of(day("2026-11-09"));
        assert_eq!(
            known_days(&november, day("2026-11-03"), &week),
            (day("2026-11-03"), day("2026-11-15"))
        );
    }
}

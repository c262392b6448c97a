//! The measures that managers have: of their deals.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::metrics::settings::MetricSettings;
use crate::metrics::values::Rate;
use crate::model::deal_paths::{DealPath, DealPaths};
use crate::model::money::Minor;
use crate::model::period::Period;
use crate::model::zone::local_day;

/// The deals of one manager in one period.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ManagerCounts {
    /// Deals entered in the period.
    pub deals: u64,
    /// Inquiries that they came from.
    pub inquiries: u64,
    /// Those of the deals that were won within the horizon.
    pub sales: u64,
    /// Their amount, before any refund that has a day.
    pub revenue: Minor,
    /// Deals won in the period, whenever they were entered.
    pub sales_closed: u64,
    /// Their amount, before any refund that has a day.
    pub revenue_closed: Minor,
    /// Sales ÷ deals; absent while they are young or too few.
    pub conv2: Option<f64>,
}

/// Managers by name, and all of them last without one.
pub type NamedCounts = Vec<(Option<String>, ManagerCounts)>;

/// The deals of each manager by period, by name and all of them last; deals that nobody is in charge of have an empty name.
pub fn managers(
    paths: &DealPaths,
    periods: &[Period],
    plan: &MetricSettings,
) -> Vec<(Period, NamedCounts)> {
    let known_to = local_day(paths.known_until, plan.zone);
    let of = |period: &Period| {
        let mut tally = Tallies::new(period, plan);
        paths.deals.iter().for_each(|deal| tally.add(deal));
        let age = (known_to - period.to).num_days();
        let is_mature = age >= i64::from(plan.sales.mature_days);
        (period.clone(), tally.rows(is_mature))
    };
    periods.iter().map(of).collect()
}

/// What one row adds up.
#[derive(Default)]
struct Tally {
    counts: ManagerCounts,
    inquiries: BTreeSet<usize>,
}

/// All rows of one period.
struct Tallies<'a> {
    period: &'a Period,
    plan: &'a MetricSettings,
    rows: BTreeMap<String, Tally>,
    all: Tally,
}

impl<'a> Tallies<'a> {
    fn new(period: &'a Period, plan: &'a MetricSettings) -> Self {
        Self {
            period,
            plan,
            rows: BTreeMap::new(),
            all: Tally::default(),
        }
    }

    fn add(&mut self, deal: &DealPath) {
        let created = deal.created.map(|(_, day)| day);
        let won = deal.won_at.map(|at| local_day(at, self.plan.zone));
        let inside = |day: Option<NaiveDate>| day.is_some_and(|day| self.period.contains(day));
        let (is_entered, is_closed) = (inside(created), inside(won));
        if !is_entered && !is_closed {
            return;
        }
        let horizon = i64::from(self.plan.sales.horizon_days);
        let in_time = |won: NaiveDate| created.is_some_and(|day| (won - day).num_days() <= horizon);
        let is_sale = is_entered && won.is_some_and(in_time);
        let own = self.rows.entry(deal.manager.trim().to_owned()).or_default();
        for tally in [own, &mut self.all] {
            tally.add(deal, [is_entered, is_sale, is_closed]);
        }
    }

    fn rows(self, is_mature: bool) -> NamedCounts {
        let min_events = self.plan.thresholds.min_events;
        let named = self
            .rows
            .into_iter()
            .map(|(name, tally)| (Some(name), tally));
        let rows = named.chain([(None, self.all)]);
        rows.map(|(name, tally)| (name, tally.finish(is_mature, min_events)))
            .collect()
    }
}

impl Tally {
    fn add(&mut self, deal: &DealPath, [is_entered, is_sale, is_closed]: [bool; 3]) {
        let counts = &mut self.counts;
        counts.deals += u64::from(is_entered);
        self.inquiries.extend(deal.inquiry.filter(|_| is_entered));
        if is_sale {
            counts.sales += 1;
            counts.revenue += deal.amount;
        }
        if is_closed {
            counts.sales_closed += 1;
            counts.revenue_closed += deal.amount;
        }
    }

    fn finish(self, is_mature: bool, min_events: u32) -> ManagerCounts {
        let counts = self.counts;
        let (sales, deals) = (counts.sales as f64, counts.deals as f64);
        let conv2 = Rate::new(Some(sales), Some(deals), min_events, None).value;
        ManagerCounts {
            inquiries: self.inquiries.len() as u64,
            conv2: conv2.filter(|_| is_mature),
            ..counts
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::{DateTime, Utc};

    use super::*;
    use crate::metrics::sample;

    fn at(day: u32) -> DateTime<Utc> {
        let day = NaiveDate::from_ymd_opt(2026, 3, day).expect("a day of March");
        day.and_hms_opt(9, 0, 0).expect("a time").and_utc()
    }

    fn deal(manager: &str, entered: u32, inquiry: usize, won: Option<u32>) -> DealPath {
        DealPath {
            id: String::new(),
            created: Some((at(entered), at(entered).date_naive())),
            credit: Vec::new(),
            manager: Arc::from(manager),
            steps: Vec::new(),
            reason: Arc::default(),
            is_untouched: false,
            inquiry: Some(inquiry),
            was_missed: false,
            first_talk_s: None,
            won_at: won.map(at),
            lost_at: None,
            amount: Minor(100),
        }
    }

    #[test]
    fn a_deal_counts_where_it_was_entered_and_where_it_was_won() {
        let deals = vec![
            deal("Anna", 3, 0, Some(12)),
            deal("Anna", 4, 0, None),
            deal("", 5, 1, Some(5)),
        ];
        let paths = DealPaths {
            precision: None,
            known_from: None,
            known_until: at(20),
            deals,
        };
        let weeks = [2, 9].map(|day| Period::week_of(at(day).date_naive()));
        let tables = managers(&paths, &weeks, &sample::plan());
        let told = tables[0].1.iter().map(|(name, counts)| {
            (
                name.as_deref(),
                counts.deals,
                counts.inquiries,
                counts.sales,
                counts.sales_closed,
            )
        });
        let told: Vec<_> = told.collect();
        assert_eq!(
            told,
            [
                (Some(""), 1, 1, 1, 1),
                (Some("Anna"), 2, 1, 1, 0),
                (None, 3, 2, 2, 1),
            ]
        );
        let (name, later) = &tables[1].1[0];
        assert_eq!(name.as_deref(), Some("Anna"));
        assert_eq!((later.deals, later.sales), (0, 0));
        assert_eq!((later.sales_closed, later.revenue_closed), (1, Minor(100)));
    }
}

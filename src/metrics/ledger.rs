//! Inquiries and sales in order of their days, so that any period is a slice.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, TimeDelta};

use super::credit::Credit;
use super::money::margin;
use super::settings::MetricSettings;
use crate::model::channel::ChannelId;
use crate::model::facts::{Arrived, Facts, Inquiry, MatchedBy, Sale};
use crate::model::money::Minor;
use crate::model::period::Period;
use crate::model::tabulated::TabledPeriod;
use crate::model::zone::local_day;

/// An inquiry with its credit in whole units.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// The day it arrived.
    pub(super) day: NaiveDate,
    /// What its channel was found by.
    pub(super) matched_by: MatchedBy,
    /// Its credit.
    pub(super) credit: Credit<'a>,
    sales: &'a [Sale],
    refunds: &'a [Sale],
}

impl Entry<'_> {
    /// Its sales up to and including `last_day` and within `window` days of the inquiry.
    pub(super) fn sales_until(
        &self,
        last_day: NaiveDate,
        window: u32,
    ) -> impl Iterator<Item = &Sale> {
        self.sales
            .iter()
            .filter(move |sale| sale.day <= last_day && lag(self.day, sale) <= window)
    }

    /// What was given back of its sales up to and including `last_day` and within `window` days of the inquiry.
    fn refunds_until(&self, last_day: NaiveDate, window: u32) -> impl Iterator<Item = &Sale> {
        self.refunds
            .iter()
            .filter(move |refund| refund.day <= last_day && lag(self.day, refund) <= window)
    }

    /// Whole days from the inquiry to its first sale; a sale dated before its inquiry counts as made on the same day.
    pub(super) fn first_lag(&self, last_day: NaiveDate) -> Option<u32> {
        self.sales
            .iter()
            .filter(|sale| sale.day <= last_day)
            .map(|sale| lag(self.day, sale))
            .min()
    }
}

/// Whole days from an inquiry to its sale; a sale dated before its inquiry counts as made on the same day.
fn lag(inquiry: NaiveDate, sale: &Sale) -> u32 {
    u32::try_from((sale.day - inquiry).num_days()).unwrap_or(0)
}

/// How many inquiries arrived and how many sales they made, in units of credit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Made {
    /// Inquiries.
    pub(super) inquiries: u64,
    /// Their sales.
    pub(super) sales: u64,
    /// Amount of those sales, minor units.
    pub(super) revenue: i128,
    /// Whether any of them has an amount.
    pub(super) is_priced: bool,
}

impl Made {
    pub(super) fn add(&mut self, other: Self) {
        self.inquiries += other.inquiries;
        self.sales += other.sales;
        self.revenue += other.revenue;
        self.is_priced |= other.is_priced;
    }
}

/// A sale beside its inquiry.
#[derive(Debug)]
struct SaleOfInquiry<'a> {
    day: NaiveDate,
    /// Place of the inquiry in [`Ledger::entries`].
    entry: usize,
    sale: &'a Sale,
}

/// All inquiries and sales of a report, in order of their days.
#[derive(Debug)]
pub(super) struct Ledger<'a> {
    entries: Vec<Entry<'a>>,
    closed: Vec<SaleOfInquiry<'a>>,
    refunded: Vec<SaleOfInquiry<'a>>,
    without_inquiry: Vec<&'a Sale>,
    refunds_without_inquiry: Vec<&'a Sale>,
    /// False when no export of contacts has arrived.
    pub(super) has_inquiries: bool,
    /// False when no export of deals has arrived.
    pub(super) has_deals: bool,
    /// False when it is not known of inquiries whether they sold.
    pub(super) has_cohorts: bool,
    /// What reaches into the reported period.
    pub(super) arrived: Arrived,
    /// The last whole day that sales are known of, in the pipeline's zone.
    pub(super) last_day: NaiveDate,
    first_sale: Option<NaiveDate>,
    horizon: u32,
    mature: u32,
    margin_rate: Option<f64>,
}

impl<'a> Ledger<'a> {
    /// Sorts the facts; their own order does not matter.
    pub(super) fn new(facts: &'a Facts, plan: &MetricSettings) -> Self {
        let mut entries: Vec<Entry<'a>> = facts.inquiries.iter().flatten().map(entry).collect();
        entries.sort_by_key(|entry| entry.day);
        let closed = by_day(&entries, |entry| entry.sales);
        let refunded = by_day(&entries, |entry| entry.refunds);
        let without_inquiry: Vec<&Sale> = facts.sales_without_inquiry.iter().collect();
        let days_closed = closed.iter().map(|closed| closed.day);
        let days_without_inquiry = without_inquiry.iter().map(|sale| sale.day);
        let first_sale = days_closed.chain(days_without_inquiry).min();
        // Sales are known up to this instant, not beyond: at midnight the last whole day is the one before.
        let last_second = facts.known_until - TimeDelta::seconds(1);
        Self {
            entries,
            closed,
            refunded,
            without_inquiry,
            refunds_without_inquiry: facts.refunds_without_inquiry.iter().collect(),
            has_inquiries: facts.inquiries.is_some(),
            has_deals: facts.has_deals,
            has_cohorts: facts.inquiries.is_some() && facts.has_deals && facts.sales_are_traced,
            arrived: facts.arrived,
            last_day: local_day(last_second, plan.zone),
            first_sale,
            horizon: plan.sales.horizon_days,
            mature: plan.sales.mature_days,
            margin_rate: plan.money.margin,
        }
    }

    /// The same ledger for another period of a table: what is known of that one.
    pub(super) fn look_at(&mut self, period: &TabledPeriod, plan: &MetricSettings) {
        let last_second = period.known_until - TimeDelta::seconds(1);
        self.last_day = local_day(last_second, plan.zone);
        self.arrived = period.arrived;
        self.has_cohorts = self.has_inquiries && self.has_deals && period.sales_are_traced;
    }

    /// The gross margin of a sale, where it is known.
    pub(super) fn margin(&self, sale: &Sale) -> Option<Minor> {
        margin::gross(sale.amount, sale.cost, self.margin_rate)
    }

    /// Inquiries that arrived between two days, both included.
    pub(super) fn arrived(&self, from: NaiveDate, to: NaiveDate) -> &[Entry<'a>] {
        let start = self.entries.partition_point(|entry| entry.day < from);
        let end = self.entries.partition_point(|entry| entry.day <= to);
        &self.entries[start..end.max(start)]
    }

    /// Sales of inquiries that were won between two days, both included, with their inquiries.
    pub(super) fn closed(
        &self,
        from: NaiveDate,
        to: NaiveDate,
    ) -> impl Iterator<Item = (&Entry<'a>, &'a Sale)> {
        self.between(&self.closed, from, to)
    }

    /// What was given back of sales of inquiries between two days, both included, with the inquiries.
    pub(super) fn refunded(
        &self,
        from: NaiveDate,
        to: NaiveDate,
    ) -> impl Iterator<Item = (&Entry<'a>, &'a Sale)> {
        self.between(&self.refunded, from, to)
    }

    fn between<'s>(
        &'s self,
        list: &'s [SaleOfInquiry<'a>],
        from: NaiveDate,
        to: NaiveDate,
    ) -> impl Iterator<Item = (&'s Entry<'a>, &'a Sale)> {
        let start = list.partition_point(|closed| closed.day < from);
        let end = list.partition_point(|closed| closed.day <= to);
        list[start..end.max(start)]
            .iter()
            .map(|closed| (&self.entries[closed.entry], closed.sale))
    }

    /// Sales without an inquiry that were won in the period.
    pub(super) fn without_inquiry(&self, period: &Period) -> impl Iterator<Item = &'a Sale> {
        self.without_inquiry
            .iter()
            .copied()
            .filter(|sale| period.contains(sale.day))
    }

    /// What was given back in the period to people of no known inquiry.
    pub(super) fn refunds_without_inquiry(
        &self,
        period: &Period,
    ) -> impl Iterator<Item = &'a Sale> {
        self.refunds_without_inquiry
            .iter()
            .copied()
            .filter(|refund| period.contains(refund.day))
    }

    /// Sales without an inquiry that were won between two days, both included.
    pub(super) fn without_inquiry_between(
        &self,
        from: NaiveDate,
        to: NaiveDate,
    ) -> impl Iterator<Item = &'a Sale> {
        let all = self.without_inquiry.iter().copied();
        all.filter(move |sale| (from..=to).contains(&sale.day))
    }

    /// What was given back between two days to people of no known inquiry.
    pub(super) fn refunds_without_inquiry_between(
        &self,
        from: NaiveDate,
        to: NaiveDate,
    ) -> impl Iterator<Item = &'a Sale> {
        let all = self.refunds_without_inquiry.iter().copied();
        all.filter(move |refund| (from..=to).contains(&refund.day))
    }

    /// A cohort by channel: the inquiries of a period and their sales up to `until`, within `window` days each.
    pub(super) fn cohort(
        &self,
        period: &Period,
        until: NaiveDate,
        window: u32,
    ) -> BTreeMap<&'a ChannelId, Made> {
        let mut made = BTreeMap::<&ChannelId, Made>::new();
        for entry in self.arrived(period.from, period.to) {
            let (mut sales, mut is_priced) = (0, false);
            for sale in entry.sales_until(until, window) {
                sales += 1;
                is_priced |= sale.amount.0 != 0;
                for (channel, part) in entry.credit.split(sale.amount.0) {
                    made.entry(channel).or_default().revenue += part;
                }
            }
            for refund in entry.refunds_until(until, window) {
                for (channel, part) in entry.credit.split(refund.amount.0) {
                    made.entry(channel).or_default().revenue += part;
                }
            }
            // The second conversion counts inquiries that sold: one with two deals is one.
            let has_sold = sales.min(1);
            for (channel, units) in entry.credit.units() {
                made.entry(channel).or_default().add(Made {
                    inquiries: units,
                    sales: units * has_sold,
                    revenue: 0,
                    is_priced,
                });
            }
        }
        made
    }

    /// Sales later than so many days after the inquiry do not count for its cohort.
    pub(super) fn horizon(&self) -> u32 {
        self.horizon
    }

    /// Whether inquiries of a past period are known: before the very first one nothing was collected yet.
    pub(super) fn knows_inquiries(&self, period: &Period) -> bool {
        self.entries
            .first()
            .is_some_and(|first| period.to >= first.day)
    }

    /// Whether sales closed in a past period are known.
    pub(super) fn knows_closed(&self, period: &Period) -> bool {
        self.has_deals && self.first_sale.is_some_and(|first| period.to >= first)
    }

    /// The first day whose inquiries could have been seen to sell: `mature_days` before the first sale known.
    pub(super) fn sales_known_from(&self) -> Option<NaiveDate> {
        if !self.has_cohorts {
            return None;
        }
        self.first_sale?
            .checked_sub_days(Days::new(self.mature.into()))
    }
}

/// All sales of inquiries, or all refunds, in order of their days; those of one day stay in the order of their inquiries.
fn by_day<'a>(
    entries: &[Entry<'a>],
    of: impl Fn(&Entry<'a>) -> &'a [Sale],
) -> Vec<SaleOfInquiry<'a>> {
    let mut closed = Vec::new();
    for (entry, inquiry) in entries.iter().enumerate() {
        for sale in of(inquiry) {
            closed.push(SaleOfInquiry {
                day: sale.day,
                entry,
                sale,
            });
        }
    }
    closed.sort_by_key(|closed| closed.day);
    closed
}

fn entry(inquiry: &Inquiry) -> Entry<'_> {
    Entry {
        day: inquiry.day,
        matched_by: inquiry.matched_by,
        credit: Credit::new(&inquiry.credit),
        sales: &inquiry.sales,
        refunds: &inquiry.refunds,
    }
}

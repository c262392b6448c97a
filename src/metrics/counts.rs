//! Counts of one period, by channel and for the total: exact sums, with the unknown kept apart from zero.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::credit::{WHOLE, events};
use super::ledger::{Ledger, Made};
use super::values::Measures;
use crate::model::channel::ChannelId;
use crate::model::facts::{PeriodFacts, Spend, Traffic};
use crate::model::money::Minor;
use crate::model::period::Period;

/// Counts of one period.
#[derive(Debug, Clone)]
pub(super) struct PeriodCounts {
    /// The period.
    pub(super) period: Period,
    /// All channels together.
    pub(super) total: Measures,
    channels: BTreeMap<ChannelId, Measures>,
    idle: Measures,
}

/// What of a period is known; the rest stays absent.
#[derive(Debug, Clone, Copy)]
struct KnownOfPeriod {
    traffic: bool,
    spend: bool,
    inquiries: bool,
    cohort: bool,
    closed: bool,
    /// Amounts of the cohort's sales, and of those closed: where none of several sales has one, their sum is no zero.
    revenue: bool,
    revenue_closed: bool,
}

/// Sales closed in a period: units of credit and minor units.
#[derive(Debug, Clone, Copy, Default)]
struct ClosedUnits {
    sales: u64,
    /// Less what was given back in rows of their own.
    revenue: i128,
    given_back: i128,
    /// Whether any of them has an amount.
    is_priced: bool,
    /// Gross margin of those whose margin is known.
    margin: i128,
    /// Units of credit of those whose margin is not.
    without_margin: u64,
}

impl ClosedUnits {
    /// Takes off what a refund gave back, an amount below zero.
    fn give_back(&mut self, amount: i128) {
        self.revenue += amount;
        self.given_back -= amount;
    }
}

impl PeriodCounts {
    /// Counts the reported period: what has arrived is known, even where it is zero; what no export reaches is not.
    pub(super) fn reported(facts: &PeriodFacts, ledger: &Ledger<'_>) -> Self {
        let inquiries = ledger.has_inquiries && ledger.arrived.contacts;
        let sales = ledger.has_deals && ledger.arrived.deals;
        let known = KnownOfPeriod {
            traffic: facts.traffic.is_some(),
            spend: facts.spend.is_some(),
            inquiries,
            cohort: inquiries && sales && ledger.has_cohorts,
            closed: sales,
            revenue: true,
            revenue_closed: true,
        };
        Self::count(facts, ledger, known)
    }

    /// Counts a past period. `has_traffic` is false for periods before the first session: nothing was collected yet.
    pub(super) fn past(facts: &PeriodFacts, ledger: &Ledger<'_>, has_traffic: bool) -> Self {
        let known = KnownOfPeriod {
            traffic: facts.traffic.is_some() && has_traffic,
            spend: facts.spend.is_some(),
            inquiries: ledger.knows_inquiries(&facts.period),
            cohort: ledger
                .sales_known_from()
                .is_some_and(|from| facts.period.to >= from)
                && ledger.knows_inquiries(&facts.period),
            closed: ledger.knows_closed(&facts.period),
            revenue: true,
            revenue_closed: true,
        };
        Self::count(facts, ledger, known)
    }

    /// The counts of a channel; one without a row of its own did nothing in what is known.
    pub(super) fn channel(&self, channel: &ChannelId) -> &Measures {
        self.channels.get(channel).unwrap_or(&self.idle)
    }

    /// Channels that did something.
    pub(super) fn channels(&self) -> impl Iterator<Item = &ChannelId> {
        self.channels.keys()
    }

    fn count(facts: &PeriodFacts, ledger: &Ledger<'_>, known: KnownOfPeriod) -> Self {
        let period = &facts.period;
        let traffic = facts.traffic.as_ref().filter(|_| known.traffic);
        let cohort = ledger.cohort(period, NaiveDate::MAX, ledger.horizon());
        let closed = closed(ledger, period);
        let seen: BTreeSet<&ChannelId> = (traffic.into_iter().flat_map(BTreeMap::keys))
            .chain(facts.spend.iter().flat_map(BTreeMap::keys))
            .chain(cohort.keys().copied())
            .chain(closed.keys().copied())
            .chain(facts.stages.iter().flat_map(BTreeMap::keys))
            .collect();
        let known = KnownOfPeriod {
            revenue: is_priced(cohort.values().map(|of| (of.sales, of.is_priced))),
            revenue_closed: is_closed_priced(ledger, period, &closed),
            ..known
        };
        let known_by_channel = KnownOfPeriod {
            closed: known.closed && ledger.has_cohorts,
            ..known
        };
        // A channel that is absent from traffic that arrived had no sessions, and so no users.
        let no_traffic = Traffic {
            sessions: 0,
            users: Some(0),
        };
        let of = |channel| {
            let traffic = traffic
                .and_then(|by| by.get(channel))
                .copied()
                .unwrap_or(no_traffic);
            let spend = facts
                .spend
                .as_ref()
                .and_then(|by| by.get(channel))
                .copied()
                .unwrap_or_default();
            let made = cohort.get(channel).copied().unwrap_or_default();
            measures(
                known_by_channel,
                traffic,
                spend,
                made,
                closed.get(channel).copied().unwrap_or_default(),
            )
        };
        let channels: BTreeMap<_, _> = seen
            .into_iter()
            .map(|channel| (channel.clone(), of(channel)))
            .collect();
        let idle = measures(
            known_by_channel,
            no_traffic,
            Spend::default(),
            Made::default(),
            ClosedUnits::default(),
        );
        let total = total(facts, known, sum_traffic(traffic), &cohort, &closed, ledger);
        Self {
            period: period.clone(),
            total,
            channels,
            idle,
        }
    }
}

/// Whether sales say what they brought: one of them has an amount, or there is at most one, which may have been a gift.
fn is_priced(sales: impl Iterator<Item = (u64, bool)>) -> bool {
    let (mut sold, mut priced) = (0, false);
    for (sales, is_priced) in sales {
        sold += sales;
        priced |= is_priced;
    }
    priced || sold <= WHOLE
}

/// The same of all sales that were closed, whoever they were of.
fn is_closed_priced(
    ledger: &Ledger<'_>,
    period: &Period,
    closed: &BTreeMap<&ChannelId, ClosedUnits>,
) -> bool {
    let of_inquiries = closed.values().map(|of| (of.sales, of.is_priced));
    let others = ledger.without_inquiry(period);
    is_priced(of_inquiries.chain(others.map(|sale| (WHOLE, sale.amount.0 != 0))))
}

fn closed<'a>(ledger: &Ledger<'a>, period: &Period) -> BTreeMap<&'a ChannelId, ClosedUnits> {
    let mut closed = BTreeMap::<&ChannelId, ClosedUnits>::new();
    for (entry, sale) in ledger.closed(period.from, period.to) {
        for (channel, units) in entry.credit.units() {
            let of_channel = closed.entry(channel).or_default();
            of_channel.sales += units;
            of_channel.is_priced |= sale.amount.0 != 0;
        }
        for (channel, part) in entry.credit.split(sale.amount.0) {
            closed.entry(channel).or_default().revenue += part;
        }
        match ledger.margin(sale) {
            Some(margin) => {
                for (channel, part) in entry.credit.split(margin.0) {
                    closed.entry(channel).or_default().margin += part;
                }
            }
            None => {
                for (channel, units) in entry.credit.units() {
                    closed.entry(channel).or_default().without_margin += units;
                }
            }
        }
    }
    // A refund lessens the revenue of its own day, and is no sale.
    for (entry, refund) in ledger.refunded(period.from, period.to) {
        for (channel, part) in entry.credit.split(refund.amount.0) {
            closed.entry(channel).or_default().give_back(part);
        }
    }
    closed
}

fn total(
    facts: &PeriodFacts,
    known: KnownOfPeriod,
    sessions: u64,
    cohort: &BTreeMap<&ChannelId, Made>,
    closed: &BTreeMap<&ChannelId, ClosedUnits>,
    ledger: &Ledger<'_>,
) -> Measures {
    let mut made = Made::default();
    cohort.values().for_each(|part| made.add(*part));
    let mut all_closed = ClosedUnits::default();
    for part in closed.values() {
        all_closed.sales += part.sales;
        all_closed.revenue += part.revenue;
        all_closed.given_back += part.given_back;
        all_closed.margin += part.margin;
        all_closed.without_margin += part.without_margin;
    }
    for sale in ledger.without_inquiry(&facts.period) {
        all_closed.sales += WHOLE;
        all_closed.revenue += i128::from(sale.amount.0);
        match ledger.margin(sale) {
            Some(margin) => all_closed.margin += i128::from(margin.0),
            None => all_closed.without_margin += WHOLE,
        }
    }
    for refund in ledger.refunds_without_inquiry(&facts.period) {
        all_closed.give_back(i128::from(refund.amount.0));
    }
    let traffic = Traffic {
        sessions,
        users: None,
    };
    let users = facts.users_total.filter(|_| known.traffic);
    Measures {
        users,
        ..measures(known, traffic, sum_spend(facts), made, all_closed)
    }
}

fn measures(
    known: KnownOfPeriod,
    traffic: Traffic,
    spend: Spend,
    made: Made,
    closed: ClosedUnits,
) -> Measures {
    let is_margin_known = known.closed && known.revenue_closed && closed.without_margin == 0;
    Measures {
        sessions: known.traffic.then_some(traffic.sessions),
        users: traffic.users.filter(|_| known.traffic),
        inquiries: known.inquiries.then(|| events(made.inquiries)),
        sales: known.cohort.then(|| events(made.sales)),
        revenue: (known.cohort && known.revenue).then(|| minor(made.revenue)),
        sales_closed: known.closed.then(|| events(closed.sales)),
        revenue_closed: (known.closed && known.revenue_closed).then(|| minor(closed.revenue)),
        given_back: minor(closed.given_back),
        gross_margin: is_margin_known.then(|| minor(closed.margin)),
        spend: known.spend.then_some(spend.cost),
        impressions: known.spend.then_some(spend.impressions),
        clicks: known.spend.then_some(spend.clicks),
    }
}

fn sum_traffic(traffic: Option<&BTreeMap<ChannelId, Traffic>>) -> u64 {
    traffic
        .into_iter()
        .flat_map(BTreeMap::values)
        .fold(0, |sum, row| sum.saturating_add(row.sessions))
}

fn sum_spend(facts: &PeriodFacts) -> Spend {
    let mut cost = 0_i128;
    let mut sum = Spend::default();
    for row in facts.spend.iter().flat_map(BTreeMap::values) {
        sum.impressions = sum.impressions.saturating_add(row.impressions);
        sum.clicks = sum.clicks.saturating_add(row.clicks);
        cost += i128::from(row.cost.0);
    }
    Spend {
        cost: minor(cost),
        ..sum
    }
}

/// An exact sum as an amount; beyond ±9·10¹⁸ it stays at the end of the range.
fn minor(sum: i128) -> Minor {
    Minor(i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX }))
}

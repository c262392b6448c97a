//! Managers side by side: what they got, how fast it was answered, and what they sold of what was to be expected.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::ranks::quantile;
use super::rate::Z;
use super::settings::MetricSettings;
use crate::model::channel::ChannelId;
use crate::model::deal_paths::{DealPath, DealPaths};
use crate::model::facts::Facts;
use crate::model::zone;
use chrono::{Days, NaiveDate};

/// A median of fewer says nothing.
const LEAST_ANSWERED: usize = 5;

/// One manager.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManagerRow {
    /// The name, as the CRM has it.
    pub manager: String,
    /// Deals entered in the period.
    pub deals: u64,
    /// Inquiries that they came from.
    pub inquiries: u64,
    /// Deals of people whose first call was missed.
    pub missed: u64,
    /// Deals that nobody has touched since their entry.
    pub untouched: u64,
    /// Deals of people who had to wait, and whose first talk is known.
    pub answered: u64,
    /// Their median seconds from the inquiry to the first talk; absent for fewer than five.
    pub response_s: Option<f64>,
    /// Sales of the deals of the mature periods against those that the channels let expect; absent without any.
    pub conv2: Option<AgainstExpected>,
}

/// Sales of a manager against what his channels let expect.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AgainstExpected {
    /// The first day of the deals.
    pub from: NaiveDate,
    /// Their last day.
    pub to: NaiveDate,
    /// Deals.
    pub deals: u64,
    /// Those of them that were won in time.
    pub observed: f64,
    /// `Σ` over channels of the manager's deals times the share that all managers won of that channel's.
    pub expected: f64,
    /// `observed ÷ expected`; absent below the least number of events.
    pub ratio: Option<f64>,
    /// Lower end of its 95 % interval.
    pub low: Option<f64>,
    /// Upper end of its 95 % interval.
    pub high: Option<f64>,
}

/// Deals lost in the period for one reason, by channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refusals {
    /// The reason, as the CRM has it.
    pub reason: String,
    /// The channel.
    pub channel: ChannelId,
    /// Deals; a fraction under multi-touch models.
    pub deals: f64,
}

/// The managers of the deals that were entered in the period or are judged by their sales, by name.
pub(super) fn managers(facts: &Facts, plan: &MetricSettings) -> Vec<ManagerRow> {
    let (Some(paths), Some(now)) = (&facts.deal_paths, facts.periods.last()) else {
        return Vec::new();
    };
    let names: BTreeSet<&str> = paths
        .deals
        .iter()
        .map(|deal| &*deal.manager)
        .filter(|name| !name.is_empty())
        .collect();
    let mature = Mature::of(facts, paths, plan);
    let period = &now.period;
    let is_entered = |deal: &&DealPath| {
        let day = deal.created.map(|(_, day)| day);
        day.is_some_and(|day| (period.from..=period.to).contains(&day))
    };
    let entered: Vec<&DealPath> = paths.deals.iter().filter(is_entered).collect();
    let row = |name: &str| {
        let own: Vec<&DealPath> = entered
            .iter()
            .filter(|deal| &*deal.manager == name)
            .copied()
            .collect();
        row(
            name,
            &own,
            mature
                .as_ref()
                .and_then(|mature| mature.manager(name, plan)),
        )
    };
    let rows = names.into_iter().map(row);
    rows.filter(|row| row.deals > 0 || row.conv2.is_some())
        .collect()
}

fn row(name: &str, own: &[&DealPath], conv2: Option<AgainstExpected>) -> ManagerRow {
    let count = |is_it: fn(&DealPath) -> bool| own.iter().filter(|deal| is_it(deal)).count() as u64;
    let inquiries: BTreeSet<usize> = own.iter().filter_map(|deal| deal.inquiry).collect();
    let waits: Vec<f64> = own
        .iter()
        .filter_map(|deal| deal.first_talk_s.map(f64::from))
        .collect();
    ManagerRow {
        manager: name.to_owned(),
        deals: own.len() as u64,
        inquiries: inquiries.len() as u64,
        missed: count(|deal| deal.was_missed),
        untouched: count(|deal| deal.is_untouched),
        answered: waits.len() as u64,
        response_s: quantile(&waits, 0.5).filter(|_| waits.len() >= LEAST_ANSWERED),
        conv2,
    }
}

/// The deals of the base periods that are mature by now, with what became of them in that time.
struct Mature<'a> {
    from: NaiveDate,
    to: NaiveDate,
    deals: Vec<(&'a DealPath, bool)>,
    /// Deals and sales by channel.
    by_channel: BTreeMap<&'a ChannelId, (f64, f64)>,
}

impl<'a> Mature<'a> {
    fn of(facts: &'a Facts, paths: &'a DealPaths, plan: &MetricSettings) -> Option<Self> {
        if !facts.has_deals {
            return None;
        }
        let age = Days::new(u64::from(plan.sales.mature_days));
        let last_day = zone::local_day(paths.known_until, plan.zone);
        let is_mature = |to: NaiveDate| to + age <= last_day;
        let mature = facts
            .periods
            .iter()
            .filter(|period| is_mature(period.period.to));
        let mature: Vec<_> = mature.map(|facts| &facts.period).collect();
        let first = mature
            .len()
            .saturating_sub(plan.thresholds.base_periods as usize);
        let (from, to) = (mature.get(first)?.from, mature.last()?.to);
        let mut of = Self {
            from,
            to,
            deals: Vec::new(),
            by_channel: BTreeMap::new(),
        };
        for deal in &paths.deals {
            let Some((_, day)) = deal.created.filter(|(_, day)| (from..=to).contains(day)) else {
                continue;
            };
            let in_time = |at| zone::local_day(at, plan.zone) <= day + age;
            let is_won = deal.won_at.is_some_and(in_time);
            of.deals.push((deal, is_won));
            for (channel, share) in &deal.credit {
                let sum = of.by_channel.entry(channel).or_default();
                sum.0 += share;
                sum.1 += if is_won { *share } else { 0.0 };
            }
        }
        Some(of)
    }

    fn manager(&self, name: &str, plan: &MetricSettings) -> Option<AgainstExpected> {
        let own: Vec<&(&DealPath, bool)> = self
            .deals
            .iter()
            .filter(|(deal, _)| &*deal.manager == name)
            .collect();
        if own.is_empty() {
            return None;
        }
        let observed = own.iter().filter(|(_, is_won)| *is_won).count() as f64;
        let mut expected = 0.0;
        for (channel, share) in own.iter().flat_map(|(deal, _)| &deal.credit) {
            let (deals, won) = self.by_channel.get(channel).copied().unwrap_or_default();
            expected += if deals > 0.0 {
                share * won / deals
            } else {
                0.0
            };
        }
        let is_enough = expected.max(observed) >= f64::from(plan.thresholds.min_events);
        let is_stated = is_enough && expected > 0.0;
        let (low, high) = byar(observed);
        Some(AgainstExpected {
            from: self.from,
            to: self.to,
            deals: own.len() as u64,
            observed,
            expected,
            ratio: is_stated.then(|| observed / expected),
            low: is_stated.then(|| low / expected),
            high: is_stated.then(|| high / expected),
        })
    }
}

/// The 95 % limits of a Poisson count by Byar's approximation: Breslow and Day, Statistical Methods in Cancer Research II
/// (1987), 2.13.
fn byar(count: f64) -> (f64, f64) {
    let limit = |of: f64, z: f64| {
        let root = 1.0 - 1.0 / (9.0 * of) + z / (3.0 * of.sqrt());
        of * root.powi(3)
    };
    let low = if count > 0.0 { limit(count, -Z) } else { 0.0 };
    (low.max(0.0), limit(count + 1.0, Z))
}

/// Deals lost in the period by reason and channel, the most first; those without a reason are left out.
pub(super) fn refusals(facts: &Facts, plan: &MetricSettings) -> Vec<Refusals> {
    let (Some(paths), Some(now)) = (&facts.deal_paths, facts.periods.last()) else {
        return Vec::new();
    };
    let (from, until) = zone::bounds(&now.period, plan.zone);
    let mut counts: BTreeMap<(&str, &ChannelId), f64> = BTreeMap::new();
    for deal in &paths.deals {
        let is_lost = deal.lost_at.is_some_and(|at| (from..until).contains(&at));
        if !is_lost || deal.reason.is_empty() {
            continue;
        }
        for (channel, share) in &deal.credit {
            *counts.entry((&deal.reason, channel)).or_default() += share;
        }
    }
    let mut rows: Vec<Refusals> = counts
        .into_iter()
        .map(|((reason, channel), deals)| Refusals {
            reason: reason.to_owned(),
            channel: channel.clone(),
            deals,
        })
        .collect();
    rows.sort_by(|one, other| other.deals.total_cmp(&one.deals));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    // Breslow and Day (1987), table 2.10: limits of 10 are 4.79 and 18.39.
    #[test]
    fn the_limits_of_a_count_are_those_of_the_book() {
        let (low, high) = byar(10.0);
        assert!(
            (low - 4.79).abs() < 0.02 && (high - 18.39).abs() < 0.02,
            "{low} {high}"
        );
        assert_eq!(byar(0.0).0, 0.0);
    }
}

//! Costs that two exports tell: a firm's own table of all systems, and the report of one of them beside it.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use chrono::NaiveDate;

use super::{Cost, Costs};
use crate::model::data_fault::DataFault;
use crate::model::money::Minor;
use crate::model::period::Period;

/// Rows of one campaign, day and amount that two exports must share to be told of: fewer are chance. A judgement.
const FEWEST_ROWS: u64 = 5;
/// Days of a channel with the same sum, where the rows have other names.
const FEWEST_DAYS: u64 = 3;
/// Of the rows or days of the shorter of the two, so many percent are shared.
const MOST_OF: u64 = 80;

/// What two exports tell alike.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Shared {
    count: u64,
    cost: i64,
}

impl Costs {
    /// What an export tells of a period that one before it tells as well.
    pub(in crate::marts) fn told_twice(&self, export: &str, period: &Period) -> Option<DataFault> {
        let this = self.sources.iter().position(|source| source == export)?;
        let told: Vec<CostsTold> = (0..=this)
            .map(|source| self.told_by(source, period))
            .collect();
        let of_this = &told[this];
        told[..this]
            .iter()
            .enumerate()
            .find_map(|(other, of_other)| {
                let shared = of_this.shared_with(of_other)?;
                Some(DataFault::ToldTwice {
                    other: self.sources[other].clone(),
                    shared: shared.count,
                    cost: Minor(shared.cost),
                })
            })
    }

    fn told_by(&self, source: usize, period: &Period) -> CostsTold {
        let is_inside = |cost: &&Cost| cost.from >= period.from && cost.to <= period.to;
        let rows = self
            .rows
            .iter()
            .filter(|cost| cost.source == source && cost.spend.cost.0 != 0);
        let mut told = CostsTold::default();
        let mut days: BTreeMap<(NaiveDate, NaiveDate, &str), i64> = BTreeMap::new();
        for cost in rows.filter(is_inside) {
            let (days_of, channel) = ((cost.from, cost.to), cost.channel.as_str());
            let row = (
                days_of,
                channel.to_owned(),
                cost.ad.campaign.clone(),
                cost.spend.cost.0,
            );
            *told.rows.entry(row).or_default() += 1;
            *days.entry((cost.from, cost.to, channel)).or_default() += cost.spend.cost.0;
        }
        for ((from, to, channel), sum) in days {
            *told
                .days
                .entry(((from, to), channel.to_owned(), sum))
                .or_default() += 1;
        }
        told
    }
}

/// First and last day.
type Days = (NaiveDate, NaiveDate);

/// What an export tells of a period: rows by days, channel, campaign and amount, and days of a channel by their sum.
#[derive(Default)]
struct CostsTold {
    rows: HashMap<(Days, String, String, i64), u64>,
    days: HashMap<(Days, String, i64), u64>,
}

impl CostsTold {
    fn shared_with(&self, other: &Self) -> Option<Shared> {
        let rows = shared(&self.rows, &other.rows, |row| row.3);
        let days = || shared(&self.days, &other.days, |day| day.2);
        let rows = rows.filter(|shared| shared.count >= FEWEST_ROWS);
        rows.or_else(|| days().filter(|shared| shared.count >= FEWEST_DAYS))
    }
}

/// What two tellings have in common, where it is most of the shorter one.
fn shared<K: Hash + Eq>(
    one: &HashMap<K, u64>,
    other: &HashMap<K, u64>,
    cost: impl Fn(&K) -> i64,
) -> Option<Shared> {
    let mut found = Shared::default();
    for (key, rows) in one {
        let both = other.get(key).copied().unwrap_or(0).min(*rows);
        found.count += both;
        found.cost += cost(key) * both.cast_signed();
    }
    let shorter = one.values().sum::<u64>().min(other.values().sum());
    (found.count > 0 && found.count * 100 >= shorter * MOST_OF).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(rows: &[(u32, &str, i64)]) -> CostsTold {
        let mut told = CostsTold::default();
        let mut sums: BTreeMap<u32, i64> = BTreeMap::new();
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).expect("a day of November");
        for (at, campaign, cost) in rows {
            let row = (
                (day(*at), day(*at)),
                "paid".to_owned(),
                (*campaign).to_owned(),
                *cost,
            );
            *told.rows.entry(row).or_default() += 1;
            *sums.entry(*at).or_default() += cost;
        }
        for (at, sum) in sums {
            *told
                .days
                .entry(((day(at), day(at)), "paid".to_owned(), sum))
                .or_default() += 1;
        }
        told
    }

    #[test]
    fn the_same_campaigns_days_and_amounts_in_two_exports_are_told_twice() {
        let own: Vec<(u32, &str, i64)> = (9..15).map(|day| (day, "окна", 100)).collect();
        let shared = Some(Shared {
            count: 6,
            cost: 600,
        });
        assert_eq!(told(&own).shared_with(&told(&own)), shared);
        // Other amounts, and two days alone.
        let other: Vec<(u32, &str, i64)> = (9..15).map(|day| (day, "окна", 110)).collect();
        assert_eq!(told(&own).shared_with(&told(&other)), None);
        assert_eq!(told(&own[..2]).shared_with(&told(&own)), None);
    }

    #[test]
    fn days_of_one_sum_are_told_twice_under_other_names() {
        let own = [(9, "all", 100), (10, "all", 90), (11, "all", 80)];
        let parts = [(9, "a", 60), (9, "b", 40), (10, "a", 90), (11, "b", 80)];
        let shared = Some(Shared {
            count: 3,
            cost: 270,
        });
        assert_eq!(told(&own).shared_with(&told(&parts)), shared);
    }
}

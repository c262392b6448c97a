//! What the deals of an export are worth, now and before.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::marts::known::Known;
use crate::model::link::DealAmounts;
use crate::model::money::Minor;
use crate::model::period::Period;
use crate::model::zone::local_day;

/// The median amounts of the deals of each export that were entered in the last of the periods, and in those before it.
pub(in crate::marts) fn amounts(known: &Known<'_>, periods: &[Period]) -> Vec<DealAmounts> {
    let Some((period, before)) = periods.split_last() else {
        return Vec::new();
    };
    let stored = known.stored;
    if !stored.plan.view.rows.is_none() {
        return Vec::new();
    }
    let is_before = |day: NaiveDate| before.iter().any(|period| period.contains(day));
    let mut by_export: BTreeMap<&str, [Vec<i64>; 2]> = BTreeMap::new();
    for deal in stored.tables.deals.iter().flatten() {
        let day = local_day(deal.created_at, stored.plan.zone);
        let own_currency = stored.plan.is_own_currency(&deal.export, &deal.currency);
        if deal.amount.0 <= 0 || !own_currency {
            continue;
        }
        let lists = by_export.entry(&deal.export).or_default();
        match (period.contains(day), is_before(day)) {
            (true, _) => lists[0].push(deal.amount.0),
            (false, true) => lists[1].push(deal.amount.0),
            (false, false) => {}
        }
    }
    let of_export = |(export, [now, usual]): (&str, [Vec<i64>; 2])| {
        Some(DealAmounts {
            export: export.to_owned(),
            deals: now.len() as u64,
            median: median(now)?,
            usual: median(usual)?,
        })
    };
    by_export.into_iter().filter_map(of_export).collect()
}

/// The middle amount; of two middle ones the higher.
fn median(mut amounts: Vec<i64>) -> Option<Minor> {
    amounts.sort_unstable();
    amounts.get(amounts.len() / 2).map(|amount| Minor(*amount))
}

//! Deals by the values of their attributes: how they were paid and delivered, of which branch, which product.

use std::collections::{BTreeMap, BTreeSet};

use super::known::Known;
use super::tables::{Deal, Ending};
use crate::model::attributes::{self, AttributeName};
use crate::model::money::Minor;
use crate::model::observations::Dimension;
use crate::model::period::Period;
use crate::model::slice_counts::{DealCount, DealSlice};
use crate::model::zone::local_day;

/// Deals of a period and of the one before, by attribute and value; deals without an attribute that others have count under an
/// empty value, so that the values add up. Empty where sales cannot be told.
pub fn deal_slices(known: &Known<'_>, period: &Period) -> Vec<DealSlice> {
    let stored = known.stored;
    if !stored.stage_doubts.is_empty() {
        return Vec::new();
    }
    let all = stored.tables.deals.as_deref().unwrap_or_default();
    let before = period.previous();
    let dated = all.iter().filter(|deal| counts(deal)).filter_map(|deal| {
        let day = local_day(deal.created_at, stored.plan.zone);
        let is_now = period.contains(day);
        (is_now || before.contains(day)).then_some((deal, is_now))
    });
    let dated: Vec<(&Deal, bool)> = dated.collect();
    let names: BTreeSet<AttributeName> = dated
        .iter()
        .flat_map(|(deal, _)| attributes::read(&deal.attributes))
        .map(|(name, _)| name)
        .collect();
    let mut sums: BTreeMap<(AttributeName, String), [DealCount; 2]> = BTreeMap::new();
    for (deal, is_now) in dated {
        let values: BTreeMap<AttributeName, &str> = attributes::read(&deal.attributes).collect();
        for name in &names {
            let value = values.get(name).copied().unwrap_or_default();
            let [now, before] = sums.entry((*name, value.to_owned())).or_default();
            add(if is_now { now } else { before }, deal, known);
        }
    }
    let slice =
        |((name, value), [now, before]): ((AttributeName, String), [DealCount; 2])| DealSlice {
            dimension: Dimension::Attribute(name),
            value,
            now,
            before,
        };
    sums.into_iter().map(slice).collect()
}

/// Whether a row is a deal that somebody made: no spam, no refund, which is money of another one.
fn counts(deal: &Deal) -> bool {
    !deal.spam && deal.ending() != Some(Ending::Refund)
}

/// What is won later than what is known by then is not won yet.
fn add(sum: &mut DealCount, deal: &Deal, known: &Known<'_>) {
    let won_at = deal.won_at();
    let is_won = won_at.is_some_and(|at| known.until.is_none_or(|until| at < until));
    sum.deals += 1;
    sum.won += u32::from(is_won);
    if is_won
        && known
            .stored
            .plan
            .is_own_currency(&deal.export, &deal.currency)
    {
        sum.revenue = Minor(sum.revenue.0.saturating_add(deal.amount.0));
    }
}

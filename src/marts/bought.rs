//! Deals as purchases of people: who bought, when, for how much, at what cost, and what was given back.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

use super::inquiries::{JoinedDeal, WonDeal};
use super::known::Known;
use super::tables::{Deal, Ending, GivenBack};
use crate::model::bought::{Bought, Purchase, Refund, RefundRow, Span, known_days, months, weeks};
use crate::model::facts::PeriodFacts;
use crate::model::money::Minor;
use crate::model::period::Period;
use crate::model::zone::local_day;

/// What is known of purchases; `None` where no deal has arrived, or it cannot be told which deals are sales.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn bought(known: &Known<'_>, period: &Period) -> Result<Option<Bought>> {
    let stored = known.stored;
    let Some(deals) = &stored.tables.deals else {
        return Ok(None);
    };
    let zone = stored.plan.zone;
    let mut made: BTreeMap<NaiveDate, u64> = BTreeMap::new();
    let mut purchases = Vec::new();
    for joined in &known.people.joined.deals {
        let deal = &deals[joined.row];
        *made.entry(local_day(deal.created_at, zone)).or_insert(0) += 1;
        purchases.extend(purchase(known, deal, joined));
    }
    // Equal instants keep the order of the table, which is that of export, time and key.
    purchases.sort_by_key(|purchase: &Purchase| purchase.made_at);
    let Some(known_from) = made.keys().next().copied() else {
        return Ok(None);
    };
    Ok(Some(Bought {
        purchases,
        made,
        refund_rows: refund_rows(known),
        known_from,
        spend: spend(known, known_from, period),
        same_length: same_length(known, period)?,
    }))
}

fn purchase(known: &Known<'_>, deal: &Deal, joined: &JoinedDeal) -> Option<Purchase> {
    let is_returned = match deal.ending()? {
        Ending::Won => false,
        Ending::Returned => true,
        Ending::Lost | Ending::Refund => return None,
    };
    if !is_known(known, deal.ended_at) {
        return None;
    }
    let plan = known.stored.plan;
    let own_currency = plan.is_own_currency(&deal.export, &deal.currency);
    // Amounts in another currency cannot be added up: the sale counts, its money does not.
    let amount = Minor(if own_currency {
        deal.amount.0.max(0)
    } else {
        0
    });
    let refund = deal.refund.filter(|_| own_currency);
    Some(Purchase {
        buyer: joined.person,
        has_keys: joined.has_keys,
        made_at: deal.created_at,
        made: local_day(deal.created_at, plan.zone),
        closed: local_day(deal.ended_at, plan.zone),
        amount,
        cost: deal.cost.filter(|_| own_currency),
        refund: refund.and_then(|refund| of_day(known, refund)),
        is_returned,
    })
}

/// A refund as it was known; one of a later day had not happened.
fn of_day(known: &Known<'_>, refund: GivenBack) -> Option<Refund> {
    let zone = known.stored.plan.zone;
    let has_happened = refund.at.is_none_or(|at| is_known(known, at));
    has_happened.then_some(Refund {
        day: refund.at.map(|at| local_day(at, zone)),
        amount: refund.amount,
    })
}

fn is_known(known: &Known<'_>, at: DateTime<Utc>) -> bool {
    known.until.is_none_or(|until| at < until)
}

fn refund_rows(known: &Known<'_>) -> Vec<RefundRow> {
    let joined = &known.people.joined;
    let zone = known.stored.plan.zone;
    let of_people = joined.inquiries.iter().flat_map(|inquiry| &inquiry.refunds);
    let rows = of_people.chain(&joined.refunds_without_inquiry);
    let row = |deal: &WonDeal| RefundRow {
        buyer: deal.person,
        day: local_day(deal.won_at, zone),
        amount: Minor(deal.amount.0.saturating_abs()),
    };
    let mut rows: Vec<RefundRow> = rows.map(row).collect();
    rows.sort_by_key(|row| (row.day, row.amount, row.buyer));
    rows
}

/// What advertising cost in the known days of each cohort; none where the first costs came later than the cohort began.
fn spend(known: &Known<'_>, known_from: NaiveDate, period: &Period) -> BTreeMap<Span, Minor> {
    let costs = &known.stored.costs;
    let first_cost = costs.rows().map(|(from, ..)| from).min();
    let mut spend = BTreeMap::new();
    for cohort in months(known_from, period)
        .into_iter()
        .chain(weeks(known_from, period))
    {
        let (from, to) = known_days(&cohort, known_from, period);
        if first_cost.is_none_or(|first| first > from) {
            continue;
        }
        if let Some(channels) = costs.of(&Period::range(from, to)) {
            let cost = channels.values().map(|spend| spend.cost).sum();
            spend.insert((from, to), cost);
        }
    }
    spend
}

/// Traffic of as many days right before the period, where the period before is longer or shorter.
fn same_length(known: &Known<'_>, period: &Period) -> Result<Option<PeriodFacts>> {
    let days = Period::range(period.from, period.to);
    let before = days.previous();
    let is_known = known.stored.first_day.is_some_and(|day| day <= before.from);
    if !is_known || period.previous().days() == period.days() {
        return Ok(None);
    }
    known.stored.period(&before).map(Some)
}

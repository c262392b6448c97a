//! The plain counts of one period as they were known at some time: what a later report may have to correct.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::{DateTime, Days, NaiveDate, Utc};

use super::contacts;
use super::costs::Costs;
use super::dealt::{Money, WonDeal};
use super::inquiries;
use super::kept::TrafficCounter;
use super::known::Known;
use super::rows::Rows;
use super::stages;
use super::tables::Tables;
use crate::model::channel::ChannelId;
use crate::model::facts::{Counted, Spend, Traffic};
use crate::model::money::Minor;
use crate::model::period::Period;
use crate::model::tables::{
    CALLS, CLIENT_LINKS, COSTS, DEALS, FORMS, SESSIONS, TRAFFIC_DAILY, TableSchema,
};
use crate::model::zone;

/// Counts a period over all channels.
///
/// # Errors
/// When the lake cannot be read.
pub fn counted(known: &Known<'_>, period: &Period) -> Result<Counted> {
    let facts = known.stored.period(period)?;
    let people = &known.people;
    let (start, end) = zone::bounds(period, known.stored.plan.zone);
    let within = |at: DateTime<Utc>| (start..end).contains(&at);
    let inquiries = &people.joined.inquiries;
    let begun = inquiries.iter().filter(|inquiry| within(inquiry.at()));
    let sold = inquiries.iter().flat_map(|inquiry| &inquiry.sales);
    let sold = sold.chain(&people.joined.sales_without_inquiry);
    let sold: Vec<&WonDeal> = sold.filter(|sale| within(sale.won_at)).collect();
    let given_back = inquiries.iter().flat_map(|inquiry| &inquiry.refunds);
    let given_back = given_back.chain(&people.joined.refunds_without_inquiry);
    let given_back = given_back.filter(|refund| within(refund.won_at));
    let amounts = sold
        .iter()
        .copied()
        .chain(given_back)
        .map(|deal| deal.amount);
    let sales_are_known = people.has_deals && known.stored.stage_doubts.is_empty();
    Ok(Counted {
        sessions: facts.traffic.as_ref().map(all_sessions),
        inquiries: people.has_contacts.then_some(begun.count() as u64),
        sales: sales_are_known.then_some(sold.len() as u64),
        revenue: sales_are_known.then(|| amounts.sum()),
        spend: facts.spend.as_ref().map(all_costs),
    })
}

fn all_sessions(channels: &BTreeMap<ChannelId, Traffic>) -> u64 {
    channels.values().map(|channel| channel.sessions).sum()
}

fn all_costs(channels: &BTreeMap<ChannelId, Spend>) -> Minor {
    channels.values().map(|spend| spend.cost).sum()
}

/// Counts a period as it was known at `then`, counting again only what has other rows by now; the rest is as in `now`.
///
/// People are joined by everything that is known of them, so an inquiry of an old period may also turn out to be a
/// repeated one by a later contact alone: such periods count as unchanged.
///
/// # Errors
/// When the lake cannot be read.
pub fn counted_then(
    known: &Known<'_>,
    period: &Period,
    then: DateTime<Utc>,
    now: Counted,
) -> Result<Counted> {
    let plan = known.stored.plan;
    let days = (period.from, period.to);
    let has_changed = |tables: &[&TableSchema], days| has_changed(known, tables, then, days);
    let mut was = now;
    if has_changed(&[&SESSIONS, &TRAFFIC_DAILY], days)? {
        was.sessions = sessions_then(known, period, then)?;
    }
    if has_changed(&[&COSTS], days)? {
        let costs = Costs::load(known.stored.lake, plan, &known.stored.plan.channels, then)?;
        was.spend = costs.of(period).as_ref().map(all_costs);
    }
    // A deal is dated by its entry, and closed up to the end of its window later.
    let window = plan.sales.deal_window_days + plan.sales.horizon_days;
    let since = period.from - Days::new(u64::from(window));
    if has_changed(&[&DEALS], (since, period.to))? {
        (was.sales, was.revenue) = sales_then(known, period, then)?.unzip();
    }
    let mut of_contacts = vec![&CALLS, &FORMS, &CLIENT_LINKS];
    if plan.exports.iter().any(|export| export.is_contact) {
        of_contacts.push(&DEALS);
    }
    if has_changed(&of_contacts, days)? {
        was.inquiries = inquiries_then(known, period, then)?;
    }
    Ok(was)
}

/// Whether other files hold the rows of these days than then.
fn has_changed(
    known: &Known<'_>,
    tables: &[&TableSchema],
    then: DateTime<Utc>,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<bool> {
    let lake = known.stored.lake;
    for table in tables {
        let was = lake.parts_of(table, then, from, to)?;
        let is = lake.parts_of(table, known.stored.as_of, from, to)?;
        if was != is {
            return Ok(true);
        }
    }
    Ok(false)
}

fn sessions_then(known: &Known<'_>, period: &Period, then: DateTime<Utc>) -> Result<Option<u64>> {
    let stored = known.stored;
    let totals = Rows::all(stored.lake, &TRAFFIC_DAILY, then)?;
    let counter = TrafficCounter::new(
        stored.lake,
        then,
        &stored.plan.channels,
        &stored.origins,
        totals.as_ref(),
    );
    let traffic = counter.of_period(period)?;
    Ok(traffic.map(|traffic| all_sessions(&traffic.channels)))
}

/// Sales closed and their amount, less what was given back.
fn sales_then(
    known: &Known<'_>,
    period: &Period,
    then: DateTime<Utc>,
) -> Result<Option<(u64, Minor)>> {
    let (lake, plan) = (known.stored.lake, known.stored.plan);
    let tables = Tables::of_deals(lake, plan, then)?;
    let found = contacts::load(lake, plan, then, &tables)?;
    let deals = tables.deals.as_deref().unwrap_or_default();
    if !found.has_deals || !stages::doubts(lake, &plan.sales, deals, then)?.is_empty() {
        return Ok(None);
    }
    let (start, end) = zone::bounds(period, plan.zone);
    let within = |at: DateTime<Utc>| (start..end).contains(&at);
    let mut sales = 0;
    let mut revenue = Minor::default();
    for deal in &found.deals {
        match deal.money {
            Some(Money::Sale(at)) if within(at) => {
                sales += 1;
                revenue += deal.amount;
            }
            Some(Money::Refund(at)) if within(at) => revenue += deal.amount,
            Some(Money::Sale(_) | Money::Refund(_)) | None => {}
        }
    }
    Ok(Some((sales, revenue)))
}

fn inquiries_then(known: &Known<'_>, period: &Period, then: DateTime<Utc>) -> Result<Option<u64>> {
    let (lake, plan) = (known.stored.lake, known.stored.plan);
    let tables = Tables::load(lake, plan, then)?;
    let found = contacts::load(lake, plan, then, &tables)?;
    let has_contacts = found.has_contacts;
    let joined = inquiries::join(
        found.contacts,
        found.deals,
        plan.inquiry.uniqueness_days,
        plan.sales.deal_window_days,
    );
    let (start, end) = zone::bounds(period, plan.zone);
    let begun = joined
        .inquiries
        .iter()
        .filter(|inquiry| (start..end).contains(&inquiry.at()));
    Ok(has_contacts.then_some(begun.count() as u64))
}

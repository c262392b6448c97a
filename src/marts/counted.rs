//! The plain counts of one period as they were known at some time: what a later report may have to correct.

use anyhow::Result;
use chrono::{DateTime, Days, NaiveDate, Utc};

use super::contacts;
use super::costs::Costs;
use super::inquiries;
use super::known::Known;
use super::rows::Rows;
use super::tables::Tables;
use super::traffic;
use crate::model::facts::Counted;
use crate::model::period::Period;
use crate::model::tables::{
    CALLS, CLIENT_LINKS, COSTS, DEALS, FORMS, SESSIONS, TRAFFIC_DAILY, Table,
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
    let begun = people
        .joined
        .inquiries
        .iter()
        .filter(|inquiry| within(inquiry.at()))
        .count() as u64;
    let of_inquiries = people
        .joined
        .inquiries
        .iter()
        .flat_map(|inquiry| &inquiry.sales);
    let sales = of_inquiries
        .chain(&people.joined.sales_without_inquiry)
        .filter(|sale| within(sale.won_at));
    Ok(Counted {
        sessions: facts
            .traffic
            .map(|channels| channels.values().map(|channel| channel.sessions).sum()),
        inquiries: people.has_contacts.then_some(begun),
        sales: people.has_deals.then_some(sales.count() as u64),
        spend: facts
            .spend
            .map(|channels| channels.values().map(|spend| spend.cost).sum()),
    })
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
    let (lake, plan) = (known.stored.lake, known.stored.plan);
    let days = (period.from, period.to);
    let has_changed = |tables: &[&Table], days| has_changed(known, tables, then, days);
    let mut was = now;
    if has_changed(&[&SESSIONS, &TRAFFIC_DAILY], days)? {
        let totals = Rows::all(lake, &TRAFFIC_DAILY, then)?;
        let traffic = traffic::of_period(
            lake,
            then,
            period,
            &plan.channels,
            &known.stored.origins,
            totals.as_ref(),
            &[],
        )?;
        was.sessions = traffic.map(|traffic| {
            traffic
                .channels
                .values()
                .map(|channel| channel.sessions)
                .sum()
        });
    }
    if has_changed(&[&COSTS], days)? {
        let spend = Costs::load(lake, plan, &plan.channels, then)?.of(period);
        was.spend = spend.map(|channels| channels.values().map(|spend| spend.cost).sum());
    }
    // A deal is dated by its entry, and closed up to the end of its window later.
    let since = period.from
        - Days::new(u64::from(
            plan.sales.deal_window_days + plan.sales.horizon_days,
        ));
    if has_changed(&[&DEALS], (since, period.to))? {
        was.sales = sales_then(known, period, then)?;
    }
    let deals_are_contacts = plan.exports.iter().any(|export| export.is_contact);
    let of_contacts: &[&Table] = if deals_are_contacts {
        &[&CALLS, &FORMS, &CLIENT_LINKS, &DEALS]
    } else {
        &[&CALLS, &FORMS, &CLIENT_LINKS]
    };
    if has_changed(of_contacts, days)? {
        was.inquiries = inquiries_then(known, period, then)?;
    }
    Ok(was)
}

/// Whether other files hold the rows of these days than then.
fn has_changed(
    known: &Known<'_>,
    tables: &[&Table],
    then: DateTime<Utc>,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<bool> {
    for table in tables {
        let was = known.stored.lake.parts_of(table, then, from, to)?;
        if was
            != known
                .stored
                .lake
                .parts_of(table, known.stored.as_of, from, to)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn sales_then(known: &Known<'_>, period: &Period, then: DateTime<Utc>) -> Result<Option<u64>> {
    let (lake, plan) = (known.stored.lake, known.stored.plan);
    let tables = Tables::of_deals(lake, plan, then)?;
    let found = contacts::load(lake, plan, then, &tables)?;
    let (start, end) = zone::bounds(period, plan.zone);
    let closed = found
        .deals
        .iter()
        .filter(|deal| deal.won_at.is_some_and(|at| (start..end).contains(&at)));
    Ok(found.has_deals.then_some(closed.count() as u64))
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

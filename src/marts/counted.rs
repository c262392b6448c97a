//! The plain counts of one period as they were known at some time: what a later report may have to correct.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::channels::ChannelRules;
use super::contacts;
use super::costs::Costs;
use super::inquiries;
use super::rows::Rows;
use super::traffic::{self, OriginChannels};
use crate::config::Plan;
use crate::lake::Lake;
use crate::model::facts::Counted;
use crate::model::period::Period;
use crate::model::tables::TRAFFIC_DAILY;
use crate::model::zone;

/// Counts a period over all channels, by what the lake knew at `as_of`.
///
/// # Errors
/// When the lake cannot be read, or the channel rules cannot be compiled.
pub fn counted(lake: &Lake, plan: &Plan, as_of: DateTime<Utc>, period: &Period) -> Result<Counted> {
    let rules = ChannelRules::compile(&plan.channels)?;
    let origins = OriginChannels::load(lake, &rules)?;
    let traffic = match traffic::of_sessions(lake, as_of, period, &origins, &[])? {
        Some(traffic) => Some(traffic),
        None => match Rows::all(lake, &TRAFFIC_DAILY, as_of)? {
            Some(totals) => traffic::of_totals(&totals, period, &rules)?,
            None => None,
        },
    };
    let spend = Costs::load(lake, plan, &rules, as_of)?.of(period);
    let known = contacts::load(lake, plan, as_of, None, period)?;
    let (has_contacts, has_deals) = (known.has_contacts, known.has_deals);
    let joined =
        inquiries::join(known.contacts, known.deals, plan.inquiry.uniqueness_days, plan.sales.deal_window_days);
    let (start, end) = zone::bounds(period, plan.zone);
    let within = |at: DateTime<Utc>| (start..end).contains(&at);
    let begun = joined.inquiries.iter().filter(|inquiry| within(inquiry.at())).count() as u64;
    let of_inquiries = joined.inquiries.iter().flat_map(|inquiry| &inquiry.sales);
    let sales = of_inquiries.chain(&joined.sales_without_inquiry).filter(|sale| within(sale.won_at)).count() as u64;
    Ok(Counted {
        sessions: traffic.map(|traffic| traffic.channels.values().map(|channel| channel.sessions).sum()),
        inquiries: has_contacts.then_some(begun),
        sales: has_deals.then_some(sales),
        spend: spend.map(|channels| channels.values().map(|spend| spend.cost).sum()),
    })
}

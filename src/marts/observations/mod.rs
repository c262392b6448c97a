//! From the lake to what a diagnosis looks at: daily counts of sessions, and the single inquiries, calls and deals.

mod calls;
mod codes;
mod days;
mod deals;
mod inquiries;
mod visits;

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::{DateTime, Days, NaiveDate, Utc};

use self::codes::Coder;
use super::channels::ChannelRules;
use super::contacts;
use super::costs::Costs;
use super::inquiries::{JoinedInquiry, join};
use super::paths;
use super::rows::Rows;
use super::sources::FormatTables;
use super::traffic::OriginChannels;
use crate::config::Plan;
use crate::lake::Lake;
use crate::model::channel::ChannelId;
use crate::model::observations::{Dimension, Names, Observations};
use crate::model::period::Period;
use crate::model::tables::{CALLS, FORMS, TRAFFIC_DAILY};
use crate::model::zone;

/// Days of history before the reported period's end: a year for the season, and room for the base before it.
const HISTORY_DAYS: u64 = 65 * 7;
/// The longest history of long periods.
const LONGEST: u64 = 800;

/// Builds what a diagnosis of `period` looks at, by what was known at `as_of`, without anything that happened at
/// `until` or later.
///
/// # Errors
/// When the lake cannot be read, or the channel rules cannot be compiled.
pub fn observe(
    lake: &Lake,
    plan: &Plan,
    format_tables: &FormatTables,
    as_of: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    period: &Period,
) -> Result<Observations> {
    let rules = ChannelRules::compile(&plan.channels)?;
    let origins = OriginChannels::load(lake, &rules)?;
    let totals = Rows::all(lake, &TRAFFIC_DAILY, as_of)?;
    let known_from = super::first_day(lake, as_of, totals.as_ref())?.unwrap_or(period.from);
    let span = Span::of(period, plan.thresholds.base_periods, known_from);
    let contacts = contacts::load(lake, plan, as_of, until, period)?;
    let (_, period_end) = zone::bounds(period, plan.zone);
    let known_until = contacts.deals_known_until.unwrap_or(period_end);
    let (has_contacts, has_deals) = (contacts.has_contacts, contacts.has_deals);
    let joined = join(contacts.contacts, contacts.deals, plan.inquiry.uniqueness_days, plan.sales.deal_window_days);
    let recent: Vec<&JoinedInquiry> = joined.inquiries.iter().collect();
    let (paths, places) = paths::load(lake, plan, as_of, &origins, &recent)?;
    let credit =
        |inquiry: &&JoinedInquiry| super::attribution::attribute(inquiry, &paths, &rules, &plan.attribution, plan.zone);
    let attributed: Vec<_> = recent.iter().map(credit).collect();
    let costs = Costs::load(lake, plan, &rules, as_of)?;
    let calls = Rows::all(lake, &CALLS, as_of)?;
    let forms = Rows::all(lake, &FORMS, as_of)?;
    let mut names = Names::default();
    let channels =
        Coder::fixed(
            origins.channels.iter().map(ChannelId::as_str).chain(costs.channels()).chain(
                attributed.iter().flat_map(|inquiry| inquiry.credit.iter().map(|(channel, _)| channel.as_str())),
            ),
        );
    let traffic = visits::load(lake, plan, as_of, &span, &origins, &channels)?;
    let traffic = match traffic {
        None => totals.as_ref().map(|rows| visits::of_totals(rows, &span, &rules, &channels)).transpose()?,
        some => some,
    };
    let traffic_seen = traffic.is_some();
    let mut traffic = traffic.unwrap_or_default();
    let mut people =
        inquiries::People { plan, span: &span, channels: &channels, places: &places, traffic: &mut traffic };
    let talks = calls::Talks::of(calls.as_ref())?;
    let seen = inquiries::load(&mut people, &recent, &attributed, &talks, calls.as_ref(), forms.as_ref(), &mut names)?;
    let deals = deals::load(lake, plan, as_of, until, &span, &joined, &seen.all, &channels, &mut names)?;
    let seen_calls = calls.as_ref().map(|rows| calls::load(rows, plan, until, &span, &mut names)).transpose()?;
    traffic.put_names(&mut names);
    channels.put(Dimension::Channel, &mut names);
    let exports = days::exports(lake, plan, format_tables, as_of, &span, &mut names)?;
    Ok(Observations {
        zone: plan.zone,
        period: period.clone(),
        first_day: span.first,
        known_until: until.map_or(known_until, |until| known_until.min(until)),
        names,
        visits: traffic_seen.then_some(traffic.visits),
        page_visits: traffic.pages,
        region_visits: traffic.regions,
        leaves: traffic.leaves,
        hours: traffic.hours,
        hours_from: span.base_start,
        inquiries: has_contacts.then_some(seen.in_history),
        calls: seen_calls,
        deals: has_deals.then_some(deals),
        ads: days::ads(&costs, &span, &channels),
        has_forms: forms.is_some(),
        exports,
        annotations: days::annotations(lake, as_of, until)?,
        calendar: super::calendar::load(lake, plan, as_of)?,
    })
}

/// The days of the history.
pub(super) struct Span {
    /// Day 0.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// First day of the reported period.
    pub start: u32,
    /// First day of the base periods before it.
    pub base_start: u32,
}

impl Span {
    fn of(period: &Period, base_periods: u32, known_from: NaiveDate) -> Self {
        let base = period.days() * (u64::from(base_periods) + 1);
        let length = HISTORY_DAYS.max(base).min(LONGEST);
        let first = (period.to - Days::new(length - 1)).max(known_from).min(period.from);
        let start = (period.from - first).num_days().unsigned_abs() as u32;
        let base_start = start.saturating_sub((period.days() * u64::from(base_periods)) as u32);
        Self { first, last: period.to, start, base_start }
    }

    /// The day of the history that a date is.
    pub fn day(&self, date: NaiveDate) -> Option<u32> {
        (date <= self.last).then(|| u32::try_from((date - self.first).num_days()).ok()).flatten()
    }

    /// How many days there are.
    pub fn len(&self) -> usize {
        ((self.last - self.first).num_days() + 1).unsigned_abs() as usize
    }
}

/// Sums by key in the order of the keys.
type Sums<Key, Value> = BTreeMap<Key, Value>;

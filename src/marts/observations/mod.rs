//! From the lake to what a diagnosis looks at: daily counts of sessions, and the single inquiries, calls and deals.

mod calls;
mod codes;
mod days;
mod deals;
mod inquiries;
mod visits;

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::{Days, NaiveDate};

use self::codes::Coder;
use super::known::Known;
use super::rows::Rows;
use crate::model::channel::ChannelId;
use crate::model::observations::{Dimension, Names, Observations};
use crate::model::period::Period;
use crate::model::zone;

/// Days of history before the reported period's end: a year for the season, and room for the base before it.
const HISTORY_DAYS: u64 = 65 * 7;
/// The longest history of long periods.
const LONGEST: u64 = 800;

/// Builds what a diagnosis of `period` looks at.
///
/// # Errors
/// When the lake cannot be read.
pub fn observe(known: &Known<'_>, period: &Period) -> Result<Observations> {
    let (plan, people, until) = (known.plan, &known.people, known.until);
    let span = Span::of(period, plan.thresholds.base_periods, known.first_day.unwrap_or(period.from));
    let (_, period_end) = zone::bounds(period, plan.zone);
    let known_until = people.deals_known_until.unwrap_or(period_end);
    let mut names = Names::default();
    let credited = people.attributed.iter().flat_map(|inquiry| inquiry.credit.iter());
    let channels = Coder::fixed(
        known
            .origins
            .channels
            .iter()
            .map(ChannelId::as_str)
            .chain(known.costs.channels())
            .chain(credited.map(|(channel, _)| channel.as_str())),
    );
    let traffic = visits::load(known.lake, plan, known.as_of, &span, &known.origins, &channels)?;
    let of_totals = |rows: &Rows| visits::of_totals(rows, &span, &known.rules, &channels);
    let traffic = match traffic {
        None => known.totals.as_ref().map(of_totals).transpose()?,
        some => some,
    };
    let traffic_seen = traffic.is_some();
    let mut traffic = traffic.unwrap_or_default();
    let mut seen_from =
        inquiries::People { plan, span: &span, channels: &channels, places: &people.places, traffic: &mut traffic };
    let calls = known.calls.as_ref();
    let talks = calls::Talks::of(calls)?;
    let seen = inquiries::load(&mut seen_from, known, &talks, &mut names)?;
    let deals = deals::load(known, &span, &seen.all, &channels, &mut names)?;
    let seen_calls = calls.map(|rows| calls::load(rows, plan, until, &span, &mut names)).transpose()?;
    traffic.put_names(&mut names);
    channels.put(Dimension::Channel, &mut names);
    let exports = days::exports(known, &span, &mut names);
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
        inquiries: people.has_contacts.then_some(seen.in_history),
        calls: seen_calls,
        deals: people.has_deals.then_some(deals),
        ads: days::ads(&known.costs, &span, &channels),
        has_forms: known.forms.is_some(),
        exports,
        annotations: days::annotations(known.lake, known.as_of, until)?,
        calendar: super::calendar::load(known.lake, plan, known.as_of)?,
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

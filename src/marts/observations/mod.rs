//! From the lake to what a diagnosis looks at: daily counts of sessions, and the single inquiries, calls and deals.

mod calls;
mod cells;
mod chunk;
mod coded;
mod codes;
mod days;
mod deals;
mod inquiries;
mod visits;
mod wording;

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::{Days, NaiveDate};

use self::codes::Coder;
use super::known::Known;
use super::stored::Stored;
use crate::model::channel::ChannelId;
use crate::model::observations::{Annotation, Code, Dimension, Names, Observations};
use crate::model::period::Period;
use crate::model::zone;

pub use self::cells::DailyCells;
pub use self::coded::CodedTables;
pub use self::days::annotations;

/// Days of history before the reported period's end: a year for the season, and room for the base before it.
const HISTORY_DAYS: u64 = 65 * 7;
/// The longest history of long periods.
const LONGEST: u64 = 800;

/// Builds what a diagnosis of `period` looks at.
///
/// # Errors
/// When the lake cannot be read.
pub fn observe(known: &Known<'_>, period: &Period) -> Result<Observations> {
    let (stored, people, until) = (known.stored, &known.people, known.until);
    let (plan, coded) = (stored.plan, &stored.coded);
    let span = Span::of(
        period,
        plan.thresholds.base_periods,
        stored.first_day.unwrap_or(period.from),
    );
    let (_, period_end) = zone::bounds(period, plan.zone);
    let known_until = people.deals_known_until.unwrap_or(period_end);
    let mut names = Names::default();
    let credited = people
        .attributed
        .iter()
        .flat_map(|inquiry| inquiry.credit.iter());
    let channels = Coder::fixed(
        stored
            .origins
            .channels
            .iter()
            .map(ChannelId::as_str)
            .chain(stored.costs.channels())
            .chain(credited.map(|(channel, _)| channel.as_str())),
    );
    let traffic = traffic(stored, &span, &channels)?;
    let traffic_seen = traffic.is_some();
    let traffic = traffic.unwrap_or_default();
    let people_of = inquiries::People {
        plan,
        span: &span,
        channels: &channels,
        places: &stored.places,
        traffic: &traffic,
    };
    let seen = inquiries::load(&people_of, known, &mut names);
    let deals = deals::load(known, &span, &seen.all, &channels, &mut names);
    let calls = coded
        .calls
        .as_ref()
        .map(|calls| calls.within(&span, until, &mut names));
    traffic.put_names(&mut names);
    channels.put(Dimension::Channel, &mut names);
    let exports = days::exports(&stored.exports, &span, &mut names);
    let is_known = |entry: &&Annotation| until.is_none_or(|until| entry.at < until);
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
        inquiries: people.has_contacts.then_some(seen.in_history),
        calls,
        deals: people.has_deals.then_some(deals),
        ads: days::ads(&stored.costs, &span, &channels),
        has_forms: stored.tables.forms.is_some(),
        exports,
        annotations: stored
            .annotations
            .iter()
            .filter(is_known)
            .cloned()
            .collect(),
        calendar: stored.calendar.clone(),
    })
}

/// Sessions from single rows, else from an export of totals.
fn traffic(stored: &Stored<'_>, span: &Span, channels: &Coder) -> Result<Option<visits::Traffic>> {
    let source = cells::Source {
        lake: stored.lake,
        plan: stored.plan,
        as_of: stored.as_of,
        origins: &stored.origins,
    };
    let base_from = span.first + Days::new(u64::from(span.base_start));
    let mut sessions = stored.sessions.borrow_mut();
    sessions.cover(&source, span.first, span.last, base_from)?;
    let codes: Vec<Code> = stored
        .origins
        .channels
        .iter()
        .map(|channel| channels.code(channel.as_str()))
        .collect();
    match (
        visits::of_cells(&sessions, span, &codes, &stored.coded.form_pages),
        &stored.totals,
    ) {
        (None, Some(totals)) => {
            visits::of_totals(totals, span, &stored.plan.channels, channels).map(Some)
        }
        (found, _) => Ok(found),
    }
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
        let first = (period.to - Days::new(length - 1))
            .max(known_from)
            .min(period.from);
        let start = (period.from - first).num_days().unsigned_abs() as u32;
        let base_start = start.saturating_sub((period.days() * u64::from(base_periods)) as u32);
        Self {
            first,
            last: period.to,
            start,
            base_start,
        }
    }

    /// The day of the history that a date is.
    pub fn day(&self, date: NaiveDate) -> Option<u32> {
        (date <= self.last)
            .then(|| self.since_first(date))
            .flatten()
    }

    /// Days from the first one to a date that may lie after the history: a deal is closed when it is closed.
    pub fn since_first(&self, date: NaiveDate) -> Option<u32> {
        u32::try_from((date - self.first).num_days()).ok()
    }

    /// How many days there are.
    pub fn len(&self) -> usize {
        ((self.last - self.first).num_days() + 1).unsigned_abs() as usize
    }
}

/// Sums by key in the order of the keys.
type Sums<Key, Value> = BTreeMap<Key, Value>;

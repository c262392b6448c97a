//! From the lake to what a diagnosis looks at: daily counts of sessions, and the single inquiries, calls and deals.

mod calls;
mod cells;
mod chunk;
mod coded;
mod codes;
mod counted_days;
mod days;
mod deals;
mod inquiries;
mod slices;
mod span;
mod variants;
mod visits;
mod wording;

use std::collections::BTreeMap;

use anyhow::Result;

use self::codes::Coder;
use self::slices::SliceTable;
use self::span::Span;
use super::known::Known;
use super::stored::Stored;
use crate::model::channel::ChannelId;
use crate::model::observations::{Annotation, Code, Dimension, Names, Observations};
use crate::model::period::Period;
use crate::model::zone;

pub use self::cells::DailyCells;
pub use self::coded::CodedTables;
pub use self::days::annotations;
pub(super) use self::deals::is_untouched;

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
    let channels = channels(known);
    let of_origins = stored.origins.channels.iter();
    let of_channel: Vec<Code> = of_origins
        .map(|channel| channels.code(channel.as_str()))
        .collect();
    let traffic = traffic(stored, &span, &channels, &of_channel)?;
    let traffic_seen = traffic.is_some();
    let traffic = traffic.unwrap_or_default();
    let mut slices = SliceTable::load(stored, &span, &traffic, &of_channel)?;
    let people_of = inquiries::People {
        plan,
        span: &span,
        channels: &channels,
        places: &stored.places,
        traffic: &traffic,
    };
    let seen = inquiries::load(&people_of, known, &mut slices, &mut names);
    let slices = slices.finish(&mut names);
    let deals = deals::load(known, &span, &seen.all, &channels, &mut names);
    let calls = coded
        .calls
        .as_ref()
        .map(|calls| calls.within(&span, until, &mut names));
    traffic.put_names(&mut names);
    channels.put(Dimension::Channel, &mut names);
    let sees_all = plan.view.rows.is_none();
    let exports: &[_] = if sees_all { &stored.exports } else { &[] };
    let exports = days::exports(exports, &span, &mut names);
    let is_known = |entry: &&Annotation| {
        let is_seen = sees_all || entry.scope.is_empty();
        is_seen && until.is_none_or(|until| entry.at < until)
    };
    Ok(Observations {
        zone: plan.zone,
        period: period.clone(),
        first_day: span.first,
        known_until: until.map_or(known_until, |until| known_until.min(until)),
        names,
        visits: traffic_seen.then_some(traffic.visits),
        page_visits: traffic.pages,
        region_visits: traffic.regions,
        slices,
        inquiries: people.has_contacts.then_some(seen.in_history),
        calls,
        // Where sales cannot be told, or not whose they are, no cause may speak of them.
        deals: (people.has_deals && known.doubts(period).is_empty()).then_some(deals),
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

/// Every channel that sessions, costs or credit name.
fn channels(known: &Known<'_>) -> Coder {
    let stored = known.stored;
    let of_sessions = stored.origins.channels.iter().map(ChannelId::as_str);
    let attributed = known.people.attributed.iter();
    let credit = attributed.flat_map(|inquiry| inquiry.credit.iter());
    let credited = credit.map(|(channel, _)| channel.as_str());
    Coder::fixed(of_sessions.chain(stored.costs.channels()).chain(credited))
}

/// Sessions from single rows, else from an export of totals.
fn traffic(
    stored: &Stored<'_>,
    span: &Span,
    channels: &Coder,
    of_channel: &[Code],
) -> Result<Option<visits::Traffic>> {
    let source = cells::SessionStore {
        lake: stored.lake,
        plan: stored.plan,
        as_of: stored.as_of,
        origins: &stored.origins,
    };
    let mut sessions = stored.sessions.borrow_mut();
    sessions.cover(&source, span.first, span.last)?;
    match (
        visits::of_cells(
            &sessions,
            span,
            of_channel,
            &stored.coded.form_pages,
            &stored.plan.experiments,
        ),
        &stored.totals,
    ) {
        (None, Some(totals)) if stored.plan.view.rows.is_of_channels() => {
            visits::of_totals(totals, span, stored.plan, channels).map(Some)
        }
        (found, _) => Ok(found),
    }
}

/// Sums by key in the order of the keys.
type Sums<Key, Value> = BTreeMap<Key, Value>;

//! Which channels an inquiry is owed to: one path of sessions, six ways to share the credit.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::foreign::Foreign;
use super::inquiries::{Contact, JoinedInquiry, WonDeal};
use super::paths::PlaceId;
use crate::config::channels::ChannelRules;
use crate::config::rules::{AttributionModel, AttributionRules};
use crate::model::channel::ChannelId;
use crate::model::facts::{Inquiry, MatchedBy, Sale};
use crate::model::zone::local_day;

const SECONDS_A_DAY: f64 = 86_400.0;

/// One session of one client.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionTouch {
    /// Client id of the analytics.
    pub client: u64,
    /// When the session began.
    pub at: DateTime<Utc>,
    /// The session's channel.
    pub channel: ChannelId,
    /// What else is known of it.
    pub place: PlaceId,
}

/// Sessions by client, oldest first. Only clients that got in touch need to be here.
#[derive(Debug, Clone, Default)]
pub struct Paths {
    by_client: HashMap<u64, Vec<SessionTouch>>,
    /// Exports whose client ids are of another system.
    foreign: Foreign,
}

/// What an inquiry's channel is found by.
#[derive(Debug, Clone, PartialEq)]
pub enum Evidence<'a> {
    /// Sessions of its clients inside the lookback, oldest first; empty means direct.
    Path(Vec<&'a SessionTouch>),
    /// A channel that a tag or a line names.
    Channel(ChannelId, MatchedBy),
    /// Nothing is known.
    Nothing,
}

impl Paths {
    /// Sorts sessions into paths; the order of the input changes nothing.
    pub fn new(mut touches: Vec<SessionTouch>) -> Self {
        touches.sort();
        let mut by_client: HashMap<u64, Vec<SessionTouch>> = HashMap::new();
        for touch in touches {
            by_client.entry(touch.client).or_default().push(touch);
        }
        Self {
            by_client,
            foreign: Foreign::default(),
        }
    }

    /// The same paths; client ids of these exports lead to none.
    #[must_use]
    pub(super) fn without(self, foreign: Foreign) -> Self {
        Self { foreign, ..self }
    }

    /// Whether any session of a client is here.
    pub(super) fn knows(&self, client: u64) -> bool {
        self.by_client.contains_key(&client)
    }

    /// Whether any session of a client began inside a span of time, both ends included.
    pub(super) fn has_visit(
        &self,
        client: u64,
        (from, to): (DateTime<Utc>, DateTime<Utc>),
    ) -> bool {
        let sessions = self.by_client.get(&client);
        sessions.is_some_and(|list| list.iter().any(|touch| (from..=to).contains(&touch.at)))
    }

    /// Exports whose client ids lead to no visit.
    pub(super) fn foreign(&self) -> &Foreign {
        &self.foreign
    }

    /// Sessions of these clients up to `contact` (included) and at most `lookback_days` × 24 h before it, oldest first.
    pub fn before(
        &self,
        clients: &[u64],
        contact: DateTime<Utc>,
        lookback_days: u32,
    ) -> Vec<&SessionTouch> {
        let from = contact - TimeDelta::days(i64::from(lookback_days));
        let mut path = Vec::new();
        for client in clients {
            let Some(sessions) = self.by_client.get(client) else {
                continue;
            };
            let counted = sessions
                .iter()
                .filter(|touch| (from..=contact).contains(&touch.at));
            path.extend(counted);
        }
        // Two clients of one person may visit at the same moment: the order must not depend on anything else.
        path.sort_by_key(|touch: &&SessionTouch| (touch.at, touch.client, &touch.channel));
        path
    }
}

/// Finds what an inquiry's channel is known by, strongest first: the sessions of a client id that stands on one of its
/// contacts (no session at all is a direct one, unless no client id of that export leads to any), tags on a contact or a channel fixed for its export, the line. A tag
/// that the rules send to `unattributed` tells nothing and is passed over.
pub fn evidence<'a>(
    inquiry: &JoinedInquiry,
    paths: &'a Paths,
    rules: &ChannelRules,
    lookback_days: u32,
) -> Evidence<'a> {
    let clients = inquiry.clients(|export| !paths.foreign.has(export));
    if !clients.is_empty() {
        return Evidence::Path(paths.before(&clients, inquiry.at(), lookback_days));
    }
    let tagged = inquiry
        .contacts
        .iter()
        .find_map(|contact| tagged_channel(contact, rules));
    if let Some(channel) = tagged {
        return Evidence::Channel(channel, MatchedBy::Tag);
    }
    let of_line = inquiry
        .contacts
        .iter()
        .find_map(|contact| contact.line_channel.clone());
    match of_line {
        Some(channel) => Evidence::Channel(channel, MatchedBy::Line),
        None => Evidence::Nothing,
    }
}

/// The channel that is fixed for the contact's export, else that of its tags.
fn tagged_channel(contact: &Contact, rules: &ChannelRules) -> Option<ChannelId> {
    let channel = match &contact.fixed_channel {
        Some(fixed) => fixed.clone(),
        None => {
            let origin = contact.origin.as_ref()?;
            if !origin.has_tag() {
                return None;
            }
            rules.classify(origin)
        }
    };
    let tells_something = channel.as_str() != ChannelId::UNATTRIBUTED;
    tells_something.then_some(channel)
}

impl Evidence<'_> {
    /// Shares of the credit by channel, in the order of channel ids; they add up to 1.
    pub fn credit(
        &self,
        model: AttributionModel,
        contact: DateTime<Utc>,
        rules: &AttributionRules,
    ) -> Vec<(ChannelId, f64)> {
        match self {
            Self::Path(path) if path.is_empty() => whole(ChannelId::new(ChannelId::DIRECT)),
            Self::Path(path) => {
                let channels = path.iter().map(|touch| touch.channel.clone());
                merged(channels.zip(weights(model, path, contact, rules)))
            }
            Self::Channel(channel, _) => whole(channel.clone()),
            Self::Nothing => whole(ChannelId::unattributed()),
        }
    }

    /// Shares of the credit by session, as far as there are sessions; they add up to 1, and those of a channel to its
    /// share in [`Self::credit`].
    pub fn placed(
        &self,
        model: AttributionModel,
        contact: DateTime<Utc>,
        rules: &AttributionRules,
    ) -> Vec<((ChannelId, PlaceId), f64)> {
        match self {
            Self::Path(path) if !path.is_empty() => {
                let touches = path
                    .iter()
                    .map(|touch| (touch.channel.clone(), touch.place));
                merged(touches.zip(weights(model, path, contact, rules)))
            }
            _ => Vec::new(),
        }
    }

    /// What kind of evidence it is.
    pub fn matched_by(&self) -> MatchedBy {
        match self {
            Self::Path(_) => MatchedBy::Client,
            Self::Channel(_, matched_by) => *matched_by,
            Self::Nothing => MatchedBy::Nothing,
        }
    }
}

/// The inquiry as the metrics take it, with credit by the pipeline's model.
pub fn attribute(
    joined: &JoinedInquiry,
    paths: &Paths,
    channels: &ChannelRules,
    rules: &AttributionRules,
    zone: Tz,
) -> Inquiry {
    let evidence = evidence(joined, paths, channels, rules.lookback_days);
    let at = joined.at();
    Inquiry {
        at,
        day: local_day(at, zone),
        kind: joined.contacts[0].kind,
        contacts: u32::try_from(joined.contacts.len()).unwrap_or(u32::MAX),
        credit: evidence.credit(rules.model, at, rules),
        matched_by: evidence.matched_by(),
        sales: joined.sales.iter().map(|deal| sale(deal, zone)).collect(),
        refunds: joined.refunds.iter().map(|deal| sale(deal, zone)).collect(),
    }
}

/// A won deal, or a refund, as the metrics take it.
pub fn sale(deal: &WonDeal, zone: Tz) -> Sale {
    Sale {
        won_at: deal.won_at,
        day: local_day(deal.won_at, zone),
        amount: deal.amount,
        cost: deal.cost,
    }
}

fn whole(channel: ChannelId) -> Vec<(ChannelId, f64)> {
    vec![(channel, 1.0)]
}

/// The weight of each session of a path that is not empty; they need not add up to 1.
fn weights(
    model: AttributionModel,
    path: &[&SessionTouch],
    contact: DateTime<Utc>,
    rules: &AttributionRules,
) -> Vec<f64> {
    let last = path.len() - 1;
    let all = 0..path.len();
    let only = |one: usize| all.clone().map(move |at| f64::from(u8::from(at == one)));
    match model {
        AttributionModel::Last => only(last).collect(),
        AttributionModel::First => only(0).collect(),
        AttributionModel::LastNonDirect => only(last_non_direct(path).unwrap_or(last)).collect(),
        AttributionModel::Linear => all.map(|_| 1.0).collect(),
        AttributionModel::PositionBased => {
            let ends = f64::from(rules.position_ends_percent) / 100.0;
            all.map(|at| by_position(at, path.len(), ends)).collect()
        }
        AttributionModel::TimeDecay => {
            let half_life = f64::from(rules.half_life_days) * SECONDS_A_DAY;
            // Ages count from the newest session: the same shares, and a path of old sessions does not vanish to 0.
            let newest = contact - path[last].at;
            let age = |at: usize| (contact - path[at].at) - newest;
            all.map(|at| 0.5_f64.powf(seconds(age(at)) / half_life))
                .collect()
        }
    }
}

fn last_non_direct(path: &[&SessionTouch]) -> Option<usize> {
    path.iter()
        .rposition(|touch| touch.channel.as_str() != ChannelId::DIRECT)
}

/// Weight of one session among `count`: `ends` for the first and the last each, the rest spread evenly between.
/// A path without a middle shares all among its ends.
fn by_position(index: usize, count: usize, ends: f64) -> f64 {
    match count {
        0..=2 => 1.0,
        _ if index == 0 || index == count - 1 => ends,
        _ => (1.0 - 2.0 * ends) / (count - 2) as f64,
    }
}

fn seconds(span: TimeDelta) -> f64 {
    span.num_milliseconds() as f64 / 1000.0
}

/// Adds the weights of equal keys and scales them to a sum of 1; keys without weight are left out.
fn merged<Key: Ord>(weighed: impl Iterator<Item = (Key, f64)>) -> Vec<(Key, f64)> {
    let mut weights: BTreeMap<Key, f64> = BTreeMap::new();
    for (key, weight) in weighed {
        *weights.entry(key).or_default() += weight;
    }
    let total: f64 = weights.values().sum();
    let weights = weights.into_iter().filter(|(_, weight)| *weight > 0.0);
    weights.map(|(key, weight)| (key, weight / total)).collect()
}

#[cfg(test)]
#[path = "attribution_tests.rs"]
mod tests;

//! The sessions of people who got in touch: their channels for attribution, and where and on what they were.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, Days, Utc};
use polars::prelude::*;

use super::attribution::{Paths, SessionTouch};
use super::inquiries::Contact;
use super::origins::OriginChannels;
use crate::config::Plan;
use crate::lake::Lake;
use crate::model::tables::{ATTRIBUTES, SESSIONS};
use crate::model::zone;

/// What is known of one session beside its channel; empty is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionPlace {
    /// Landing page.
    pub page: Arc<str>,
    /// Kind of device.
    pub device: Arc<str>,
    /// City, else country.
    pub region: Arc<str>,
    /// Advertising campaign.
    pub campaign: Arc<str>,
    /// Ad.
    pub content: Arc<str>,
    /// Phrase.
    pub term: Arc<str>,
    /// Attributes, as [`crate::model::attributes`] writes them.
    pub attributes: Arc<str>,
}

/// Where a session's [`SessionPlace`] stands in [`Places`]; the first one is of nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(u32);

/// One session with its place.
#[derive(Debug)]
struct PlacedSession {
    at: DateTime<Utc>,
    place: PlaceId,
}

/// Sessions by client, oldest first, with their places.
#[derive(Debug)]
pub struct Places {
    by_client: HashMap<u64, Vec<PlacedSession>>,
    /// Every place once.
    list: Vec<SessionPlace>,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            by_client: HashMap::new(),
            list: vec![SessionPlace::default()],
        }
    }
}

impl Places {
    /// What is known of a session.
    pub fn get(&self, place: PlaceId) -> &SessionPlace {
        &self.list[place.0 as usize]
    }

    /// The place of these clients' last session at or before an instant.
    pub fn before(&self, clients: &[u64], at: DateTime<Utc>) -> Option<&SessionPlace> {
        let sessions = clients
            .iter()
            .filter_map(|client| self.by_client.get(client))
            .flatten()
            .filter(|session| session.at <= at)
            .map(|session| (session.at, self.get(session.place)));
        // Of two sessions at one moment the order of places decides, so that the answer is always the same.
        sessions.max().map(|(_, place)| place)
    }
}

/// The sessions of clients that got in touch, found by one semi-join over the client column.
///
/// # Errors
/// When the lake cannot be read.
pub fn load(
    lake: &Lake,
    plan: &Plan,
    as_of: DateTime<Utc>,
    origins: &OriginChannels,
    contacts: &[Contact],
) -> Result<(Paths, Places)> {
    let days = contacts
        .iter()
        .map(|contact| zone::local_day(contact.at, plan.zone));
    let (Some(first), Some(last)) = (days.clone().min(), days.max()) else {
        return Ok(Default::default());
    };
    // The lookback counts hours, the lake's files whole days: one day more holds them all.
    let from = first - Days::new(u64::from(plan.attribution.lookback_days) + 1);
    let Some(scan) = lake.scan(&SESSIONS, as_of, from, last)? else {
        return Ok(Default::default());
    };
    let found = sessions_of(scan, clients_of(contacts))?;
    read(&found, origins)
}

/// Sessions of these clients.
fn sessions_of(scan: LazyFrame, clients: Vec<u64>) -> Result<DataFrame> {
    let wanted = DataFrame::new(clients.len(), vec![Column::new("client".into(), clients)])?.lazy();
    let text = |name: &str| col(name).cast(DataType::String);
    let columns = [
        col("client"),
        col("start_at").to_physical().alias("at"),
        col("origin"),
        col("landing"),
        col("device"),
        col("city"),
        col("country"),
        col("utm_content"),
        col("utm_term"),
        col(ATTRIBUTES),
    ];
    // Texts are decoded after the join: most sessions are of people who never got in touch.
    let found = scan
        .select(columns)
        .join(
            wanted,
            [col("client")],
            [col("client")],
            JoinArgs::new(JoinType::Semi),
        )
        .with_columns([
            text("landing"),
            text("device"),
            text("city"),
            text("country"),
            text("utm_content"),
            text("utm_term"),
            text(ATTRIBUTES),
        ])
        .collect()?;
    Ok(found)
}

/// Client ids of the contacts, each once; 0 is no client.
fn clients_of(contacts: &[Contact]) -> Vec<u64> {
    let mut clients: Vec<u64> = contacts
        .iter()
        .filter_map(|contact| contact.keys.client)
        .filter(|client| *client != 0)
        .collect();
    clients.sort_unstable();
    clients.dedup();
    clients
}

fn read(found: &DataFrame, origins: &OriginChannels) -> Result<(Paths, Places)> {
    let clients = found.column("client")?.u64()?;
    let times = found.column("at")?.i64()?;
    let ids = found.column("origin")?.u32()?;
    let mut columns = PlaceColumns::of(found)?;
    let mut touches = Vec::with_capacity(found.height());
    let mut places = Places::default();
    let mut known: HashMap<SessionPlace, PlaceId> = HashMap::new();
    for row in 0..found.height() {
        let (Some(client), Some(at), Some(origin)) =
            (clients.get(row), times.get(row), ids.get(row))
        else {
            continue;
        };
        let Some(at) = DateTime::from_timestamp_millis(at) else {
            continue;
        };
        let place = columns.place(row, origins.campaign(origin));
        let place = *known.entry(place).or_insert_with_key(|place| {
            places.list.push(place.clone());
            PlaceId(places.list.len() as u32 - 1)
        });
        touches.push(SessionTouch {
            client,
            at,
            channel: origins.channels[origins.position(origin)].clone(),
            place,
        });
        let of_client = places.by_client.entry(client).or_default();
        of_client.push(PlacedSession { at, place });
    }
    Ok((Paths::new(touches), places))
}

/// The columns that a session's place is made of.
struct PlaceColumns<'a> {
    pages: &'a StringChunked,
    devices: &'a StringChunked,
    cities: &'a StringChunked,
    countries: &'a StringChunked,
    contents: &'a StringChunked,
    terms: &'a StringChunked,
    attributes: &'a StringChunked,
    /// Every text once.
    texts: HashSet<Arc<str>>,
}

impl<'a> PlaceColumns<'a> {
    fn of(sessions: &'a DataFrame) -> Result<Self> {
        Ok(Self {
            pages: sessions.column("landing")?.str()?,
            devices: sessions.column("device")?.str()?,
            cities: sessions.column("city")?.str()?,
            countries: sessions.column("country")?.str()?,
            contents: sessions.column("utm_content")?.str()?,
            terms: sessions.column("utm_term")?.str()?,
            attributes: sessions.column(ATTRIBUTES)?.str()?,
            texts: HashSet::new(),
        })
    }

    fn place(&mut self, row: usize, campaign: &str) -> SessionPlace {
        let city = self.cities.get(row).filter(|city| !city.is_empty());
        let region = city.or_else(|| self.countries.get(row));
        SessionPlace {
            page: self.shared(self.pages.get(row)),
            device: self.shared(self.devices.get(row)),
            region: self.shared(region),
            campaign: self.shared(Some(campaign)),
            content: self.shared(self.contents.get(row)),
            term: self.shared(self.terms.get(row)),
            attributes: self.shared(self.attributes.get(row)),
        }
    }

    /// The one copy of a text.
    fn shared(&mut self, text: Option<&str>) -> Arc<str> {
        let text = text.unwrap_or_default();
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        let shared: Arc<str> = text.into();
        self.texts.insert(shared.clone());
        shared
    }
}

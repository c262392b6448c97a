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
use crate::lake::text_codes::TextCodes;
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

/// What a place is made of beside the campaign.
const TEXTS: [&str; 7] = [
    "landing",
    "device",
    "city",
    "country",
    "utm_content",
    "utm_term",
    ATTRIBUTES,
];

/// The sessions of clients that got in touch, found by the client column.
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

/// Sessions of these clients. The file's reader asks this before it reads the other columns: most sessions are of people who
/// never got in touch.
fn sessions_of(scan: LazyFrame, clients: Vec<u64>) -> Result<DataFrame> {
    let wanted: HashSet<u64, foldhash::fast::FixedState> = clients.into_iter().collect();
    let is_wanted = move |column: Column| {
        let clients = column.u64()?.iter();
        let found = clients.map(|client| client.is_some_and(|client| wanted.contains(&client)));
        let found: BooleanChunked = found.collect();
        Ok(found.with_name(column.name().clone()).into_column())
    };
    let as_flag =
        |_: &Schema, field: &Field| Ok(Field::new(field.name().clone(), DataType::Boolean));
    let at = col("start_at").to_physical().alias("at");
    let columns = ["client", "origin"].into_iter().chain(TEXTS).map(col);
    let columns: Vec<Expr> = columns.chain([at]).collect();
    let found = scan.filter(col("client").map(is_wanted, as_flag));
    Ok(found.select(columns).collect()?)
}

/// Client ids of the contacts, each once; 0 is no client.
fn clients_of(contacts: &[Contact]) -> Vec<u64> {
    let mut clients: Vec<u64> = contacts
        .iter()
        .flat_map(|contact| contact.keys.clients())
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
    for row in 0..found.height() {
        let (Some(client), Some(at), Some(origin)) =
            (clients.get(row), times.get(row), ids.get(row))
        else {
            continue;
        };
        let Some(at) = DateTime::from_timestamp_millis(at) else {
            continue;
        };
        let place = columns.place(row, origin, origins, &mut places);
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
struct PlaceColumns {
    /// In the order of [`TEXTS`].
    texts: [TextCodes; TEXTS.len()],
    /// Places by origin and codes of texts …
    by_codes: HashMap<(u32, [u32; TEXTS.len()]), PlaceId>,
    /// … and by what they say: several origins may be of one campaign.
    known: HashMap<SessionPlace, PlaceId>,
    /// Every text once.
    shared: HashSet<Arc<str>>,
}

impl PlaceColumns {
    fn of(sessions: &DataFrame) -> Result<Self> {
        let [page, device, city, country, content, term, attributes] =
            TEXTS.map(|name| TextCodes::of(sessions, name));
        Ok(Self {
            texts: [
                page?,
                device?,
                city?,
                country?,
                content?,
                term?,
                attributes?,
            ],
            by_codes: HashMap::new(),
            known: HashMap::new(),
            shared: HashSet::new(),
        })
    }

    /// The place of a session: texts are looked at when the codes are met for the first time.
    fn place(
        &mut self,
        row: usize,
        origin: u32,
        origins: &OriginChannels,
        places: &mut Places,
    ) -> PlaceId {
        let codes = std::array::from_fn(|at| self.texts[at].codes[row]);
        if let Some(known) = self.by_codes.get(&(origin, codes)) {
            return *known;
        }
        let place = self.read(row, origins.campaign(origin));
        let id = *self.known.entry(place).or_insert_with_key(|place| {
            places.list.push(place.clone());
            PlaceId(places.list.len() as u32 - 1)
        });
        self.by_codes.insert((origin, codes), id);
        id
    }

    fn read(&mut self, row: usize, campaign: &str) -> SessionPlace {
        let shared = &mut self.shared;
        let mut of = |text: &str| shared_text(shared, text);
        let [page, device, city, country, content, term, attributes] = &self.texts;
        let text = |column: &TextCodes| column.text(column.codes[row]).to_owned();
        let city = text(city);
        let region = if city.is_empty() { text(country) } else { city };
        SessionPlace {
            page: of(&text(page)),
            device: of(&text(device)),
            region: of(&region),
            campaign: of(campaign),
            content: of(&text(content)),
            term: of(&text(term)),
            attributes: of(&text(attributes)),
        }
    }
}

/// The one copy of a text.
fn shared_text(shared: &mut HashSet<Arc<str>>, text: &str) -> Arc<str> {
    if let Some(known) = shared.get(text) {
        return known.clone();
    }
    let copy: Arc<str> = text.into();
    shared.insert(copy.clone());
    copy
}

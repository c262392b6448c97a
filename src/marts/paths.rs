//! The sessions of people who got in touch: their channels for attribution, and where and on what they were.

use std::collections::HashMap;

use anyhow::Result;
use chrono::{DateTime, Days, Utc};
use polars::prelude::*;

use super::attribution::{Paths, SessionTouch};
use super::inquiries::Contact;
use super::traffic::OriginChannels;
use crate::config::Plan;
use crate::lake::Lake;
use crate::model::tables::SESSIONS;
use crate::model::zone;

/// Landing page, device and region of one session; empty is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionPlace {
    /// Landing page.
    pub page: String,
    /// Kind of device.
    pub device: String,
    /// City, else country.
    pub region: String,
}

/// One session with its place; the order is that of time.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct PlacedSession {
    at: DateTime<Utc>,
    place: SessionPlace,
}

/// Sessions by client, oldest first, with their places.
#[derive(Debug, Default)]
pub struct Places(HashMap<u64, Vec<PlacedSession>>);

impl Places {
    /// The place of these clients' last session at or before an instant.
    pub fn before(&self, clients: &[u64], at: DateTime<Utc>) -> Option<&SessionPlace> {
        let sessions = clients
            .iter()
            .filter_map(|client| self.0.get(client))
            .flatten();
        // Of two sessions at one moment the order of places decides, so that the answer is always the same.
        let last = sessions.filter(|session| session.at <= at).max()?;
        Some(&last.place)
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
    let texts = PlaceColumns::of(found)?;
    let mut touches = Vec::with_capacity(found.height());
    let mut places: HashMap<u64, Vec<PlacedSession>> = HashMap::new();
    for row in 0..found.height() {
        let (Some(client), Some(at), Some(origin)) =
            (clients.get(row), times.get(row), ids.get(row))
        else {
            continue;
        };
        let Some(at) = DateTime::from_timestamp_millis(at) else {
            continue;
        };
        let channel = origins.channels[origins.position(origin)].clone();
        touches.push(SessionTouch {
            client,
            at,
            channel,
        });
        let place = texts.place(row);
        let of_client = places.entry(client).or_default();
        of_client.push(PlacedSession { at, place });
    }
    for sessions in places.values_mut() {
        sessions.sort();
    }
    Ok((Paths::new(touches), Places(places)))
}

/// The columns that a session's place is made of.
struct PlaceColumns<'a> {
    pages: &'a StringChunked,
    devices: &'a StringChunked,
    cities: &'a StringChunked,
    countries: &'a StringChunked,
}

impl<'a> PlaceColumns<'a> {
    fn of(sessions: &'a DataFrame) -> Result<Self> {
        Ok(Self {
            pages: sessions.column("landing")?.str()?,
            devices: sessions.column("device")?.str()?,
            cities: sessions.column("city")?.str()?,
            countries: sessions.column("country")?.str()?,
        })
    }

    fn place(&self, row: usize) -> SessionPlace {
        let city = self.cities.get(row).filter(|city| !city.is_empty());
        let region = city.or_else(|| self.countries.get(row));
        SessionPlace {
            page: self.pages.get(row).unwrap_or_default().to_owned(),
            device: self.devices.get(row).unwrap_or_default().to_owned(),
            region: region.unwrap_or_default().to_owned(),
        }
    }
}

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
pub struct Place {
    /// Landing page.
    pub page: String,
    /// Kind of device.
    pub device: String,
    /// City, else country.
    pub region: String,
}

/// Sessions by client, oldest first, with their places.
#[derive(Debug, Default)]
pub struct Places(HashMap<u64, Vec<(DateTime<Utc>, Place)>>);

impl Places {
    /// The place of these clients' last session at or before an instant.
    pub fn before(&self, clients: &[u64], at: DateTime<Utc>) -> Option<&Place> {
        let sessions = clients
            .iter()
            .filter_map(|client| self.0.get(client))
            .flatten();
        sessions
            .filter(|(start, _)| *start <= at)
            .max_by_key(|(start, place)| (*start, place))
            .map(|(_, place)| place)
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
    let mut clients: Vec<u64> = contacts
        .iter()
        .filter_map(|contact| contact.keys.client)
        .filter(|client| *client != 0)
        .collect();
    clients.sort_unstable();
    clients.dedup();
    let times = contacts
        .iter()
        .map(|contact| zone::local_day(contact.at, plan.zone));
    let (Some(first), Some(last)) = (times.clone().min(), times.max()) else {
        return Ok(Default::default());
    };
    let from = first - Days::new(u64::from(plan.attribution.lookback_days) + 1);
    let Some(scan) = lake.scan(&SESSIONS, as_of, from, last)? else {
        return Ok(Default::default());
    };
    let wanted = DataFrame::new(clients.len(), vec![Column::new("client".into(), clients)])?.lazy();
    let text = |name: &str| col(name).cast(DataType::String);
    let found = scan
        .select([
            col("client"),
            col("start_at").to_physical().alias("at"),
            col("origin"),
            col("landing"),
            col("device"),
            col("city"),
            col("country"),
        ])
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
    read(&found, origins)
}

fn read(found: &DataFrame, origins: &OriginChannels) -> Result<(Paths, Places)> {
    let (clients, times) = (found.column("client")?.u64()?, found.column("at")?.i64()?);
    let sources = found.column("origin")?.u32()?;
    let (pages, devices) = (
        found.column("landing")?.str()?,
        found.column("device")?.str()?,
    );
    let (cities, countries) = (
        found.column("city")?.str()?,
        found.column("country")?.str()?,
    );
    let mut touches = Vec::with_capacity(found.height());
    let mut places: HashMap<u64, Vec<(DateTime<Utc>, Place)>> = HashMap::new();
    let known = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    for row in 0..found.height() {
        let (Some(client), Some(at), Some(origin)) =
            (clients.get(row), times.get(row), sources.get(row))
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
        let place = Place {
            page: known(pages.get(row)).unwrap_or_default(),
            device: known(devices.get(row)).unwrap_or_default(),
            region: known(cities.get(row))
                .or_else(|| known(countries.get(row)))
                .unwrap_or_default(),
        };
        places.entry(client).or_default().push((at, place));
    }
    places.values_mut().for_each(|sessions| sessions.sort());
    Ok((Paths::new(touches), Places(places)))
}

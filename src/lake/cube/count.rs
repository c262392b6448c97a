//! The rows of a part counted into its cube.

use anyhow::Result;
use hashbrown::HashSet;
use polars::prelude::*;

use super::{CUBE, Way};
use crate::lake::frame;
use crate::lake::keys::HashMap;
use crate::lake::text_codes::{NO_CODE, TextCodes};
use crate::model::observations::is_instant;

/// What a row of a cube is told apart by: way, day, origin, device, landing page, city, country, goals.
type Key = (u32, i32, u32, u32, u32, u32, u32, u32);

/// What is counted.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    sessions: u32,
    bounces: u32,
    instant: u32,
    newcomers: u32,
    doubled: u32,
    seconds: i64,
}

impl Counts {
    fn add(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.bounces += other.bounces;
        self.instant += other.instant;
        self.newcomers += other.newcomers;
        self.doubled += other.doubled;
        self.seconds += other.seconds;
    }
}

/// The cube of a part's rows, in the order in which its cells are met: the same rows make the same file.
///
/// # Errors
/// When a column is not what the schema of sessions says.
pub(in crate::lake) fn count(sessions: &DataFrame) -> Result<DataFrame> {
    let columns = Sessions::read(sessions)?;
    let mut cells = Cells::default();
    for row in 0..sessions.height() {
        let counts = columns.counts(row);
        for way in Way::ALL {
            cells.add(columns.key(way, row), &counts);
        }
    }
    cells.frame(sessions)
}

/// The columns of sessions that are counted.
struct Sessions {
    days: Vec<i32>,
    origins: Vec<u32>,
    devices: TextCodes,
    landings: TextCodes,
    cities: TextCodes,
    countries: TextCodes,
    goals: TextCodes,
    bounces: Vec<bool>,
    newcomers: Vec<bool>,
    doubled: Vec<bool>,
    views: Vec<Option<u32>>,
    seconds: Vec<Option<u32>>,
}

impl Sessions {
    fn read(frame: &DataFrame) -> Result<Self> {
        let text = |name| TextCodes::of(frame, name);
        let counts = |name| -> Result<Vec<Option<u32>>> { Ok(frame.column(name)?.u32()?.to_vec()) };
        let flags = |name| -> Result<Vec<bool>> {
            let flags = frame.column(name)?.bool()?.iter();
            Ok(flags.map(|flag| flag == Some(true)).collect())
        };
        let days = frame.column("day")?.to_physical_repr();
        let origins = counts("origin")?;
        Ok(Self {
            days: days.i32()?.iter().map(|day| day.unwrap_or(0)).collect(),
            origins: origins.iter().map(|origin| origin.unwrap_or(0)).collect(),
            devices: text("device")?,
            landings: text("landing")?,
            cities: text("city")?,
            countries: text("country")?,
            goals: text("goals")?,
            bounces: flags("bounce")?,
            newcomers: flags("is_new")?,
            doubled: doubled(frame)?,
            views: counts("page_views")?,
            seconds: counts("duration_s")?,
        })
    }

    fn counts(&self, row: usize) -> Counts {
        Counts {
            sessions: 1,
            bounces: u32::from(self.bounces[row]),
            instant: u32::from(is_instant(self.views[row], self.seconds[row])),
            newcomers: u32::from(self.newcomers[row]),
            doubled: u32::from(self.doubled[row]),
            seconds: i64::from(self.seconds[row].unwrap_or(0)),
        }
    }

    fn key(&self, way: Way, row: usize) -> Key {
        let (origin, none) = (self.origins[row], NO_CODE);
        let (origin, device, landing, city, country) = match way {
            Way::Device => (origin, self.devices.codes[row], none, none, none),
            Way::Page => (0, none, self.landings.codes[row], none, none),
            Way::Region => {
                let (city, country) = (self.cities.codes[row], self.countries.codes[row]);
                // A session's region is its city; the country is told of those without one.
                let country = if city == NO_CODE { country } else { none };
                (origin, none, none, city, country)
            }
        };
        let (day, goals) = (self.days[row], self.goals.codes[row]);
        (
            way.number(),
            day,
            origin,
            device,
            landing,
            city,
            country,
            goals,
        )
    }
}

/// Whether a row is of the client and the second of one before it. Sessions without a client are nobody's twins. Rows of a
/// part are in the order of time, so that the clients of one second are all that must be remembered.
fn doubled(frame: &DataFrame) -> Result<Vec<bool>> {
    let clients = frame.column("client")?.u64()?;
    let starts = frame.column("start_at")?.to_physical_repr();
    let mut of_second: HashSet<u64, foldhash::fast::FixedState> = HashSet::default();
    let mut second = i64::MIN;
    let mut doubled = Vec::with_capacity(frame.height());
    for (client, start) in clients.iter().zip(starts.i64()?.iter()) {
        let (client, start) = (client.unwrap_or(0), start.unwrap_or(0));
        if start / 1000 != second {
            second = start / 1000;
            of_second.clear();
        }
        doubled.push(client != 0 && !of_second.insert(client));
    }
    Ok(doubled)
}

/// Cells in the order in which they were met.
#[derive(Default)]
struct Cells {
    places: HashMap<Key, u32>,
    list: Vec<(Key, Counts)>,
}

impl Cells {
    fn add(&mut self, key: Key, counts: &Counts) {
        let next = self.list.len() as u32;
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.list.push((key, Counts::default()));
        }
        self.list[place as usize].1.add(counts);
    }

    fn frame(self, sessions: &DataFrame) -> Result<DataFrame> {
        let list = &self.list;
        let number = |name: &str, of: fn(&(Key, Counts)) -> u32| {
            let values = list.iter().map(of).collect();
            UInt32Chunked::from_vec(name.into(), values).into_column()
        };
        let text = |name: &str, of: fn(&(Key, Counts)) -> u32| -> Result<Column> {
            let codes = list.iter().map(of).collect();
            frame::coded_column(name, codes, sessions.column(name)?)
        };
        let days = list.iter().map(|(key, _)| key.1).collect();
        let seconds = list.iter().map(|(_, counts)| counts.seconds).collect();
        let columns = vec![
            number("way", |(key, _)| key.0),
            Int32Chunked::from_vec(CUBE.day.into(), days)
                .into_date()
                .into_column(),
            number("origin", |(key, _)| key.2),
            text("device", |(key, _)| key.3)?,
            text("landing", |(key, _)| key.4)?,
            text("city", |(key, _)| key.5)?,
            text("country", |(key, _)| key.6)?,
            text("goals", |(key, _)| key.7)?,
            number("sessions", |(_, counts)| counts.sessions),
            number("bounces", |(_, counts)| counts.bounces),
            number("instant", |(_, counts)| counts.instant),
            number("newcomers", |(_, counts)| counts.newcomers),
            number("doubled", |(_, counts)| counts.doubled),
            Int64Chunked::from_vec("seconds".into(), seconds).into_column(),
        ];
        Ok(DataFrame::new(list.len(), columns)?)
    }
}

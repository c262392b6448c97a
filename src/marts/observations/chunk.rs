//! Columns of sessions of some days, as they come from the lake.

use anyhow::Result;
use polars::prelude::*;

use super::wording::device;
use crate::config::rules::DiagnosisRules;
use crate::lake::text_codes::{NO_CODE, TextCodes};
use crate::model::observations::{SessionCounts, is_instant};

/// The columns that are read of single sessions.
pub(super) const COLUMNS: [&str; 13] = [
    "day",
    "origin",
    "client",
    "start_at",
    "is_new",
    "page_views",
    "duration_s",
    "bounce",
    "landing",
    "goals",
    "device",
    "city",
    "country",
];

/// Columns of some days of sessions.
pub(super) struct Chunk {
    /// Day numbers.
    pub days: Vec<i32>,
    /// Ids of origins.
    pub origins: Vec<u32>,
    /// Clients; 0 is none.
    pub clients: Vec<u64>,
    /// Starts, milliseconds.
    pub starts: Vec<i64>,
    newcomers: Vec<bool>,
    views: Vec<Option<u32>>,
    seconds: Vec<Option<u32>>,
    bounces: Vec<bool>,
    /// Landing pages.
    pub landings: Texts,
    /// Kinds of devices.
    pub devices: Texts,
    /// Cities, else countries.
    pub regions: Texts,
    goals: Vec<Goals>,
}

/// What a list of goals holds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Goals {
    pub form_start: bool,
    pub form_sent: bool,
    pub phone_tap: bool,
}

impl Goals {
    /// What each row's list of goals holds.
    pub(super) fn read(frame: &DataFrame, rules: &DiagnosisRules) -> Result<Vec<Self>> {
        Ok(TextCodes::of(frame, "goals")?.each(|list| Self::of(list, rules)))
    }

    fn of(list: &str, rules: &DiagnosisRules) -> Self {
        let holds = |wanted: &[String]| {
            list.split(',')
                .any(|goal| wanted.iter().any(|known| known == goal.trim()))
        };
        Self {
            form_start: holds(&rules.form_start),
            form_sent: holds(&rules.form_sent),
            phone_tap: holds(&rules.phone_tap),
        }
    }
}

/// A text column as places in the list of its distinct texts.
pub(super) struct Texts {
    /// The distinct texts.
    pub list: Vec<String>,
    /// For each row its place in the list.
    pub places: Vec<u32>,
}

impl Texts {
    fn read(frame: &DataFrame, name: &str) -> Result<Self> {
        let column = TextCodes::of(frame, name)?;
        let mut list = Vec::new();
        let places = column.each(|text| {
            list.push(text.to_owned());
            list.len() as u32 - 1
        });
        Ok(Self { list, places })
    }

    /// Landing pages.
    pub(super) fn landings(frame: &DataFrame) -> Result<Self> {
        Self::read(frame, "landing")
    }

    /// Kinds of devices, under the names that all exports share.
    pub(super) fn devices(frame: &DataFrame) -> Result<Self> {
        let mut devices = Self::read(frame, "device")?;
        devices
            .list
            .iter_mut()
            .for_each(|text| *text = device(text));
        Ok(devices)
    }

    /// Cities, of sessions without one countries.
    pub(super) fn regions(frame: &DataFrame) -> Result<Self> {
        let cities = TextCodes::of(frame, "city")?;
        let countries = TextCodes::of(frame, "country")?;
        let mut list = Vec::new();
        let mut known = vec![None; cities.bound() + countries.bound() + 1];
        let mut places = Vec::with_capacity(frame.height());
        for (&city, &country) in cities.codes.iter().zip(&countries.codes) {
            let (at, text) = match (city, country) {
                (NO_CODE, NO_CODE) => (known.len() - 1, ""),
                (NO_CODE, country) => (cities.bound() + country as usize, countries.text(country)),
                (city, _) => (city as usize, cities.text(city)),
            };
            let place = known[at].get_or_insert_with(|| {
                list.push(text.to_owned());
                list.len() as u32 - 1
            });
            places.push(*place);
        }
        Ok(Self { list, places })
    }
}

impl Chunk {
    /// The columns of a frame of single sessions.
    ///
    /// # Errors
    /// When a column is not what the schema says.
    pub(super) fn read(frame: &DataFrame, rules: &DiagnosisRules) -> Result<Self> {
        let flags = |name: &str| -> Result<Vec<bool>> {
            let flags = frame.column(name)?.bool()?.iter();
            Ok(flags.map(|flag| flag == Some(true)).collect())
        };
        let counts =
            |name: &str| -> Result<Vec<Option<u32>>> { Ok(frame.column(name)?.u32()?.to_vec()) };
        let (days, starts) = (frame.column("day")?, frame.column("start_at")?);
        let (days, starts) = (days.to_physical_repr(), starts.to_physical_repr());
        let (days, starts) = (days.i32()?.iter(), starts.i64()?.iter());
        let clients = frame.column("client")?.u64()?.iter();
        let origins = counts("origin")?.into_iter();
        Ok(Self {
            days: days.map(|day| day.unwrap_or(0)).collect(),
            origins: origins.map(|origin| origin.unwrap_or(0)).collect(),
            clients: clients.map(|client| client.unwrap_or(0)).collect(),
            starts: starts.map(|at| at.unwrap_or(0)).collect(),
            newcomers: flags("is_new")?,
            views: counts("page_views")?,
            seconds: counts("duration_s")?,
            bounces: flags("bounce")?,
            landings: Texts::landings(frame)?,
            devices: Texts::devices(frame)?,
            regions: Texts::regions(frame)?,
            goals: Goals::read(frame, rules)?,
        })
    }

    /// The counts of one session.
    pub(super) fn counts(&self, row: usize, doubled: bool) -> SessionCounts {
        SessionCounts {
            sessions: 1,
            bounces: u32::from(self.bounces[row]),
            instant: u32::from(is_instant(self.views[row], self.seconds[row])),
            newcomers: u32::from(self.newcomers[row]),
            doubled: u32::from(doubled),
            form_starts: u32::from(self.goals[row].form_start),
            form_sends: u32::from(self.goals[row].form_sent),
            phone_taps: u32::from(self.goals[row].phone_tap),
            seconds: u64::from(self.seconds[row].unwrap_or(0)),
        }
    }
}

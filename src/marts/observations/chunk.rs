//! Columns of sessions of some days, as they come from the lake.

use anyhow::Result;
use chrono::NaiveDate;
use polars::prelude::*;

use super::cells::SessionStore;
use super::wording::device;
use crate::config::rules::DiagnosisRules;
use crate::marts::view;
use crate::model::observations::SessionCounts;

/// A session of one page and at most so many seconds is instant.
const INSTANT_S: u32 = 2;

const COLUMNS: [&str; 13] = [
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
    views: Vec<u32>,
    seconds: Vec<u32>,
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
struct Goals {
    form_start: bool,
    form_sent: bool,
    phone_tap: bool,
}

impl Goals {
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
        let column = frame.column(name)?.cast(&DataType::String)?;
        let mut known: hashbrown::HashMap<&str, u32, foldhash::fast::FixedState> =
            hashbrown::HashMap::default();
        let mut list = Vec::new();
        let mut places = Vec::with_capacity(frame.height());
        for text in column.str()?.iter() {
            let text = text.unwrap_or_default();
            let place = known.entry(text).or_insert_with(|| {
                list.push(text.to_owned());
                list.len() as u32 - 1
            });
            places.push(*place);
        }
        Ok(Self { list, places })
    }

    /// Every text under the name that a rule gives it.
    fn named(mut self, name: fn(&str) -> String) -> Self {
        self.list.iter_mut().for_each(|text| *text = name(text));
        self
    }

    /// The other column's text where this one has none.
    fn or(mut self, other: Self) -> Self {
        let Some(empty) = self.list.iter().position(String::is_empty) else {
            return self;
        };
        let first = self.list.len() as u32;
        self.list.extend(other.list);
        for (place, instead) in self.places.iter_mut().zip(other.places) {
            if *place == empty as u32 {
                *place = first + instead;
            }
        }
        self
    }
}

impl Chunk {
    /// Reads some days; `None` when the lake holds none of them.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub(super) fn load(
        source: &SessionStore<'_>,
        days: (NaiveDate, NaiveDate),
    ) -> Result<Option<Self>> {
        let select = |scan: LazyFrame| scan.select(COLUMNS.map(col));
        let frame = view::sessions(source.lake, source.as_of, days, source.origins, select)?;
        let rules = &source.plan.diagnosis;
        frame.map(|frame| Self::read(&frame, rules)).transpose()
    }

    fn read(frame: &DataFrame, rules: &DiagnosisRules) -> Result<Self> {
        let flags = |name: &str| -> Result<Vec<bool>> {
            Ok(frame
                .column(name)?
                .bool()?
                .iter()
                .map(|flag| flag.unwrap_or(false))
                .collect())
        };
        let counts = |name: &str, absent: u32| -> Result<Vec<u32>> {
            Ok(frame
                .column(name)?
                .u32()?
                .iter()
                .map(|count| count.unwrap_or(absent))
                .collect())
        };
        let goals = Texts::read(frame, "goals")?;
        let kinds: Vec<Goals> = goals
            .list
            .iter()
            .map(|list| Goals::of(list, rules))
            .collect();
        Ok(Self {
            days: frame
                .column("day")?
                .to_physical_repr()
                .i32()?
                .iter()
                .map(|day| day.unwrap_or(0))
                .collect(),
            origins: counts("origin", 0)?,
            clients: frame
                .column("client")?
                .u64()?
                .iter()
                .map(|client| client.unwrap_or(0))
                .collect(),
            starts: frame
                .column("start_at")?
                .to_physical_repr()
                .i64()?
                .iter()
                .map(|at| at.unwrap_or(0))
                .collect(),
            newcomers: flags("is_new")?,
            views: counts("page_views", u32::MAX)?,
            seconds: counts("duration_s", u32::MAX)?,
            bounces: flags("bounce")?,
            landings: Texts::read(frame, "landing")?,
            devices: Texts::read(frame, "device")?.named(device),
            regions: Texts::read(frame, "city")?.or(Texts::read(frame, "country")?),
            goals: goals
                .places
                .iter()
                .map(|place| kinds[*place as usize])
                .collect(),
        })
    }

    /// The counts of one session.
    pub(super) fn counts(&self, row: usize, doubled: bool) -> SessionCounts {
        let seconds = if self.seconds[row] == u32::MAX {
            0
        } else {
            self.seconds[row]
        };
        SessionCounts {
            sessions: 1,
            bounces: u32::from(self.bounces[row]),
            instant: u32::from(self.views[row] <= 1 && self.seconds[row] <= INSTANT_S),
            newcomers: u32::from(self.newcomers[row]),
            doubled: u32::from(doubled),
            form_starts: u32::from(self.goals[row].form_start),
            form_sends: u32::from(self.goals[row].form_sent),
            phone_taps: u32::from(self.goals[row].phone_tap),
            seconds: u64::from(seconds),
        }
    }
}

//! Sessions in cells: read month by month, column by column, and added up.

use std::collections::HashMap;
use std::hash::Hash;

use anyhow::Result;
use chrono::{DateTime, Days, Timelike, Utc};
use polars::prelude::*;

use super::codes::Coder;
use super::{Span, Sums};
use crate::config::Plan;
use crate::config::settings::DiagnosisRules;
use crate::lake::Lake;
use crate::lake::scan::day_from_number;
use crate::marts::channels::{ChannelRules, Origin};
use crate::marts::rows::Rows;
use crate::marts::traffic::OriginChannels;
use crate::model::observations::{Code, Dimension, Names, SessionCounts, Visits};
use crate::model::tables::SESSIONS;

/// Days that are read at once: bounds the memory.
const CHUNK_DAYS: u64 = 28;
/// Pages that are told apart.
const PAGES: usize = 40;
/// Regions that are told apart.
const REGIONS: usize = 30;
/// A session of one page and at most so many seconds is instant.
const INSTANT_S: u32 = 2;

/// All tables of sessions.
#[derive(Default)]
pub(super) struct Traffic {
    /// By day, channel and device.
    pub visits: Vec<Visits>,
    /// By day and page.
    pub pages: Vec<Visits>,
    /// By day, channel and region.
    pub regions: Vec<Visits>,
    /// By channel, device, page and region, of the base (day 0) and of the reported period (day 1).
    pub leaves: Vec<Visits>,
    /// By hour from the base's first day.
    pub hours: Vec<u32>,
    /// Codes of devices.
    pub device_codes: Coder,
    /// Codes of pages.
    pub page_codes: Coder,
    /// Codes of regions.
    pub region_codes: Coder,
}

impl Traffic {
    /// Puts the texts behind the codes.
    pub(super) fn put_names(&self, names: &mut Names) {
        self.device_codes.put(Dimension::Device, names);
        self.page_codes.put(Dimension::Page, names);
        self.region_codes.put(Dimension::Region, names);
    }
}

/// Reads all sessions of the span; `None` when there is not one.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn load(
    lake: &Lake,
    plan: &Plan,
    as_of: DateTime<Utc>,
    span: &Span,
    origins: &OriginChannels,
    channels: &Coder,
) -> Result<Option<Traffic>> {
    let of_position: Vec<Code> = origins.channels.iter().map(|channel| channels.code(channel.as_str())).collect();
    let mut sums = Collected::new(span, plan);
    let mut from = span.first;
    while from <= span.last {
        let to = (from + Days::new(CHUNK_DAYS - 1)).min(span.last);
        if let Some(scan) = lake.scan(&SESSIONS, as_of, from, to)? {
            let frame = scan.select(COLUMNS.map(col)).collect()?;
            sums.add(&Chunk::read(&frame, &plan.diagnosis)?, origins, &of_position);
        }
        from = to + Days::new(1);
    }
    Ok((!sums.by_device.is_empty()).then(|| sums.finish()))
}

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
struct Chunk {
    days: Vec<i32>,
    origins: Vec<u32>,
    clients: Vec<u64>,
    starts: Vec<i64>,
    newcomers: Vec<bool>,
    views: Vec<u32>,
    seconds: Vec<u32>,
    bounces: Vec<bool>,
    landings: Texts,
    devices: Texts,
    regions: Texts,
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
        let holds = |wanted: &[String]| list.split(',').any(|goal| wanted.iter().any(|known| known == goal.trim()));
        Self {
            form_start: holds(&rules.form_start),
            form_sent: holds(&rules.form_sent),
            phone_tap: holds(&rules.phone_tap),
        }
    }
}

/// A text column as places in the list of its distinct texts.
struct Texts {
    list: Vec<String>,
    places: Vec<u32>,
}

impl Texts {
    fn read(frame: &DataFrame, name: &str) -> Result<Self> {
        let column = frame.column(name)?.cast(&DataType::String)?;
        let mut known: hashbrown::HashMap<&str, u32, foldhash::fast::FixedState> = hashbrown::HashMap::default();
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

    /// The other column's text where this one has none.
    fn or(mut self, other: Self) -> Self {
        let Some(empty) = self.list.iter().position(String::is_empty) else { return self };
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
    fn read(frame: &DataFrame, rules: &DiagnosisRules) -> Result<Self> {
        let flags = |name: &str| -> Result<Vec<bool>> {
            Ok(frame.column(name)?.bool()?.iter().map(|flag| flag.unwrap_or(false)).collect())
        };
        let counts = |name: &str, absent: u32| -> Result<Vec<u32>> {
            Ok(frame.column(name)?.u32()?.iter().map(|count| count.unwrap_or(absent)).collect())
        };
        let goals = Texts::read(frame, "goals")?;
        let kinds: Vec<Goals> = goals.list.iter().map(|list| Goals::of(list, rules)).collect();
        Ok(Self {
            days: frame.column("day")?.to_physical_repr().i32()?.iter().map(|day| day.unwrap_or(0)).collect(),
            origins: counts("origin", 0)?,
            clients: frame.column("client")?.u64()?.iter().map(|client| client.unwrap_or(0)).collect(),
            starts: frame.column("start_at")?.to_physical_repr().i64()?.iter().map(|at| at.unwrap_or(0)).collect(),
            newcomers: flags("is_new")?,
            views: counts("page_views", u32::MAX)?,
            seconds: counts("duration_s", u32::MAX)?,
            bounces: flags("bounce")?,
            landings: Texts::read(frame, "landing")?,
            devices: Texts::read(frame, "device")?,
            regions: Texts::read(frame, "city")?.or(Texts::read(frame, "country")?),
            goals: goals.places.iter().map(|place| kinds[*place as usize]).collect(),
        })
    }

    fn counts(&self, row: usize, doubled: bool) -> SessionCounts {
        let seconds = if self.seconds[row] == u32::MAX { 0 } else { self.seconds[row] };
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

type Cells<Key> = hashbrown::HashMap<Key, SessionCounts, foldhash::fast::FixedState>;

/// Everything added up so far; texts of all chunks share one list each.
struct Collected<'a> {
    span: &'a Span,
    zone: chrono_tz::Tz,
    pages: Shared,
    devices: Shared,
    regions: Shared,
    by_device: Cells<(u32, Code, u32)>,
    by_page: Cells<(u32, u32)>,
    by_region: Cells<(u32, Code, u32)>,
    leaves: Cells<(u32, Code, u32, u32, u32)>,
    hours: Vec<u32>,
}

/// Distinct texts of all chunks with their sessions in the base and the reported period.
#[derive(Default)]
struct Shared {
    places: HashMap<String, u32>,
    texts: Vec<String>,
    weights: Vec<u64>,
}

impl Shared {
    /// Where the texts of a chunk stand in the shared list.
    fn places(&mut self, texts: &Texts) -> Vec<u32> {
        let place = |text: &String| {
            *self.places.entry(text.clone()).or_insert_with(|| {
                self.texts.push(text.clone());
                self.weights.push(0);
                self.texts.len() as u32 - 1
            })
        };
        texts.list.iter().map(place).collect()
    }

    /// Codes of the largest texts, and the code of each place.
    fn codes(&self, most: usize) -> (Coder, Vec<Code>) {
        let counts = self.texts.iter().cloned().zip(self.weights.iter().map(|weight| weight + 1)).collect();
        let coder = Coder::largest(&counts, most);
        let codes = self.texts.iter().map(|text| coder.code(text)).collect();
        (coder, codes)
    }
}

impl<'a> Collected<'a> {
    fn new(span: &'a Span, plan: &Plan) -> Self {
        Self {
            span,
            zone: plan.zone,
            pages: Shared::default(),
            devices: Shared::default(),
            regions: Shared::default(),
            by_device: Cells::default(),
            by_page: Cells::default(),
            by_region: Cells::default(),
            leaves: Cells::default(),
            hours: vec![0; (span.len() - span.base_start as usize) * 24],
        }
    }

    fn add(&mut self, chunk: &Chunk, origins: &OriginChannels, of_position: &[Code]) {
        let (pages, devices) = (self.pages.places(&chunk.landings), self.devices.places(&chunk.devices));
        let regions = self.regions.places(&chunk.regions);
        let mut seconds: hashbrown::HashSet<(u64, i64), foldhash::fast::FixedState> = hashbrown::HashSet::default();
        for row in 0..chunk.days.len() {
            let Some(day) = self.span.day(day_from_number(chunk.days[row])) else { continue };
            let channel = of_position[origins.position(chunk.origins[row])];
            let page = pages[chunk.landings.places[row] as usize];
            let device = devices[chunk.devices.places[row] as usize];
            let region = regions[chunk.regions.places[row] as usize];
            let client = chunk.clients[row];
            let doubled = client != 0 && !seconds.insert((client, chunk.starts[row] / 1000));
            let counts = chunk.counts(row, doubled);
            self.by_device.entry((day, channel, device)).or_default().add(&counts);
            self.by_page.entry((day, page)).or_default().add(&counts);
            self.by_region.entry((day, channel, region)).or_default().add(&counts);
            if day >= self.span.base_start {
                let half = u32::from(day >= self.span.start);
                self.leaves.entry((half, channel, device, page, region)).or_default().add(&counts);
                self.pages.weights[page as usize] += 1;
                self.regions.weights[region as usize] += 1;
                self.devices.weights[device as usize] += 1;
                self.hours[hour(chunk.starts[row], day - self.span.base_start, self.zone)] += 1;
            }
        }
    }

    fn finish(self) -> Traffic {
        let (device_codes, devices) = self.devices.codes(usize::from(Code::MAX) - 1);
        let (page_codes, pages) = self.pages.codes(PAGES);
        let (region_codes, regions) = self.regions.codes(REGIONS);
        let visits = recoded(self.by_device, |(day, channel, device)| (day, channel, devices[device as usize], 0, 0));
        let of_pages = recoded(self.by_page, |(day, page)| (day, 0, 0, pages[page as usize], 0));
        let of_regions =
            recoded(self.by_region, |(day, channel, region)| (day, channel, 0, 0, regions[region as usize]));
        let leaves = recoded(self.leaves, |(half, channel, device, page, region)| {
            (half, channel, devices[device as usize], pages[page as usize], regions[region as usize])
        });
        Traffic {
            visits,
            pages: of_pages,
            regions: of_regions,
            leaves,
            hours: self.hours,
            device_codes,
            page_codes,
            region_codes,
        }
    }
}

/// The hour of a session on the pipeline's clock, counted from the base's first day; an hour that a clock change puts
/// outside its day stays in it.
fn hour(start_ms: i64, day: u32, zone: chrono_tz::Tz) -> usize {
    let local = DateTime::from_timestamp_millis(start_ms).map_or(0, |at| at.with_timezone(&zone).hour());
    day as usize * 24 + local as usize
}

type Key = (u32, Code, Code, Code, Code);

/// Cells under their final codes, in the order of day, channel, device, page, region.
fn recoded<Old: Hash + Eq + Copy>(cells: Cells<Old>, code: impl Fn(Old) -> Key) -> Vec<Visits> {
    let mut sums: Sums<Key, SessionCounts> = Sums::new();
    for (key, counts) in cells {
        sums.entry(code(key)).or_default().add(&counts);
    }
    let visits = |((day, channel, device, page, region), counts)| Visits { day, channel, device, page, region, counts };
    sums.into_iter().map(visits).collect()
}

/// Traffic of exports that carry totals only: each row is spread evenly over its days.
///
/// # Errors
/// When a column is not what the schema says.
pub(super) fn of_totals(rows: &Rows, span: &Span, rules: &ChannelRules, channels: &Coder) -> Result<Traffic> {
    let (from, to) = (rows.days("from_day")?, rows.days("day")?);
    let names = ["group", "utm_source", "utm_medium", "utm_campaign"];
    let texts: Vec<Vec<String>> = names.iter().map(|name| rows.texts(name)).collect::<Result<_>>()?;
    let sessions = rows.counts("sessions")?;
    let mut sums: Sums<(u32, Code), SessionCounts> = Sums::new();
    for row in 0..rows.len() {
        let text = |at: usize| (!texts[at][row].is_empty()).then(|| texts[at][row].clone());
        let origin =
            Origin { group: text(0), source: text(1), medium: text(2), campaign: text(3), ..Origin::default() };
        let channel = channels.code(rules.classify(&origin).as_str());
        let days = (to[row] - from[row]).num_days().max(0) as u32 + 1;
        let count = sessions[row].unwrap_or(0);
        for (place, date) in from[row].iter_days().take(days as usize).enumerate() {
            let share = count / days + u32::from((place as u32) < count % days);
            let Some(day) = span.day(date) else { continue };
            sums.entry((day, channel)).or_default().sessions += share;
        }
    }
    let visits = |((day, channel), counts)| Visits { day, channel, counts, ..Visits::default() };
    Ok(Traffic { visits: sums.into_iter().map(visits).collect(), ..Traffic::default() })
}

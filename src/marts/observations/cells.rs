//! Sessions in daily cells: read month by month, column by column, each day once, and kept for all periods to come.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use anyhow::Result;
use chrono::{DateTime, Days, NaiveDate, Utc};
use polars::prelude::{DataFrame, LazyFrame, col};

use super::chunk::{COLUMNS, Chunk, Texts};
use super::counted_days::CountedDays;
use crate::config::Plan;
use crate::lake::Lake;
use crate::lake::cube::Way;
use crate::lake::scan::day_from_number;
use crate::marts::origins::OriginChannels;
use crate::marts::view;
use crate::model::observations::SessionCounts;

/// Days that are read at once: bounds the memory.
const CHUNK_DAYS: u64 = 28;

/// Place of a channel in [`OriginChannels`].
pub(super) type ChannelPlace = u32;
/// Place of a text in [`Dictionary`].
pub(super) type TextPlace = u32;

/// Sessions of one day, told apart in several ways, each in the order of its key.
#[derive(Debug, Default)]
pub(super) struct DayCells {
    /// By channel and device.
    pub devices: Vec<((ChannelPlace, TextPlace), SessionCounts)>,
    /// By landing page.
    pub pages: Vec<(TextPlace, SessionCounts)>,
    /// By channel and region.
    pub regions: Vec<((ChannelPlace, TextPlace), SessionCounts)>,
}

/// Distinct texts of a dimension, in the order in which they were met.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    places: HashMap<String, TextPlace>,
    /// The texts.
    pub texts: Vec<String>,
}

impl Dictionary {
    /// Where the texts of a chunk stand here.
    fn places(&mut self, texts: &Texts) -> Vec<TextPlace> {
        let place = |text: &String| {
            *self.places.entry(text.clone()).or_insert_with(|| {
                self.texts.push(text.clone());
                self.texts.len() as TextPlace - 1
            })
        };
        texts.list.iter().map(place).collect()
    }
}

/// Days of sessions that have been read so far.
#[derive(Debug, Default)]
pub struct DailyCells {
    pub(super) days: BTreeMap<NaiveDate, DayCells>,
    pub(super) pages: Dictionary,
    pub(super) devices: Dictionary,
    pub(super) regions: Dictionary,
    /// First and last day that were read.
    read: Option<(NaiveDate, NaiveDate)>,
}

/// Where sessions come from.
pub(super) struct SessionStore<'a> {
    pub lake: &'a Lake,
    pub plan: &'a Plan,
    pub as_of: DateTime<Utc>,
    pub origins: &'a OriginChannels,
}

impl DailyCells {
    /// Reads what is not known yet of the days `first..=last`. Later periods only add the days at the end; an earlier one
    /// begins anew.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub(super) fn cover(
        &mut self,
        source: &SessionStore<'_>,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<()> {
        if self.read.is_some_and(|(known, _)| first < known) {
            *self = Self::default();
        }
        let mut from = self.read.map_or(first, |(_, known)| known + Days::new(1));
        while from <= last {
            let to = (from + Days::new(CHUNK_DAYS - 1)).min(last);
            self.read_days(source, from, to)?;
            from = to + Days::new(1);
        }
        let begin = self.read.map_or(first, |(known, _)| known);
        self.read = Some((begin, self.read.map_or(last, |(_, known)| known.max(last))));
        Ok(())
    }

    /// Reads some days: counted ones as they were counted, the others session by session.
    fn read_days(
        &mut self,
        source: &SessionStore<'_>,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<()> {
        let rules = &source.plan.diagnosis;
        let mut sums = Sums::default();
        // A cube is of all sessions: those of a part are read one by one.
        if !source.origins.view.is_none() {
            if let Some(rows) = Self::seen(source, from, to)? {
                self.add(&Chunk::read(&rows, rules)?, source.origins, &mut sums);
            }
            self.put(sums);
            return Ok(());
        }
        let daily = source.lake.daily(source.as_of, from, to)?;
        if let Some(cubes) = daily.cubes {
            let counted = CountedDays::read(&cubes.collect()?, rules)?;
            self.add_counted(&counted, source.origins, &mut sums);
        }
        if let Some(rows) = daily.rows {
            let chunk = Chunk::read(&rows.select(COLUMNS.map(col)).collect()?, rules)?;
            self.add(&chunk, source.origins, &mut sums);
        }
        self.put(sums);
        Ok(())
    }

    fn seen(
        source: &SessionStore<'_>,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Option<DataFrame>> {
        let select = |scan: LazyFrame| scan.select(COLUMNS.map(col));
        view::sessions(
            source.lake,
            source.as_of,
            (from, to),
            source.origins,
            select,
        )
    }

    fn add_counted(&mut self, counted: &CountedDays, origins: &OriginChannels, sums: &mut Sums) {
        let (pages, devices) = (
            self.pages.places(&counted.landings),
            self.devices.places(&counted.devices),
        );
        let regions = self.regions.places(&counted.regions);
        for (row, counts) in counted.counts.iter().enumerate() {
            let (way, day) = (counted.ways[row], counted.days[row]);
            let channel = origins.position(counted.origins[row]) as ChannelPlace;
            let cell = if way == Way::Device.number() {
                let device = devices[counted.devices.places[row] as usize];
                sums.devices.entry((day, (channel, device))).or_default()
            } else if way == Way::Page.number() {
                let page = pages[counted.landings.places[row] as usize];
                sums.pages.entry((day, page)).or_default()
            } else {
                let region = regions[counted.regions.places[row] as usize];
                sums.regions.entry((day, (channel, region))).or_default()
            };
            cell.add(counts);
        }
    }

    fn add(&mut self, chunk: &Chunk, origins: &OriginChannels, sums: &mut Sums) {
        let (pages, devices) = (
            self.pages.places(&chunk.landings),
            self.devices.places(&chunk.devices),
        );
        let regions = self.regions.places(&chunk.regions);
        let mut seconds: hashbrown::HashSet<(u64, i64), foldhash::fast::FixedState> =
            hashbrown::HashSet::default();
        for row in 0..chunk.days.len() {
            let day = chunk.days[row];
            let channel = origins.position(chunk.origins[row]) as ChannelPlace;
            let page = pages[chunk.landings.places[row] as usize];
            let device = devices[chunk.devices.places[row] as usize];
            let region = regions[chunk.regions.places[row] as usize];
            let client = chunk.clients[row];
            let doubled = client != 0 && !seconds.insert((client, chunk.starts[row] / 1000));
            let counts = chunk.counts(row, doubled);
            sums.devices
                .entry((day, (channel, device)))
                .or_default()
                .add(&counts);
            sums.pages.entry((day, page)).or_default().add(&counts);
            sums.regions
                .entry((day, (channel, region)))
                .or_default()
                .add(&counts);
        }
    }

    /// Sorts a chunk's sums into its days.
    fn put(&mut self, sums: Sums) {
        spread(sums.devices, |day, cell| {
            self.days.entry(day).or_default().devices.push(cell)
        });
        spread(sums.pages, |day, cell| {
            self.days.entry(day).or_default().pages.push(cell)
        });
        spread(sums.regions, |day, cell| {
            self.days.entry(day).or_default().regions.push(cell)
        });
    }
}

/// Cells of a chunk by day number and key.
type Cells<Key> = hashbrown::HashMap<(i32, Key), SessionCounts, foldhash::fast::FixedState>;

#[derive(Default)]
struct Sums {
    devices: Cells<(ChannelPlace, TextPlace)>,
    pages: Cells<TextPlace>,
    regions: Cells<(ChannelPlace, TextPlace)>,
}

/// Hands out cells in the order of day and key: the order of a hash map must not reach anything.
fn spread<Key: Ord + Hash + Copy>(
    cells: Cells<Key>,
    mut put: impl FnMut(NaiveDate, (Key, SessionCounts)),
) {
    let mut sorted: Vec<((i32, Key), SessionCounts)> = cells.into_iter().collect();
    sorted.sort_unstable_by_key(|(key, _)| *key);
    for ((day, key), counts) in sorted {
        put(day_from_number(day), (key, counts));
    }
}

#[cfg(test)]
#[path = "cells_tests.rs"]
mod tests;

//! Sessions in daily cells: read month by month, column by column, each day once, and kept for all periods to come.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use anyhow::Result;
use chrono::{DateTime, Days, NaiveDate, Utc};

use super::chunk::{Chunk, Texts};
use crate::config::Plan;
use crate::lake::Lake;
use crate::lake::scan::day_from_number;
use crate::marts::origins::OriginChannels;
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
            if let Some(chunk) = Chunk::load(source, (from, to))? {
                self.add(&chunk, source.origins);
            }
            from = to + Days::new(1);
        }
        let begin = self.read.map_or(first, |(known, _)| known);
        self.read = Some((begin, self.read.map_or(last, |(_, known)| known.max(last))));
        Ok(())
    }

    fn add(&mut self, chunk: &Chunk, origins: &OriginChannels) {
        let (pages, devices) = (
            self.pages.places(&chunk.landings),
            self.devices.places(&chunk.devices),
        );
        let regions = self.regions.places(&chunk.regions);
        let mut seconds: hashbrown::HashSet<(u64, i64), foldhash::fast::FixedState> =
            hashbrown::HashSet::default();
        let mut sums = Sums::default();
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
        self.put(sums);
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

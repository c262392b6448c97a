//! Rows that newer ones stand for, in parts that are written already: of this batch, and of earlier ones.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use hashbrown::HashSet;
use polars::prelude::*;

use super::no_key::NoKey;
use super::strangers::{NewRecords, Records};
use super::{BatchWriter, Stored};
use crate::lake::catalog::{NewPart, Part};
use crate::lake::cube;
use crate::lake::keys::{HashMap, frame_keys, read, read_keys, stored_versions};
use crate::lake::months::month_number;
use crate::lake::tellings::Otherwise;

/// The files of rows in a row: files mostly follow one another, so that few runs say it of millions of rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Runs(Vec<(u32, u32)>);

impl Runs {
    /// The runs of a list of files.
    pub(super) fn of(files: impl Iterator<Item = u32>) -> Self {
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for file in files {
            match runs.last_mut() {
                Some((last, count)) if *last == file => *count += 1,
                _ => runs.push((file, 1)),
            }
        }
        Self(runs)
    }

    /// The file of each row.
    fn files(&self) -> impl Iterator<Item = u32> {
        let runs = self.0.iter();
        runs.flat_map(|(file, count)| std::iter::repeat_n(*file, *count as usize))
    }
}

/// What a batch takes from earlier ones.
#[derive(Default)]
pub(super) struct Replaced {
    /// Ids of the parts that are no longer live.
    pub(super) removed: Vec<i64>,
    /// Files of the batch whose totals others of it tell with other numbers.
    pub(super) otherwise: Vec<Otherwise>,
}

/// Which row of several parts stands for a key: the highest version, then the newest file, then the last part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    version: i64,
    file: u32,
    part: usize,
}

impl BatchWriter<'_> {
    /// Several parts of the batch may hold a key: one of them keeps it, the others lose it.
    pub(super) fn drop_repeated(&mut self) -> Result<()> {
        if let Some(version) = self.table.version {
            return self.drop_older_versions(version);
        }
        let numbers: Vec<i32> = self.months.keys().copied().collect();
        for number in numbers {
            self.drop_earlier_read(number)?;
        }
        Ok(())
    }

    /// Without versions what was read last stands. Parts of a month were written in the order of reading.
    fn drop_earlier_read(&mut self, number: i32) -> Result<()> {
        let parts = self.take_parts(number);
        let mut later_keys = HashSet::new();
        let mut kept = Vec::new();
        let is_alone = parts.len() == 1;
        for stored in parts.into_iter().rev() {
            if is_alone {
                kept.push(stored);
                continue;
            }
            let keys = self.keys_of(&self.lake.dir.join(&stored.part.path))?;
            let is_kept = |key: &u64| !later_keys.contains(key);
            let mask: BooleanChunked = keys.iter().map(is_kept).collect();
            later_keys.extend(keys);
            kept.extend(self.rewrite(number, stored, &mask)?);
        }
        kept.reverse();
        self.put_parts(number, kept);
        Ok(())
    }

    /// A record may stand in several parts of a month, and in several months when the day on which it was made was
    /// corrected: its newest version stands.
    fn drop_older_versions(&mut self, version: &str) -> Result<()> {
        let numbers: Vec<i32> = self.months.keys().copied().collect();
        let mut parts: Vec<(i32, Stored)> = Vec::new();
        for number in numbers {
            let of_month = self.take_parts(number).into_iter();
            parts.extend(of_month.map(|stored| (number, stored)));
        }
        let mut keys_of = Vec::with_capacity(parts.len());
        let mut records: Vec<Records> = Vec::with_capacity(parts.len());
        let mut best: HashMap<u64, Claim> = HashMap::default();
        for (part, (_, stored)) in parts.iter().enumerate() {
            let frame = read(&self.lake.dir.join(&stored.part.path))?;
            let keys = frame_keys(&frame, self.table)?;
            let versions = stored_versions(&frame, version)?;
            for ((key, version), file) in keys.iter().zip(versions).zip(stored.files.files()) {
                let claim = Claim {
                    version,
                    file,
                    part,
                };
                let known = best.entry(*key).or_insert(claim);
                *known = claim.max(*known);
            }
            records.push(Records::of(&frame, self.table)?);
            keys_of.push(keys);
        }
        refuse_strangers(&parts, &keys_of, records, &best)?;
        for ((part, (number, stored)), keys) in parts.into_iter().enumerate().zip(keys_of) {
            let mask: BooleanChunked = keys.iter().map(|key| best[key].part == part).collect();
            if let Some(stored) = self.rewrite(number, stored, &mask)? {
                self.add_part(number, stored);
            }
        }
        Ok(())
    }

    pub(super) fn take_parts(&mut self, number: i32) -> Vec<Stored> {
        let month = self.months.get_mut(&number);
        month.map_or_else(Vec::new, |month| std::mem::take(&mut month.parts))
    }

    fn put_parts(&mut self, number: i32, parts: Vec<Stored>) {
        for part in parts {
            self.add_part(number, part);
        }
    }

    /// A part of this batch without the rows that are not in the mask, which count as replaced.
    fn rewrite(
        &mut self,
        number: i32,
        stored: Stored,
        mask: &BooleanChunked,
    ) -> Result<Option<Stored>> {
        let kept = count_true(mask);
        if kept == stored.part.rows {
            return Ok(Some(stored));
        }
        let mut left = Vec::new();
        for (file, is_kept) in stored.files.files().zip(mask.iter()) {
            if is_kept == Some(true) {
                left.push(file);
            } else {
                self.replaced[file as usize] += 1;
            }
        }
        let path = self.lake.dir.join(&stored.part.path);
        let mut rest = read(&path)?.filter(mask)?;
        self.remove(&stored.part)?;
        if kept == 0 {
            return Ok(None);
        }
        Ok(Some(Stored {
            part: self.store(number, &mut rest)?,
            files: Runs::of(left.into_iter()),
        }))
    }

    /// Removes a part of this batch that another one stands for.
    pub(super) fn remove(&self, part: &NewPart) -> Result<()> {
        let cube = part.has_cube.then(|| cube::path_of(&part.path));
        for path in std::iter::once(part.path.clone()).chain(cube) {
            let path = self.lake.dir.join(path);
            std::fs::remove_file(&path).with_context(|| format!("remove {}", path.display()))?;
        }
        Ok(())
    }

    /// The numbers of the keys in a file of the table.
    fn keys_of(&self, path: &Path) -> Result<Vec<u64>> {
        frame_keys(&read_keys(path, self.table)?, self.table)
    }

    /// Takes the rows whose keys are in this batch, and the records that are gone, out of the live parts of earlier ones.
    pub(super) fn replace_earlier(&mut self) -> Result<Replaced> {
        let mut replaced = Replaced::default();
        let earlier = std::mem::take(&mut self.earlier);
        if earlier.is_empty() {
            return Ok(replaced);
        }
        let new_keys = self.new_keys()?;
        let new_records = self.new_records()?;
        for part in earlier {
            let month = month_number(&part.month).context("a month of the catalog")?;
            let near: Vec<&HashSet<u64>> = new_keys
                .iter()
                .filter(|(number, keys)| {
                    !keys.is_empty() && self.may_be_one_record(**number, month)
                })
                .map(|(_, keys)| keys)
                .collect();
            if near.is_empty() && self.gone.is_empty() {
                continue;
            }
            let path = self.lake.dir.join(&part.path);
            let keys = self.keys_of(&path)?;
            if let Some(new) = &new_records {
                let records = Records::of(&read(&path)?, self.table)?;
                let keys: Vec<Option<u64>> = keys.iter().copied().map(Some).collect();
                new.refuse_strangers(&records, &keys)?;
            }
            let is_kept =
                |key: &u64| !self.gone.contains(key) && !near.iter().any(|keys| keys.contains(key));
            let mask: BooleanChunked = keys.iter().map(is_kept).collect();
            self.take_out(&part, &mask, &mut replaced)?;
        }
        Ok(replaced)
    }

    /// Whether equal keys in two months are one record. Counters of calls begin anew after a repair, and those of visits
    /// after a year; but a row near the end of a month may have moved over it. Records of a CRM keep their numbers.
    fn may_be_one_record(&self, one: i32, other: i32) -> bool {
        self.table.version.is_some() || (one - other).abs() <= 1
    }

    /// The numbers of all keys of this batch, by month.
    fn new_keys(&self) -> Result<BTreeMap<i32, HashSet<u64>>> {
        let mut keys: BTreeMap<i32, HashSet<u64>> = BTreeMap::new();
        for (number, month) in &self.months {
            for stored in &month.parts {
                let of_part = self.keys_of(&self.lake.dir.join(&stored.part.path))?;
                keys.entry(*number).or_default().extend(of_part);
            }
        }
        Ok(keys)
    }

    /// The records of this batch, of tables whose numbers are kept for ever: those that begin anew are no keys.
    fn new_records(&self) -> Result<Option<NewRecords>> {
        if self.table.version.is_none() {
            return Ok(None);
        }
        let mut records = NewRecords::default();
        for stored in self.months.values().flat_map(|month| &month.parts) {
            let frame = read(&self.lake.dir.join(&stored.part.path))?;
            let keys = frame_keys(&frame, self.table)?.into_iter().map(Some);
            let files = stored.files.files().collect();
            records.add(Records::of(&frame, self.table)?, keys.collect(), files);
        }
        Ok(Some(records))
    }

    /// Takes the rows that are not in the mask out of a part of an earlier batch: it is no longer live, and what is left of
    /// it becomes a part of this batch.
    pub(super) fn take_out(
        &mut self,
        part: &Part,
        mask: &BooleanChunked,
        replaced: &mut Replaced,
    ) -> Result<()> {
        let kept = count_true(mask);
        if kept == part.rows {
            return Ok(());
        }
        replaced.removed.push(part.id);
        if kept == 0 {
            return Ok(());
        }
        let number = month_number(&part.month).context("a month of the catalog")?;
        let mut rest = read(&self.lake.dir.join(&part.path))?.filter(mask)?;
        let stored = Stored {
            part: self.store(number, &mut rest)?,
            files: Runs::default(),
        };
        self.add_part(number, stored);
        Ok(())
    }
}

/// Refuses a batch most of whose replaced records are of other people and times than those that stand for them.
fn refuse_strangers(
    parts: &[(i32, Stored)],
    keys: &[Vec<u64>],
    records: Vec<Records>,
    best: &HashMap<u64, Claim>,
) -> Result<(), NoKey> {
    // Keys that stand elsewhere are looked up there; each record is compared with the one that stands for it.
    let mut standing = NewRecords::default();
    let mut lost = Vec::new();
    for (part, (records, keys)) in records.into_iter().zip(keys).enumerate() {
        let stands = |key: &u64| best[key].part == part;
        let files = parts[part].1.files.files().collect();
        let own: Vec<Option<u64>> = keys.iter().map(|key| stands(key).then_some(*key)).collect();
        let others = keys.iter().map(|key| (!stands(key)).then_some(*key));
        lost.push(others.collect::<Vec<Option<u64>>>());
        standing.add(records, own, files);
    }
    (0..lost.len()).try_for_each(|part| standing.refuse_strangers_in(part, &lost[part]))
}

fn count_true(mask: &BooleanChunked) -> u64 {
    u64::from(mask.sum().unwrap_or(0))
}

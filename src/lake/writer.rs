//! One batch on its way into the lake: rows are gathered by month, made unique, sorted, written, then committed at once.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context, Result};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use hashbrown::HashSet;
use polars::prelude::*;

use super::catalog::{FileAccount, NewBatch, NewPart, Part};
use super::rejects::RejectRow;
use super::{Lake, frame, rejects};
use crate::model::columns::{Columns, Dictionary, NO_LONG, Values, dictionaries};
use crate::model::tables::{ORIGIN_FIELDS, Replace, Table};

/// Rows in memory before the largest months are written out, bytes.
const MEMORY: usize = 320 << 20;
/// Distinct texts in memory before all months are written out and the dictionaries start anew.
const MAX_TEXTS: usize = 2_000_000;

/// Rows of one month that wait to be written.
struct Month {
    columns: Columns,
    /// For each row the file it came from.
    files: Vec<u32>,
    parts: Vec<NewPart>,
}

/// A batch that is being written.
pub struct BatchWriter<'a> {
    lake: &'a Lake,
    table: &'static Table,
    export: String,
    batch: i64,
    months: BTreeMap<i32, Month>,
    origins: Origins,
    /// Rows of each file that another row of the same key stands for.
    replaced: Vec<u64>,
    sequence: u32,
    /// Live parts of this export from earlier batches.
    earlier: Vec<Part>,
    /// Versions of the records that the lake holds already, for tables whose rows carry one.
    held: Versions,
}

/// What a batch came to.
pub struct Written {
    batch: i64,
    parts: Vec<NewPart>,
    removed: Vec<i64>,
    origins: Vec<(u32, Vec<String>)>,
    /// Per file of the batch, rows that another row of the same key stands for.
    pub replaced: Vec<u64>,
    /// Rows of earlier batches that this one replaces.
    pub superseded: u64,
}

impl<'a> BatchWriter<'a> {
    /// Starts a batch of `files` files for a table.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn new(lake: &'a Lake, table: &'static Table, export: &str, files: usize, now: DateTime<Utc>) -> Result<Self> {
        let mut earlier = lake.catalog.parts(table.name, now)?;
        earlier.retain(|part| part.export == export);
        Ok(Self {
            held: held_versions(lake, table, &earlier)?,
            earlier,
            lake,
            table,
            export: export.to_owned(),
            batch: lake.catalog.next_batch()?,
            months: BTreeMap::new(),
            origins: Origins::load(lake)?,
            replaced: vec![0; files],
            sequence: 0,
        })
    }

    /// Adds rows of a file. Rows added later win over rows of the same key added earlier, unless the table has a
    /// version column that says otherwise.
    ///
    /// # Errors
    /// When a month had to be written out and could not be.
    pub fn add(&mut self, file: u32, columns: &Columns, texts: &mut Vec<Dictionary>) -> Result<()> {
        let Values::Day(days) = columns.column(self.table.day) else { unreachable!("the day column holds days") };
        for (month, rows) in rows_by_month(days) {
            let waiting = self.months.entry(month).or_insert_with(|| Month::empty(self.table));
            if rows.len() == days.len() {
                waiting.columns.append(columns);
            } else {
                waiting.columns.append(&columns.gather(&rows));
            }
            waiting.files.resize(waiting.columns.rows(), file);
        }
        self.bound_memory(texts)
    }

    fn bound_memory(&mut self, texts: &mut Vec<Dictionary>) -> Result<()> {
        if texts.iter().map(Dictionary::len).sum::<usize>() > MAX_TEXTS {
            let months: Vec<i32> = self.months.keys().copied().collect();
            months.into_iter().try_for_each(|month| self.write_month(month, texts))?;
            *texts = dictionaries(self.table);
        }
        while self.months.values().map(|month| month.columns.bytes()).sum::<usize>() > MEMORY {
            let largest = self.months.iter().max_by_key(|(_, month)| month.columns.bytes());
            let Some(month) = largest.map(|(month, _)| *month) else { break };
            self.write_month(month, texts)?;
        }
        Ok(())
    }

    /// Writes the waiting rows of a month as one more part.
    fn write_month(&mut self, number: i32, texts: &[Dictionary]) -> Result<()> {
        let Some(month) = self.months.get_mut(&number) else { return Ok(()) };
        if month.columns.rows() == 0 {
            return Ok(());
        }
        let columns = std::mem::replace(&mut month.columns, Columns::empty(self.table));
        let files = std::mem::take(&mut month.files);
        let keys = key_hashes(&columns, texts);
        let (mut order, lost) = unique(&columns, &keys, &files, &self.held);
        for file in lost {
            self.replaced[file as usize] += 1;
        }
        sort(&columns, &keys, &mut order);
        let mut columns = columns;
        self.origins.fill(&mut columns, texts);
        let part = self.write_part(number, &columns, texts, &order)?;
        self.months.get_mut(&number).expect("the month was just read").parts.push(part);
        Ok(())
    }

    fn write_part(&mut self, month: i32, columns: &Columns, texts: &[Dictionary], order: &[u32]) -> Result<NewPart> {
        let mut frame = frame::frame(&self.export, columns, texts, order)?;
        let Values::Day(days) = columns.column(self.table.day) else { unreachable!("the day column holds days") };
        let (min_day, max_day) = (days.iter().min().copied().unwrap_or(0), days.iter().max().copied().unwrap_or(0));
        self.store(month, &mut frame, min_day, max_day)
    }

    fn store(&mut self, month: i32, frame: &mut DataFrame, min_day: i32, max_day: i32) -> Result<NewPart> {
        let label = month_label(month);
        let path = format!("{}/month={label}/{}-{}.parquet", self.table.name, self.batch, self.sequence);
        self.sequence += 1;
        frame::write(frame, &self.lake.dir.join(&path))?;
        Ok(NewPart { month: label, path, rows: frame.height() as u64, min_day, max_day })
    }

    /// Writes what is left and takes out of earlier batches the rows that this one replaces.
    ///
    /// # Errors
    /// When the disk is full or an earlier file cannot be read.
    pub fn finish(mut self, texts: &[Dictionary]) -> Result<Written> {
        let months: Vec<i32> = self.months.keys().copied().collect();
        months.iter().try_for_each(|month| self.write_month(*month, texts))?;
        for month in &months {
            self.drop_repeated(*month)?;
        }
        let (removed, superseded) = self.replace_earlier()?;
        let parts = self.months.into_values().flat_map(|month| month.parts).collect();
        Ok(Written {
            batch: self.batch,
            parts,
            removed,
            origins: self.origins.new,
            replaced: self.replaced,
            superseded,
        })
    }

    /// A month that was written in several parts may hold a key twice: the last part keeps it, earlier ones lose it.
    fn drop_repeated(&mut self, number: i32) -> Result<()> {
        let month = self.months.get_mut(&number).expect("only known months are asked for");
        if month.parts.len() < 2 {
            return Ok(());
        }
        let parts = std::mem::take(&mut month.parts);
        let mut later = HashSet::new();
        let mut kept = Vec::new();
        for part in parts.into_iter().rev() {
            let path = self.lake.dir.join(&part.path);
            let keys = frame_keys(&read_keys(&path, self.table)?, self.table)?;
            let mask: BooleanChunked = keys.iter().map(|key| !later.contains(key)).collect();
            later.extend(keys);
            let dropped = part.rows - u64::from(mask.sum().unwrap_or(0));
            if dropped == 0 {
                kept.push(part);
                continue;
            }
            self.replaced[0] += dropped;
            let mut rest = read(&path)?.filter(&mask)?;
            std::fs::remove_file(&path)?;
            kept.push(self.store(number, &mut rest, part.min_day, part.max_day)?);
        }
        self.months.get_mut(&number).expect("only known months are asked for").parts = kept;
        Ok(())
    }

    /// Earlier live parts of this export without the rows whose keys are in this batch.
    fn replace_earlier(&mut self) -> Result<(Vec<i64>, u64)> {
        let earlier = std::mem::take(&mut self.earlier);
        if earlier.is_empty() {
            return Ok((Vec::new(), 0));
        }
        let mut new_keys = HashSet::new();
        for part in self.months.values().flat_map(|month| &month.parts) {
            new_keys.extend(frame_keys(&read_keys(&self.lake.dir.join(&part.path), self.table)?, self.table)?);
        }
        let (mut removed, mut superseded) = (Vec::new(), 0);
        for part in earlier {
            let path = self.lake.dir.join(&part.path);
            let keys = frame_keys(&read_keys(&path, self.table)?, self.table)?;
            let mask: BooleanChunked = keys.iter().map(|key| !new_keys.contains(key)).collect();
            let kept = u64::from(mask.sum().unwrap_or(0));
            if kept == part.rows {
                continue;
            }
            superseded += part.rows - kept;
            removed.push(part.id);
            if kept > 0 {
                let month = month_number(&part.month).context("a month of the catalog")?;
                let rest = self.store(month, &mut read(&path)?.filter(&mask)?, part.min_day, part.max_day)?;
                self.months.entry(month).or_insert_with(|| Month::empty(self.table)).parts.push(rest);
            }
        }
        Ok((removed, superseded))
    }
}

impl Written {
    /// Makes the batch visible.
    ///
    /// # Errors
    /// When the catalog or the rejects cannot be written; then nothing of the batch is visible.
    pub fn commit(
        self,
        lake: &mut Lake,
        identity: (&'static Table, &str, &str),
        files: &[FileAccount],
        rejected: &[RejectRow],
        committed_at: DateTime<Utc>,
    ) -> Result<()> {
        let (table, export, time_zone) = identity;
        let rejects = rejects::write(lake, self.batch, export, rejected, committed_at)?;
        let batch = NewBatch {
            export,
            table: table.name,
            time_zone,
            committed_at,
            files,
            parts: &self.parts,
            rejects: rejects.as_ref(),
            removed: &self.removed,
            origins: &self.origins,
        };
        lake.catalog.commit(self.batch, &batch)
    }
}

impl Month {
    fn empty(table: &'static Table) -> Self {
        Self { columns: Columns::empty(table), files: Vec::new(), parts: Vec::new() }
    }
}

/// Row numbers by month (months since year 0).
fn rows_by_month(days: &[i32]) -> BTreeMap<i32, Vec<u32>> {
    let mut months: BTreeMap<i32, Vec<u32>> = BTreeMap::new();
    let (mut last_day, mut last_month) = (i32::MIN, 0);
    let mut run: Vec<u32> = Vec::new();
    for (row, &day) in days.iter().enumerate() {
        if day != last_day {
            let month = month_of(day);
            if month != last_month && !run.is_empty() {
                months.entry(last_month).or_default().append(&mut run);
            }
            (last_day, last_month) = (day, month);
        }
        run.push(row as u32);
    }
    if !run.is_empty() {
        months.entry(last_month).or_default().append(&mut run);
    }
    months
}

fn month_of(day: i32) -> i32 {
    let date = NaiveDate::from_num_days_from_ce_opt(day + 719_163).unwrap_or_default();
    date.year() * 12 + date.month0().cast_signed()
}

fn month_label(month: i32) -> String {
    format!("{:04}-{:02}", month.div_euclid(12), month.rem_euclid(12) + 1)
}

fn month_number(label: &str) -> Option<i32> {
    let (year, month) = label.split_once('-')?;
    Some(year.parse::<i32>().ok()? * 12 + month.parse::<i32>().ok()? - 1)
}

/// One number a row that stands for its key. A single 64-bit id stands for itself; several columns are hashed by their
/// values, so that the number does not depend on dictionary codes.
fn key_hashes(columns: &Columns, texts: &[Dictionary]) -> Vec<u64> {
    let table = columns.table;
    if let ([name], Values::Key(ids)) = (table.key, columns.column(table.key[0])) {
        debug_assert!(!name.is_empty());
        return ids.clone();
    }
    let positions: Vec<usize> = table.key.iter().filter_map(|name| table.position(name)).collect();
    let text_hashes: Vec<Vec<u64>> = positions.iter().map(|&at| dictionary_hashes(&texts[at])).collect();
    let mut scratch = Vec::new();
    (0..columns.rows())
        .map(|row| {
            scratch.clear();
            for (&at, hashes) in positions.iter().zip(&text_hashes) {
                let value = match &columns.values[at] {
                    Values::Text(codes) => hashes[codes[row] as usize],
                    other => other.raw(row),
                };
                scratch.extend_from_slice(&value.to_le_bytes());
            }
            xxhash_rust::xxh3::xxh3_64(&scratch)
        })
        .collect()
}

fn dictionary_hashes(dictionary: &Dictionary) -> Vec<u64> {
    (0..dictionary.len()).map(|code| text_hash(dictionary.text(code as u32))).collect()
}

fn text_hash(text: &str) -> u64 {
    if text.is_empty() { 0 } else { xxhash_rust::xxh3::xxh3_64(text.as_bytes()) }
}

type Versions = hashbrown::HashMap<u64, i64, foldhash::fast::FixedState>;

/// The versions of the records in earlier parts; empty for tables whose rows carry none.
fn held_versions(lake: &Lake, table: &Table, earlier: &[Part]) -> Result<Versions> {
    let mut held = Versions::default();
    let Some(version) = table.version else { return Ok(held) };
    for part in earlier {
        let frame = read(&lake.dir.join(&part.path))?;
        let versions = frame.column(version)?.as_materialized_series().to_physical_repr().into_owned();
        for (key, version) in frame_keys(&frame, table)?.into_iter().zip(versions.i64()?.iter()) {
            held.insert(key, version.unwrap_or(NO_LONG));
        }
    }
    Ok(held)
}

/// The rows that stand for their keys, and the files of the rows that do not.
fn unique(columns: &Columns, keys: &[u64], files: &[u32], held: &Versions) -> (Vec<u32>, Vec<u32>) {
    let table = columns.table;
    let versions = table.version.map(|name| match columns.column(name) {
        Values::Long(list) => list.as_slice(),
        _ => unreachable!("versions are instants"),
    });
    let mut best: hashbrown::HashMap<u64, u32, foldhash::fast::FixedState> =
        hashbrown::HashMap::with_capacity_and_hasher(keys.len(), foldhash::fast::FixedState::default());
    for (row, key) in keys.iter().enumerate() {
        let row = row as u32;
        best.entry(*key)
            .and_modify(|held| {
                let newer = |list: &[i64]| list[row as usize] >= list[*held as usize];
                if versions.is_none_or(newer) {
                    *held = row;
                }
            })
            .or_insert(row);
    }
    // A stale copy of a record never takes the place of a newer one that the lake holds already.
    let stale = |row: usize| versions.is_some_and(|list| held.get(&keys[row]).is_some_and(|held| *held > list[row]));
    let wins = |row: usize| {
        let best = best[&keys[row]] as usize;
        !stale(row) && (best == row || (table.replace == Replace::Group && files[best] == files[row]))
    };
    let (mut order, mut lost) = (Vec::with_capacity(best.len()), Vec::new());
    for (row, file) in files.iter().enumerate() {
        if wins(row) {
            order.push(row as u32);
        } else {
            lost.push(*file);
        }
    }
    (order, lost)
}

/// Rows in order of time, then key: weeks lie together, and the same rows make the same file.
fn sort(columns: &Columns, keys: &[u64], order: &mut Vec<u32>) {
    let by: Vec<i64> = match columns.column(columns.table.time.unwrap_or(columns.table.day)) {
        Values::Long(times) => order.iter().map(|row| times[*row as usize]).collect(),
        Values::Day(days) => order.iter().map(|row| i64::from(days[*row as usize])).collect(),
        _ => unreachable!("rows are dated by an instant or a day"),
    };
    let mut sorted: Vec<(i64, u64, u32)> =
        by.into_iter().zip(order.iter()).map(|(time, &row)| (time, keys[row as usize], row)).collect();
    sorted.sort_unstable();
    order.clear();
    order.extend(sorted.into_iter().map(|(_, _, row)| row));
}

fn read(path: &std::path::Path) -> Result<DataFrame> {
    let file = std::fs::File::open(path).with_context(|| format!("open {}", path.display()))?;
    Ok(ParquetReader::new(file).finish()?)
}

fn read_keys(path: &std::path::Path, table: &Table) -> Result<DataFrame> {
    let file = std::fs::File::open(path).with_context(|| format!("open {}", path.display()))?;
    let columns = table.key.iter().map(|name| (*name).to_owned()).collect();
    Ok(ParquetReader::new(file).with_columns(Some(columns)).finish()?)
}

/// The key numbers of stored rows: the same as [`key_hashes`] gave when they were written.
fn frame_keys(frame: &DataFrame, table: &Table) -> Result<Vec<u64>> {
    let mut columns = Vec::new();
    for name in table.key {
        columns.push(column_numbers(frame.column(name)?.as_materialized_series())?);
    }
    if let [single] = columns.as_mut_slice()
        && matches!(
            table.fields[table.position(table.key[0]).context("a key column")?].kind,
            crate::model::tables::Kind::Key
        )
    {
        return Ok(std::mem::take(single));
    }
    let mut scratch = Vec::new();
    let hash = |row: usize| {
        scratch.clear();
        columns.iter().for_each(|column| scratch.extend_from_slice(&column[row].to_le_bytes()));
        xxhash_rust::xxh3::xxh3_64(&scratch)
    };
    Ok((0..frame.height()).map(hash).collect())
}

fn column_numbers(series: &Series) -> Result<Vec<u64>> {
    let physical = series.to_physical_repr();
    Ok(match series.dtype() {
        DataType::Categorical(..) | DataType::String => {
            let texts = series.cast(&DataType::String)?;
            texts.str()?.iter().map(|text| text.map_or(0, text_hash)).collect()
        }
        DataType::UInt64 => series.u64()?.iter().map(|value| value.unwrap_or(0)).collect(),
        DataType::UInt32 => series.u32()?.iter().map(|value| u64::from(value.unwrap_or(u32::MAX))).collect(),
        DataType::Date => {
            let days = physical.i32()?;
            days.iter().map(|day| u64::from(day.unwrap_or(i32::MIN).cast_unsigned())).collect()
        }
        _ => physical.i64()?.iter().map(|value| value.unwrap_or(NO_LONG).cast_unsigned()).collect(),
    })
}

/// The origins of the lake: known ones by their fields, and those that this batch adds.
struct Origins {
    known: HashMap<Vec<String>, u32>,
    new: Vec<(u32, Vec<String>)>,
}

impl Origins {
    fn load(lake: &Lake) -> Result<Self> {
        let known = lake.catalog.origins()?.into_iter().map(|(id, fields)| (fields, id)).collect();
        Ok(Self { known, new: Vec::new() })
    }

    /// Fills the `origin` column from the columns that decide a session's channel.
    fn fill(&mut self, columns: &mut Columns, texts: &[Dictionary]) {
        let Some(target) = columns.table.position("origin") else { return };
        let positions: Vec<usize> = ORIGIN_FIELDS.iter().filter_map(|name| columns.table.position(name)).collect();
        let codes: Vec<&[u32]> = positions
            .iter()
            .map(|&at| match &columns.values[at] {
                Values::Text(codes) => codes.as_slice(),
                _ => unreachable!("origin columns hold text"),
            })
            .collect();
        let mut seen: hashbrown::HashMap<[u32; 6], u32, foldhash::fast::FixedState> = hashbrown::HashMap::default();
        let rows = columns.rows();
        let mut ids = Vec::with_capacity(rows);
        for row in 0..rows {
            let mut tuple = [0; 6];
            codes.iter().zip(&mut tuple).for_each(|(column, code)| *code = column[row]);
            ids.push(*seen.entry(tuple).or_insert_with(|| {
                let fields: Vec<String> =
                    tuple.iter().zip(&positions).map(|(&code, &at)| texts[at].text(code).to_owned()).collect();
                self.id(fields)
            }));
        }
        columns.values[target] = Values::Count(ids);
    }

    fn id(&mut self, fields: Vec<String>) -> u32 {
        if let Some(id) = self.known.get(&fields) {
            return *id;
        }
        let id = u32::try_from(self.known.len() + 1).expect("fewer than four billion distinct origins");
        self.known.insert(fields.clone(), id);
        self.new.push((id, fields));
        id
    }
}

//! One batch on its way into the lake: rows are gathered by month, made unique, sorted, written, then committed at once.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use hashbrown::HashSet;
use polars::prelude::*;

use super::catalog::{FileAccount, NewBatch, NewPart, Part};
use super::keys::{
    Unique, Versions, frame_keys, held_versions, key_hashes, read, read_keys, sort, unique,
};
use super::months::{month_label, month_number, rows_by_month};
use super::origins::Origins;
use super::rejects::RejectRow;
use super::{Lake, frame, rejects};
use crate::model::columns::{Columns, Dictionary, Values, dictionaries};
use crate::model::tables::TableSchema;

/// Bytes of rows in memory before the largest months are written out, 320 MiB. A judgement: far more than a usual
/// export has, and little for any server.
const MOST_ROW_BYTES: usize = 320 << 20;
/// Distinct texts in memory before all months are written out and the dictionaries start anew. A judgement: hundreds of
/// megabytes at the length of usual addresses.
const MOST_TEXTS: usize = 2_000_000;

/// Rows of one month that wait to be written, and what is written already.
struct Month {
    columns: Columns,
    /// For each row the file it came from.
    files: Vec<u32>,
    /// Written so far, the newest last.
    parts: Vec<NewPart>,
}

/// A batch that is being written.
pub struct BatchWriter<'a> {
    lake: &'a Lake,
    table: &'static TableSchema,
    export: String,
    batch: i64,
    /// By number: months since year 0.
    months: BTreeMap<i32, Month>,
    origins: Origins,
    /// Rows of each file that another row of the same key stands for.
    replaced: Vec<u64>,
    /// Number of the next part, which makes its name unlike those of the others.
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
    pub fn new(
        lake: &'a Lake,
        table: &'static TableSchema,
        export: &str,
        files: usize,
        now: DateTime<Utc>,
    ) -> Result<Self> {
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
        let Values::Day(days) = columns.column(self.table.day) else {
            unreachable!("the day column holds days")
        };
        for (month, rows) in rows_by_month(days) {
            let waiting = self
                .months
                .entry(month)
                .or_insert_with(|| Month::empty(self.table));
            // Most chunks are of one month, and need no copy.
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
        let distinct_texts: usize = texts.iter().map(Dictionary::len).sum();
        if distinct_texts > MOST_TEXTS {
            // Waiting rows hold codes of these dictionaries: none may outlive them.
            self.write_months(texts)?;
            *texts = dictionaries(self.table);
        }
        while self.waiting_bytes() > MOST_ROW_BYTES {
            let months = self.months.iter();
            let largest = months.max_by_key(|(_, month)| month.columns.bytes());
            let Some((&number, _)) = largest else { break };
            self.write_month(number, texts)?;
        }
        Ok(())
    }

    fn waiting_bytes(&self) -> usize {
        let months = self.months.values();
        months.map(|month| month.columns.bytes()).sum()
    }

    /// Writes the waiting rows of all months.
    fn write_months(&mut self, texts: &[Dictionary]) -> Result<()> {
        let numbers: Vec<i32> = self.months.keys().copied().collect();
        for number in numbers {
            self.write_month(number, texts)?;
        }
        Ok(())
    }

    /// Writes the waiting rows of a month as one more part.
    fn write_month(&mut self, number: i32, texts: &[Dictionary]) -> Result<()> {
        let Some(month) = self.months.get_mut(&number) else {
            return Ok(());
        };
        if month.columns.rows() == 0 {
            return Ok(());
        }
        let mut columns = std::mem::replace(&mut month.columns, Columns::empty(self.table));
        let files = std::mem::take(&mut month.files);
        let keys = key_hashes(&columns, texts);
        let Unique { mut order, lost } = unique(&columns, &keys, &files, &self.held);
        for file in lost {
            self.replaced[file as usize] += 1;
        }
        sort(&columns, &keys, &mut order);
        self.origins.fill(&mut columns, texts);
        let part = self.write_part(number, &columns, texts, &order)?;
        let month = self.months.get_mut(&number);
        let month = month.expect("the month was just read");
        month.parts.push(part);
        Ok(())
    }

    fn write_part(
        &mut self,
        month: i32,
        columns: &Columns,
        texts: &[Dictionary],
        order: &[u32],
    ) -> Result<NewPart> {
        let mut frame = frame::frame(&self.export, columns, texts, order)?;
        let Values::Day(days) = columns.column(self.table.day) else {
            unreachable!("the day column holds days")
        };
        let min_day = days.iter().min().copied().unwrap_or(0);
        let max_day = days.iter().max().copied().unwrap_or(0);
        self.store(month, &mut frame, min_day, max_day)
    }

    fn store(
        &mut self,
        month: i32,
        frame: &mut DataFrame,
        min_day: i32,
        max_day: i32,
    ) -> Result<NewPart> {
        let label = month_label(month);
        let path = format!(
            "{}/month={label}/{}-{}.parquet",
            self.table.name, self.batch, self.sequence
        );
        self.sequence += 1;
        frame::write(frame, &self.lake.dir.join(&path))?;
        Ok(NewPart {
            month: label,
            path,
            rows: frame.height() as u64,
            min_day,
            max_day,
        })
    }

    /// Writes what is left and takes out of earlier batches the rows that this one replaces.
    ///
    /// # Errors
    /// When the disk is full or an earlier file cannot be read.
    pub fn finish(mut self, texts: &[Dictionary]) -> Result<Written> {
        self.write_months(texts)?;
        let numbers: Vec<i32> = self.months.keys().copied().collect();
        for number in numbers {
            self.drop_repeated(number)?;
        }
        // Last: the rows left of earlier parts become parts of this batch, and must not be taken for its own.
        let earlier = self.replace_earlier()?;
        let months = self.months.into_values();
        Ok(Written {
            batch: self.batch,
            parts: months.flat_map(|month| month.parts).collect(),
            removed: earlier.removed,
            origins: self.origins.new,
            replaced: self.replaced,
            superseded: earlier.superseded,
        })
    }

    /// A month that was written in several parts may hold a key twice: the last part keeps it, earlier ones lose it.
    fn drop_repeated(&mut self, number: i32) -> Result<()> {
        let month = self.months.get_mut(&number);
        let month = month.expect("only known months are asked for");
        if month.parts.len() < 2 {
            return Ok(());
        }
        let parts = std::mem::take(&mut month.parts);
        let mut later_keys = HashSet::new();
        let mut kept = Vec::new();
        for part in parts.into_iter().rev() {
            let path = self.lake.dir.join(&part.path);
            let keys = self.keys_of(&path)?;
            let is_kept = |key: &u64| !later_keys.contains(key);
            let mask: BooleanChunked = keys.iter().map(is_kept).collect();
            later_keys.extend(keys);
            let dropped = part.rows - count_true(&mask);
            if dropped == 0 {
                kept.push(part);
                continue;
            }
            // Which file a written row came from is not known any more.
            self.replaced[0] += dropped;
            let mut rest = read(&path)?.filter(&mask)?;
            std::fs::remove_file(&path)?;
            kept.push(self.store(number, &mut rest, part.min_day, part.max_day)?);
        }
        let month = self.months.get_mut(&number);
        month.expect("only known months are asked for").parts = kept;
        Ok(())
    }

    /// The numbers of the keys in a file of the table.
    fn keys_of(&self, path: &Path) -> Result<Vec<u64>> {
        frame_keys(&read_keys(path, self.table)?, self.table)
    }

    /// Takes the rows whose keys are in this batch out of the live parts of earlier ones: a part that has any is removed,
    /// and what is left of it written anew.
    fn replace_earlier(&mut self) -> Result<Replaced> {
        let mut replaced = Replaced::default();
        let earlier = std::mem::take(&mut self.earlier);
        if earlier.is_empty() {
            return Ok(replaced);
        }
        let new_keys = self.new_keys()?;
        for part in earlier {
            let path = self.lake.dir.join(&part.path);
            let keys = self.keys_of(&path)?;
            let is_kept = |key: &u64| !new_keys.contains(key);
            let mask: BooleanChunked = keys.iter().map(is_kept).collect();
            let kept = count_true(&mask);
            if kept == part.rows {
                continue;
            }
            replaced.superseded += part.rows - kept;
            replaced.removed.push(part.id);
            if kept > 0 {
                let mut rest = read(&path)?.filter(&mask)?;
                self.keep_rest(&part, &mut rest)?;
            }
        }
        Ok(replaced)
    }

    /// The numbers of all keys of this batch.
    fn new_keys(&self) -> Result<HashSet<u64>> {
        let mut keys = HashSet::new();
        for part in self.months.values().flat_map(|month| &month.parts) {
            keys.extend(self.keys_of(&self.lake.dir.join(&part.path))?);
        }
        Ok(keys)
    }

    /// Writes what is left of an earlier part as a part of this batch.
    fn keep_rest(&mut self, part: &Part, rest: &mut DataFrame) -> Result<()> {
        let number = month_number(&part.month).context("a month of the catalog")?;
        let rest = self.store(number, rest, part.min_day, part.max_day)?;
        let month = self.months.entry(number);
        let month = month.or_insert_with(|| Month::empty(self.table));
        month.parts.push(rest);
        Ok(())
    }
}

/// What a batch takes from earlier ones.
#[derive(Default)]
struct Replaced {
    /// Ids of the parts that are no longer live.
    removed: Vec<i64>,
    /// Rows of them that are not written anew.
    superseded: u64,
}

fn count_true(mask: &BooleanChunked) -> u64 {
    u64::from(mask.sum().unwrap_or(0))
}

impl Written {
    /// Makes the batch visible.
    ///
    /// # Errors
    /// When the catalog or the rejects cannot be written; then nothing of the batch is visible.
    pub fn commit(
        self,
        lake: &mut Lake,
        identity: (&'static TableSchema, &str, &str),
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
    fn empty(table: &'static TableSchema) -> Self {
        Self {
            columns: Columns::empty(table),
            files: Vec::new(),
            parts: Vec::new(),
        }
    }
}

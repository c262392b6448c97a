//! One batch on its way into the lake: rows are gathered by month, made unique, sorted, written, then committed at once.

mod no_key;
mod replacing;
mod strangers;
#[cfg(test)]
mod tests;
mod totals;
mod unchanged;

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::{DateTime, Utc};
use hashbrown::HashSet;
use polars::prelude::*;

pub use self::no_key::NoKey;
use self::no_key::Repeats;
use self::replacing::Runs;
use super::catalog::{FileAccount, NewBatch, NewPart, Part};
use super::keys::{Unique, Versions, held, key_hashes, sort, unique};
use super::months::{month_label, rows_by_month};
use super::origins::Origins;
use super::rejects::RejectRow;
pub use super::tellings::Otherwise;
pub use super::vanished::Vanished;
use super::vanished::Vanishing;
use super::{Lake, cube, frame, rejects};
use crate::model::columns::{Columns, Dictionary, Values, dictionaries};
use crate::model::tables::{Replace, SESSIONS, TableSchema};

/// How much waits in memory before it is written.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    /// Bytes of rows before the largest months are written out.
    row_bytes: usize,
    /// Distinct texts before all months are written out and the dictionaries start anew.
    texts: usize,
}

impl Bounds {
    /// 320 MiB of rows, a judgement: far more than a usual export has, and little for any server. Two million texts are
    /// hundreds of megabytes at the length of usual addresses.
    const USUAL: Self = Self {
        row_bytes: 320 << 20,
        texts: 2_000_000,
    };
}

/// Rows of one month that wait to be written, and what is written already.
struct Month {
    columns: Columns,
    /// For each row the file it came from.
    files: Vec<u32>,
    /// Written so far, the newest last.
    parts: Vec<Stored>,
}

/// A part that is written, with the file of each of its rows; none for rows of earlier batches.
struct Stored {
    part: NewPart,
    files: Runs,
}

/// What is to be taken in, as far as the lake has to know.
#[derive(Debug, Clone, Default)]
pub struct Incoming {
    /// The export's name.
    pub export: String,
    /// Its files, in the order of their newness.
    pub files: Vec<Telling>,
    /// Whether each file is all there is of its days: records that it lacks go.
    pub complete: bool,
}

/// A file as its rows in a table of totals name it.
#[derive(Debug, Clone, Default)]
pub struct Telling {
    /// A number that the file keeps, wherever it lies.
    pub id: u64,
    /// The columns by which it breaks totals down.
    pub breakdown: String,
}

/// A batch that is being written.
pub struct BatchWriter<'a> {
    lake: &'a Lake,
    table: &'static TableSchema,
    incoming: Incoming,
    bounds: Bounds,
    batch: i64,
    /// By number: months since year 0.
    months: BTreeMap<i32, Month>,
    origins: Origins,
    /// Rows of each file that other rows stand for.
    replaced: Vec<u64>,
    /// Rows of each file that share their key with another row of it.
    repeats: Vec<Repeats>,
    /// Number of the next part, which makes its name unlike those of the others.
    sequence: u32,
    /// Live parts of this export from earlier batches.
    earlier: Vec<Part>,
    /// Versions of the records that the lake holds already, for tables whose rows carry one.
    held: Versions,
    /// Who has which record, for tables whose rows are versions of records.
    vanishing: Option<Vanishing>,
    /// Keys of the records that go.
    gone: HashSet<u64>,
}

/// What a batch came to.
pub struct Written {
    batch: i64,
    parts: Vec<NewPart>,
    removed: Vec<i64>,
    origins: Vec<(u32, Vec<String>)>,
    /// Per file of the batch, rows that another row stands for.
    pub replaced: Vec<u64>,
    /// Per file of the batch, rows that one of somebody else stands for.
    pub strangers: Vec<u64>,
    /// Files whose totals others of the batch tell with other numbers.
    pub otherwise: Vec<Otherwise>,
    /// Records that newer files have no longer.
    pub vanished: Vec<Vanished>,
}

impl<'a> BatchWriter<'a> {
    /// Starts a batch for a table.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn new(
        lake: &'a Lake,
        table: &'static TableSchema,
        incoming: Incoming,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let mut earlier = lake.catalog.parts(table.name, now)?;
        earlier.retain(|part| part.export == incoming.export);
        let mut vanishing = table.version.map(|_| Vanishing::default());
        let files = incoming.files.len();
        Ok(Self {
            held: held(lake, table, &earlier, vanishing.as_mut())?,
            vanishing,
            earlier,
            lake,
            table,
            bounds: Bounds::USUAL,
            batch: lake.catalog.next_batch()?,
            months: BTreeMap::new(),
            origins: Origins::load(lake)?,
            replaced: vec![0; files],
            repeats: vec![Repeats::default(); files],
            sequence: 0,
            gone: HashSet::new(),
            incoming,
        })
    }

    /// Adds rows of a file. Files come in the order of their newness: rows added later win over rows of the same key added
    /// earlier, unless the table has a version column that says otherwise.
    ///
    /// # Errors
    /// When a month had to be written out and could not be.
    pub fn add(&mut self, file: u32, columns: &Columns, texts: &mut Vec<Dictionary>) -> Result<()> {
        let days = days_of(columns);
        self.repeats[file as usize].rows += columns.rows() as u64;
        if let Some(vanishing) = &mut self.vanishing {
            vanishing.add(file, &key_hashes(columns, texts), days);
        }
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
        // Which totals stand is known when all files are read; whoever reads totals holds all of them, too.
        if self.table.replace == Replace::Group {
            return Ok(());
        }
        let distinct_texts: usize = texts.iter().map(Dictionary::len).sum();
        if distinct_texts > self.bounds.texts {
            // Waiting rows hold codes of these dictionaries: none may outlive them.
            self.write_months(texts)?;
            *texts = dictionaries(self.table);
        }
        while self.waiting_bytes() > self.bounds.row_bytes {
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
        let Some((columns, files)) = self.take_waiting(number) else {
            return Ok(());
        };
        let keys = key_hashes(&columns, texts);
        let Unique { mut order, lost } = unique(&columns, &keys, &self.held);
        for (row, best) in &lost {
            self.replaced[files[*row as usize] as usize] += 1;
            if files[*row as usize] == files[*best as usize] {
                let repeats = &mut self.repeats[files[*row as usize] as usize];
                repeats.note(&columns, keys[*row as usize], *row, *best);
            }
        }
        order.retain(|row| {
            let is_gone = self.gone.contains(&keys[*row as usize]);
            self.replaced[files[*row as usize] as usize] += u64::from(is_gone);
            !is_gone
        });
        sort(&columns, &keys, &mut order);
        self.write_rows(number, columns, texts, &order, &files)
    }

    /// The waiting rows of a month and their files; `None` when there are none.
    fn take_waiting(&mut self, number: i32) -> Option<(Columns, Vec<u32>)> {
        let month = self.months.get_mut(&number)?;
        if month.columns.rows() == 0 {
            return None;
        }
        let columns = std::mem::replace(&mut month.columns, Columns::empty(self.table));
        Some((columns, std::mem::take(&mut month.files)))
    }

    /// Writes rows of a month in this order as one more part; no rows make no part.
    fn write_rows(
        &mut self,
        number: i32,
        mut columns: Columns,
        texts: &[Dictionary],
        order: &[u32],
        files: &[u32],
    ) -> Result<()> {
        if order.is_empty() {
            return Ok(());
        }
        self.origins.fill(&mut columns, texts);
        let mut frame = frame::frame(&self.incoming.export, &columns, texts, order)?;
        let stored = Stored {
            part: self.store(number, &mut frame)?,
            files: Runs::of(order.iter().map(|row| files[*row as usize])),
        };
        self.add_part(number, stored);
        Ok(())
    }

    fn add_part(&mut self, number: i32, stored: Stored) {
        let month = self.months.entry(number);
        let month = month.or_insert_with(|| Month::empty(self.table));
        month.parts.push(stored);
    }

    fn store(&mut self, month: i32, frame: &mut DataFrame) -> Result<NewPart> {
        let label = month_label(month);
        let path = format!(
            "{}/month={label}/{}-{}.parquet",
            self.table.name, self.batch, self.sequence
        );
        self.sequence += 1;
        frame::write(frame, &self.lake.dir.join(&path))?;
        let has_cube = self.table == &SESSIONS;
        if has_cube {
            let cube = self.lake.dir.join(cube::path_of(&path));
            frame::write(&mut cube::count(frame)?, &cube)?;
        }
        let days = frame.column(self.table.day)?.to_physical_repr();
        let days = days.i32()?;
        Ok(NewPart {
            month: label,
            path,
            rows: frame.height() as u64,
            min_day: days.min().unwrap_or(0),
            max_day: days.max().unwrap_or(0),
            has_cube,
        })
    }

    /// Writes what is left and takes out of earlier batches the rows that this one replaces.
    ///
    /// # Errors
    /// When the disk is full or an earlier file cannot be read; a [`NoKey`] when what should tell the rows of a file apart
    /// does not.
    pub fn finish(mut self, texts: &[Dictionary]) -> Result<Written> {
        let mut vanished = Vec::new();
        let earlier = if self.table.replace == Replace::Group {
            self.settle_totals(texts)?
        } else {
            if let Some(vanishing) = self.vanishing.take() {
                (vanished, self.gone) = vanishing.find(self.incoming.complete);
            }
            self.write_months(texts)?;
            no_key::refuse(&self.repeats)?;
            self.drop_repeated()?;
            self.drop_unchanged()?;
            // Last: the rows left of earlier parts become parts of this batch, and must not be taken for its own.
            self.replace_earlier()?
        };
        let months = self.months.into_values();
        let stored = months.flat_map(|month| month.parts);
        Ok(Written {
            batch: self.batch,
            parts: stored.map(|stored| stored.part).collect(),
            removed: earlier.removed,
            otherwise: earlier.otherwise,
            origins: self.origins.new,
            replaced: self.replaced,
            strangers: self.repeats.iter().map(|file| file.strangers).collect(),
            vanished,
        })
    }
}

/// The day of each row.
fn days_of(columns: &Columns) -> &[i32] {
    match columns.column(columns.table.day) {
        Values::Day(days) => days,
        _ => unreachable!("the day column holds days"),
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

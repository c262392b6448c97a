//! Keys of rows: which rows are versions of one record, in memory and in files that are written already.

use anyhow::{Context, Result};
use polars::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::Lake;
use super::catalog::Part;
use super::vanished::Vanishing;
use crate::model::columns::{Columns, Dictionary, NO_COUNT, NO_DAY, NO_FLAG, NO_LONG, Values};
use crate::model::tables::{ColumnKind, TableSchema};

/// One number a row that stands for its key. A single 64-bit id stands for itself; several columns are hashed by their
/// values, so that the number does not depend on dictionary codes.
pub(super) fn key_hashes(columns: &Columns, texts: &[Dictionary]) -> Vec<u64> {
    let table = columns.table;
    if let ([name], Values::Key(ids)) = (table.key, columns.column(table.key[0])) {
        debug_assert!(!name.is_empty());
        return ids.clone();
    }
    let position = |name: &&str| table.position(name);
    let positions: Vec<usize> = table.key.iter().filter_map(position).collect();
    row_hashes(columns, texts, &positions)
}

/// One number a row that stands for its values in some columns.
fn row_hashes(columns: &Columns, texts: &[Dictionary], positions: &[usize]) -> Vec<u64> {
    // Each text is hashed once, however many rows have it.
    let hashes_at = |at: &usize| dictionary_hashes(&texts[*at]);
    let text_hashes: Vec<Vec<u64>> = positions.iter().map(hashes_at).collect();
    let mut scratch = Vec::new();
    let mut keys = Vec::with_capacity(columns.rows());
    for row in 0..columns.rows() {
        scratch.clear();
        for (&at, hashes) in positions.iter().zip(&text_hashes) {
            let value = match &columns.values[at] {
                Values::Text(codes) => hashes[codes[row] as usize],
                other => other.raw(row),
            };
            scratch.extend_from_slice(&value.to_le_bytes());
        }
        keys.push(xxh3_64(&scratch));
    }
    keys
}

/// The values of a column as keys have them; see [`stored_numbers`] for those of a file.
pub(super) fn numbers(columns: &Columns, texts: &[Dictionary], name: &str) -> Option<Vec<u64>> {
    let at = columns.table.position(name)?;
    Some(match &columns.values[at] {
        Values::Text(codes) => {
            let hashes = dictionary_hashes(&texts[at]);
            codes.iter().map(|code| hashes[*code as usize]).collect()
        }
        other => (0..columns.rows()).map(|row| other.raw(row)).collect(),
    })
}

/// The hash of each text of a dictionary, by its code.
fn dictionary_hashes(dictionary: &Dictionary) -> Vec<u64> {
    let codes = 0..dictionary.len() as u32;
    codes.map(|code| text_hash(dictionary.text(code))).collect()
}

/// The number of a text in a key: absent text is 0, whatever the dictionary.
fn text_hash(text: &str) -> u64 {
    if text.is_empty() {
        NO_TEXT_HASH
    } else {
        xxh3_64(text.as_bytes())
    }
}

/// Stands for absent text in a key.
pub(super) const NO_TEXT_HASH: u64 = 0;

/// The newest version of records, by the numbers of their keys.
pub(super) type Versions = HashMap<u64, i64>;

/// Maps of millions of numbers that are hashes already: the quick hasher with a fixed seed.
pub(super) type HashMap<K, V> = hashbrown::HashMap<K, V, foldhash::fast::FixedState>;

/// The versions of the records in earlier parts, which are noted as records that the lake has; empty for tables whose rows
/// carry no version.
pub(super) fn held(
    lake: &Lake,
    table: &TableSchema,
    earlier: &[Part],
    mut records: Option<&mut Vanishing>,
) -> Result<Versions> {
    let mut held = Versions::default();
    let Some(version) = table.version else {
        return Ok(held);
    };
    for part in earlier {
        let more = [table.day, version];
        let frame = read_columns(&lake.dir.join(&part.path), table, &more)?;
        let keys = frame_keys(&frame, table)?;
        let days = frame.column(table.day)?.to_physical_repr();
        let days: Vec<i32> = days
            .i32()?
            .iter()
            .map(|day| day.unwrap_or(NO_DAY))
            .collect();
        if let Some(records) = &mut records {
            records.add_held(&keys, &days);
        }
        for (key, version) in keys.into_iter().zip(stored_versions(&frame, version)?) {
            held.entry(key)
                .and_modify(|known| *known = version.max(*known))
                .or_insert(version);
        }
    }
    Ok(held)
}

/// The versions of stored rows.
pub(super) fn stored_versions(frame: &DataFrame, version: &str) -> Result<Vec<i64>> {
    let versions = frame.column(version)?.to_physical_repr();
    let versions = versions.i64()?.iter();
    Ok(versions.map(|version| version.unwrap_or(NO_LONG)).collect())
}

/// What became of the rows of a month.
pub(super) struct Unique {
    /// The rows that stand for their keys.
    pub(super) order: Vec<u32>,
    /// Those that do not, each with the row that stands for it; a row for which the lake holds a newer version, with itself.
    pub(super) lost: Vec<(u32, u32)>,
}

/// The rows that stand for their keys: of each the newest version, of equal ones the last that was read.
pub(super) fn unique(columns: &Columns, keys: &[u64], held: &Versions) -> Unique {
    let versions = versions_of(columns);
    let best = newest_rows(keys, versions);
    // A stale copy of a record never takes the place of a newer one that the lake holds already.
    let is_stale = |row: usize| {
        versions.is_some_and(|list| held.get(&keys[row]).is_some_and(|held| *held > list[row]))
    };
    let mut order = Vec::with_capacity(best.len());
    let mut lost = Vec::new();
    for (row, key) in keys.iter().enumerate() {
        let best = best[key];
        if best as usize == row && !is_stale(row) {
            order.push(best);
        } else {
            lost.push((row as u32, best));
        }
    }
    Unique { order, lost }
}

/// The versions of the rows; `None` in tables whose rows carry none.
pub(super) fn versions_of(columns: &Columns) -> Option<&[i64]> {
    let name = columns.table.version?;
    match columns.column(name) {
        Values::Long(list) => Some(list),
        _ => unreachable!("versions are instants"),
    }
}

/// For each key the row of its newest version, of equal ones (and without versions) the last.
fn newest_rows(keys: &[u64], versions: Option<&[i64]>) -> HashMap<u64, u32> {
    let mut newest: HashMap<u64, u32> =
        HashMap::with_capacity_and_hasher(keys.len(), Default::default());
    for (row, key) in keys.iter().enumerate() {
        let row = row as u32;
        let is_newer =
            |than: u32| versions.is_none_or(|list| list[row as usize] >= list[than as usize]);
        newest
            .entry(*key)
            .and_modify(|held| {
                if is_newer(*held) {
                    *held = row;
                }
            })
            .or_insert(row);
    }
    newest
}

/// Rows in order of time, then key: weeks lie together, and the same rows make the same file.
pub(super) fn sort(columns: &Columns, keys: &[u64], order: &mut Vec<u32>) {
    let by: Vec<i64> = match columns.column(columns.table.time.unwrap_or(columns.table.day)) {
        Values::Long(times) => order.iter().map(|row| times[*row as usize]).collect(),
        Values::Day(days) => order
            .iter()
            .map(|row| i64::from(days[*row as usize]))
            .collect(),
        _ => unreachable!("rows are dated by an instant or a day"),
    };
    // Time and key beside the row, so that sorting does not jump about in the columns.
    let mut sorted: Vec<(i64, u64, u32)> = Vec::with_capacity(order.len());
    for (time, &row) in by.into_iter().zip(order.iter()) {
        sorted.push((time, keys[row as usize], row));
    }
    sorted.sort_unstable();
    order.clear();
    order.extend(sorted.into_iter().map(|(_, _, row)| row));
}

/// All columns of a file.
pub(super) fn read(path: &std::path::Path) -> Result<DataFrame> {
    let file = std::fs::File::open(path).with_context(|| format!("open {}", path.display()))?;
    Ok(ParquetReader::new(file).finish()?)
}

/// The columns of a file that make its keys.
pub(super) fn read_keys(path: &std::path::Path, table: &TableSchema) -> Result<DataFrame> {
    read_columns(path, table, &[])
}

/// The columns of a file that make its keys, and some more.
fn read_columns(path: &std::path::Path, table: &TableSchema, more: &[&str]) -> Result<DataFrame> {
    let file = std::fs::File::open(path).with_context(|| format!("open {}", path.display()))?;
    let mut reader = ParquetReader::new(file);
    let schema = reader.schema()?;
    // A column that came to the key later is not in the parts that were written before.
    let names = table.key.iter().chain(more);
    let mut columns: Vec<String> = names.map(|name| (*name).to_owned()).collect();
    columns.retain(|name| schema.contains(name));
    columns.sort_unstable();
    columns.dedup();
    Ok(reader.with_columns(Some(columns)).finish()?)
}

/// The key numbers of stored rows: the same as [`key_hashes`] gave when they were written.
pub(super) fn frame_keys(frame: &DataFrame, table: &TableSchema) -> Result<Vec<u64>> {
    let mut columns = Vec::new();
    for name in table.key {
        let numbers = match frame.column(name) {
            Ok(column) => column_numbers(column.as_materialized_series())?,
            // Only columns of text have come to keys later: in older parts they are absent.
            Err(_) => vec![NO_TEXT_HASH; frame.height()],
        };
        columns.push(numbers);
    }
    let first = table.position(table.key[0]).context("a key column")?;
    if let [single] = columns.as_mut_slice()
        && table.fields[first].kind == ColumnKind::Key
    {
        return Ok(std::mem::take(single));
    }
    Ok(hashed(&columns, frame.height()))
}

/// One number a stored row that stands for all of its values.
pub(super) fn frame_rows(frame: &DataFrame) -> Result<Vec<u64>> {
    let mut columns = Vec::with_capacity(frame.width());
    for column in frame.columns() {
        columns.push(column_numbers(column.as_materialized_series())?);
    }
    Ok(hashed(&columns, frame.height()))
}

/// One number a row that stands for its numbers in some columns.
fn hashed(columns: &[Vec<u64>], rows: usize) -> Vec<u64> {
    let mut scratch = Vec::new();
    let mut hashes = Vec::with_capacity(rows);
    for row in 0..rows {
        scratch.clear();
        for column in columns {
            scratch.extend_from_slice(&column[row].to_le_bytes());
        }
        hashes.push(xxh3_64(&scratch));
    }
    hashes
}

/// The values of a column of a file as keys have them; `None` when the file is older than the column.
pub(super) fn stored_numbers(frame: &DataFrame, name: &str) -> Result<Option<Vec<u64>>> {
    match frame.column(name) {
        Ok(column) => column_numbers(column.as_materialized_series()).map(Some),
        Err(_) => Ok(None),
    }
}

/// The values of a stored column as keys have them: what [`Values::raw`] gave, with the sentinel back where null stands.
fn column_numbers(series: &Series) -> Result<Vec<u64>> {
    let physical = series.to_physical_repr();
    Ok(match series.dtype() {
        DataType::Categorical(..) | DataType::String => {
            let texts = series.cast(&DataType::String)?;
            let texts = texts.str()?.iter();
            texts
                .map(|text| text.map_or(NO_TEXT_HASH, text_hash))
                .collect()
        }
        DataType::Boolean => {
            let flags = series.bool()?.iter();
            flags
                .map(|flag| flag.map_or(u64::from(NO_FLAG), u64::from))
                .collect()
        }
        DataType::UInt64 => {
            let keys = series.u64()?.iter();
            keys.map(|key| key.unwrap_or(NO_KEY)).collect()
        }
        DataType::UInt32 => {
            let counts = series.u32()?.iter();
            counts
                .map(|count| u64::from(count.unwrap_or(NO_COUNT)))
                .collect()
        }
        DataType::Date => {
            let days = physical.i32()?.iter();
            days.map(|day| u64::from(day.unwrap_or(NO_DAY).cast_unsigned()))
                .collect()
        }
        _ => {
            let values = physical.i64()?.iter();
            values
                .map(|value| value.unwrap_or(NO_LONG).cast_unsigned())
                .collect()
        }
    })
}

/// The absent marker of [`Values::Key`].
pub(super) const NO_KEY: u64 = 0;

//! Keys of rows: which rows are versions of one record, in memory and in files that are written already.

use anyhow::{Context, Result};
use polars::prelude::*;

use super::Lake;
use super::catalog::Part;
use crate::model::columns::{Columns, Dictionary, NO_LONG, Values};
use crate::model::tables::{Replace, TableSchema};

/// One number a row that stands for its key. A single 64-bit id stands for itself; several columns are hashed by their
/// values, so that the number does not depend on dictionary codes.
pub(super) fn key_hashes(columns: &Columns, texts: &[Dictionary]) -> Vec<u64> {
    let table = columns.table;
    if let ([name], Values::Key(ids)) = (table.key, columns.column(table.key[0])) {
        debug_assert!(!name.is_empty());
        return ids.clone();
    }
    let positions: Vec<usize> = table
        .key
        .iter()
        .filter_map(|name| table.position(name))
        .collect();
    let text_hashes: Vec<Vec<u64>> = positions
        .iter()
        .map(|&at| dictionary_hashes(&texts[at]))
        .collect();
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
    (0..dictionary.len())
        .map(|code| text_hash(dictionary.text(code as u32)))
        .collect()
}

fn text_hash(text: &str) -> u64 {
    if text.is_empty() {
        0
    } else {
        xxhash_rust::xxh3::xxh3_64(text.as_bytes())
    }
}

pub(super) type Versions = hashbrown::HashMap<u64, i64, foldhash::fast::FixedState>;

/// The versions of the records in earlier parts; empty for tables whose rows carry none.
pub(super) fn held_versions(
    lake: &Lake,
    table: &TableSchema,
    earlier: &[Part],
) -> Result<Versions> {
    let mut held = Versions::default();
    let Some(version) = table.version else {
        return Ok(held);
    };
    for part in earlier {
        let frame = read(&lake.dir.join(&part.path))?;
        let versions = frame
            .column(version)?
            .as_materialized_series()
            .to_physical_repr()
            .into_owned();
        for (key, version) in frame_keys(&frame, table)?
            .into_iter()
            .zip(versions.i64()?.iter())
        {
            held.insert(key, version.unwrap_or(NO_LONG));
        }
    }
    Ok(held)
}

/// The rows that stand for their keys, and the files of the rows that do not.
pub(super) fn unique(
    columns: &Columns,
    keys: &[u64],
    files: &[u32],
    held: &Versions,
) -> (Vec<u32>, Vec<u32>) {
    let table = columns.table;
    let versions = table.version.map(|name| match columns.column(name) {
        Values::Long(list) => list.as_slice(),
        _ => unreachable!("versions are instants"),
    });
    let mut best: hashbrown::HashMap<u64, u32, foldhash::fast::FixedState> =
        hashbrown::HashMap::with_capacity_and_hasher(
            keys.len(),
            foldhash::fast::FixedState::default(),
        );
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
    let stale = |row: usize| {
        versions.is_some_and(|list| held.get(&keys[row]).is_some_and(|held| *held > list[row]))
    };
    let wins = |row: usize| {
        let best = best[&keys[row]] as usize;
        !stale(row)
            && (best == row || (table.replace == Replace::Group && files[best] == files[row]))
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
pub(super) fn sort(columns: &Columns, keys: &[u64], order: &mut Vec<u32>) {
    let by: Vec<i64> = match columns.column(columns.table.time.unwrap_or(columns.table.day)) {
        Values::Long(times) => order.iter().map(|row| times[*row as usize]).collect(),
        Values::Day(days) => order
            .iter()
            .map(|row| i64::from(days[*row as usize]))
            .collect(),
        _ => unreachable!("rows are dated by an instant or a day"),
    };
    let mut sorted: Vec<(i64, u64, u32)> = by
        .into_iter()
        .zip(order.iter())
        .map(|(time, &row)| (time, keys[row as usize], row))
        .collect();
    sorted.sort_unstable();
    order.clear();
    order.extend(sorted.into_iter().map(|(_, _, row)| row));
}

pub(super) fn read(path: &std::path::Path) -> Result<DataFrame> {
    let file = std::fs::File::open(path).with_context(|| format!("open {}", path.display()))?;
    Ok(ParquetReader::new(file).finish()?)
}

pub(super) fn read_keys(path: &std::path::Path, table: &TableSchema) -> Result<DataFrame> {
    let file = std::fs::File::open(path).with_context(|| format!("open {}", path.display()))?;
    let columns = table.key.iter().map(|name| (*name).to_owned()).collect();
    Ok(ParquetReader::new(file)
        .with_columns(Some(columns))
        .finish()?)
}

/// The key numbers of stored rows: the same as [`key_hashes`] gave when they were written.
pub(super) fn frame_keys(frame: &DataFrame, table: &TableSchema) -> Result<Vec<u64>> {
    let mut columns = Vec::new();
    for name in table.key {
        columns.push(column_numbers(
            frame.column(name)?.as_materialized_series(),
        )?);
    }
    if let [single] = columns.as_mut_slice()
        && matches!(
            table.fields[table.position(table.key[0]).context("a key column")?].kind,
            crate::model::tables::ColumnKind::Key
        )
    {
        return Ok(std::mem::take(single));
    }
    let mut scratch = Vec::new();
    let hash = |row: usize| {
        scratch.clear();
        columns
            .iter()
            .for_each(|column| scratch.extend_from_slice(&column[row].to_le_bytes()));
        xxhash_rust::xxh3::xxh3_64(&scratch)
    };
    Ok((0..frame.height()).map(hash).collect())
}

fn column_numbers(series: &Series) -> Result<Vec<u64>> {
    let physical = series.to_physical_repr();
    Ok(match series.dtype() {
        DataType::Categorical(..) | DataType::String => {
            let texts = series.cast(&DataType::String)?;
            texts
                .str()?
                .iter()
                .map(|text| text.map_or(0, text_hash))
                .collect()
        }
        DataType::UInt64 => series
            .u64()?
            .iter()
            .map(|value| value.unwrap_or(0))
            .collect(),
        DataType::UInt32 => series
            .u32()?
            .iter()
            .map(|value| u64::from(value.unwrap_or(u32::MAX)))
            .collect(),
        DataType::Date => {
            let days = physical.i32()?;
            days.iter()
                .map(|day| u64::from(day.unwrap_or(i32::MIN).cast_unsigned()))
                .collect()
        }
        _ => physical
            .i64()?
            .iter()
            .map(|value| value.unwrap_or(NO_LONG).cast_unsigned())
            .collect(),
    })
}

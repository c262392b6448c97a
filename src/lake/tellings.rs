//! Totals that are told twice: of the files that tell the same days in two ways, which rows stand.
//!
//! A row of totals is no record with a number of its own: what another download tells of its day may have other words for
//! it, or break it down by something else. So whole tellings replace each other, day by day and advertising system by
//! advertising system. Files that tell the same days by the same breakdown and share no row are parts of one telling (a
//! file for each campaign, a file cut in two) and add up; else the newer one stands alone.

mod otherwise;

use std::collections::BTreeMap;

use anyhow::Result;
use hashbrown::HashSet;
use polars::prelude::DataFrame;
use xxhash_rust::xxh3::xxh3_64;

use super::keys::{HashMap, NO_KEY, NO_TEXT_HASH, numbers, stored_numbers};
use crate::model::columns::{Columns, Dictionary};
use crate::model::tables::{COSTS, ColumnKind, Field, TableSchema};

pub use self::otherwise::Otherwise;
pub(super) use self::otherwise::Retellings;

/// The columns of a table of totals that say of what a row is a total: its days; of costs also whose they are. The system
/// that visits came from is one of the things that their totals are broken down by.
fn unit_columns(table: &TableSchema) -> &'static [&'static str] {
    if table.name == COSTS.name {
        &["from_day", "day", "engine"]
    } else {
        &["from_day", "day"]
    }
}

/// A name that may change while the number of what it names stays.
const NAME: &str = "campaign";
const NUMBER: &str = "campaign_id";

/// A row of totals, as far as it matters which rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    /// Days and advertising system.
    unit: u64,
    /// What it is a total of, within these.
    identity: u64,
    /// By what its file breaks totals down; [`NO_TEXT_HASH`] in rows from before this was kept.
    breakdown: u64,
    /// What it counts.
    amount: u64,
    /// The first of what it counts, whose sums can be compared: visits, money.
    size: i64,
    /// The file that tells it.
    file: FileOfRow,
}

/// The file of a row; the greater is the newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct FileOfRow {
    /// Of this batch, by newness from 1 on; 0 for all earlier batches.
    of_batch: u32,
    /// Of an earlier batch: its number in the lake.
    earlier: u64,
}

impl FileOfRow {
    /// Of rows from before files were kept, each is a telling of its own.
    fn earlier(telling: u64, identity: u64) -> Self {
        let earlier = if telling == NO_KEY { identity } else { telling };
        Self {
            of_batch: 0,
            earlier,
        }
    }
}

/// Rows of this batch, with the file of each.
pub(super) fn told(columns: &Columns, texts: &[Dictionary], files: &[u32]) -> Result<Vec<Told>> {
    let mut told = rows(columns.table, columns.rows(), |name| {
        Ok(numbers(columns, texts, name))
    })?;
    for (row, file) in told.iter_mut().zip(files) {
        row.file = FileOfRow {
            of_batch: file + 1,
            earlier: 0,
        };
    }
    Ok(told)
}

/// Rows that the lake holds.
pub(super) fn told_before(frame: &DataFrame, table: &TableSchema) -> Result<Vec<Told>> {
    rows(table, frame.height(), |name| stored_numbers(frame, name))
}

fn rows(
    table: &TableSchema,
    height: usize,
    numbers: impl Fn(&str) -> Result<Option<Vec<u64>>>,
) -> Result<Vec<Told>> {
    let all_of = |names: Vec<&str>| -> Result<Vec<Vec<u64>>> {
        let found: Result<Vec<_>> = names.into_iter().map(&numbers).collect();
        Ok(found?.into_iter().flatten().collect())
    };
    let or = |name: &str, nothing: u64| -> Result<Vec<u64>> {
        let found = table.position(name).map(|_| numbers(name)).transpose()?;
        Ok(found.flatten().unwrap_or_else(|| vec![nothing; height]))
    };
    let of_unit = unit_columns(table);
    let is_plain = |name: &&&str| !of_unit.contains(*name) && **name != NAME && **name != NUMBER;
    let is_of_unit = |name: &&&str| of_unit.contains(*name);
    let unit = all_of(table.key.iter().filter(is_of_unit).copied().collect())?;
    let plain = all_of(table.key.iter().filter(is_plain).copied().collect())?;
    let sizes = or(size_column(table), 0)?;
    let measures = all_of(measures(table))?;
    let (names, ids) = (or(NAME, NO_TEXT_HASH)?, or(NUMBER, NO_TEXT_HASH)?);
    let breakdowns = or("breakdown", NO_TEXT_HASH)?;
    let tellings = or("telling", NO_KEY)?;
    let told = (0..height).map(|row| {
        // The number stays when a campaign gets another name.
        let named = match ids[row] {
            NO_TEXT_HASH => [names[row], 0],
            number => [0, number],
        };
        let identity = hash(plain.iter().map(|column| column[row]).chain(named));
        Told {
            unit: hash(unit.iter().map(|column| column[row])),
            identity,
            breakdown: breakdowns[row],
            amount: amount(measures.iter().map(|column| column[row])),
            size: sizes[row].cast_signed(),
            file: FileOfRow::earlier(tellings[row], identity),
        }
    });
    Ok(told.collect())
}

/// The column that says how much a row is.
fn size_column(table: &TableSchema) -> &'static str {
    if table.name == COSTS.name {
        "cost"
    } else {
        "sessions"
    }
}

/// The columns that are added up.
fn measures(table: &TableSchema) -> Vec<&'static str> {
    let is_measure = |field: &&Field| matches!(field.kind, ColumnKind::Count | ColumnKind::Money);
    let measures = table.fields.iter().filter(is_measure);
    measures.map(|field| field.name).collect()
}

/// One number for what a row counts, such that those of rows add up to that of their sums.
fn amount(numbers: impl Iterator<Item = u64>) -> u64 {
    // Any large odd number: other clicks must not make up for other costs.
    const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
    numbers.fold(0, |sum, number| sum.wrapping_mul(MIX).wrapping_add(number))
}

fn hash(numbers: impl Iterator<Item = u64>) -> u64 {
    let bytes: Vec<u8> = numbers.flat_map(u64::to_le_bytes).collect();
    xxh3_64(&bytes)
}

/// For each row whether it stands.
pub(super) fn standing(rows: &[Told]) -> Vec<bool> {
    let mut by_unit: HashMap<u64, BTreeMap<FileOfRow, Part>> = HashMap::default();
    for row in rows {
        let files = by_unit.entry(row.unit).or_default();
        let part = files.entry(row.file).or_insert_with(|| Part {
            breakdown: row.breakdown,
            identities: HashSet::new(),
            amount: 0,
            size: 0,
        });
        part.identities.insert(row.identity);
        part.size += row.size;
        part.amount = part.amount.wrapping_add(row.amount);
    }
    let renamed = renamed(&by_unit);
    let standing: HashMap<u64, HashSet<FileOfRow>> = by_unit
        .into_iter()
        .map(|(unit, files)| (unit, standing_files(&files, &renamed)))
        .collect();
    let stands = |row: &Told| standing[&row.unit].contains(&row.file);
    rows.iter().map(stands).collect()
}

/// Fewest days of equal amounts by which two files are taken to tell the same under other names. A judgement: two campaigns
/// do not cost the same, with equally many clicks, three days running.
const RENAMED_DAYS: usize = 3;

/// Pairs of an older and a newer file that tell the same amounts of the same days: without a number of its own a campaign
/// that got another name is known by these alone. The newer one tells of more days, as the next download does; files that
/// tell of just the same days are parts.
fn renamed(by_unit: &HashMap<u64, BTreeMap<FileOfRow, Part>>) -> HashSet<(FileOfRow, FileOfRow)> {
    let mut units: BTreeMap<FileOfRow, usize> = BTreeMap::new();
    let mut equal: BTreeMap<(FileOfRow, FileOfRow), usize> = BTreeMap::new();
    for files in by_unit.values() {
        for (newer, part) in files {
            *units.entry(*newer).or_default() += 1;
            for (older, other) in files.range(..newer) {
                let is_equal = part.amount == other.amount && part.amount != 0;
                if is_equal {
                    *equal.entry((*older, *newer)).or_default() += 1;
                }
            }
        }
    }
    let is_renamed = |((older, newer), days): &(&(FileOfRow, FileOfRow), &usize)| {
        **days >= RENAMED_DAYS && **days == units[older] && units[newer] > units[older]
    };
    let pairs = equal.iter().filter(is_renamed);
    pairs.map(|(pair, _)| *pair).collect()
}

/// What one file tells of a unit.
struct Part {
    breakdown: u64,
    identities: HashSet<u64>,
    /// The sum of what its rows count.
    amount: u64,
    size: i64,
}

impl Part {
    /// Whether two files cannot both be parts of one telling.
    fn contradicts(&self, other: &Self) -> bool {
        let is_known = |part: &Self| part.breakdown != NO_TEXT_HASH;
        let differ = is_known(self) && is_known(other) && self.breakdown != other.breakdown;
        differ || !self.identities.is_disjoint(&other.identities)
    }
}

/// From the newest file on, each that contradicts none of those before it.
fn standing_files(
    files: &BTreeMap<FileOfRow, Part>,
    renamed: &HashSet<(FileOfRow, FileOfRow)>,
) -> HashSet<FileOfRow> {
    let mut parts: Vec<(FileOfRow, &Part)> = Vec::new();
    let mut standing = HashSet::new();
    for (file, part) in files.iter().rev() {
        let is_told_anew = |(newer, other): &(FileOfRow, &Part)| {
            other.contradicts(part) || renamed.contains(&(*file, *newer))
        };
        if parts.iter().any(is_told_anew) {
            continue;
        }
        parts.push((*file, part));
        standing.insert(*file);
    }
    standing
}

#[cfg(test)]
mod tests {
    use super::*;

    const BY_GROUP: u64 = 11;
    const BY_SOURCE: u64 = 12;

    /// A row of a file of this batch, or of an earlier one (file 0).
    fn row(file: u32, day: u64, breakdown: u64, identity: u64) -> Told {
        Told {
            unit: day,
            identity,
            breakdown,
            amount: identity,
            size: 0,
            file: FileOfRow {
                of_batch: file,
                earlier: if file == 0 { identity } else { 0 },
            },
        }
    }

    #[test]
    fn parts_of_one_telling_add_up() {
        let rows = [
            row(1, 9, BY_SOURCE, 1),
            row(2, 9, BY_SOURCE, 2),
            row(2, 9, BY_SOURCE, 2),
            row(3, 10, BY_SOURCE, 1),
        ];
        assert_eq!(standing(&rows), [true; 4]);
    }

    #[test]
    fn another_breakdown_of_the_same_day_replaces_the_older_one() {
        let rows = [
            row(1, 9, BY_GROUP, 1),
            row(1, 10, BY_GROUP, 1),
            row(2, 9, BY_SOURCE, 2),
        ];
        assert_eq!(standing(&rows), [false, true, true]);
    }

    #[test]
    fn a_newer_telling_of_some_rows_replaces_all_of_the_older_file() {
        // The older file has a row that the newer one has not: it got another name, or is no more.
        let rows = [
            row(1, 9, BY_SOURCE, 1),
            row(1, 9, BY_SOURCE, 2),
            row(2, 9, BY_SOURCE, 1),
            row(2, 9, BY_SOURCE, 3),
        ];
        assert_eq!(standing(&rows), [false, false, true, true]);
    }

    #[test]
    fn a_part_that_the_newer_file_does_not_touch_stays() {
        let rows = [
            row(1, 9, BY_SOURCE, 1),
            row(2, 9, BY_SOURCE, 2),
            row(3, 9, BY_SOURCE, 1),
        ];
        assert_eq!(standing(&rows), [false, true, true]);
    }

    #[test]
    fn a_campaign_without_a_number_is_known_by_its_amounts_when_the_next_download_renames_it() {
        let told = |file, day, identity, amount| Told {
            amount,
            ..row(file, day, BY_SOURCE, identity)
        };
        let older = [9, 10, 11].map(|day| told(1, day, 1, day * 100));
        let newer = [9, 10, 11, 12].map(|day| told(2, day, 2, day * 100));
        let rows = [older.as_slice(), newer.as_slice()].concat();
        assert_eq!(
            standing(&rows),
            [false, false, false, true, true, true, true]
        );
        // Of the same days, or with one amount that differs, they are two campaigns.
        let rows = [older.as_slice(), &newer[..3]].concat();
        assert_eq!(standing(&rows), [true; 6]);
        let mut rows = [older.as_slice(), newer.as_slice()].concat();
        rows[0].amount += 1;
        assert_eq!(standing(&rows), [true; 7]);
    }

    #[test]
    fn rows_of_old_lakes_are_replaced_one_by_one() {
        let rows = [
            row(0, 9, NO_TEXT_HASH, 1),
            row(0, 9, NO_TEXT_HASH, 2),
            row(1, 9, BY_SOURCE, 1),
        ];
        assert_eq!(standing(&rows), [false, true, true]);
    }
}

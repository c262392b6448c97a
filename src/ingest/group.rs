//! Records that an export spreads over several rows (a deal repeated once per product): the rows become one again.

use hashbrown::{HashMap, HashSet};

use super::collect::Collected;
use super::format::Group;
use crate::model::columns::{NO_COUNT, NO_FLAG, NO_LONG, Values};

/// Joins the rows of one record: of its newest version's rows the `sum` columns are added up, the `any` columns are yes
/// when any is, all others are the first row's. Returns for each input row whether it stands in the result.
///
/// The same row may come in two overlapping exports and counts once; a file cut in two gives the same sums.
pub fn join(collected: &mut Collected, group: &Group) -> Vec<bool> {
    let records = newest_records(collected);
    let mut used = vec![false; collected.columns.rows()];
    for row in records.iter().flatten() {
        used[*row as usize] = true;
    }
    let first_rows: Vec<u32> = records.iter().map(|rows| rows[0]).collect();
    let mut joined = collected.columns.gather(&first_rows);
    for name in group.sum.iter().chain(&group.any) {
        let at = joined.table.position(name);
        let at = at.expect("a format's group names columns of its table");
        joined.values[at] = combine(&collected.columns.values[at], &records);
    }
    let file_of = |row: &u32| collected.files[*row as usize];
    collected.files = first_rows.iter().map(file_of).collect();
    collected.columns = joined;
    used
}

/// The rows of each record's newest version, records in the order of their first row.
fn newest_records(collected: &Collected) -> Vec<Vec<u32>> {
    let columns = &collected.columns;
    let key = columns.column(columns.table.key[0]);
    let version = columns.table.version.map(|name| columns.column(name));
    // Without a version all rows are equally new.
    let version_of = |row: usize| version.map_or(NO_LONG, |values| values.raw(row).cast_signed());
    let mut newest: HashMap<u64, i64> = HashMap::new();
    for row in 0..columns.rows() {
        let seen = newest.entry(key.raw(row)).or_insert(NO_LONG);
        *seen = (*seen).max(version_of(row));
    }
    let mut copies = Copies::default();
    let mut places: HashMap<u64, usize> = HashMap::new();
    let mut records: Vec<Vec<u32>> = Vec::new();
    for row in 0..columns.rows() {
        let is_newest = version_of(row) == newest[&key.raw(row)];
        if !is_newest || !copies.is_new(collected.hashes[row], collected.files[row]) {
            continue;
        }
        let place = *places.entry(key.raw(row)).or_insert(records.len());
        if place == records.len() {
            records.push(Vec::new());
        }
        records[place].push(row as u32);
    }
    records
}

/// Tells the rows that overlapping files repeat from those that a file holds several times: two equal rows of one file are
/// two products; the same row of another file is the same product again.
#[derive(Default)]
struct Copies {
    /// How often a file has had a row, by the row's hash and the file.
    in_file: HashMap<(u64, u32), u32>,
    /// First, second … copies of rows that some file has had already.
    counted: HashSet<(u64, u32)>,
}

impl Copies {
    /// Whether the next row of a file is one that no other file has had: as often as this one has it by now.
    fn is_new(&mut self, hash: u64, file: u32) -> bool {
        let copy = self.in_file.entry((hash, file)).or_insert(0);
        *copy += 1;
        self.counted.insert((hash, *copy))
    }
}

/// A column with one value for each record: numbers added up, flags yes when any is, else the first row's.
fn combine(values: &Values, records: &[Vec<u32>]) -> Values {
    match values {
        Values::Long(list) => Values::Long(each(records, list, NO_LONG, |a, b| a + b)),
        Values::Count(list) => Values::Count(each(records, list, NO_COUNT, |a, b| a + b)),
        Values::Flag(list) => Values::Flag(each(records, list, NO_FLAG, |a, b| a | b)),
        other => {
            let first_rows: Vec<u32> = records.iter().map(|rows| rows[0]).collect();
            other.gather(&first_rows)
        }
    }
}

/// For each record the values of its rows put together; absent only when all are.
fn each<T: Copy + PartialEq>(
    records: &[Vec<u32>],
    list: &[T],
    absent: T,
    add: impl Fn(T, T) -> T,
) -> Vec<T> {
    let mut totals = Vec::with_capacity(records.len());
    for rows in records {
        let values = rows.iter().map(|row| list[*row as usize]);
        let present = values.filter(|value| *value != absent);
        totals.push(present.reduce(&add).unwrap_or(absent));
    }
    totals
}

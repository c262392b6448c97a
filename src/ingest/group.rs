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
    let records = records(collected);
    let mut used = vec![false; collected.columns.rows()];
    records
        .iter()
        .flatten()
        .for_each(|row| used[*row as usize] = true);
    let order: Vec<u32> = records.iter().map(|rows| rows[0]).collect();
    let mut joined = collected.columns.gather(&order);
    for name in group.sum.iter().chain(&group.any) {
        let at = joined
            .table
            .position(name)
            .expect("a format's group names columns of its table");
        joined.values[at] = combine(&collected.columns.values[at], &records);
    }
    collected.files = order
        .iter()
        .map(|&row| collected.files[row as usize])
        .collect();
    collected.columns = joined;
    used
}

/// The rows of each record's newest version, records in the order of their first row.
fn records(collected: &Collected) -> Vec<Vec<u32>> {
    let columns = &collected.columns;
    let table = columns.table;
    let key = &columns.values[table.position(table.key[0]).expect("every table has a key")];
    let version = table.version.map(|name| columns.column(name));
    let version_of = |row: usize| version.map_or(NO_LONG, |values| values.raw(row).cast_signed());
    let mut newest: HashMap<u64, i64> = HashMap::new();
    for row in 0..columns.rows() {
        let seen = newest.entry(key.raw(row)).or_insert(NO_LONG);
        *seen = (*seen).max(version_of(row));
    }
    let mut counted = HashSet::new();
    let mut copies: HashMap<(u64, u32), u32> = HashMap::new();
    let mut places: HashMap<u64, usize> = HashMap::new();
    let mut records: Vec<Vec<u32>> = Vec::new();
    for row in (0..columns.rows()).filter(|row| version_of(*row) == newest[&key.raw(*row)]) {
        // Two equal rows of one file are two products; the same row of another file is the same product again.
        let copy = copies
            .entry((collected.hashes[row], collected.files[row]))
            .or_insert(0);
        *copy += 1;
        if counted.insert((collected.hashes[row], *copy)) {
            let place = *places.entry(key.raw(row)).or_insert_with(|| {
                records.push(Vec::new());
                records.len() - 1
            });
            records[place].push(row as u32);
        }
    }
    records
}

fn combine(values: &Values, records: &[Vec<u32>]) -> Values {
    match values {
        Values::Long(list) => Values::Long(
            records
                .iter()
                .map(|rows| total(rows, list, NO_LONG, |a, b| a + b))
                .collect(),
        ),
        Values::Count(list) => Values::Count(
            records
                .iter()
                .map(|rows| total(rows, list, NO_COUNT, |a, b| a + b))
                .collect(),
        ),
        Values::Flag(list) => Values::Flag(
            records
                .iter()
                .map(|rows| total(rows, list, NO_FLAG, |a, b| a | b))
                .collect(),
        ),
        other => other.gather(&records.iter().map(|rows| rows[0]).collect::<Vec<_>>()),
    }
}

/// The values of the rows put together; absent only when all are.
fn total<T: Copy + PartialEq>(rows: &[u32], list: &[T], absent: T, add: impl Fn(T, T) -> T) -> T {
    rows.iter()
        .map(|row| list[*row as usize])
        .filter(|value| *value != absent)
        .reduce(add)
        .unwrap_or(absent)
}

//! Records that an export spreads over several rows (a deal repeated once per product): the rows become one again.

use hashbrown::{HashMap, HashSet};

use super::collect::Collected;
use super::format::Group;
use crate::model::columns::{NO_LONG, Values};

/// Joins the rows of one record: its newest version's rows are added up in the `sum` column, all others are alike.
/// Returns for each input row whether it stands in the result, alone or as part of a sum.
///
/// The same row may come in two overlapping exports and counts once; a file cut in two gives the same sums.
pub fn join(collected: &mut Collected, group: &Group) -> Vec<bool> {
    let columns = &collected.columns;
    let table = columns.table;
    let key = table.position(table.key[0]).expect("every table has a key");
    let sum = table.position(&group.sum).expect("the format names a column of its table");
    let version = table.version.and_then(|name| table.position(name));
    let version_of = |row: usize| version.map_or(NO_LONG, |at| columns.values[at].raw(row).cast_signed());

    let mut newest: HashMap<u64, i64> = HashMap::new();
    for row in 0..columns.rows() {
        let seen = newest.entry(columns.values[key].raw(row)).or_insert(NO_LONG);
        *seen = (*seen).max(version_of(row));
    }
    let mut counted = HashSet::new();
    let mut occurrence: HashMap<(u64, u32), u32> = HashMap::new();
    let mut first: HashMap<u64, u32> = HashMap::new();
    let mut totals: HashMap<u64, i64> = HashMap::new();
    let mut used = vec![false; columns.rows()];
    for row in 0..columns.rows() {
        let record = columns.values[key].raw(row);
        if version_of(row) != newest[&record] {
            continue;
        }
        // Two equal rows of one file are two products; the same row of another file is the same product again.
        let nth = occurrence.entry((collected.hashes[row], collected.files[row])).or_insert(0);
        *nth += 1;
        if !counted.insert((collected.hashes[row], *nth)) {
            continue;
        }
        used[row] = true;
        first.entry(record).or_insert(row as u32);
        let amount = columns.values[sum].raw(row).cast_signed();
        if amount != NO_LONG {
            *totals.entry(record).or_insert(0) += amount;
        }
    }
    let mut order: Vec<u32> = first.values().copied().collect();
    order.sort_unstable();
    let mut joined = columns.gather(&order);
    let amounts = order.iter().map(|&row| totals.get(&columns.values[key].raw(row as usize)).copied().unwrap_or(NO_LONG));
    joined.values[sum] = Values::Long(amounts.collect());
    collected.files = order.iter().map(|&row| collected.files[row as usize]).collect();
    collected.columns = joined;
    used
}

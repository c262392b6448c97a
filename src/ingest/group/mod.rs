//! Records that an export spreads over several rows (a deal repeated once per product): the rows become one again.

mod repeated;

use hashbrown::{HashMap, HashSet};

use self::repeated::{Amounts, amounts, told};
use super::Planned;
use super::collect::Collected;
use super::detect::same;
use super::format::{Format, Group};
use crate::model::columns::{NO_COUNT, NO_FLAG, NO_LONG, Values};

impl Group {
    /// Whether a file of this header has several rows for a record.
    pub fn spreads(&self, header: &[String]) -> bool {
        let mut cells = header.iter();
        let says_so = |cell: &String| self.when.iter().any(|when| same(when, cell));
        self.when.is_empty() || cells.any(says_so)
    }
}

/// Joins the rows of one record: of the rows that tell it newest the `sum` columns are added up, the `any` columns are yes
/// when any is, all others are the first row's. Where the first of the `sum` columns turns out to repeat that of the record
/// in each row, all `sum` columns are those of the first row that has it, unless the format says that its rows are `parts`.
///
/// Files come in the order of their newness. A file that tells a record again tells it anew, so its rows replace those of
/// older files; only where a file was cut in the middle of a record do the rows of both pieces add up.
///
/// `spreads` says for each file whether its records have several rows. Where they have not, a record that stands twice in
/// a file, as in one that was glued together, was told twice, and its last row counts.
pub fn join(collected: &mut Collected, group: &Group, spreads: &[bool]) -> Joined {
    let mut records = newest_records(collected);
    let is_whole = |row: &u32| !spreads[collected.files[*row as usize] as usize];
    for rows in &mut records {
        if let Some(last) = rows.iter().copied().rfind(is_whole) {
            *rows = vec![last];
        }
    }
    let mut used = vec![false; collected.columns.rows()];
    for row in records.iter().flatten() {
        used[*row as usize] = true;
    }
    let first_rows: Vec<u32> = records.iter().map(|rows| rows[0]).collect();
    let mut joined = collected.columns.gather(&first_rows);
    let mut added_up = records.clone();
    let of_record = group.sum.first().filter(|_| !group.parts);
    let repeated = match of_record.map(|name| amounts(collected, name, &records)) {
        None | Some(Amounts::AddUp) => Vec::new(),
        Some(Amounts::OfRecord) => (0..records.len()).collect(),
        Some(Amounts::OfRecords(of)) => of,
    };
    if let Some(name) = group.sum.first() {
        for record in &repeated {
            let row = first_with(collected, name, &added_up[*record]);
            added_up[*record] = vec![row];
        }
    }
    let names = group.sum.iter().map(|name| (name, &added_up));
    for (name, records) in names.chain(group.any.iter().map(|name| (name, &records))) {
        let at = joined.table.position(name);
        let at = at.expect("a format's group names columns of its table");
        joined.values[at] = combine(&collected.columns.values[at], records);
    }
    let is_of_several = |record: &&usize| records[**record].len() > 1;
    let repeated = repeated
        .iter()
        .filter(is_of_several)
        .map(|record| records[*record][0]);
    let notes = told(collected, repeated);
    let file_of = |row: &u32| collected.files[*row as usize];
    collected.files = first_rows.iter().map(file_of).collect();
    collected.columns = joined;
    Joined { used, notes }
}

/// The first of a record's rows in which a column is filled; the first of all where it is in none.
fn first_with(collected: &Collected, column: &str, rows: &[u32]) -> u32 {
    let values = collected.columns.column(column);
    let is_filled = |row: &u32| !values.is_absent(*row as usize);
    rows.iter().copied().find(is_filled).unwrap_or(rows[0])
}

/// What joining came to.
pub struct Joined {
    /// For each input row whether it stands in the result.
    pub used: Vec<bool>,
    /// What is said of a file, by its position.
    pub notes: Vec<(u32, String)>,
}

/// The rows of each record's newest telling, records in the order of their first row.
fn newest_records(collected: &Collected) -> Vec<Vec<u32>> {
    let keys = keys(collected);
    let newest = newest_tellings(collected, &keys);
    let cuts = cuts(&collected.files, &keys);
    // A row that both pieces have is told twice: they overlap, and were not cut.
    let is_told_in = |row: usize, file: u32| {
        let rows = (0..keys.len()).filter(|other| collected.files[*other] == file);
        let mut equal = rows.filter(|other| collected.hashes[*other] == collected.hashes[row]);
        equal.next().is_some()
    };
    let mut places: HashMap<u64, usize> = HashMap::new();
    let mut records: Vec<Vec<u32>> = Vec::new();
    for (row, key) in keys.iter().enumerate() {
        let telling = telling(collected, row);
        let newest = newest[key];
        let is_other_piece =
            || cuts.contains(&(*key, telling.file, newest.file)) && !is_told_in(row, newest.file);
        let stands =
            telling.version == newest.version && (telling.file == newest.file || is_other_piece());
        if !stands {
            continue;
        }
        let place = *places.entry(*key).or_insert(records.len());
        if place == records.len() {
            records.push(Vec::new());
        }
        records[place].push(row as u32);
    }
    records
}

/// Two rows with one key that lie further apart are two records: counters begin anew after a repair. A judgement: a record
/// takes hours, and the clock of a download may be off by some.
const ONE_RECORD_MS: i64 = 31 * 24 * 3600 * 1000;

/// For each row the number of its record: rows of one key are one, unless the table's keys may begin anew and long passed.
fn keys(collected: &Collected) -> Vec<u64> {
    let columns = &collected.columns;
    let key = columns.column(columns.table.key[0]);
    let rows = 0..columns.rows();
    // Records that have versions keep their numbers for ever.
    let time = match columns.table.time.map(|name| columns.column(name)) {
        Some(Values::Long(times)) if columns.table.version.is_none() => times,
        _ => return rows.map(|row| key.raw(row)).collect(),
    };
    let mut begun: HashMap<u64, Vec<(i64, u64)>> = HashMap::new();
    let mut next = 0;
    let mut number_of = |row: usize| {
        let of_key = begun.entry(key.raw(row)).or_default();
        let is_near =
            |(at, _): &&(i64, u64)| at.abs_diff(time[row]) <= ONE_RECORD_MS.unsigned_abs();
        if let Some((_, number)) = of_key.iter().find(is_near) {
            return *number;
        }
        next += 1;
        of_key.push((time[row], next));
        next
    };
    rows.map(&mut number_of).collect()
}

/// What tells a row: the record's version first, then the newness of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Telling {
    version: i64,
    file: u32,
}

fn telling(collected: &Collected, row: usize) -> Telling {
    let columns = &collected.columns;
    let version = columns.table.version.map(|name| columns.column(name));
    Telling {
        // Without a version all rows are equally new.
        version: version.map_or(NO_LONG, |values| values.raw(row).cast_signed()),
        file: collected.files[row],
    }
}

fn newest_tellings(collected: &Collected, keys: &[u64]) -> HashMap<u64, Telling> {
    let mut newest: HashMap<u64, Telling> = HashMap::new();
    for (row, key) in keys.iter().enumerate() {
        let telling = telling(collected, row);
        let known = newest.entry(*key).or_insert(telling);
        *known = telling.max(*known);
    }
    newest
}

/// Records in whose middle a file was cut, with the files of both pieces, either way round. The pieces share that record
/// alone, and it ends one of them and begins the other; two downloads that overlap share more, or share it elsewhere.
fn cuts(files: &[u32], keys: &[u64]) -> HashSet<(u64, u32, u32)> {
    let mut ends: HashMap<u32, Ends> = HashMap::new();
    for (file, key) in files.iter().zip(keys) {
        let ends = ends.entry(*file).or_insert_with(|| Ends::at(*key));
        ends.last = *key;
        ends.keys.insert(*key);
    }
    let mut cuts = HashSet::new();
    for (one, before) in &ends {
        for (other, behind) in &ends {
            let key = behind.first;
            if one != other && before.last == key && before.shares_only(key, behind) {
                cuts.insert((key, *one, *other));
                cuts.insert((key, *other, *one));
            }
        }
    }
    cuts
}

/// The records of a file.
struct Ends {
    first: u64,
    last: u64,
    keys: HashSet<u64>,
}

impl Ends {
    fn at(key: u64) -> Self {
        Self {
            first: key,
            last: key,
            keys: HashSet::new(),
        }
    }

    fn shares_only(&self, key: u64, other: &Self) -> bool {
        self.keys
            .intersection(&other.keys)
            .all(|shared| *shared == key)
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

/// For each file whether its records have several rows, when its format puts rows together at all.
pub(super) fn spreads(planned: &[Planned], formats: &[Format]) -> Vec<bool> {
    let spreads = |file: &Planned| {
        let group = formats[file.layout.format].group.as_ref();
        group.is_some_and(|group| group.spreads(&file.layout.header))
    };
    planned.iter().map(spreads).collect()
}

#[cfg(test)]
mod tests;

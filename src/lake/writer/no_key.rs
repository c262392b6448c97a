//! A column that should tell rows apart and does not: most rows of a file would replace each other.

use hashbrown::HashSet;

use super::strangers::are_other_people;
use crate::lake::keys::versions_of;
use crate::model::columns::{Columns, Values};

/// Fewest rows that replace each other by which a key is judged. A judgement: two may be a mistake in a list kept by hand.
pub(super) const FEWEST_REPLACED: u64 = 3;

/// The key of a file's rows tells most of them not apart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{rows} rows share {values} values of the key")]
pub struct NoKey {
    /// The file, by position in the batch.
    pub file: usize,
    /// Rows that share their key with another one.
    pub rows: u64,
    /// Distinct keys of these.
    pub values: u64,
}

/// Rows of one file that share a key and differ in something else.
#[derive(Debug, Clone, Default)]
pub(super) struct Repeats {
    /// All rows of the file.
    pub(super) rows: u64,
    /// Rows that another one stands for.
    lost: u64,
    /// The keys of these.
    keys: HashSet<u64>,
    /// Rows of other people at other times than those of the row that would stand for them.
    pub(super) strangers: u64,
    /// The keys of these.
    shared: HashSet<u64>,
}

impl Repeats {
    /// Notes a row for which another one of its file stands. Copies are no fault, and two versions of a record neither.
    pub(super) fn note(&mut self, columns: &Columns, key: u64, row: u32, best: u32) {
        let (row, best) = (row as usize, best as usize);
        if are_strangers(columns, row, best) {
            self.strangers += 1;
            self.shared.insert(key);
        }
        let is_version = versions_of(columns).is_some_and(|list| list[row] != list[best]);
        let is_copy = || {
            columns
                .values
                .iter()
                .all(|list| list.raw(row) == list.raw(best))
        };
        if row == best || is_version || is_copy() {
            return;
        }
        self.lost += 1;
        self.keys.insert(key);
    }
}

/// Whether two rows are of other people and began at other times: no record has two beginnings.
fn are_strangers(columns: &Columns, row: usize, best: usize) -> bool {
    let Some(time) = columns.table.time else {
        return false;
    };
    let times = columns.column(time);
    if times.raw(row) == times.raw(best) {
        return false;
    }
    let keys = columns.values.iter().filter_map(|values| match values {
        Values::Key(keys) => Some((keys[row], keys[best])),
        _ => None,
    });
    are_other_people(keys)
}

/// Refuses the first file most of whose rows replace each other, or some of whose rows would replace those of others.
pub(super) fn refuse(files: &[Repeats]) -> Result<(), NoKey> {
    for (file, repeats) in files.iter().enumerate() {
        if repeats.strangers >= FEWEST_REPLACED {
            let values = repeats.shared.len() as u64;
            let rows = repeats.strangers + values;
            return Err(NoKey { file, rows, values });
        }
        let is_most = repeats.lost * 2 > repeats.rows;
        if repeats.lost >= FEWEST_REPLACED && is_most {
            let values = repeats.keys.len() as u64;
            return Err(NoKey {
                file,
                rows: repeats.lost + values,
                values,
            });
        }
    }
    Ok(())
}

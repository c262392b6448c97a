//! Records of other people under the numbers of earlier ones: a list whose numbers begin anew each month. Each would replace
//! the one of the month before, and history would be gone without a word.

use anyhow::Result;
use polars::prelude::*;

use super::no_key::{FEWEST_REPLACED, NoKey};
use crate::lake::keys::{HashMap, NO_KEY};
use crate::model::columns::NO_LONG;
use crate::model::tables::{ColumnKind, TableSchema};

/// Of records: when each began, and the keys of its person.
pub(super) struct Records {
    times: Vec<i64>,
    people: Vec<Vec<u64>>,
}

impl Records {
    /// What the rows of a part say.
    ///
    /// # Errors
    /// When a column is not what the schema says.
    pub(super) fn of(frame: &DataFrame, table: &TableSchema) -> Result<Self> {
        let rows = frame.height();
        let times = match table.time {
            Some(time) => {
                let times = frame.column(time)?.to_physical_repr();
                let times = times.i64()?.iter();
                times.map(|time| time.unwrap_or(NO_LONG)).collect()
            }
            None => vec![NO_LONG; rows],
        };
        let mut people = Vec::new();
        for field in table
            .fields
            .iter()
            .filter(|field| field.kind == ColumnKind::Key)
        {
            // A part that was written before the column came knows nobody by it.
            let keys = match frame.column(field.name) {
                Ok(column) => column
                    .u64()?
                    .iter()
                    .map(|key| key.unwrap_or(NO_KEY))
                    .collect(),
                Err(_) => vec![NO_KEY; rows],
            };
            people.push(keys);
        }
        Ok(Self { times, people })
    }

    /// Whether a record is of another person and began at another time than one of another part: no record has two
    /// beginnings.
    fn is_strange_to(&self, row: usize, other: &Self, at: usize) -> bool {
        let (one, another) = (self.times[row], other.times[at]);
        if one == another || one == NO_LONG || another == NO_LONG {
            return false;
        }
        let keys = self.people.iter().zip(&other.people);
        let pairs = keys.map(|(own, others)| (own[row], others[at]));
        are_other_people(pairs)
    }
}

/// Whether two records name different people: by every kind of key that both have, and by one at least.
pub(super) fn are_other_people(keys: impl Iterator<Item = (u64, u64)>) -> bool {
    let mut told = keys.filter(|(one, other)| *one != NO_KEY && *other != NO_KEY);
    let first = told.next();
    first.is_some_and(|(one, other)| one != other) && told.all(|(one, other)| one != other)
}

/// The records of a batch by their keys.
#[derive(Default)]
pub(super) struct NewRecords {
    parts: Vec<(Records, Vec<u32>)>,
    places: HashMap<u64, (usize, usize)>,
}

impl NewRecords {
    /// Adds a part with the files of its rows, and the keys of those rows that stand for them.
    pub(super) fn add(&mut self, records: Records, keys: Vec<Option<u64>>, files: Vec<u32>) {
        let part = self.parts.len();
        for (row, key) in keys.into_iter().enumerate() {
            if let Some(key) = key {
                self.places.insert(key, (part, row));
            }
        }
        self.parts.push((records, files));
    }

    /// The same for the rows of one of its own parts that others stand for, by their keys.
    pub(super) fn refuse_strangers_in(
        &self,
        part: usize,
        lost: &[Option<u64>],
    ) -> Result<(), NoKey> {
        self.refuse_strangers(&self.parts[part].0, lost)
    }

    /// Refuses the batch when most of the records that it takes the place of are of other people and other times. Rows
    /// without a key stay.
    ///
    /// # Errors
    /// A [`NoKey`] with the first file that has such a record.
    pub(super) fn refuse_strangers(
        &self,
        earlier: &Records,
        keys: &[Option<u64>],
    ) -> Result<(), NoKey> {
        let (mut replaced, mut strange, mut first_file) = (0, 0, None);
        for (row, key) in keys.iter().enumerate() {
            let Some((part, place)) = key.and_then(|key| self.places.get(&key)) else {
                continue;
            };
            let (records, files) = &self.parts[*part];
            replaced += 1;
            if earlier.is_strange_to(row, records, *place) {
                strange += 1;
                first_file = first_file.or(files.get(*place).copied());
            }
        }
        if strange < FEWEST_REPLACED || strange * 2 <= replaced {
            return Ok(());
        }
        Err(NoKey {
            // The rows of a part that was written anew may have lost their file.
            file: first_file.unwrap_or(0) as usize,
            rows: strange * 2,
            values: strange,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Records of one month: time and telephone.
    fn records(rows: &[(i64, u64)]) -> Records {
        Records {
            times: rows.iter().map(|row| row.0).collect(),
            people: vec![rows.iter().map(|row| row.1).collect()],
        }
    }

    fn keys(count: usize) -> Vec<Option<u64>> {
        (1..=count as u64).map(Some).collect()
    }

    fn refused(earlier: &[(i64, u64)], new: &[(i64, u64)]) -> bool {
        let mut standing = NewRecords::default();
        standing.add(records(new), keys(new.len()), vec![4; new.len()]);
        let found = standing.refuse_strangers(&records(earlier), &keys(earlier.len()));
        found.is_err_and(|fault| fault.file == 4)
    }

    #[test]
    fn numbers_that_begin_anew_with_other_people_are_no_key() {
        let october = [(1, 11), (2, 12), (3, 13), (4, 14)];
        assert!(refused(&october, &[(51, 21), (52, 22), (53, 23), (54, 24)]));
        assert!(!refused(&october, &october), "the same once more");
        let same_people = [(51, 11), (52, 12), (53, 13), (54, 14)];
        assert!(!refused(&october, &same_people), "a clock of another zone");
        let same_times = [(1, 21), (2, 22), (3, 23), (4, 24)];
        assert!(
            !refused(&october, &same_times),
            "telephones that were corrected"
        );
        let two = [(51, 21), (52, 22), (3, 13), (4, 14)];
        assert!(!refused(&october, &two), "two of four");
        let nobody = [(51, NO_KEY), (52, NO_KEY), (53, NO_KEY), (54, NO_KEY)];
        assert!(!refused(&october, &nobody), "nobody is named");
    }
}

//! Files of one batch that tell the same days by the same breakdown, and with other numbers: late data changes totals by some
//! percent, another site or account by far more.

use std::collections::BTreeMap;

use super::{FileOfRow, Told};
use crate::lake::keys::HashMap;

/// Sums that differ by more are of something else. A judgement: refunds of clicks, late conversions and the taxes on costs stay
/// within it.
const DIFFERENT_PERCENT: i64 = 25;
/// So many days that two files share tell more than one, whose newer telling may be the first whole one.
const FEWEST_DAYS: usize = 3;

/// A file whose days a newer one of the batch tells with other numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Otherwise {
    /// The file that does not stand, by position in the batch.
    pub file: usize,
    /// The newer one.
    pub by: usize,
    /// What the newer one comes to on the days of both, percent of what the other does.
    pub percent: i64,
}

/// What two files tell of the days that both have.
#[derive(Default)]
struct Shared {
    days: usize,
    different: usize,
    older: i64,
    newer: i64,
}

/// The files of a batch, month by month.
#[derive(Default)]
pub(in crate::lake) struct Retellings {
    /// Days of each file.
    days: BTreeMap<u32, usize>,
    /// By the older and the newer file.
    shared: BTreeMap<(u32, u32), Shared>,
}

/// What one file comes to on one day.
struct OfDay {
    breakdown: u64,
    size: i64,
    stands: bool,
}

impl Retellings {
    /// Adds the rows of a month, with whether each stands.
    pub(in crate::lake) fn add(&mut self, rows: &[Told], stands: &[bool]) {
        let mut by_unit: HashMap<u64, BTreeMap<u32, OfDay>> = HashMap::default();
        for (row, stands) in rows.iter().zip(stands) {
            let FileOfRow { of_batch, .. } = row.file;
            if of_batch == 0 {
                continue;
            }
            let files = by_unit.entry(row.unit).or_default();
            let day = files.entry(of_batch).or_insert(OfDay {
                breakdown: row.breakdown,
                size: 0,
                stands: *stands,
            });
            day.size += row.size;
        }
        for files in by_unit.values() {
            self.add_day(files);
        }
    }

    fn add_day(&mut self, files: &BTreeMap<u32, OfDay>) {
        for (file, day) in files {
            *self.days.entry(*file).or_default() += 1;
            let is_newer = |other: &&u32| *other > file && files[*other].stands;
            let newer = files
                .keys()
                .filter(is_newer)
                .find(|other| files[*other].breakdown == day.breakdown);
            let Some(newer) = newer.filter(|_| !day.stands) else {
                continue;
            };
            let size = files[newer].size;
            let shared = self.shared.entry((*file, *newer)).or_default();
            shared.days += 1;
            shared.different += usize::from(differ(day.size, size));
            shared.older += day.size;
            shared.newer += size;
        }
    }

    /// The files that are told otherwise: on most of the days that both have, which are all of both or several.
    pub(in crate::lake) fn told(&self) -> Vec<Otherwise> {
        let is_told = |((older, newer), shared): &(&(u32, u32), &Shared)| {
            let is_all = [older, newer]
                .iter()
                .all(|file| self.days[*file] == shared.days);
            let is_much = shared.different * 2 > shared.days && differ(shared.older, shared.newer);
            is_much && (is_all || shared.days >= FEWEST_DAYS)
        };
        let told = self.shared.iter().filter(is_told);
        told.map(|((older, newer), shared)| Otherwise {
            file: *older as usize - 1,
            by: *newer as usize - 1,
            percent: percent(shared),
        })
        .collect()
    }
}

fn differ(one: i64, other: i64) -> bool {
    let (less, more) = (one.abs().min(other.abs()), one.abs().max(other.abs()));
    (more - less) * 100 > less * DIFFERENT_PERCENT
}

fn percent(shared: &Shared) -> i64 {
    (shared.newer * 100 + shared.older / 2) / shared.older.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Files of so many visits on each day; the newest stands.
    fn told(files: &[&[(u64, i64)]]) -> Vec<(usize, usize, i64)> {
        let mut retellings = Retellings::default();
        let mut rows = Vec::new();
        for (file, days) in files.iter().enumerate() {
            let of_batch = file as u32 + 1;
            rows.extend(days.iter().map(|(unit, size)| Told {
                unit: *unit,
                identity: 1,
                breakdown: 1,
                amount: 0,
                size: *size,
                file: FileOfRow {
                    of_batch,
                    earlier: 0,
                },
            }));
        }
        let stands = super::super::standing(&rows);
        retellings.add(&rows, &stands);
        let all = retellings.told();
        all.iter()
            .map(|one| (one.file, one.by, one.percent))
            .collect()
    }

    #[test]
    fn the_same_days_with_far_other_numbers_are_told() {
        assert_eq!(told(&[&[(9, 300)], &[(9, 30)]]), [(0, 1, 10)]);
        assert_eq!(told(&[&[(9, 300)], &[(9, 310)]]), [], "late data");
        let (week, half) = (
            [(9, 100), (10, 100), (11, 100)],
            [(9, 50), (10, 50), (11, 50)],
        );
        assert_eq!(told(&[&week, &half]), [(0, 1, 50)]);
        assert_eq!(told(&[&half, &week]), [(0, 1, 200)]);
    }

    #[test]
    fn a_day_that_was_not_over_when_it_was_told_first_is_none() {
        let (older, newer) = ([(9, 100), (10, 40)], [(10, 100), (11, 100)]);
        assert_eq!(told(&[&older, &newer]), []);
        let month = [(9, 100), (10, 100), (11, 40)];
        assert_eq!(
            told(&[&month, &[(9, 100), (10, 100), (11, 90), (12, 1)]]),
            []
        );
    }
}

//! Records that a newer full download has no longer: deleted in the source, or merged into others.

use hashbrown::HashSet;

use super::keys::HashMap;

/// Records of one file, or of all earlier batches together.
#[derive(Default)]
struct Records {
    /// The file of the batch; `None` for what the lake holds.
    file: Option<u32>,
    keys: HashSet<u64>,
    /// First and last day on which its records were made.
    span: Option<(i32, i32)>,
}

/// Who had which record, from the oldest telling on.
#[derive(Default)]
pub struct Vanishing {
    tellings: Vec<Records>,
    /// The day of each record.
    days: HashMap<u64, i32>,
}

/// Records that a file lacks although it covers the days on which they were made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vanished {
    /// The file that lacks them, by position in the batch.
    pub file: u32,
    /// How many there are.
    pub records: usize,
    /// The first day of one, days since 1970-01-01.
    pub first: i32,
    /// The last day of one.
    pub last: i32,
    /// Whether they are taken out of the lake.
    pub gone: bool,
}

impl Vanishing {
    /// Notes records of the lake, before those of any file.
    pub(super) fn add_held(&mut self, keys: &[u64], days: &[i32]) {
        self.add_to(None, keys, days);
    }

    /// Notes records of a file; files come in the order of their newness.
    pub(super) fn add(&mut self, file: u32, keys: &[u64], days: &[i32]) {
        self.add_to(Some(file), keys, days);
    }

    fn add_to(&mut self, file: Option<u32>, keys: &[u64], days: &[i32]) {
        if self.tellings.last().is_none_or(|last| last.file != file) {
            self.tellings.push(Records {
                file,
                ..Records::default()
            });
        }
        let telling = self.tellings.last_mut();
        let telling = telling.expect("one was just added where there was none");
        for (key, day) in keys.iter().zip(days) {
            let (first, last) = telling.span.unwrap_or((*day, *day));
            telling.span = Some((first.min(*day), last.max(*day)));
            telling.keys.insert(*key);
            self.days.insert(*key, *day);
        }
    }

    /// What each file lacks. With `complete` the export says that each file is all there is of its days.
    ///
    /// Parts of one download share no records, and a download of changed records lacks most others: such a file says
    /// nothing of what it lacks.
    pub(super) fn find(&self, complete: bool) -> (Vec<Vanished>, HashSet<u64>) {
        let mut found = Vec::new();
        let mut gone = HashSet::new();
        for (at, newer) in self.tellings.iter().enumerate() {
            let Some(file) = newer.file else { continue };
            let mut lacking = HashSet::new();
            for (older_at, older) in self.tellings[..at].iter().enumerate() {
                lacking.extend(self.lacking(older_at, older, newer, complete));
            }
            found.extend(self.summary(file, &lacking, complete));
            if complete {
                gone.extend(lacking);
            }
        }
        (found, gone)
    }

    /// The records of an older telling that the newer one lacks, when it tells of these days in full.
    fn lacking(
        &self,
        older_at: usize,
        older: &Records,
        newer: &Records,
        complete: bool,
    ) -> Vec<u64> {
        let Some((first, last)) = newer.span else {
            return Vec::new();
        };
        let mut shared = 0;
        let mut lacking = Vec::new();
        for key in &older.keys {
            let day = self.days[key];
            if day < first || day > last {
                continue;
            }
            if newer.keys.contains(key) {
                shared += 1;
            } else if !self.is_told_after(older_at, *key) {
                lacking.push(*key);
            }
        }
        if tells_in_full(shared, lacking.len(), complete) {
            lacking
        } else {
            Vec::new()
        }
    }

    /// Whether a record stands in any telling after that one.
    fn is_told_after(&self, at: usize, key: u64) -> bool {
        let mut later = self.tellings[at + 1..].iter();
        later.any(|telling| telling.keys.contains(&key))
    }

    fn summary(&self, file: u32, lacking: &HashSet<u64>, gone: bool) -> Option<Vanished> {
        let days = || lacking.iter().map(|key| self.days[key]);
        Some(Vanished {
            file,
            records: lacking.len(),
            first: days().min()?,
            last: days().max()?,
            gone,
        })
    }
}

/// Whether a file that shares so many records with an older telling, and lacks so many, was meant to have them all.
/// A judgement: half as many missing as there are, one at least, is more than a tidy CRM loses between two downloads.
/// Where the export says that its files are complete, one that lacks more than it shares is still taken for a part.
fn tells_in_full(shared: usize, lacking: usize, complete: bool) -> bool {
    if complete {
        lacking <= shared
    } else {
        lacking * 2 <= shared + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file (or the lake) with the numbers and days of its records.
    type Told<'a> = (Option<u32>, &'a [(u64, i32)]);

    fn vanishing(files: &[Told<'_>]) -> Vanishing {
        let mut vanishing = Vanishing::default();
        for (file, records) in files {
            let (keys, days): (Vec<u64>, Vec<i32>) = records.iter().copied().unzip();
            vanishing.add_to(*file, &keys, &days);
        }
        vanishing
    }

    #[test]
    fn a_full_download_that_lacks_a_deal_says_so_and_takes_it_out_where_files_are_complete() {
        let files: [(_, &[_]); 2] = [
            (None, &[(501, 10), (502, 11), (503, 12)]),
            (Some(0), &[(501, 10), (503, 12)]),
        ];
        let expected = |gone| Vanished {
            file: 0,
            records: 1,
            first: 11,
            last: 11,
            gone,
        };
        let (found, gone) = vanishing(&files).find(false);
        assert_eq!((found, gone.len()), (vec![expected(false)], 0));
        let (found, gone) = vanishing(&files).find(true);
        assert_eq!(found, [expected(true)]);
        assert!(gone.contains(&502) && gone.len() == 1);
    }

    #[test]
    fn deals_made_before_or_after_the_days_of_a_file_are_none_of_its_business() {
        let files: [(_, &[_]); 2] = [
            (None, &[(1, 5), (2, 10), (3, 12), (4, 20)]),
            (Some(0), &[(2, 10), (3, 12)]),
        ];
        let (found, gone) = vanishing(&files).find(true);
        assert!(found.is_empty() && gone.is_empty());
    }

    #[test]
    fn a_download_of_changed_deals_takes_nothing_out() {
        let held: Vec<(u64, i32)> = (0..40).map(|deal| (deal, 10)).collect();
        let files: [(_, &[_]); 2] = [(None, &held), (Some(0), &[(3, 10), (7, 10), (50, 10)])];
        for complete in [false, true] {
            let (found, gone) = vanishing(&files).find(complete);
            assert!(found.is_empty() && gone.is_empty());
        }
    }

    #[test]
    fn the_pages_of_one_download_do_not_miss_each_others_deals() {
        let files: [(_, &[_]); 3] = [
            (None, &[(1, 10), (2, 11), (3, 11), (4, 12)]),
            (Some(0), &[(1, 10), (2, 11)]),
            (Some(1), &[(3, 11), (4, 12)]),
        ];
        let (found, gone) = vanishing(&files).find(true);
        assert!(found.is_empty() && gone.is_empty());
    }

    #[test]
    fn of_two_full_downloads_in_one_run_the_newer_counts() {
        let files: [(_, &[_]); 2] = [
            (Some(0), &[(1, 10), (2, 11), (3, 12)]),
            (Some(1), &[(1, 10), (3, 12)]),
        ];
        let (found, gone) = vanishing(&files).find(true);
        assert_eq!((found.len(), gone.contains(&2)), (1, true));
        // A deal that comes back in a still newer file is there.
        let files: [(_, &[_]); 3] = [files[0], files[1], (Some(2), &[(1, 10), (2, 11), (3, 12)])];
        let (found, gone) = vanishing(&files).find(true);
        assert!(found.is_empty() && gone.is_empty());
    }
}

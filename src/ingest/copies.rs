//! Rows that overlapping files repeat.

use hashbrown::{HashMap, HashSet};

/// Tells the rows that overlapping files repeat from those that a file holds several times: two equal rows of one file are
/// two calls; the same row of another file is the same call again.
#[derive(Default)]
pub(super) struct Copies {
    /// How often a file has had a row, by the row's hash and the file.
    in_file: HashMap<(u64, u32), u32>,
    /// First, second … copies of rows that some file has had already.
    counted: HashSet<(u64, u32)>,
}

impl Copies {
    /// Whether the next row of a file is one that no other file has had: as often as this one has it by now.
    pub(super) fn is_new(&mut self, hash: u64, file: u32) -> bool {
        let copy = self.in_file.entry((hash, file)).or_insert(0);
        *copy += 1;
        self.counted.insert((hash, *copy))
    }
}

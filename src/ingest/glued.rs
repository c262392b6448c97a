//! Two downloads of one report in one file: what both tell would be counted twice.

use hashbrown::HashSet;
use xxhash_rust::xxh3::xxh3_64;

use super::parse::Parsed;
use crate::model::columns::Columns;
use crate::model::fault::Fault;
use crate::model::tables::{Replace, TableSchema};

/// Rows of a file that are added up, as hashes: those above the line on which the header stands again.
pub(super) struct Glued {
    above: HashSet<u64>,
    /// That line, once it has been passed.
    header: Option<u32>,
}

impl Glued {
    /// For a file of a table; rows that are records replace each other by themselves.
    pub(super) fn of(table: &'static TableSchema) -> Option<Self> {
        (table.replace == Replace::Group).then(|| Self {
            above: HashSet::new(),
            header: None,
        })
    }

    /// Looks at the next rows of the file.
    ///
    /// # Errors
    /// When a row stands above and below a repeated header, to the last number.
    pub(super) fn look(&mut self, parsed: &Parsed, label: &str) -> Result<(), Fault> {
        self.header = self.header.or(parsed.repeated);
        for (row, line) in parsed.lines.iter().enumerate() {
            let hash = hash_of(&parsed.columns, row);
            match self.header.filter(|header| line > header) {
                None => {
                    self.above.insert(hash);
                }
                Some(header) if self.above.contains(&hash) => {
                    return Err(told_twice(label, header, *line));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }
}

fn hash_of(columns: &Columns, row: usize) -> u64 {
    let values = columns.values.iter().map(|values| values.raw(row));
    let bytes: Vec<u8> = values.flat_map(|value| value.to_le_bytes()).collect();
    xxh3_64(&bytes)
}

fn told_twice(label: &str, header: u32, line: u32) -> Fault {
    let message = format!(
        "the header stands here again, and line {line} below it is the same as one above: two downloads in one file, which overlap"
    );
    let hint = "give the downloads as files of their own: of what both tell, the newer counts";
    Fault::new(message)
        .at(format!("{label}:{header}"))
        .hint(hint)
}

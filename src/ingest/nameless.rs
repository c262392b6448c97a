//! Cells that name nobody where a person was expected: counted, so that nobody takes them for people or for silence.

use std::collections::BTreeMap;

use crate::model::contact::Found;
use crate::model::nameless::NamelessCells;

/// How many rows of a file name nobody, by column of the file and by what stands there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Nameless(BTreeMap<(String, Found), u64>);

impl Nameless {
    /// Counts a cell of a column. An empty word such as an extension is no news.
    pub fn count(&mut self, column: &str, found: Found) {
        if matches!(found, Found::Placeholder | Found::Unreadable) {
            let rows = self.0.entry((column.to_owned(), found));
            *rows.or_insert(0) += 1;
        }
    }

    /// Adds what was counted elsewhere in the same file.
    pub fn add(&mut self, other: &Self) {
        for (place, rows) in &other.0 {
            *self.0.entry(place.clone()).or_insert(0) += rows;
        }
    }

    /// What was counted, in the order of columns.
    pub fn cells(&self) -> Vec<NamelessCells> {
        let cells = |((column, found), rows): (&(String, Found), &u64)| NamelessCells {
            column: column.clone(),
            found: *found,
            rows: *rows,
        };
        self.0.iter().map(cells).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_be_taken_for_a_person_is_counted() {
        let mut nameless = Nameless::default();
        nameless.count("ClientID", Found::Placeholder);
        nameless.count("ClientID", Found::Placeholder);
        nameless.count("Phone", Found::Nobody);
        let [cells] = &nameless.cells()[..] else {
            panic!("one column: {nameless:?}")
        };
        assert_eq!((cells.column.as_str(), cells.rows), ("ClientID", 2));
    }
}

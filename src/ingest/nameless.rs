//! Cells that name nobody where a person was expected: counted, so that nobody takes them for people or for silence.

use std::collections::BTreeMap;

use crate::model::contact::Found;
use crate::model::nameless::NamelessCells;

/// How many rows of a file name nobody, by column of the file and by what stands there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Nameless(BTreeMap<String, BTreeMap<Found, u64>>);

/// Filled cells from which on a column of telephones or addresses without one of them is told.
const FEWEST_CELLS: u64 = 5;

impl Nameless {
    /// Counts a cell of a column.
    pub fn count(&mut self, column: &str, found: Found) {
        self.add_rows(column, found, 1);
    }

    /// Adds what was counted elsewhere in the same file.
    pub fn add(&mut self, other: &Self) {
        for (column, cells) in &other.0 {
            for (found, rows) in cells {
                self.add_rows(column, *found, *rows);
            }
        }
    }

    fn add_rows(&mut self, column: &str, found: Found, rows: u64) {
        // Only the first cell of a column copies its name.
        if let Some(cells) = self.0.get_mut(column) {
            *cells.entry(found).or_insert(0) += rows;
        } else {
            self.0
                .insert(column.to_owned(), BTreeMap::from([(found, rows)]));
        }
    }

    /// What may be taken for a person, in the order of columns. An empty word such as an extension is no news.
    pub fn cells(&self) -> Vec<NamelessCells> {
        let is_news = |found: &Found| matches!(found, Found::Placeholder | Found::Unreadable);
        let mut told = Vec::new();
        for (column, cells) in &self.0 {
            let news = cells.iter().filter(|(found, _)| is_news(found));
            told.extend(news.map(|(found, rows)| NamelessCells {
                column: column.clone(),
                found: *found,
                rows: *rows,
            }));
        }
        told
    }

    /// How many cells of a column hold something else than a telephone or an address, where they are too many for chance.
    pub fn of_nobody(&self, column: &str) -> Option<u64> {
        let rows = self.0.get(column)?.get(&Found::Nobody)?;
        (*rows >= FEWEST_CELLS).then_some(*rows)
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
        assert_eq!(nameless.of_nobody("Phone"), None);
        let [cells] = &nameless.cells()[..] else {
            panic!("one column: {nameless:?}")
        };
        assert_eq!((cells.column.as_str(), cells.rows), ("ClientID", 2));
    }
}

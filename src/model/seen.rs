//! The columns of a file as they were seen, and what is otherwise in a later file of the same export.

use serde::{Deserialize, Serialize};

/// The columns of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Rows that were taken.
    pub rows: u64,
    /// The cells of its header.
    pub header: Vec<String>,
    /// The columns of the table that are read from it.
    pub read: Vec<ReadColumn>,
}

/// A column of the table, and where a file has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadColumn {
    /// Its name in the table.
    pub to: String,
    /// The cells of the header that it is read from.
    pub from: Vec<String>,
    /// Rows in which it has a value.
    pub filled: u64,
}

/// Rows below which an empty column says nothing. A judgement: ten people without a telephone in a row are no luck where
/// most have one.
const FEWEST_ROWS: u64 = 10;
/// Names shown of each kind.
const NAMES_SHOWN: usize = 5;

impl Seen {
    /// Whether another file has the same header, in whatever order.
    pub fn has_header_of(&self, other: &Self) -> bool {
        self.without(other).is_empty() && other.without(self).is_empty()
    }

    /// What is otherwise in the header than in that of an earlier file, a sentence each.
    pub fn told_since(&self, earlier: &Self) -> Vec<String> {
        let mut told = Vec::new();
        let (gone, new) = (earlier.without(self), self.without(earlier));
        match (gone.is_empty(), new.is_empty()) {
            (true, true) => {}
            (false, true) => told.push(format!("has no column {} any more", names(&gone))),
            (true, false) => told.push(format!("has the new columns {}", names(&new))),
            (false, false) => told.push(format!(
                "has no column {} any more, and is new with {}: was it renamed?",
                names(&gone),
                names(&new)
            )),
        }
        told
    }

    /// What is read no longer that was read from an earlier file, a sentence each.
    pub fn lost_since(&self, earlier: &Self) -> Vec<String> {
        let mut told = Vec::new();
        let lost: Vec<&str> = earlier.lost_in(self).collect();
        if !lost.is_empty() {
            told.push(format!("nothing is read into {} any more", names(&lost)));
        }
        told.extend(self.emptied_since(earlier));
        told
    }

    /// The cells of the header that another file has not.
    fn without<'a>(&'a self, other: &Self) -> Vec<&'a str> {
        let has = |cell: &str| other.header.iter().any(|known| same(known, cell));
        let cells = self.header.iter().map(String::as_str);
        cells
            .filter(|cell| !cell.is_empty() && !has(cell))
            .collect()
    }

    /// The columns of the table that had values here and are read from nowhere in another file.
    fn lost_in<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a str> {
        let is_lost = |column: &&ReadColumn| {
            let mut others = other.read.iter();
            column.filled > 0 && !others.any(|known| known.to == column.to)
        };
        self.read
            .iter()
            .filter(is_lost)
            .map(|column| column.to.as_str())
    }

    /// Columns that are there and have no value, where most rows of an earlier file had one.
    fn emptied_since(&self, earlier: &Self) -> Vec<String> {
        let mut told = Vec::new();
        for column in self.read.iter().filter(|column| column.filled == 0) {
            let before = earlier.read.iter().find(|known| known.to == column.to);
            let Some(before) = before else { continue };
            let was_usual = before.filled * 2 >= earlier.rows;
            if was_usual && earlier.rows >= FEWEST_ROWS && self.rows >= FEWEST_ROWS {
                let name = column.from.first().unwrap_or(&column.to);
                told.push(format!(
                    "column \"{name}\" is empty in all {} rows, before it was filled in {} of {}",
                    self.rows, before.filled, earlier.rows
                ));
            }
        }
        told
    }
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn names(names: &[&str]) -> String {
    let quoted = names
        .iter()
        .take(NAMES_SHOWN)
        .map(|name| format!("\"{name}\""));
    let mut shown: Vec<String> = quoted.collect();
    if names.len() > NAMES_SHOWN {
        shown.push(format!("{} more", names.len() - NAMES_SHOWN));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(rows: u64, columns: &[(&str, &str, u64)]) -> Seen {
        let read = columns.iter().filter(|(_, to, _)| !to.is_empty());
        Seen {
            rows,
            header: columns
                .iter()
                .map(|(name, ..)| (*name).to_owned())
                .collect(),
            read: read
                .map(|(name, to, filled)| ReadColumn {
                    to: (*to).to_owned(),
                    from: vec![(*name).to_owned()],
                    filled: *filled,
                })
                .collect(),
        }
    }

    #[test]
    fn a_renamed_column_is_told_with_what_is_read_no_more() {
        let before = seen(12, &[("ID", "deal_id", 12), ("Телефон", "phone", 11)]);
        let now = seen(12, &[("id ", "deal_id", 12), ("Тел.", "", 0)]);
        assert_eq!(
            now.told_since(&before),
            ["has no column \"Телефон\" any more, and is new with \"Тел.\": was it renamed?"]
        );
        assert_eq!(
            now.lost_since(&before),
            ["nothing is read into \"phone\" any more"]
        );
        assert!(before.told_since(&before).is_empty());
        assert!(before.lost_since(&before).is_empty());
    }

    #[test]
    fn a_column_that_is_empty_now_is_told_when_most_rows_had_it() {
        let columns = |rows, filled| seen(rows, &[("Телефон", "phone", filled)]);
        let told = columns(10, 0).lost_since(&columns(20, 10));
        assert_eq!(
            told,
            ["column \"Телефон\" is empty in all 10 rows, before it was filled in 10 of 20"]
        );
        assert!(columns(10, 1).lost_since(&columns(20, 10)).is_empty());
        assert!(columns(10, 0).lost_since(&columns(20, 9)).is_empty());
        assert!(columns(9, 0).lost_since(&columns(20, 20)).is_empty());
    }
}

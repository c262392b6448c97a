//! The columns that a file was found to have, counted while it is read.

use super::detect::Layout;
use super::format::Format;
use crate::model::columns::Columns;
use crate::model::seen::{ReadColumn, Seen};
use crate::model::tables::TableSchema;

/// Counts the values of the columns that are read from a file.
pub(super) struct Counts {
    seen: Seen,
    /// Where the columns stand in the table.
    places: Vec<usize>,
}

impl Counts {
    /// For a file; one without a header has no names that could change.
    pub(super) fn of(format: &Format, layout: &Layout, table: &TableSchema) -> Self {
        let mut counts = Self {
            seen: Seen::default(),
            places: Vec::new(),
        };
        if !layout.has_header {
            return counts;
        }
        counts.seen.header = layout.header.clone();
        for (rule, cells) in format.columns.iter().zip(&layout.feeds) {
            let Some(place) = table.position(&rule.to).filter(|_| !cells.is_empty()) else {
                continue;
            };
            counts.places.push(place);
            counts.seen.read.push(ReadColumn {
                to: rule.to.clone(),
                from: cells
                    .iter()
                    .map(|cell| layout.header[*cell].clone())
                    .collect(),
                filled: 0,
            });
        }
        counts
    }

    /// Adds the rows of a chunk.
    pub(super) fn add(&mut self, columns: &Columns) {
        let rows = columns.rows();
        self.seen.rows += rows as u64;
        for (place, column) in self.places.iter().zip(&mut self.seen.read) {
            let values = &columns.values[*place];
            column.filled += (0..rows).filter(|row| !values.is_absent(*row)).count() as u64;
        }
    }

    /// What was seen.
    pub(super) fn seen(self) -> Seen {
        self.seen
    }
}

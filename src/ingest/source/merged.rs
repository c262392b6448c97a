//! Cells of a sheet that are merged downwards: a name that stands once for several rows is the name of each of them.

use std::collections::BTreeMap;

use calamine::Dimensions;

use crate::ingest::cells::TYPED;

/// The merged cells of a sheet, and the texts of those that have been passed.
pub(super) struct Merged {
    /// The last row of those merged downwards, by the first one and their column.
    spans: BTreeMap<(u32, u32), u32>,
    /// Last row and text by column.
    held: BTreeMap<u32, (u32, String)>,
}

impl Merged {
    /// Of several columns merged into one nothing is filled: that is a title.
    pub(super) fn new(merged: Vec<Dimensions>) -> Self {
        let is_down = |span: &Dimensions| span.start.1 == span.end.1 && span.start.0 < span.end.0;
        let down = merged.into_iter().filter(is_down);
        Self {
            spans: down.map(|span| (span.start, span.end.0)).collect(),
            held: BTreeMap::new(),
        }
    }

    /// Remembers the text of a cell that others are merged with. A number is not that of each row: it may be their sum. A
    /// date is.
    pub(super) fn see(&mut self, (row, column): (u32, u32), text: &str) {
        let Some(last) = self.spans.get(&(row, column)) else {
            return;
        };
        let is_number = text
            .trim_end_matches(TYPED)
            .bytes()
            .all(|byte| !byte.is_ascii_alphabetic() && byte.is_ascii());
        if !is_number || is_date(text) {
            self.held.insert(column, (*last, text.to_owned()));
        }
    }

    /// What stands in a cell without a value of its own.
    pub(super) fn text(&self, (row, column): (u32, u32)) -> &str {
        match self.held.get(&column) {
            Some((last, text)) if row <= *last => text,
            _ => "",
        }
    }

    /// The columns of a row up to the last one that is merged with the row above.
    pub(super) fn width(&self, row: u32) -> u32 {
        let of_row = self.held.iter().filter(|(_, (last, _))| row <= *last);
        of_row.map(|(column, _)| column + 1).max().unwrap_or(0)
    }
}

/// Whether a text of digits is a date, perhaps with a time of day: three numbers, one of which may be a year. Numbers in
/// groups have three digits in each but the first.
fn is_date(text: &str) -> bool {
    let day = text.split_whitespace().next().unwrap_or("");
    ['.', '-', '/'].iter().any(|mark| {
        let lengths: Vec<usize> = day.split(*mark).map(str::len).collect();
        matches!(lengths[..], [4, 1..=2, 1..=2] | [1..=2, 1..=2, 2 | 4])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_or_date_merged_downwards_is_that_of_each_row_and_a_number_is_not() {
        let down = |column| Dimensions::new((1, column), (3, column));
        let title = Dimensions::new((0, 0), (0, 4));
        let mut merged = Merged::new(vec![title, down(1), down(2), down(3), down(4)]);
        merged.see((0, 0), "Title");
        merged.see((1, 1), "Директ");
        merged.see((1, 2), "30000");
        merged.see((1, 3), "1.234.567");
        merged.see((1, 4), "2026-11-09 00:00:00");
        assert_eq!(merged.text((2, 1)), "Директ");
        assert_eq!(merged.text((3, 1)), "Директ");
        assert_eq!(merged.text((4, 1)), "");
        assert_eq!(merged.text((2, 2)), "");
        assert_eq!(merged.text((2, 3)), "");
        assert_eq!(merged.text((2, 4)), "2026-11-09 00:00:00");
        assert_eq!((merged.width(2), merged.width(4)), (5, 0));
    }
}

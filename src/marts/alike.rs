//! Rows that are alike, by the codes of their columns: texts are read once a kind, not once a row.

use chrono::{Days, NaiveDate};
use hashbrown::HashMap;

/// Days of sessions that are read at once: bounds the memory.
pub(super) const CHUNK_DAYS: u64 = 28;

/// Rows that are equal in some columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    /// The first of them.
    pub row: usize,
    /// How many there are.
    pub rows: u32,
}

/// The kinds of rows by these columns, in the order in which they are met.
pub(super) fn kinds<const N: usize>(columns: [&[u32]; N]) -> Vec<Kind> {
    let rows = columns.iter().map(|column| column.len()).min().unwrap_or(0);
    let mut places: HashMap<[u32; N], u32, foldhash::fast::FixedState> = HashMap::default();
    let mut kinds: Vec<Kind> = Vec::new();
    for row in 0..rows {
        let next = kinds.len() as u32;
        let place = *places
            .entry(columns.map(|column| column[row]))
            .or_insert(next);
        if place == next {
            kinds.push(Kind { row, rows: 0 });
        }
        kinds[place as usize].rows += 1;
    }
    kinds
}

/// A span of days in pieces that fit into memory.
pub(super) fn pieces(
    from: NaiveDate,
    to: NaiveDate,
) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
    let firsts = std::iter::successors(Some(from), |first| Some(*first + Days::new(CHUNK_DAYS)));
    firsts
        .take_while(move |first| *first <= to)
        .map(move |first| (first, (first + Days::new(CHUNK_DAYS - 1)).min(to)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_of_one_kind_when_all_their_columns_are_equal() {
        let kind = |row, rows| Kind { row, rows };
        let found = kinds([&[1, 1, 2, 1], &[5, 6, 5, 5]]);
        assert_eq!(found, [kind(0, 2), kind(1, 1), kind(2, 1)]);
    }

    #[test]
    fn pieces_follow_each_other_and_end_with_the_span() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 1, day).expect("a day");
        let found: Vec<_> = pieces(day(1), day(30)).collect();
        assert_eq!(found, [(day(1), day(28)), (day(29), day(30))]);
        assert_eq!(pieces(day(2), day(1)).count(), 0);
    }
}

//! What the cells of a file come to as a whole: damage that makes the file an error, and rows whose time has not come.

use crate::ingest::latest::Latest;
use crate::model::fault::Fault;

/// Cells of a file that say something of all of it.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Rows with an identifier that a spreadsheet has cut.
    cut: u64,
    /// Identifiers of so many digits that a spreadsheet would have rounded them.
    long_ids: u64,
    /// Those of them that end in zeros.
    round_ids: u64,
    /// What a column is called whose empty cells mean something, and in which there is such a cell; and how many cells of
    /// such columns are filled.
    empty_column: Option<String>,
    filled: u64,
    /// Rows that are rejected because they lie after the reading.
    pub ahead: u64,
    /// When the first of the moments that lie after the reading can be believed, UTC milliseconds.
    pub due: Option<i64>,
}

/// Long identifiers below which nothing is concluded from their zeros: with ten, chance is out of the question.
const FEWEST_LONG_IDS: u64 = 10;

/// What helps against a file that went through a spreadsheet.
const NO_SPREADSHEET: &str =
    "download the export again and do not save it in a spreadsheet; to look at it, open a copy";

impl Tally {
    /// A row is rejected for an identifier that was cut.
    pub(super) fn add_cut(&mut self) {
        self.cut += 1;
    }

    /// A long identifier, which may be one that was rounded.
    pub(super) fn add_long_id(&mut self, is_rounded: bool) {
        self.long_ids += 1;
        self.round_ids += u64::from(is_rounded);
    }

    /// A cell of a column whose empty cells mean something is filled.
    pub(super) fn add_filled(&mut self) {
        self.filled += 1;
    }

    /// A cell of such a column is empty.
    pub(super) fn add_empty(&mut self, column: &str) {
        self.empty_column.get_or_insert_with(|| column.to_owned());
    }

    /// A moment lies after the reading; `is_rejected` says whether its row is rejected for it.
    pub(super) fn add_ahead(&mut self, utc_ms: i64, is_rejected: bool) {
        self.ahead += u64::from(is_rejected);
        let due = Latest::believed_from(utc_ms);
        self.due = Some(self.due.map_or(due, |first| first.min(due)));
    }

    /// Adds what more rows of the file have shown.
    pub(in crate::ingest) fn absorb(&mut self, other: &Self) {
        self.cut += other.cut;
        self.long_ids += other.long_ids;
        self.round_ids += other.round_ids;
        self.filled += other.filled;
        let column = || other.empty_column.clone();
        self.empty_column = self.empty_column.take().or_else(column);
        self.ahead += other.ahead;
        self.due = [self.due, other.due].into_iter().flatten().min();
    }

    /// Why a file of so many rows is of no use as a whole.
    pub(in crate::ingest) fn fault(&self, rows: u64) -> Option<Fault> {
        if self.cut * 2 > rows {
            let message = format!(
                "a spreadsheet has cut the numbers of {} of {rows} rows: their identifiers are gone",
                self.cut
            );
            return Some(Fault::new(message).hint(NO_SPREADSHEET));
        }
        if self.long_ids >= FEWEST_LONG_IDS && self.round_ids * 2 > self.long_ids {
            let message = format!(
                "{} of {} long identifiers end in zeros: a spreadsheet has kept only their first 15 digits",
                self.round_ids, self.long_ids
            );
            return Some(Fault::new(message).hint(NO_SPREADSHEET));
        }
        match &self.empty_column {
            Some(column) if self.filled == 0 => {
                let message = format!("{column}: there is nothing in the whole column");
                let hint = "download the report with its amounts; where nothing was spent, leave the file out";
                Some(Fault::new(message).hint(hint))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_an_error_when_most_of_its_identifiers_are_damaged() {
        let mut tally = Tally::default();
        tally.add_cut();
        assert!(tally.fault(2).is_none());
        assert!(tally.fault(1).is_some());
        let mut tally = Tally::default();
        for at in 0..10 {
            tally.add_long_id(at < 5);
        }
        assert!(tally.fault(10).is_none());
        tally.add_long_id(true);
        assert!(tally.fault(11).is_some());
    }

    #[test]
    fn empty_cells_that_mean_nothing_was_spent_are_not_the_whole_column() {
        let mut tally = Tally::default();
        tally.add_empty("Cost");
        let fault = tally.fault(1).expect("all of it is empty");
        assert_eq!(
            fault.to_string(),
            "Cost: there is nothing in the whole column"
        );
        tally.add_filled();
        assert!(tally.fault(2).is_none());
    }

    #[test]
    fn the_earliest_moment_ahead_is_remembered_and_rejected_rows_are_counted() {
        let mut tally = Tally::default();
        tally.add_ahead(200_000_000, true);
        let mut other = Tally::default();
        other.add_ahead(100_000_000, false);
        tally.absorb(&other);
        assert_eq!(tally.due, Some(Latest::believed_from(100_000_000)));
        assert_eq!(tally.ahead, 1);
    }
}

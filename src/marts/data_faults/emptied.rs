//! Columns that used to be filled and are not any more.

use crate::model::data_fault::{DataFault, Emptied};

/// A column counts as emptied when so many rows were to be expected to have it, …
const LEAST_EXPECTED: f64 = 20.0;
/// … and at most this share of them has. A judgement: a change of a form's fields leaves more, a lost column nothing.
const MOST_LEFT: f64 = 0.1;
/// Telephones join people of all exports, and are asked for by every form: that half of the usual ones are gone is a fault of
/// the export or of a form. Addresses and client ids come and go with forms, consent and blockers.
const PHONES_LEFT: f64 = 0.5;

/// Tags are those of a part of the visitors, so that fewer rows with one are due; but then none is left, …
const LEAST_TAGGED: f64 = 10.0;
/// … and there are so many rows of a usual period at least: a form that fails for the visitors of ads has fewer.
const ROWS_AS_EVER: f64 = 0.7;

/// Rows of a span of days, and how many of them have each column.
pub(super) struct Filled {
    pub(super) rows: u64,
    pub(super) filled: Vec<u64>,
    pub(super) days: u64,
}

impl Filled {
    /// Whether there are about as many rows a day as in the span that says what is usual, or more.
    fn is_as_ever(&self, usual: &Self) -> bool {
        let due = usual.rows as f64 * self.days as f64 / usual.days.max(1) as f64;
        self.rows as f64 >= ROWS_AS_EVER * due
    }
}

/// The share of the usual rows from which on a column counts as emptied.
pub(super) fn left(column: Emptied) -> f64 {
    match column {
        Emptied::Phone => PHONES_LEFT,
        Emptied::Tag => 0.0,
        Emptied::Client
        | Emptied::Goals
        | Emptied::Email
        | Emptied::Line
        | Emptied::Page
        | Emptied::CrmContact
        | Emptied::LeadSource
        | Emptied::Amount => MOST_LEFT,
    }
}

/// The rows with a column that were to be expected, from which it is judged.
fn least_expected(column: Emptied) -> f64 {
    match column {
        Emptied::Tag => LEAST_TAGGED,
        _ => LEAST_EXPECTED,
    }
}

/// The columns of which too few rows are left, in their order.
pub(super) fn emptied(columns: &[Emptied], now: &Filled, usual: &Filled) -> Vec<DataFault> {
    let mut faults = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        let share = usual.filled[at] as f64 / (usual.rows as f64).max(1.0);
        let expected = share * now.rows as f64;
        let rows = now.filled[at];
        let is_lost = *column != Emptied::Tag || now.is_as_ever(usual);
        let is_judged = expected >= least_expected(*column) && is_lost;
        if is_judged && rows as f64 <= left(*column) * expected {
            faults.push(DataFault::Emptied {
                column: *column,
                rows,
                of: now.rows,
                usual_percent: (share * 100.0).round() as u32,
            });
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(rows: u64, filled: u64) -> Filled {
        Filled {
            rows,
            filled: vec![filled],
            days: rows,
        }
    }

    #[test]
    fn a_column_is_emptied_when_many_were_to_be_expected_and_hardly_any_is_there() {
        let told = |now, usual| emptied(&[Emptied::Client], &now, &usual);
        let fault = DataFault::Emptied {
            column: Emptied::Client,
            rows: 0,
            of: 300,
            usual_percent: 95,
        };
        assert_eq!(told(filled(300, 0), filled(2400, 2280)), [fault]);
        // Usually one in twenty, half as many as usual, and too few to tell.
        assert_eq!(told(filled(300, 0), filled(2400, 120)), []);
        assert_eq!(told(filled(300, 140), filled(2400, 2280)), []);
        assert_eq!(told(filled(20, 0), filled(160, 152)), []);
        assert_eq!(told(filled(300, 0), filled(0, 0)), []);
    }

    #[test]
    fn telephones_are_emptied_when_half_of_the_usual_ones_are_gone() {
        let told = |now, usual| emptied(&[Emptied::Phone], &now, &usual);
        let fault = DataFault::Emptied {
            column: Emptied::Phone,
            rows: 16,
            of: 40,
            usual_percent: 100,
        };
        assert_eq!(told(filled(40, 16), filled(320, 320)), [fault]);
        assert_eq!(told(filled(40, 24), filled(320, 320)), []);
        // One form of two has always been without.
        assert_eq!(told(filled(80, 30), filled(640, 320)), []);
    }

    #[test]
    fn tags_are_emptied_when_none_is_left_among_as_many_rows_as_ever() {
        let week = |rows, filled| Filled {
            rows,
            filled: vec![filled],
            days: 7,
        };
        let usual = Filled {
            days: 56,
            ..week(320, 160)
        };
        let told = |now| emptied(&[Emptied::Tag], &now, &usual).len();
        assert_eq!(told(week(34, 0)), 1, "17 of 34 usually have one");
        assert_eq!(told(week(34, 1)), 0, "one is left");
        assert_eq!(told(week(27, 0)), 0, "the form of the ads is broken");
    }
}

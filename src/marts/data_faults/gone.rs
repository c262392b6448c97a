//! Rows of a sort that nearly every week had, and that are not there any more: one line, one form, all calls that nobody answered.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::USUAL_WEEKS;
use crate::model::data_fault::{DataFault, Sort};

const DAYS_A_WEEK: i64 = 7;
/// Weeks before the period that must have rows of the export, and rows of the sort in so many of them, …
const LEAST_WEEKS: usize = 6;
/// … each of them so many, …
const LEAST_A_WEEK: u64 = 3;
/// … for so many to be expected in the period: with weeks as uneven as they are, chance leaves none of twelve once in a thousand.
pub(super) const LEAST_EXPECTED: f64 = 12.0;
/// Rows of the period: an export with hardly any is not whole, which is another fault.
const LEAST_ROWS: u64 = 10;

/// A sort of rows, and which of them.
pub(super) type Named = (Sort, Arc<str>);

/// Rows by week before the period, and in it.
#[derive(Default)]
struct Counted {
    weeks: [u64; USUAL_WEEKS as usize],
    now: u64,
}

impl Counted {
    /// What the period was to have, of as many weeks as the export has rows in; `None` where too
    /// few of them had the sort.
    fn expected(&self, told: &[bool], weeks: f64) -> Option<f64> {
        let of_told = self.weeks.iter().zip(told).filter(|(_, told)| **told);
        let counts: Vec<u64> = of_told.map(|(count, _)| *count).collect();
        let had = counts.iter().filter(|count| **count >= LEAST_A_WEEK);
        let is_usual = had.count() >= LEAST_WEEKS;
        let mean = counts.iter().sum::<u64>() as f64 / counts.len().max(1) as f64;
        is_usual.then_some(mean * weeks)
    }
}

/// The rows of an export by their sorts.
#[derive(Default)]
pub(super) struct Sorts {
    all: Counted,
    sorts: BTreeMap<Named, Counted>,
}

impl Sorts {
    /// Counts a row of so many sorts.
    pub(super) fn count(
        &mut self,
        day: NaiveDate,
        sorts: impl IntoIterator<Item = Named>,
        (from, to): (NaiveDate, NaiveDate),
    ) {
        let back = (from - day).num_days();
        let is_now = (from..=to).contains(&day);
        let week = usize::try_from((back - 1) / DAYS_A_WEEK).ok();
        let week = week.filter(|week| back > 0 && *week < USUAL_WEEKS as usize);
        if !is_now && week.is_none() {
            return;
        }
        let count = |counted: &mut Counted| match week {
            Some(week) => counted.weeks[week] += 1,
            None => counted.now += 1,
        };
        count(&mut self.all);
        for sort in sorts {
            count(self.sorts.entry(sort).or_default());
        }
    }

    /// The sorts of which there is nothing any more, with how many were to come: `least` at the least.
    pub(super) fn gone(&self, (from, to): (NaiveDate, NaiveDate), least: f64) -> Vec<(Named, f64)> {
        let told = self.all.weeks.map(|rows| rows > 0);
        let weeks = ((to - from).num_days() + 1) as f64 / DAYS_A_WEEK as f64;
        if self.all.now < LEAST_ROWS {
            return Vec::new();
        }
        let gone = self.sorts.iter().filter(|(_, counted)| counted.now == 0);
        gone.filter_map(|(named, counted)| {
            let expected = counted.expected(&told, weeks)?;
            (expected >= least).then(|| (named.clone(), expected))
        })
        .collect()
    }
}

/// What is gone, as faults. Where all calls to the firm are, its lines say no more, and where all of the firm are, neither do
/// those that nobody answered.
pub(super) fn faults(gone: Vec<(Named, f64)>) -> Vec<DataFault> {
    let has_lost = |lost| gone.iter().any(|((sort, _), _)| *sort == lost);
    let (has_no_inbound, has_no_outbound) = (has_lost(Sort::Inbound), has_lost(Sort::Outbound));
    let is_told = |sort| match sort {
        Sort::Any | Sort::Inbound | Sort::Outbound | Sort::Form | Sort::Manager | Sort::Channel => {
            true
        }
        Sort::Answered | Sort::Unanswered | Sort::Line => !has_no_inbound,
        Sort::Unreached => !has_no_outbound,
    };
    let told = gone.into_iter().filter(|((sort, _), _)| is_told(*sort));
    told.map(|((sort, name), expected)| DataFault::Gone {
        sort,
        name: name.to_string(),
        expected: expected.round() as u64,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;

    fn monday() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 9).expect("a day")
    }

    fn week() -> (NaiveDate, NaiveDate) {
        (monday(), monday() + Days::new(6))
    }

    /// Rows of two forms, so many a week of each before and of the first alone in the week itself; `weeks` back.
    fn two_forms(a_week: u64, weeks: u64) -> Sorts {
        let mut sorts = Sorts::default();
        for n in 0..a_week {
            for back in 0..=weeks {
                let day = monday() + Days::new(n % 7) - Days::new(7 * back);
                for name in ["call me", "order"] {
                    if back > 0 || name == "call me" {
                        sorts.count(day, [(Sort::Form, Arc::from(name))], week());
                    }
                }
            }
        }
        sorts
    }

    #[test]
    fn a_form_of_each_week_of_which_nothing_came_is_gone() {
        let gone = faults(two_forms(14, 8).gone(week(), LEAST_EXPECTED));
        let fault = DataFault::Gone {
            sort: Sort::Form,
            name: "order".to_owned(),
            expected: 14,
        };
        assert_eq!(gone, [fault]);
    }

    #[test]
    fn few_rows_or_few_weeks_tell_nothing() {
        assert_eq!(two_forms(11, 8).gone(week(), LEAST_EXPECTED), []);
        assert_eq!(two_forms(14, 5).gone(week(), LEAST_EXPECTED), []);
    }

    #[test]
    fn without_calls_to_the_firm_its_lines_are_not_told_of() {
        let named = |sort, name| ((sort, Arc::from(name)), 20.0);
        let gone = vec![
            named(Sort::Inbound, ""),
            named(Sort::Answered, ""),
            named(Sort::Unanswered, ""),
            named(Sort::Unreached, ""),
            named(Sort::Line, "78152200300"),
        ];
        let told = faults(gone);
        assert!(
            matches!(
                told[..],
                [
                    DataFault::Gone {
                        sort: Sort::Inbound,
                        ..
                    },
                    DataFault::Gone {
                        sort: Sort::Unreached,
                        ..
                    }
                ]
            ),
            "{told:?}"
        );
    }
}

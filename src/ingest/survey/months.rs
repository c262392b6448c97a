//! A table by months or weeks whose rows are dated by their first day: as rows of one day they would all fall on that day.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::Seen;
use crate::ingest::cells::{DateOrder, Moment, moment};
use crate::model::fault::Fault;

/// What the days of a column have shown.
#[derive(Debug)]
pub(super) struct Months {
    order: DateOrder,
    firsts: BTreeSet<NaiveDate>,
    /// The first of the first days.
    seen: Option<Seen>,
    has_others: bool,
    /// All days.
    days: BTreeSet<NaiveDate>,
}

/// Weeks that are no chance: a list of single days has four of one weekday alone next to never.
const FEWEST_WEEKS: usize = 4;
/// Months that are no chance: a list of single days has the first of two months alone next to never.
const FEWEST_MONTHS: usize = 2;

impl Months {
    pub(super) fn new(order: DateOrder) -> Self {
        Self {
            order,
            firsts: BTreeSet::new(),
            seen: None,
            has_others: false,
            days: BTreeSet::new(),
        }
    }

    pub(super) fn look(&mut self, line: u32, cell: &[u8]) {
        let Some(Moment::Local(at) | Moment::Instant(at)) = moment(cell, self.order) else {
            return;
        };
        self.days.insert(at.date());
        if at.day() != 1 {
            self.has_others = true;
            return;
        }
        self.firsts.insert(at.date());
        self.seen.get_or_insert_with(|| Seen::new(line, cell));
    }

    /// Refuses a column that has the first days of months alone.
    pub(super) fn decide(&self, file: &str, column: &str) -> Result<(), Fault> {
        let Some(seen) = &self.seen else {
            return Ok(());
        };
        if self.has_others || self.firsts.len() < FEWEST_MONTHS {
            return Ok(());
        }
        let message = format!(
            "{column}: every date is the first of a month, as \"{}\" here: the sum of a month would be taken for that of one day",
            seen.text
        );
        let hint = "export by days; or write a format with `read = \"period_from\"` and `\"period_to\"` and the months as 2026-11";
        Err(Fault::new(message)
            .at(format!("{file}:{}", seen.line))
            .hint(hint))
    }
}

impl Months {
    /// What is said of a column that has one day of each week alone: within a week its sum is right, of a month it may not
    /// be.
    pub(super) fn note(&self, column: &str) -> Option<String> {
        let first = self.days.first()?;
        let is_same = |day: &NaiveDate| day.weekday() == first.weekday();
        let are_weeks = self.days.len() >= FEWEST_WEEKS && self.days.iter().all(is_same);
        are_weeks.then(|| {
            format!(
                "{column}: every date is a {}: where a row is of a whole week, write the week («02.11.2026 - 08.11.2026»), it counts for that one day",
                first.format("%A")
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(cells: &[&str]) -> bool {
        let mut months = Months::new(DateOrder::Dmy);
        for (line, cell) in (2..).zip(cells) {
            months.look(line, cell.as_bytes());
        }
        months.decide("a.csv", "Дата").is_err()
    }

    #[test]
    fn one_day_of_each_week_alone_is_told() {
        let noted = |cells: &[&str]| {
            let mut months = Months::new(DateOrder::Dmy);
            for (line, cell) in (2..).zip(cells) {
                months.look(line, cell.as_bytes());
            }
            months.note("Дата").is_some()
        };
        let mondays = ["19.10.2026", "26.10.2026", "02.11.2026", "09.11.2026"];
        assert!(noted(&mondays));
        assert!(!noted(&mondays[1..]));
        assert!(!noted(&[&mondays[..], &["10.11.2026"]].concat()));
    }

    #[test]
    fn first_days_of_months_alone_are_months() {
        assert!(refused(&["01.09.2026", "01.10.2026", "01.10.2026"]));
        assert!(!refused(&["01.09.2026", "02.09.2026", "01.10.2026"]));
        assert!(!refused(&["01.09.2026", "01.09.2026"]));
    }
}

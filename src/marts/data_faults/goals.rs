//! Goals of the web analytics that another one has replaced: the old one is reached no more, and a new one as often.

use std::collections::BTreeMap;

use anyhow::Result;
use polars::prelude::*;

use super::RowsOfDays;
use crate::model::data_fault::DataFault;

/// Visits with a goal that were to come, for the lack of them to be told, …
const LEAST_EXPECTED: f64 = 12.0;
/// … and how many of them a new goal has, as a share.
const AS_MANY: std::ops::RangeInclusive<f64> = 0.5..=2.0;

/// Visits by the goals that they reached.
type Reached = BTreeMap<String, u64>;

impl RowsOfDays<'_> {
    /// Goals that another one has replaced since the days of `usual`.
    pub(super) fn replaced_goals(&self, usual: &Self) -> Result<Option<DataFault>> {
        let now = self.reached()?;
        if now.is_empty() {
            return Ok(None);
        }
        let share = self.days() as f64 / usual.days() as f64;
        Ok(replaced(&now, &usual.reached()?, share))
    }

    fn reached(&self) -> Result<Reached> {
        let Some(rows) = self.rows()? else {
            return Ok(Reached::new());
        };
        let goals = col("goals").cast(DataType::String);
        let lists = rows.filter(col("goals").is_not_null());
        let lists = lists.group_by([goals]).agg([len().alias("rows")]);
        let lists = lists.collect()?;
        let counts = lists.column("rows")?.cast(&DataType::UInt64)?;
        let counts = counts.u64()?.iter().flatten();
        let mut reached = Reached::new();
        for (list, rows) in lists.column("goals")?.str()?.iter().zip(counts) {
            for goal in list
                .unwrap_or_default()
                .split(',')
                .filter(|goal| !goal.is_empty())
            {
                *reached.entry(goal.to_owned()).or_default() += rows;
            }
        }
        Ok(reached)
    }
}

/// Goals that are reached no more although each has new ones of about its number. Which is which of several nobody can tell.
/// `share` is the length of the period in that of the days before.
fn replaced(now: &Reached, usual: &Reached, share: f64) -> Option<DataFault> {
    let is_new = |(goal, _): &(&String, &u64)| !usual.contains_key(*goal);
    let new: Reached = now
        .iter()
        .filter(is_new)
        .map(|(goal, rows)| (goal.clone(), *rows))
        .collect();
    let fits = |rows: u64, expected: f64| AS_MANY.contains(&(rows as f64 / expected));
    let gone = usual.iter().filter(|(goal, _)| !now.contains_key(*goal));
    let due = gone.map(|(goal, rows)| (goal.clone(), *rows as f64 * share));
    let old: Vec<(String, f64)> = due
        .filter(|(_, due)| *due >= LEAST_EXPECTED && new.values().any(|rows| fits(*rows, *due)))
        .collect();
    let is_of_old = |(_, rows): &(&String, &u64)| old.iter().any(|(_, due)| fits(**rows, *due));
    let new: Vec<(&String, &u64)> = new.iter().filter(is_of_old).collect();
    (!old.is_empty()).then(|| DataFault::GoalsReplaced {
        expected: old.iter().map(|(_, due)| due).sum::<f64>().round() as u64,
        rows: new.iter().map(|(_, rows)| **rows).sum(),
        new: new.into_iter().map(|(goal, _)| goal.clone()).collect(),
        old: old.into_iter().map(|(goal, _)| goal).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached(goals: &[(&str, u64)]) -> Reached {
        let named = goals.iter().map(|(goal, rows)| ((*goal).to_owned(), *rows));
        named.collect()
    }

    fn names(goals: &[&str]) -> Vec<String> {
        goals.iter().map(|goal| (*goal).to_owned()).collect()
    }

    #[test]
    fn goals_under_new_ids_are_told_with_both() {
        let usual = reached(&[("301", 800), ("302", 280), ("9", 40)]);
        let now = reached(&[("401", 95), ("402", 34), ("500", 3), ("9", 6)]);
        let fault = DataFault::GoalsReplaced {
            old: names(&["301", "302"]),
            new: names(&["401", "402"]),
            rows: 129,
            expected: 135,
        };
        assert_eq!(replaced(&now, &usual, 0.125), Some(fault));
    }

    #[test]
    fn a_goal_that_is_reached_no_more_and_one_that_is_only_new_are_not() {
        let usual = reached(&[("301", 800), ("302", 280)]);
        let told = |now: &[(&str, u64)]| replaced(&reached(now), &usual, 0.125);
        assert_eq!(told(&[("301", 90)]), None, "the form is broken");
        assert_eq!(told(&[("301", 90), ("302", 30), ("401", 30)]), None);
        assert_eq!(told(&[("301", 90), ("401", 8)]), None, "far fewer");
    }
}

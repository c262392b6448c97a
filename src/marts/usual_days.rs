//! What an export usually has on a day: by the same weekday of the weeks before the period.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::model::period::Period;

/// Rows of one export by day.
pub(super) type DayRows = BTreeMap<NaiveDate, u32>;

/// Weeks before the period that tell on which weekdays a source usually has rows.
const LOOK_BACK_WEEKS: u64 = 4;

/// In so many of these weeks a weekday must have had rows to be a usual one: one week may have been a holiday or a gap.
const USUAL_WEEKS: usize = 3;

/// Days of a week.
pub(super) const DAYS_A_WEEK: u64 = 7;

/// Rows that a day has by the mean of the same weekday in the weeks before the period.
pub(super) fn usual_rows(days: &DayRows, period: &Period, day: NaiveDate) -> f64 {
    let rows = same_weekdays(period, day).filter_map(|before| days.get(&before));
    rows.map(|rows| f64::from(*rows)).sum::<f64>() / LOOK_BACK_WEEKS as f64
}

/// Rows that a day was to have: its usual ones, at the level of the period's other days. A weekday that was busy in each of four
/// weeks may have been so by chance, and a quiet week is quiet on all of its days.
pub(super) fn expected_rows(days: &DayRows, period: &Period, day: NaiveDate) -> f64 {
    let others = days.range(period.from..=period.to);
    let others = others.filter(|(other, _)| **other != day);
    let (mut rows, mut usual) = (0.0, 0.0);
    for (other, found) in others {
        rows += f64::from(*found);
        usual += usual_rows(days, period, *other);
    }
    let level = if usual > 0.0 { rows / usual } else { 1.0 };
    usual_rows(days, period, day) * level.min(1.0)
}

/// The same weekday in each of the weeks before the period.
fn same_weekdays(period: &Period, day: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let weeks_into_period = (day - period.from).num_days().unsigned_abs() / DAYS_A_WEEK;
    let weeks = (1..=LOOK_BACK_WEEKS).map(move |back| back + weeks_into_period);
    weeks.map(move |weeks| day - Days::new(DAYS_A_WEEK * weeks))
}

/// Whether the same weekday had so many rows in most of the weeks before the period. Weeks of the period itself do not
/// tell: in a month the gap may be in each of them.
pub(super) fn is_usual(days: &DayRows, period: &Period, day: NaiveDate, rows: u32) -> bool {
    let has_so_many = |before: &NaiveDate| days.get(before).is_some_and(|found| *found >= rows);
    same_weekdays(period, day).filter(has_so_many).count() >= USUAL_WEEKS
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four weeks with so many rows on each day and one with so many, but for its Thursday.
    fn thursday(usual: u32, now: u32) -> f64 {
        let monday = NaiveDate::from_ymd_opt(2026, 11, 9).expect("a day");
        let period = Period::week_of(monday);
        let before = (1..=28).map(|back| (monday - Days::new(back), usual));
        let week = [0, 1, 2, 4, 5, 6].map(|later| (monday + Days::new(later), now));
        let days = before.chain(week).collect();
        expected_rows(&days, &period, monday + Days::new(3))
    }

    #[test]
    fn a_day_of_a_quiet_week_was_to_have_less_and_of_a_busy_one_no_more() {
        assert!((thursday(12, 8) - 8.0).abs() < 1e-9);
        assert!((thursday(12, 20) - 12.0).abs() < 1e-9);
    }
}

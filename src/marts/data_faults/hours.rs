//! The hours of the day that rows lie at: a clock that was set to another zone moves all of them.

use chrono::{DateTime, Timelike, Utc};

use crate::model::data_fault::DataFault;

const HOURS_A_DAY: usize = 24;
/// Rows from which the hours of a period are judged, …
const LEAST_ROWS: f64 = 30.0;
/// … against so many of the periods before.
const LEAST_USUAL: f64 = 200.0;
/// An hour is what summer time moves, and people move by themselves; zones that are mistaken for each other lie farther apart.
const LEAST_HOURS: i32 = 2;
/// How much better the hours must fit when they are moved, nats in all and for each row: a week without mornings gains twenty.
const BETTER: f64 = 30.0;
const BETTER_FOR_A_ROW: f64 = 0.1;
/// Rows that would have to lie at other hours, at the most, for the moved day to be a usual one: a heap at one hour is none.
const ELSEWHERE: f64 = 0.4;
/// Lent to each hour of the usual day, so that none is impossible.
const LENT_TO_EACH_HOUR: f64 = 1.0;

/// Rows by the hour of the day in UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Hours([f64; HOURS_A_DAY]);

impl Hours {
    /// Counts a row.
    pub(super) fn add(&mut self, at: DateTime<Utc>) {
        self.0[at.hour() as usize] += 1.0;
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> f64 {
        self.0.iter().sum()
    }

    /// Share of the rows that lie at other hours than the usual ones so many later.
    fn elsewhere(&self, usual: &Self, later: i32) -> f64 {
        let share = |of: &Self, hour: i32| {
            of.0[hour.rem_euclid(HOURS_A_DAY as i32) as usize] / of.rows().max(1.0)
        };
        let hours = 0..HOURS_A_DAY as i32;
        let off = hours.map(|hour| (share(self, hour) - share(usual, hour - later)).abs());
        off.sum::<f64>() / 2.0
    }

    /// Log-likelihood of these hours, when they were the usual ones and so many later.
    fn fit(&self, usual: &Self, later: i32) -> f64 {
        let all = usual.rows() + LENT_TO_EACH_HOUR * HOURS_A_DAY as f64;
        let share = |hour: usize| {
            let from = (hour as i32 - later).rem_euclid(HOURS_A_DAY as i32) as usize;
            (usual.0[from] + LENT_TO_EACH_HOUR) / all
        };
        let rows = self.0.iter().enumerate();
        rows.map(|(hour, rows)| rows * share(hour).ln()).sum()
    }
}

/// The hours by which the rows of a period lie beside the usual ones, where they fit far better moved than as they are.
pub(super) fn shifted(now: &Hours, usual: &Hours) -> Option<DataFault> {
    if now.rows() < LEAST_ROWS || usual.rows() < LEAST_USUAL {
        return None;
    }
    let as_they_are = now.fit(usual, 0);
    let half = HOURS_A_DAY as i32 / 2;
    let moved = (1 - half..=half).map(|later| (later, now.fit(usual, later)));
    let (hours, best) = moved.max_by(|a, b| a.1.total_cmp(&b.1))?;
    let is_better = best - as_they_are >= BETTER.max(BETTER_FOR_A_ROW * now.rows());
    let is_usual_day = now.elsewhere(usual, hours) <= ELSEWHERE;
    let is_told = hours.abs() >= LEAST_HOURS && is_better && is_usual_day;
    is_told.then_some(DataFault::Shifted { hours })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of a working day that begins at this hour, so many at its fullest.
    fn day(begins: usize, fullest: f64) -> Hours {
        let mut hours = Hours::default();
        for (hour, share) in [0.4, 0.8, 1.0, 1.0, 0.7, 0.9, 0.9, 0.6, 0.3]
            .iter()
            .enumerate()
        {
            hours.0[(begins + hour) % HOURS_A_DAY] = share * fullest;
        }
        hours
    }

    #[test]
    fn a_day_that_begins_three_hours_later_is_told() {
        let told = shifted(&day(9, 20.0), &day(6, 100.0));
        assert_eq!(told, Some(DataFault::Shifted { hours: 3 }));
        let told = shifted(&day(22, 20.0), &day(1, 100.0));
        assert_eq!(told, Some(DataFault::Shifted { hours: -3 }));
    }

    #[test]
    fn an_hour_is_summer_time_and_few_rows_tell_nothing() {
        assert_eq!(shifted(&day(7, 20.0), &day(6, 100.0)), None);
        assert_eq!(shifted(&day(6, 20.0), &day(6, 100.0)), None);
        assert_eq!(shifted(&day(9, 4.0), &day(6, 100.0)), None);
        assert_eq!(shifted(&day(9, 20.0), &day(6, 20.0)), None);
    }

    #[test]
    fn a_heap_of_rows_at_one_hour_is_no_shift() {
        let mut heap = day(6, 5.0);
        heap.0[3] += 60.0;
        assert_eq!(shifted(&heap, &day(6, 100.0)), None);
    }

    #[test]
    fn a_morning_without_rows_is_no_shift() {
        let mut afternoon = day(6, 30.0);
        afternoon.0[6..10].fill(0.0);
        assert_eq!(shifted(&afternoon, &day(6, 100.0)), None);
    }
}

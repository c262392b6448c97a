//! Hours in the middle of a period without a row, where many were to come.

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};

use crate::model::data_fault::DataFault;

const HOURS_A_WEEK: usize = 168;
/// Visits that were to come in a silence that is told, and calls. A judgement: by chance alone ten would do, but weeks differ.
pub(super) const LEAST_VISITS: f64 = 30.0;
pub(super) const LEAST_CALLS: f64 = 15.0;
/// Shorter ones are an evening of maintenance.
const LEAST_HOURS: i64 = 4;

/// Rows by the hour of the week in UTC.
#[derive(Debug, Clone)]
pub(super) struct WeekHours([f64; HOURS_A_WEEK]);

impl Default for WeekHours {
    fn default() -> Self {
        Self([0.0; HOURS_A_WEEK])
    }
}

fn place(at: DateTime<Utc>) -> usize {
    (at.weekday().num_days_from_monday() * 24 + at.hour()) as usize
}

impl WeekHours {
    /// Counts a row.
    pub(super) fn add(&mut self, at: DateTime<Utc>) {
        self.0[place(at)] += 1.0;
    }

    fn rows(&self) -> f64 {
        self.0.iter().sum()
    }

    /// Rows of the hours of the clock that lie between two times as a whole.
    fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
        let begun = TimeDelta::seconds(from.timestamp().rem_euclid(3600));
        let hours = (1..).map(|hour| from - begun + TimeDelta::hours(hour));
        let whole = hours.take_while(|hour| *hour + TimeDelta::hours(1) <= to);
        whole.map(|hour| self.0[place(hour)]).sum()
    }
}

/// The silences of a period, each between the row before it and the one after.
#[derive(Debug, Default)]
pub(super) struct Silences {
    rows: u64,
    last: Option<DateTime<Utc>>,
    wide: Vec<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Silences {
    /// Adds rows that come behind those that were added before, in the order of their times.
    pub(super) fn add(&mut self, times: impl IntoIterator<Item = DateTime<Utc>>) {
        for at in times {
            let before = self.last.replace(at);
            let wide = before.filter(|before| at - *before >= TimeDelta::hours(LEAST_HOURS));
            self.wide.extend(wide.map(|before| (before, at)));
            self.rows += 1;
        }
    }

    /// The same without those that touch a day of this kind.
    pub(super) fn without(mut self, is_left_out: impl Fn(DateTime<Utc>) -> bool) -> Self {
        let touches = |from: DateTime<Utc>, to: DateTime<Utc>| {
            let hours = (0..).map(|hour| from + TimeDelta::hours(hour));
            let mut hours = hours.take_while(|hour| *hour < to).chain([to]);
            hours.any(&is_left_out)
        };
        self.wide.retain(|(from, to)| !touches(*from, *to));
        self
    }

    /// The silence in which most rows were to come, by the usual rows of so many weeks; `least` of them at the least.
    pub(super) fn longest(
        &self,
        (usual, weeks): (&WeekHours, f64),
        least: f64,
    ) -> Option<DataFault> {
        let weeks = weeks.max(1.0);
        let of_gap =
            |(from, to): &(DateTime<Utc>, DateTime<Utc>)| usual.between(*from, *to) / weeks;
        let gaps = self.wide.iter().map(|gap| (*gap, of_gap(gap)));
        let ((from, to), of_gap) = gaps.max_by(|a, b| a.1.total_cmp(&b.1))?;
        // At the period's own level, by its other hours: a quiet week has quiet hours.
        let others = (usual.rows() / weeks - of_gap).max(1.0);
        let expected = of_gap * (self.rows as f64 / others).min(1.0);
        (expected >= least).then_some(DataFault::Silent {
            from,
            to,
            expected: expected.round() as u64,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
    }

    /// Eight weeks with so many visits in each hour from 8 to 20.
    fn usual(an_hour: f64) -> WeekHours {
        let mut usual = WeekHours::default();
        for hour in (0..168).filter(|hour| (8..20).contains(&(hour % 24))) {
            usual.0[place(at(hour))] = 8.0 * an_hour;
        }
        usual
    }

    /// Visits of a week, so many an hour, but for the hours that are left out.
    fn week(an_hour: i64, without: std::ops::Range<i64>) -> Vec<DateTime<Utc>> {
        let hours = (0..168).filter(|hour| (8..20).contains(&(hour % 24)));
        let hours = hours.filter(|hour| !without.contains(hour));
        let visits = |hour| (0..an_hour).map(move |n| at(hour) + TimeDelta::minutes(n));
        hours.flat_map(visits).collect()
    }

    fn silent(times: &[DateTime<Utc>], usual: &WeekHours) -> Option<DataFault> {
        let mut silences = Silences::default();
        silences.add(times.iter().copied());
        silences.longest((usual, 8.0), LEAST_VISITS)
    }

    #[test]
    fn an_afternoon_without_a_visit_is_told() {
        let told = silent(&week(10, 60..68), &usual(10.0));
        // From the last visit at 11:09 until 8:00 the next day: eight hours with ten visits each.
        let fault = DataFault::Silent {
            from: at(59) + TimeDelta::minutes(9),
            to: at(80),
            expected: 80,
        };
        assert_eq!(told, Some(fault));
    }

    #[test]
    fn a_night_that_ends_after_the_first_hour_began_is_none() {
        let mut visits = week(10, 32..33);
        // A visitor at four in the morning: from then on nothing until some minutes of the fullest hour are gone.
        visits.extend([at(28), at(32) + TimeDelta::minutes(5)]);
        visits.sort_unstable();
        let mut usual = usual(10.0);
        usual.0[place(at(32))] = 8.0 * 100.0;
        assert_eq!(silent(&visits, &usual), None);
    }

    #[test]
    fn nights_and_small_sites_and_short_breaks_are_not() {
        assert_eq!(silent(&week(10, 0..0), &usual(10.0)), None);
        assert_eq!(silent(&week(3, 60..68), &usual(3.0)), None);
        assert_eq!(silent(&week(20, 60..62), &usual(20.0)), None);
    }
}

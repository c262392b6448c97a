//! Hours without a row, in the middle of a period or at its end, where many were to come.

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};

use crate::model::data_fault::DataFault;

const HOURS_A_WEEK: usize = 168;
/// Visits that were to come in a silence that is told, and calls. A judgement: by chance alone ten would do, but weeks differ.
pub(super) const LEAST_VISITS: f64 = 30.0;
pub(super) const LEAST_CALLS: f64 = 15.0;
/// Shorter ones are an evening of maintenance.
const LEAST_HOURS: i64 = 4;
/// Rows that are missing behind the last one, from so many on: chance leaves none of twenty once in `e²⁰`.
const LEAST_MISSING: f64 = 20.0;

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
        whole_hours(from, to).map(|hour| self.0[place(hour)]).sum()
    }
}

/// The hours of the clock that lie between two times as a whole.
fn whole_hours(from: DateTime<Utc>, to: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
    let begun = TimeDelta::seconds(from.timestamp().rem_euclid(3600));
    let hours = (1..).map(move |hour| from - begun + TimeDelta::hours(hour));
    hours.take_while(move |hour| *hour + TimeDelta::hours(1) <= to)
}

/// Whether the rows of a period end too early: behind the last one many were to come until its end, by the usual hours of the
/// week of so many weeks and at the period's own level. Hours that are left out bring nobody knows how many.
pub(super) fn cut_off(
    (rows, last): (f64, DateTime<Utc>),
    (start, end): (DateTime<Utc>, DateTime<Utc>),
    (usual, weeks): (&WeekHours, f64),
    is_left_out: impl Fn(DateTime<Utc>) -> bool,
) -> Option<DataFault> {
    let weeks = weeks.max(1.0);
    let behind = whole_hours(last, end).filter(|hour| !is_left_out(*hour));
    let missing: f64 = behind.map(|hour| usual.0[place(hour)]).sum();
    let level = rows / (usual.between(start, last) / weeks).max(1.0);
    let expected = missing / weeks * level.min(1.0);
    (expected >= LEAST_MISSING).then_some(DataFault::CutOff {
        last,
        expected: expected.round() as u64,
    })
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
    fn rows_that_end_at_noon_are_cut_off_where_many_were_to_come() {
        let usual = usual(10.0);
        // Sunday at noon, of a week with as many visits as usual: seven more hours with ten each.
        let told = |rows, last| {
            let left_out = |_| false;
            cut_off((rows, last), (at(0), at(168)), (&usual, 8.0), left_out)
        };
        let noon = at(156) + TimeDelta::minutes(30);
        let fault = DataFault::CutOff {
            last: noon,
            expected: 70,
        };
        assert_eq!(told(760.0, noon), Some(fault));
        assert_eq!(told(760.0, at(163)), None);
        // A week with a fifth of the usual visits.
        assert_eq!(told(150.0, noon), None);
    }

    #[test]
    fn a_site_that_rests_on_weekends_and_holidays_is_not_cut_off() {
        let mut usual = usual(10.0);
        for hour in 120..168 {
            usual.0[place(at(hour))] = 0.0;
        }
        let friday = at(115) + TimeDelta::minutes(50);
        let week = (at(0), at(168));
        assert_eq!(
            cut_off((600.0, friday), week, (&usual, 8.0), |_| false),
            None
        );
        // Friday was a holiday.
        let thursday = at(91) + TimeDelta::minutes(50);
        let is_friday = |hour| hour >= at(96) && hour < at(120);
        assert_eq!(
            cut_off((480.0, thursday), week, (&usual, 8.0), is_friday),
            None
        );
    }

    #[test]
    fn nights_and_small_sites_and_short_breaks_are_not() {
        assert_eq!(silent(&week(10, 0..0), &usual(10.0)), None);
        assert_eq!(silent(&week(3, 60..68), &usual(3.0)), None);
        assert_eq!(silent(&week(20, 60..62), &usual(20.0)), None);
    }
}

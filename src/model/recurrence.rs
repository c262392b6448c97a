//! When something comes again: a rule over local days, and a time on the wall clock.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Utc, Weekday};
use croner::Cron;

use super::calendar::Calendar;

/// A rule that says on which days something is due, and when on the wall clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurrence(Rule);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Rule {
    Days { on: DayRule, at: NaiveTime },
    Cron(Box<Cron>),
}

/// On which days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayRule {
    /// Each week on this day.
    Weekday(Weekday),
    /// On a day of each month.
    OfMonth(MonthDay),
    /// On a day of the first month of each quarter.
    OfQuarter(MonthDay),
}

/// A day of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthDay {
    /// By its number; the last of a month that has fewer.
    Day(u32),
    /// The n-th day on which offices work; the last of a month that has fewer.
    Working(u32),
    /// The last day.
    Last,
}

/// A rule that no day fits is looked for so far: a quarter is the longest of ours, and a cron rule may name 29 February.
const LONGEST_WAIT_DAYS: u64 = 8 * 366;

impl Recurrence {
    /// A rule of days.
    pub fn on(on: DayRule, at: NaiveTime) -> Self {
        Self(Rule::Days { on, at })
    }

    /// A cron expression of five fields.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn cron(written: &str) -> Result<Self, String> {
        let cron: Cron = written.parse().map_err(|error| format!("{error}"))?;
        Ok(Self(Rule::Cron(Box::new(cron))))
    }

    /// Whether its days are in any year: the 31st of February is not.
    pub fn ever_comes(&self) -> bool {
        match &self.0 {
            Rule::Days { .. } => true,
            Rule::Cron(cron) => cron
                .find_next_occurrence(&DateTime::UNIX_EPOCH, false)
                .is_ok(),
        }
    }

    /// The first time after `after` on the wall clock; `None` when there is none in the next eight years.
    pub fn next_after(&self, after: NaiveDateTime, calendar: &Calendar) -> Option<NaiveDateTime> {
        match &self.0 {
            Rule::Days { on, at } => {
                let days = after.date().iter_days().take(LONGEST_WAIT_DAYS as usize);
                let times = days.filter(|day| on.fits(*day, calendar));
                times
                    .map(|day| day.and_time(*at))
                    .find(|time| *time > after)
            }
            // The wall clock is read as one without shifts, so that each time of it comes once, whatever summer time does.
            Rule::Cron(cron) => {
                let found: DateTime<Utc> =
                    cron.find_next_occurrence(&after.and_utc(), false).ok()?;
                let wait = Days::new(LONGEST_WAIT_DAYS);
                Some(found.naive_utc()).filter(|found| *found <= after + wait)
            }
        }
    }
}

impl DayRule {
    fn fits(self, day: NaiveDate, calendar: &Calendar) -> bool {
        match self {
            Self::Weekday(weekday) => day.weekday() == weekday,
            Self::OfMonth(which) => which.of(day, calendar) == Some(day),
            Self::OfQuarter(which) => {
                day.month0().is_multiple_of(3) && which.of(day, calendar) == Some(day)
            }
        }
    }
}

impl MonthDay {
    /// The day of the month that holds `within`.
    fn of(self, within: NaiveDate, calendar: &Calendar) -> Option<NaiveDate> {
        let first = within.with_day(1)?;
        let is_inside = |day: &NaiveDate| day.month() == first.month();
        let mut days = first.iter_days().take_while(is_inside);
        match self {
            Self::Day(number) => days.take(number as usize).last(),
            Self::Working(number) => {
                let worked = days.filter(|day| calendar.kind(*day).is_worked());
                worked.take(number as usize).last()
            }
            Self::Last => days.by_ref().last(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(rule: &Recurrence, from: &str, times: usize) -> Vec<String> {
        let calendar = Calendar::shipped("ru").expect("it is shipped");
        let mut at: NaiveDateTime = from.parse().expect("a time");
        let mut found = Vec::new();
        for _ in 0..times {
            at = rule
                .next_after(at, &calendar)
                .expect("there is a next time");
            found.push(at.format("%Y-%m-%d %H:%M").to_string());
        }
        found
    }

    fn eight() -> NaiveTime {
        NaiveTime::from_hms_opt(8, 0, 0).expect("a time")
    }

    #[test]
    fn a_weekly_rule_comes_once_a_week_and_not_at_its_own_moment_again() {
        let rule = Recurrence::on(DayRule::Weekday(Weekday::Mon), eight());
        let found = after(&rule, "2026-11-16T07:59:59", 2);
        assert_eq!(found, ["2026-11-16 08:00", "2026-11-23 08:00"]);
        assert_eq!(after(&rule, "2026-11-16T08:00:00", 1), ["2026-11-23 08:00"]);
    }

    #[test]
    fn working_days_of_a_month_are_counted_by_the_production_calendar() {
        let first = Recurrence::on(DayRule::OfMonth(MonthDay::Working(1)), eight());
        // 1 to 8 January are days off, 9 January 2027 is a Saturday.
        let found = after(&first, "2026-12-15T00:00:00", 3);
        assert_eq!(
            found,
            ["2027-01-11 08:00", "2027-02-01 08:00", "2027-03-01 08:00"]
        );
    }

    #[test]
    fn a_day_that_a_month_lacks_is_its_last() {
        let rule = Recurrence::on(DayRule::OfMonth(MonthDay::Day(31)), eight());
        let found = after(&rule, "2027-01-31T12:00:00", 3);
        assert_eq!(
            found,
            ["2027-02-28 08:00", "2027-03-31 08:00", "2027-04-30 08:00"]
        );
        let last = Recurrence::on(DayRule::OfQuarter(MonthDay::Last), eight());
        assert_eq!(
            after(&last, "2026-11-01T00:00:00", 2),
            ["2027-01-31 08:00", "2027-04-30 08:00"]
        );
    }

    #[test]
    fn a_cron_rule_comes_at_each_time_of_the_wall_clock_once() {
        let rule = Recurrence::cron("30 2 * * 0").expect("a rule");
        // On 25 October 2026 the clocks of most of Europe show 02:30 twice, on 28 March 2027 not at all.
        let found = after(&rule, "2026-10-24T00:00:00", 2);
        assert_eq!(found, ["2026-10-25 02:30", "2026-11-01 02:30"]);
        assert_eq!(after(&rule, "2027-03-27T00:00:00", 1), ["2027-03-28 02:30"]);
        assert!(Recurrence::cron("61 2 * * 0").is_err() && Recurrence::cron("x").is_err());
    }
}

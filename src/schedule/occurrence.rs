//! Due times of a schedule, in the zone of its wall clock and by the production calendar.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Utc};

use crate::config::rules::HolidayRule;
use crate::config::{Due, SchedulePlan};
use crate::model::calendar::Calendar;
use crate::model::period::{Period, PeriodKind};
use crate::model::zone;

/// One due time: the digest of one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The period that the digest is of.
    pub period: Period,
    /// When it is due.
    pub due_at: DateTime<Utc>,
}

/// A holiday moves a due time by less than this: the longest run of days off that any calendar has is that of New Year.
const LONGEST_MOVE: Days = Days::new(21);

/// What is due after `after`, up to and with `until`, by its time. A period is owed once: of several times with one period the
/// first counts.
pub fn between(
    schedule: &SchedulePlan,
    calendar: &Calendar,
    after: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Vec<Occurrence> {
    let mut found: Vec<Occurrence> = schedule
        .due
        .iter()
        .flat_map(|rule| of_rule(rule, schedule, calendar, after, until))
        .collect();
    found.sort_by(|one, other| (one.due_at, &one.period).cmp(&(other.due_at, &other.period)));
    let mut owed = BTreeSet::new();
    found.retain(|occurrence| owed.insert(occurrence.period.label.clone()));
    found
}

fn of_rule(
    rule: &Due,
    schedule: &SchedulePlan,
    calendar: &Calendar,
    after: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Vec<Occurrence> {
    let local = |instant: DateTime<Utc>| instant.with_timezone(&schedule.zone).naive_local();
    // A time before may have moved into the span; one day more at the end, for the clock may show an hour twice there.
    let (from, to) = (local(after) - LONGEST_MOVE, local(until) + Days::new(1));
    let next = |time: &NaiveDateTime| rule.at.next_after(*time, calendar);
    let times = std::iter::successors(next(&from), next).take_while(|time| *time <= to);
    times
        .filter_map(|time| Some((time, moved(time.date(), schedule.holidays, calendar)?)))
        .flat_map(|(time, day)| {
            // Of the day that the rule names: a move over a weekend changes no week.
            let periods = periods_before(rule.kind, time.date()).into_iter();
            let due_at = zone::to_utc(day.and_time(time.time()), schedule.zone);
            periods.map(move |period| Occurrence { period, due_at })
        })
        .filter(|occurrence| occurrence.due_at > after && occurrence.due_at <= until)
        .collect()
}

/// The last whole period before a day; a week that is cut at the end of a month gives two, the days of a month up to the day
/// before are one of their own.
fn periods_before(kind: PeriodKind, day: NaiveDate) -> Vec<Period> {
    let current = match kind {
        PeriodKind::Month => Period::month_of(day),
        PeriodKind::Quarter => Period::quarter_of(day),
        PeriodKind::Year => Period::year_of(day),
        PeriodKind::Day => return vec![Period::day(day - Days::new(1))],
        PeriodKind::MonthToDate => return vec![Period::month_to(day - Days::new(1))],
        PeriodKind::CutWeek => return Period::week_of(day).previous().cut_at_month_end(),
        PeriodKind::Week | PeriodKind::Range => Period::week_of(day),
    };
    vec![current.previous()]
}

/// The day on which something of this day is done; `None` when it falls out.
fn moved(day: NaiveDate, rule: HolidayRule, calendar: &Calendar) -> Option<NaiveDate> {
    let is_holiday = calendar.kind(day).is_holiday();
    match rule {
        HolidayRule::Skip => (!is_holiday).then_some(day),
        HolidayRule::Move if is_holiday => {
            let mut later = day.iter_days().skip(1);
            later.find(|day| calendar.kind(*day).is_worked())
        }
        HolidayRule::Keep | HolidayRule::Move => Some(day),
    }
}

#[cfg(test)]
#[path = "occurrence_tests.rs"]
mod tests;

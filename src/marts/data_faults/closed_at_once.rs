//! Sales that were nearly all closed in one hour or on one day: a robot, or somebody who cleaned up, has set the day of closing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, Timelike};

use super::USUAL_WEEKS;
use crate::marts::stored::Stored;
use crate::marts::usual_days::DAYS_A_WEEK;
use crate::model::data_fault::DataFault;
use crate::model::period::Period;

/// How heaped sales must be for it to be told, and how heaped they are at most in weeks before. Judgements.
struct Heap {
    /// Sales of one moment, at the least, …
    least: u64,
    /// … and as a share of all.
    share: f64,
    /// The largest share of a week before: some firms close their deals on Fridays.
    usual: f64,
}

const OF_AN_HOUR: Heap = Heap {
    least: 8,
    share: 0.5,
    usual: 0.25,
};
const OF_A_DAY: Heap = Heap {
    least: 10,
    share: 0.8,
    usual: 0.5,
};
/// Sales of a week before that make it one to learn from, and such weeks, at the least.
const LEAST_OF_WEEK: u64 = 5;
const LEAST_WEEKS: usize = 4;
/// A period of fewer days has no heap.
const LEAST_DAYS: i64 = 5;

/// When a sale was closed: the day, and its minute.
type Closing = (NaiveDate, u32);
/// A day, and an hour of it where closings have hours.
type Moment = (NaiveDate, Option<u32>);

/// Sales of an export that were closed at once in a period.
pub(in crate::marts) fn closed_at_once(
    stored: &Stored<'_>,
    export: &str,
    period: &Period,
) -> Option<DataFault> {
    let deals = stored.tables.deals.iter().flatten();
    let own = deals.filter(|deal| *deal.export == *export && !deal.spam);
    let closed = own.filter_map(|deal| {
        let at = deal.won_at()?.with_timezone(&stored.plan.zone);
        Some((at.date_naive(), at.hour() * 60 + at.minute()))
    });
    told(&closed.collect::<Vec<_>>(), (period.from, period.to))
}

fn told(closed: &[Closing], (from, to): (NaiveDate, NaiveDate)) -> Option<DataFault> {
    let is_now = |(day, _): &&Closing| (from..=to).contains(day);
    let now: Vec<Closing> = closed.iter().filter(is_now).copied().collect();
    let has_days = (to - from).num_days() + 1 >= LEAST_DAYS;
    let has_hours = has_hours(closed);
    let moment = |(day, minute): &Closing| (*day, has_hours.then_some(minute / 60));
    let heap = if has_hours { OF_AN_HOUR } else { OF_A_DAY };
    let (rows, (day, hour)) = fullest(now.iter().map(moment))?;
    let of = now.len() as u64;
    let is_heap = rows >= heap.least && rows as f64 >= heap.share * of as f64;
    if !has_days || !is_heap {
        return None;
    }
    let mut weeks: BTreeMap<i64, Vec<Moment>> = BTreeMap::new();
    for closing in closed.iter().filter(|(day, _)| *day < from) {
        let week = ((from - closing.0).num_days() - 1) / DAYS_A_WEEK.cast_signed();
        if week < USUAL_WEEKS.cast_signed() {
            weeks.entry(week).or_default().push(moment(closing));
        }
    }
    weeks.retain(|_, closed| closed.len() as u64 >= LEAST_OF_WEEK);
    let mut usual = weeks.values();
    let is_unusual = usual.all(|closed| {
        let (rows, _) = fullest(closed.iter().copied()).unwrap_or_default();
        rows as f64 <= heap.usual * closed.len() as f64
    });
    (is_unusual && weeks.len() >= LEAST_WEEKS).then_some(DataFault::ClosedAtOnce {
        day,
        hour,
        rows,
        of,
    })
}

/// Whether closings have a time of day: else they are all of one minute.
fn has_hours(closed: &[Closing]) -> bool {
    let minutes: BTreeSet<u32> = closed.iter().map(|(_, minute)| *minute).collect();
    minutes.len() > 1
}

/// The moment with the most sales, and how many; of several the last.
fn fullest(moments: impl Iterator<Item = Moment>) -> Option<(u64, Moment)> {
    let mut counts: BTreeMap<Moment, u64> = BTreeMap::new();
    for moment in moments {
        *counts.entry(moment).or_default() += 1;
    }
    let counts = counts.into_iter().map(|(moment, rows)| (rows, moment));
    counts.max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;

    fn monday() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 9).expect("a day")
    }

    /// Eight weeks of a sale a day at changing hours, then a week with so many on its Thursday, all within an hour, and two others.
    fn found(on_thursday: u32, minute: impl Fn(u32) -> u32) -> Option<(Option<u32>, u64, u64)> {
        let before = (1..=56u32).map(|back| {
            let day = monday() - Days::new(u64::from(back));
            (day, minute(back * 97 % 540 + 540))
        });
        let thursday = monday() + Days::new(3);
        let heap = (0..on_thursday).map(|n| (thursday, minute(720 + n)));
        let others = [(monday(), minute(600)), (monday(), minute(900))];
        let closed: Vec<Closing> = before.chain(heap).chain(others).collect();
        match told(&closed, (monday(), monday() + Days::new(6)))? {
            DataFault::ClosedAtOnce { hour, rows, of, .. } => Some((hour, rows, of)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_week_whose_sales_were_closed_within_an_hour_is_told() {
        assert_eq!(found(8, |minute| minute), Some((Some(12), 8, 10)));
        assert_eq!(found(7, |minute| minute), None, "seven");
    }

    #[test]
    fn where_days_have_no_hours_a_day_with_nearly_all_is_told() {
        assert_eq!(found(10, |_| 0), Some((None, 10, 12)));
        assert_eq!(found(7, |_| 0), None, "seven of nine");
    }

    #[test]
    fn who_always_closes_all_in_one_hour_is_not() {
        let weeks = (0..9u64).flat_map(|week| {
            let friday = monday() + Days::new(4) - Days::new(7 * week);
            (0..9u32).map(move |n| (friday, 1020 + n))
        });
        let closed: Vec<Closing> = weeks.collect();
        assert_eq!(told(&closed, (monday(), monday() + Days::new(6))), None);
    }
}

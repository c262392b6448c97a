//! Forms that people did not send: the same person again within half an hour, or more within a quarter of one than ever.

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};

use super::USUAL_WEEKS;
use super::people::{RowOfPerson, are_doubled};
use crate::model::data_fault::DataFault;

/// A person who writes again within this long has not changed her mind: the form was sent twice.
const AGAIN: TimeDelta = TimeDelta::minutes(30);
/// A burst is of forms within this long, …
const BURST: TimeDelta = TimeDelta::minutes(15);
/// … so many, and so many times the most of any such stretch before. Judgements: visitors of a mailing come over hours.
const LEAST_OF_BURST: usize = 10;
const TIMES_EVER: usize = 2;
/// Forms of the weeks before that tell how many come at once.
const LEAST_BEFORE: usize = 20;

/// What is wrong with the forms of a span of time, against those of the weeks before it; all are in any order.
pub(super) fn faults(forms: &[RowOfPerson], period: &Range<DateTime<Utc>>) -> Option<DataFault> {
    let usual = period.start - TimeDelta::weeks(USUAL_WEEKS.cast_signed());
    let within = |span: Range<DateTime<Utc>>| -> Vec<RowOfPerson> {
        let rows = forms.iter().filter(|(_, at)| span.contains(at));
        rows.copied().collect()
    };
    let (now, before) = (within(period.clone()), within(usual..period.start));
    burst(&now, &before).or_else(|| sent_again(&now, &before))
}

/// Forms that the same person had sent half an hour before at most, far more than usual.
fn sent_again(now: &[RowOfPerson], before: &[RowOfPerson]) -> Option<DataFault> {
    let (rows, of) = again(now);
    are_doubled((rows, of), again(before)).then_some(DataFault::SentAgain { rows, of })
}

/// Forms of somebody known that follow one of the same person closely, and all of somebody known.
fn again(forms: &[RowOfPerson]) -> (u64, u64) {
    let mut known: Vec<RowOfPerson> = forms.iter().copied().filter(|(who, _)| *who != 0).collect();
    known.sort_unstable();
    let pairs = known.windows(2);
    let close = pairs.filter(|pair| pair[0].0 == pair[1].0 && pair[1].1 - pair[0].1 <= AGAIN);
    (close.count() as u64, known.len() as u64)
}

/// More forms at once than ever: a test of the form, a robot, or a mailing.
fn burst(now: &[RowOfPerson], before: &[RowOfPerson]) -> Option<DataFault> {
    let ((rows, from), (ever, _)) = (most_at_once(now)?, most_at_once(before)?);
    let is_told =
        before.len() >= LEAST_BEFORE && rows >= LEAST_OF_BURST && rows >= TIMES_EVER * ever;
    is_told.then_some(DataFault::Burst {
        rows: rows as u64,
        from,
        usual_most: ever as u64,
    })
}

/// The most forms within a quarter of an hour, and when they began; of several the first.
fn most_at_once(forms: &[RowOfPerson]) -> Option<(usize, DateTime<Utc>)> {
    let mut times: Vec<DateTime<Utc>> = forms.iter().map(|(_, at)| *at).collect();
    times.sort_unstable();
    let mut most: Option<(usize, DateTime<Utc>)> = None;
    let mut first = 0;
    for (last, at) in times.iter().enumerate() {
        while *at - times[first] > BURST {
            first += 1;
        }
        let rows = last + 1 - first;
        if most.is_none_or(|(known, _)| rows > known) {
            most = Some((rows, times[first]));
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::weeks(100) + TimeDelta::minutes(minute)
    }

    const WEEK: i64 = 7 * 24 * 60;

    /// Eight weeks of five forms a day of different people, an hour apart, and those of the week after them.
    fn found(now: Vec<RowOfPerson>) -> Option<DataFault> {
        let day = |day: i64| (0..5).map(move |n| day * 1440 - 8 * WEEK + 600 + n * 60);
        let before = (0..56).flat_map(day);
        let before = before.map(|minute| (minute.unsigned_abs() + 1_000_000, at(minute)));
        let forms: Vec<RowOfPerson> = before.chain(now).collect();
        faults(&forms, &(at(0)..at(WEEK)))
    }

    /// So many people two hours apart, each writing so many minutes later again.
    fn twice(people: i64, later: i64) -> Vec<RowOfPerson> {
        let person = |n: i64| [(n as u64, at(n * 120)), (n as u64, at(n * 120 + later))];
        (1..=people).flat_map(person).collect()
    }

    #[test]
    fn forms_that_come_again_within_half_an_hour_are_told() {
        let fault = DataFault::SentAgain { rows: 12, of: 24 };
        assert_eq!(found(twice(12, 20)), Some(fault));
        assert_eq!(found(twice(12, 40)), None, "an hour later they ask again");
        let all = DataFault::SentAgain { rows: 5, of: 10 };
        assert_eq!(found(twice(5, 20)), Some(all), "every one of five");
        assert_eq!(found(twice(4, 20)), None, "four");
        let mut few = twice(12, 20);
        few.extend((100..130).map(|n| (n, at(n as i64 * 60))));
        assert_eq!(found(few), None, "12 of 54");
    }

    #[test]
    fn fifteen_forms_in_twelve_minutes_are_told_where_two_were_the_most() {
        let tests = |forms: u64, apart: i64| (0..forms).map(move |n| (n + 1, at(n as i64 * apart)));
        let fault = DataFault::Burst {
            rows: 16,
            from: at(0),
            usual_most: 1,
        };
        assert_eq!(found(tests(20, 1).collect()), Some(fault));
        assert_eq!(found(tests(9, 1).collect()), None, "nine");
        assert_eq!(found(tests(20, 5).collect()), None, "four at once");
    }
}

//! Running numbers that rows have as their ids: what was not exported leaves gaps in them.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Reconciled, middle};
use crate::marts::usual_days::DAYS_A_WEEK;
use crate::model::link::{Link, LinkCounts};
use crate::model::period::place_of;

/// Numbers that a row takes at the most where they are the firm's own: an exchange numbers the legs of a call, too. Those of a
/// service with many firms lie farther apart.
const MOST_A_ROW: u64 = 5;
/// So many rows in ten have an id of one shape …
const OF_ONE_SHAPE: f64 = 0.9;
/// … and so many stand in the order of their numbers, by the day: else the numbers do not run.
const IN_ORDER: f64 = 0.95;
/// Rows from which that is judged.
const LEAST_ROWS: usize = 40;
/// Ninety-nine steps in a hundred are so many times that in the middle at the most: else rows that are not exported have numbers
/// of their own, and how many they are differs.
const LONGEST_USUAL: u64 = 3;
/// A pause in which nobody came, …
const PAUSE: TimeDelta = TimeDelta::hours(6);
/// … and how many of them tell whether numbers run on without the firm: then they are not its own.
const LEAST_PAUSES: usize = 10;
/// Digits of a number; more are a time or a hash.
const MOST_DIGITS: usize = 18;

/// A row's id and when it came.
type Row<'a> = (&'a str, DateTime<Utc>);

/// A row by the number in its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Numbered {
    number: u64,
    at: DateTime<Utc>,
}

/// The numbers of every export of calls, forms and deals, each with whether a row has it. A gap counts on the day of the row
/// behind it.
pub(super) fn numbers(of: &Reconciled<'_>) -> Vec<LinkCounts> {
    let Some(reported) = of.periods.last() else {
        return Vec::new();
    };
    let counts = rows_of_exports(of)
        .into_iter()
        .filter_map(|(export, rows)| {
            let rows = numbered(&rows)?;
            let is_before = |row: &&Numbered| of.day(row.at) < reported.from;
            let before: Vec<Numbered> = rows.iter().filter(is_before).copied().collect();
            let usual = running(&before)?;
            let mut counted = of.counted(Link::NumbersToRows, export);
            for (at, step) in steps(&rows) {
                let day = of.day(at);
                // Farther than that a counter was set anew.
                let step = if step > usual.longest {
                    usual.step
                } else {
                    step
                };
                (1..step).for_each(|_| counted.count(day, std::iter::empty()));
                counted.count(day, std::iter::once(export));
            }
            Some(counted.done())
        });
    counts.collect()
}

/// Ids and times of the rows of each export in all periods, in the order of the exports' names.
fn rows_of_exports<'a>(of: &Reconciled<'a>) -> Vec<(&'a str, Vec<Row<'a>>)> {
    let tables = &of.known.stored.tables;
    let calls = tables.calls.iter().flatten();
    let calls = calls.map(|call| (&*call.export, &*call.id, call.at));
    let forms = tables.forms.iter().flatten();
    let forms = forms.map(|form| (&*form.export, &*form.id, form.at));
    let deals = tables.deals.iter().flatten();
    let deals = deals.map(|deal| (&*deal.export, &*deal.id, deal.created_at));
    let mut exports: HashMap<&str, Vec<Row>> = HashMap::new();
    for (export, id, at) in calls.chain(forms).chain(deals) {
        if place_of(of.periods, of.day(at)).is_some() {
            exports.entry(export).or_default().push((id, at));
        }
    }
    let mut exports: Vec<_> = exports.into_iter().collect();
    exports.sort_unstable_by_key(|(export, _)| *export);
    exports
}

/// Rows by their numbers, each number once; `None` where ids are no numbers of one shape.
fn numbered(rows: &[Row]) -> Option<Vec<Numbered>> {
    let mut shapes: HashMap<String, Vec<Numbered>> = HashMap::new();
    for (id, at) in rows {
        if let Some((shape, number)) = number_in(id) {
            let of_shape = shapes.entry(shape).or_default();
            of_shape.push(Numbered { number, at: *at });
        }
    }
    let mut found = shapes.into_values().max_by_key(Vec::len)?;
    let is_of_one_shape = found.len() as f64 >= OF_ONE_SHAPE * rows.len() as f64;
    found.sort_unstable();
    found.dedup_by_key(|row| row.number);
    is_of_one_shape.then_some(found)
}

/// The last number in an id, and what stands around it with other numbers taken out.
fn number_in(id: &str) -> Option<(String, u64)> {
    let end = id.rfind(|symbol: char| symbol.is_ascii_digit())? + 1;
    let begin = id[..end].rfind(|symbol: char| !symbol.is_ascii_digit());
    // A symbol that is no digit may be of several bytes.
    let begin = begin.map_or(0, |at| {
        at + id[at..].chars().next().map_or(1, char::len_utf8)
    });
    let digits = &id[begin..end];
    let number = digits
        .parse()
        .ok()
        .filter(|_| digits.len() <= MOST_DIGITS)?;
    let before = id[..begin].trim_matches(|symbol: char| symbol.is_ascii_digit());
    let shape = before.chars().filter(|symbol| !symbol.is_ascii_digit());
    let shape = shape.chain(['#']).chain(id[end..].chars());
    Some((shape.collect(), number))
}

/// Each row but the first with how far its number is from the one before.
fn steps(rows: &[Numbered]) -> Vec<(DateTime<Utc>, u64)> {
    let pairs = rows.windows(2);
    pairs
        .map(|pair| (pair[1].at, pair[1].number - pair[0].number))
        .collect()
}

/// How numbers run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Running {
    /// From a row's number to the next one's, in the middle.
    step: u64,
    /// As many numbers as a week has.
    longest: u64,
}

/// How the numbers of rows run, where they are given one after the other whenever a row comes, and to nobody else.
fn running(rows: &[Numbered]) -> Option<Running> {
    if rows.len() < LEAST_ROWS {
        return None;
    }
    let pairs = || rows.windows(2);
    let day = TimeDelta::days(1);
    let in_order = pairs().filter(|pair| pair[1].at + day >= pair[0].at);
    let is_in_order = in_order.count() as f64 >= IN_ORDER * pairs().len() as f64;
    let of = |pair: &[Numbered]| pair[1].number - pair[0].number;
    let mut all: Vec<u64> = pairs().map(of).collect();
    let step = middle(&mut all)?;
    let is_even = all[all.len() * 99 / 100] <= LONGEST_USUAL * step;
    let pauses = pairs().filter(|pair| pair[1].at - pair[0].at >= PAUSE);
    let mut pauses: Vec<u64> = pauses.map(of).collect();
    // Numbers without gaps are nobody else's.
    let is_own = step == 1
        || (pauses.len() >= LEAST_PAUSES
            && middle(&mut pauses).is_some_and(|long| long <= 2 * step));
    let longest = step * rows_a_week(rows);
    (is_in_order && is_even && is_own && step <= MOST_A_ROW).then_some(Running { step, longest })
}

fn rows_a_week(rows: &[Numbered]) -> u64 {
    let times = rows.iter().map(|row| row.at);
    let span = times.clone().max().zip(times.min());
    let days = span.map_or(0, |(last, first)| (last - first).num_days()) + 1;
    let days = days.unsigned_abs().max(DAYS_A_WEEK);
    (rows.len() as u64 * DAYS_A_WEEK / days).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of working hours, so many a day for nine weeks, whose ids come from their places and days.
    fn rows(a_day: i64, id: impl Fn(i64, i64) -> String) -> Vec<(String, DateTime<Utc>)> {
        let places = 0..63 * a_day;
        let row = |place: i64| {
            let (day, of_day) = (place / a_day, place % a_day);
            let at = TimeDelta::days(day) + TimeDelta::minutes(540 + of_day * 500 / a_day);
            (id(place, day), DateTime::UNIX_EPOCH + at)
        };
        places.map(row).collect()
    }

    fn judged(rows: &[(String, DateTime<Utc>)]) -> Option<(u64, Vec<u64>)> {
        let rows: Vec<_> = rows.iter().map(|(id, at)| (&**id, *at)).collect();
        let rows = numbered(&rows)?;
        let running = running(&rows)?;
        let steps = steps(&rows).into_iter().map(|(_, step)| step);
        Some((running.step, steps.collect()))
    }

    #[test]
    fn the_last_number_of_an_id_is_taken_and_the_rest_is_its_shape() {
        assert_eq!(number_in("17772"), Some(("#".to_owned(), 17772)));
        assert_eq!(
            number_in("1794776399.80788"),
            Some((".#".to_owned(), 80788))
        );
        assert_eq!(number_in("№12-b"), Some(("№#-b".to_owned(), 12)));
        assert_eq!(number_in("заказ"), None);
        assert_eq!(number_in("1234567890123456789"), None);
    }

    #[test]
    fn numbers_of_the_firm_run_and_a_row_that_is_missing_leaves_a_gap() {
        let mut all = rows(6, |place, _| format!("A-{}", 100 + place));
        all.retain(|(id, _)| id != "A-300" && id != "A-301");
        let (usual, mut steps) = judged(&all).expect("they run");
        steps.retain(|step| *step > 1);
        assert_eq!((usual, &steps[..]), (1, &[3][..]));
    }

    #[test]
    fn an_exchange_may_take_several_numbers_for_a_call() {
        let legs = |place: i64| 3 * place + place % 2;
        let (usual, steps) =
            judged(&rows(6, |place, _| format!("178.{}", legs(place)))).expect("they run");
        assert!(usual == 4 && steps.iter().all(|step| [2, 4].contains(step)));
    }

    #[test]
    fn numbers_that_others_take_too_or_that_begin_anew_tell_nothing() {
        // By the hour, while the firm sleeps too.
        let of_a_service = |place: i64, day: i64| format!("{}", day * 24 * 4 + place % 6 * 4);
        assert_eq!(judged(&rows(6, of_a_service)), None);
        assert_eq!(
            judged(&rows(6, |place, _| format!("{}", place * 190))),
            None
        );
        assert_eq!(judged(&rows(6, |place, _| format!("{}", place % 6))), None);
        // Most of what the site numbers is of other forms, as it happens.
        let is_ours = |number: &i64| (number * number * 31 + number * 17) % 101 % 3 == 0;
        let ours: Vec<i64> = (0..).filter(is_ours).take(63 * 6).collect();
        assert_eq!(
            judged(&rows(6, |place, _| format!("{}", ours[place as usize]))),
            None
        );
        let hashes = |place: i64, _| format!("{}", (place * 7919) % 100_003);
        assert_eq!(judged(&rows(6, hashes)), None);
    }
}

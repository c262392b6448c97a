//! Days without a single call row: a missing export, or a day on which nobody worked, but no dead line.

use crate::diagnosis::case::Case;
use crate::diagnosis::outage::hourly::{Hourly, first_day, weights};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::model::observations::Direction;

/// Rows that must have been due on a day for its silence to mean something.
const FEWEST_ROWS: f64 = 5.0;
/// Share of rows that are not inbound: with fewer the export has inbound calls only and its silence says nothing.
const OTHER_WAYS: f64 = 0.1;
/// Deals that follow the calls into silence by so many nats show that nobody could call.
const DEALS_FELL: f64 = 2.0;

/// Days of the history on which calls of all directions are missing, from midnight to midnight, although enough that
/// were not inbound were due in the run of such days: a dead line cannot keep people from calling out.
pub fn days_without_calls(case: &Case) -> Vec<usize> {
    let others = case.hourly_calls(|call| call.direction != Direction::Inbound);
    let all = case.hourly_calls(|_| true);
    if others.iter().sum::<f64>() < OTHER_WAYS * all.iter().sum::<f64>() {
        return Vec::new();
    }
    let (born, due) = (first_day(&all), due_by_day(case, others));
    let total = due_by_day(case, all.clone());
    let is_empty = |day: &usize| {
        total[*day] >= FEWEST_ROWS && all[day * 24..(day + 1) * 24].iter().all(|rows| *rows < 0.5)
    };
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for day in (born..case.days()).filter(is_empty) {
        match runs
            .last_mut()
            .filter(|run| run.last() == Some(&(day.wrapping_sub(1))))
        {
            Some(run) => run.push(day),
            None => runs.push(vec![day]),
        }
    }
    runs.retain(|run| run.iter().map(|day| due[*day]).sum::<f64>() >= FEWEST_ROWS);
    let empty: Vec<usize> = runs.into_iter().flatten().collect();
    if nobody_could_call(case, &empty) {
        empty
            .into_iter()
            .filter(|day| *day < case.start())
            .collect()
    } else {
        empty
    }
}

/// Rows that were due on each day by the weeks before the period; zeros when that is not known.
fn due_by_day(case: &Case, counts: Vec<f64>) -> Vec<f64> {
    let (start, days) = (case.start(), case.days());
    let spread = weights(&counts, &counts, &vec![1.0; days], case.weekday(), start);
    let hourly = Hourly::new(counts, spread, &[], start);
    let rate = hourly.level(start).map_or(0.0, |level| level.rate);
    (0..days)
        .map(|day| hourly.weight(day, day + 1) * rate)
        .collect()
}

/// Whether the deals of the empty days fell by as much as calls usually bring.
fn nobody_could_call(case: &Case, empty: &[usize]) -> bool {
    let empty: Vec<usize> = empty
        .iter()
        .copied()
        .filter(|day| *day >= case.start())
        .collect();
    if case.seen.deals.is_none() || empty.is_empty() {
        return false;
    }
    let base = case.base_start() as u32..case.start() as u32;
    let inquiries = || {
        case.seen
            .inquiries
            .iter()
            .flatten()
            .filter(|seen| base.contains(&seen.day))
    };
    let share = inquiries().filter(|seen| Case::is_call(seen)).count() as f64
        / (inquiries().count() as f64).max(1.0);
    let deals = case.deals(|_| true);
    let judged = |day: &usize| case.judge_span(&deals, None, *day, day + 1);
    let (seen, due) = empty
        .iter()
        .filter_map(judged)
        .fold((0.0, 0.0), |sum, day| {
            (sum.0 + day.observed, sum.1 + day.expected)
        });
    bayes::by((1.0 - share).max(0.02), seen, due, 0.05) > DEALS_FELL
}

/// The evidence against telephony: whole days of the period without a row of any direction.
pub fn hidden_calls(case: &Case, empty: &[usize]) -> Option<Evidence> {
    let days: Vec<usize> = empty
        .iter()
        .copied()
        .filter(|day| *day >= case.start())
        .collect();
    let first = *days.first()?;
    let values = [
        ("day", Value::Day(case.seen.date(first as u32))),
        ("days", Value::Days(days.len() as f64)),
    ];
    Some(Evidence::new("telephony.no_rows", -8.0, values).of(Role::Rows))
}

//! Days without a single call row: a missing export, or a day on which nobody worked, but no dead line.

use crate::config::words;
use crate::diagnosis::case::Case;
use crate::diagnosis::outage::hourly::{Hourly, first_day, weights};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::model::observations::Direction;

/// Rows that must have been due on a day for its silence to mean something: by chance alone five are missing on 7 of 1000
/// days.
const FEWEST_ROWS: f64 = 5.0;
/// Share of rows that are not inbound: with fewer the export has inbound calls only and its silence says nothing.
const OTHER_WAYS: f64 = 0.1;
/// Deals that follow the calls into silence by so many nats show that nobody could call.
const DEALS_FELL: f64 = 2.0;
/// Relative variance of a few days' deals beyond chance: 22 % of their level.
const DEALS_NOISE: f64 = 0.05;
/// The share of deals that is left when nobody can call, at least: some come of no contact that is known.
const LEAST_DEALS_LEFT: f64 = 0.02;
/// Fewer rows in an hour than this are none: counts are whole, but are kept as fractions.
const NO_ROWS: f64 = 0.5;
/// What whole days without a row weigh against a dead line, nats.
const HIDDEN_DAYS: f64 = -8.0;

/// Days of the history on which calls of all directions are missing, from midnight to midnight, although enough that
/// were not inbound were due in the run of such days: a dead line cannot keep people from calling out.
pub fn days_without_calls(case: &Case) -> Vec<usize> {
    let others = case.hourly_calls(|call| call.direction != Direction::Inbound);
    let all = case.hourly_calls(|_| true);
    if others.iter().sum::<f64>() < OTHER_WAYS * all.iter().sum::<f64>() {
        return Vec::new();
    }
    let born = first_day(&all);
    let others_due = due_by_day(case, others);
    let all_due = due_by_day(case, all.clone());
    let is_silent = |day: usize| {
        let hours = &all[day * 24..(day + 1) * 24];
        hours.iter().all(|rows| *rows < NO_ROWS)
    };
    let empty = (born..case.days()).filter(|day| all_due[*day] >= FEWEST_ROWS && is_silent(*day));
    let mut runs = runs(empty);
    // One day has few calls out: the run as a whole must have missed enough of them.
    runs.retain(|run| run.iter().map(|day| others_due[*day]).sum::<f64>() >= FEWEST_ROWS);
    let mut empty: Vec<usize> = runs.into_iter().flatten().collect();
    if nobody_could_call(case, &empty) {
        // The period's empty days are the fault itself; those before it teach nothing in any case.
        empty.retain(|day| *day < case.start());
    }
    empty
}

/// Days put together that follow each other.
fn runs(days: impl Iterator<Item = usize>) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for day in days {
        let follows = |run: &&mut Vec<usize>| run.last().is_some_and(|last| last + 1 == day);
        match runs.last_mut().filter(follows) {
            Some(run) => run.push(day),
            None => runs.push(vec![day]),
        }
    }
    runs
}

/// Rows that were due on each day by the weeks before the period; zeros when that is not known.
fn due_by_day(case: &Case, counts: Vec<f64>) -> Vec<f64> {
    let (start, days) = (case.start(), case.days());
    let every_day_alike = vec![1.0; days];
    let spread = weights(&counts, &counts, &every_day_alike, case.weekday(), start);
    let hourly = Hourly::new(counts, spread, &[], start);
    let rate = hourly.level(start).map_or(0.0, |level| level.rate);
    (0..days)
        .map(|day| hourly.weight(day, day + 1) * rate)
        .collect()
}

/// Whether the deals of the empty days fell by as much as calls usually bring.
fn nobody_could_call(case: &Case, empty: &[usize]) -> bool {
    let reported = empty.iter().filter(|day| **day >= case.start());
    let reported: Vec<usize> = reported.copied().collect();
    if case.seen.deals.is_none() || reported.is_empty() {
        return false;
    }
    let deals = case.deals(|_| true);
    let (mut seen, mut due) = (0.0, 0.0);
    for day in reported {
        if let Some(judged) = case.judge_span(&deals, None, day, day + 1) {
            seen += judged.observed;
            due += judged.expected;
        }
    }
    let left = (1.0 - share_of_calls(case)).max(LEAST_DEALS_LEFT);
    bayes::by(left, seen, due, DEALS_NOISE) > DEALS_FELL
}

/// The share of the base's inquiries that came by telephone.
fn share_of_calls(case: &Case) -> f64 {
    let base = case.base_start() as u32..case.start() as u32;
    let (mut calls, mut all) = (0.0, 0.0_f64);
    let inquiries = case.seen.inquiries.iter().flatten();
    for seen in inquiries.filter(|seen| base.contains(&seen.day)) {
        all += 1.0;
        calls += if Case::is_call(seen) { 1.0 } else { 0.0 };
    }
    calls / all.max(1.0)
}

/// The evidence against telephony: whole days of the period without a row of any direction.
pub fn hidden_calls(case: &Case, empty: &[usize]) -> Option<Evidence> {
    let reported = empty.iter().filter(|day| **day >= case.start());
    let days: Vec<usize> = reported.copied().collect();
    let first = *days.first()?;
    let values = [
        ("day", Value::Day(case.seen.date(first as u32))),
        ("days", Value::Days(days.len() as f64)),
    ];
    Some(Evidence::new(words::evidence::telephony::NO_ROWS, HIDDEN_DAYS, values).of(Role::Rows))
}

//! Many deals closed on one day: they were entered in arrears.

use chrono::Days;

use super::{MOST_AT_ONCE, closings};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::diagnosis::weigh::hypothesis::Hypothesis;

/// What a nat of missing closings in the weeks before takes away from closings at once: four of them leave nothing.
const BACKLOG: f64 = 2.5;

/// A day on which many more deals are closed than on the fullest day of a usual period: they were entered in arrears.
pub(super) fn at_once(case: &Case) -> Option<Hypothesis> {
    let last_week = case.seen.period.from - Days::new(7);
    if case.seen.calendar.days_off(last_week, case.seen.period.to) >= 2 {
        return None;
    }
    let closed = closings(case);
    let fullest = |days: &[f64]| days.iter().copied().fold(0.0, f64::max);
    let length = case.length();
    let base: Vec<f64> = closed[case.base_start()..case.start()]
        .rchunks(length)
        .map(fullest)
        .collect();
    let mean = base.iter().sum::<f64>() / base.len().max(1) as f64;
    if base.len() < 4 || mean < 1.0 {
        return None;
    }
    let variance =
        base.iter().map(|most| (most - mean).powi(2)).sum::<f64>() / (base.len() - 1) as f64;
    let dispersion =
        (variance - mean).max(0.0) / (mean * mean) + 0.02 + 1.0 / (mean * base.len() as f64);
    let reported = &closed[case.start()..];
    let judged = Judged {
        observed: fullest(reported),
        expected: mean,
        ordinary: mean,
        dispersion,
    };
    let day = reported
        .iter()
        .position(|count| *count >= judged.observed)?
        + case.start();
    let [observed, expected] = judged.counts();
    let values = [
        observed,
        expected,
        ("day", Value::Day(case.seen.date(day as u32))),
    ];
    // A backlog that is worked off ends a fault of earlier weeks, which those weeks have told.
    let backlog = case.before(&closed, None, bayes::fall);
    let weight = judged.rise().min(MOST_AT_ONCE) - BACKLOG * backlog;
    let evidence = vec![Evidence::new("crm_hygiene.at_once", weight, values).of(Role::Rows)];
    Some(Hypothesis {
        evidence,
        ..Hypothesis::default()
    })
}

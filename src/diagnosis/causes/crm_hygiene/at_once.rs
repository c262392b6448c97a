//! Many deals closed on one day: they were entered in arrears.

use chrono::Days;

use super::{MOST_AT_ONCE, closings};
use crate::config::words;
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::diagnosis::weigh::hypothesis::Hypothesis;

/// What a nat of missing closings in the weeks before takes away from closings at once: four of them leave nothing.
const BACKLOG: f64 = 2.5;
/// Days off in this period or the week before it from which on closings pile up without anyone's neglect.
const DAYS_OFF: u32 = 2;
/// Fewer periods of the base do not tell how full its fullest days are.
const FEWEST_PERIODS: usize = 4;
/// Where the fullest day of a period usually has fewer closings, a few at once are no sign.
const FEWEST_CLOSINGS: f64 = 1.0;
/// Relative variance of fullest days that is taken for granted: 14 % of their level, however even the base was.
const LEAST_NOISE: f64 = 0.02;

/// A day on which many more deals are closed than on the fullest day of a usual period: they were entered in arrears.
pub(super) fn at_once(case: &Case) -> Option<Hypothesis> {
    let last_week = case.seen.period.from - Days::new(7);
    let off = case.seen.calendar.days_off(last_week, case.seen.period.to);
    if off >= DAYS_OFF {
        return None;
    }
    let closed = closings(case);
    let usual = fullest_days(case, &closed)?;
    let reported = &closed[case.start()..];
    let judged = Judged {
        observed: fullest(reported),
        ..usual
    };
    let day = reported
        .iter()
        .position(|count| *count >= judged.observed)?;
    let date = case.seen.date((case.start() + day) as u32);
    let [observed, expected] = judged.counts();
    let values = [observed, expected, ("day", Value::Day(date))];
    // A backlog that is worked off ends a fault of earlier weeks, which those weeks have told.
    let backlog = case.before(&closed, None, bayes::fall);
    let weight = judged.rise().min(MOST_AT_ONCE) - BACKLOG * backlog;
    let evidence =
        vec![Evidence::new(words::evidence::crm_hygiene::AT_ONCE, weight, values).of(Role::Rows)];
    Some(Hypothesis {
        evidence,
        ..Hypothesis::default()
    })
}

fn fullest(days: &[f64]) -> f64 {
    days.iter().copied().fold(0.0, f64::max)
}

/// How full the fullest day of a period is to be expected, by those of the base; nothing is observed yet. `None` where
/// there are too few of them.
fn fullest_days(case: &Case, closed: &[f64]) -> Option<Judged> {
    let base = &closed[case.base_start()..case.start()];
    let base: Vec<f64> = base.rchunks(case.length()).map(fullest).collect();
    let count = base.len() as f64;
    let mean = base.iter().sum::<f64>() / base.len().max(1) as f64;
    if base.len() < FEWEST_PERIODS || mean < FEWEST_CLOSINGS {
        return None;
    }
    let squares: f64 = base.iter().map(|most| (most - mean).powi(2)).sum();
    let variance = squares / (base.len() - 1) as f64;
    // What is beyond chance, as a share of the level; what is granted; and how well the level itself is known.
    let beyond_chance = (variance - mean).max(0.0) / (mean * mean);
    let dispersion = beyond_chance + LEAST_NOISE + 1.0 / (mean * count);
    Some(Judged {
        observed: 0.0,
        expected: mean,
        ordinary: mean,
        dispersion,
    })
}

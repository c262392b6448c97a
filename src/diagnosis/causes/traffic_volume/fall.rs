//! A fall of sessions, in the period's total or on some days in a row.

use std::ops::Range;

use crate::config::words;
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::causes::counts_and_change;
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Value};
use crate::metrics::predictive::overdispersion;

/// Belief that a fall is best seen in the period's total, else on some of its days. A judgement: somewhat more of them
/// last than pass within a week.
const BY_TOTAL: f64 = 0.6;
/// Relative variance of a single day beyond chance, at least (14 % of the level): the noise of a firm whose base happened
/// to be smooth is not believed. Over several days it averages out.
const LEAST_DAY_NOISE: f64 = 0.02;
/// Days of the longest run that is looked at, a week: a fall on more days in a row is one of the total.
const LONGEST_RUN: usize = 7;

/// A fall of sessions, and the days that tell it most clearly.
pub(super) struct Fall {
    /// Log Bayes factor of "fell in total or on some days", nats.
    pub(super) weight: f64,
    /// Days of the history that tell it.
    pub(super) days: Range<usize>,
    /// Sessions of those days.
    pub(super) judged: Judged,
}

impl Fall {
    pub(super) fn is_of_all_days(&self, case: &Case) -> bool {
        self.days == (case.start()..case.days())
    }

    /// What is seen on its days: the main evidence.
    pub(super) fn evidence(&self, case: &Case) -> Evidence {
        let values = counts_and_change(&self.judged);
        if self.is_of_all_days(case) {
            return Evidence::new(
                words::evidence::traffic_volume::SESSIONS,
                self.weight,
                values,
            );
        }
        let code = if self.days.len() == 1 {
            words::evidence::traffic_volume::ON_A_DAY
        } else {
            words::evidence::traffic_volume::ON_DAYS
        };
        let mut evidence = Evidence::new(code, self.weight, values);
        let day = |day: usize| Value::Day(case.seen.date(day as u32));
        let (first, last) = (day(self.days.start), day(self.days.end - 1));
        evidence.values.insert("first".to_owned(), first);
        evidence.values.insert("last".to_owned(), last);
        evidence
    }
}

/// The evidence of a fall: in the period's total, or on some days in a row.
pub(super) fn fall(case: &Case, counts: &[f64], total: &Judged) -> Fall {
    let whole = Fall {
        weight: total.fall(),
        days: case.start()..case.days(),
        judged: *total,
    };
    let runs = falls_of_runs(case, counts);
    let price = (runs.len().max(1) as f64).ln();
    let weights: Vec<f64> = runs.iter().map(|run| run.weight).collect();
    let clearest = runs
        .into_iter()
        .max_by(|one, other| one.weight.total_cmp(&other.weight));
    let Some(clearest) = clearest else {
        return whole;
    };
    let weight = bayes::either(whole.weight, BY_TOTAL, bayes::log_mean(&weights));
    // Some days of many always tell a little more than all of them: the clearest run pays for the choice before it is told.
    let told = if clearest.weight - price > whole.weight {
        clearest
    } else {
        whole
    };
    Fall { weight, ..told }
}

/// The fall on each run of days inside the period.
fn falls_of_runs(case: &Case, counts: &[f64]) -> Vec<Fall> {
    let period = case.start()..case.days();
    let noise = day_noise(case, counts);
    let mut falls = Vec::new();
    for from in period.clone() {
        let latest_end = period.end.min(from + LONGEST_RUN);
        for to in from + 1..=latest_end {
            let days = from..to;
            // The whole period is judged as the total, which knows the noise of periods.
            if days == period {
                continue;
            }
            let Some(judged) = case.judge_span(counts, None, from, to) else {
                continue;
            };
            let dispersion = judged.dispersion + noise / days.len() as f64;
            let judged = Judged {
                dispersion,
                ..judged
            };
            let weight = judged.fall();
            falls.push(Fall {
                weight,
                days,
                judged,
            });
        }
    }
    falls
}

/// Relative variance of a single day beyond chance, given its period's total and its weekday: from the base.
fn day_noise(case: &Case, counts: &[f64]) -> f64 {
    let base = &counts[case.base_start()..case.start()];
    let periods: Vec<&[f64]> = base.chunks_exact(case.length()).collect();
    let shares = shares_of_days(&periods, case.length());
    let mut seen_and_due = Vec::new();
    for period in periods {
        let total: f64 = period.iter().sum();
        for (count, share) in period.iter().zip(&shares) {
            seen_and_due.push((*count, total * share));
        }
    }
    // Sessions are drawn from no bounded number of opportunities: chance alone has the variance of the mean.
    let poisson = 1.0;
    overdispersion(seen_and_due.into_iter(), poisson).max(LEAST_DAY_NOISE)
}

/// The share of a period's sessions that each of its days has, over all periods together.
fn shares_of_days(periods: &[&[f64]], length: usize) -> Vec<f64> {
    let totals = periods.iter().map(|period| period.iter().sum::<f64>());
    let all: f64 = totals.sum();
    (0..length)
        .map(|day| {
            let of_day: f64 = periods.iter().map(|period| period[day]).sum();
            of_day / all.max(1.0)
        })
        .collect()
}

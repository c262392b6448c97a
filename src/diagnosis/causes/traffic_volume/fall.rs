//! A fall of sessions, in the period's total or on some days in a row.

use std::ops::Range;

use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Value};
use crate::metrics::predictive::overdispersion;

/// Belief that a fall is best seen in the period's total, else on some of its days.
const BY_TOTAL: f64 = 0.6;
/// Relative variance of a single day beyond chance, at least; over several days it averages out.
const LEAST_DAY_NOISE: f64 = 0.02;
/// A fall on more days in a row is one of the total.
const LONGEST_SPAN: usize = 7;

/// A fall of sessions, and the days that tell it most clearly.
pub(super) struct Fall {
    pub(super) weight: f64,
    pub(super) days: Range<usize>,
    pub(super) judged: Judged,
}

impl Fall {
    pub(super) fn is_of_all_days(&self, case: &Case) -> bool {
        self.days == (case.start()..case.days())
    }
}

/// What is seen on the days of the fall.
pub(super) fn main(case: &Case, fall: &Fall) -> Evidence {
    let judged = &fall.judged;
    let [observed, _] = judged.counts();
    let values = [
        observed,
        ("expected", Value::Count(judged.expected.round())),
        ("change", Value::Change(judged.change())),
    ];
    let of_days = |code: &str| {
        let mut evidence = Evidence::new(code, fall.weight, values.clone());
        let (first, last) = (fall.days.start as u32, fall.days.end as u32 - 1);
        evidence
            .values
            .insert("first".to_owned(), Value::Day(case.seen.date(first)));
        evidence
            .values
            .insert("last".to_owned(), Value::Day(case.seen.date(last)));
        evidence
    };
    match fall.days.len() {
        _ if fall.is_of_all_days(case) => {
            Evidence::new("traffic_volume.sessions", fall.weight, values)
        }
        1 => of_days("traffic_volume.on_a_day"),
        _ => of_days("traffic_volume.on_days"),
    }
}

/// The evidence of a fall: in the period's total, or on some days in a row.
pub(super) fn fall(case: &Case, counts: &[f64], total: &Judged) -> Fall {
    let (start, days) = (case.start(), case.days());
    let noise = day_noise(case, counts);
    let spans = (start..days)
        .flat_map(|from| (from + 1..=days.min(from + LONGEST_SPAN)).map(move |to| from..to));
    let parts = spans
        .filter(|span| *span != (start..days))
        .filter_map(|days| {
            let judged = case.judge_span(counts, None, days.start, days.end)?;
            let dispersion = judged.dispersion + noise / days.len() as f64;
            let judged = Judged {
                dispersion,
                ..judged
            };
            Some(Fall {
                weight: judged.fall(),
                days,
                judged,
            })
        });
    let parts: Vec<Fall> = parts.collect();
    let whole = Fall {
        weight: total.fall(),
        days: start..days,
        judged: *total,
    };
    let price = (parts.len().max(1) as f64).ln();
    let weights: Vec<f64> = parts.iter().map(|part| part.weight).collect();
    let Some(clearest) = parts
        .into_iter()
        .max_by(|one, other| one.weight.total_cmp(&other.weight))
    else {
        return whole;
    };
    let weight = bayes::either(whole.weight, BY_TOTAL, bayes::log_mean(&weights));
    // Some days of many always tell a little more than all of them.
    let told = if clearest.weight - price > whole.weight {
        clearest
    } else {
        whole
    };
    Fall { weight, ..told }
}

/// Relative variance of a single day beyond chance, given its period's total and its weekday: from the base.
fn day_noise(case: &Case, counts: &[f64]) -> f64 {
    let periods: Vec<&[f64]> = counts[case.base_start()..case.start()]
        .chunks_exact(case.length())
        .collect();
    let total = |period: &&[f64]| period.iter().sum::<f64>();
    let all: f64 = periods.iter().map(total).sum();
    let share = |at: usize| periods.iter().map(|period| period[at]).sum::<f64>() / all.max(1.0);
    let shares: Vec<f64> = (0..case.length()).map(share).collect();
    let days = periods.iter().flat_map(|period| {
        let sessions = total(period);
        period
            .iter()
            .zip(&shares)
            .map(move |(count, share)| (*count, sessions * share))
    });
    overdispersion(days, 1.0).max(LEAST_DAY_NOISE)
}

//! One cause may be at work in many places and ways: each is a hypothesis, and the best one pays for the others.

use std::ops::Range;

use chrono::{DateTime, Utc};

use crate::diagnosis::case::Case;
use crate::diagnosis::causes::Assessment;
use crate::diagnosis::finding::Scope;
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::Evidence;
use crate::metrics::scorecard::Estimate;

/// Evidence of the same family as a stronger one counts for so much.
const FAMILY: f64 = 0.3;
/// A change that is less likely than this to have begun on any one day has no known start, nats.
const SURE_START: f64 = 3.0;

/// One place and way in which a cause may be at work.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hypothesis {
    /// Evidence for and against it; the weights add up.
    pub evidence: Vec<Evidence>,
    /// Where.
    pub scope: Scope,
    /// Since when.
    pub started_at: Option<DateTime<Utc>>,
    /// Sales lost in the reported period.
    pub lost_sales: Option<Estimate>,
}

impl Hypothesis {
    /// Sum of the evidence, nats.
    pub fn log_odds(&self) -> f64 {
        self.evidence.iter().map(|evidence| evidence.weight).sum()
    }
}

/// The best of several kinds of hypotheses. Inside a kind the hypotheses are equally likely before, and so are the
/// kinds: what remains of the best one's evidence after paying for both choices stands in its main evidence. `None`
/// without any hypothesis.
pub fn choose(kinds: Vec<Vec<Hypothesis>>) -> Option<Assessment> {
    let kinds: Vec<Vec<Hypothesis>> = kinds.into_iter().filter(|kind| !kind.is_empty()).collect();
    let of_kind = |kind: &Vec<Hypothesis>| {
        bayes::log_mean(&kind.iter().map(Hypothesis::log_odds).collect::<Vec<_>>())
    };
    let total = bayes::log_mean(&kinds.iter().map(of_kind).collect::<Vec<_>>());
    let paid = kinds.into_iter().flat_map(|kind| {
        let paid = (kind.len() as f64).ln();
        kind.into_iter()
            .map(move |one| (one.log_odds() - paid, one))
    });
    let (_, mut best) = paid.max_by(|left, right| left.0.total_cmp(&right.0))?;
    let change = total - best.log_odds();
    if let Some(main) = best.evidence.first_mut() {
        main.weight += change;
    }
    best.evidence
        .sort_by(|left, right| right.weight.abs().total_cmp(&left.weight.abs()));
    Some(Assessment {
        evidence: best.evidence,
        scope: best.scope,
        started_at: best.started_at,
        lost_sales: best.lost_sales,
        ..Assessment::default()
    })
}

/// Evidence of one family, which tells one thing in several ways: the strongest counts in full, the rest in part.
/// Strongest first.
pub fn family(mut evidence: Vec<Evidence>) -> Vec<Evidence> {
    evidence.sort_by(|left, right| right.weight.total_cmp(&left.weight));
    evidence
        .iter_mut()
        .skip(1)
        .for_each(|beside| beside.weight *= FAMILY);
    evidence
}

/// The day from which the counts left their expectation most clearly for the rest of `within`: the likeliest split,
/// with one level before it and another after. `None` when there is no such change.
pub fn onset(
    case: &Case,
    counts: &[f64],
    expected: &[f64],
    within: Range<usize>,
    is_rise: bool,
) -> Option<DateTime<Utc>> {
    let within = within.start..within.end.min(counts.len()).min(expected.len());
    let sum =
        |of: &[f64], days: Range<usize>| of.get(days).map_or(0.0, |days| days.iter().sum::<f64>());
    let level = {
        let usual = within.start.saturating_sub(56)..within.start;
        sum(counts, usual.clone()) / sum(expected, usual).max(1e-9)
    };
    let gain = |day: usize| {
        let (seen, due) = (
            sum(counts, day..within.end),
            sum(expected, day..within.end) * level,
        );
        let is_so = (seen > due) == is_rise && due > 0.0;
        let log = if seen > 0.0 {
            seen * (seen / due.max(1e-9)).ln()
        } else {
            0.0
        };
        if is_so { log - (seen - due) } else { 0.0 }
    };
    let (day, best) = within
        .clone()
        .map(|day| (day, gain(day)))
        .max_by(|left, right| left.1.total_cmp(&right.1))?;
    (best > SURE_START).then(|| case.instant(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hypothesis(weights: &[f64]) -> Hypothesis {
        let evidence = weights
            .iter()
            .map(|weight| Evidence::new("managers.slow", *weight, []))
            .collect();
        Hypothesis {
            evidence,
            ..Hypothesis::default()
        }
    }

    // ln((e^-3 + (e^10 + e^-5)/2)/2) = 10 - ln 4 up to 1e-5.
    #[test]
    fn the_best_hypothesis_pays_for_its_kind_and_for_the_other_kinds() {
        let kinds = vec![
            vec![hypothesis(&[-3.0])],
            vec![hypothesis(&[-5.0]), hypothesis(&[8.0, 2.0])],
            Vec::new(),
        ];
        let total = choose(kinds)
            .and_then(|assessment| assessment.log_odds())
            .expect("there are hypotheses");
        assert!((total - (10.0 - 4f64.ln())).abs() < 1e-5, "{total}");
        assert_eq!(choose(vec![Vec::new()]), None);
    }

    #[test]
    fn a_family_is_its_strongest_and_a_part_of_the_rest() {
        let weights: Vec<f64> = family(hypothesis(&[2.0, -1.0, 10.0]).evidence)
            .iter()
            .map(|one| one.weight)
            .collect();
        assert_eq!(weights, [10.0, 0.6, -0.3]);
    }
}

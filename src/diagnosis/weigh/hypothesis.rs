//! One cause may be at work in many places and ways: each is a hypothesis, and the best one pays for the others.

use std::ops::Range;

use chrono::{DateTime, Utc};

use crate::diagnosis::case::Case;
use crate::diagnosis::causes::Assessment;
use crate::diagnosis::codes::Scope;
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::Evidence;
use crate::metrics::values::Estimate;

/// Evidence of the same family as a stronger one counts for so much: it tells the same thing again. A judgement.
const SHARE_BESIDE_STRONGEST: f64 = 0.3;
/// A change that is less likely than this to have begun on any one day has no known start, nats. A judgement: twenty times
/// as likely as none.
const SURE_START_NATS: f64 = 3.0;
/// Days before the change that the usual level is taken from: eight weeks.
const USUAL_DAYS: usize = 56;
/// Keeps divisions from zero.
const TINY: f64 = 1e-9;

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
    let of_any = log_odds_of_any(&kinds);
    let mut best = likeliest(kinds)?;
    let price = of_any - best.log_odds();
    if let Some(main) = best.evidence.first_mut() {
        main.weight += price;
    }
    // Only now: the main evidence is the first until it has paid.
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

/// Evidence of "one of these", nats: kinds are equally likely, and so are the hypotheses of a kind.
fn log_odds_of_any(kinds: &[Vec<Hypothesis>]) -> f64 {
    let of_kind = |kind: &Vec<Hypothesis>| {
        let log_odds: Vec<f64> = kind.iter().map(Hypothesis::log_odds).collect();
        bayes::log_mean(&log_odds)
    };
    let of_kinds: Vec<f64> = kinds.iter().map(of_kind).collect();
    bayes::log_mean(&of_kinds)
}

/// The hypothesis with the most evidence after paying for the choice inside its kind; all kinds pay the same for theirs.
fn likeliest(kinds: Vec<Vec<Hypothesis>>) -> Option<Hypothesis> {
    let mut paid = Vec::new();
    for kind in kinds {
        let price = (kind.len() as f64).ln();
        for hypothesis in kind {
            paid.push((hypothesis.log_odds() - price, hypothesis));
        }
    }
    let best = paid
        .into_iter()
        .max_by(|(left, _), (right, _)| left.total_cmp(right));
    best.map(|(_, hypothesis)| hypothesis)
}

/// Evidence of one family, which tells one thing in several ways: the strongest counts in full, the rest in part.
/// Strongest first.
pub fn family(mut evidence: Vec<Evidence>) -> Vec<Evidence> {
    evidence.sort_by(|left, right| right.weight.total_cmp(&left.weight));
    for beside in evidence.iter_mut().skip(1) {
        beside.weight *= SHARE_BESIDE_STRONGEST;
    }
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
    let end = within.end.min(counts.len()).min(expected.len());
    // Relative to what was usual just before, or an old change would lie in every split.
    let usual = within.start.saturating_sub(USUAL_DAYS)..within.start;
    let level = sum(counts, usual.clone()) / sum(expected, usual).max(TINY);
    let gain = |day: usize| {
        let seen = sum(counts, day..end);
        let due = sum(expected, day..end) * level;
        let is_that_way = (seen > due) == is_rise && due > 0.0;
        if is_that_way {
            log_likelihood_ratio(seen, due)
        } else {
            0.0
        }
    };
    let gains = (within.start..end).map(|day| (day, gain(day)));
    let (day, most) = gains.max_by(|(_, left), (_, right)| left.total_cmp(right))?;
    (most > SURE_START_NATS).then(|| case.instant(day))
}

/// Sum over some days; 0 where they are not all known.
fn sum(of: &[f64], days: Range<usize>) -> f64 {
    of.get(days).map_or(0.0, |days| days.iter().sum())
}

/// Of a Poisson count with a mean of its own against one with the mean that was due.
fn log_likelihood_ratio(seen: f64, due: f64) -> f64 {
    let log = if seen > 0.0 {
        seen * (seen / due.max(TINY)).ln()
    } else {
        0.0
    };
    log - (seen - due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::words;

    fn hypothesis(weights: &[f64]) -> Hypothesis {
        let evidence = weights
            .iter()
            .map(|weight| Evidence::new(words::evidence::managers::SLOW, *weight, []))
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

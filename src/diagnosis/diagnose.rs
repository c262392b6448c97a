//! The diagnosis of one period: every cause is looked at, weighed against the others, and said in order.

use super::annotations;
use super::calibration::Calibration;
use super::case::Case;
use super::causes::{Assessment, CAUSES, Cause};
use super::daily::daily;
use super::detect;
use super::dispute::{Side, settle};
use super::evidence::Evidence;
use super::finding::*;
use super::posterior::{Deficit, Posterior, Weighed, posterior};
use super::segments;
use crate::metrics::scorecard::Estimate;

/// A cause with less probability is not listed at all.
const SMALLEST: f64 = 0.01;
/// At least so many candidates stand in a finding, when there are so many.
const CANDIDATES: usize = 3;
/// From this probability on, a cause is called found.
const FOUND: f64 = 0.35;
/// A second finding, of the other conversion, is made from this probability on.
const SECOND_FINDING: f64 = 0.5;

/// What an inquiry is worth: for the loss in sales and money.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Worth {
    /// Usual second conversion of a mature cohort, with its range.
    pub conv2: Option<Estimate>,
    /// Average check, major units.
    pub average_check: Option<f64>,
}

impl Worth {
    /// Completes a loss: sales that lost inquiries would have become, revenue of lost sales.
    fn complete(&self, inquiries: Option<Estimate>, sales: Option<Estimate>) -> Loss {
        let times = |of: Estimate, by: Estimate| Estimate {
            value: of.value * by.value,
            low: (of.low * by.low).min(of.low * by.high),
            high: (of.high * by.high).max(of.high * by.low),
        };
        let sales = sales.or_else(|| Some(times(inquiries?, self.conv2?)));
        let priced = |of: Estimate, check: f64| times(of, Estimate { value: check, low: check, high: check });
        Loss { inquiries, sales, revenue: sales.zip(self.average_check).map(|(sales, check)| priced(sales, check)) }
    }
}

/// Diagnoses a period. The same case gives the same diagnosis, bit for bit.
pub fn diagnose(case: &Case, worth: &Worth, calibration: &Calibration) -> Diagnosis {
    let assessed: Vec<(&Cause, Assessment)> = CAUSES.iter().map(|cause| (*cause, assess(case, cause))).collect();
    let deficit = deficit(case);
    let weighed: Vec<Weighed> = assessed.iter().filter_map(|(cause, found)| weigh(cause, found)).collect();
    let posterior = posterior(&weighed, deficit, calibration);
    let findings = Findings { case, worth, assessed: &assessed, posterior: &posterior };
    let found = if posterior.incident >= calibration.alarm { findings.all() } else { Vec::new() };
    Diagnosis {
        incident_probability: posterior.incident,
        checked: findings.checked(&found),
        dispute: findings.dispute(),
        segments: segments::segments(case),
        tests: detect::tests(case),
        scores: assessed.iter().map(|(cause, found)| (cause.code, score(found))).collect(),
        deficit,
        findings: found,
    }
}

fn assess(case: &Case, cause: &Cause) -> Assessment {
    let mut found = (cause.assess)(case);
    annotations::add(cause.code, &mut found, &case.seen.annotations);
    found
}

/// The loss of the first conversion given sessions and their mix.
fn deficit(case: &Case) -> Deficit {
    if case.seen.inquiries.is_none() {
        return Deficit::default();
    }
    let judged = case.judge(&case.inquiries(|_| true), Some(&case.exposure(|_| true)));
    judged.map_or_else(Deficit::default, |all| Deficit { inquiries: all.lost(), deviation: all.deviation() })
}

fn weigh(cause: &Cause, found: &Assessment) -> Option<Weighed> {
    let log_odds = found.log_odds()?;
    Some(Weighed { code: cause.code, log_odds, explains: found.explains, voids: found.voids.clone() })
}

fn score(found: &Assessment) -> Score {
    Score {
        log_odds: found.log_odds(),
        scope: found.scope.clone(),
        explains: found.explains,
        voids: found.voids.clone(),
    }
}

/// The causes in the order of their probability, put into words of the contract.
struct Findings<'a> {
    case: &'a Case<'a>,
    worth: &'a Worth,
    assessed: &'a [(&'a Cause, Assessment)],
    posterior: &'a Posterior,
}

impl Findings<'_> {
    fn probability(&self, code: CauseCode) -> f64 {
        self.posterior.causes.get(&code).copied().unwrap_or(0.0)
    }

    /// All causes, most probable first; equals in the order of the gates.
    fn ranked(&self) -> Vec<(&Cause, &Assessment, f64)> {
        let mut ranked: Vec<_> =
            self.assessed.iter().map(|(cause, found)| (*cause, found, self.probability(cause.code))).collect();
        ranked.sort_by(|left, right| right.2.total_cmp(&left.2).then(left.0.code.cmp(&right.0.code)));
        ranked
    }

    /// One finding for the conversion of the first cause, and one for the other conversion when it has a cause of its
    /// own.
    fn all(&self) -> Vec<Finding> {
        let ranked = self.ranked();
        let Some((first, ..)) = ranked.first() else { return Vec::new() };
        let other = ranked
            .iter()
            .find(|(cause, _, probability)| cause.conversion != first.conversion && *probability >= SECOND_FINDING);
        [Some(first.conversion), other.map(|(cause, ..)| cause.conversion)]
            .into_iter()
            .flatten()
            .map(|conversion| self.finding(conversion, &ranked))
            .collect()
    }

    fn finding(&self, conversion: Conversion, ranked: &[(&Cause, &Assessment, f64)]) -> Finding {
        let own = ranked.iter().filter(|(cause, ..)| cause.conversion == conversion);
        let others = ranked.iter().filter(|(cause, ..)| cause.conversion != conversion);
        let mut causes: Vec<RankedCause> = Vec::new();
        for (cause, found, probability) in own.chain(others) {
            let is_own = cause.conversion == conversion;
            let is_listed = *probability >= SMALLEST && (is_own || causes.len() < CANDIDATES);
            if is_listed && found.missing.is_none() {
                causes.push(self.ranked_cause(cause, found, *probability));
            }
        }
        causes.sort_by(|left, right| right.probability.total_cmp(&left.probability).then(left.code.cmp(&right.code)));
        let lead = ranked.iter().find(|(cause, ..)| cause.conversion == conversion);
        let lead = lead.map(|(_, found, _)| *found).cloned().unwrap_or_default();
        let total = self.total(conversion);
        let daily = causes.first().and_then(|first| daily(self.case, first.code, &first.scope));
        Finding {
            conversion,
            daily,
            scope: lead.scope.clone(),
            observed: total.map(|(observed, _)| observed),
            expected: total.map(|(_, expected)| expected),
            started_at: lead.started_at,
            ended_at: lead.ended_at,
            estimated_loss: self.worth.complete(lead.lost_inquiries, lead.lost_sales),
            causes,
        }
    }

    /// Inquiries seen and expected given the sessions and their mix.
    fn total(&self, conversion: Conversion) -> Option<(f64, f64)> {
        match conversion {
            Conversion::First => {
                self.case.seen.inquiries.as_ref()?;
                let judged = self.case.judge(&self.case.inquiries(|_| true), Some(&self.case.exposure(|_| true)))?;
                Some((judged.observed, judged.expected))
            }
            Conversion::Second => None,
        }
    }

    fn ranked_cause(&self, cause: &Cause, found: &Assessment, probability: f64) -> RankedCause {
        let (mut evidence, mut against): (Vec<Evidence>, Vec<Evidence>) =
            found.evidence.iter().cloned().partition(|evidence| evidence.weight >= 0.0);
        evidence.sort_by(|left, right| right.weight.total_cmp(&left.weight));
        against.sort_by(|left, right| left.weight.total_cmp(&right.weight));
        RankedCause {
            code: cause.code,
            probability,
            verdict: if probability >= FOUND { Answer::Found } else { Answer::RuledOut },
            certainty: certainty(probability),
            scope: found.scope.clone(),
            started_at: found.started_at,
            ended_at: found.ended_at,
            explains: self.worth.complete(found.lost_inquiries, found.lost_sales),
            evidence,
            against,
            checks: cause.checks.iter().map(|check| (*check).to_owned()).collect(),
        }
    }

    /// Who is right when the second conversion falls.
    fn dispute(&self) -> Option<Dispute> {
        let side = |code| {
            let (_, assessment) = self.assessed.iter().find(|(cause, _)| cause.code == code)?;
            Some(Side { assessment, probability: self.probability(code) })
        };
        settle(self.case, side(CauseCode::LeadQuality)?, side(CauseCode::Managers)?)
    }

    /// Every cause that no finding calls found.
    fn checked(&self, findings: &[Finding]) -> Vec<Checked> {
        let is_found = |code| {
            let named = findings.iter().flat_map(|finding| &finding.causes);
            named.into_iter().any(|cause| cause.code == code && cause.verdict == Answer::Found)
        };
        let rest = self.assessed.iter().filter(|(cause, _)| cause.code != CauseCode::Unknown && !is_found(cause.code));
        rest.map(|(cause, found)| Checked {
            code: cause.code,
            verdict: if found.missing.is_some() { Answer::NotAssessable } else { Answer::RuledOut },
            probability: self.probability(cause.code),
            scope: found.scope.clone(),
            reason: found.missing.clone().or_else(|| strongest_against(found)),
        })
        .collect()
    }
}

/// The evidence that speaks most against a cause.
fn strongest_against(found: &Assessment) -> Option<Evidence> {
    let against = found.evidence.iter().filter(|evidence| evidence.weight < 0.0);
    against.min_by(|left, right| left.weight.total_cmp(&right.weight)).cloned()
}

fn certainty(probability: f64) -> Certainty {
    match probability {
        sure if sure > 0.8 => Certainty::Likely,
        fair if fair > 0.5 => Certainty::Probable,
        _ => Certainty::Candidate,
    }
}

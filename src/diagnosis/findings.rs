//! What is said of a period: its findings with their ranked causes, and what was checked and not confirmed.

use super::case::{Case, Judged};
use super::causes::{Assessment, Cause};
use super::codes::{CauseCode, Conversion};
use super::daily::daily;
use super::dispute::{Side, settle};
use super::finding::{Answer, Certainty, Checked, Dispute, Finding, NOT_EXCLUDED, RankedCause};
use super::hours::hours;
use super::weigh::calibration::Calibration;
use super::weigh::evidence::{Evidence, Value};
use super::weigh::posterior::Posterior;
use super::worth::Worth;

/// A cause with less probability is not listed at all: one in a hundred.
const LEAST_LISTED: f64 = 0.01;
/// At least so many candidates stand in a finding, when there are so many.
const FEWEST_CANDIDATES: usize = 3;
/// From this probability on, a cause is called found. A judgement: near the alarm that was fitted for the first conversion.
const FOUND: f64 = 0.35;
/// Above this probability a cause is called likely, and above the next one probable; the digest's words follow.
const LIKELY: f64 = 0.8;
const PROBABLE: f64 = 0.5;

/// The causes in the order of their probability, put into words of the contract.
pub(super) struct Findings<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) worth: &'a Worth,
    pub(super) total: Option<Judged>,
    pub(super) assessed: &'a [(&'a Cause, Assessment)],
    /// Of the first and of the second conversion.
    pub(super) posteriors: &'a [Posterior; 2],
    pub(super) calibration: &'a Calibration,
}

/// A cause that could be assessed, with its probability.
struct Assessed<'a> {
    cause: &'a Cause,
    found: &'a Assessment,
    probability: f64,
}

impl<'a> Findings<'a> {
    fn posterior(&self, conversion: Conversion) -> &Posterior {
        match conversion {
            Conversion::First => &self.posteriors[0],
            Conversion::Second => &self.posteriors[1],
        }
    }

    fn probability(&self, cause: &Cause) -> f64 {
        self.posterior(cause.conversion).of(cause.code)
    }

    /// The causes of a conversion that could be assessed, most probable first; equals in the order of the gates.
    fn ranked(&self, conversion: Conversion) -> Vec<Assessed<'a>> {
        let mut ranked = Vec::new();
        for (cause, found) in self.assessed {
            if cause.conversion == conversion && found.missing.is_none() {
                ranked.push(Assessed {
                    cause,
                    found,
                    probability: self.probability(cause),
                });
            }
        }
        ranked.sort_by(|left, right| {
            let by_probability = right.probability.total_cmp(&left.probability);
            by_probability.then(left.cause.code.cmp(&right.cause.code))
        });
        ranked
    }

    /// A finding for each conversion to which something happened, the surer one first.
    pub(super) fn all(&self) -> Vec<Finding> {
        let incident = |conversion| self.posterior(conversion).incident;
        let conversions = [Conversion::First, Conversion::Second];
        let mut found: Vec<Finding> = conversions
            .into_iter()
            .filter_map(|conversion| self.finding(conversion))
            .collect();
        // The sort is stable: of equally sure ones the first conversion leads.
        found.sort_by(|left, right| {
            incident(right.conversion).total_cmp(&incident(left.conversion))
        });
        found
    }

    /// What happened to a conversion; `None` when it is not likely enough that anything did, or not worth a word. What
    /// the calendar took is said as well, though it is no incident.
    fn finding(&self, conversion: Conversion) -> Option<Finding> {
        if self.is_quiet(conversion) {
            return None;
        }
        let mut ranked = self.ranked(conversion);
        let likeliest = ranked.first()?.cause.code;
        ranked.retain(|candidate| is_worth_it(self.case, candidate.cause, candidate.found));
        let lead = ranked.first()?;
        // Behind a cause that is not worth a word another one must stand by itself.
        if lead.cause.code != likeliest && lead.probability < FOUND {
            return None;
        }
        let total = self.total.filter(|_| conversion == Conversion::First);
        let found = lead.found;
        let loss = self.worth.complete(found.lost_inquiries, found.lost_sales);
        Some(Finding {
            conversion,
            daily: daily(self.case, lead.cause.code, &found.scope),
            hours: hours(self.case, lead.cause.code, &found.scope),
            scope: found.scope.clone(),
            observed: total.map(|total| total.observed),
            expected: total.map(|total| total.expected),
            started_at: found.started_at,
            ended_at: found.ended_at,
            estimated_loss: loss,
            causes: self.listed(&ranked),
        })
    }

    fn is_quiet(&self, conversion: Conversion) -> bool {
        let posterior = self.posterior(conversion);
        let of_calendar = posterior.of(CauseCode::Seasonality);
        posterior.incident.max(of_calendar) < self.calibration.of(conversion).alarm
    }

    /// The first candidates, and all others that are not next to impossible.
    fn listed(&self, ranked: &[Assessed]) -> Vec<RankedCause> {
        let mut listed = Vec::new();
        for (place, candidate) in ranked.iter().enumerate() {
            if place < FEWEST_CANDIDATES || candidate.probability >= LEAST_LISTED {
                listed.push(self.ranked_cause(candidate));
            }
        }
        listed
    }

    fn ranked_cause(&self, candidate: &Assessed) -> RankedCause {
        let Assessed {
            cause,
            found,
            probability,
        } = *candidate;
        let all = found.evidence.iter().cloned();
        let (mut evidence, mut against): (Vec<Evidence>, Vec<Evidence>) =
            all.partition(|evidence| evidence.weight >= 0.0);
        // What weighs most comes first on either side.
        evidence.sort_by(|left, right| right.weight.total_cmp(&left.weight));
        against.sort_by(|left, right| left.weight.total_cmp(&right.weight));
        RankedCause {
            code: cause.code,
            probability,
            verdict: answer(probability),
            certainty: certainty(probability),
            scope: found.scope.clone(),
            started_at: found.started_at,
            ended_at: found.ended_at,
            explains: self.worth.complete(found.lost_inquiries, found.lost_sales),
            evidence,
            against,
            checks: cause.checks.to_vec(),
        }
    }

    /// Who is right when the second conversion falls.
    pub(super) fn dispute(&self) -> Option<Dispute> {
        let lead_quality = self.side(CauseCode::LeadQuality)?;
        let managers = self.side(CauseCode::Managers)?;
        settle(self.case, lead_quality, managers)
    }

    fn side(&self, code: CauseCode) -> Option<Side<'a>> {
        let mut assessed = self.assessed.iter();
        let (cause, assessment) = assessed.find(|(cause, _)| cause.code == code)?;
        Some(Side {
            assessment,
            probability: self.probability(cause),
        })
    }

    /// Every cause that no finding calls found, in the order of the gates: also those that are likely and too small for a
    /// finding, which are not excluded.
    pub(super) fn checked(&self, findings: &[Finding]) -> Vec<Checked> {
        let mut checked = Vec::new();
        for (cause, found) in self.assessed {
            // "Something else" is no cause that one looks for.
            let is_told = cause.code == CauseCode::Unknown || is_found(findings, cause.code);
            if !is_told {
                checked.push(self.checked_cause(cause, found));
            }
        }
        checked
    }

    fn checked_cause(&self, cause: &Cause, found: &Assessment) -> Checked {
        let probability = self.probability(cause);
        let verdict = match (&found.missing, answer(probability)) {
            (Some(_), _) => Answer::NotAssessable,
            // Found, and not worth a finding.
            (None, Answer::Found) => Answer::NotExcluded,
            (None, answer) => answer,
        };
        let reason = match verdict {
            Answer::NotExcluded => strongest_for(found),
            Answer::Found | Answer::RuledOut | Answer::NotAssessable => strongest_against(found),
        };
        Checked {
            code: cause.code,
            verdict,
            probability,
            scope: found.scope.clone(),
            reason: found.missing.clone().or(reason),
        }
    }
}

/// What a probability says of a cause.
fn answer(probability: f64) -> Answer {
    if probability >= FOUND {
        Answer::Found
    } else if probability >= NOT_EXCLUDED {
        Answer::NotExcluded
    } else {
        Answer::RuledOut
    }
}

/// Whether a finding calls a cause found.
fn is_found(findings: &[Finding], code: CauseCode) -> bool {
    let mut named = findings.iter().flat_map(|finding| &finding.causes);
    named.any(|cause| cause.code == code && cause.verdict == Answer::Found)
}

/// Whether a finding is worth a reader's time: nobody wants to hear of four lost inquiries. Causes that lose none (a
/// counter that counts twice, a hole in the data, a CRM) are told for what they do to the numbers, and a channel that
/// used to come every week and has stopped is always told.
fn is_worth_it(case: &Case, cause: &Cause, found: &Assessment) -> bool {
    let is_small = found
        .lost_inquiries
        .is_some_and(|lost| lost.value.abs() < case.settings.smallest_loss);
    let is_of_first = cause.conversion == Conversion::First;
    let must_lose_enough = is_of_first && cause.code.is_told_for_its_loss();
    !must_lose_enough || !is_small || found.has_stopped
}

/// The evidence that speaks most against a cause.
fn strongest_against(found: &Assessment) -> Option<Evidence> {
    let all = found.evidence.iter();
    let against = all.filter(|evidence| evidence.weight < 0.0);
    let strongest = against.min_by(|left, right| left.weight.total_cmp(&right.weight));
    strongest.cloned()
}

/// Evidence that is told of a cause that is not excluded, nats: with less it may name a person for "45 instead of 41".
const TOLD: f64 = 1.0;

/// Numbers that lie closer to the usual than this share of it show nothing, whatever their days weigh.
const APART: f64 = 0.15;

/// The evidence that speaks most for a cause, and shows it.
fn strongest_for(found: &Assessment) -> Option<Evidence> {
    let all = found.evidence.iter();
    let speaking = all.filter(|evidence| evidence.weight >= TOLD && shows(evidence));
    let strongest = speaking.max_by(|left, right| left.weight.total_cmp(&right.weight));
    strongest.cloned()
}

/// Whether the numbers of a piece of evidence differ from the usual ones that are told beside them. «85, usually 85» suspects nobody.
fn shows(evidence: &Evidence) -> bool {
    let value = |name: &str| match evidence.values.get(name) {
        Some(Value::Count(value) | Value::Share(value)) => Some(*value),
        _ => None,
    };
    let counts = value("observed").zip(value("expected"));
    let both = counts.or_else(|| value("share").zip(value("usual")));
    both.is_none_or(|(seen, usual)| (seen - usual).abs() > APART * seen.max(usual))
}

fn certainty(probability: f64) -> Certainty {
    if probability > LIKELY {
        Certainty::Likely
    } else if probability > PROBABLE {
        Certainty::Probable
    } else {
        Certainty::Candidate
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::words::evidence::{crm_hygiene, traffic_quality};

    #[test]
    fn a_suspect_is_told_with_a_fact_that_differs_from_the_usual() {
        let counts = |observed, expected| {
            let values = [
                ("observed", Value::Count(observed)),
                ("expected", Value::Count(expected)),
            ];
            Evidence::new(crm_hygiene::CLOSINGS, 2.0, values)
        };
        let instant = [("share", Value::Share(0.12)), ("usual", Value::Share(0.13))];
        let instant = Evidence::new(traffic_quality::INSTANT, 3.0, instant);
        let told = |evidence: Vec<Evidence>| {
            let found = Assessment {
                evidence,
                ..Assessment::default()
            };
            strongest_for(&found)
        };
        assert_eq!(told(vec![counts(85.0, 85.0), instant.clone()]), None);
        let few = counts(40.0, 85.0);
        assert_eq!(told(vec![few.clone(), instant]), Some(few));
    }
}

//! What is said of a period: its findings with their ranked causes, and what was checked and not confirmed.

use super::case::{Case, Judged};
use super::causes::{Assessment, Cause};
use super::daily::daily;
use super::dispute::{Side, settle};
use super::finding::*;
use super::weigh::calibration::Calibration;
use super::weigh::evidence::Evidence;
use super::weigh::posterior::Posterior;
use super::worth::Worth;

/// A cause with less probability is not listed at all.
const SMALLEST: f64 = 0.01;
/// At least so many candidates stand in a finding, when there are so many.
const CANDIDATES: usize = 3;
/// From this probability on, a cause is called found.
const FOUND: f64 = 0.35;

/// The causes in the order of their probability, put into words of the contract.
pub(super) struct Findings<'a> {
    pub(super) case: &'a Case<'a>,
    pub(super) worth: &'a Worth,
    pub(super) total: Option<Judged>,
    pub(super) assessed: &'a [(&'a Cause, Assessment)],
    pub(super) posteriors: &'a [Posterior; 2],
    pub(super) calibration: &'a Calibration,
}

impl Findings<'_> {
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
    fn ranked(&self, conversion: Conversion) -> Vec<(&Cause, &Assessment, f64)> {
        let own = self
            .assessed
            .iter()
            .filter(|(cause, found)| cause.conversion == conversion && found.missing.is_none());
        let mut ranked: Vec<_> = own
            .map(|(cause, found)| (*cause, found, self.probability(cause)))
            .collect();
        ranked.sort_by(|left, right| {
            right
                .2
                .total_cmp(&left.2)
                .then(left.0.code.cmp(&right.0.code))
        });
        ranked
    }

    /// A finding for each conversion to which something happened, the surer one first.
    pub(super) fn all(&self) -> Vec<Finding> {
        let of = |conversion| {
            Some((
                self.posterior(conversion).incident,
                self.finding(conversion)?,
            ))
        };
        let mut found: Vec<(f64, Finding)> = [Conversion::First, Conversion::Second]
            .into_iter()
            .filter_map(of)
            .collect();
        found.sort_by(|left, right| right.0.total_cmp(&left.0));
        found.into_iter().map(|(_, finding)| finding).collect()
    }

    /// What happened to a conversion; `None` when it is not likely enough that anything did, or not worth a word. What
    /// the calendar took is said as well, though it is no incident.
    fn finding(&self, conversion: Conversion) -> Option<Finding> {
        let posterior = self.posterior(conversion);
        let alarm = self.calibration.of(conversion).alarm;
        if posterior.incident.max(posterior.of(CauseCode::Seasonality)) < alarm {
            return None;
        }
        let mut ranked = self.ranked(conversion);
        let likeliest = ranked.first()?.0.code;
        ranked.retain(|(cause, found, _)| is_worth_it(self.case, cause, found));
        let (cause, lead, probability) = ranked.first()?;
        // Behind a cause that is not worth a word another one must stand by itself.
        if cause.code != likeliest && *probability < FOUND {
            return None;
        }
        let listed = ranked.iter().enumerate();
        let listed = listed
            .filter(|(place, (.., probability))| *place < CANDIDATES || *probability >= SMALLEST);
        let causes: Vec<RankedCause> = listed
            .map(|(_, (cause, found, probability))| self.ranked_cause(cause, found, *probability))
            .collect();
        let total = self.total.filter(|_| conversion == Conversion::First);
        Some(Finding {
            conversion,
            daily: daily(self.case, cause.code, &lead.scope),
            scope: lead.scope.clone(),
            observed: total.map(|total| total.observed),
            expected: total.map(|total| total.expected),
            started_at: lead.started_at,
            ended_at: lead.ended_at,
            estimated_loss: self.worth.complete(lead.lost_inquiries, lead.lost_sales),
            causes,
        })
    }

    fn ranked_cause(&self, cause: &Cause, found: &Assessment, probability: f64) -> RankedCause {
        let (mut evidence, mut against): (Vec<Evidence>, Vec<Evidence>) = found
            .evidence
            .iter()
            .cloned()
            .partition(|evidence| evidence.weight >= 0.0);
        evidence.sort_by(|left, right| right.weight.total_cmp(&left.weight));
        against.sort_by(|left, right| left.weight.total_cmp(&right.weight));
        RankedCause {
            code: cause.code,
            probability,
            verdict: if probability >= FOUND {
                Answer::Found
            } else {
                Answer::RuledOut
            },
            certainty: certainty(probability),
            scope: found.scope.clone(),
            started_at: found.started_at,
            ended_at: found.ended_at,
            explains: self.worth.complete(found.lost_inquiries, found.lost_sales),
            evidence,
            against,
            checks: cause
                .checks
                .iter()
                .map(|check| (*check).to_owned())
                .collect(),
        }
    }

    /// Who is right when the second conversion falls.
    pub(super) fn dispute(&self) -> Option<Dispute> {
        let side = |code| {
            let (cause, assessment) = self.assessed.iter().find(|(cause, _)| cause.code == code)?;
            Some(Side {
                assessment,
                probability: self.probability(cause),
            })
        };
        settle(
            self.case,
            side(CauseCode::LeadQuality)?,
            side(CauseCode::Managers)?,
        )
    }

    /// Every cause that no finding calls found, in the order of the gates, but for those that are likely and too small to
    /// be told: they are neither found nor ruled out.
    pub(super) fn checked(&self, findings: &[Finding]) -> Vec<Checked> {
        let is_found = |code: CauseCode| {
            let named = findings.iter().flat_map(|finding| &finding.causes);
            named
                .into_iter()
                .any(|cause| cause.code == code && cause.verdict == Answer::Found)
        };
        let is_small = |cause: &Cause, found: &Assessment| {
            self.probability(cause) >= FOUND && !is_worth_it(self.case, cause, found)
        };
        let rest = self.assessed.iter().filter(|(cause, found)| {
            cause.code != CauseCode::Unknown && !is_found(cause.code) && !is_small(cause, found)
        });
        rest.map(|(cause, found)| Checked {
            code: cause.code,
            verdict: if found.missing.is_some() {
                Answer::NotAssessable
            } else {
                Answer::RuledOut
            },
            probability: self.probability(cause),
            scope: found.scope.clone(),
            reason: found.missing.clone().or_else(|| strongest_against(found)),
        })
        .collect()
    }
}

/// Whether a finding is worth a reader's time: nobody wants to hear of four lost inquiries. Causes that lose none (a
/// counter that counts twice, a hole in the data, a CRM) are told for what they do to the numbers, and a channel that
/// used to come every week and has stopped is always told.
fn is_worth_it(case: &Case, cause: &Cause, found: &Assessment) -> bool {
    let loses_inquiries = matches!(
        cause.code,
        CauseCode::TrafficVolume | CauseCode::Telephony | CauseCode::Forms | CauseCode::Unknown
    );
    let is_small = found
        .lost_inquiries
        .is_some_and(|lost| lost.value.abs() < case.settings.smallest_loss);
    cause.conversion == Conversion::Second || !loses_inquiries || !is_small || found.has_stopped
}

/// The evidence that speaks most against a cause.
fn strongest_against(found: &Assessment) -> Option<Evidence> {
    let against = found
        .evidence
        .iter()
        .filter(|evidence| evidence.weight < 0.0);
    against
        .min_by(|left, right| left.weight.total_cmp(&right.weight))
        .cloned()
}

fn certainty(probability: f64) -> Certainty {
    match probability {
        sure if sure > 0.8 => Certainty::Likely,
        fair if fair > 0.5 => Certainty::Probable,
        _ => Certainty::Candidate,
    }
}

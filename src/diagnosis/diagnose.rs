//! The diagnosis of one period: every cause is looked at, weighed against the others, and said in order.

use super::annotations;
use super::case::{Case, Judged};
use super::causes::{Assess, Assessment, CAUSES, Cause};
use super::cohort::matured::matured;
use super::daily::daily;
use super::detect;
use super::dispute::{Side, settle};
use super::finding::*;
use super::segments;
use super::weigh::calibration::Calibration;
use super::weigh::evidence::Evidence;
use super::weigh::posterior::{Deficit, Posterior, Weighed, posterior};
use crate::metrics::scorecard::Estimate;

/// A cause with less probability is not listed at all.
const SMALLEST: f64 = 0.01;
/// At least so many candidates stand in a finding, when there are so many.
const CANDIDATES: usize = 3;
/// From this probability on, a cause is called found.
const FOUND: f64 = 0.35;

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
        let priced = |of: Estimate, check: f64| {
            times(
                of,
                Estimate {
                    value: check,
                    low: check,
                    high: check,
                },
            )
        };
        Loss {
            inquiries,
            sales,
            revenue: sales
                .zip(self.average_check)
                .map(|(sales, check)| priced(sales, check)),
        }
    }
}

/// Diagnoses a period. The same case gives the same diagnosis, bit for bit.
pub fn diagnose(case: &Case, worth: &Worth, calibration: &Calibration) -> Diagnosis {
    let total = total(case);
    // The loss of the first conversion.
    let deficit = total.map_or_else(Deficit::default, |total| Deficit {
        inquiries: total.lost(),
        deviation: total.deviation(),
    });
    let assessed = assess_all(case, deficit, calibration);
    let weighed = weighed(&assessed);
    let of = |conversion| posterior(&weighed, conversion, deficit, calibration);
    let posteriors = [of(Conversion::First), of(Conversion::Second)];
    let findings = Findings {
        case,
        worth,
        total,
        assessed: &assessed,
        posteriors: &posteriors,
        calibration,
    };
    let found = findings.all();
    let quiet: f64 = posteriors
        .iter()
        .map(|posterior| 1.0 - posterior.incident)
        .product();
    Diagnosis {
        incident_probability: 1.0 - quiet,
        first_probability: posteriors[0].incident,
        second_probability: posteriors[1].incident,
        checked: findings.checked(&found),
        dispute: findings.dispute(),
        matured: matured(case),
        segments: segments::segments(case),
        tests: detect::tests(case),
        scores: assessed
            .iter()
            .map(|(cause, found)| score(cause, found))
            .collect(),
        deficit,
        findings: found,
    }
}

type Assessed<'c> = Vec<(&'c Cause, Assessment)>;

/// Looks at every cause; those that take what the others leave come last.
fn assess_all(case: &Case, deficit: Deficit, calibration: &Calibration) -> Assessed<'static> {
    let alone = CAUSES.iter().filter_map(|cause| match cause.assess {
        Assess::Alone(assess) => Some((*cause, noted(case, cause, assess(case)))),
        Assess::Rest(_) => None,
    });
    let mut assessed: Assessed = alone.collect();
    let explained = explained(&weighed(&assessed), deficit, calibration);
    let rest = CAUSES.iter().filter_map(|cause| match cause.assess {
        Assess::Rest(assess) => Some((*cause, noted(case, cause, assess(case, explained)))),
        Assess::Alone(_) => None,
    });
    assessed.extend(rest);
    assessed
}

fn noted(case: &Case, cause: &Cause, mut found: Assessment) -> Assessment {
    annotations::add(cause.code, &mut found, &case.seen.annotations);
    found
}

/// Inquiries of the deficit that the causes with a place of their own explain, each as far as it is probable.
fn explained(weighed: &[Weighed], deficit: Deficit, calibration: &Calibration) -> f64 {
    let found = posterior(weighed, Conversion::First, deficit, calibration);
    weighed
        .iter()
        .filter(|cause| cause.conversion == Conversion::First)
        .map(|cause| found.of(cause.code) * cause.explains.max(0.0))
        .sum()
}

/// All inquiries of the period, given the sessions and their mix.
fn total(case: &Case) -> Option<Judged> {
    case.seen.inquiries.as_ref()?;
    case.judge(&case.inquiries(|_| true), Some(&case.exposure(|_| true)))
}

fn weighed(assessed: &[(&Cause, Assessment)]) -> Vec<Weighed> {
    let weigh = |(cause, found): &(&Cause, Assessment)| {
        found.missing.is_none().then(|| Weighed {
            code: cause.code,
            conversion: cause.conversion,
            features: found.features(),
            explains: found.explains,
            voids: found.voids.clone(),
        })
    };
    assessed.iter().filter_map(weigh).collect()
}

fn score(cause: &Cause, found: &Assessment) -> Score {
    Score {
        code: cause.code,
        conversion: cause.conversion,
        log_odds: found.log_odds(),
        evidence: found.features(),
        scope: found.scope.clone(),
        explains: found.explains,
        voids: found.voids.clone(),
    }
}

/// The causes in the order of their probability, put into words of the contract.
struct Findings<'a> {
    case: &'a Case<'a>,
    worth: &'a Worth,
    total: Option<Judged>,
    assessed: &'a [(&'a Cause, Assessment)],
    posteriors: &'a [Posterior; 2],
    calibration: &'a Calibration,
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
    fn all(&self) -> Vec<Finding> {
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
    fn dispute(&self) -> Option<Dispute> {
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
    fn checked(&self, findings: &[Finding]) -> Vec<Checked> {
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

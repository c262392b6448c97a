//! The diagnosis of one period: every cause is looked at, weighed against the others, and said in order.

use super::annotations;
use super::case::{Case, Judged};
use super::causes::{Assess, Assessment, CAUSES, Cause};
use super::cohort::matured::matured;
use super::detect;
use super::finding::*;
use super::findings::Findings;
use super::segments;
use super::weigh::calibration::Calibration;
use super::weigh::posterior::{Deficit, Weighed, posterior};
use super::worth::Worth;

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

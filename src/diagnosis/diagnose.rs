//! The diagnosis of one period: every cause is looked at, weighed against the others, and said in order.

use super::annotations;
use super::case::{Case, Judged};
use super::causes::{Assess, Assessment, CAUSES, Cause, Explained};
use super::codes::Conversion;
use super::cohort::matured::matured;
use super::daily::whole_days;
use super::detect;
use super::finding::{Diagnosis, Score};
use super::findings::Findings;
use super::segments;
use super::weigh::calibration::Calibration;
use super::weigh::features::Shortfall;
use super::weigh::posterior::{Posterior, Weighed, posterior};
use super::worth::Worth;

/// Diagnoses a period. The same case gives the same diagnosis, bit for bit.
pub fn diagnose(case: &Case, worth: &Worth, calibration: &Calibration) -> Diagnosis {
    let total = total(case);
    let deficit = deficit(total);
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
    Diagnosis {
        incident_probability: of_any_incident(&posteriors),
        first_probability: posteriors[0].incident,
        second_probability: posteriors[1].incident,
        checked: findings.checked(&found),
        dispute: findings.dispute(),
        matured: matured(case),
        segments: segments::segments(case),
        tests: detect::tests(case),
        days: whole_days(case),
        scores: scores(&assessed),
        deficit,
        findings: found,
    }
}

/// All inquiries of the period, given the sessions and their mix.
fn total(case: &Case) -> Option<Judged> {
    case.seen.inquiries.as_ref()?;
    case.judge(&case.inquiries(|_| true), Some(&case.exposure(|_| true)))
}

/// The loss of the first conversion; none of any certainty where nothing was to be expected.
fn deficit(total: Option<Judged>) -> Shortfall {
    let Some(total) = total else {
        return Shortfall::default();
    };
    Shortfall {
        inquiries: total.lost(),
        deviation: total.deviation(),
    }
}

/// Something happened unless nothing happened to either conversion: each is weighed by itself.
fn of_any_incident(posteriors: &[Posterior; 2]) -> f64 {
    let quiet: f64 = posteriors
        .iter()
        .map(|posterior| 1.0 - posterior.incident)
        .product();
    1.0 - quiet
}

type Assessed<'c> = Vec<(&'c Cause, Assessment)>;

/// Looks at every cause; those that take what the others leave come last.
fn assess_all(case: &Case, deficit: Shortfall, calibration: &Calibration) -> Assessed<'static> {
    let mut assessed = Assessed::new();
    for cause in CAUSES {
        if let Assess::Alone(assess) = cause.assess {
            assessed.push((*cause, noted(case, cause, assess(case))));
        }
    }
    let explained = explained(case, &assessed, deficit, calibration);
    for cause in CAUSES {
        if let Assess::Rest(assess) = cause.assess {
            assessed.push((*cause, noted(case, cause, assess(case, &explained))));
        }
    }
    assessed
}

fn noted(case: &Case, cause: &Cause, mut found: Assessment) -> Assessment {
    annotations::add(cause.code, &mut found, &case.seen.annotations);
    found
}

/// Inquiries of the deficit that the causes with a place of their own explain, each as far as it is probable and on the days
/// that it was: a line that was dead for a day explains nothing of the others.
fn explained(
    case: &Case,
    assessed: &[(&Cause, Assessment)],
    deficit: Shortfall,
    calibration: &Calibration,
) -> Explained {
    let weighed = weighed(assessed);
    let found = posterior(&weighed, Conversion::First, deficit, calibration);
    let mut explained = Explained::default();
    for (cause, assessment) in assessed {
        // A cause that brought inquiries takes none of the deficit away.
        let explains = assessment.explains.max(0.0);
        if cause.conversion == Conversion::First && assessment.missing.is_none() {
            let inquiries = found.of(cause.code) * explains;
            explained.add(assessment.days(case), inquiries);
        }
    }
    explained
}

/// The causes that could be assessed, as the posterior takes them.
fn weighed(assessed: &[(&Cause, Assessment)]) -> Vec<Weighed> {
    let assessable = assessed.iter().filter(|(_, found)| found.missing.is_none());
    assessable
        .map(|(cause, found)| Weighed {
            code: cause.code,
            conversion: cause.conversion,
            features: found.features(),
            explains: found.explains,
            voids: found.voids.clone(),
        })
        .collect()
}

fn scores(assessed: &[(&Cause, Assessment)]) -> Vec<Score> {
    assessed
        .iter()
        .map(|(cause, found)| score(cause, found))
        .collect()
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

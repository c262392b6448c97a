//! What became of what the report before had found.

use anyhow::Result;

use super::account::first_reported;
use super::answers::{Asked, newest};
use super::examine::{Examined, Snapshot};
use crate::diagnosis::case::Case;
use crate::diagnosis::codes::Scope;
use crate::diagnosis::daily::{Daily, daily};
use crate::diagnosis::finding::{Diagnosis, RankedCause, found};
use crate::digest::language::Strings;
use crate::digest::{Digest, FollowUp, ThenNow};
use crate::model::period::Period;

/// Holds what the headline of the period before named against this period, with the owner's answer. The period before is
/// looked at as its readers saw it; what nobody was told of is not followed up.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn followup(
    snapshot: &Snapshot<'_>,
    strings: &Strings,
    period: &Period,
    case: &Case<'_>,
    now: &Diagnosis,
) -> Result<Option<FollowUp>> {
    let before = period.previous();
    let (lake, plan) = (snapshot.lake, snapshot.plan);
    let Some(reported) = first_reported(lake, &plan.name, &before, snapshot.known_at)? else {
        return Ok(None);
    };
    let Examined { digest, .. } = snapshot.examine_at(strings, &before, reported)?;
    let Some(lead) = digest.lead() else {
        return Ok(None);
    };
    let asked = Asked {
        pipeline: &plan.name,
        period: &before,
        cause: lead.code,
    };
    Ok(Some(FollowUp {
        goes_on: Some(goes_on(lead, now)),
        counted: counted(&digest, lead, case, period),
        answer: newest(lake, asked, snapshot.as_of)?,
        found: lead.clone(),
        period: before,
    }))
}

/// Whether the same cause is found again in a place that the two share.
fn goes_on(then: &RankedCause, now: &Diagnosis) -> bool {
    let mut again = found(&now.findings);
    again.any(|(_, cause)| cause.code == then.code && share(&then.scope, &cause.scope))
}

fn share(one: &Scope, other: &Scope) -> bool {
    let is_everywhere = one.is_empty() || other.is_empty();
    is_everywhere
        || one
            .iter()
            .any(|(dimension, place)| other.get(dimension) == Some(place))
}

/// The days of the place, summed over each of the two periods.
fn counted(
    digest: &Digest,
    lead: &RankedCause,
    case: &Case<'_>,
    period: &Period,
) -> Option<ThenNow> {
    let mut findings = digest.findings.iter();
    let finding = findings.find(|finding| {
        finding
            .causes
            .first()
            .is_some_and(|cause| cause.code == lead.code)
    })?;
    let then = finding.daily.as_ref()?;
    let now = daily(case, lead.code, &lead.scope)?;
    let (was, _) = sums(then, &digest.period);
    let (observed, expected) = sums(&now, period);
    Some(ThenNow {
        measure: now.measure,
        then: was,
        now: observed,
        expected,
    })
}

/// What was seen and what was to be expected in a period; tenths, as the days are.
fn sums(days: &Daily, period: &Period) -> (f64, f64) {
    let within = days
        .points
        .iter()
        .filter(|point| (period.from..=period.to).contains(&point.day));
    let (observed, expected) = within.fold((0.0, 0.0), |sum, point| {
        (sum.0 + point.observed, sum.1 + point.expected)
    });
    (observed, (expected * 10.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::observations::Dimension;

    #[test]
    fn a_fault_goes_on_where_both_places_hold_one_and_the_same() {
        let scope = |page: &str| Scope::from([(Dimension::Page, page.to_owned())]);
        assert!(share(&scope("/ceny"), &scope("/ceny")));
        assert!(share(&scope("/ceny"), &Scope::new()));
        assert!(!share(&scope("/ceny"), &scope("/okna")));
    }
}

//! The CRM does not show what happened: closings are entered late or at once, deals twice, without inquiry or not at all.

mod at_once;
mod late;

use self::at_once::at_once;
use self::late::late;
use super::{Assess, Assessment, Cause};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::cohort::earlier::weigh;
use crate::diagnosis::cohort::windows;
use crate::diagnosis::finding::{CauseCode, Conversion};
use crate::diagnosis::weigh::evidence::{Evidence, Role};
use crate::diagnosis::weigh::hypothesis::{Hypothesis, choose, family, onset};
use crate::model::observations::{Dimension, SeenDeal};

/// Many closings on one day, and inquiries without deals, have other reasons too: they weigh no more than this, nats.
const MOST_AT_ONCE: f64 = 10.0;

/// What is entered is not what happened.
pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::CrmHygiene,
    conversion: Conversion::Second,
    checks: &[
        "crm_hygiene.closings",
        "crm_hygiene.responsible",
        "crm_hygiene.duplicates",
        "crm_hygiene.rule",
    ],
    assess: Assess::Alone(assess),
};

fn assess(case: &Case) -> Assessment {
    if case.seen.deals.is_none() {
        return Assessment::not_assessable(Evidence::new("crm_hygiene.no_deals", 0.0, []));
    }
    let one = |hypothesis: Option<Hypothesis>| hypothesis.into_iter().collect();
    // While people are off nobody closes deals and few customers are new, and afterwards much is done at once: that is the
    // calendar's doing.
    let ordinary = if case.is_festive() {
        vec![]
    } else {
        let by_manager = case
            .codes(Dimension::Manager)
            .filter_map(|manager| late(case, Some(manager)));
        vec![
            one(late(case, None)),
            by_manager.collect(),
            one(twice(case)),
        ]
    };
    let always = vec![
        one(at_once(case)),
        one(not_entered(case)),
        one(share(case, "crm_hygiene.no_inquiry", |deal| {
            deal.contact.is_none()
        })),
        one(share(case, "crm_hygiene.no_manager", |deal| {
            deal.manager == 0
        })),
    ];
    let kinds = ordinary.into_iter().chain(always).collect();
    choose(kinds).unwrap_or_else(|| {
        Assessment::not_assessable(Evidence::new("crm_hygiene.few_deals", 0.0, []))
    })
}

/// Deals closed on each day.
fn closings(case: &Case) -> Vec<f64> {
    let mut closed = vec![0.0; case.days()];
    for day in case
        .seen
        .deals
        .iter()
        .flatten()
        .filter_map(|deal| deal.closed_day)
    {
        closed
            .get_mut(day as usize)
            .into_iter()
            .for_each(|count| *count += 1.0);
    }
    closed
}

/// Leaves out the days of the period without any row of the CRM, from what was seen and from what was due: an export is
/// missing there, and nobody's hygiene.
fn without_empty_days(case: &Case, seen: &mut [f64], due: &mut [f64]) {
    let (created, closed) = (case.deals(|_| true), closings(case));
    for day in (case.start()..case.days()).filter(|day| created[*day] + closed[*day] == 0.0) {
        (seen[day], due[day]) = (0.0, 0.0);
    }
}

/// More deals of people who have one already, and more deals to an inquiry.
fn twice(case: &Case) -> Option<Hypothesis> {
    let created = case.deals(|_| true);
    let repeated = case.deals(|deal| deal.is_repeat);
    let (weight, judged) =
        weigh(case, &repeated, &created, Judged::rise).filter(|found| found.1.expected > 0.0)?;
    let mut evidence =
        vec![Evidence::new("crm_hygiene.repeats", weight, judged.counts()).of(Role::Quality)];
    if case.seen.inquiries.is_some() {
        let more = weigh(case, &created, &case.inquiries(|_| true), Judged::rise);
        evidence.extend(more.map(|(weight, judged)| {
            Evidence::new("crm_hygiene.more_deals", weight, judged.counts()).of(Role::Quality)
        }));
    }
    let started_at = (weight > 2.0)
        .then(|| {
            onset(
                case,
                &repeated,
                &created,
                windows(case).1.start as usize..case.days(),
                true,
            )
        })
        .flatten();
    Some(Hypothesis {
        evidence: family(evidence),
        started_at,
        ..Hypothesis::default()
    })
}

/// Inquiries come, and no deals are entered for them.
fn not_entered(case: &Case) -> Option<Hypothesis> {
    let mut inquiries = case
        .seen
        .inquiries
        .as_ref()
        .map(|_| case.inquiries(|_| true))?;
    let mut created = case.deals(|deal| !deal.is_repeat);
    without_empty_days(case, &mut created, &mut inquiries);
    let (weight, judged) =
        weigh(case, &created, &inquiries, Judged::fall).filter(|found| found.1.expected > 1.0)?;
    let weight = weight.min(MOST_AT_ONCE);
    let evidence =
        vec![Evidence::new("crm_hygiene.not_entered", weight, judged.counts()).of(Role::Answering)];
    let started_at = (weight > 2.0)
        .then(|| {
            onset(
                case,
                &created,
                &inquiries,
                windows(case).1.start as usize..case.days(),
                false,
            )
        })
        .flatten();
    Some(Hypothesis {
        evidence,
        started_at,
        ..Hypothesis::default()
    })
}

/// More deals than usual of a kind that should not be.
fn share(case: &Case, code: &str, keep: fn(&SeenDeal) -> bool) -> Option<Hypothesis> {
    let (weight, judged) = weigh(case, &case.deals(keep), &case.deals(|_| true), Judged::rise)?;
    (judged.observed > 0.0).then(|| Hypothesis {
        evidence: vec![Evidence::new(code, weight, judged.counts()).of(Role::Outcome)],
        ..Hypothesis::default()
    })
}

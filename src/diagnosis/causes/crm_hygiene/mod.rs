//! The CRM does not show what happened: closings are entered late or at once, deals twice, without inquiry or not at all.

mod at_once;
mod late;

use self::at_once::at_once;
pub(super) use self::late::sales_closed;
use self::late::{late, late_sales};
use super::{Assess, Assessment, Cause, start_of_change};
use crate::config::words::{self, Key};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::codes::{CauseCode, Conversion};
use crate::diagnosis::cohort::earlier::weigh;
use crate::diagnosis::outage::silence::Way;
use crate::diagnosis::weigh::evidence::{Evidence, Role};
use crate::diagnosis::weigh::hypothesis::{Hypothesis, choose, family};
use crate::model::observations::{Dimension, SeenDeal};

/// Many closings on one day, and inquiries without deals, have other reasons too: they weigh no more than this, nats.
const MOST_AT_ONCE: f64 = 10.0;
/// Fewer deals due for the inquiries that came do not tell whether they are entered.
const FEWEST_ENTERED: f64 = 1.0;

/// What is entered is not what happened.
pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::CrmHygiene,
    conversion: Conversion::Second,
    checks: &[
        words::check::crm_hygiene::CLOSINGS,
        words::check::crm_hygiene::RESPONSIBLE,
        words::check::crm_hygiene::DUPLICATES,
        words::check::crm_hygiene::RULE,
    ],
    assess: Assess::Alone(assess),
};

fn assess(case: &Case) -> Assessment {
    if case.seen.deals.is_none() {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::crm_hygiene::NO_DEALS,
            0.0,
            [],
        ));
    }
    let one = |hypothesis: Option<Hypothesis>| hypothesis.into_iter().collect();
    let mut kinds: Vec<Vec<Hypothesis>> = Vec::new();
    // While people are off nobody closes deals and few customers are new, and afterwards much is done at once: that is the
    // calendar's doing.
    if !case.is_festive() {
        let managers = case.codes(Dimension::Manager);
        kinds.push(one(late(case, None)));
        kinds.push(one(late_sales(case)));
        kinds.push(managers.filter_map(|code| late(case, Some(code))).collect());
        kinds.push(one(twice(case)));
    }
    let has_no_inquiry = |deal: &SeenDeal| deal.contact.is_none();
    let has_no_manager = |deal: &SeenDeal| deal.manager == 0;
    kinds.push(one(at_once(case)));
    kinds.push(one(not_entered(case)));
    kinds.push(one(share(
        case,
        words::evidence::crm_hygiene::NO_INQUIRY,
        has_no_inquiry,
    )));
    kinds.push(one(share(
        case,
        words::evidence::crm_hygiene::NO_MANAGER,
        has_no_manager,
    )));
    choose(kinds).unwrap_or_else(|| {
        Assessment::not_assessable(Evidence::new(
            words::evidence::crm_hygiene::FEW_DEALS,
            0.0,
            [],
        ))
    })
}

/// Deals closed on each day.
fn closings(case: &Case) -> Vec<f64> {
    let mut closed = vec![0.0; case.days()];
    let deals = case.seen.deals.iter().flatten();
    for day in deals.filter_map(|deal| deal.closed_day) {
        // A deal may be closed after the period, when a report is made again later.
        if let Some(count) = closed.get_mut(day as usize) {
            *count += 1.0;
        }
    }
    closed
}

/// Leaves out the days of the period without any row of the CRM, from what was seen and from what was due: an export is
/// missing there, and nobody's hygiene.
fn without_empty_days(case: &Case, seen: &mut [f64], due: &mut [f64]) {
    let (created, closed) = (case.deals(|_| true), closings(case));
    for day in case.start()..case.days() {
        if created[day] + closed[day] == 0.0 {
            (seen[day], due[day]) = (0.0, 0.0);
        }
    }
}

/// More deals of people who have one already, and more deals to an inquiry.
fn twice(case: &Case) -> Option<Hypothesis> {
    let created = case.deals(|_| true);
    let repeated = case.deals(|deal| deal.is_repeat);
    let (weight, judged) = weigh(case, &repeated, &created, Judged::rise)?;
    if judged.expected <= 0.0 {
        return None;
    }
    let repeats = Evidence::new(
        words::evidence::crm_hygiene::REPEATS,
        weight,
        judged.counts(),
    );
    let mut evidence = vec![repeats.of(Role::Quality)];
    evidence.extend(more_deals(case, &created));
    Some(Hypothesis {
        evidence: family(evidence),
        started_at: start_of_change(case, weight, &repeated, &created, Way::Rise),
        ..Hypothesis::default()
    })
}

/// More deals than the inquiries make.
fn more_deals(case: &Case, created: &[f64]) -> Option<Evidence> {
    case.seen.inquiries.as_ref()?;
    let (weight, judged) = weigh(case, created, &case.inquiries(|_| true), Judged::rise)?;
    Some(
        Evidence::new(
            words::evidence::crm_hygiene::MORE_DEALS,
            weight,
            judged.counts(),
        )
        .of(Role::Quality),
    )
}

/// Inquiries come, and no deals are entered for them.
fn not_entered(case: &Case) -> Option<Hypothesis> {
    case.seen.inquiries.as_ref()?;
    let mut inquiries = case.inquiries(|_| true);
    let mut created = case.deals(|deal| !deal.is_repeat);
    without_empty_days(case, &mut created, &mut inquiries);
    let (weight, judged) = weigh(case, &created, &inquiries, Judged::fall)?;
    if judged.expected <= FEWEST_ENTERED {
        return None;
    }
    let weight = weight.min(MOST_AT_ONCE);
    let missing = Evidence::new(
        words::evidence::crm_hygiene::NOT_ENTERED,
        weight,
        judged.counts(),
    );
    Some(Hypothesis {
        evidence: vec![missing.of(Role::Answering)],
        started_at: start_of_change(case, weight, &created, &inquiries, Way::Fall),
        ..Hypothesis::default()
    })
}

/// More deals than usual of a kind that should not be.
fn share(case: &Case, code: Key, keep: fn(&SeenDeal) -> bool) -> Option<Hypothesis> {
    let (weight, judged) = weigh(case, &case.deals(keep), &case.deals(|_| true), Judged::rise)?;
    if judged.observed <= 0.0 {
        return None;
    }
    let evidence = Evidence::new(code, weight, judged.counts());
    Some(Hypothesis {
        evidence: vec![evidence.of(Role::Outcome)],
        ..Hypothesis::default()
    })
}

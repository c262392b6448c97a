//! Deals stop being closed, won and lost alike, while everything else goes on.

use chrono::{Datelike, Days};

use super::without_empty_days;
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::cohort::earlier::weigh;
use crate::diagnosis::cohort::panel::{HAS_PASSED, Place};
use crate::diagnosis::cohort::{Learnt, Member, windows};
use crate::diagnosis::finding::Scope;
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, before};
use crate::diagnosis::weigh::hypothesis::{Hypothesis, onset};
use crate::diagnosis::weigh::scopes::range;
use crate::model::observations::{Code, Dimension};

/// Days left in the month from which on a day is like any other.
const MONTH_END: usize = 5;
/// Days of a week.
const WEEK: usize = 7;
/// Closings that the profile of a month or week leans on "every day alike" with.
const LENT_CLOSINGS: f64 = 20.0;

/// Deals stop being closed, won and lost alike, while everything else goes on: all deals from some day on, or those of
/// the latest cohorts.
pub(super) fn late(case: &Case, manager: Option<Code>) -> Option<Hypothesis> {
    let outcomes = case.outcomes();
    let closed = outcomes.closed.as_ref()?;
    let keep = |member: &Member| manager.is_none_or(|manager| member.manager == manager);
    let place = manager.map_or(Place::All, Place::Manager);
    let by_day = |learnt: &Learnt| {
        let (mut seen, mut due) = learnt.cohorts.by_event_day(case, keep);
        without_empty_days(case, &mut seen, &mut due);
        as_people_close(case, &seen, &mut due);
        (seen, due)
    };
    let (seen, due) = by_day(closed);
    let (of_days, judged) =
        weigh(case, &seen, &due, Judged::fall).filter(|found| found.1.expected >= 1.0)?;
    let by_cohort = closed
        .panel
        .reported(place)
        .map_or(0.0, |judged| judged.fall());
    // Where the deals of the period itself are closed as ever, what is missing is of earlier weeks and has passed.
    let has_passed = HAS_PASSED * by_cohort.min(0.0);
    let weight = bayes::log_mean(&[of_days, by_cohort]) + has_passed;
    let mut evidence = vec![Evidence::new(
        "crm_hygiene.closings",
        weight,
        judged.counts(),
    )];
    evidence.extend(before(closed.panel.before(place, Judged::fall)));
    let sales = outcomes.won.as_ref().map(by_day);
    let sales = sales.and_then(|(seen, due)| Some(weigh(case, &seen, &due, Judged::fall)?.1));
    evidence.extend(refusals(case, place));
    evidence.extend(activity(case, manager, weight));
    evidence.extend(answered_late(case));
    evidence.retain(|one| one.weight != 0.0);
    let scope = match manager {
        Some(manager) => [(
            Dimension::Manager,
            case.text(Dimension::Manager, manager).to_owned(),
        )]
        .into(),
        None => Scope::new(),
    };
    let started_at = (weight > 2.0)
        .then(|| {
            onset(
                case,
                &seen,
                &due,
                windows(case).1.start as usize..case.days(),
                false,
            )
        })
        .flatten();
    Some(Hypothesis {
        evidence,
        scope,
        started_at,
        lost_sales: sales.map(|sales| range(sales.lost(), sales.deviation())),
    })
}

/// Many firms close what they can at the end of a month, and few close anything on Sundays: what is due on a day follows
/// both.
fn as_people_close(case: &Case, seen: &[f64], due: &mut [f64]) {
    let weekday = |day: usize| (case.weekday() + day) % WEEK;
    let left = |day: usize| {
        let date = case.seen.date(day as u32);
        (0..MONTH_END)
            .find(|days| (date + Days::new(*days as u64 + 1)).month() != date.month())
            .unwrap_or(MONTH_END)
    };
    in_proportion::<WEEK>(case, seen, due, weekday);
    in_proportion::<{ MONTH_END + 1 }>(case, seen, due, left);
}

/// Multiplies what is due on days of each kind by what was closed on such days before, for what was due.
fn in_proportion<const KINDS: usize>(
    case: &Case,
    seen: &[f64],
    due: &mut [f64],
    kind: impl Fn(usize) -> usize,
) {
    let (mut closed, mut expected) = ([0.0; KINDS], [0.0; KINDS]);
    for day in (0..case.start()).filter(|day| due[*day] > 0.0) {
        closed[kind(day)] += seen[day];
        expected[kind(day)] += due[day];
    }
    let level = closed.iter().sum::<f64>() / expected.iter().sum::<f64>().max(1e-9);
    for (day, due) in due.iter_mut().enumerate() {
        let at = kind(day);
        *due *= (closed[at] + LENT_CLOSINGS) / (expected[at] * level + LENT_CLOSINGS);
    }
}

/// If sales are missing and refusals are not, it is no matter of entering: refusals of the latest cohorts decide.
fn refusals(case: &Case, place: Place) -> Option<Evidence> {
    let judged = case.outcomes().lost.as_ref()?.panel.recent(place)?;
    let weight = judged.fall();
    let code = if weight < 0.0 {
        "crm_hygiene.refusals"
    } else {
        "crm_hygiene.refusals_too"
    };
    Some(Evidence::new(code, weight, judged.counts()).of(Role::Reasons))
}

/// People who are not answered have deals that nobody closes: that is not the CRM's fault.
fn answered_late(case: &Case) -> Option<Evidence> {
    let slow = case
        .response()
        .map_or(0.0, |response| response.strongest(case));
    (slow > 1.0).then(|| Evidence::new("crm_hygiene.answered_late", -slow, []).of(Role::Rival))
}

/// Fewer new deals too: then people are away or an export is missing, which explains as many of the missing closings.
fn activity(case: &Case, manager: Option<Code>, closings: f64) -> Option<Evidence> {
    let created = case.deals(|deal| manager.is_none_or(|manager| deal.manager == manager));
    let judged = case.judge(&created, None)?;
    let weight = judged.fall();
    (weight > 1.0).then(|| {
        Evidence::new(
            "crm_hygiene.new_deals",
            -weight.min(closings.max(0.0)),
            judged.counts(),
        )
        .of(Role::Others)
    })
}

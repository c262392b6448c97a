//! The CRM does not show what happened: closings are entered late or at once, deals twice, without inquiry or not at all.

use chrono::{Datelike, Days};

use super::{Assess, Assessment, Cause};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::cohort::earlier::weigh;
use crate::diagnosis::cohort::panel::{HAS_PASSED, Place};
use crate::diagnosis::cohort::{Learnt, Member, windows};
use crate::diagnosis::finding::{CauseCode, Conversion, Scope};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value, before};
use crate::diagnosis::weigh::hypothesis::{Hypothesis, choose, family, onset};
use crate::diagnosis::weigh::scopes::range;
use crate::model::observations::{Code, Dimension, SeenDeal};

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

/// Deals stop being closed, won and lost alike, while everything else goes on: all deals from some day on, or those of
/// the latest cohorts.
fn late(case: &Case, manager: Option<Code>) -> Option<Hypothesis> {
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

/// Days left in the month from which on a day is like any other.
const MONTH_END: usize = 5;
/// Days of a week.
const WEEK: usize = 7;
/// Closings that the profile of a month or week leans on "every day alike" with.
const LENT_CLOSINGS: f64 = 20.0;

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

/// What a nat of missing closings in the weeks before takes away from closings at once: four of them leave nothing.
const BACKLOG: f64 = 2.5;

/// A day on which many more deals are closed than on the fullest day of a usual period: they were entered in arrears.
fn at_once(case: &Case) -> Option<Hypothesis> {
    let last_week = case.seen.period.from - Days::new(7);
    if case.seen.calendar.days_off(last_week, case.seen.period.to) >= 2 {
        return None;
    }
    let closed = closings(case);
    let fullest = |days: &[f64]| days.iter().copied().fold(0.0, f64::max);
    let length = case.length();
    let base: Vec<f64> = closed[case.base_start()..case.start()]
        .rchunks(length)
        .map(fullest)
        .collect();
    let mean = base.iter().sum::<f64>() / base.len().max(1) as f64;
    if base.len() < 4 || mean < 1.0 {
        return None;
    }
    let variance =
        base.iter().map(|most| (most - mean).powi(2)).sum::<f64>() / (base.len() - 1) as f64;
    let dispersion =
        (variance - mean).max(0.0) / (mean * mean) + 0.02 + 1.0 / (mean * base.len() as f64);
    let reported = &closed[case.start()..];
    let judged = Judged {
        observed: fullest(reported),
        expected: mean,
        ordinary: mean,
        dispersion,
    };
    let day = reported
        .iter()
        .position(|count| *count >= judged.observed)?
        + case.start();
    let [observed, expected] = judged.counts();
    let values = [
        observed,
        expected,
        ("day", Value::Day(case.seen.date(day as u32))),
    ];
    // A backlog that is worked off ends a fault of earlier weeks, which those weeks have told.
    let backlog = case.before(&closed, None, bayes::fall);
    let weight = judged.rise().min(MOST_AT_ONCE) - BACKLOG * backlog;
    let evidence = vec![Evidence::new("crm_hygiene.at_once", weight, values).of(Role::Rows)];
    Some(Hypothesis {
        evidence,
        ..Hypothesis::default()
    })
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

//! The CRM does not show what happened: closings are entered late or at once, deals twice, without inquiry or not at all.

use super::{Assessment, Cause};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::cohorts::{Cohorts, Outcome, windows};
use crate::diagnosis::earlier::weigh;
use crate::diagnosis::evidence::{Evidence, Value};
use crate::diagnosis::finding::{CauseCode, Conversion, Scope};
use crate::diagnosis::hypothesis::{Hypothesis, MOST_BESIDE, choose, family, onset};
use crate::metrics::scorecard::Estimate;
use crate::model::observations::{Code, Dimension, SeenDeal};

/// What is entered is not what happened.
pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::CrmHygiene,
    conversion: Conversion::Second,
    checks: &["crm_hygiene.closings", "crm_hygiene.responsible", "crm_hygiene.duplicates", "crm_hygiene.rule"],
    assess,
};

fn assess(case: &Case) -> Assessment {
    if case.seen.deals.is_none() {
        return Assessment::not_assessable(Evidence::new("crm_hygiene.no_deals", 0.0, []));
    }
    let closed = Cohorts::of_deals(case, Outcome::Closed);
    let won = Cohorts::of_deals(case, Outcome::Won);
    let late = |manager| late(case, closed.as_ref()?, won.as_ref(), manager);
    let by_manager = case.codes(Dimension::Manager).filter_map(|manager| late(Some(manager))).collect();
    let one = |hypothesis: Option<Hypothesis>| hypothesis.into_iter().collect();
    let kinds = vec![
        one(late(None)),
        by_manager,
        one(at_once(case)),
        one(twice(case)),
        one(not_entered(case)),
        one(share(case, "crm_hygiene.no_inquiry", |deal| deal.contact.is_none())),
        one(share(case, "crm_hygiene.no_manager", |deal| deal.manager == 0)),
    ];
    choose(kinds).unwrap_or_else(|| Assessment::not_assessable(Evidence::new("crm_hygiene.few_deals", 0.0, [])))
}

fn counts(judged: &Judged) -> [(&'static str, Value); 2] {
    [("observed", Value::Count(judged.observed)), ("expected", Value::Count(judged.expected))]
}

/// Days of the reported period on which the CRM has no row at all while inquiries came: a missing export, no hygiene.
fn is_empty(case: &Case, created: &[f64]) -> Vec<bool> {
    let mut touched = created.to_vec();
    for day in case.seen.deals.iter().flatten().filter_map(|deal| deal.closed_day) {
        touched.get_mut(day as usize).into_iter().for_each(|count| *count += 1.0);
    }
    touched.iter().enumerate().map(|(day, count)| day >= case.start() && *count == 0.0).collect()
}

/// Leaves out the days without any row of the CRM, from what was seen and from what was due.
fn without_empty_days(case: &Case, seen: &mut [f64], due: &mut [f64]) {
    let empty = is_empty(case, &case.deals(|_| true));
    for day in (0..case.days()).filter(|day| empty[*day]) {
        (seen[day], due[day]) = (0.0, 0.0);
    }
}

/// Deals stop being closed, won and lost alike, while everything else goes on.
fn late(case: &Case, closed: &Cohorts, won: Option<&Cohorts>, manager: Option<Code>) -> Option<Hypothesis> {
    let keep = |member: &crate::diagnosis::cohorts::Member| manager.is_none_or(|manager| member.manager == manager);
    let (mut seen, mut due) = closed.by_event_day(case, keep);
    without_empty_days(case, &mut seen, &mut due);
    let (weight, judged) = weigh(case, &seen, &due, Judged::fall).filter(|found| found.1.expected >= 1.0)?;
    let mut evidence = vec![Evidence::new("crm_hygiene.closings", weight, counts(&judged))];
    let wins = won.map(|won| won.by_event_day(case, keep));
    let sales = wins.and_then(|(seen, due)| Some(weigh(case, &seen, &due, Judged::fall)?.1));
    evidence.extend(only_sales(&judged, sales.as_ref()));
    evidence.extend(activity(case, manager, weight));
    let scope = match manager {
        Some(manager) => [(Dimension::Manager, case.text(Dimension::Manager, manager).to_owned())].into(),
        None => Scope::new(),
    };
    let started_at =
        (weight > 2.0).then(|| onset(case, &seen, &due, windows(case).1.start as usize..case.days(), false)).flatten();
    Some(Hypothesis { evidence, scope, started_at, lost_sales: sales.as_ref().map(unrecorded) })
}

/// Sales that were to be entered in the period and were not.
fn unrecorded(sales: &Judged) -> Estimate {
    let spread = 1.96 * sales.deviation();
    Estimate { value: sales.lost(), low: sales.lost() - spread, high: sales.lost() + spread }
}

/// If sales are missing and refusals are not, it is no matter of entering: the closings that are no sales decide.
fn only_sales(closed: &Judged, won: Option<&Judged>) -> Option<Evidence> {
    let won = won?;
    let lost = Judged {
        observed: closed.observed - won.observed,
        expected: closed.expected - won.expected,
        ordinary: closed.expected - won.expected,
        dispersion: closed.dispersion,
    };
    let weight = lost.fall().min(0.0) * 1.5;
    (lost.expected > 1.0 && weight < 0.0)
        .then(|| Evidence::new("crm_hygiene.refusals", weight.max(-MOST_BESIDE), counts(&lost)))
}

/// Fewer new deals too: then people are away or an export is missing, which explains as many of the missing closings.
fn activity(case: &Case, manager: Option<Code>, closings: f64) -> Option<Evidence> {
    let created = case.deals(|deal| manager.is_none_or(|manager| deal.manager == manager));
    let judged = case.judge(&created, None)?;
    let weight = judged.fall();
    (weight > 1.0).then(|| Evidence::new("crm_hygiene.new_deals", -weight.min(closings.max(0.0)), counts(&judged)))
}

/// A day on which many more deals are closed than on the fullest day of a usual period: they were entered in arrears.
fn at_once(case: &Case) -> Option<Hypothesis> {
    let mut closed = vec![0.0; case.days()];
    for day in case.seen.deals.iter().flatten().filter_map(|deal| deal.closed_day) {
        if let Some(count) = closed.get_mut(day as usize) {
            *count += 1.0;
        }
    }
    let fullest = |days: &[f64]| days.iter().copied().fold(0.0, f64::max);
    let length = case.length();
    let base: Vec<f64> = closed[case.base_start()..case.start()].rchunks(length).map(fullest).collect();
    let mean = base.iter().sum::<f64>() / base.len().max(1) as f64;
    if base.len() < 4 || mean < 1.0 {
        return None;
    }
    let variance = base.iter().map(|most| (most - mean).powi(2)).sum::<f64>() / (base.len() - 1) as f64;
    let dispersion = (variance - mean).max(0.0) / (mean * mean) + 0.02 + 1.0 / (mean * base.len() as f64);
    let reported = &closed[case.start()..];
    let judged = Judged { observed: fullest(reported), expected: mean, ordinary: mean, dispersion };
    let day = reported.iter().position(|count| *count >= judged.observed)? + case.start();
    let [observed, expected] = counts(&judged);
    let values = [observed, expected, ("day", Value::Day(case.seen.date(day as u32)))];
    let evidence = vec![Evidence::new("crm_hygiene.at_once", judged.rise().min(2.0 * MOST_BESIDE), values)];
    Some(Hypothesis { evidence, ..Hypothesis::default() })
}

/// More deals of people who have one already, and more deals to an inquiry.
fn twice(case: &Case) -> Option<Hypothesis> {
    let created = case.deals(|_| true);
    let repeated = case.deals(|deal| deal.is_repeat);
    let (weight, judged) = weigh(case, &repeated, &created, Judged::rise).filter(|found| found.1.expected > 0.0)?;
    let mut evidence = vec![Evidence::new("crm_hygiene.repeats", weight, counts(&judged))];
    if case.seen.inquiries.is_some() {
        let more = weigh(case, &created, &case.inquiries(|_| true), Judged::rise);
        evidence.extend(more.map(|(weight, judged)| Evidence::new("crm_hygiene.more_deals", weight, counts(&judged))));
    }
    let started_at = (weight > 2.0)
        .then(|| onset(case, &repeated, &created, windows(case).1.start as usize..case.days(), true))
        .flatten();
    Some(Hypothesis { evidence: family(evidence), started_at, ..Hypothesis::default() })
}

/// Inquiries come, and no deals are entered for them.
fn not_entered(case: &Case) -> Option<Hypothesis> {
    let mut inquiries = case.seen.inquiries.as_ref().map(|_| case.inquiries(|_| true))?;
    let mut created = case.deals(|deal| !deal.is_repeat);
    without_empty_days(case, &mut created, &mut inquiries);
    let (weight, judged) = weigh(case, &created, &inquiries, Judged::fall).filter(|found| found.1.expected > 1.0)?;
    let weight = weight.min(2.0 * MOST_BESIDE);
    let evidence = vec![Evidence::new("crm_hygiene.not_entered", weight, counts(&judged))];
    let started_at = (weight > 2.0)
        .then(|| onset(case, &created, &inquiries, windows(case).1.start as usize..case.days(), false))
        .flatten();
    Some(Hypothesis { evidence, started_at, ..Hypothesis::default() })
}

/// More deals than usual of a kind that should not be.
fn share(case: &Case, code: &str, keep: fn(&SeenDeal) -> bool) -> Option<Hypothesis> {
    let (weight, judged) = weigh(case, &case.deals(keep), &case.deals(|_| true), Judged::rise)?;
    (judged.observed > 0.0)
        .then(|| Hypothesis { evidence: vec![Evidence::new(code, weight, counts(&judged))], ..Hypothesis::default() })
}

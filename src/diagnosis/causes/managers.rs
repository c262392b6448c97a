//! Inquiries that managers lose: missed calls, late or no call-back, deals that one of them does not bring home.

use std::ops::Range;

use super::{Assessment, Cause};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::cohorts::{
    Cohorts, Member, Outcome, Weighed, shortfall, unless_unclosed, weigh_windows, windows,
};
use crate::diagnosis::earlier::weigh;
use crate::diagnosis::evidence::{Evidence, Value};
use crate::diagnosis::finding::{CauseCode, Conversion, Scope};
use crate::diagnosis::hypothesis::{Hypothesis, MOST_BESIDE, beside, choose, family, onset};
use crate::diagnosis::response::{Response, is_waiting};
use crate::metrics::scorecard::Estimate;
use crate::model::observations::{Code, DealState, Dimension, SeenDeal};

/// Managers lose people: all of them, those of one line, or one.
pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::Managers,
    conversion: Conversion::Second,
    checks: &["managers.missed", "managers.call_back", "managers.deals", "managers.compare"],
    assess,
};

/// Times as slow as the slow ones: forgotten rather than late.
const FORGOTTEN: u32 = 4;
/// Share of its sales that a late answer costs until the firm's own history says otherwise: a careful part of what
/// Oldroyd, McElheran and Elkington (Harvard Business Review, March 2011) found for an answer after the first hour.
const LATE_COSTS: f64 = 0.4;
/// Fewer late answers in the history do not tell what one costs.
const MIN_LATE: f64 = 30.0;
/// The other managers' present level leans on the usual one as if so many sales more had come.
const LENT: f64 = 4.0;
/// Days that a deal may stay untouched.
const PATIENCE_DAYS: u32 = 2;

/// What all places are judged by.
struct Known {
    response: Option<Response>,
    won: Option<Cohorts>,
    lost: Option<Cohorts>,
    untargeted: Option<Cohorts>,
}

fn assess(case: &Case) -> Assessment {
    let of = |outcome| Cohorts::of_deals(case, outcome);
    let known = Known {
        response: Response::learn(case),
        won: of(Outcome::Won),
        lost: of(Outcome::Lost),
        untargeted: of(Outcome::Untargeted),
    };
    if known.response.is_none() && known.won.is_none() {
        return Assessment::not_assessable(Evidence::new("managers.no_activity", 0.0, []));
    }
    let lines = case.codes(Dimension::Line).filter_map(|line| one_line(case, &known, line)).collect();
    let managers = case.codes(Dimension::Manager).filter_map(|manager| one_manager(case, &known, manager)).collect();
    choose(vec![everyone(case, &known).into_iter().collect(), lines, managers])
        .unwrap_or_else(|| Assessment::not_assessable(Evidence::new("managers.few_events", 0.0, [])))
}

fn counts(judged: &Judged) -> [(&'static str, Value); 2] {
    [("observed", Value::Count(judged.observed)), ("expected", Value::Count(judged.expected))]
}

/// Everybody answers worse, and whichever channel is left out, fewer deals are won.
fn everyone(case: &Case, known: &Known) -> Option<Hypothesis> {
    let mut answers = Vec::new();
    answers.extend(missed(case, known, None).map(|found| found.0));
    answers.extend(slow(case, known, 1).map(|found| found.0));
    answers.extend(slow(case, known, FORGOTTEN).map(|found| found.0));
    if answers.is_empty() {
        return None;
    }
    let mut evidence = family(answers);
    let worst = evidence.first().map(|worst| worst.code.clone()).unwrap_or_default();
    let lost = known.lost.as_ref().and_then(|lost| lost.fall(case, |_| true));
    let sales = known.won.as_ref().and_then(|won| fewer_sales(case, won)).map(|seen| unless_unclosed(seen, lost));
    let fell = sales.as_ref().map(|seen| {
        let weight = beside(seen.weight, evidence.first());
        let code = if weight >= 0.0 { "managers.sales" } else { "managers.sales_stand" };
        Evidence::new(code, weight, counts(&seen.judged))
    });
    evidence.extend(fell);
    evidence.extend(untargeted(case, known));
    evidence.extend(failed(case));
    let by_day = match worst.as_str() {
        "managers.missed" => known.response.as_ref().map(|response| response.missed_by_day(case, None)),
        _ => known.response.as_ref().and_then(|response| response.slow_by_day(case, 1)),
    };
    let started_at = by_day.and_then(|(seen, all)| onset(case, &seen, &all, since(case)..case.days(), true));
    let lost_sales = lost_by_all(case, known, sales.as_ref());
    Some(Hypothesis { evidence, scope: Scope::new(), started_at, lost_sales })
}

fn since(case: &Case) -> usize {
    windows(case).1.start as usize
}

fn missed(case: &Case, known: &Known, line: Option<Code>) -> Option<(Evidence, Judged)> {
    let (weight, judged) = known.response.as_ref()?.missed(case, line).filter(|found| found.1.expected > 0.5)?;
    Some((Evidence::new("managers.missed", weight, counts(&judged)), judged))
}

fn slow(case: &Case, known: &Known, times: u32) -> Option<(Evidence, Judged)> {
    let response = known.response.as_ref()?;
    let (slow, all) = response.slow_by_day(case, times)?;
    let (weight, judged) = weigh(case, &slow, &all, Judged::rise).filter(|found| found.1.expected > 0.5)?;
    let code = if times > 1 { "managers.forgotten" } else { "managers.slow" };
    let limit = f64::from(response.slow_after?.saturating_mul(times));
    let [observed, expected] = counts(&judged);
    Some((Evidence::new(code, weight, [observed, expected, ("limit", Value::Seconds(limit))]), judged))
}

/// Fewer deals won, whichever channel is left out: cold inquiries of one channel are not the managers' doing.
fn fewer_sales(case: &Case, won: &Cohorts) -> Option<Weighed> {
    let without = |channel: Code| won.fall(case, |member| channel == 0 || member.channel != channel);
    let all = without(0)?;
    let channels = case.codes(Dimension::Channel).filter_map(without);
    let least = channels.map(|seen| seen.weight).fold(all.weight, f64::min);
    Some(Weighed { weight: least, ..all })
}

/// More untargeted people speak against the managers.
fn untargeted(case: &Case, known: &Known) -> Option<Evidence> {
    let seen = known.untargeted.as_ref()?.rise(case, |_| true).filter(|seen| seen.weight > 1.0)?;
    Some(Evidence::new("managers.untargeted", -seen.weight.min(MOST_BESIDE), counts(&seen.judged)))
}

/// More calls that fail for a technical reason: then missed ones are not the managers' doing either.
fn failed(case: &Case) -> Option<Evidence> {
    let (weight, judged) = Response::failed(case).filter(|found| found.0 > 1.0)?;
    Some(Evidence::new("managers.failed_calls", -weight.min(MOST_BESIDE), counts(&judged)))
}

/// Calls of one line are missed.
fn one_line(case: &Case, known: &Known, line: Code) -> Option<Hypothesis> {
    let (evidence, judged) = missed(case, known, Some(line))?;
    let response = known.response.as_ref()?;
    let (seen, all) = response.missed_by_day(case, Some(line));
    Some(Hypothesis {
        started_at: (evidence.weight > 2.0).then(|| onset(case, &seen, &all, since(case)..case.days(), true)).flatten(),
        evidence: std::iter::once(evidence).chain(failed(case)).collect(),
        scope: [(Dimension::Line, case.text(Dimension::Line, line).to_owned())].into(),
        lost_sales: late_costs(case, known, &judged),
    })
}

/// One manager answers worse or wins less of the same channels than the others do.
fn one_manager(case: &Case, known: &Known, manager: Code) -> Option<Hypothesis> {
    let (reported, recent) = windows(case);
    let created = case.deals(|deal| deal.manager == manager);
    if created[recent.start as usize..].iter().sum::<f64>() < case.settings.min_events {
        return None;
    }
    let late = known.response.as_ref().and_then(|response| response.slow_deals_by_day(case, manager));
    let slow = late.as_ref().and_then(|(slow, all)| weigh(case, slow, all, Judged::rise));
    let lost = known.lost.as_ref().and_then(|lost| lost.fall(case, |member| member.manager == manager));
    let weak = known.won.as_ref().and_then(|won| weak(case, won, manager)).map(|seen| unless_unclosed(seen, lost));
    let mut evidence: Vec<Evidence> = Vec::new();
    evidence.extend(weak.as_ref().map(|seen| Evidence::new("managers.weak", seen.weight, counts(&seen.judged))));
    evidence.extend(slow.map(|(weight, judged)| Evidence::new("managers.slow_manager", weight, counts(&judged))));
    evidence.extend(untouched(case, manager));
    let mut evidence = family(evidence);
    evidence.extend(more_lost(case, known, manager));
    let is_mine = |member: &Member| member.manager == manager;
    let lost_sales = known
        .won
        .as_ref()
        .zip(weak.as_ref())
        .map(|(won, weak)| shortfall(won.final_count(&reported, is_mine), &weak.judged));
    let started_at = late
        .filter(|_| slow.is_some_and(|found| found.0 > 2.0))
        .and_then(|(slow, all)| onset(case, &slow, &all, since(case)..case.days(), true));
    let scope = [(Dimension::Manager, case.text(Dimension::Manager, manager).to_owned())].into();
    Some(Hypothesis { evidence, scope, started_at, lost_sales })
}

/// A manager's sales against those due of their deals as the others do at present: what hits everyone is no one's fault.
fn weak(case: &Case, won: &Cohorts, manager: Code) -> Option<Weighed> {
    let judge = |window: &Range<u32>| {
        let own = won.judge(window, |member| member.manager == manager)?;
        let others = won.judge(window, |member| member.manager != manager);
        Some(relative(&own, others.as_ref()))
    };
    weigh_windows(case, judge, Judged::fall)
}

/// A judgement relative to how the others do: their ratio of observed to expected, leaning on 1.
fn relative(own: &Judged, others: Option<&Judged>) -> Judged {
    let Some(others) = others.filter(|others| others.expected > 0.0) else { return *own };
    let ratio = (others.observed + LENT) / (others.expected + LENT);
    let unsure = 1.0 / (others.observed + LENT);
    Judged {
        expected: own.expected * ratio,
        ordinary: own.ordinary * ratio,
        dispersion: own.dispersion + unsure,
        ..*own
    }
}

/// Deals of the manager that nobody has touched for days, against those of the others of the same age.
fn untouched(case: &Case, manager: Code) -> Option<Evidence> {
    let now = crate::diagnosis::cohorts::last_known(case);
    let (_, recent) = windows(case);
    let is_old = |deal: &SeenDeal| recent.contains(&deal.day) && deal.day + PATIENCE_DAYS <= now;
    let (mut mine, mut others) = ((0.0, 0.0), (0.0, 0.0));
    for deal in case.seen.deals.iter().flatten().filter(|deal| is_old(deal)) {
        let count = if deal.manager == manager { &mut mine } else { &mut others };
        count.0 += if deal.state == DealState::New { 1.0 } else { 0.0 };
        count.1 += 1.0;
    }
    if mine.0 + others.0 < 1.0 || others.1 < 20.0 {
        return None;
    }
    let expected = mine.1 * (others.0 + 1.0) / (others.1 + 1.0);
    let judged = Judged { observed: mine.0, expected, ordinary: expected, dispersion: 0.1 + 1.0 / (others.0 + 1.0) };
    Some(Evidence::new("managers.untouched", judged.rise(), counts(&judged)))
}

/// A manager who loses deals has more lost ones; one who only does not close them has fewer.
fn more_lost(case: &Case, known: &Known, manager: Code) -> Option<Evidence> {
    let judged = known.lost.as_ref()?.judge(&windows(case).1, |member| member.manager == manager)?;
    let weight = judged.rise() - judged.fall();
    let weight = if weight > 0.0 { 0.3 * weight } else { weight };
    Some(Evidence::new("managers.lost", weight.clamp(-MOST_BESIDE, 2.0), counts(&judged)))
}

/// Sales that everyone's way of answering costs: by the sales themselves when they fell, else by the late answers.
fn lost_by_all(case: &Case, known: &Known, sales: Option<&Weighed>) -> Option<Estimate> {
    let (reported, _) = windows(case);
    let seen = sales.filter(|seen| seen.weight > 0.0 && seen.judged.expected >= case.settings.min_events);
    if let Some((won, seen)) = known.won.as_ref().zip(seen) {
        return Some(shortfall(won.final_count(&reported, |_| true), &seen.judged));
    }
    let late = slow(case, known, 1).or_else(|| missed(case, known, None))?;
    late_costs(case, known, &late.1)
}

/// Sales that late answers cost: so many more than usual, each at what the firm's own history says of one.
fn late_costs(case: &Case, known: &Known, late: &Judged) -> Option<Estimate> {
    let (kept, lost) = cost_of_one(case, known.response.as_ref()?.slow_after)?;
    let at = |more: f64| more.max(0.0) * kept * lost;
    let more = -late.lost();
    let spread = 1.96 * late.deviation();
    Some(Estimate { value: at(more), low: at(more - spread), high: at(more + spread) })
}

/// Share of quickly answered people who buy, and the part of it that a late answer loses, from mature inquiries.
fn cost_of_one(case: &Case, slow_after: Option<u32>) -> Option<(f64, f64)> {
    let mature = (case.start() as u32).saturating_sub(case.settings.mature_days);
    let (mut fast, mut late) = ((0.0, 0.0), (0.0, 0.0));
    for seen in case.seen.inquiries.as_ref()?.iter().filter(|seen| seen.day < mature) {
        let is_late = is_waiting(seen) && seen.first_talk_s.is_none_or(|after| after > slow_after.unwrap_or(3_600));
        let count = if is_late { &mut late } else { &mut fast };
        count.0 += f64::from(u8::from(seen.sold_after.is_some()));
        count.1 += 1.0;
    }
    let kept = (fast.1 > 0.0).then(|| fast.0 / fast.1)?;
    let own = (late.1 >= MIN_LATE && kept > 0.0).then(|| (1.0 - late.0 / late.1 / kept).clamp(0.0, 1.0));
    Some((kept, own.unwrap_or(LATE_COSTS)))
}

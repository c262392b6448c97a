//! Inquiries that managers lose: missed calls, late or no call-back, untouched deals, deals that one of them does not bring
//! home.

mod one;
mod talks;
mod untouched;

use super::{Assess, Assessment, Cause};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::cohort::earlier::weigh;
use crate::diagnosis::cohort::panel::Place;
use crate::diagnosis::cohort::response::{Response, is_waiting};
use crate::diagnosis::cohort::{shortfall, windows};
use crate::diagnosis::finding::{CauseCode, Conversion, Scope};
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value, before};
use crate::diagnosis::weigh::hypothesis::{Hypothesis, choose, family, onset};
use crate::metrics::scorecard::Estimate;
use crate::model::observations::{Code, Dimension};

/// Managers lose people: all of them, those of one line, or one.
pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::Managers,
    conversion: Conversion::Second,
    checks: &[
        "managers.missed",
        "managers.call_back",
        "managers.deals",
        "managers.compare",
    ],
    assess: Assess::Alone(assess),
};

/// Times as slow as the slow ones: forgotten rather than late.
const FORGOTTEN: u32 = 4;
/// Share of its sales that a late answer costs until the firm's own history says otherwise: a careful part of what
/// Oldroyd, McElheran and Elkington (Harvard Business Review, March 2011) found for an answer after the first hour.
const LATE_COSTS: f64 = 0.4;
/// Fewer late answers in the history do not tell what one costs.
const MIN_LATE: f64 = 30.0;
/// Fewer expected events of a kind say nothing of how people are answered.
const FEWEST: f64 = 0.5;

fn assess(case: &Case) -> Assessment {
    if case.response().is_none() && case.outcomes().won.is_none() {
        return Assessment::not_assessable(Evidence::new("managers.no_activity", 0.0, []));
    }
    let mut kinds = vec![
        case.codes(Dimension::Manager)
            .filter_map(|manager| one::hypothesis(case, manager))
            .collect(),
    ];
    // While people are off, calls are missed and answered late: that is the calendar's doing.
    if !case.is_festive() {
        kinds.push(everyone(case).into_iter().collect());
        kinds.push(
            case.codes(Dimension::Line)
                .filter_map(|line| one_line(case, line))
                .collect(),
        );
    }
    choose(kinds).unwrap_or_else(|| {
        Assessment::not_assessable(Evidence::new("managers.few_events", 0.0, []))
    })
}

/// Everybody answers worse, and fewer deals are won.
fn everyone(case: &Case) -> Option<Hypothesis> {
    let missed = missed(case, None);
    let missed_weight = missed.as_ref().map(|missed| missed.weight);
    let slow = [slow(case, 1), slow(case, FORGOTTEN)];
    let untouched = untouched::of_all(case);
    let answers: Vec<Evidence> = [missed, slow[0].clone(), slow[1].clone(), untouched]
        .into_iter()
        .flatten()
        .collect();
    if answers.is_empty() {
        return None;
    }
    let mut evidence: Vec<Evidence> = family(answers)
        .into_iter()
        .map(|one| one.of(Role::Answering))
        .collect();
    let by_calls =
        missed_weight.is_some_and(|missed| evidence.iter().all(|one| one.weight <= missed));
    let started_at = started_at(case, by_calls);
    evidence.extend(sales(case));
    evidence.extend(family(
        [unreached(case), untargeted(case)]
            .into_iter()
            .flatten()
            .collect(),
    ));
    evidence.extend(failed(case));
    Some(Hypothesis {
        evidence,
        scope: Scope::new(),
        started_at,
        lost_sales: lost_by_all(case),
    })
}

/// Fewer sales of the reported inquiries than due, and of those in the weeks before.
fn sales(case: &Case) -> Vec<Evidence> {
    let Some(won) = &case.outcomes().won else {
        return Vec::new();
    };
    let reported = won.panel.reported(Place::All).map(|judged| {
        let weight = judged.fall();
        let code = if weight >= 0.0 {
            "managers.sales"
        } else {
            "managers.sales_stand"
        };
        Evidence::new(code, weight, judged.counts()).of(Role::Outcome)
    });
    reported
        .into_iter()
        .chain(before(won.panel.before(Place::All, Judged::fall)))
        .collect()
}

/// Since when people are answered worse: by missed calls, or by late answers.
fn started_at(case: &Case, by_calls: bool) -> Option<chrono::DateTime<chrono::Utc>> {
    let response = case.response()?;
    let (seen, all) = if by_calls {
        response.missed_by_day(case, None)
    } else {
        response.slow_by_day(case, 1)?
    };
    onset(case, &seen, &all, since(case)..case.days(), true)
}

fn since(case: &Case) -> usize {
    windows(case).1.start as usize
}

/// Missed calls of working hours, beyond what is usual.
fn missed(case: &Case, line: Option<Code>) -> Option<Evidence> {
    let (weight, judged) = case
        .response()?
        .missed(case, line)
        .filter(|found| found.1.expected > FEWEST)?;
    Some(Evidence::new("managers.missed", weight, judged.counts()).of(Role::Answering))
}

/// People who wait for longer than is usual.
fn slow(case: &Case, times: u32) -> Option<Evidence> {
    let judged = slow_judged(case, times)?;
    let code = if times > 1 {
        "managers.forgotten"
    } else {
        "managers.slow"
    };
    let limit = f64::from(case.response()?.slow_after?.saturating_mul(times));
    let [observed, expected] = judged.1.counts();
    Some(
        Evidence::new(
            code,
            judged.0,
            [observed, expected, ("limit", Value::Seconds(limit))],
        )
        .of(Role::Answering),
    )
}

fn slow_judged(case: &Case, times: u32) -> Option<(f64, Judged)> {
    let (slow, all) = case.response()?.slow_by_day(case, times)?;
    weigh(case, &slow, &all, Judged::rise).filter(|found| found.1.expected > FEWEST)
}

/// More deals are lost because nobody got through to the person.
fn unreached(case: &Case) -> Option<Evidence> {
    let judged = case
        .outcomes()
        .unreached
        .as_ref()?
        .panel
        .reported(Place::All)?;
    let weight = judged.rise();
    (weight > 0.0)
        .then(|| Evidence::new("managers.unreached", weight, judged.counts()).of(Role::Reasons))
}

/// More untargeted people speak against the managers.
fn untargeted(case: &Case) -> Option<Evidence> {
    let judged = case
        .outcomes()
        .untargeted
        .as_ref()?
        .panel
        .reported(Place::All)?;
    let weight = judged.rise();
    (weight > 1.0)
        .then(|| Evidence::new("managers.untargeted", -weight, judged.counts()).of(Role::Reasons))
}

/// More calls that fail for a technical reason: then missed ones are not the managers' doing either.
fn failed(case: &Case) -> Option<Evidence> {
    let (weight, judged) = Response::failed(case).filter(|found| found.0 > 1.0)?;
    Some(Evidence::new("managers.failed_calls", -weight, judged.counts()).of(Role::Rival))
}

/// Calls of one line are missed.
fn one_line(case: &Case, line: Code) -> Option<Hypothesis> {
    let evidence = missed(case, Some(line))?;
    let response = case.response()?;
    let (_, judged) = response.missed(case, Some(line))?;
    let (seen, all) = response.missed_by_day(case, Some(line));
    Some(Hypothesis {
        started_at: (evidence.weight > 2.0)
            .then(|| onset(case, &seen, &all, since(case)..case.days(), true))
            .flatten(),
        evidence: std::iter::once(evidence).chain(failed(case)).collect(),
        scope: [(Dimension::Line, case.text(Dimension::Line, line).to_owned())].into(),
        lost_sales: late_costs(case, &judged),
    })
}

/// Sales that everyone's way of answering costs: by the sales themselves when they fell, else by the late answers.
fn lost_by_all(case: &Case) -> Option<Estimate> {
    let (reported, _) = windows(case);
    if let Some(won) = &case.outcomes().won {
        let judged = won.panel.reported(Place::All);
        let judged = judged
            .filter(|judged| judged.fall() > 0.0 && judged.expected >= case.settings.min_events);
        if let Some(judged) = judged {
            return Some(shortfall(
                won.cohorts.final_count(&reported, |_| true),
                &judged,
            ));
        }
    }
    let late = slow_judged(case, 1).or_else(|| case.response()?.missed(case, None))?;
    late_costs(case, &late.1)
}

/// Sales that late answers cost: so many more than usual, each at what the firm's own history says of one.
fn late_costs(case: &Case, late: &Judged) -> Option<Estimate> {
    let (kept, lost) = cost_of_one(case, case.response()?.slow_after)?;
    let at = |more: f64| more.max(0.0) * kept * lost;
    let more = -late.lost();
    let spread = 1.96 * late.deviation();
    Some(Estimate {
        value: at(more),
        low: at(more - spread),
        high: at(more + spread),
    })
}

/// Share of quickly answered people who buy, and the part of it that a late answer loses, from mature inquiries.
fn cost_of_one(case: &Case, slow_after: Option<u32>) -> Option<(f64, f64)> {
    let mature = (case.start() as u32).saturating_sub(case.settings.mature_days);
    let (mut fast, mut late) = ((0.0, 0.0), (0.0, 0.0));
    for seen in case
        .seen
        .inquiries
        .as_ref()?
        .iter()
        .filter(|seen| seen.day < mature)
    {
        let is_late = is_waiting(seen)
            && seen
                .first_talk_s
                .is_none_or(|after| after > slow_after.unwrap_or(3_600));
        let count = if is_late { &mut late } else { &mut fast };
        count.0 += f64::from(u8::from(seen.sold_after.is_some()));
        count.1 += 1.0;
    }
    let kept = (fast.1 > 0.0).then(|| fast.0 / fast.1)?;
    let own =
        (late.1 >= MIN_LATE && kept > 0.0).then(|| (1.0 - late.0 / late.1 / kept).clamp(0.0, 1.0));
    Some((kept, own.unwrap_or(LATE_COSTS)))
}

//! A telephone line or trunk is dead, loses calls, or is unstable.
//!
//! Main evidence: inbound calls are missing on a line, on the lines of a trunk or on all lines, in the total or in some
//! hours, while the other contacts come as usual. An unstable line loses no calls but their quality: failed and busy ones,
//! talks that break off, people who call again at once. Missed calls are not telephony: somebody let it ring.

use std::cmp::Ordering;

use super::{Assessment, Cause};
use crate::diagnosis::bayes::MOST;
use crate::diagnosis::call_quality::{Sign, signs, unevenness};
use crate::diagnosis::case::Case;
use crate::diagnosis::deficit::{Deficit, Question, in_window, look};
use crate::diagnosis::evidence::{Evidence, Value, temper};
use crate::diagnosis::finding::{CauseCode, Conversion};
use crate::diagnosis::hourly::{Hourly, weights};
use crate::diagnosis::phone_gaps::{days_without_calls, hidden_calls};
use crate::diagnosis::phone_places::{Place, places};
use crate::metrics::scorecard::Estimate;
use crate::model::observations::{Direction, SeenCall};

/// The cause.
pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::Telephony,
    conversion: Conversion::First,
    checks: &["telephony.call_line", "telephony.trunk", "telephony.log", "telephony.call_back"],
    assess,
};

/// Belief that failing telephony loses calls; else they come, but badly.
const LOSES_CALLS: f64 = 0.7;

/// One place under one of the two hypotheses.
struct Story {
    place: Place,
    total: f64,
    evidence: Vec<Evidence>,
    hours: (usize, usize),
    lost: Estimate,
    loses_calls: bool,
}

fn assess(case: &Case) -> Assessment {
    if case.seen.calls.as_ref().is_none_or(Vec::is_empty) || case.seen.inquiries.is_none() {
        return Assessment::not_assessable(Evidence::new("telephony.no_calls", 0.0, []));
    }
    let places = places(case);
    let unknown_days = days_without_calls(case);
    let all = case.hourly_calls(|call| call.direction == Direction::Inbound);
    let stories: Vec<Story> = places.into_iter().flat_map(|place| stories(case, &place, &all, &unknown_days)).collect();
    // Where nothing is wrong, how many calls came says more than that none of them failed.
    let is_wrong = stories.iter().any(|story| story.total > 0.0);
    let best = stories.into_iter().max_by(|one, other| {
        (is_wrong || one.loses_calls, one.total)
            .partial_cmp(&(is_wrong || other.loses_calls, other.total))
            .unwrap_or(Ordering::Equal)
    });
    let Some(mut best) = best else {
        return Assessment::not_assessable(Evidence::new("telephony.too_few", 0.0, []));
    };
    best.evidence.extend(hidden_calls(case, &unknown_days));
    answer(case, best)
}

fn answer(case: &Case, best: Story) -> Assessment {
    let total: f64 = best.evidence.iter().map(|evidence| evidence.weight).sum();
    let (from, to) = best.hours;
    let is_told = total > 0.0;
    let at = |hour: usize| case.hour(hour / 24, (hour % 24) as u32);
    Assessment {
        scope: best.place.scope(case),
        started_at: is_told.then(|| at(from)),
        ended_at: (is_told && to < case.days() * 24).then(|| at(to)),
        lost_inquiries: Some(best.lost),
        explains: best.lost.value,
        evidence: best.evidence,
        ..Assessment::default()
    }
}

fn stories(case: &Case, place: &Place, all: &[f64], unknown_days: &[usize]) -> Vec<Story> {
    let keep = |call: &SeenCall| call.direction == Direction::Inbound && place.holds_line(call.line);
    let question = Question {
        counts: case.hourly_calls(keep),
        pooled: all,
        exposure: case.exposure(|seen| Case::is_call(seen) && place.holds_line(seen.line)),
        others: case.hourly_inquiries(|seen| !(Case::is_call(seen) && place.holds_line(seen.line))),
        others_exposure: &case.exposure(|seen| !(Case::is_call(seen) && place.holds_line(seen.line))),
        unknown_days,
    };
    let signs = signs(case, place);
    let loss = look(case, question).map(|deficit| lost_calls(case, place, &deficit, &signs));
    loss.into_iter().chain(unstable(case, place, signs)).collect()
}

/// Calls are missing.
fn lost_calls(case: &Case, place: &Place, deficit: &Deficit, signs: &[Sign]) -> Story {
    let window = deficit.window;
    let mut evidence = vec![main(case, place, deficit)];
    evidence.extend(contrast(deficit));
    evidence.extend(outbound(case, place, deficit));
    evidence.extend(taps(case, deficit));
    if evidence[0].weight > 0.0 {
        evidence.extend(bad_too(case, place, signs));
    }
    temper(&mut evidence, |evidence| evidence.code.ends_with("_same"));
    let beyond = (deficit.weight - MOST).max(0.0);
    let share = inquiries_per_call(case, place);
    let lost = deficit.lost();
    Story {
        place: place.clone(),
        total: evidence.iter().map(|evidence| evidence.weight).sum::<f64>() + beyond,
        evidence,
        hours: (window.from, window.to),
        lost: Estimate { value: lost.value * share, low: lost.low * share, high: lost.high * share },
        loses_calls: true,
    }
}

fn main(case: &Case, place: &Place, deficit: &Deficit) -> Evidence {
    let window = deficit.window;
    let what = if window.observed < 0.5 { "silence" } else { "loss" };
    let mut evidence = Evidence::new(
        &format!("telephony.{what}_{}", place.at.word()),
        deficit.weight.min(MOST) - place.price + LOSES_CALLS.ln(),
        [
            ("from", Value::Time(case.hour(window.from / 24, (window.from % 24) as u32))),
            ("to", Value::Time(case.hour(window.to / 24, (window.to % 24) as u32))),
            ("observed", Value::Count(window.observed)),
            ("expected", Value::Count(window.expected)),
        ],
    );
    evidence.values.extend(place.value(case));
    evidence
}

/// The calls that did come were bad: no more than a word beside those that did not.
fn bad_too(case: &Case, place: &Place, signs: &[Sign]) -> Vec<Evidence> {
    let uneven = signs.first().map_or(0.0, |sign| unevenness(case, place, sign));
    let mut evidence = family(case, place, signs);
    for sign in &mut evidence {
        sign.weight = (sign.weight - uneven).clamp(0.0, 5.0);
    }
    evidence
}

/// What the other contacts did in the same hours.
fn contrast(deficit: &Deficit) -> Option<Evidence> {
    let (others, weight) = (deficit.others?, deficit.contrast());
    let code = if weight < 0.0 { "telephony.others_fell" } else { "telephony.others_same" };
    let values = [("observed", Value::Count(others.observed)), ("expected", Value::Count(others.expected))];
    (weight != 0.0).then(|| Evidence::new(code, weight, values))
}

/// Outbound calls over the same trunk in the same hours: a dead trunk carries none.
fn outbound(case: &Case, place: &Place, deficit: &Deficit) -> Option<Evidence> {
    let is_outbound =
        |call: &SeenCall| call.direction == Direction::Outbound && place.holds_trunk(call.trunk) && !call.failed;
    let counts = case.hourly_calls(is_outbound);
    let all = case.hourly_calls(|call| call.direction == Direction::Outbound);
    let flat = vec![1.0; case.days()];
    let spread = weights(&counts, &all, &flat, case.weekday(), case.start());
    let hourly = Hourly::new(counts, spread, &[], case.start());
    let judged = in_window(&hourly, case.start(), deficit.window).filter(|judged| judged.expected >= 2.0)?;
    let weight = judged.fall();
    // Fewer contacts make fewer calls back: only what is missing beyond that speaks.
    let weight = if weight > 0.0 { (weight * 0.5).min(5.0) } else { (weight * 0.2).max(-0.5) };
    let code = if weight > 0.0 { "telephony.outbound_fell" } else { "telephony.outbound_same" };
    let values = [("observed", Value::Count(judged.observed)), ("expected", Value::Count(judged.expected))];
    (weight != 0.0).then(|| Evidence::new(code, weight, values))
}

/// Taps on a telephone number of the same days: people who want to call still tap.
fn taps(case: &Case, deficit: &Deficit) -> Option<Evidence> {
    let taps = case.sessions(|_| true, |counts| counts.phone_taps);
    let sessions = case.sessions(|_| true, |counts| counts.sessions);
    let (from, to) = ((deficit.window.from / 24).max(case.start()), deficit.window.to.div_ceil(24));
    let judged = case.judge_span(&taps, Some(&sessions), from, to).filter(|judged| judged.expected >= 5.0)?;
    let fall = judged.fall();
    let (code, weight) = if fall > 0.0 {
        ("telephony.taps_fell", -fall.min(5.0))
    } else {
        ("telephony.taps_same", (-fall / 3.0).min(0.7))
    };
    let values = [("observed", Value::Count(judged.observed)), ("expected", Value::Count(judged.expected))];
    Some(Evidence::new(code, weight, values))
}

/// Calls come, but badly.
fn unstable(case: &Case, place: &Place, signs: Vec<Sign>) -> Option<Story> {
    let hours = signs.first().map(|sign| (sign.window.from, sign.window.to))?;
    let uneven = unevenness(case, place, signs.first()?);
    let mut evidence = family(case, place, &signs);
    evidence.first_mut()?.weight -= place.price - (1.0 - LOSES_CALLS).ln() + uneven;
    let total = evidence.iter().map(|evidence| evidence.weight).sum();
    Some(Story {
        place: place.clone(),
        total,
        evidence,
        hours,
        lost: Estimate { value: 0.0, low: 0.0, high: 0.0 },
        loses_calls: false,
    })
}

/// Signs of one family tell much the same: the strongest counts, and a third of the others.
fn family(case: &Case, place: &Place, signs: &[Sign]) -> Vec<Evidence> {
    let rest = |at: usize, weight: f64| if at == 0 { weight } else { (weight * 0.3).clamp(0.0, 5.0) };
    let evidence = |(at, sign): (usize, &Sign)| {
        let mut evidence = Evidence::new(
            sign.kind.code(),
            rest(at, sign.weight.min(sign.kind.most())),
            [("observed", Value::Count(sign.window.observed)), ("expected", Value::Count(sign.window.expected))],
        );
        evidence.values.extend(place.value(case));
        evidence
    };
    signs.iter().enumerate().map(evidence).filter(|evidence| evidence.weight != 0.0).collect()
}

/// How many inquiries a call of the place usually is: the same person calls twice.
fn inquiries_per_call(case: &Case, place: &Place) -> f64 {
    let base = case.base_start()..case.start();
    let inquiries = case.inquiries(|seen| Case::is_call(seen) && place.holds_line(seen.line));
    let calls = case.calls(|call| call.direction == Direction::Inbound && place.holds_line(call.line));
    let sum = |of: &[f64]| of[base.clone()].iter().sum::<f64>();
    (sum(&inquiries) / sum(&calls).max(1.0)).clamp(0.0, 1.0)
}

#[cfg(test)]
#[path = "telephony_tests.rs"]
mod tests;

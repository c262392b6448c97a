//! A telephone line or trunk is dead, loses calls, or is unstable.
//!
//! Main evidence: inbound calls are missing on a line, on the lines of a trunk or on all lines, in the total or in some
//! hours, while the other contacts come as usual; a call whose row says that it failed is missing too. An unstable line
//! spoils calls besides: talks that break off, people who call again at once. Missed calls are not telephony: somebody let it ring.

pub mod gaps;
pub mod places;
pub mod quality;

use super::{Assess, Assessment, Cause};
use crate::diagnosis::case::Case;
use crate::diagnosis::causes::telephony::gaps::{days_without_calls, hidden_calls};
use crate::diagnosis::causes::telephony::places::{Place, places};
use crate::diagnosis::causes::telephony::quality::{Bad, Sign, called_again, signs, unevenness};
use crate::diagnosis::finding::{CauseCode, Conversion};
use crate::diagnosis::outage::deficit::{Deficit, Question, in_window, look};
use crate::diagnosis::outage::hourly::{Hourly, weights};
use crate::diagnosis::weigh::bayes::MOST;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value, temper};
use crate::metrics::scorecard::Estimate;
use crate::model::observations::{Direction, SeenCall, SeenInquiry};

/// The cause.
pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::Telephony,
    conversion: Conversion::First,
    checks: &[
        "telephony.call_line",
        "telephony.trunk",
        "telephony.log",
        "telephony.call_back",
    ],
    assess: Assess::Alone(assess),
};

/// One place with what speaks for a fault there.
struct Story {
    place: Place,
    total: f64,
    evidence: Vec<Evidence>,
    hours: (usize, usize),
    lost: Estimate,
}

fn assess(case: &Case) -> Assessment {
    if case.seen.calls.as_ref().is_none_or(Vec::is_empty) || case.seen.inquiries.is_none() {
        return Assessment::not_assessable(Evidence::new("telephony.no_calls", 0.0, []));
    }
    let mut unknown_days = days_without_calls(case);
    let hidden = hidden_calls(case, &unknown_days);
    unknown_days.extend(case.holidays());
    let again = called_again(case);
    let all = case.hourly_calls(has_arrived);
    let stories = places(case)
        .into_iter()
        .filter_map(|place| story(case, place, &all, &again, &unknown_days));
    let Some(mut best) = stories.max_by(|one, other| one.total.total_cmp(&other.total)) else {
        return Assessment::not_assessable(Evidence::new("telephony.too_few", 0.0, []));
    };
    best.evidence.extend(hidden);
    answer(case, best)
}

/// An inbound call that got through, answered or not: one that failed for a technical reason is as lost as one that
/// left no row at all.
fn has_arrived(call: &SeenCall) -> bool {
    call.direction == Direction::Inbound && !call.failed
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

fn story(
    case: &Case,
    place: Place,
    all: &[f64],
    again: &[bool],
    unknown_days: &[usize],
) -> Option<Story> {
    let is_here = |seen: &SeenInquiry| Case::is_call(seen) && place.holds_line(seen.line);
    let question = Question {
        counts: case.hourly_calls(|call| has_arrived(call) && place.holds_line(call.line)),
        pooled: all,
        exposure: case.exposure(is_here),
        others: case.hourly_inquiries(|seen| !is_here(seen)),
        others_exposure: &case.exposure(|seen| !is_here(seen)),
        unknown_days,
    };
    let deficit = look(case, question)?;
    let signs = signs(case, &place, again);
    let mut evidence = vec![main(case, &place, &deficit)];
    evidence.extend(contrast(&deficit));
    evidence.extend(outbound(case, &place, &deficit));
    evidence.extend(taps(case, &deficit));
    temper(&mut evidence);
    evidence.extend(bad_calls(case, &place, &signs, again));
    let beyond = (deficit.weight - MOST).max(0.0);
    let total = evidence.iter().map(|evidence| evidence.weight).sum::<f64>() + beyond;
    let hours = hours(&deficit, &signs);
    let lost = lost(case, &place, &deficit, &signs);
    Some(Story {
        place,
        total,
        evidence,
        hours,
        lost,
    })
}

/// When it was: by the missing calls, or by the bad ones where these tell more.
fn hours(deficit: &Deficit, signs: &[Sign]) -> (usize, usize) {
    let worst = signs.first().filter(|sign| sign.weight > deficit.weight);
    let window = worst.map_or(deficit.window, |sign| sign.window);
    (window.from, window.to)
}

/// Inquiries that did not come: missing and failed calls, or as many talks as broke off beyond the usual.
fn lost(case: &Case, place: &Place, deficit: &Deficit, signs: &[Sign]) -> Estimate {
    let share = inquiries_per_call(case, place);
    let missing = deficit.lost();
    let broken = signs
        .iter()
        .find(|sign| sign.kind == Bad::Short && sign.weight > 0.0);
    let broken = broken.map_or(0.0, |sign| {
        (sign.window.observed - sign.window.expected).max(0.0)
    });
    let at = |calls: f64| (calls.max(0.0) + broken) * share;
    Estimate {
        value: at(missing.value),
        low: at(missing.low),
        high: at(missing.high),
    }
}

/// Calls are missing.
fn main(case: &Case, place: &Place, deficit: &Deficit) -> Evidence {
    let window = deficit.window;
    let what = if window.observed < 0.5 {
        "silence"
    } else {
        "loss"
    };
    let mut evidence = Evidence::new(
        &format!("telephony.{what}_{}", place.at.word()),
        deficit.weight.min(MOST) - place.price,
        [
            (
                "from",
                Value::Time(case.hour(window.from / 24, (window.from % 24) as u32)),
            ),
            (
                "to",
                Value::Time(case.hour(window.to / 24, (window.to % 24) as u32)),
            ),
            ("observed", Value::Count(window.observed)),
            ("expected", Value::Count(window.expected)),
        ],
    );
    evidence.values.extend(place.value(case));
    evidence
}

/// What the other contacts did in the same hours.
fn contrast(deficit: &Deficit) -> Option<Evidence> {
    let (others, weight) = (deficit.others?, deficit.contrast());
    let code = if weight < 0.0 {
        "telephony.others_fell"
    } else {
        "telephony.others_same"
    };
    let values = [
        ("observed", Value::Count(others.observed)),
        ("expected", Value::Count(others.expected)),
    ];
    (weight != 0.0).then(|| Evidence::new(code, weight, values).of(Role::Others))
}

/// Outbound calls over the same trunk in the same hours: a dead trunk carries none.
fn outbound(case: &Case, place: &Place, deficit: &Deficit) -> Option<Evidence> {
    let is_outbound = |call: &SeenCall| {
        call.direction == Direction::Outbound && place.holds_trunk(call.trunk) && !call.failed
    };
    let counts = case.hourly_calls(is_outbound);
    let all = case.hourly_calls(|call| call.direction == Direction::Outbound);
    let flat = vec![1.0; case.days()];
    let spread = weights(&counts, &all, &flat, case.weekday(), case.start());
    let hourly = Hourly::new(counts, spread, &[], case.start());
    let judged =
        in_window(&hourly, case.start(), deficit.window).filter(|judged| judged.expected >= 2.0)?;
    let weight = judged.fall();
    // Fewer contacts make fewer calls back: only what is missing beyond that speaks.
    let weight = if weight > 0.0 {
        (weight * 0.5).min(5.0)
    } else {
        (weight * 0.2).max(-0.5)
    };
    let code = if weight > 0.0 {
        "telephony.outbound_fell"
    } else {
        "telephony.outbound_same"
    };
    let values = [
        ("observed", Value::Count(judged.observed)),
        ("expected", Value::Count(judged.expected)),
    ];
    (weight != 0.0).then(|| Evidence::new(code, weight, values).of(Role::Others))
}

/// Taps on a telephone number of the same days: people who want to call still tap.
fn taps(case: &Case, deficit: &Deficit) -> Option<Evidence> {
    let taps = case.sessions(|_| true, |counts| counts.phone_taps);
    let sessions = case.sessions(|_| true, |counts| counts.sessions);
    let (from, to) = (
        (deficit.window.from / 24).max(case.start()),
        deficit.window.to.div_ceil(24),
    );
    let judged = case
        .judge_span(&taps, Some(&sessions), from, to)
        .filter(|judged| judged.expected >= 5.0)?;
    let fall = judged.fall();
    let (code, weight) = if fall > 0.0 {
        ("telephony.taps_fell", -fall.min(5.0))
    } else {
        ("telephony.taps_same", (-fall / 3.0).min(0.7))
    };
    let values = [
        ("observed", Value::Count(judged.observed)),
        ("expected", Value::Count(judged.expected)),
    ];
    Some(Evidence::new(code, weight, values).of(Role::Demand))
}

/// Calls come, but badly. Signs of one family tell much the same: the strongest counts, and a third of the others.
fn bad_calls(case: &Case, place: &Place, signs: &[Sign], again: &[bool]) -> Vec<Evidence> {
    let uneven = signs
        .first()
        .map_or(0.0, |sign| unevenness(case, place, sign, again));
    let rest = |at: usize, weight: f64| {
        if at == 0 {
            weight - uneven
        } else {
            (weight * 0.3).clamp(0.0, 5.0)
        }
    };
    let evidence = |(at, sign): (usize, &Sign)| {
        let mut evidence = Evidence::new(
            sign.kind.code(),
            rest(at, sign.weight.min(sign.kind.most())),
            [
                ("observed", Value::Count(sign.window.observed)),
                ("expected", Value::Count(sign.window.expected)),
            ],
        );
        evidence.values.extend(place.value(case));
        evidence.of(Role::Quality)
    };
    signs
        .iter()
        .enumerate()
        .map(evidence)
        .filter(|evidence| evidence.weight != 0.0)
        .collect()
}

/// How many inquiries a call of the place usually is: the same person calls twice.
fn inquiries_per_call(case: &Case, place: &Place) -> f64 {
    let base = case.base_start()..case.start();
    let inquiries = case.inquiries(|seen| Case::is_call(seen) && place.holds_line(seen.line));
    let calls =
        case.calls(|call| call.direction == Direction::Inbound && place.holds_line(call.line));
    let sum = |of: &[f64]| of[base.clone()].iter().sum::<f64>();
    (sum(&inquiries) / sum(&calls).max(1.0)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests;

//! A telephone line or trunk is dead, loses calls, or is unstable.
//!
//! Main evidence: inbound calls are missing on a line, on the lines of a trunk or on all lines, in the total or in some
//! hours, while the other contacts come as usual; a call whose row says that it failed is missing too. An unstable line
//! spoils calls besides: talks that break off, people who call again at once. Missed calls are not telephony: somebody let it ring.

pub mod gaps;
pub mod places;
pub mod quality;

use self::gaps::{days_without_calls, hidden_calls};
use self::places::{TelephonyPlace, places};
use self::quality::{Bad, Sign, called_again, signs, unevenness};
use super::{Assess, Assessment, Cause, instant_of, is_silent, of_window};
use crate::config::words;
use crate::diagnosis::case::Case;
use crate::diagnosis::codes::{CauseCode, Conversion};
use crate::diagnosis::outage::deficit::{Deficit, Question, in_window, look};
use crate::diagnosis::outage::hourly::{Hourly, weights};
use crate::diagnosis::weigh::bayes::EVIDENCE_CAP;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value, temper};
use crate::metrics::values::Estimate;
use crate::model::observations::{Direction, SeenCall, SeenInquiry};

/// The cause.
pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::Telephony,
    conversion: Conversion::First,
    checks: &[
        words::check::telephony::CALL_LINE,
        words::check::telephony::TRUNK,
        words::check::telephony::LOG,
        words::check::telephony::CALL_BACK,
    ],
    assess: Assess::Alone(assess),
};

/// Fewer outbound calls due in the hours of the fault tell nothing of the trunk.
const FEWEST_OUTBOUND: f64 = 2.0;
/// The part of a fall of outbound calls that speaks for the trunk: fewer contacts make fewer calls back …
const OUTBOUND_FELL: f64 = 0.5;
/// … and what it weighs at most, nats.
const OUTBOUND_FELL_CAP: f64 = 5.0;
/// The part of outbound calls that go on that speaks against a fault: lines may be dead for calls from outside only …
const OUTBOUND_SAME: f64 = 0.2;
/// … and what it weighs at most, nats.
const OUTBOUND_SAME_CAP: f64 = -0.5;

/// Fewer taps due do not tell whether people still want to call.
const FEWEST_TAPS: f64 = 5.0;
/// What fewer taps weigh against a fault, nats, at most.
const TAPS_FELL_CAP: f64 = 5.0;
/// What people who tap as ever say is divided by so much: in most quiet weeks they do …
const TAPS_SAME_PART: f64 = 3.0;
/// … and weighs no more than this, nats.
const TAPS_SAME_CAP: f64 = 0.7;

/// What the second and further signs of bad calls are worth: they tell much the same.
const FURTHER_SIGN: f64 = 0.3;
/// What each of them weighs at most, nats.
const FURTHER_SIGN_CAP: f64 = 5.0;

/// One place with what speaks for a fault there.
struct Story {
    place: TelephonyPlace,
    /// What places are compared by, nats: the evidence, and what its cap cut off.
    total: f64,
    evidence: Vec<Evidence>,
    hours: FaultHours,
    lost: Estimate,
}

/// Hours of the history from the start of a fault to its end.
#[derive(Debug, Clone, Copy)]
struct FaultHours {
    from: usize,
    to: usize,
}

fn assess(case: &Case) -> Assessment {
    if case.seen.calls.as_ref().is_none_or(Vec::is_empty) || case.seen.inquiries.is_none() {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::telephony::NO_CALLS,
            0.0,
            [],
        ));
    }
    let mut unknown_days = days_without_calls(case);
    // Only days without rows hide calls; on holidays they are seen, but nothing is usual.
    let hidden = hidden_calls(case, &unknown_days);
    unknown_days.extend(case.holidays());
    let again = called_again(case);
    let all = case.hourly_calls(has_arrived);
    let stories = places(case)
        .into_iter()
        .filter_map(|place| story(case, place, &all, &again, &unknown_days));
    let Some(mut best) = stories.max_by(|one, other| one.total.total_cmp(&other.total)) else {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::telephony::TOO_FEW,
            0.0,
            [],
        ));
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
    let FaultHours { from, to } = best.hours;
    // The window of a fault that is not believed is only the least lucky one of a quiet week.
    let is_told = total > 0.0;
    let has_ended = to < case.days() * 24;
    Assessment {
        scope: best.place.scope(case),
        started_at: is_told.then(|| instant_of(case, from)),
        ended_at: (is_told && has_ended).then(|| instant_of(case, to)),
        lost_inquiries: Some(best.lost),
        explains: best.lost.value,
        evidence: best.evidence,
        ..Assessment::default()
    }
}

fn story(
    case: &Case,
    place: TelephonyPlace,
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
    // Corroboration is bounded by the missing calls alone; bad calls are evidence of their own and come after.
    temper(&mut evidence);
    evidence.extend(bad_calls(case, &place, &signs, again));
    // The cap makes a dead line and a dead trunk alike: what it cut off still tells which of them it is.
    let beyond_cap = (deficit.weight - EVIDENCE_CAP).max(0.0);
    let total = evidence.iter().map(|evidence| evidence.weight).sum::<f64>() + beyond_cap;
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
fn hours(deficit: &Deficit, signs: &[Sign]) -> FaultHours {
    let worst = signs.first().filter(|sign| sign.weight > deficit.weight);
    let window = worst.map_or(deficit.window, |sign| sign.window);
    FaultHours {
        from: window.from,
        to: window.to,
    }
}

/// Inquiries that did not come: missing and failed calls, or as many talks as broke off beyond the usual.
fn lost(case: &Case, place: &TelephonyPlace, deficit: &Deficit, signs: &[Sign]) -> Estimate {
    let share = inquiries_per_call(case, place);
    let missing = deficit.lost();
    let short = signs.iter().find(|sign| sign.kind == Bad::Short);
    let broken = match short.filter(|sign| sign.weight > 0.0) {
        Some(sign) => (sign.window.observed - sign.window.expected).max(0.0),
        None => 0.0,
    };
    let at = |calls: f64| (calls.max(0.0) + broken) * share;
    Estimate {
        value: at(missing.value),
        low: at(missing.low),
        high: at(missing.high),
    }
}

/// Calls are missing.
fn main(case: &Case, place: &TelephonyPlace, deficit: &Deficit) -> Evidence {
    let window = &deficit.window;
    let weight = deficit.weight.min(EVIDENCE_CAP) - place.price;
    let mut evidence = Evidence::new(
        place.at.sentence(is_silent(window)),
        weight,
        of_window(case, window),
    );
    evidence.values.extend(place.value(case));
    evidence
}

/// What the other contacts did in the same hours.
fn contrast(deficit: &Deficit) -> Option<Evidence> {
    let (others, weight) = (deficit.others?, deficit.contrast());
    if weight == 0.0 {
        return None;
    }
    let code = if weight < 0.0 {
        words::evidence::telephony::OTHERS_FELL
    } else {
        words::evidence::telephony::OTHERS_SAME
    };
    Some(Evidence::new(code, weight, others.counts()).of(Role::Others))
}

/// Outbound calls over the same trunk in the same hours: a dead trunk carries none.
fn outbound(case: &Case, place: &TelephonyPlace, deficit: &Deficit) -> Option<Evidence> {
    let is_outbound = |call: &SeenCall| call.direction == Direction::Outbound;
    let counts = case
        .hourly_calls(|call| is_outbound(call) && place.holds_trunk(call.trunk) && !call.failed);
    let all = case.hourly_calls(is_outbound);
    let every_day_alike = vec![1.0; case.days()];
    let spread = weights(
        &counts,
        &all,
        &every_day_alike,
        case.weekday(),
        case.start(),
    );
    let hourly = Hourly::new(counts, spread, &[], case.start());
    let judged = in_window(&hourly, case.start(), deficit.window)?;
    if judged.expected < FEWEST_OUTBOUND {
        return None;
    }
    let fall = judged.fall();
    let (code, weight) = if fall > 0.0 {
        let weight = (fall * OUTBOUND_FELL).min(OUTBOUND_FELL_CAP);
        (words::evidence::telephony::OUTBOUND_FELL, weight)
    } else {
        let weight = (fall * OUTBOUND_SAME).max(OUTBOUND_SAME_CAP);
        (words::evidence::telephony::OUTBOUND_SAME, weight)
    };
    if weight == 0.0 {
        return None;
    }
    Some(Evidence::new(code, weight, judged.counts()).of(Role::Others))
}

/// Taps on a telephone number of the same days: people who want to call still tap.
fn taps(case: &Case, deficit: &Deficit) -> Option<Evidence> {
    let taps = case.sessions(|_| true, |counts| counts.phone_taps);
    let sessions = case.sessions(|_| true, |counts| counts.sessions);
    // Sessions are known by day: those that hold an hour of the window.
    let from = (deficit.window.from / 24).max(case.start());
    let to = deficit.window.to.div_ceil(24);
    let judged = case.judge_span(&taps, Some(&sessions), from, to)?;
    if judged.expected < FEWEST_TAPS {
        return None;
    }
    let fall = judged.fall();
    let (code, weight) = if fall > 0.0 {
        (
            words::evidence::telephony::TAPS_FELL,
            -fall.min(TAPS_FELL_CAP),
        )
    } else {
        let weight = (-fall / TAPS_SAME_PART).min(TAPS_SAME_CAP);
        (words::evidence::telephony::TAPS_SAME, weight)
    };
    Some(Evidence::new(code, weight, judged.counts()).of(Role::Demand))
}

/// Calls come, but badly. Signs of one family tell much the same: the strongest counts, and a third of the others.
fn bad_calls(case: &Case, place: &TelephonyPlace, signs: &[Sign], again: &[bool]) -> Vec<Evidence> {
    let mut found = Vec::new();
    for (at, sign) in signs.iter().enumerate() {
        let weight = sign.weight.min(sign.kind.most());
        let weight = if at == 0 {
            weight - unevenness(case, place, sign, again)
        } else {
            (weight * FURTHER_SIGN).clamp(0.0, FURTHER_SIGN_CAP)
        };
        if weight == 0.0 {
            continue;
        }
        let values = [
            ("observed", Value::Count(sign.window.observed)),
            ("expected", Value::Count(sign.window.expected)),
        ];
        let mut evidence = Evidence::new(sign.kind.code(), weight, values);
        evidence.values.extend(place.value(case));
        found.push(evidence.of(Role::Quality));
    }
    found
}

/// How many inquiries a call of the place usually is: the same person calls twice.
fn inquiries_per_call(case: &Case, place: &TelephonyPlace) -> f64 {
    let base = case.base_start()..case.start();
    let inquiries = case.inquiries(|seen| Case::is_call(seen) && place.holds_line(seen.line));
    let is_inbound = |call: &SeenCall| call.direction == Direction::Inbound;
    let calls = case.calls(|call| is_inbound(call) && place.holds_line(call.line));
    let sum = |of: &[f64]| of[base.clone()].iter().sum::<f64>();
    (sum(&inquiries) / sum(&calls).max(1.0)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests;

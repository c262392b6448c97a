//! Signs of bad connections: calls that fail or find the line busy, talks that break off, people who call again at once.

use std::collections::BTreeMap;

use crate::config::words::{self, Key};
use crate::diagnosis::case::Case;
use crate::diagnosis::causes::telephony::places::TelephonyPlace;
use crate::diagnosis::outage::hourly::Hourly;
use crate::diagnosis::outage::silence::{Way, Window, scan};
use crate::diagnosis::weigh::bayes::EVIDENCE_CAP;
use crate::model::observations::{Direction, SeenCall};

/// Talks under so many seconds break off or say nothing.
const SHORT_TALK_S: u32 = 15;
/// A person who calls again within so many seconds of a call was cut off.
const AGAIN_S: i64 = 300;
/// Signs that have other reasons too weigh no more than this, nats.
const AMBIGUOUS_CAP: f64 = 12.0;

fn is_bad(call: &SeenCall) -> bool {
    call.failed || call.busy
}

/// What is bad about a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bad {
    /// An inbound call failed or found the line busy.
    Failed,
    /// An outbound call over the place's trunk failed.
    FailedOutbound,
    /// The first talk with a person was shorter than 15 s.
    Short,
    /// The person called again within 5 min of a call that was answered or failed.
    Again,
}

impl Bad {
    /// All of them, in the order in which equally strong signs are told.
    const ALL: [Self; 4] = [Self::Failed, Self::FailedOutbound, Self::Short, Self::Again];

    /// Whether a call is one of the place that may be bad in this way.
    fn is_asked_of(self, call: &SeenCall, place: &TelephonyPlace) -> bool {
        match self {
            Self::Failed | Self::Again => is_inbound(call, place),
            Self::FailedOutbound => is_outbound(call, place),
            Self::Short => is_inbound(call, place) && call.is_first && call.answered,
        }
    }

    /// Whether such a call is bad.
    fn is_met(self, call: &SeenCall, is_called_again: bool) -> bool {
        match self {
            Self::Failed | Self::FailedOutbound => is_bad(call),
            Self::Short => call.talk_s < SHORT_TALK_S,
            Self::Again => is_called_again,
        }
    }

    /// Its sentence.
    pub fn code(self) -> Key {
        match self {
            Self::Failed => words::evidence::telephony::FAILED,
            Self::FailedOutbound => words::evidence::telephony::OUTBOUND_FAILED,
            Self::Short => words::evidence::telephony::SHORT_TALKS,
            Self::Again => words::evidence::telephony::REDIALS,
        }
    }

    /// No more than this: short talks and redials have other reasons too.
    pub fn most(self) -> f64 {
        match self {
            Self::Failed => EVIDENCE_CAP,
            Self::FailedOutbound | Self::Short | Self::Again => AMBIGUOUS_CAP,
        }
    }
}

/// One sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sign {
    /// What is counted.
    pub kind: Bad,
    /// Log Bayes factor of "more of them in some hours of the period", nats.
    pub weight: f64,
    /// Those hours.
    pub window: Window,
}

/// Hour of the history in which a call came.
fn hour_of(call: &SeenCall) -> usize {
    call.day as usize * 24 + usize::from(call.hour)
}

fn is_inbound(call: &SeenCall, place: &TelephonyPlace) -> bool {
    call.direction == Direction::Inbound && place.holds_line(call.line)
}

fn is_outbound(call: &SeenCall, place: &TelephonyPlace) -> bool {
    // A call that failed before it had a trunk may have failed for want of any of them.
    let has_no_trunk_yet = place.trunk != 0 && call.trunk == 0 && call.failed;
    let is_over_it = place.holds_trunk(call.trunk) || has_no_trunk_yet;
    call.direction == Direction::Outbound && is_over_it
}

/// The signs of a place, strongest first. `again` says of each call whether the person called again at once.
pub fn signs(case: &Case, place: &TelephonyPlace, again: &[bool]) -> Vec<Sign> {
    let found = Bad::ALL.map(|kind| sign(case, place, kind, again));
    let mut signs: Vec<Sign> = found.into_iter().flatten().collect();
    signs.sort_by(|one, other| other.weight.total_cmp(&one.weight));
    signs
}

/// More bad calls than usual among those of the same hours.
fn sign(case: &Case, place: &TelephonyPlace, kind: Bad, again: &[bool]) -> Option<Sign> {
    let (mut bad, mut all) = (vec![0.0; case.days() * 24], vec![0.0; case.days() * 24]);
    for (at, call) in case.seen.calls.iter().flatten().enumerate() {
        if kind.is_asked_of(call, place) {
            all[hour_of(call)] += 1.0;
            bad[hour_of(call)] += f64::from(u8::from(kind.is_met(call, again[at])));
        }
    }
    let hourly = Hourly::share(bad, all, case.start());
    let found = scan(&hourly, case.start(), case.days(), Way::Rise)?;
    Some(Sign {
        kind,
        weight: found.weight,
        window: found.window,
    })
}

/// Calls, and the bad ones among them.
#[derive(Debug, Clone, Copy, Default)]
struct BadCalls {
    bad: f64,
    all: f64,
}

impl BadCalls {
    /// Log likelihood of the bad ones at their own share, nats.
    fn likelihood(self) -> f64 {
        let entropy = |part: f64| {
            if part > 0.0 {
                part * (part / self.all).ln()
            } else {
                0.0
            }
        };
        entropy(self.bad) + entropy(self.all - self.bad)
    }
}

/// How much the bad calls of a place keep to one of its lines, nats: the logarithm of the likelihoods of "each line its
/// own share" and "one share", less half of ln(events) for each share more (Schwarz, Annals of Statistics 6 (1978)
/// 461–464). What only one line has is not the trunk's fault.
pub fn unevenness(case: &Case, place: &TelephonyPlace, sign: &Sign, again: &[bool]) -> f64 {
    // Calls out are of a trunk and not of a line.
    if sign.kind == Bad::FailedOutbound {
        return 0.0;
    }
    let lines = bad_by_line(case, place, sign, again);
    let mut together = BadCalls::default();
    for line in lines.values() {
        together.bad += line.bad;
        together.all += line.all;
    }
    if together.bad < 1.0 {
        return 0.0;
    }
    let apart: f64 = lines.values().map(|line| line.likelihood()).sum();
    let shares_more = lines.len() as f64 - 1.0;
    let cost = 0.5 * shares_more * together.bad.ln();
    (apart - together.likelihood() - cost).max(0.0)
}

/// The calls of the sign's hours by line.
fn bad_by_line(
    case: &Case,
    place: &TelephonyPlace,
    sign: &Sign,
    again: &[bool],
) -> BTreeMap<u16, BadCalls> {
    let hours = sign.window.from..sign.window.to;
    let mut lines: BTreeMap<u16, BadCalls> = BTreeMap::new();
    for (at, call) in case.seen.calls.iter().flatten().enumerate() {
        if !is_inbound(call, place) || !hours.contains(&hour_of(call)) {
            continue;
        }
        let is_so = sign.kind.is_asked_of(call, place) && sign.kind.is_met(call, again[at]);
        let line = lines.entry(call.line).or_default();
        line.bad += f64::from(u8::from(is_so));
        line.all += 1.0;
    }
    lines
}

/// By call: whether the person calls again within five minutes although somebody had answered, or because it failed.
/// Who calls again after nobody answered is no sign: nothing is wrong with the line.
pub fn called_again(case: &Case) -> Vec<bool> {
    let mut again = vec![false; case.seen.calls.as_ref().map_or(0, Vec::len)];
    let mut last: BTreeMap<u32, (usize, &SeenCall)> = BTreeMap::new();
    for (at, call) in case.seen.calls.iter().flatten().enumerate() {
        // Person 0 is not known: no two such calls are of one person.
        if call.direction != Direction::Inbound || call.person == 0 {
            continue;
        }
        let Some((before, earlier)) = last.insert(call.person, (at, call)) else {
            continue;
        };
        let since_it_began = (call.at - earlier.at).num_seconds();
        let since_it_ended = since_it_began - i64::from(earlier.talk_s + earlier.wait_s);
        let is_the_lines_fault = earlier.answered || is_bad(earlier);
        again[before] = since_it_ended <= AGAIN_S && is_the_lines_fault;
    }
    again
}

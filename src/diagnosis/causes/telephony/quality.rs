//! Signs of bad connections: calls that fail or find the line busy, talks that break off, people who call again at once.

use std::collections::BTreeMap;

use crate::diagnosis::case::Case;
use crate::diagnosis::causes::telephony::places::Place;
use crate::diagnosis::outage::hourly::Hourly;
use crate::diagnosis::outage::silence::{Way, Window, scan};
use crate::diagnosis::weigh::bayes::MOST;
use crate::model::observations::{Direction, SeenCall};

/// Talks under so many seconds break off or say nothing.
const SHORT_TALK_S: u32 = 15;
/// A person who calls again within so many seconds of a call was cut off.
const AGAIN_S: i64 = 300;

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
    /// Its sentence.
    pub fn code(self) -> &'static str {
        match self {
            Self::Failed => "telephony.failed",
            Self::FailedOutbound => "telephony.outbound_failed",
            Self::Short => "telephony.short_talks",
            Self::Again => "telephony.redials",
        }
    }

    /// No more than this: short talks and redials have other reasons too.
    pub fn most(self) -> f64 {
        match self {
            Self::Failed => MOST,
            Self::FailedOutbound | Self::Short | Self::Again => 12.0,
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

/// The signs of a place, strongest first. `again` says of each call whether the person called again at once.
pub fn signs(case: &Case, place: &Place, again: &[bool]) -> Vec<Sign> {
    let inbound =
        |call: &SeenCall| call.direction == Direction::Inbound && place.holds_line(call.line);
    // A call that failed before it had a trunk may have failed for want of any of them.
    let may_hold = |call: &SeenCall| {
        place.holds_trunk(call.trunk) || (place.trunk != 0 && call.trunk == 0 && call.failed)
    };
    let outbound = |call: &SeenCall| call.direction == Direction::Outbound && may_hold(call);
    let first_talk = |call: &SeenCall| inbound(call) && call.is_first && call.answered;
    let is_bad = |call: &SeenCall| call.failed || call.busy;
    let calls: Vec<(usize, &SeenCall)> = case.seen.calls.iter().flatten().enumerate().collect();
    let count = |keep: &dyn Fn(usize, &SeenCall) -> bool| -> Vec<f64> {
        let mut counts = vec![0.0; case.days() * 24];
        for (_, call) in calls.iter().filter(|(at, call)| keep(*at, call)) {
            counts[call.day as usize * 24 + usize::from(call.hour)] += 1.0;
        }
        counts
    };
    let sign = |kind: Bad, bad: Vec<f64>, of: Vec<f64>| -> Option<Sign> {
        let hourly = Hourly::share(bad, of, case.start());
        let found = scan(&hourly, case.start(), case.days(), Way::Rise)?;
        Some(Sign {
            kind,
            weight: found.weight,
            window: found.window,
        })
    };
    let mut signs: Vec<Sign> = [
        sign(
            Bad::Failed,
            count(&|_, call| inbound(call) && is_bad(call)),
            count(&|_, call| inbound(call)),
        ),
        sign(
            Bad::FailedOutbound,
            count(&|_, call| outbound(call) && is_bad(call)),
            count(&|_, call| outbound(call)),
        ),
        sign(
            Bad::Short,
            count(&|_, call| first_talk(call) && call.talk_s < SHORT_TALK_S),
            count(&|_, call| first_talk(call)),
        ),
        sign(
            Bad::Again,
            count(&|at, call| inbound(call) && again[at]),
            count(&|_, call| inbound(call)),
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    signs.sort_by(|one, other| other.weight.total_cmp(&one.weight));
    signs
}

/// How much the bad calls of a place keep to one of its lines, nats: the logarithm of the likelihoods of "each line its
/// own share" and "one share", less half of ln(events) for each share more (Schwarz, Annals of Statistics 6 (1978)
/// 461–464). What only one line has is not the trunk's fault.
pub fn unevenness(case: &Case, place: &Place, sign: &Sign, again: &[bool]) -> f64 {
    let hours = sign.window.from..sign.window.to;
    let is_in =
        |call: &&SeenCall| hours.contains(&(call.day as usize * 24 + usize::from(call.hour)));
    let mut lines: BTreeMap<u16, (f64, f64)> = BTreeMap::new();
    let calls = case.seen.calls.iter().flatten().enumerate();
    let inbound = calls
        .filter(|(_, call)| call.direction == Direction::Inbound && place.holds_line(call.line));
    for (at, call) in inbound.filter(|(_, call)| is_in(call)) {
        let is_bad = match sign.kind {
            Bad::Failed => call.failed || call.busy,
            Bad::Short => call.is_first && call.answered && call.talk_s < SHORT_TALK_S,
            Bad::Again => again[at],
            Bad::FailedOutbound => return 0.0,
        };
        let line = lines.entry(call.line).or_default();
        (line.0, line.1) = (line.0 + f64::from(u8::from(is_bad)), line.1 + 1.0);
    }
    let (bad, all) = lines
        .values()
        .fold((0.0, 0.0), |sum, line| (sum.0 + line.0, sum.1 + line.1));
    if bad < 1.0 {
        return 0.0;
    }
    let entropy = |part: f64, of: f64| {
        if part > 0.0 {
            part * (part / of).ln()
        } else {
            0.0
        }
    };
    let likelihood = |(bad, all): (f64, f64)| entropy(bad, all) + entropy(all - bad, all);
    let apart: f64 = lines.values().copied().map(likelihood).sum();
    (apart - likelihood((bad, all)) - 0.5 * (lines.len() as f64 - 1.0) * bad.ln()).max(0.0)
}

/// By call: whether the person calls again within five minutes although somebody had answered, or because it failed.
/// Who calls again after nobody answered is no sign: nothing is wrong with the line.
pub fn called_again(case: &Case) -> Vec<bool> {
    let mut last: BTreeMap<u32, (usize, &SeenCall)> = BTreeMap::new();
    let mut again = vec![false; case.seen.calls.as_ref().map_or(0, Vec::len)];
    for (at, call) in case.seen.calls.iter().flatten().enumerate() {
        if call.direction != Direction::Inbound || call.person == 0 {
            continue;
        }
        if let Some((before, earlier)) = last.insert(call.person, (at, call)) {
            let waited =
                (call.at - earlier.at).num_seconds() - i64::from(earlier.talk_s + earlier.wait_s);
            again[before] =
                waited <= AGAIN_S && (earlier.answered || earlier.failed || earlier.busy);
        }
    }
    again
}

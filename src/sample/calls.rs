//! How calls end and how long they last.

use super::calendar::is_open;
use super::channels::City;
use super::dice::Dice;
use super::incidents::IncidentKind;
use super::people::Customer;
use super::plan::Plan;
use super::records::{Call, CallOutcome, Ends};
use super::staff::{LINES, MANAGERS};

/// Seconds of talk: median, deviation of the logarithm and bounds.
pub(super) struct Talk {
    median: f64,
    deviation: f64,
    shortest: f64,
    longest: f64,
}

pub(super) const INBOUND_TALK: Talk = Talk {
    median: 130.0,
    deviation: 0.8,
    shortest: 8.0,
    longest: 1800.0,
};
const OUTBOUND_TALK: Talk = Talk {
    median: 110.0,
    deviation: 0.8,
    shortest: 6.0,
    longest: 1800.0,
};

impl Talk {
    pub(super) fn drawn(&self, dice: &mut Dice) -> i64 {
        let seconds = dice.log_normal(self.median, self.deviation);
        seconds.clamp(self.shortest, self.longest) as i64
    }
}

/// How a call that comes in ends.
pub(super) fn answer(at: i64, manager: u8, dice: &mut Dice) -> CallOutcome {
    if !is_open(at) {
        return CallOutcome::Closed;
    }
    // How inbound calls end while somebody is in: of a hundred 79 are answered, 5 handed over, 9 missed, 3 given up, 4 busy.
    match dice.unit() {
        x if x < 0.79 => CallOutcome::Answered,
        x if x < 0.84 => CallOutcome::Transferred(colleague_of(manager)),
        x if x < 0.93 => CallOutcome::Missed,
        x if x < 0.96 => CallOutcome::Abandoned,
        _ => CallOutcome::Busy,
    }
}

/// The next manager of the same city: each has three, one after the other in the list.
fn colleague_of(manager: u8) -> u8 {
    const TEAM: u8 = 3;
    let is_last_of_team = manager % TEAM == TEAM - 1;
    if is_last_of_team {
        manager + 1 - TEAM
    } else {
        manager + 1
    }
}

/// Seconds after the first attempt at which managers try again while nothing gets out, before they give up.
const ATTEMPTS: &[i64] = &[0, 70, 900];

/// A call as the trunk lets it be: while it is down nothing comes in and nothing gets out.
pub(super) fn through_trunk(call: Call, plan: &Plan) -> Vec<Call> {
    let city = match call.ends {
        Ends::Inbound(_, line) | Ends::Robot(_, line) => LINES[usize::from(line)].city,
        Ends::Outbound(_) => MANAGERS[usize::from(call.manager)].city,
        Ends::Internal(_) => return vec![call],
    };
    if city != City::Murmansk || plan.on(IncidentKind::TrunkDown, call.at).is_none() {
        return vec![call];
    }
    let attempts = match call.ends {
        Ends::Outbound(_) => ATTEMPTS,
        // The PBX does not see what does not come in.
        _ => &[],
    };
    let failed = |delay: &i64| Call {
        at: call.at + delay,
        outcome: CallOutcome::Failed,
        ringing: 0,
        talk: 0,
        ..call
    };
    attempts.iter().map(failed).collect()
}

/// A call by a manager to a customer.
pub(super) fn dialled(at: i64, customer: Customer, manager: u8, dice: &mut Dice) -> Call {
    // Of a hundred 74 are answered, 19 ring in vain, 7 are busy.
    let outcome = match dice.unit() {
        x if x < 0.74 => CallOutcome::Answered,
        x if x < 0.93 => CallOutcome::Missed,
        _ => CallOutcome::Busy,
    };
    let talk = match outcome {
        CallOutcome::Answered => OUTBOUND_TALK.drawn(dice),
        _ => 0,
    };
    Call {
        at,
        ends: Ends::Outbound(customer),
        manager,
        outcome,
        ringing: dice.between(5, 35),
        talk,
        tracked: None,
    }
}

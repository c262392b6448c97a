//! One call, made of its legs.

use super::rules::{Direction, Rules, rings_people};
use super::{Adapted, Input, Leg, call_id, long};
use crate::model::columns::{NO_COUNT, NO_LONG, NO_TEXT, Values};
use crate::model::contact::normal_phone;
use crate::model::tables::CALLS;

/// The absent marker of telephone numbers.
const NO_PHONE: u64 = 0;

/// One call, put together from its legs.
pub(super) struct Call<'a> {
    id: &'a str,
    /// UTC milliseconds.
    at: i64,
    direction: Direction,
    /// Keyed hash of the number of the person outside.
    phone: u64,
    line: Vec<u8>,
    trunk: &'a str,
    is_answered: bool,
    talk_s: u32,
    wait_s: u32,
    disposition: &'a str,
    operator: &'a str,
}

/// The call of these legs, which are in the order in which they happened; never none.
pub(super) fn call<'a>(input: &'a Input<'_>, rules: &'a Rules, legs: &'a [Leg<'a>]) -> Call<'a> {
    let first = &legs[0];
    let direction = rules.direction(legs);
    let answered = legs.iter().find(|leg| rules.is_answered(leg, direction));
    let last_ring = legs.iter().rev().find(|leg| rings_people(leg));
    let trunk = legs.iter().find_map(|leg| rules.trunk_of(leg));
    let wait_s = answered.and_then(|leg| wait(input, first, leg));
    Call {
        id: call_id(input, first.row),
        at: first.start,
        direction,
        phone: person_outside(input, first, direction),
        line: match direction {
            Direction::Inbound => dialled_line(legs),
            Direction::Outbound | Direction::Internal => Vec::new(),
        },
        trunk: trunk.unwrap_or(""),
        is_answered: answered.is_some(),
        talk_s: talk(rules, legs, answered),
        wait_s: wait_s.unwrap_or(NO_COUNT),
        // The greeting of a call in vain is "answered", too: how the last ringing ended says more.
        disposition: answered.or(last_ring).unwrap_or(first).disposition,
        operator: operator(rules, first, answered, direction),
    }
}

/// The person outside: who called, or whom an outbound call went to.
fn person_outside(input: &Input<'_>, first: &Leg<'_>, direction: Direction) -> u64 {
    match direction {
        Direction::Outbound => {
            let number = first.destination.as_bytes();
            let phone = input.key.phone(number, &mut Vec::new());
            phone.unwrap_or(NO_PHONE)
        }
        Direction::Inbound | Direction::Internal => {
            input.rows.columns.column("caller").raw(first.row)
        }
    }
}

/// The colleague at the telephone: who answered, or who dialled.
fn operator<'a>(
    rules: &Rules,
    first: &'a Leg<'_>,
    answered: Option<&'a Leg<'_>>,
    direction: Direction,
) -> &'a str {
    match direction {
        Direction::Inbound => {
            let colleague = answered.and_then(|leg| rules.answered_by(leg));
            colleague.unwrap_or("")
        }
        Direction::Outbound | Direction::Internal => {
            rules.extension(first.channel).unwrap_or(first.source)
        }
    }
}

/// Seconds that people talked: a call that was passed on adds up.
fn talk(rules: &Rules, legs: &[Leg<'_>], answered: Option<&Leg<'_>>) -> u32 {
    let by_people = legs.iter().filter(|leg| rules.answered_by(leg).is_some());
    let seconds: u32 = by_people.map(|leg| leg.talk).sum();
    // The far end of an outbound call is no colleague.
    if seconds > 0 {
        seconds
    } else {
        answered.map_or(0, |leg| leg.talk)
    }
}

/// Seconds from the first ring to the answer.
fn wait(input: &Input<'_>, first: &Leg<'_>, answered: &Leg<'_>) -> Option<u32> {
    let answer = long(input, "answer_at", answered.row);
    if answer == NO_LONG {
        return None;
    }
    // Both by the clock of the file: the instant of the call may come from another one, that of its id.
    let start = long(input, "start_at", first.row);
    u32::try_from((answer - start) / 1000).ok()
}

/// The number that the caller dialled: the first destination that is a telephone number, else the first of any kind.
fn dialled_line(legs: &[Leg<'_>]) -> Vec<u8> {
    let mut digits = Vec::new();
    for leg in legs {
        if normal_phone(leg.destination.as_bytes(), &mut digits) {
            return digits;
        }
    }
    legs[0].destination.as_bytes().to_vec()
}

/// Adds a call as a row of the table of calls.
pub(super) fn add_call(made: &mut Adapted, call: &Call<'_>) {
    for (at, (values, field)) in made.columns.values.iter_mut().zip(CALLS.fields).enumerate() {
        match (values, field.name) {
            (Values::Text(list), name) => {
                let code = made.texts[at].code(call.text(name));
                list.push(code.unwrap_or(NO_TEXT));
            }
            (Values::Long(list), "at") => list.push(call.at),
            (Values::Key(list), "phone") => list.push(call.phone),
            (Values::Flag(list), "answered") => list.push(u8::from(call.is_answered)),
            (Values::Count(list), "talk_s") => list.push(call.talk_s),
            (Values::Count(list), "wait_s") => list.push(call.wait_s),
            // The day follows from the instant; what a CDR does not tell is absent.
            (values, _) => values.push_absent(1),
        }
    }
}

impl Call<'_> {
    /// The text of a column of the table of calls; empty for those that a CDR does not tell.
    fn text(&self, column: &str) -> &[u8] {
        match column {
            "call_id" => self.id.as_bytes(),
            "direction" => self.direction.word().as_bytes(),
            "line" => &self.line,
            "trunk" => self.trunk.as_bytes(),
            "disposition" => self.disposition.as_bytes(),
            "operator" => self.operator.as_bytes(),
            _ => b"",
        }
    }
}

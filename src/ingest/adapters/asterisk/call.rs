//! One call, made of its legs.

use super::rules::{PEOPLE, Rules};
use super::{Adapted, Input, Leg, call_id, long};
use crate::model::columns::{NO_COUNT, NO_LONG, NO_TEXT, Values};
use crate::model::contact::normal_phone;
use crate::model::tables::CALLS;

/// One call, put together from its legs.
pub(super) struct Call<'a> {
    id: &'a str,
    at: i64,
    direction: &'static str,
    phone: u64,
    line: Vec<u8>,
    trunk: &'a str,
    is_answered: bool,
    talk_s: u32,
    wait_s: u32,
    disposition: &'a str,
    operator: &'a str,
}

pub(super) fn call<'a>(input: &'a Input<'_>, rules: &'a Rules, legs: &'a [Leg<'a>]) -> Call<'a> {
    let (first, direction) = (&legs[0], rules.direction(legs));
    let answered = legs.iter().find(|leg| rules.is_answered(leg, direction));
    let last_ring = legs
        .iter()
        .rev()
        .find(|leg| PEOPLE.contains(&leg.application));
    Call {
        id: call_id(input, first.row),
        at: first.start,
        direction,
        phone: caller(input, first, direction),
        line: if direction == "inbound" {
            dialled_line(legs)
        } else {
            Vec::new()
        },
        trunk: legs
            .iter()
            .find_map(|leg| rules.trunk_of(leg))
            .unwrap_or(""),
        is_answered: answered.is_some(),
        talk_s: talk(rules, legs, answered),
        wait_s: answered
            .and_then(|leg| wait(input, first, leg))
            .unwrap_or(NO_COUNT),
        disposition: answered.or(last_ring).unwrap_or(first).disposition,
        operator: match direction {
            "inbound" => answered
                .and_then(|leg| rules.answered_by(leg))
                .unwrap_or(""),
            _ => rules.extension(first.channel).unwrap_or(first.source),
        },
    }
}

/// The person outside: who called, or whom an outbound call went to.
fn caller(input: &Input<'_>, first: &Leg<'_>, direction: &str) -> u64 {
    match direction {
        "outbound" => input
            .key
            .phone(first.destination.as_bytes(), &mut Vec::new())
            .unwrap_or(0),
        _ => input.rows.columns.column("caller").raw(first.row),
    }
}

/// Seconds that people talked: a call that was passed on adds up.
fn talk(rules: &Rules, legs: &[Leg<'_>], answered: Option<&Leg<'_>>) -> u32 {
    let by_people: u32 = legs
        .iter()
        .filter(|leg| rules.answered_by(leg).is_some())
        .map(|leg| leg.talk)
        .sum();
    if by_people > 0 {
        by_people
    } else {
        answered.map_or(0, |leg| leg.talk)
    }
}

/// Seconds from the first ring to the answer.
fn wait(input: &Input<'_>, first: &Leg<'_>, answered: &Leg<'_>) -> Option<u32> {
    let at = Some(long(input, "answer_at", answered.row)).filter(|at| *at != NO_LONG)?;
    u32::try_from((at - long(input, "start_at", first.row)) / 1000).ok()
}

pub(super) fn add_call(made: &mut Adapted, call: &Call<'_>) {
    let texts: [(&str, &[u8]); 6] = [
        ("call_id", call.id.as_bytes()),
        ("direction", call.direction.as_bytes()),
        ("line", &call.line),
        ("trunk", call.trunk.as_bytes()),
        ("disposition", call.disposition.as_bytes()),
        ("operator", call.operator.as_bytes()),
    ];
    for (at, (values, field)) in made.columns.values.iter_mut().zip(CALLS.fields).enumerate() {
        let text = texts
            .iter()
            .find(|(name, _)| *name == field.name)
            .map_or(&b""[..], |(_, text)| text);
        match (values, field.name) {
            (Values::Text(list), _) => list.push(made.texts[at].code(text).unwrap_or(NO_TEXT)),
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

/// The number that the caller dialled: the first destination that is a telephone number, else the first of any kind.
fn dialled_line(legs: &[Leg<'_>]) -> Vec<u8> {
    let mut digits = Vec::new();
    if legs
        .iter()
        .any(|leg| normal_phone(leg.destination.as_bytes(), &mut digits))
    {
        return digits;
    }
    legs[0].destination.as_bytes().to_vec()
}

//! One call, made of its legs.

use xxhash_rust::xxh3::xxh3_64;

use super::answer::{Person, extension_of};
use super::channel::pair;
use super::clock::epoch_ms;
use super::machines::rings_people;
use super::rows::Leg;
use super::rules::{Rules, own_leg};
use super::{Adapted, Input};
use crate::ingest::direction::Direction;
use crate::model::columns::{NO_COUNT, NO_TEXT, Values};
use crate::model::contact::normal_phone;
use crate::model::tables::CALLS;

/// The absent marker of telephone numbers.
const NO_PHONE: u64 = 0;

/// Milliseconds of a minute.
const MINUTE_MS: i64 = 60_000;

/// One call, put together from its legs.
pub(super) struct Call<'a> {
    pub(super) id: String,
    /// UTC milliseconds.
    at: i64,
    pub(super) direction: Direction,
    /// Keyed hash of the number of the person outside.
    phone: u64,
    line: Vec<u8>,
    trunk: &'a str,
    pub(super) is_answered: bool,
    /// 1 when a word in any of its rows makes it spam.
    spam: u8,
    talk_s: u32,
    wait_s: u32,
    disposition: &'a str,
    operator: &'a str,
    /// The leg that tells what is the same for the whole call.
    row: usize,
}

/// The call of these legs, which are in the order in which they happened; never none.
pub(super) fn call<'a>(input: &Input<'_>, rules: &'a Rules<'_>, legs: &'a [Leg<'a>]) -> Call<'a> {
    let first = own_leg(legs);
    let direction = rules.direction(legs);
    let mut up = legs.iter();
    let answered = up.find(|leg| rules.is_answered(leg, legs, direction));
    let last_ring = legs.iter().rev().find(|leg| rings_people(leg));
    let trunk = legs.iter().find_map(|leg| rules.trunk_of(leg));
    let wait_s = answered.and_then(|leg| wait(first, leg));
    let spam = input.rows.columns.column("spam");
    Call {
        id: id(input, first),
        at: instant(first),
        direction,
        phone: person_outside(input, legs, direction),
        line: match direction {
            Direction::Inbound => dialled_line(rules, legs),
            Direction::Outbound | Direction::Internal => Vec::new(),
        },
        trunk: trunk.unwrap_or(""),
        is_answered: answered.is_some(),
        spam: u8::from(legs.iter().any(|leg| spam.raw(leg.row) == 1)),
        talk_s: talk(rules, legs, answered),
        wait_s: wait_s.unwrap_or(NO_COUNT),
        // The greeting of a call in vain is "answered", too: how the last ringing ended says more.
        disposition: answered.or(last_ring).unwrap_or(first).disposition,
        operator: operator(rules, legs, answered, direction),
        row: first.row,
    }
}

/// The PBX writes the true Unix time into the unique id; the clock of the start column may be in any zone, so the id is
/// believed first.
fn instant(leg: &Leg<'_>) -> i64 {
    epoch_ms(leg.unique_id).unwrap_or(leg.start)
}

/// What the telephone system calls the call. Some ids hold the caller's number, which must not get into the lake: there
/// the channel's own id stands for it. A call without any id is told by its time, its people and its channel.
/// Where there is no channel, by the minute: a spreadsheet may have saved the file without the seconds.
fn id(input: &Input<'_>, first: &Leg<'_>) -> String {
    let holds_number = |id: &str| is_phone(first.source) && id.contains(first.source);
    let ids = [first.linked_id, first.unique_id];
    let id = ids
        .into_iter()
        .find(|id| !id.is_empty() && !holds_number(id));
    if let Some(id) = id {
        return id.to_owned();
    }
    let called = phone_of(input, first.destination);
    let start = match first.channel {
        "" => first.start - first.start.rem_euclid(MINUTE_MS),
        _ => first.start,
    };
    let told = format!(
        "{start} {} {called} {}{}",
        first.caller, first.channel, first.line
    );
    let told = if called == NO_PHONE {
        told + first.destination
    } else {
        told
    };
    format!("{}-{:016x}", start / 1000, xxh3_64(told.as_bytes()))
}

/// The person outside: whom the file calls so, else who called, or whom an outbound call went to.
fn person_outside(input: &Input<'_>, legs: &[Leg<'_>], direction: Direction) -> u64 {
    let first = own_leg(legs);
    let outside = input.rows.columns.column("outside");
    let named = legs.iter().map(|leg| outside.raw(leg.row));
    if let Some(phone) = named.into_iter().find(|phone| *phone != NO_PHONE) {
        return phone;
    }
    match direction {
        Direction::Outbound => phone_of(input, first.destination),
        Direction::Inbound | Direction::Internal => first.caller,
    }
}

fn phone_of(input: &Input<'_>, number: &str) -> u64 {
    let phone = input.key.phone(number.as_bytes(), &mut Vec::new());
    phone.unwrap_or(NO_PHONE)
}

fn is_phone(number: &str) -> bool {
    normal_phone(number.as_bytes(), &mut Vec::new())
}

/// The colleague at the telephone: who answered, or who dialled.
fn operator<'a>(
    rules: &Rules<'_>,
    legs: &[Leg<'a>],
    answered: Option<&Leg<'a>>,
    direction: Direction,
) -> &'a str {
    let first = own_leg(legs);
    if direction == Direction::Inbound {
        return match answered.and_then(|leg| rules.answered_by(leg, legs)) {
            Some(Person::Colleague(extension)) => extension,
            Some(Person::Elsewhere) | None => "",
        };
    }
    let dialling = [first.from_extension, first.source];
    let named = || dialling.into_iter().find_map(extension_of);
    rules.telephone(first.channel).or_else(named).unwrap_or("")
}

/// Seconds that people talked: a call that was passed on adds up.
fn talk<'a>(rules: &Rules<'_>, legs: &[Leg<'a>], answered: Option<&Leg<'a>>) -> u32 {
    let by_people = legs
        .iter()
        .filter(|leg| rules.answered_by(leg, legs).is_some());
    let seconds: u32 = by_people.filter_map(|leg| leg.talk).sum();
    // The far end of an outbound call is no colleague.
    if seconds > 0 {
        seconds
    } else {
        answered.and_then(|leg| leg.talk).unwrap_or(0)
    }
}

/// Seconds from the first ring to the answer: as the file says, else by its times. Both are of the clock of the file: the
/// instant of the call may come from another one, that of its id.
fn wait(first: &Leg<'_>, answered: &Leg<'_>) -> Option<u32> {
    let by_times = || u32::try_from((answered.answer? - first.start) / 1000).ok();
    answered.wait.or_else(by_times)
}

/// The number that the caller dialled: the one that the file calls the line; else of the caller's own channel the first
/// destination that is a telephone number, else the first of any kind. Numbers that the system dialled on the call's
/// behalf (a colleague's mobile) are none.
fn dialled_line(rules: &Rules<'_>, legs: &[Leg<'_>]) -> Vec<u8> {
    let mut digits = Vec::new();
    let first = own_leg(legs);
    let is_dialled = |leg: &&Leg<'_>| {
        let goes_out = rules.trunk_behind(leg.destination_channel).is_some();
        leg.channel == first.channel && !goes_out && pair(leg.channel).is_none()
    };
    let lines = legs.iter().map(|leg| leg.line);
    let destinations = legs.iter().filter(is_dialled).map(|leg| leg.destination);
    // Systems that name the parties of a call name in its destination who took it, not what was dialled.
    let names_parties = first.channel.is_empty() && !first.direction.is_empty();
    let known = if names_parties { 0 } else { legs.len() };
    for number in lines.clone().chain(destinations.take(known)) {
        if normal_phone(number.as_bytes(), &mut digits) {
            return digits;
        }
    }
    let line = lines.clone().find(|line| !line.is_empty());
    let dialled = if names_parties { "" } else { first.destination };
    line.unwrap_or(dialled).as_bytes().to_vec()
}

/// Adds a call as a row of the table of calls.
pub(super) fn add_call(made: &mut Adapted, input: &Input<'_>, call: &Call<'_>) {
    let columns = &input.rows.columns;
    for (at, (values, field)) in made.columns.values.iter_mut().zip(CALLS.fields).enumerate() {
        match (values, field.name) {
            // What its first leg says of the visitor is said of the call.
            (Values::Text(list), "utm_source" | "utm_medium" | "utm_campaign") => {
                let from = columns.table.position(field.name);
                let from = from.expect("legs have the tags of calls");
                let code = columns.values[from].raw(call.row) as u32;
                let text = input.texts[from].text(code);
                list.push(made.texts[at].code(text.as_bytes()).unwrap_or(NO_TEXT));
            }
            (Values::Text(list), name) => {
                let code = made.texts[at].code(call.text(name));
                list.push(code.unwrap_or(NO_TEXT));
            }
            (Values::Long(list), "at") => list.push(call.at),
            (Values::Key(list), "phone") => list.push(call.phone),
            (Values::Key(list), "client") => list.push(columns.column("client").raw(call.row)),
            (Values::Flag(list), "answered") => list.push(u8::from(call.is_answered)),
            (Values::Flag(list), "spam") => list.push(call.spam),
            (Values::Count(list), "talk_s") => list.push(call.talk_s),
            (Values::Count(list), "wait_s") => list.push(call.wait_s),
            // The day follows from the instant; what no file tells is absent.
            (values, _) => values.push_absent(1),
        }
    }
}

impl Call<'_> {
    /// The text of a column of the table of calls; empty for those that the legs do not tell.
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

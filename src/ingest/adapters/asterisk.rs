//! Asterisk call detail records: legs become calls.
//!
//! One call leaves a row per leg: the greeting, each telephone that rang, each half of a `Local/` pair. Legs of one
//! `linkedid` are one call. `ANSWERED` on a leg does not mean that a person answered: the greeting answers too.

use std::collections::BTreeMap;

use anyhow::Result;
use hashbrown::HashSet;

use super::{Adapted, Adapter, Input};
use crate::model::columns::{Columns, NO_COUNT, NO_LONG, NO_TEXT, Values, dictionaries};
use crate::model::contact::normal_phone;
use crate::model::tables::{CALLS, Field, Kind, Replace, Table};

/// The adapter's line in the list.
pub const ADAPTER: Adapter = Adapter {
    name: "asterisk-cdr",
    input: &LEGS,
    adapt,
};

const fn field(name: &'static str, kind: Kind, required: bool) -> Field {
    Field {
        name,
        kind,
        required,
    }
}

/// One leg, as the file has it.
const LEGS: Table = Table {
    name: "legs",
    fields: &[
        field("linked_id", Kind::Text, false),
        field("unique_id", Kind::Text, false),
        field("start_at", Kind::Time, true),
        field("day", Kind::Day, true),
        field("answer_at", Kind::Time, false),
        field("end_at", Kind::Time, false),
        field("source_number", Kind::Text, false),
        field("caller", Kind::Key, false),
        field("destination", Kind::Text, false),
        field("context", Kind::Text, false),
        field("channel", Kind::Text, false),
        field("destination_channel", Kind::Text, false),
        field("application", Kind::Text, false),
        field("talk_s", Kind::Count, false),
        field("disposition", Kind::Text, true),
        field("sequence", Kind::Count, false),
    ],
    key: &["unique_id"],
    replace: Replace::Row,
    time: Some("start_at"),
    day: "day",
    version: None,
};

/// Applications that connect a caller with a telephone; any other one that "answers" is a machine.
const PEOPLE: &[&str] = &["Dial", "Queue", "AppDial", "Bridge"];

/// Which way a call went, as far as rules and numbers tell.
struct Rules {
    internal: Vec<String>,
    inbound_contexts: Vec<String>,
    trunks: Vec<String>,
    internal_digits: usize,
}

/// A leg by row number, with the texts that decisions are made on.
struct Leg<'a> {
    row: usize,
    start: i64,
    source: &'a str,
    destination: &'a str,
    context: &'a str,
    channel: &'a str,
    destination_channel: &'a str,
    application: &'a str,
    disposition: &'a str,
    talk: u32,
}

fn adapt(input: &Input<'_>) -> Result<Adapted> {
    let rules = Rules::from_options(input.options);
    let (calls, used) = group_legs(input);
    let mut made = Adapted {
        columns: Columns::empty(&CALLS),
        texts: dictionaries(&CALLS),
        files: Vec::new(),
        used,
    };
    for legs in calls.values() {
        let legs: Vec<Leg<'_>> = legs.iter().map(|row| leg(input, *row)).collect();
        add_call(&mut made, &call(input, &rules, &legs));
        made.files.push(input.rows.files[legs[0].row]);
    }
    Ok(made)
}

/// Rows of each call, by its first instant and id.
type Calls = BTreeMap<(i64, String), Vec<usize>>;

/// Rows by call, in the order of the call's first row; the same leg of two overlapping files counts once.
fn group_legs(input: &Input<'_>) -> (Calls, Vec<bool>) {
    let rows = input.rows.columns.rows();
    let mut used = vec![false; rows];
    let mut seen = HashSet::new();
    let mut by_id: hashbrown::HashMap<&str, Vec<usize>> = hashbrown::HashMap::new();
    for (row, used) in used.iter_mut().enumerate() {
        if seen.insert(input.rows.hashes[row]) {
            *used = true;
            by_id.entry(call_id(input, row)).or_default().push(row);
        }
    }
    let mut calls = BTreeMap::new();
    for (id, mut legs) in by_id {
        let sequence = input.rows.columns.column("sequence");
        legs.sort_by_key(|row| (long(input, "start_at", *row), sequence.raw(*row), *row));
        calls.insert((start_of(input, legs[0]), id.to_owned()), legs);
    }
    (calls, used)
}

fn call_id<'a>(input: &'a Input<'_>, row: usize) -> &'a str {
    let linked = text(input, "linked_id", row);
    if linked.is_empty() {
        text(input, "unique_id", row)
    } else {
        linked
    }
}

fn text<'a>(input: &'a Input<'_>, name: &str, row: usize) -> &'a str {
    let at = LEGS
        .position(name)
        .expect("the adapter names its own columns");
    match &input.rows.columns.values[at] {
        Values::Text(codes) => input.texts[at].text(codes[row]),
        _ => "",
    }
}

fn long(input: &Input<'_>, name: &str, row: usize) -> i64 {
    input.rows.columns.column(name).raw(row).cast_signed()
}

/// The PBX writes the true Unix time into the unique id (`1706368044.0`, sometimes behind a host name); the clock of
/// the start column may be in any zone, so the id is believed first.
fn start_of(input: &Input<'_>, row: usize) -> i64 {
    epoch_ms(text(input, "unique_id", row)).unwrap_or_else(|| long(input, "start_at", row))
}

fn epoch_ms(unique_id: &str) -> Option<i64> {
    let number = unique_id.rsplit('-').next()?;
    let seconds = number.split('.').next()?;
    // Ten digits: 2001 to 2286.
    let seconds: i64 = (seconds.len() == 10).then(|| seconds.parse().ok())??;
    Some(seconds * 1000)
}

fn leg<'a>(input: &'a Input<'_>, row: usize) -> Leg<'a> {
    let talk = match input.rows.columns.column("talk_s") {
        Values::Count(list) if list[row] != u32::MAX => list[row],
        _ => 0,
    };
    Leg {
        row,
        start: start_of(input, row),
        source: text(input, "source_number", row),
        destination: text(input, "destination", row),
        context: text(input, "context", row),
        channel: text(input, "channel", row),
        destination_channel: text(input, "destination_channel", row),
        application: text(input, "application", row),
        disposition: text(input, "disposition", row),
        talk,
    }
}

impl Rules {
    fn from_options(options: &BTreeMap<String, toml::Value>) -> Self {
        let list = |name: &str| -> Vec<String> {
            let values = options
                .get(name)
                .and_then(toml::Value::as_array)
                .into_iter()
                .flatten();
            values
                .filter_map(|value| value.as_str().map(str::to_owned))
                .collect()
        };
        let digits = options
            .get("internal_digits")
            .and_then(toml::Value::as_integer)
            .unwrap_or(4);
        let mut inbound_contexts = list("inbound_contexts");
        if inbound_contexts.is_empty() {
            inbound_contexts = ["from-trunk", "from-pstn", "from-did-direct", "ext-did"]
                .map(str::to_owned)
                .to_vec();
        }
        Self {
            internal: list("internal"),
            inbound_contexts,
            trunks: list("trunks"),
            internal_digits: usize::try_from(digits).unwrap_or(4),
        }
    }

    /// An extension: one of the pipeline's list, or, without a list, any short number.
    fn is_internal(&self, number: &str) -> bool {
        if !self.internal.is_empty() {
            return self.internal.iter().any(|extension| extension == number);
        }
        !number.is_empty()
            && number.len() <= self.internal_digits
            && number.bytes().all(|byte| byte.is_ascii_digit())
    }

    fn trunk_of<'a>(&'a self, leg: &Leg<'_>) -> Option<&'a str> {
        let known = |channel: &str| {
            self.trunks
                .iter()
                .find(|trunk| channel.starts_with(trunk.as_str()))
        };
        known(leg.channel)
            .or_else(|| known(leg.destination_channel))
            .map(String::as_str)
    }

    /// A call that came in over a trunk or an inbound context is inbound; from one extension to another internal;
    /// from an extension to the outside outbound.
    fn direction(&self, legs: &[Leg<'_>]) -> &'static str {
        let first = &legs[0];
        let from_trunk = self
            .trunks
            .iter()
            .any(|trunk| first.channel.starts_with(trunk.as_str()));
        if from_trunk
            || self
                .inbound_contexts
                .iter()
                .any(|context| context == first.context)
        {
            return "inbound";
        }
        match (
            self.is_internal(first.source),
            self.is_internal(first.destination),
        ) {
            (true, true) => "internal",
            (true, false) => "outbound",
            (false, _) => "inbound",
        }
    }

    /// The extension behind a channel such as `SIP/204-0000a1`; trunks and `Local/` halves are nobody's telephone.
    fn extension<'a>(&self, channel: &'a str) -> Option<&'a str> {
        let (kind, rest) = channel.split_once('/')?;
        let number = rest.split(['-', '@']).next()?;
        (kind != "Local" && self.is_internal(number)).then_some(number)
    }

    /// The far end answers an outbound call over a trunk, so any answered Dial counts there.
    fn is_answered(&self, leg: &Leg<'_>, direction: &str) -> bool {
        let far_end = leg.application == "Dial" && leg.disposition == "ANSWERED" && leg.talk > 0;
        self.answered_by(leg).is_some() || (direction == "outbound" && far_end)
    }

    fn answered_by<'a>(&self, leg: &'a Leg<'_>) -> Option<&'a str> {
        let person =
            PEOPLE.contains(&leg.application) && leg.disposition == "ANSWERED" && leg.talk > 0;
        person.then(|| self.extension(leg.destination_channel))?
    }
}

/// One call, put together from its legs.
struct Call<'a> {
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

fn call<'a>(input: &'a Input<'_>, rules: &'a Rules, legs: &'a [Leg<'a>]) -> Call<'a> {
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

fn add_call(made: &mut Adapted, call: &Call<'_>) {
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

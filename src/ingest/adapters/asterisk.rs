//! Asterisk call detail records: legs become calls.
//!
//! One call leaves a row per leg: the greeting, each telephone that rang, each half of a `Local/` pair. Legs of one
//! `linkedid` are one call. `ANSWERED` on a leg does not mean that a person answered: the greeting answers too.

mod call;
mod rules;

use std::collections::BTreeMap;

use anyhow::Result;
use hashbrown::HashSet;

use self::call::{add_call, call};
use self::rules::Rules;
use super::{Adapted, Adapter, Input};
use crate::model::columns::{Columns, NO_COUNT, Values, dictionaries};
use crate::model::tables::{CALLS, ColumnKind, Field, Replace, TableSchema};

/// The adapter's line in the list.
pub const ADAPTER: Adapter = Adapter {
    name: "asterisk-cdr",
    input: &LEGS,
    adapt,
};

const fn field(name: &'static str, kind: ColumnKind, required: bool) -> Field {
    Field {
        name,
        kind,
        required,
    }
}

/// One leg, as the file has it.
const LEGS: TableSchema = TableSchema {
    name: "legs",
    fields: &[
        field("linked_id", ColumnKind::Text, false),
        field("unique_id", ColumnKind::Text, false),
        field("start_at", ColumnKind::Time, true),
        field("day", ColumnKind::Day, true),
        field("answer_at", ColumnKind::Time, false),
        field("end_at", ColumnKind::Time, false),
        field("source_number", ColumnKind::Text, false),
        field("caller", ColumnKind::Key, false),
        field("destination", ColumnKind::Text, false),
        field("context", ColumnKind::Text, false),
        field("channel", ColumnKind::Text, false),
        field("destination_channel", ColumnKind::Text, false),
        field("application", ColumnKind::Text, false),
        field("talk_s", ColumnKind::Count, false),
        field("disposition", ColumnKind::Text, true),
        field("sequence", ColumnKind::Count, false),
    ],
    key: &["unique_id"],
    replace: Replace::Row,
    time: Some("start_at"),
    day: "day",
    version: None,
};

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
    let (calls, used) = legs_by_call(input);
    let mut made = Adapted {
        columns: Columns::empty(&CALLS),
        texts: dictionaries(&CALLS),
        files: Vec::new(),
        used,
    };
    for legs in calls.values() {
        let legs: Vec<Leg<'_>> = legs.iter().map(|row| leg(input, *row)).collect();
        add_call(&mut made, &call(input, &rules, &legs));
        // A call whose legs stand in two files is counted in that of its first.
        made.files.push(input.rows.files[legs[0].row]);
    }
    Ok(made)
}

/// Rows of each call, by its first instant and id.
type Calls = BTreeMap<(i64, String), Vec<usize>>;

/// Rows by call, in the order of the call's first row; the same leg of two overlapping files counts once.
fn legs_by_call(input: &Input<'_>) -> (Calls, Vec<bool>) {
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
    let sequence = input.rows.columns.column("sequence");
    let mut calls = BTreeMap::new();
    for (id, mut legs) in by_id {
        // Legs of one second are told apart by the number that the PBX gives each row.
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

/// Digits of Unix seconds from 2001 to 2286; a number of any other length is no time.
const EPOCH_DIGITS: usize = 10;

fn epoch_ms(unique_id: &str) -> Option<i64> {
    let number = unique_id.rsplit('-').next()?;
    let seconds = number.split('.').next()?;
    if seconds.len() != EPOCH_DIGITS {
        return None;
    }
    let seconds: i64 = seconds.parse().ok()?;
    Some(seconds * 1000)
}

fn leg<'a>(input: &'a Input<'_>, row: usize) -> Leg<'a> {
    let talk = match input.rows.columns.column("talk_s") {
        Values::Count(list) if list[row] != NO_COUNT => list[row],
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

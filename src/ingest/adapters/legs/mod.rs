//! Telephone systems that write a row per leg: legs become calls.
//!
//! One call leaves a row for the greeting, for each telephone that rang, for each half of a `Local/` pair, for each part
//! that it was passed on to. "Answered" on a leg does not mean that a person answered: greetings, queues and voice mail
//! answer too. What a system calls its columns is in its format; everything here is the same for all of them.

mod answer;
mod call;
mod channel;
mod clock;
mod direction;
mod joins;
mod machines;
mod notes;
mod rows;
mod rules;

use anyhow::Result;
use hashbrown::HashMap;

use self::call::{add_call, call};
use self::notes::Notes;
use self::rows::{LEGS, Leg, Rows};
use self::rules::Rules;
use super::{Adapted, Adapter, Input};
use crate::model::columns::{Columns, dictionaries};
use crate::model::tables::CALLS;

/// The adapter's line in the list.
pub const ADAPTER: Adapter = Adapter {
    name: "call-legs",
    input: &LEGS,
    adapt,
};

/// The name that formats of your own may still use: the adapter once knew Asterisk only.
pub const FORMER: Adapter = Adapter {
    name: "asterisk-cdr",
    ..ADAPTER
};

fn adapt(input: &Input<'_>) -> Result<Adapted> {
    let rows = Rows::new(input);
    let joined = joins::join(&rows, input);
    let rules = Rules::new(input.options, &rows, &joined.calls)?;
    clock::refuse_foreign_dates(&rows, &joined.calls)?;
    let mut made = Adapted {
        columns: Columns::empty(&CALLS),
        texts: dictionaries(&CALLS),
        files: Vec::new(),
        used: joined.used,
        notes: Vec::new(),
    };
    let mut notes = Notes::default();
    let mut ids = HashMap::new();
    for call_rows in &joined.calls {
        let legs: Vec<Leg<'_>> = call_rows.iter().map(|row| rows.leg(*row)).collect();
        let mut call = call(input, &rules, &legs);
        tell_apart(&mut call.id, call_rows[0], &rows, &mut ids);
        notes.add(&rules, &legs, &call);
        add_call(&mut made, input, &call);
        // A call whose legs stand in two files is counted in that of its first.
        made.files.push(input.rows.files[call_rows[0]]);
    }
    made.notes = notes.lines();
    made.notes
        .extend(clock::note(&rows, &joined.calls, input.zone));
    Ok(made)
}

/// Calls without an id may be equal in all that their file tells and yet be two: each gets its number behind the id.
fn tell_apart(id: &mut String, row: usize, rows: &Rows<'_>, ids: &mut HashMap<String, u32>) {
    if rows.is_named(row) {
        return;
    }
    let copies = ids.entry(id.clone()).or_insert(0);
    *copies += 1;
    if *copies > 1 {
        id.push_str(&format!("-{copies}"));
    }
}

#[cfg(test)]
mod tests;

//! Telephone systems that write a row per leg: legs become calls.
//!
//! One call leaves a row for the greeting, for each telephone that rang, for each half of a `Local/` pair, for each part
//! that it was passed on to. "Answered" on a leg does not mean that a person answered: greetings, queues and voice mail
//! answer too. What a system calls its columns is in its format; everything here is the same for all of them.

mod answer;
mod call;
mod channel;
mod clock;
mod equal;
mod guesses;
mod joins;
mod machines;
mod notes;
mod numbers;
mod rows;
mod rules;
mod strangers;

use anyhow::Result;
use hashbrown::{HashMap, HashSet};

use self::call::{add_call, call};
use self::guesses::Guesses;
use self::notes::Notes;
use self::rows::{LEGS, Rows};
use self::rules::Rules;
use super::{Adapted, Adapter, Input};
use crate::ingest::direction::Direction;
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
    strangers::refuse(&rows, &joined, input)?;
    let rules = Rules::new(input.options, &rows, &joined.calls)?;
    clock::refuse_foreign_dates(&rows, &joined.calls)?;
    let mut made = Adapted {
        columns: Columns::empty(&CALLS),
        texts: dictionaries(&CALLS),
        files: Vec::new(),
        used: joined.used.clone(),
        notes: Vec::new(),
        doubts: Vec::new(),
        remarks: Vec::new(),
    };
    let mut notes = Notes::default();
    let mut guesses = Guesses::default();
    let mut ids = HashMap::new();
    let strangers: HashSet<usize> = joined.strangers.iter().copied().collect();
    for call_rows in &joined.calls {
        let legs = rows.legs(call_rows);
        let mut call = call(input, &rules, &legs);
        // A call whose legs stand in two files is counted in that of its first.
        let file = input.rows.files[call_rows[0]];
        tell_apart(&mut call.id, call_rows[0], file, &rows, &mut ids);
        if strangers.contains(&call_rows[0]) {
            call.id.push_str(&strangers::mark(&rows, call_rows[0]));
        }
        notes.add(&rules, &legs, &call);
        guesses.add(file, &rows, &legs);
        if call.direction == Direction::Inbound && call.is_answered {
            guesses.add_answered(file, &legs);
        }
        add_call(&mut made, input, &call);
        made.files.push(file);
    }
    made.doubts = guesses.told();
    made.remarks = guesses.remarks();
    made.remarks.extend(equal::told(&rows, &joined, input));
    made.doubts.extend(strangers::told(&joined, input));
    made.notes = notes.lines();
    made.notes
        .extend(clock::note(&rows, &joined.calls, input.zone));
    Ok(made)
}

/// Calls without an id may be equal in all that their file tells and yet be two: each gets its number behind the id. Another
/// file that tells the same calls, perhaps without their seconds, numbers them alike.
fn tell_apart(
    id: &mut String,
    row: usize,
    file: u32,
    rows: &Rows<'_>,
    ids: &mut HashMap<(String, u32), u32>,
) {
    if rows.is_named(row) {
        return;
    }
    // Of channels each file has its own: those of two files are two.
    let file = if rows.tell_channels() { 0 } else { file };
    let copies = ids.entry((id.clone(), file)).or_insert(0);
    *copies += 1;
    if *copies > 1 {
        id.push_str(&format!("-{copies}"));
    }
}

#[cfg(test)]
mod tests;

//! Ids that calls of different people share, one after another: the column that they come from is no key.

use hashbrown::HashSet;
use xxhash_rust::xxh3::xxh3_64;

use super::super::{FileFault, Input};
use super::joins::Joined;
use super::rows::Rows;
use crate::model::fault::Fault;

/// Calls of strangers from which on an id is judged. A judgement: two may be a mistake in a list kept by hand.
const FEWEST: usize = 3;
/// Strangers of one id, on average, up to which channels tell the calls: a spreadsheet takes `.1`, `.10` and `.100` for one
/// number.
const OF_ONE_ID: usize = 2;

/// Refuses the file most of whose repeated ids are those of strangers.
///
/// # Errors
/// With the file that the first of them stands in.
pub(super) fn refuse(rows: &Rows<'_>, joined: &Joined, input: &Input<'_>) -> Result<(), FileFault> {
    let strangers = joined.strangers.len();
    let Some(first) = joined.strangers.first() else {
        return Ok(());
    };
    if strangers < FEWEST || strangers * 2 <= joined.repeats {
        return Ok(());
    }
    let ids: HashSet<&str> = joined.strangers.iter().map(|row| rows.id(*row)).collect();
    if rows.tell_channels() && strangers <= ids.len() * OF_ONE_ID {
        return Ok(());
    }
    let message = format!(
        "{} calls of different people at different times share {}: the column of ids is no key",
        strangers + ids.len(),
        match ids.len() {
            1 => "1 id".to_owned(),
            many => format!("{many} ids"),
        }
    );
    let fault = Fault::new(message).hint(
        "map the column that the system numbers its calls by, or none at all: copy the format and leave `linked_id` out",
    );
    Err(FileFault {
        file: input.rows.files[*first],
        fault,
    })
}

/// What is put behind the id of a call that is an earlier one's: its channel, where there are any, else its time. Not a
/// number, since another file may hold others of the id.
pub(super) fn mark(rows: &Rows<'_>, row: usize) -> String {
    match rows.channel.at(row) {
        "" => format!("-{}", rows.start(row) / 1000),
        channel => format!("-{:016x}", xxh3_64(channel.as_bytes())),
    }
}

/// Calls of strangers are told apart, and said.
pub(super) fn told(joined: &Joined, input: &Input<'_>) -> Vec<(u32, String)> {
    let mut told = Vec::new();
    for file in 0..=input.rows.files.iter().copied().max().unwrap_or(0) {
        let here = joined
            .strangers
            .iter()
            .filter(|row| input.rows.files[**row] == file);
        match here.count() {
            0 => {}
            1 => told.push((
                file,
                "1 call has the id of an earlier one of somebody else".to_owned(),
            )),
            many => told.push((
                file,
                format!("{many} calls have the ids of earlier ones of somebody else"),
            )),
        }
    }
    told
}

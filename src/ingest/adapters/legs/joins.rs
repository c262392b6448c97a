//! Which legs are one call: those that share an id, a `Local/` pair, or the caller's channel at one time.

use hashbrown::{HashMap, HashSet};

use super::super::Input;
use super::channel::{Channel, pair};
use super::rows::Rows;
use crate::ingest::copies::Copies;
use crate::model::placeholder::is_placeholder;

/// Rows put together.
pub(super) struct Joined {
    /// Rows of each call, in the order in which its legs happened; calls in the order of their first legs.
    pub(super) calls: Vec<Vec<usize>>,
    /// For each row whether it is part of a call: copies of overlapping files are not.
    pub(super) used: Vec<bool>,
    /// First rows of calls whose id is that of an earlier call of somebody else.
    pub(super) strangers: Vec<usize>,
    /// Rows whose id an earlier one had.
    pub(super) repeats: usize,
}

/// Milliseconds of silence after which an id means another call: systems begin to count anew when they are installed
/// again. A day, so that calls of one id are never of one day, by which the lake tells them apart.
const IDS_ANEW_MS: i64 = 24 * 60 * 60 * 1000;
/// The same for names of channels, which are given again after every restart. The next leg of a call begins where the
/// last one ended; some seconds are for clocks that are written down at different moments.
const CHANNELS_ANEW_MS: i64 = 5_000;

/// Something that legs of one call have in common.
struct Tie<'a> {
    /// An id, a pair or a channel, and who called on it.
    name: (&'a str, &'a str),
    /// How long after the last leg it still means the same call.
    holds_ms: i64,
}

/// A call that may go on.
struct Open {
    call: usize,
    /// When its last leg so far ended.
    until: i64,
    /// The first person whom its legs name, as a keyed hash.
    person: u64,
    /// The leg that names this person.
    named_by: usize,
}

impl Open {
    /// Whether a leg is of somebody else: then their id is none. Without channels it has to begin after this call has
    /// ended. Channels have one end each, so that a call that was passed on has a leg of somebody else; but an id of its
    /// own is given to one channel, and two people on two channels have not called once.
    fn is_strangers(&self, rows: &Rows<'_>, row: usize) -> bool {
        let person = rows.person(row);
        let are_two = person != NO_PERSON && self.person != NO_PERSON && person != self.person;
        are_two
            && if rows.tell_channels() {
                share_an_id_alone(rows, self.named_by, row)
            } else {
                rows.start(row) > self.until + CHANNELS_ANEW_MS
            }
    }
}

/// Whether two legs of different channels have the id that is given to one channel, and nothing that ties calls together.
fn share_an_id_alone(rows: &Rows<'_>, one: usize, other: usize) -> bool {
    let is_tied =
        |row: usize| !is_nothing(rows.linked_id.at(row)) || !is_nothing(rows.other_id.at(row));
    let (channel, second) = (rows.channel.at(one), rows.channel.at(other));
    let are_ends = [channel, second]
        .iter()
        .all(|channel| Channel::parse(channel).is_some_and(|channel| !channel.is_local()));
    are_ends
        && channel != second
        && rows.unique_id.at(one) == rows.unique_id.at(other)
        && ![one, other].into_iter().any(is_tied)
}

/// The absent marker of keys.
const NO_PERSON: u64 = 0;

/// Puts the legs of an export together.
pub(super) fn join(rows: &Rows<'_>, input: &Input<'_>) -> Joined {
    let used = first_copies(rows, input);
    let mut calls: Vec<Vec<usize>> = Vec::new();
    let mut open: HashMap<(&str, &str), Open> = HashMap::new();
    let mut strangers = Vec::new();
    let mut repeats = 0;
    for row in in_order(rows, &used, &input.rows.files) {
        let ties = ties(rows, row);
        let start = rows.start(row);
        let known = ties.iter().flatten().find_map(|tie| {
            let known = open.get(&tie.name)?;
            (start <= known.until + tie.holds_ms).then_some(known)
        });
        repeats += usize::from(known.is_some());
        if known.is_some_and(|known| known.is_strangers(rows, row)) {
            strangers.push(row);
        }
        let own = known.filter(|known| !known.is_strangers(rows, row));
        let call = own.map_or(calls.len(), |known| known.call);
        if call == calls.len() {
            calls.push(Vec::new());
        }
        calls[call].push(row);
        let end = rows.end(row);
        for tie in ties.into_iter().flatten() {
            let known = open.entry(tie.name).or_insert(Open {
                call,
                until: end,
                person: NO_PERSON,
                named_by: row,
            });
            if known.call != call {
                (known.until, known.person) = (end, NO_PERSON);
            }
            known.call = call;
            known.until = known.until.max(end);
            if known.person == NO_PERSON {
                (known.person, known.named_by) = (rows.person(row), row);
            }
        }
    }
    Joined {
        calls,
        used,
        strangers,
        repeats,
    }
}

/// Rows that stand for themselves. The same leg in two overlapping files counts once, and in one file that was glued
/// together too; rows that nothing identifies may be equal and yet two calls, as often as one file has them.
fn first_copies(rows: &Rows<'_>, input: &Input<'_>) -> Vec<bool> {
    let mut seen = HashSet::new();
    let mut copies = Copies::default();
    let is_first = |row: usize| {
        let hash = input.rows.hashes[row];
        let is_named = ties(rows, row).iter().any(Option::is_some);
        if is_named {
            seen.insert(hash)
        } else {
            copies.is_new(hash, input.rows.files[row])
        }
    };
    (0..rows.len()).map(is_first).collect()
}

/// The rows as the legs happened. Those of one second are told apart by the number that the system gives each row, else
/// by their place in the file, which may run backwards.
fn in_order(rows: &Rows<'_>, used: &[bool], files: &[u32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows.len()).filter(|row| used[*row]).collect();
    let runs_backwards = newest_first(rows, files);
    let place = |row: usize| {
        if runs_backwards {
            rows.len() - row
        } else {
            row
        }
    };
    order.sort_by_key(|row| (rows.start(*row), rows.sequence(*row), place(*row)));
    order
}

/// Whether the files tell the newest rows first.
fn newest_first(rows: &Rows<'_>, files: &[u32]) -> bool {
    let mut steps = 0i64;
    for row in 1..rows.len() {
        if files[row] == files[row - 1] {
            steps += (rows.start(row) - rows.start(row - 1)).signum();
        }
    }
    steps < 0
}

/// Whether there is no id: many legs have what databases and scripts write then, and are not one call.
fn is_nothing(id: &str) -> bool {
    id.is_empty() || is_placeholder(id.as_bytes())
}

/// What ties a leg to others, the surest first.
fn ties<'a>(rows: &Rows<'a>, row: usize) -> [Option<Tie<'a>>; 5] {
    let by_id_on = |id: &'a str, channel: &'a str| {
        (!is_nothing(id)).then_some(Tie {
            name: (id, channel),
            holds_ms: IDS_ANEW_MS,
        })
    };
    let by_id = |id: &'a str| by_id_on(id, "");
    let by_channel = |name: &'a str, caller: &'a str| Tie {
        name: (name, caller),
        holds_ms: CHANNELS_ANEW_MS,
    };
    let linked_id = rows.linked_id.at(row);
    if !is_nothing(linked_id) {
        return [by_id(linked_id), None, None, None, None];
    }
    let unique_id = rows.unique_id.at(row);
    let channel = rows.channel.at(row);
    // The other half of a pair is a channel with an id of its own.
    let pair = pair(channel).or_else(|| pair(rows.destination_channel.at(row)));
    let has_channel_only = is_nothing(unique_id) && !channel.is_empty();
    // Legs of two people whose id is one go on each on their channel.
    let on_channel = (!channel.is_empty())
        .then(|| by_id_on(unique_id, channel))
        .flatten();
    [
        on_channel,
        by_id(unique_id),
        by_id(rows.other_id.at(row)),
        pair.map(|name| by_channel(name, "")),
        has_channel_only.then(|| by_channel(channel, rows.source.at(row))),
    ]
}

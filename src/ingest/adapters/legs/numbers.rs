//! Whose numbers they are, as the calls themselves show: how long extensions are, and which whole numbers are the firm's.

use hashbrown::{HashMap, HashSet};

use super::channel::Channel;
use super::rows::Rows;
use super::rules::TELEPHONES;
use crate::model::contact::normal_phone;

/// The longest extension unless the calls or the pipeline say otherwise, digits. A judgement: few town numbers are as short.
const USUAL_INTERNAL_DIGITS: usize = 4;
/// The longest that calls may show: from seven digits on it is a town number.
const LONGEST_EXTENSION: usize = 6;
/// So many people call no one but a firm. A judgement.
const FEWEST_CALLERS: usize = 5;

/// So many whole numbers are called by no one from outside: who calls a firm has one of its lines, or a few. A judgement.
const FEWEST_CALLED: usize = 2;
/// Digits of the shortest number of the town or the country, which is no extension.
const SHORTEST_OUTSIDE: usize = 9;

/// Digits of the longest extension: one that has a channel of its own (`20101` that calls on `PJSIP/20101-…` is no caller from
/// outside, whose channel is the trunk's), or, in a report without channels, one that calls several numbers outside.
pub(super) fn extension_digits(rows: &Rows<'_>) -> usize {
    by_channel(rows).max(by_called(rows))
}

fn by_called(rows: &Rows<'_>) -> usize {
    let mut called: HashMap<&str, HashSet<&str>> = HashMap::new();
    for row in 0..rows.len() {
        let (from, to) = (rows.source.at(row), rows.destination.at(row));
        let may_be_own = (USUAL_INTERNAL_DIGITS + 1..=LONGEST_EXTENSION).contains(&from.len());
        let is_outside = to.trim_start_matches('+').len() >= SHORTEST_OUTSIDE;
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let has_channel = !rows.channel.at(row).is_empty();
        if may_be_own && is_outside && is_number(from) && !has_channel {
            called.entry(from).or_default().insert(to);
        }
    }
    let own = called.iter().filter(|(_, of)| of.len() >= FEWEST_CALLED);
    own.map(|(from, _)| from.len()).max().unwrap_or(0)
}

fn by_channel(rows: &Rows<'_>) -> usize {
    let mut longest = USUAL_INTERNAL_DIGITS;
    for row in 0..rows.len() {
        let source = rows.source.at(row);
        let is_longer = (longest + 1..=LONGEST_EXTENSION).contains(&source.len());
        if !is_longer || !source.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let channel = Channel::parse(rows.channel.at(row));
        let is_own = |channel: Channel<'_>| {
            TELEPHONES.contains(&channel.technology) && channel.number() == source
        };
        if channel.is_some_and(is_own) {
            longest = source.len();
        }
    }
    longest
}

/// The numbers of the firm: those that many people call. Asked only where the file says neither directions nor channels.
pub(super) fn called_by_many(rows: &Rows<'_>, calls: &[Vec<usize>]) -> HashSet<Vec<u8>> {
    let mut callers: HashMap<Vec<u8>, HashSet<Vec<u8>>> = HashMap::new();
    for first in calls.iter().filter_map(|rows| rows.first()) {
        let (from, to) = (rows.source.at(*first), rows.destination.at(*first));
        if let (Some(from), Some(to)) = (whole(from), whole(to)) {
            callers.entry(to).or_default().insert(from);
        }
    }
    let many = callers
        .into_iter()
        .filter(|(_, of)| of.len() >= FEWEST_CALLERS);
    many.map(|(number, _)| number).collect()
}

/// A whole telephone number in the form that numbers are compared in.
pub(super) fn whole(number: &str) -> Option<Vec<u8>> {
    let mut digits = Vec::new();
    normal_phone(number.as_bytes(), &mut digits).then_some(digits)
}

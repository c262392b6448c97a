//! Calls of all directions, and when somebody first talked with a person.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};

use super::codes::Coder;
use super::span::Span;
use crate::config::Plan;
use crate::marts::tables::Call;
use crate::model::observations::{Dimension, Direction, Names, SeenCall};

/// A talk later than this after the contact is no answer to it.
const TALK_REACH: TimeDelta = TimeDelta::days(14);

/// Talks by telephone, oldest first.
#[derive(Default)]
pub(super) struct Talks(HashMap<u64, Vec<DateTime<Utc>>>);

impl Talks {
    /// All answered calls from or to the outside.
    pub(super) fn of(calls: &[Call]) -> Self {
        let mut talks: HashMap<u64, Vec<DateTime<Utc>>> = HashMap::new();
        for call in calls {
            let is_outside = call.direction != Direction::Internal;
            if let (Some(phone), true, true) = (call.phone, call.answered, is_outside) {
                talks.entry(phone).or_default().push(call.at);
            }
        }
        talks.values_mut().for_each(|list| list.sort_unstable());
        Self(talks)
    }

    /// Seconds from an instant to the first talk with any of these telephones after it, as far as it was before `until`.
    pub(super) fn first(
        &self,
        phones: impl Iterator<Item = u64>,
        at: DateTime<Utc>,
        until: Option<DateTime<Utc>>,
    ) -> Option<u32> {
        let next = |phone: u64| {
            let talks = self.0.get(&phone)?;
            talks.get(talks.partition_point(|talk| *talk < at)).copied()
        };
        let first = phones
            .filter_map(next)
            .min()
            .filter(|first| until.is_none_or(|until| *first < until))?;
        let waited = first - at;
        (waited <= TALK_REACH).then(|| u32::try_from(waited.num_seconds()).unwrap_or(0))
    }
}

/// All calls of the lake in codes, without spam, oldest first.
pub(super) struct Calls {
    calls: Vec<(NaiveDate, SeenCall)>,
    codes: [(Dimension, Coder); 3],
}

impl Calls {
    /// Puts calls into codes.
    pub(super) fn of(calls: &[Call], plan: &Plan) -> Self {
        let lines = Coder::fixed(calls.iter().map(|call| &*call.line));
        let trunks = Coder::fixed(calls.iter().map(|call| &*call.trunk));
        let operators = Coder::fixed(calls.iter().map(|call| &*call.operator));
        let mut order: Vec<&Call> = calls.iter().filter(|call| !call.spam).collect();
        // Stable: calls of one instant stay in the order of the table.
        order.sort_by_key(|call| call.at);
        let mut people: HashMap<u64, u32> = HashMap::new();
        let mut called: HashSet<u32> = HashSet::new();
        let mut seen = Vec::with_capacity(order.len());
        for call in order {
            let next = people.len() as u32 + 1;
            let person = match call.phone {
                Some(phone) => *people.entry(phone).or_insert(next),
                None => 0,
            };
            let is_inbound = call.direction == Direction::Inbound;
            let local = call.at.with_timezone(&plan.zone);
            let outcome = call.disposition.to_lowercase();
            let says_fault = FAULTS.iter().any(|word| outcome.contains(word));
            let coded = SeenCall {
                at: call.at,
                day: 0,
                hour: local.hour() as u8,
                direction: call.direction,
                line: lines.code(&call.line),
                trunk: trunks.code(&call.trunk),
                operator: operators.code(&call.operator),
                answered: call.answered,
                failed: !call.answered && says_fault,
                busy: !call.answered && outcome.contains("busy"),
                talk_s: call.talk_s,
                wait_s: call.wait_s,
                person,
                is_first: is_inbound && person != 0 && called.insert(person),
            };
            seen.push((local.date_naive(), coded));
        }
        Self {
            calls: seen,
            codes: [
                (Dimension::Line, lines),
                (Dimension::Trunk, trunks),
                (Dimension::Operator, operators),
            ],
        }
    }

    /// The calls of a history before `until`; their texts go into `names`.
    pub(super) fn within(
        &self,
        span: &Span,
        until: Option<DateTime<Utc>>,
        names: &mut Names,
    ) -> Vec<SeenCall> {
        for (dimension, codes) in &self.codes {
            codes.put(*dimension, names);
        }
        let known = self
            .calls
            .iter()
            .take_while(|(_, call)| until.is_none_or(|until| call.at < until));
        known
            .filter_map(|(date, call)| {
                Some(SeenCall {
                    day: span.day(*date)?,
                    ..*call
                })
            })
            .collect()
    }
}

/// Words in a disposition that mean a fault of the line and not of a person.
const FAULTS: [&str; 6] = ["fail", "congest", "unavail", "error", "no route", "ошибк"];

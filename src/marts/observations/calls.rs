//! Calls of all directions, and when somebody first talked with a person.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};

use super::Span;
use super::codes::Coder;
use crate::config::Plan;
use crate::marts::rows::Rows;
use crate::model::observations::{Dimension, Direction, Names, SeenCall};

/// A talk later than this after the contact is no answer to it.
const TALK_REACH: TimeDelta = TimeDelta::days(14);

/// Talks by telephone, oldest first.
#[derive(Default)]
pub(super) struct Talks(HashMap<u64, Vec<DateTime<Utc>>>);

impl Talks {
    /// All answered calls from or to the outside.
    ///
    /// # Errors
    /// When the table lacks a column.
    pub(super) fn of(rows: Option<&Rows>) -> Result<Self> {
        let Some(rows) = rows else {
            return Ok(Self::default());
        };
        let (times, phones) = (rows.times("at")?, rows.keys("phone")?);
        let (answered, directions) = (rows.flags("answered")?, rows.texts("direction")?);
        let mut talks: HashMap<u64, Vec<DateTime<Utc>>> = HashMap::new();
        for row in 0..rows.len() {
            let (Some(at), Some(phone)) = (times[row], phones[row]) else {
                continue;
            };
            if answered[row] && directions[row] != "internal" {
                talks.entry(phone).or_default().push(at);
            }
        }
        talks.values_mut().for_each(|list| list.sort_unstable());
        Ok(Self(talks))
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
    ///
    /// # Errors
    /// When the table lacks a column.
    pub(super) fn read(rows: &Rows, plan: &Plan) -> Result<Self> {
        let (times, directions, spam) = (
            rows.times("at")?,
            rows.texts("direction")?,
            rows.flags("spam")?,
        );
        let (lines, trunks, operators) = (
            rows.texts("line")?,
            rows.texts("trunk")?,
            rows.texts("operator")?,
        );
        let (answered, outcomes) = (rows.flags("answered")?, rows.texts("disposition")?);
        let (talks, waits, phones) = (
            rows.counts("talk_s")?,
            rows.counts("wait_s")?,
            rows.keys("phone")?,
        );
        let [line_codes, trunk_codes, operator_codes] = [&lines, &trunks, &operators]
            .map(|texts| Coder::fixed(texts.iter().map(String::as_str)));
        let mut order: Vec<(DateTime<Utc>, usize)> = (0..rows.len())
            .filter(|row| !spam[*row])
            .filter_map(|row| Some((times[row]?, row)))
            .collect();
        order.sort_unstable();
        let mut people: HashMap<u64, u32> = HashMap::new();
        let mut called: HashSet<u32> = HashSet::new();
        let mut calls = Vec::with_capacity(order.len());
        for (at, row) in order {
            let next = people.len() as u32 + 1;
            let person = phones[row].map_or(0, |phone| *people.entry(phone).or_insert(next));
            let direction = direction(&directions[row]);
            let outcome = outcomes[row].to_lowercase();
            let local = at.with_timezone(&plan.zone);
            let call = SeenCall {
                at,
                day: 0,
                hour: local.hour() as u8,
                direction,
                line: line_codes.code(&lines[row]),
                trunk: trunk_codes.code(&trunks[row]),
                operator: operator_codes.code(&operators[row]),
                answered: answered[row],
                failed: !answered[row] && FAULTS.iter().any(|word| outcome.contains(word)),
                busy: !answered[row] && outcome.contains("busy"),
                talk_s: talks[row].unwrap_or(0),
                wait_s: waits[row].unwrap_or(0),
                person,
                is_first: direction == Direction::Inbound && person != 0 && called.insert(person),
            };
            calls.push((local.date_naive(), call));
        }
        let codes = [
            (Dimension::Line, line_codes),
            (Dimension::Trunk, trunk_codes),
            (Dimension::Operator, operator_codes),
        ];
        Ok(Self { calls, codes })
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

fn direction(text: &str) -> Direction {
    match text {
        "outbound" => Direction::Outbound,
        "internal" => Direction::Internal,
        _ => Direction::Inbound,
    }
}

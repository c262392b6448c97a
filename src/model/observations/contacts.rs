//! Single inquiries and calls.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Code, SliceId};
use crate::model::facts::{ContactKind, MatchedBy};
use crate::model::money::Minor;

/// One inquiry with what its first contact and its session say. Spam and internal calls are left out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeenInquiry {
    /// First contact, UTC.
    pub at: DateTime<Utc>,
    /// Its day.
    pub day: u32,
    /// Its hour on the pipeline's clock, 0 to 23.
    pub hour: u8,
    /// How the person got in touch first.
    pub kind: ContactKind,
    /// The channel with the largest credit (the smallest id of several).
    pub channel: Code,
    /// What the channel was found by with the contacts of its first day.
    pub matched_by: MatchedBy,
    /// Device: of the form, else of the client's last session before.
    pub device: Code,
    /// Page: that the form was sent from, else the landing page of the client's last session before.
    pub page: Code,
    /// Region of the client's last session before.
    pub region: Code,
    /// The place of its session among those of [`super::Observations::slices`]; `None` when it is not traced to one.
    pub slice: Option<SliceId>,
    /// Line that was called; 0 for forms.
    pub line: Code,
    /// Form that was sent; 0 for calls.
    pub form: Code,
    /// Seconds from the first contact to the first talk with the person; 0 for an answered call, `None` while nobody has
    /// talked with them or the exports cannot tell.
    pub first_talk_s: Option<u32>,
    /// Days to the first sale known so far.
    pub sold_after: Option<u16>,
    /// Amount of its sales so far.
    pub amount: Minor,
}

/// Which way a call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From outside.
    Inbound,
    /// To the outside.
    Outbound,
    /// Between colleagues.
    Internal,
}

/// One call, spam left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenCall {
    /// When it came in, UTC.
    pub at: DateTime<Utc>,
    /// Its day.
    pub day: u32,
    /// Its hour on the pipeline's clock.
    pub hour: u8,
    /// Which way it went.
    pub direction: Direction,
    /// Line that was called.
    pub line: Code,
    /// Trunk that it went over.
    pub trunk: Code,
    /// Who answered.
    pub operator: Code,
    /// Whether anybody talked.
    pub answered: bool,
    /// Whether it failed for a technical reason (disposition `failed`, `congestion`).
    pub failed: bool,
    /// Whether the line was busy.
    pub busy: bool,
    /// Seconds of talk.
    pub talk_s: u32,
    /// Seconds of waiting before the talk or the end.
    pub wait_s: u32,
    /// The other side as a small number, the same for the same telephone; 0 when it is hidden.
    pub person: u32,
    /// Whether it is the person's first call in the history.
    pub is_first: bool,
}

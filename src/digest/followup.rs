//! What became of what the report before had found: the owner's answer, and whether it goes on.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::diagnosis::daily::Measure;
use crate::diagnosis::finding::RankedCause;
use crate::model::period::Period;

/// What the period before was found to suffer from, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FollowUp {
    /// The period before.
    pub period: Period,
    /// The cause that its headline named.
    pub found: RankedCause,
    /// Whether it is found again, in the same place; not known while the data are not fit to be read.
    pub goes_on: Option<bool>,
    /// The days of its place, then and now, where they can be counted.
    pub counted: Option<ThenNow>,
    /// What the owner said about it.
    pub answer: Option<OwnerAnswer>,
}

/// A count of a place in two periods, and what was to be expected in the later one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ThenNow {
    /// What is counted.
    pub measure: Measure,
    /// In the period before.
    pub then: f64,
    /// In this one.
    pub now: f64,
    /// To be expected in this one.
    pub expected: f64,
}

/// What the owner said about a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerAnswer {
    /// What became of it.
    pub outcome: CheckOutcome,
    /// In the owner's words; may be empty.
    pub note: String,
    /// When it was said.
    pub at: DateTime<Utc>,
}

/// What became of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// It was looked at.
    Done,
    /// It was looked at, and it is something else.
    NotTheCause,
    /// It was found and mended.
    Fixed,
}

impl CheckOutcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Done, Self::NotTheCause, Self::Fixed];

    /// The name in the state.
    pub fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::NotTheCause => "not_the_cause",
            Self::Fixed => "fixed",
        }
    }
}

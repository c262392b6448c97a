//! The ways of deals through the stages of a CRM: when each stage was entered, as far as it is known.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::channel::ChannelId;
use super::money::Minor;

/// How exactly it is known when deals changed their stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistoryPrecision {
    /// An export of the changes themselves says.
    Events,
    /// Only the states between two exports of the deals are known: a change is dated by the last change of the deal before
    /// the later one.
    BetweenExports,
}

/// A stage that a deal was in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The stage's name in the CRM.
    pub stage: Arc<str>,
    /// When the deal came to it; `None` where that was before the history begins.
    pub entered_at: Option<DateTime<Utc>>,
    /// When it left it; `None` while it is there.
    pub left_at: Option<DateTime<Utc>>,
}

/// One deal with its way.
#[derive(Debug, Clone, PartialEq)]
pub struct DealPath {
    /// Its id in the CRM.
    pub id: String,
    /// When it was entered, and on which day in the pipeline's zone; `None` where only its changes are known.
    pub created: Option<(DateTime<Utc>, NaiveDate)>,
    /// Shares of channels; they add up to 1.
    pub credit: Vec<(ChannelId, f64)>,
    /// Who is in charge of it; empty where nobody says.
    pub manager: Arc<str>,
    /// The stages, in the order of time; the last one is where it is, or ended.
    pub steps: Vec<Step>,
    /// Why it was lost; empty where nobody says.
    pub reason: Arc<str>,
    /// Whether nobody has touched it since its entry.
    pub is_untouched: bool,
    /// The inquiry that it came from, as a number that two deals of one inquiry share.
    pub inquiry: Option<usize>,
    /// Whether that inquiry began with a missed call.
    pub was_missed: bool,
    /// Seconds from the inquiry (else from the entry) to the first talk; `None` where there was none, it is not known, or the
    /// person was answered at once.
    pub first_talk_s: Option<u32>,
    /// When it was won.
    pub won_at: Option<DateTime<Utc>>,
    /// When it was lost.
    pub lost_at: Option<DateTime<Utc>>,
    /// Its amount, minor units of the pipeline's currency; absent is 0.
    pub amount: Minor,
}

/// The ways of all deals.
#[derive(Debug, Clone, PartialEq)]
pub struct DealPaths {
    /// How exactly changes are dated; `None` without any history.
    pub precision: Option<HistoryPrecision>,
    /// The first instant that the history tells of.
    pub known_from: Option<DateTime<Utc>>,
    /// The last instant that anything is known of.
    pub known_until: DateTime<Utc>,
    /// The deals, by entry and then by id.
    pub deals: Vec<DealPath>,
}

impl DealPath {
    /// Whether it is neither won nor lost.
    pub fn is_open(&self) -> bool {
        self.won_at.is_none() && self.lost_at.is_none()
    }
}

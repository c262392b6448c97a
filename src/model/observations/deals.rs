//! Single deals, as they were known at the time that is looked from.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Code;
use crate::model::facts::ContactKind;
use crate::model::money::Minor;

/// What has become of a deal by the time that is looked from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DealState {
    /// Entered, and nobody has touched it.
    New,
    /// Being worked on.
    Open,
    /// Won.
    Won,
    /// Lost.
    Lost,
}

/// One deal as it was known at the time that is looked from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeenDeal {
    /// The day it was entered.
    pub day: u32,
    /// When it was entered, UTC.
    pub created_at: DateTime<Utc>,
    /// What has become of it.
    pub state: DealState,
    /// Whether it was lost because the person was no customer for this firm at all (not a target, spam, wrong number).
    pub is_untargeted: bool,
    /// Whether it was lost because nobody got through to the person.
    pub is_unreached: bool,
    /// Why it was lost.
    pub reason: Code,
    /// Who is responsible.
    pub manager: Code,
    /// Channel of the inquiry that it came from, else by its own tags.
    pub channel: Code,
    /// How the inquiry got in touch; `None` when no inquiry is known.
    pub contact: Option<ContactKind>,
    /// Seconds from the inquiry to the first talk; `None` when there was none or it is not known.
    pub first_talk_s: Option<u32>,
    /// Seconds from the inquiry to the first answer that the CRM knows of; `None` when there was none.
    pub first_answer_s: Option<u32>,
    /// The day it was won or lost, when it is closed.
    pub closed_day: Option<u32>,
    /// The day of its last change, where the export says.
    pub updated_day: Option<u32>,
    /// Days from the inquiry (else from its entry) to the sale, when it is won.
    pub won_after: Option<u16>,
    /// Amount, when it is won.
    pub amount: Minor,
    /// Whether another deal of the same person was entered in the 30 days before it, or it was lost as a duplicate.
    pub is_repeat: bool,
}

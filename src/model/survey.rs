//! Answers of customers to a question about how satisfied they are.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::channel::ChannelId;

/// What is asked, and so how an answer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// «Would you recommend us?», 0 to 10: 9 and 10 are promoters, 0 to 6 detractors.
    Nps,
    /// «How satisfied are you?», 1 to 5: 4 and 5 are satisfied.
    Csat,
}

/// One answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Its day in the pipeline's zone.
    pub day: NaiveDate,
    /// What was asked.
    pub scale: Scale,
    /// The score.
    pub score: f64,
    /// Who it is about; empty where nobody says.
    pub manager: Arc<str>,
    /// The channel of the person.
    pub channel: ChannelId,
}

/// From where on the questions count an answer, as their authors define them: Reichheld for NPS, the two best of five for CSAT.
const LEAST_OF_PROMOTERS: f64 = 9.0;
const MOST_OF_DETRACTORS: f64 = 6.0;
const LEAST_OF_SATISFIED: f64 = 4.0;

impl Scale {
    /// What an answer counts: of NPS 1, 0 or −1, of CSAT 1 or 0; the mean of these is the score of many.
    pub fn value(self, score: f64) -> f64 {
        match self {
            Self::Nps if score >= LEAST_OF_PROMOTERS => 1.0,
            Self::Nps if score <= MOST_OF_DETRACTORS => -1.0,
            Self::Csat if score >= LEAST_OF_SATISFIED => 1.0,
            Self::Nps | Self::Csat => 0.0,
        }
    }
}

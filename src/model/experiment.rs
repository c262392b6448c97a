//! Experiments (A/B tests): what tells their variants apart, and what was counted of each.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What tells the variants of an experiment apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExperimentDimension {
    /// Landing page of the session.
    Landing,
    /// UTM content of the session.
    UtmContent,
    /// UTM campaign of the session.
    UtmCampaign,
}

impl ExperimentDimension {
    /// The column of the table of sessions.
    pub fn column(self) -> &'static str {
        match self {
            Self::Landing => "landing",
            Self::UtmContent => "utm_content",
            Self::UtmCampaign => "utm_campaign",
        }
    }
}

/// What an experiment is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExperimentMetric {
    /// Inquiries that are traced to a session of the variant, ÷ its sessions.
    Inquiries,
    /// Sessions that reached one of the experiment's goals, ÷ all of the variant.
    Goal,
}

/// What was counted of one variant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VariantCounts {
    /// Its sessions.
    pub sessions: u64,
    /// Distinct clients of these sessions.
    pub users: u64,
    /// Inquiries or sessions with the goal.
    pub conversions: u64,
}

/// What was counted of an experiment up to a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExperimentCounts {
    /// The experiment's name in the pipeline.
    pub name: String,
    /// The last day that is counted.
    pub to: NaiveDate,
    /// Variants in the pipeline's order, the control first.
    pub variants: Vec<VariantCounts>,
    /// Clients that had sessions of more than one variant.
    pub crossed: u64,
}

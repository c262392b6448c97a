//! What lies around the funnel: advertising, the arrival of exports, and what people wrote down.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Code;
use crate::model::money::Minor;
use crate::model::table::Table;

/// Advertising of one day and channel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AdDay {
    /// Day of the history.
    pub day: u32,
    /// Channel.
    pub channel: Code,
    /// Times the ads were shown.
    pub impressions: u32,
    /// Paid clicks.
    pub clicks: u32,
    /// Cost.
    pub cost: Minor,
}

/// Rows of one export by day: what tells a quiet day from a missing one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportDays {
    /// The export's name in the pipeline.
    pub export: Code,
    /// The table it feeds.
    pub table: Table,
    /// Rows by day of the history.
    pub rows: Vec<u32>,
}

/// Something that people did and wrote down: a release, a campaign change, a new price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotation {
    /// When it happened, UTC.
    pub at: DateTime<Utc>,
    /// When it ended, if it was for a time.
    pub until: Option<DateTime<Utc>>,
    /// What kind: `release`, `campaign`, `price`, `telephony`, `crm`, `staff`, `other`.
    pub kind: String,
    /// What it touched: a channel, page, line …, free text; empty when not said.
    pub scope: String,
    /// In the words of who wrote it.
    pub title: String,
}

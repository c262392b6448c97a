//! Channels: named groups of sessions, and the rows that every channel table always has room for.

use serde::{Deserialize, Serialize};

/// The id of a channel as rules, targets and `digest.json` write it: lower-case kebab-case, e.g. `organic-search`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChannelId(pub String);

impl ChannelId {
    /// Inquiries that could be traced to no session, tag or line. Always a visible row, never spread over others.
    pub const UNATTRIBUTED: &'static str = "unattributed";
    /// Sessions that no channel rule matched.
    pub const UNASSIGNED: &'static str = "unassigned";
    /// Sessions without any source: typed address, bookmark. Skipped by non-direct attribution models.
    pub const DIRECT: &'static str = "direct";

    /// All channels together, in plans and as the id of the total's row.
    pub const TOTAL: &'static str = "total";

    /// Makes an id from text.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The visible row for what could not be traced.
    pub fn unattributed() -> Self {
        Self::new(Self::UNATTRIBUTED)
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ChannelId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

//! Why sales, or the inquiries that they came from, cannot be told from an export of deals that did arrive.

use serde::{Deserialize, Serialize};

/// A reason for which a number of sales would be wrong, so that it is unknown and not zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SalesDoubt {
    /// Deals that were won are now at stages that nobody calls won: the final stage was renamed.
    WonRenamed {
        /// How many were won.
        deals: u64,
        /// Where they are now, the most deals first.
        stages: Vec<String>,
    },
    /// Deals are closed at stages that nobody calls won or lost.
    ClosedUnnamed {
        /// How many.
        deals: u64,
        /// Out of so many closed ones.
        closed: u64,
        /// Their stages, the most deals first.
        stages: Vec<String>,
    },
    /// No deal was won since a stage began that nobody names: it is the won one, and has got another name.
    WonStopped {
        /// How many stand at such stages.
        deals: u64,
        /// How many sales were due since the last one, at the share that was won before.
        due: u64,
        /// The stages.
        stages: Vec<String>,
    },
    /// No deal was ever won, and nobody says which stage is the won one.
    NeverWon {
        /// All deals of the export.
        deals: u64,
        /// Stages that nobody calls won or lost, those with a past day of closing first.
        stages: Vec<String>,
    },
    /// Too few deals are traced to an inquiry for a share of the inquiries that sold.
    Untraced {
        /// Whether won deals were counted, or all of them for want of sales.
        counted: Traceable,
        /// How many were traced.
        traced: u64,
        /// Out of so many.
        of: u64,
        /// How many of them carry a telephone, an e-mail or a client id.
        with_contacts: u64,
    },
}

/// What was to be traced to an inquiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Traceable {
    /// Won deals.
    Sales,
    /// Deals, whatever became of them.
    Deals,
}

impl SalesDoubt {
    /// Whether sales themselves are unknown, not only whose they are.
    pub fn hides_sales(&self) -> bool {
        !matches!(self, Self::Untraced { .. })
    }
}

//! Who in a firm looks at what.

use serde::{Deserialize, Serialize};

/// Who a check is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Keeps the site.
    Webmaster,
    /// Buys the traffic.
    Marketer,
    /// Answers for the managers.
    HeadOfSales,
    /// Keeps the PBX and the lines.
    TelephonyAdmin,
    /// Keeps the data.
    Analyst,
    /// Answers for all of it.
    Head,
    /// Whoever has a telephone.
    Anyone,
}

//! What is wrong with rows that did arrive: the export is there, whole by its days, and still not to be read as it stands.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::channel::ChannelId;
use super::link::Link;
use super::money::Minor;

/// A fault of the rows of an export in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DataFault {
    /// Rows say the same as others under another id: something was exported twice.
    Repeated {
        /// Rows that repeat another.
        rows: u64,
        /// All rows of the period.
        of: u64,
    },
    /// A column that used to be filled is empty.
    Emptied {
        /// What it says of a row.
        column: Emptied,
        /// Rows of the period that have it.
        rows: u64,
        /// All rows of the period.
        of: u64,
        /// Share of the rows of the weeks before that had it, whole percent.
        usual_percent: u32,
    },
    /// Rows of people say the same as others under another id.
    Doubled {
        /// Rows that repeat another.
        rows: u64,
        /// All rows of the period.
        of: u64,
        /// Whether no number of the export may be read, because of it.
        spoils: bool,
    },
    /// The times of the rows lie some hours beside the usual ones: another time zone.
    Shifted {
        /// Hours later than usual; below zero is earlier.
        hours: i32,
    },
    /// Rows end hours before the period does, where many were to come: the export was made too early, or cut.
    CutOff {
        /// The last row, UTC.
        last: DateTime<Utc>,
        /// Rows that usually come after that hour.
        expected: u64,
    },
    /// Every number is that of an earlier period: an old export under a new name.
    Retold {
        /// So many periods before.
        back: u32,
    },
    /// Far fewer events of another source are found in this one than usual.
    Unlinked {
        /// What is looked for.
        link: Link,
        /// The export whose events are looked for.
        witness: String,
        /// How many were found.
        found: u64,
        /// All of them.
        of: u64,
        /// Share that was found in the periods before, whole percent.
        usual_percent: u32,
        /// The first day of it.
        from: NaiveDate,
        /// The last day of it.
        to: NaiveDate,
        /// Whether no number of the export may be read, because of it.
        spoils: bool,
    },
    /// Costs that another export tells, too: both are added up.
    ToldTwice {
        /// The other export.
        other: String,
        /// Rows, or days of a channel, that both tell alike.
        shared: u64,
        /// The money of these.
        cost: Minor,
    },
    /// Paid clicks bring far fewer or far more visits than usual.
    Clicks {
        /// The channel.
        channel: ChannelId,
        /// Clicks as the costs tell them.
        clicks: u64,
        /// Visits of the channel.
        sessions: u64,
        /// Visits that so many clicks usually bring.
        expected: u64,
        /// Whether no number of the export may be read, because of it.
        spoils: bool,
    },
    /// Amounts of another size than ever: another currency or unit.
    Amounts {
        /// What they are of.
        of: Priced,
        /// The amount of one, minor units.
        now: Minor,
        /// The usual amount of one, minor units.
        usual: Minor,
    },
}

/// What amounts are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priced {
    /// A click.
    Click,
    /// A deal.
    Deal,
}

/// A column that joins or places rows, and is filled when a row is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Emptied {
    /// The analytics' id of the visitor.
    Client,
    /// The goals that a visit reached.
    Goals,
    /// Telephone number.
    Phone,
    /// E-mail address.
    Email,
    /// The line that was called.
    Line,
    /// The page of a form.
    Page,
    /// The CRM's id of the person.
    CrmContact,
    /// What the CRM calls the source.
    LeadSource,
}

impl Emptied {
    /// Its name in the lake.
    pub fn column(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Goals => "goals",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Line => "line",
            Self::Page => "page",
            Self::CrmContact => "crm_contact",
            Self::LeadSource => "lead_source",
        }
    }
}

impl DataFault {
    /// Whether no number of the export may be read, because of it.
    pub fn spoils_counts(&self) -> bool {
        match self {
            Self::Repeated { .. } | Self::CutOff { .. } | Self::Retold { .. } => true,
            Self::Doubled { spoils, .. }
            | Self::Unlinked { spoils, .. }
            | Self::Clicks { spoils, .. } => *spoils,
            Self::Emptied { .. }
            | Self::Shifted { .. }
            | Self::ToldTwice { .. }
            | Self::Amounts { .. } => false,
        }
    }
}

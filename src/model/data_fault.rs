//! What is wrong with rows that did arrive: the export is there, whole by its days, and still not to be read as it stands.

use serde::{Deserialize, Serialize};

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
}

/// A column that joins or places rows, and is filled when a row is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Emptied {
    /// The analytics' id of the visitor.
    Client,
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
        matches!(self, Self::Repeated { .. })
    }
}

//! Sorts of rows, columns and amounts that data faults are of, and the kinds of faults.

use serde::{Deserialize, Serialize};

/// Rows of a sort that an export used to have each week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Rows at all.
    Any,
    /// Calls to the firm.
    Inbound,
    /// Calls of the firm.
    Outbound,
    /// Calls that somebody answered.
    Answered,
    /// Calls that nobody answered.
    Unanswered,
    /// Calls of the firm that nobody answered.
    Unreached,
    /// Calls to a line.
    Line,
    /// A form of the site.
    Form,
    /// Deals of a manager.
    Manager,
    /// Visits of a channel that nobody can switch off.
    Channel,
}

/// A data fault without its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Visits told twice.
    Repeated,
    /// A column suddenly empty.
    Emptied,
    /// Rows of people told twice.
    Doubled,
    /// More forms at once than ever.
    Burst,
    /// Goals under other ids.
    GoalsReplaced,
    /// Another clock.
    Shifted,
    /// Ended too early.
    CutOff,
    /// Hours without a row.
    Silent,
    /// All rows of one day.
    Heaped,
    /// Rows of an earlier period.
    Retold,
    /// Rows of a sort that are not there.
    Gone,
    /// Visits of a channel without its costs.
    Uncosted,
    /// Other exports tell something else.
    Unlinked,
    /// Costs that stand in two exports.
    ToldTwice,
    /// Sales without an amount.
    Unpriced,
    /// Sales dated before their deals.
    ClosedEarly,
    /// Sales of other periods that are closed in this one.
    ClosedAtOnce,
    /// Something was remarked on the files.
    Remarked,
    /// Amounts of another size.
    Amounts,
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
    /// The amount of a deal.
    Amount,
    /// The advertising tag (`utm_source`).
    Tag,
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
            Self::Amount => "amount",
            Self::Tag => "utm_source",
        }
    }
}

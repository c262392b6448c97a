//! What one source tells of events that another one tells too: how many of them are found there, to be compared with what is usual.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::money::Minor;

/// Events of one source, and where each should be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// Inquiries that began with a call: a deal is entered for them.
    CallsToDeals,
    /// Inquiries that began with a form: a deal is entered for them.
    FormsToDeals,
    /// Deals of people with a telephone, an e-mail or a client id: their call or form is known.
    DealsToContacts,
    /// Sales: the inquiry that they came from is known.
    SalesToContacts,
    /// Inquiries that began with a call or a form: a deal is entered for them.
    ContactsToDeals,
    /// Contacts with a client id: a visit of that client lies within the day before.
    ContactsToVisits,
    /// Running numbers that the rows of an export have as their ids: a row has that number.
    NumbersToRows,
    /// Visits in which the counter saw a form sent or an order made: a contact of that client follows within the day.
    GoalsToContacts,
    /// Calls that call tracking knows: the telephony has them.
    TrackedToCalls,
}

/// Events, and how many of them were found in the other source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// All events.
    pub of: u64,
    /// Those that were found.
    pub found: u64,
}

impl Found {
    /// Counts one more event.
    pub fn count(&mut self, is_found: bool) {
        self.of += 1;
        self.found += u64::from(is_found);
    }
}

/// The events of one link, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkCounts {
    /// What is looked for where.
    pub link: Link,
    /// The export whose events are looked for.
    pub witness: String,
    /// The exports in which they are found, with how many in each period.
    pub places: Vec<(String, Vec<u64>)>,
    /// Equal periods, oldest first; the last is the reported one.
    pub periods: Vec<Found>,
    /// The days of the reported period.
    pub days: Vec<(NaiveDate, Found)>,
}

/// What the deals of one export are worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealAmounts {
    /// The export.
    pub export: String,
    /// Deals with an amount that were entered in the reported period.
    pub deals: u64,
    /// The median of their amounts.
    pub median: Option<Minor>,
    /// The median of those of the periods before.
    pub usual: Option<Minor>,
    /// Deals of the periods before that have an amount, …
    pub before: u64,
    /// … and those of them that had one by the end of the reported period, as far as the lake knows.
    pub before_then: u64,
    /// What the sales that were closed are worth.
    pub sold: SaleAmounts,
}

/// What sales of one export are worth, by the day of their closing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SaleAmounts {
    /// Sales with an amount that were closed in the reported period.
    pub sales: u64,
    /// The median of their amounts.
    pub median: Option<Minor>,
    /// The median of those of the periods before.
    pub usual: Option<Minor>,
}

/// What a click of one export of costs was over the periods before the reported one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClickPrice {
    /// The export.
    pub export: String,
    /// As it is known now.
    pub now: Minor,
    /// As it was known by the end of the reported period.
    pub then: Minor,
}

/// A manager who has no deals of the reported period, and had some in each week before.
#[derive(Debug, Clone, PartialEq)]
pub struct AbsentManager {
    /// The export of deals.
    pub export: String,
    /// Who.
    pub manager: String,
    /// Deals that were to be expected.
    pub expected: f64,
}

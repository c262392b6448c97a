//! Work lists: people whom nobody has answered yet, by the ids of the systems that know them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::channel::ChannelId;

/// What there is to do, as known in the morning after the period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkLists {
    /// Up to when calls, forms and deals were looked at.
    pub seen_at: DateTime<Utc>,
    /// People whose call was missed and whom nobody has talked with since; absent where calls out are not exported.
    pub missed: Option<WorkList>,
    /// Deals that nobody has touched since their entry; absent without deals.
    pub untouched: Option<WorkList>,
    /// Forms that no deal was entered for; absent without forms, or where deals cannot be told to be whose.
    pub forms: Option<WorkList>,
}

/// One list, the newest first: who asked last still waits.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct WorkList {
    /// The first of them.
    pub items: Vec<WorkItem>,
    /// How many there are in all: a list is cut at two hundred.
    pub in_all: u64,
}

/// One thing to do. It names no person: the id leads to the record in the system that it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkItem {
    /// Id of the call, deal or form in its system; empty where the export has none.
    pub id: String,
    /// The export that it came from.
    pub source: String,
    /// When it happened, UTC; of several missed calls of a person the first.
    pub at: DateTime<Utc>,
    /// How often: missed calls of a person.
    pub times: u32,
    /// Its channel.
    pub channel: ChannelId,
    /// The line that was called, the stage of the deal or the form; empty where nobody says.
    pub place: String,
    /// Who is in charge of the deal; empty where nobody says.
    pub manager: String,
}

/// More are not listed: nobody calls two hundred people in a day.
const MOST_LISTED: usize = 200;

impl WorkList {
    /// The list of these, the newest first; equal times by id.
    pub fn of(mut items: Vec<WorkItem>) -> Self {
        items.sort_by(|one, other| (other.at, &one.id).cmp(&(one.at, &other.id)));
        let in_all = items.len() as u64;
        items.truncate(MOST_LISTED);
        Self { items, in_all }
    }
}

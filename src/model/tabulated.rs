//! What tables of many periods are made of: everything that their periods share once, and what each has of its own.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::channel::ChannelId;
use super::facts::{Arrived, Facts, PeriodFacts};

/// What the rows of a table are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowsOf {
    /// Channels.
    Channel,
    /// Advertising campaigns of each channel.
    Campaign,
    /// Landing pages of each channel.
    Page,
    /// Managers of deals.
    Manager,
}

/// A campaign or a landing page of a channel; an empty name is what has none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The channel.
    pub channel: ChannelId,
    /// The campaign, as costs name it and else as visits are tagged; or the page.
    pub name: String,
}

/// Facts of a table's periods.
#[derive(Debug, Clone)]
pub struct TableFacts {
    /// What its rows are told apart by; never managers, whose rows are of deals alone.
    pub of: RowsOf,
    /// People, sales and plans of all periods. Its own list of periods is empty.
    pub firm: Facts,
    /// The periods, as they were asked for.
    pub periods: Vec<TabledPeriod>,
    /// Campaigns or pages, by the id that stands for each wherever a channel stands in these facts; empty where rows are
    /// channels.
    pub places: BTreeMap<ChannelId, Place>,
    /// Channels whose costs are told as finely as the rows are.
    pub priced: BTreeSet<ChannelId>,
}

/// One period of a table.
#[derive(Debug, Clone)]
pub struct TabledPeriod {
    /// Its traffic and spend.
    pub now: PeriodFacts,
    /// Those of the period before it, whose rows a report lists as well; `None` where there is none, and where rows are no
    /// channels.
    pub before: Option<PeriodFacts>,
    /// Sessions that were left at once; `None` where no analytics says.
    pub bounces: Option<BTreeMap<ChannelId, u64>>,
    /// What reaches into it.
    pub arrived: Arrived,
    /// False when too few sales are traced to say of an inquiry whether it sold.
    pub sales_are_traced: bool,
    /// Whole-day end of what is known of sales.
    pub known_until: DateTime<Utc>,
}

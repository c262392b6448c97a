//! Advertising in detail, before any rate is made: visits, inquiries and money by campaign, group, phrase, ad and page.

use chrono::NaiveDate;

use super::channel::ChannelId;
use super::facts::Spend;
use super::money::Minor;
use super::period::Period;

/// What visits and money are told apart by inside a channel; empty is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AdPlace {
    /// The channel.
    pub channel: ChannelId,
    /// Campaign: as the costs name it, else as visits are tagged.
    pub campaign: String,
    /// Group of ads, where the costs tell it.
    pub group: String,
    /// Phrase that the ad was shown for.
    pub phrase: String,
    /// Ad (`utm_content`).
    pub ad: String,
    /// Landing page; of costs never known.
    pub page: String,
}

/// Visits of one place in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct AdVisits {
    /// Position in [`AdFacts::periods`].
    pub period: usize,
    /// Position in [`AdFacts::places`].
    pub place: usize,
    /// Sessions.
    pub sessions: u64,
    /// Those of them that reached each of the pipeline's stages of visits, in order.
    pub reached: Vec<u64>,
}

/// What one place cost in one period.
#[derive(Debug, Clone, PartialEq)]
pub struct AdSpend {
    /// Position in [`AdFacts::periods`].
    pub period: usize,
    /// Position in [`AdFacts::places`].
    pub place: usize,
    /// The money, impressions and clicks.
    pub spend: Spend,
}

/// The part of an inquiry that is owed to one place.
#[derive(Debug, Clone, PartialEq)]
pub struct AdInquiry {
    /// The day it arrived.
    pub day: NaiveDate,
    /// Position in [`AdFacts::places`].
    pub place: usize,
    /// The part, 0 to 1; the parts of an inquiry add up to 1.
    pub share: f64,
    /// Whole days to its first sale that is known.
    pub sold_after: Option<u32>,
    /// Amount of its sales inside the horizon, less what was given back.
    pub revenue: Minor,
    /// What the goods of those sales cost, as far as they say.
    pub cost: Minor,
    /// Amount of those sales that do not say what their goods cost.
    pub uncosted: Minor,
}

/// Advertising by place over the reported period and those before it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AdFacts {
    /// The periods, oldest first; the last is the reported one.
    pub periods: Vec<Period>,
    /// Every place once.
    pub places: Vec<AdPlace>,
    /// Visits; `None` where the exports carry totals only.
    pub visits: Option<Vec<AdVisits>>,
    /// Costs; `None` when none have arrived.
    pub spend: Option<Vec<AdSpend>>,
    /// Inquiries, oldest first; `None` when no export of contacts has arrived.
    pub inquiries: Option<Vec<AdInquiry>>,
}

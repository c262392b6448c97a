//! Advertising in detail, as `digest.json` has it.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::metrics::scorecard::RowVerdict;
use crate::metrics::values::{Estimate, Rate};
use crate::model::channel::ChannelId;
use crate::model::money::Minor;

/// How finely a row is told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdLevel {
    /// Campaigns of a channel.
    Campaign,
    /// Groups of ads of a campaign.
    Group,
    /// Phrases of a campaign.
    Phrase,
    /// Ads of a campaign.
    Ad,
    /// Landing pages of a channel.
    Page,
}

impl AdLevel {
    /// Every level, the coarsest first; pages cut across.
    pub const ALL: [Self; 5] = [
        Self::Campaign,
        Self::Group,
        Self::Phrase,
        Self::Ad,
        Self::Page,
    ];
}

/// What a row is of. The rows of a channel on one level add up to the channel; an empty name is what has none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AdKey {
    /// How finely it is told apart.
    pub level: AdLevel,
    /// The channel.
    pub channel: ChannelId,
    /// The campaign; absent on the level of pages.
    pub campaign: Option<String>,
    /// The group, phrase, ad or page; absent on the level of campaigns.
    pub name: Option<String>,
}

/// Inquiries of some periods followed to their sales.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AdCohort {
    /// What these periods cost; absent when no costs have arrived, and where costs are not told so finely.
    pub spend: Option<Minor>,
    /// Inquiries.
    pub inquiries: f64,
    /// Those of them that have sold.
    pub sales: f64,
    /// Amount of their sales less what was given back.
    pub revenue: Minor,
    /// Sales ÷ inquiries.
    pub conv2: Rate,
    /// Spend ÷ sales, minor units; absent without a sale.
    pub cost_per_sale: Option<Minor>,
    /// Spend ÷ revenue, a share (ДРР); absent without revenue.
    pub cost_share: Option<f64>,
    /// Gross margin of their sales less what was given back; absent where it is not known of one of them.
    pub margin: Option<Minor>,
    /// (Revenue − spend) ÷ spend, a share: of revenue, not of margin.
    pub romi: Option<f64>,
    /// (Margin − spend) ÷ spend, a share; absent where the margin is not known.
    pub romi_margin: Option<f64>,
}

/// A stage of the visits of a campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdStage {
    /// The stage's code in the pipeline.
    pub code: String,
    /// Sessions that reached it.
    pub count: u64,
    /// Share of the stage before; of the first, of the sessions.
    pub to_previous: Rate,
    /// Sessions to be expected of those at the stage before.
    pub expected: Option<Estimate>,
    /// The same as a share of the stage before.
    pub usual: Option<Estimate>,
    /// One-sided tail probability of what was seen.
    pub p_value: Option<f64>,
    /// The word, the stages of all campaigns judged together.
    pub verdict: RowVerdict,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdRow {
    /// What it is of.
    #[serde(flatten)]
    pub key: AdKey,
    /// Sessions of the reported period.
    pub sessions: Option<u64>,
    /// Inquiries of the reported period.
    pub inquiries: Option<f64>,
    /// Inquiries ÷ sessions.
    pub conv1: Rate,
    /// Cost of the reported period; absent when no costs have arrived, and where they are not told so finely.
    pub spend: Option<Minor>,
    /// Spend ÷ inquiries, minor units.
    pub cpl: Option<Minor>,
    /// Inquiries to be expected of these sessions at the row's usual first conversion.
    pub expected: Option<Estimate>,
    /// One-sided tail probability of what was seen.
    pub p_value: Option<f64>,
    /// The word for the first conversion, all rows of a level judged together.
    pub verdict: RowVerdict,
    /// The pipeline's stages of visits; of campaigns alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<AdStage>,
    /// The latest period whose sales have all had their time.
    pub latest: Option<AdCohort>,
    /// All periods of [`Ads::matured`].
    pub matured: Option<AdCohort>,
}

/// The days of the periods whose sales have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdSpan {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// How many periods.
    pub periods: u32,
}

/// What stands out, with the test behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AdFinding {
    /// What it is of.
    #[serde(flatten)]
    pub key: AdKey,
    /// What was seen: sales for what never sells and what deserves more, inquiries for what fell.
    pub observed: f64,
    /// What was to be expected.
    pub expected: f64,
    /// Inquiries of the same periods; of what fell, sessions.
    pub of: f64,
    /// What these periods cost.
    pub spend: Option<Minor>,
    /// One-sided tail probability.
    pub p_value: f64,
}

/// Advertising in detail.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Ads {
    /// The periods whose sales have come; absent while there is none.
    pub matured: Option<AdSpan>,
    /// The latest period whose sales have all had their time.
    pub latest: Option<AdSpan>,
    /// Rows by level, channel, campaign and name.
    pub rows: Vec<AdRow>,
    /// Spends, and none of its inquiries became a sale though the others' did; the most expensive first.
    pub never_sells: Vec<AdFinding>,
    /// Brought fewer inquiries than its sessions usually do; the largest loss first. Of a campaign and its phrase only the
    /// one that tells more.
    pub fell: Vec<AdFinding>,
    /// Brings more sales for its money than the rest of its channel; the surest first.
    pub deserves_more: Vec<AdFinding>,
}

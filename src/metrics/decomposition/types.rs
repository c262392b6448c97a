//! The decomposition as `digest.json` holds it.

use serde::{Deserialize, Serialize};

use super::bennet::RatioVerdict;
use crate::metrics::values::Estimate;
use crate::model::channel::ChannelId;
use crate::model::period::Period;

/// What the period's change is made of, against each base there is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Decomposition {
    /// Against the period before.
    pub previous: Option<Breakdown>,
    /// Against the mean of the base periods: what is usual.
    pub usual: Option<Breakdown>,
}

/// The change against one base.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Breakdown {
    /// The base: one period, or those whose mean is taken, oldest first.
    pub base: Vec<Period>,
    /// Inquiries: traffic, mix, conv1, inquiries without sessions, noise.
    pub inquiries: Chain,
    /// What the period's inquiries should bring in the end, minor units: the same, and conv2 and the average check.
    /// Absent without a lag curve.
    pub expected_revenue: Option<Chain>,
    /// Inquiries ÷ sessions.
    pub conv1: Ratio,
    /// Sales ÷ inquiries of cohorts at equal age; absent while the cohort is immature.
    pub conv2: Option<Ratio>,
    /// Revenue before refunds ÷ sales closed in the period, of sales with an inquiry, minor units.
    pub average_check: Option<Ratio>,
    /// Spend ÷ inquiries, minor units.
    pub cpl: Option<Ratio>,
}

/// One amount's change by factor, in total and by channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chain {
    /// The amount in the base; a mean over its periods.
    pub base: f64,
    /// The amount in the reported period.
    pub now: f64,
    /// `now − base`.
    pub change: f64,
    /// Contributions of the factors; they add up to `change`.
    pub contributions: Vec<Contribution>,
    /// The same by channel; each factor adds up to the total's.
    pub channels: Vec<ChannelChange>,
}

/// What one factor contributed, with its 95 % range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// The factor.
    pub factor: Factor,
    /// Its contribution, in units of the amount.
    #[serde(flatten)]
    pub amount: Estimate,
}

/// One channel's part in an amount's change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChannelChange {
    /// The channel.
    pub channel: ChannelId,
    /// How its own amount changed.
    pub change: f64,
    /// Contributions of the factors; they add up to `change`.
    pub contributions: Vec<Contribution>,
}

/// A factor of an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// Sessions of all channels.
    Traffic,
    /// Shares of channels in the sessions.
    Mix,
    /// First conversions inside channels.
    Conv1,
    /// Inquiries of channels that have no sessions.
    NoSessions,
    /// Second conversions inside channels.
    Conv2,
    /// Average checks inside channels.
    AverageCheck,
    /// What cannot be told from chance: counted less fitted.
    Noise,
}

/// The change of one ratio: `within + mix + outside = change`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// The ratio in the base.
    pub base: f64,
    /// The ratio in the reported period.
    pub now: f64,
    /// `now − base`.
    pub change: f64,
    /// Rates inside channels.
    pub within: Estimate,
    /// Shares of channels.
    pub mix: Estimate,
    /// Numerators of channels that have no denominator, over all denominators.
    pub outside: f64,
    /// The base over channels that have a denominator: what `standardised` is compared with.
    pub base_inside: f64,
    /// The same of the reported period.
    pub now_inside: f64,
    /// What this period's rates would give at the base's shares.
    pub standardised: f64,
    /// What moved it.
    pub verdict: RatioVerdict,
    /// Channels with a denominator in either period.
    pub channels: Vec<RatioPart>,
}

/// One channel's part in a ratio's change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RatioPart {
    /// The channel.
    pub channel: ChannelId,
    /// Its share of the denominator in the base.
    pub base_share: f64,
    /// Its share in the reported period.
    pub now_share: f64,
    /// Its ratio in the base; that of the reported period when it had no denominator.
    pub base_rate: f64,
    /// Its ratio in the reported period; that of the base when it has no denominator.
    pub now_rate: f64,
    /// Its rate effect.
    pub within: f64,
    /// Its mix effect.
    pub mix: f64,
}

//! What the metrics are told of a pipeline.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::experiments::ExperimentPlan;
use crate::config::rules::{MoneyRules, Proration, Thresholds};
use crate::model::channel::ChannelId;

/// What the metrics need to know of a pipeline: thresholds, what a sale is, and the words for rows and stages.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricSettings {
    /// When a number may be stated.
    pub thresholds: Thresholds,
    /// How cohorts of inquiries mature.
    pub sales: CohortAges,
    /// What margin is where deals carry no cost, and when a buyer is silent.
    pub money: MoneyRules,
    /// Which days plans are spread over.
    pub proration: Proration,
    /// Experiments of the pipeline.
    pub experiments: Vec<ExperimentPlan>,
    /// The pipeline's zone: ages are counted in its whole days.
    pub zone: Tz,
    /// Titles of channels in the pipeline's language; a channel without one is shown by its id.
    pub channel_titles: BTreeMap<ChannelId, String>,
    /// Title of the row over all channels.
    pub total_title: String,
    /// Titles of the stages that every funnel has.
    pub funnel_titles: FunnelTitles,
    /// The pipeline's own stages between the session and the inquiry, in the order of [`PeriodFacts::stages`].
    ///
    /// [`PeriodFacts::stages`]: crate::model::facts::PeriodFacts::stages
    pub stages: Vec<StageTitle>,
    /// The pipeline's stages of deals, in order; empty where it names none: then they are told by the history.
    pub deal_stages: Vec<DealStage>,
}

/// How long sales are waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CohortAges {
    /// Sales later than so many days after the inquiry do not count for its cohort.
    pub horizon_days: u32,
    /// A cohort is called mature after so many days.
    pub mature_days: u32,
}

/// Titles of the stages that every funnel has, in the pipeline's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunnelTitles {
    /// Sessions.
    pub sessions: String,
    /// Inquiries.
    pub inquiries: String,
    /// Deals entered.
    pub deals: String,
    /// Sales.
    pub sales: String,
}

/// One of the pipeline's own funnel stages, as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageTitle {
    /// Its code, kebab-case.
    pub code: String,
    /// Its title in the pipeline's language.
    pub title: String,
}

/// One stage of the deals' way, by the names that the CRM has for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealStage {
    /// How it is shown.
    pub title: StageTitle,
    /// The CRM's names of it.
    pub names: Vec<String>,
}

impl DealStage {
    /// Whether a stage of the CRM is this one; case and doubled spaces do not matter.
    pub fn is(&self, stage: &str) -> bool {
        let plain = |text: &str| -> String {
            let words: Vec<&str> = text.split_whitespace().collect();
            words.join(" ").to_lowercase()
        };
        self.names.iter().any(|name| name == stage) || {
            let stage = plain(stage);
            self.names.iter().any(|name| plain(name) == stage)
        }
    }
}

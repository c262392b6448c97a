//! What the metrics are told of a pipeline.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::experiments::ExperimentPlan;
use crate::config::rules::{Proration, Thresholds};
use crate::model::channel::ChannelId;

/// What the metrics need to know of a pipeline: thresholds, what a sale is, and the words for rows and stages.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricSettings {
    /// When a number may be stated.
    pub thresholds: Thresholds,
    /// How cohorts of inquiries mature.
    pub sales: CohortAges,
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

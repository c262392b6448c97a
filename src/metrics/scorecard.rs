//! The scorecard: every number that a digest may show, before any word or picture.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use super::decomposition::Decomposition;
use super::experiments::ExperimentResult;
use super::forecast::Forecast;
use super::lengths::Lengths;
use super::managers::{ManagerRow, Refusals};
use super::money::Money;
use super::plan::Planned;
use super::satisfaction::Satisfaction;
use super::stages::{DealStages, StageBreak, StageUsual};
use super::values::{Estimate, Measures, Rate};
use crate::model::change::Change;
use crate::model::channel::ChannelId;
use crate::model::facts::{ContactKind, SourceState};
use crate::model::metric::Metric;
use crate::model::money::Minor;
use crate::model::period::Period;
use crate::model::target::PlanMetric;
use crate::model::work::WorkLists;

/// The second conversion of one cohort, with how much of its final value should be seen by now.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CohortRate {
    /// Sales so far ÷ inquiries; `value` is absent while the cohort is too young to be shown as a rate.
    #[serde(flatten)]
    pub rate: Rate,
    /// Share of the eventual sales that should have happened by now, 0 to 1; absent without a lag curve.
    pub maturity: Option<f64>,
    /// Sales to be expected by now from the lag curve and the usual rate.
    pub expected_by_now: Option<f64>,
    /// The conversion that this cohort should end at, with its range.
    pub expected_final: Option<Estimate>,
}

/// Money per something; each is absent when its parts are unknown or below the stated minimum.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct UnitCosts {
    /// Spend ÷ clicks, minor units.
    pub cpc: Option<Minor>,
    /// Clicks ÷ impressions, a share.
    pub ctr: Option<f64>,
    /// Spend ÷ inquiries, minor units.
    pub cpl: Option<Minor>,
    /// Spend ÷ sales closed in the period, minor units.
    pub cac: Option<Minor>,
    /// Revenue closed, before refunds, ÷ sales closed, minor units.
    pub average_check: Option<Minor>,
    /// (Revenue closed, before refunds, − spend) ÷ spend, a share.
    pub romi: Option<f64>,
    /// (Gross margin of the sales closed − spend) ÷ spend, a share; absent where the margin is not known.
    #[serde(default)]
    pub romi_margin: Option<f64>,
}

/// The changes of one row against one base.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Changes {
    /// Change of sessions.
    pub sessions: Change,
    /// Change of users.
    pub users: Change,
    /// Change of inquiries.
    pub inquiries: Change,
    /// Change of the first conversion.
    pub conv1: Change,
    /// Change of the second conversion: cohorts at equal age.
    pub conv2: Change,
    /// Change of sales closed in the period.
    pub sales_closed: Change,
    /// Change of revenue closed in the period.
    pub revenue_closed: Change,
    /// Change of spend.
    pub spend: Change,
    /// Change of cost per inquiry.
    pub cpl: Change,
}

impl Changes {
    /// Makes the change of each metric.
    pub fn each(mut change: impl FnMut(Metric) -> Change) -> Self {
        Self {
            sessions: change(Metric::Sessions),
            users: change(Metric::Users),
            inquiries: change(Metric::Inquiries),
            conv1: change(Metric::Conv1),
            conv2: change(Metric::Conv2),
            sales_closed: change(Metric::Sales),
            revenue_closed: change(Metric::Revenue),
            spend: change(Metric::Spend),
            cpl: change(Metric::Cpl),
        }
    }
}

/// One base that the period is compared with, by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The base period.
    pub period: Period,
    /// The base's counts.
    pub measures: Measures,
    /// The base's first conversion.
    pub conv1: Rate,
    /// The base cohort's second conversion at the age that the reported cohort has now.
    pub conv2: Rate,
    /// The base's cost per inquiry, minor units.
    pub cpl: Option<Minor>,
    /// Changes against it.
    pub change: Changes,
}

/// The range in which a number was to be expected from the periods before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Usual {
    /// Expected inquiries, given this period's sessions.
    pub inquiries: Estimate,
    /// Expected first conversion.
    pub conv1: Estimate,
    /// One-sided tail probability of what was observed, on the side it fell to.
    pub p_value: f64,
    /// How many periods it was learnt from.
    pub periods: u32,
    /// How far from it the row lies.
    pub deviation: Deviation,
    /// Smallest relative change of conv1 that would have been noticed with power 0.8, a share; absent when none would.
    pub detectable: Option<f64>,
}

/// How far a row's first conversion lies from what was to be expected.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Deviation {
    /// Inquiries against the expected ones, percent; absent where none were expected.
    pub percent: Option<f64>,
    /// First conversion less the expected one, percentage points.
    pub points: f64,
    /// The same less the upper end of the usual range, percentage points.
    pub low: f64,
    /// The same less its lower end: where the range from `low` to `high` holds zero, the row is as usual.
    pub high: f64,
}

impl Deviation {
    /// The deviation of `inquiries` of `sessions` from the expected ones; at least one session.
    pub fn of(expected: &Estimate, rate: &Estimate, inquiries: f64, sessions: f64) -> Self {
        let from = |usual: f64| (inquiries / sessions - usual) * 100.0 + 0.0;
        let relative = inquiries / expected.value - 1.0;
        Self {
            percent: (expected.value > 0.0).then_some(relative * 100.0 + 0.0),
            points: from(rate.value),
            low: from(rate.high),
            high: from(rate.low),
        }
    }
}

/// What a row's first conversion did, in one word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowVerdict {
    /// Fell beyond noise.
    Worse,
    /// Rose beyond noise.
    Better,
    /// Cannot be told from noise.
    Noise,
    /// Too few events for any statement.
    TooFew,
    /// A source did not arrive, or there is no history.
    #[default]
    Unknown,
}

/// A channel (or the total) with all its numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChannelRow {
    /// The channel's id; `total` for the total.
    pub channel: ChannelId,
    /// The channel's title in the pipeline's language.
    pub title: String,
    /// Counts of the reported period.
    #[serde(flatten)]
    pub measures: Measures,
    /// Inquiries ÷ sessions.
    pub conv1: Rate,
    /// Sales ÷ inquiries of the period's cohort.
    pub conv2: CohortRate,
    /// Sales so far ÷ sessions.
    pub overall: Rate,
    /// Unit costs.
    pub costs: UnitCosts,
    /// Against the period before.
    pub previous: Option<Comparison>,
    /// Against the same period of last year.
    pub last_year: Option<Comparison>,
    /// Against what was to be expected.
    pub usual: Option<Usual>,
    /// Plan values by metric; counts and amounts prorated to the period.
    #[serde(serialize_with = "sorted_by_name")]
    pub plan: BTreeMap<PlanMetric, f64>,
    /// The channel's own funnel, stage by stage as in the total's; empty for the total, whose funnel stands apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
    /// Its inquiries in the periods of `trend`, oldest first, ending with the reported one; empty for the total.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past: Vec<Option<f64>>,
    /// The word for the first conversion.
    pub verdict: RowVerdict,
}

/// One funnel stage of the pipeline with its three bases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// The stage's code: `sessions`, a stage of the pipeline, `inquiries`, `sales`.
    pub code: String,
    /// Its title in the pipeline's language.
    pub title: String,
    /// How many reached it.
    pub count: Option<f64>,
    /// Share of all sessions.
    pub to_sessions: Rate,
    /// Share of all distinct visitors: of a stage of visits those that reached it in any visit. Absent where visitors are not
    /// told apart.
    #[serde(default)]
    pub to_users: Option<Rate>,
    /// Share of the target action (inquiries).
    pub to_inquiries: Rate,
    /// Share of the stage before.
    pub to_previous: Rate,
    /// Share of the stage before that never came here: 1 − `to_previous`.
    pub drop_off: Option<f64>,
    /// What was to be expected of it, given the stage before; absent where the stage is not tested.
    #[serde(default)]
    pub usual: Option<StageUsual>,
    /// Its share of the stage before less the usual one; absent where there is too little of it.
    #[serde(default)]
    pub change: Option<Change>,
    /// The word for that share: stages of all channels are judged together.
    #[serde(default)]
    pub verdict: RowVerdict,
}

/// One point of the trend: a past period's total.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrendPoint {
    /// The period.
    pub period: Period,
    /// Its sessions.
    pub sessions: Option<u64>,
    /// Its inquiries.
    pub inquiries: Option<f64>,
    /// Its sales closed, whatever inquiry they came from.
    #[serde(default)]
    pub sales_closed: Option<f64>,
    /// Its first conversion.
    pub conv1: Rate,
    /// The range that was to be expected for it from the periods before it.
    pub usual: Option<Estimate>,
    /// The first conversion of the same period a year before.
    pub last_year_conv1: Option<f64>,
}

/// The latest cohort whose sales window has closed, and the one before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MatureCohort {
    /// The cohort's period.
    pub period: Period,
    /// The window, days from the inquiry.
    pub window_days: u32,
    /// Sales inside the window ÷ inquiries.
    pub rate: Rate,
    /// Change against the equally mature cohort before it.
    pub change: Change,
    /// The range over the mature cohorts before it.
    pub usual: Option<Estimate>,
    /// The same, by channel, for channels with inquiries in the cohort.
    pub channels: BTreeMap<ChannelId, Rate>,
}

/// All numbers of one report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scorecard {
    /// The reported period.
    pub period: Period,
    /// All channels together.
    pub total: ChannelRow,
    /// Channels, most sessions first, then by id; `unattributed` last.
    pub channels: Vec<ChannelRow>,
    /// What the change is made of.
    pub decomposition: Decomposition,
    /// The funnel with its three bases.
    pub funnel: Vec<Stage>,
    /// Stages that broke, the one that explains most first.
    pub stage_breaks: Vec<StageBreak>,
    /// The stages of deals, with their times; absent without any.
    pub deal_stages: Option<DealStages>,
    /// Managers side by side, by name.
    pub managers: Vec<ManagerRow>,
    /// Deals lost in the period by reason and channel, the most first.
    pub refusals: Vec<Refusals>,
    /// What customers answered to surveys; absent without an answer in the period.
    pub satisfaction: Option<Satisfaction>,
    /// People whom nobody has answered yet.
    pub work: Option<WorkLists>,
    /// The total's past, oldest first, ending with the reported period.
    pub trend: Vec<TrendPoint>,
    /// The latest matured second conversion.
    pub mature_cohort: Option<MatureCohort>,
    /// Margin, refunds, buyers and the sales formula; absent where no sale has an amount.
    pub money: Option<Money>,
    /// Share of inquiries whose channel is known by client id, tag or line.
    pub match_rate: Rate,
    /// Share of inquiries traced to a session by client id.
    pub client_match_rate: Rate,
    /// Share of sales traced to an inquiry: those closed in the period, or in 90 days up to its end where it has few.
    pub traced_sales: Rate,
    /// Raw contacts by kind, before joining.
    pub contacts: BTreeMap<ContactKind, u64>,
    /// Contacts left out by rule, by reason.
    pub left_out: BTreeMap<String, u64>,
    /// State of each export.
    pub data_health: Vec<SourceState>,
    /// The plan against what came, and the month so far.
    pub planned: Option<Planned>,
    /// The weeks ahead.
    pub forecast: Option<Forecast>,
    /// Days of the compared periods.
    pub lengths: Option<Lengths>,
    /// Experiments that have begun.
    pub experiments: Vec<ExperimentResult>,
}

/// Plan values in the order of their names, as `digest.json` has always had them.
fn sorted_by_name<S: Serializer>(
    plan: &BTreeMap<PlanMetric, f64>,
    to: S,
) -> Result<S::Ok, S::Error> {
    let by_name: BTreeMap<&str, f64> = plan
        .iter()
        .map(|(metric, value)| (metric.code(), *value))
        .collect();
    by_name.serialize(to)
}

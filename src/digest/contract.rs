//! [`Digest`]: all the numbers of a report. It is `digest.json`, a public contract (`docs/digest.schema.json`).

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::diagnosis::Diagnosis;
use crate::diagnosis::codes::CauseCode;
use crate::diagnosis::daily::Daily;
use crate::diagnosis::finding::{
    Certainty, Checked, Dispute, Finding, LostSegment, Matured, RankedCause, Tested,
};
use crate::metrics::ads::Ads;
use crate::metrics::decomposition::Decomposition;
use crate::metrics::experiments::ExperimentResult;
use crate::metrics::forecast::Forecast;
use crate::metrics::lengths::Lengths;
use crate::metrics::managers::{ManagerRow, Refusals};
use crate::metrics::money::Money;
use crate::metrics::plan::{PlanLine, Planned};
use crate::metrics::satisfaction::Satisfaction;
use crate::metrics::scorecard::{ChannelRow, MatureCohort, Scorecard, Stage, TrendPoint};
use crate::metrics::slices::SliceTables;
use crate::metrics::stages::{DealStages, StageBreak};
use crate::metrics::values::Rate;
use crate::model::change::Change;
use crate::model::channel::ChannelId;
use crate::model::facts::{ContactKind, SourceHealth, SourceState};
use crate::model::period::Period;
use crate::model::work::WorkLists;

use super::followup::FollowUp;
use super::meta::{Definitions, DigestMeta, PipelineInfo, Reject};
use super::place_verdict::or_place;
use super::restated::Restated;
use super::verdict::Verdict;
use crate::model::nameless::Nameless;
use crate::model::target::{PlanMetric, PlanScope};

/// Version of the shape of `digest.json`; it grows only when a reader of the old shape would break.
pub const SCHEMA_VERSION: u32 = 1;

/// All that a digest shows, and all that `digest.json` holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Version of the program that made it.
    pub program_version: String,
    /// Whose digest it is.
    pub pipeline: PipelineInfo,
    /// The reported period.
    pub period: Period,
    /// Only what was known by then is in here.
    pub as_of: DateTime<Utc>,
    /// Names the state of the lake that the numbers come from.
    pub snapshot_id: String,
    /// Number of this report of the period: 2 and on are restatements.
    pub report_version: u32,
    /// Days of work from the report on: the likeliest cause is to be checked on the first, the next one on the next.
    pub check_days: Vec<NaiveDate>,
    /// What the headline says.
    pub verdict: Verdict,
    /// All channels together.
    pub totals: ChannelRow,
    /// Channels, most sessions first; `unattributed` last.
    pub channels: Vec<ChannelRow>,
    /// What the change is made of, against the period before and against what is usual.
    pub decomposition: Decomposition,
    /// The total against its plan, by metric.
    pub plan: BTreeMap<PlanMetric, PlanFact>,
    /// Every planned number against its plan, and where the month ends.
    #[serde(default)]
    pub planned: Option<Planned>,
    /// The weeks ahead.
    #[serde(default)]
    pub forecast: Option<Forecast>,
    /// Days and working days of the compared periods.
    #[serde(default)]
    pub lengths: Option<Lengths>,
    /// Experiments that have begun, up to the end of the period.
    #[serde(default)]
    pub experiments: Vec<ExperimentResult>,
    /// The funnel with its three bases.
    pub funnel: Vec<Stage>,
    /// Stages of the funnel that broke, the one that explains most first.
    #[serde(default)]
    pub stage_breaks: Vec<StageBreak>,
    /// The stages of deals: how far the cohort came, times at each stage, and what is stuck.
    #[serde(default)]
    pub deal_stages: Option<DealStages>,
    /// Managers side by side, by name.
    #[serde(default)]
    pub managers: Vec<ManagerRow>,
    /// Deals lost in the period by reason and channel, the most first.
    #[serde(default)]
    pub refusals: Vec<Refusals>,
    /// What customers answered to surveys; absent without an answer in the period.
    #[serde(default)]
    pub satisfaction: Option<Satisfaction>,
    /// People whom nobody has answered yet, by the ids of the systems that know them.
    #[serde(default)]
    pub work: Option<WorkLists>,
    /// The total's past, oldest first, ending with the reported period.
    pub trend: Vec<TrendPoint>,
    /// The latest matured second conversion.
    pub mature_cohort: Option<MatureCohort>,
    /// Margin, refunds, buyers and the sales formula; absent where no sale has an amount.
    #[serde(default)]
    pub money: Option<Money>,
    /// Probability that anything happened beyond chance and the calendar, 0 to 1; absent when it was not looked into.
    pub incident_probability: Option<f64>,
    /// What was found, with its causes, most important first.
    pub findings: Vec<Finding>,
    /// Causes that no finding names, and why.
    pub checked: Vec<Checked>,
    /// Colder inquiries or managers losing them: whenever the second conversion falls.
    pub dispute: Option<Dispute>,
    /// The smallest places whose sessions brought fewer inquiries than usual.
    pub segments: Vec<LostSegment>,
    /// Cohorts of the weeks before that are clearly short of sales by now, oldest first.
    pub matured: Vec<Matured>,
    /// What was tested, with the smallest change that would have been noticed.
    pub tests: Vec<Tested>,
    /// Inquiries and sessions of all channels by day, with what was to be expected of each day.
    #[serde(default)]
    pub days: Vec<Daily>,
    /// State of each export.
    pub data_health: Vec<SourceState>,
    /// How many exports are in which state.
    pub health: Health,
    /// Share of inquiries whose channel is known.
    pub match_rate: Rate,
    /// Share of inquiries traced to a session by client id.
    pub client_match_rate: Rate,
    /// Share of sales traced to an inquiry: those closed in the period, or in 90 days up to its end where it has few.
    pub traced_sales: Rate,
    /// Raw contacts of the period by kind, before joining.
    pub contacts: BTreeMap<ContactKind, u64>,
    /// Contacts left out by rule, by reason.
    pub left_out: BTreeMap<String, u64>,
    /// Rows that could not be read, by export and reason.
    pub rejects: Vec<Reject>,
    /// What stands where a person's key is expected and identifies nobody.
    #[serde(default)]
    pub nameless: Vec<Nameless>,
    /// Counts of this and earlier periods that differ from what their first reports said, newest period first.
    pub restated: Vec<Restated>,
    /// What became of what the report before had found.
    #[serde(default)]
    pub followup: Option<FollowUp>,
    /// Advertising by campaign, group, phrase, ad and page.
    #[serde(default)]
    pub ads: Ads,
    /// Visits by device, region and attribute, deals by attribute.
    #[serde(default)]
    pub slices: SliceTables,
    /// The settings that a reader could dispute.
    pub definitions: Definitions,
}

/// One number against its plan.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PlanFact {
    /// The plan, prorated to the period.
    pub plan: f64,
    /// Fact against plan, in percent.
    pub change: Change,
}

/// How many exports are in which state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Every day is there.
    pub complete: u64,
    /// Complete, with rejected rows.
    pub rejects: u64,
    /// Some days are absent.
    pub partial: u64,
    /// Nothing arrived.
    pub missing: u64,
    /// All exports.
    pub total: u64,
}

impl Health {
    fn of(sources: &[SourceState]) -> Self {
        let count = |state| {
            sources
                .iter()
                .filter(|source| source.state == state)
                .count() as u64
        };
        Self {
            complete: count(SourceHealth::Complete),
            rejects: count(SourceHealth::Rejects),
            partial: count(SourceHealth::Partial),
            missing: count(SourceHealth::Missing),
            total: sources.len() as u64,
        }
    }

    /// Whether every export is whole.
    pub fn is_whole(&self) -> bool {
        self.complete == self.total
    }
}

impl Digest {
    /// Puts the numbers of a period and what is known about them into one contract.
    pub fn new(scorecard: Scorecard, diagnosis: Option<Diagnosis>, meta: DigestMeta) -> Self {
        let incident_probability = diagnosis
            .as_ref()
            .map(|diagnosis| diagnosis.incident_probability);
        let diagnosis = diagnosis.unwrap_or_default();
        let verdict = Verdict::of(&scorecard, &diagnosis);
        let smallest_loss = meta.definitions.smallest_loss;
        let verdict = or_place(verdict, &scorecard, &diagnosis, smallest_loss);
        let plan = plan_facts(scorecard.planned.as_ref());
        Self {
            schema_version: SCHEMA_VERSION,
            program_version: meta.program_version,
            pipeline: meta.pipeline,
            period: scorecard.period,
            as_of: meta.as_of,
            snapshot_id: meta.snapshot_id,
            report_version: meta.report_version,
            check_days: meta.check_days,
            verdict,
            totals: scorecard.total,
            channels: scorecard.channels,
            decomposition: scorecard.decomposition,
            plan,
            planned: scorecard.planned,
            forecast: scorecard.forecast,
            lengths: scorecard.lengths,
            experiments: scorecard.experiments,
            funnel: scorecard.funnel,
            stage_breaks: scorecard.stage_breaks,
            deal_stages: scorecard.deal_stages,
            managers: scorecard.managers,
            refusals: scorecard.refusals,
            satisfaction: scorecard.satisfaction,
            work: scorecard.work,
            trend: scorecard.trend,
            mature_cohort: scorecard.mature_cohort,
            money: scorecard.money,
            incident_probability,
            findings: readable(diagnosis.findings),
            checked: diagnosis.checked,
            dispute: diagnosis.dispute,
            segments: diagnosis.segments,
            matured: diagnosis.matured,
            tests: diagnosis.tests,
            days: diagnosis.days,
            health: Health::of(&scorecard.data_health),
            data_health: scorecard.data_health,
            match_rate: scorecard.match_rate,
            client_match_rate: scorecard.client_match_rate,
            traced_sales: scorecard.traced_sales,
            contacts: scorecard.contacts,
            left_out: scorecard.left_out,
            rejects: meta.rejects,
            nameless: meta.nameless,
            restated: meta.restated,
            followup: meta.followup,
            ads: meta.ads,
            slices: meta.slices,
            definitions: meta.definitions,
        }
    }

    /// The cause that the headline names.
    pub fn lead(&self) -> Option<&RankedCause> {
        let code = self.verdict.cause?;
        let mut causes = self.findings.iter().flat_map(|finding| &finding.causes);
        causes.find(|cause| cause.code == code)
    }

    /// The channel row of an id.
    pub fn channel(&self, id: &ChannelId) -> Option<&ChannelRow> {
        self.channels.iter().find(|row| row.channel == *id)
    }
}

/// The findings that may be read: where a hole in the data is the likeliest cause of a finding, it names no other.
pub(super) fn readable(mut findings: Vec<Finding>) -> Vec<Finding> {
    let is_hole = |cause: &RankedCause| {
        cause.code == CauseCode::DataGap && cause.certainty != Certainty::Candidate
    };
    for finding in findings
        .iter_mut()
        .filter(|finding| finding.causes.first().is_some_and(is_hole))
    {
        finding.causes.retain(is_hole);
    }
    findings
}

/// The total against its plan.
fn plan_facts(planned: Option<&Planned>) -> BTreeMap<PlanMetric, PlanFact> {
    let lines = planned.into_iter().flat_map(|planned| &planned.lines);
    let of_total = lines.filter(|line| line.scope == PlanScope::Total);
    let fact = |line: &PlanLine| PlanFact {
        plan: line.plan,
        change: line.change,
    };
    of_total.map(|line| (line.metric, fact(line))).collect()
}

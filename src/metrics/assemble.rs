//! The scorecard put together from its parts.

use super::cohort::Outlook;
use super::decomposition::decomposition;
use super::experiments::{ExperimentResult, judge};
use super::forecast::{Forecast, History, Outlooks, Setting, forecast};
use super::ledger::Ledger;
use super::lengths::lengths;
use super::managers;
use super::mature::mature_cohort;
use super::money::money;
use super::plan::{Planned, Planner};
use super::reconciliation;
use super::rows::Rows;
use super::satisfaction::satisfaction;
use super::scorecard::Scorecard;
use super::settings::MetricSettings;
use super::stages;
use super::stages::{StageBreak, StageKind};
use super::timeline::Timeline;
use super::trend::{past_of, trend};
use super::values::Rate;
use crate::model::data_fault::DataFault;
use crate::model::facts::{Facts, MatchedBy, SourceState};

/// What is known of a firm, before anything is computed of it.
pub(super) struct Parts<'a> {
    pub(super) facts: &'a Facts,
    pub(super) ledger: &'a Ledger<'a>,
    pub(super) plan: &'a MetricSettings,
}

/// See [`super::scorecard`].
pub(super) fn scorecard(facts: &Facts, plan: &MetricSettings) -> Scorecard {
    let ledger = Ledger::new(facts, plan);
    let timeline = Timeline::new(facts, &ledger, plan);
    let period = &timeline.now.period;
    let outlook = Outlook::new(&ledger, period, plan);
    let parts = Parts {
        facts,
        ledger: &ledger,
        plan,
    };
    let planner = Planner::new(&parts, period);
    let planned = planner.planned(period);
    let rows = Rows {
        planned: &planned,
        facts,
        timeline: &timeline,
        outlook: &outlook,
        plan,
    };
    let total = rows.total();
    let mut channels = rows.channels();
    let mut funnels = stages::funnels(facts, &total, &channels, plan);
    for row in &mut channels {
        row.stages = funnels.channels.remove(&row.channel).unwrap_or_default();
        row.past = past_of(&row.channel, &timeline);
    }
    let data_health = reconciliation::sources(facts);
    let ahead = looked_ahead(&parts, &planner, &timeline, &outlook);
    Scorecard {
        period: period.clone(),
        channels,
        decomposition: decomposition(&timeline, &outlook, plan),
        funnel: funnels.total,
        stage_breaks: stages_known(funnels.breaks, &data_health),
        deal_stages: funnels.deals,
        managers: managers::managers(facts, plan),
        refusals: managers::refusals(facts, plan),
        satisfaction: satisfaction(facts, plan),
        work: facts.work.clone(),
        trend: trend(&timeline, plan),
        mature_cohort: mature_cohort(&timeline, &ledger, plan),
        match_rate: matched(&timeline, &ledger, plan, |by| by != MatchedBy::Nothing),
        client_match_rate: matched(&timeline, &ledger, plan, |by| by == MatchedBy::Client),
        traced_sales: traced(facts, plan),
        money: money(facts, plan),
        contacts: facts.contacts.clone(),
        left_out: facts.left_out.clone(),
        data_health,
        lengths: Some(lengths(&total, period, planner.days(), &facts.calendar)),
        experiments: experiments(facts, plan),
        planned: ahead.planned,
        forecast: ahead.forecast,
        total,
    }
}

/// Stages that broke, but those of visits where their goals are not known.
fn stages_known(mut breaks: Vec<StageBreak>, sources: &[SourceState]) -> Vec<StageBreak> {
    let mut faults = sources.iter().flat_map(|source| &source.data_faults);
    if faults.any(DataFault::is_of_goals) {
        breaks.retain(|stage| stage.kind != StageKind::Visits);
    }
    breaks
}

/// Every experiment that has begun, judged.
fn experiments(facts: &Facts, plan: &MetricSettings) -> Vec<ExperimentResult> {
    let counted = facts.experiments.iter();
    let judged = counted.filter_map(|counts| {
        let mut plans = plan.experiments.iter();
        let of = plans.find(|plan| plan.name == counts.name)?;
        Some(judge(of, counts))
    });
    judged.collect()
}

/// What is told of days to come.
struct LookedAhead {
    planned: Option<Planned>,
    forecast: Option<Forecast>,
}

fn looked_ahead(
    parts: &Parts<'_>,
    planner: &Planner<'_>,
    timeline: &Timeline<'_>,
    outlook: &Outlook,
) -> LookedAhead {
    let Some(history) = History::of(parts.facts) else {
        return LookedAhead {
            planned: None,
            forecast: None,
        };
    };
    let setting = Setting {
        history,
        calendar: &parts.facts.calendar,
        base_periods: parts.plan.thresholds.base_periods as usize,
    };
    let outlooks = Outlooks::of_total(parts, &setting);
    LookedAhead {
        planned: Some(planner.all(&timeline.now, outlook, &setting, &outlooks)),
        forecast: Some(forecast(&outlooks, timeline.now.period.to)),
    }
}

/// The share of sales that are traced to an inquiry; unknown where sales are, and where nobody is known to get in touch.
fn traced(facts: &Facts, plan: &MetricSettings) -> Rate {
    let is_known = facts.has_deals && facts.inquiries.is_some();
    let known = |count: u64| is_known.then_some(count as f64);
    Rate::share(
        known(facts.traced.traced),
        known(facts.traced.of),
        plan.thresholds.min_events,
    )
}

fn matched(
    timeline: &Timeline,
    ledger: &Ledger<'_>,
    plan: &MetricSettings,
    counts: impl Fn(MatchedBy) -> bool,
) -> Rate {
    let period = &timeline.now.period;
    let arrived = ledger.arrived(period.from, period.to);
    let part = arrived
        .iter()
        .filter(|entry| counts(entry.matched_by))
        .count();
    let known = |count: usize| ledger.has_inquiries.then_some(count as f64);
    Rate::share(
        known(part),
        known(arrived.len()),
        plan.thresholds.min_events,
    )
}

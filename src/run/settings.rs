//! What each later stage is told of the plan, cut from it in this one place.

use std::collections::BTreeMap;

use crate::config::plan::Experiment;
use crate::config::rules::{Attached, Stage};
use crate::config::words;
use crate::config::{Line, Plan};
use crate::diagnosis::case::DiagnosisSettings;
use crate::digest::language::Strings;
use crate::digest::{Definitions, PipelineInfo, ViewInfo};
use crate::metrics::experiments::ExperimentPlan;
use crate::metrics::{CohortAges, DealStage, FunnelTitles, MetricSettings, StageTitle};
use crate::model::channel::ChannelId;
use crate::model::facts::Facts;

/// A cause is looked for in places too small for a rate of their own, but not below this share of that threshold.
const JUDGED_SHARE: f64 = 0.5;

/// What the metrics take, with titles in the pipeline's language for the channels that the facts name.
pub(super) fn of_metrics(plan: &Plan, strings: &Strings, facts: &Facts) -> MetricSettings {
    let channels = facts.channels().into_iter();
    let title = |stage: &Stage| StageTitle {
        code: stage.code.clone(),
        title: stage.title.clone(),
    };
    let stages = plan.stages.iter().map(title);
    let deal_stages = plan.deal_stages.iter().map(|stage| DealStage {
        title: title(stage),
        names: stage.deal_stages.clone(),
    });
    MetricSettings {
        thresholds: plan.thresholds,
        sales: CohortAges {
            horizon_days: plan.sales.horizon_days,
            mature_days: plan.sales.mature_days,
        },
        money: plan.money,
        proration: plan.targets.proration,
        experiments: plan.experiments.iter().map(experiment).collect(),
        zone: plan.zone,
        channel_titles: channels
            .map(|channel| (channel.clone(), channel_title(plan, strings, &channel)))
            .collect(),
        total_title: strings.raw(words::table::TOTAL).to_owned(),
        funnel_titles: funnel_titles(strings),
        stages: stages.collect(),
        deal_stages: deal_stages.collect(),
    }
}

/// What the metrics take of an experiment.
fn experiment(plan: &Experiment) -> ExperimentPlan {
    let variants = plan.variants.iter();
    ExperimentPlan {
        name: plan.name.clone(),
        title: plan.title.clone(),
        dimension: plan.dimension,
        metric: plan.metric,
        from: plan.from,
        effect: plan.effect,
        variants: variants
            .map(|variant| (variant.name.clone(), variant.share))
            .collect(),
    }
}

/// Titles of the funnel's fixed stages in a language.
fn funnel_titles(strings: &Strings) -> FunnelTitles {
    FunnelTitles {
        sessions: strings.raw(words::metric::SESSIONS).to_owned(),
        inquiries: strings.raw(words::metric::INQUIRIES).to_owned(),
        deals: strings.raw(words::stages::DEALS).to_owned(),
        sales: strings.raw(words::metric::SALES_CLOSED).to_owned(),
    }
}

/// A channel's name for people: the pipeline's own, else that of the language's file, else that of the rules.
fn channel_title(plan: &Plan, strings: &Strings, channel: &ChannelId) -> String {
    let own = plan.channels.own_title(channel);
    let stated = own.or_else(|| strings.channel(channel));
    match stated {
        Some(title) => title.to_owned(),
        None => plan.channels.title(channel, plan.language),
    }
}

/// What the diagnosis takes.
pub(super) fn of_diagnosis(plan: &Plan) -> DiagnosisSettings {
    DiagnosisSettings {
        min_events: f64::from(plan.thresholds.min_events) * JUDGED_SHARE,
        base_periods: plan.thresholds.base_periods,
        fdr: plan.thresholds.channels_fdr,
        alpha: plan.thresholds.alpha,
        smallest_loss: plan.diagnosis.smallest_loss,
        mature_days: plan.sales.mature_days,
        horizon_days: plan.sales.horizon_days,
    }
}

/// Whose digest it is.
pub(super) fn pipeline_info(plan: &Plan, strings: &Strings) -> PipelineInfo {
    let seen = &plan.view.rows;
    let lines = plan.lines.iter();
    let lines = lines.filter(|line| seen.is_none() || seen.lines.contains(&line.number));
    PipelineInfo {
        name: plan.name.clone(),
        title: plan.title.clone(),
        language: plan.language,
        currency: plan.currency.clone(),
        time_zone: plan.zone,
        lines: lines
            .map(|line| (line.number.clone(), line.name.clone()))
            .collect(),
        exports: BTreeMap::new(),
        people: plan.people.clone(),
        takes_replies: plan.delivery.reply_to.is_some(),
        reports_at: plan.reports_at.clone(),
        records: plan.records.clone(),
        attaches_pdf: cfg!(feature = "pdf") && plan.delivery.attach.contains(&Attached::Pdf),
        view: view_info(plan, strings),
    }
}

/// What a plan of a view is of; `None` of a plan of all.
fn view_info(plan: &Plan, strings: &Strings) -> Option<ViewInfo> {
    let view = &plan.view;
    if view.name.is_empty() {
        return None;
    }
    let rows = &view.rows;
    let lines = plan.lines.iter();
    let is_seen = |line: &&Line| rows.lines.contains(&line.number);
    Some(ViewInfo {
        name: view.name.clone(),
        title: view.title.clone(),
        channels: rows
            .channels
            .iter()
            .map(|channel| channel_title(plan, strings, channel))
            .collect(),
        lines: lines
            .filter(is_seen)
            .map(|line| line.name.clone())
            .collect(),
        cities: rows.cities.iter().cloned().collect(),
        managers: rows.managers.iter().cloned().collect(),
        sections: view.sections.clone(),
    })
}

/// The settings that a reader could dispute.
pub(super) fn definitions(plan: &Plan) -> Definitions {
    let (inquiry, attribution) = (plan.inquiry, plan.attribution);
    let (sales, thresholds) = (&plan.sales, plan.thresholds);
    Definitions {
        uniqueness_days: inquiry.uniqueness_days,
        target_call_min_s: inquiry.target_call_min_s,
        count_missed_calls: inquiry.count_missed_calls,
        attribution_model: attribution.model,
        lookback_days: attribution.lookback_days,
        half_life_days: attribution.half_life_days,
        position_ends_percent: attribution.position_ends_percent,
        deal_window_days: sales.deal_window_days,
        horizon_days: sales.horizon_days,
        mature_days: sales.mature_days,
        min_events: thresholds.min_events,
        min_base: thresholds.min_base,
        alpha: thresholds.alpha,
        channels_fdr: thresholds.channels_fdr,
        base_periods: thresholds.base_periods,
        smallest_loss: plan.diagnosis.smallest_loss,
        funnel_base: plan.funnel.base,
        margin: plan.money.margin,
        silence_days: plan.money.silence_days,
    }
}

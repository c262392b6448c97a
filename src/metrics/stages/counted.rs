//! The funnel of one row: sessions, the pipeline's stages, inquiries, sales; each against three bases.

use super::Place;
use super::deals::Cohort;
use super::visits::reached;
use crate::metrics::scorecard::{ChannelRow, RowVerdict, Stage};
use crate::metrics::settings::MetricSettings;
use crate::metrics::values::Rate;
use crate::model::facts::{Facts, PeriodFacts};

/// A stage before its rates are made.
struct CountedStage {
    code: String,
    title: String,
    count: Option<f64>,
}

/// Stages of the reported period, those of deals after the inquiries where the pipeline has any. The sales are those of the period's cohort so far; their share of the inquiries is
/// withheld while the cohort is young, as in the row's second conversion.
pub(super) fn funnel(
    facts: &Facts,
    place: Place<'_>,
    row: &ChannelRow,
    plan: &MetricSettings,
) -> Vec<Stage> {
    let Some(reported) = facts.periods.last() else {
        return Vec::new();
    };
    let steps = steps(facts, reported, place, row, plan);
    let inquiries = plan.stages.len() + 1;
    let sales = steps.len() - 1;
    let sessions = steps[0].count;
    (steps.iter().enumerate())
        .map(|(index, step)| {
            let previous = index.checked_sub(1).map(|previous| steps[previous].count);
            let rate =
                |base: Option<f64>| Rate::new(step.count, base, plan.thresholds.min_events, None);
            let young = index == sales && row.conv2.rate.value.is_none();
            let withheld = |rate: Rate| {
                if young {
                    Rate {
                        needed: row.conv2.rate.needed,
                        ..rate.withheld()
                    }
                } else {
                    rate
                }
            };
            let to_previous =
                previous.map_or(Rate::whole(step.count), |count| withheld(rate(count)));
            Stage {
                code: step.code.clone(),
                title: step.title.clone(),
                count: step.count,
                to_sessions: if index == 0 {
                    Rate::whole(sessions)
                } else {
                    rate(sessions)
                },
                to_users: users_of(reported, place, index, step, (row, plan)),
                to_inquiries: if index == inquiries {
                    Rate::whole(row.measures.inquiries)
                } else {
                    withheld(rate(row.measures.inquiries))
                },
                to_previous,
                drop_off: previous.and(to_previous.value).map(|share| 1.0 - share),
                usual: None,
                change: None,
                verdict: RowVerdict::Unknown,
            }
        })
        .collect()
}

fn steps(
    facts: &Facts,
    reported: &PeriodFacts,
    place: Place<'_>,
    row: &ChannelRow,
    plan: &MetricSettings,
) -> Vec<CountedStage> {
    let step = |code: &str, title: &str, count| CountedStage {
        code: code.to_owned(),
        title: title.to_owned(),
        count,
    };
    let titles = &plan.funnel_titles;
    let measures = &row.measures;
    let own = plan.stages.iter().enumerate().map(|(index, stage)| {
        let is_known = measures.sessions.is_some();
        let count = reached(reported, place, index).filter(|_| is_known);
        step(&stage.code, &stage.title, count)
    });
    std::iter::once(step(
        "sessions",
        &titles.sessions,
        measures.sessions.map(|count| count as f64),
    ))
    .chain(own)
    .chain([step("inquiries", &titles.inquiries, measures.inquiries)])
    .chain(of_deals(facts, reported, place, plan))
    .chain([step("sales", &titles.sales, measures.sales)])
    .collect()
}

/// The pipeline's stages of deals: those entered in the period, and how far they have come by now.
fn of_deals(
    facts: &Facts,
    reported: &PeriodFacts,
    place: Place<'_>,
    plan: &MetricSettings,
) -> Vec<CountedStage> {
    if plan.deal_stages.is_empty() {
        return Vec::new();
    }
    let step = |code: &str, title: &str, count| CountedStage {
        code: code.to_owned(),
        title: title.to_owned(),
        count,
    };
    let order = &plan.deal_stages;
    let cohort = facts
        .deal_paths
        .as_ref()
        .map(|paths| Cohort::new(paths, place, &reported.period, order, paths.known_until));
    let entered = cohort.as_ref().map(|cohort| cohort.entered);
    let mut steps = vec![step("deals", &plan.funnel_titles.deals, entered)];
    for (index, stage) in order.iter().enumerate() {
        let count = cohort.as_ref().map(|cohort| cohort.reached[index]);
        steps.push(step(&stage.title.code, &stage.title.title, count));
    }
    steps
}

/// The share of all visitors: of a stage of visits those that reached it, of what comes after it the things themselves.
fn users_of(
    reported: &PeriodFacts,
    place: Place<'_>,
    index: usize,
    step: &CountedStage,
    (row, plan): (&ChannelRow, &MetricSettings),
) -> Option<Rate> {
    let users = row.measures.users.map(|users| users as f64)?;
    let count = match index.checked_sub(1) {
        None => Some(users),
        Some(stage) if stage < plan.stages.len() => {
            let reached = reported.stage_users.get(stage)?;
            let count = match place {
                Place::Channel(id) => reached.by_channel.get(id).copied().unwrap_or(0),
                Place::Total | Place::Manager(_) => reached.all,
            };
            Some(count as f64)
        }
        Some(_) => step.count,
    };
    Some(Rate::new(
        count,
        Some(users),
        plan.thresholds.min_events,
        None,
    ))
}

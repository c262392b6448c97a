//! The funnel: sessions, the pipeline's stages, inquiries, sales; each against three bases.

use super::scorecard::{CohortRate, Stage};
use super::settings::MetricSettings;
use super::values::{Measures, Rate};
use crate::model::facts::PeriodFacts;

/// A stage before its rates are made.
struct Step {
    code: String,
    title: String,
    count: Option<f64>,
}

/// Stages of the reported period. The sales are those of the period's cohort so far; their share of the inquiries is
/// withheld while the cohort is young, as in the total's second conversion.
pub(super) fn funnel(
    facts: &PeriodFacts,
    total: &Measures,
    conv2: &CohortRate,
    plan: &MetricSettings,
) -> Vec<Stage> {
    let steps = steps(facts, total, plan);
    let sales = steps.len() - 1;
    let sessions = steps[0].count;
    (steps.iter().enumerate())
        .map(|(index, step)| {
            let previous = index.checked_sub(1).map(|previous| steps[previous].count);
            let rate =
                |base: Option<f64>| Rate::new(step.count, base, plan.thresholds.min_events, None);
            let young = index == sales && conv2.rate.value.is_none();
            let withheld = |rate: Rate| {
                if young {
                    Rate {
                        needed: conv2.rate.needed,
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
                to_inquiries: if index + 1 == sales {
                    Rate::whole(total.inquiries)
                } else {
                    withheld(rate(total.inquiries))
                },
                to_previous,
                drop_off: previous.and(to_previous.value).map(|share| 1.0 - share),
            }
        })
        .collect()
}

fn steps(facts: &PeriodFacts, total: &Measures, plan: &MetricSettings) -> Vec<Step> {
    let step = |code: &str, title: &str, count| Step {
        code: code.to_owned(),
        title: title.to_owned(),
        count,
    };
    let titles = &plan.funnel_titles;
    let own = plan.stages.iter().enumerate().map(|(index, stage)| {
        let by_channel = facts.stages.get(index).filter(|_| total.sessions.is_some());
        let count = by_channel.map(|by| {
            by.values()
                .fold(0_u64, |sum, count| sum.saturating_add(*count)) as f64
        });
        step(&stage.code, &stage.title, count)
    });
    std::iter::once(step(
        "sessions",
        &titles.sessions,
        total.sessions.map(|count| count as f64),
    ))
    .chain(own)
    .chain([
        step("inquiries", &titles.inquiries, total.inquiries),
        step("sales", &titles.sales, total.sales),
    ])
    .collect()
}

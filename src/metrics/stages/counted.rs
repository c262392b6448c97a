//! The funnel of one row: sessions, the pipeline's stages, inquiries, sales; each against three bases.

use crate::metrics::scorecard::{ChannelRow, RowVerdict, Stage};
use crate::metrics::settings::MetricSettings;
use crate::metrics::timeline::Scope;
use crate::metrics::values::Rate;
use crate::model::facts::PeriodFacts;

/// A stage before its rates are made.
struct Step {
    code: String,
    title: String,
    count: Option<f64>,
}

/// Stages of the reported period. The sales are those of the period's cohort so far; their share of the inquiries is
/// withheld while the cohort is young, as in the row's second conversion.
pub(super) fn funnel(
    facts: &PeriodFacts,
    scope: Scope<'_>,
    row: &ChannelRow,
    plan: &MetricSettings,
) -> Vec<Stage> {
    let steps = steps(facts, scope, row, plan);
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
                to_inquiries: if index + 1 == sales {
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
    facts: &PeriodFacts,
    scope: Scope<'_>,
    row: &ChannelRow,
    plan: &MetricSettings,
) -> Vec<Step> {
    let step = |code: &str, title: &str, count| Step {
        code: code.to_owned(),
        title: title.to_owned(),
        count,
    };
    let titles = &plan.funnel_titles;
    let measures = &row.measures;
    let own = plan.stages.iter().enumerate().map(|(index, stage)| {
        let is_known = measures.sessions.is_some();
        let count = reached(facts, scope, index).filter(|_| is_known);
        step(&stage.code, &stage.title, count)
    });
    std::iter::once(step(
        "sessions",
        &titles.sessions,
        measures.sessions.map(|count| count as f64),
    ))
    .chain(own)
    .chain([
        step("inquiries", &titles.inquiries, measures.inquiries),
        step("sales", &titles.sales, measures.sales),
    ])
    .collect()
}

/// Sessions of a row that reached a stage of the pipeline; `None` where no single sessions arrived.
pub(super) fn reached(facts: &PeriodFacts, scope: Scope<'_>, index: usize) -> Option<f64> {
    let by_channel = facts.stages.get(index)?;
    let count = match scope {
        Scope::Total => by_channel
            .values()
            .fold(0_u64, |sum, count| sum.saturating_add(*count)),
        Scope::Channel(channel) => by_channel.get(channel).copied().unwrap_or(0),
    };
    Some(count as f64)
}

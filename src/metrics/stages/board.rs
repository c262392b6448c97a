//! What is told of the stages of deals: how far the cohort came, how long it takes, and what is stuck.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Place;
use super::deals::Cohort;
use super::order::order;
use super::stuck::{StuckDeal, stuck};
use super::times::{StageTime, TimeToSale, Window, stays, time_to_sale, times};
use crate::metrics::scorecard::{RowVerdict, Stage};
use crate::metrics::settings::{DealStage, MetricSettings};
use crate::metrics::values::Rate;
use crate::model::deal_paths::{DealPaths, HistoryPrecision};
use crate::model::facts::Facts;

/// The stages of deals in one report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DealStages {
    /// How exactly changes of stages are dated; absent without any history: nothing is known of times then.
    pub precision: Option<HistoryPrecision>,
    /// The first instant that the history tells of.
    pub known_from: Option<DateTime<Utc>>,
    /// The deals that were entered in the period, by the furthest stage that they have reached so far; the sale comes last.
    pub funnel: Vec<Stage>,
    /// The same for each manager, in the order of their names.
    pub managers: Vec<ManagerStages>,
    /// Times at the stages that deals left in the period; of a stage all managers first.
    pub times: Vec<StageTime>,
    /// How long it takes to sell.
    pub time_to_sale: Option<TimeToSale>,
    /// Open deals that are longer at their stage than nine in ten usually are, those that came to it first before others.
    pub stuck: Vec<StuckDeal>,
    /// How many there are in all: the list is cut at two hundred.
    pub stuck_in_all: u64,
}

/// The stages of the deals of one manager.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManagerStages {
    /// The manager.
    pub manager: String,
    /// The stages, as those of all.
    pub stages: Vec<Stage>,
}

impl DealStages {
    /// The slow stages: of each stage the managers that are slow, or all together where no one of them is.
    pub fn slow(&self) -> Vec<&StageTime> {
        let is_slow = |row: &&StageTime| row.verdict == RowVerdict::Worse;
        let slow: Vec<&StageTime> = self.times.iter().filter(is_slow).collect();
        let is_told = |row: &&&StageTime| {
            let is_by_one =
                |other: &&&StageTime| other.stage == row.stage && other.manager.is_some();
            row.manager.is_some() || !slow.iter().any(|other| is_by_one(&other))
        };
        let mut told: Vec<&StageTime> = slow.iter().filter(is_told).copied().collect();
        // The surest first.
        told.sort_by(|one, other| {
            one.p_value
                .unwrap_or(1.0)
                .total_cmp(&other.p_value.unwrap_or(1.0))
        });
        told
    }
}

/// What is told of the stages of deals; `None` where there are none in the pipeline and no history of any.
pub(super) fn board(facts: &Facts, plan: &MetricSettings) -> Option<DealStages> {
    let paths = facts.deal_paths.as_ref()?;
    let window = Window::of(facts, plan)?;
    let order = order(paths, plan);
    if order.is_empty() {
        return None;
    }
    let stays = stays(paths);
    let (stuck, stuck_in_all) = stuck(paths, &stays, window);
    let managers: BTreeSet<&str> = paths
        .deals
        .iter()
        .map(|deal| &*deal.manager)
        .filter(|name| !name.is_empty())
        .collect();
    let of_manager = |manager: &str| ManagerStages {
        manager: manager.to_owned(),
        stages: funnel(facts, paths, Place::Manager(manager), &order, plan),
    };
    let told = managers.into_iter().map(of_manager);
    Some(DealStages {
        precision: paths.precision,
        known_from: paths.known_from,
        funnel: funnel(facts, paths, Place::Total, &order, plan),
        managers: told
            .filter(|row| row.stages.iter().any(|stage| stage.count > Some(0.0)))
            .collect(),
        times: times(&stays, window, plan),
        time_to_sale: time_to_sale(paths, window),
        stuck,
        stuck_in_all,
    })
}

/// The funnel of the deals of a place: entered, each stage, won.
pub(super) fn funnel(
    facts: &Facts,
    paths: &DealPaths,
    place: Place<'_>,
    order: &[DealStage],
    plan: &MetricSettings,
) -> Vec<Stage> {
    let Some(now) = facts.periods.last() else {
        return Vec::new();
    };
    let cohort = Cohort::new(paths, place, &now.period, order, paths.known_until);
    let titles = &plan.funnel_titles;
    let entered = [("deals", titles.deals.as_str(), cohort.entered)];
    let passed = order.iter().zip(&cohort.reached).map(|(stage, count)| {
        (
            stage.title.code.as_str(),
            stage.title.title.as_str(),
            *count,
        )
    });
    let won = [("won", titles.sales.as_str(), cohort.won)];
    let steps: Vec<(&str, &str, f64)> = entered.into_iter().chain(passed).chain(won).collect();
    let rate = |k: f64, n: f64| Rate::new(Some(k), Some(n), plan.thresholds.min_events, None);
    let unknown = Rate::new(None, None, 0, None);
    let mut before = None;
    let stage = |(code, title, count): (&str, &str, f64)| {
        let to_previous = before.map_or(Rate::whole(Some(count)), |n| rate(count, n));
        let is_first = before.replace(count).is_none();
        Stage {
            code: code.to_owned(),
            title: title.to_owned(),
            count: Some(count),
            to_sessions: unknown,
            to_users: None,
            to_inquiries: rate(count, cohort.entered),
            to_previous,
            drop_off: to_previous
                .value
                .filter(|_| !is_first)
                .map(|share| 1.0 - share),
            usual: None,
            change: None,
            verdict: RowVerdict::Unknown,
        }
    };
    steps.into_iter().map(stage).collect()
}

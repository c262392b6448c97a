//! How long deals stay at a stage, by manager, against the usual; and how long it takes to sell.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::metrics::multiple::threshold;
use crate::metrics::ranks::{larger, more, quantile, rise_at};
use crate::metrics::scorecard::RowVerdict;
use crate::metrics::settings::MetricSettings;
use crate::model::deal_paths::DealPaths;
use crate::model::facts::Facts;
use crate::model::zone;

/// A median of fewer says nothing.
const LEAST_LEFT: usize = 5;
/// The usual time of fewer is not known.
const LEAST_USUAL: usize = 10;
/// A stage is called slower from so many times its usual median: less is not worth a word. A judgement.
const SLOWER_FROM: f64 = 1.25;
const SECONDS_OF_HOUR: f64 = 3_600.0;
const HOURS_OF_DAY: f64 = 24.0;

/// How long deals that left a stage in the period had been there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageTime {
    /// The stage, as the CRM names it.
    pub stage: String,
    /// Who is in charge of the deals; absent for all managers together.
    pub manager: Option<String>,
    /// Deals that left it in the period and whose entry is known.
    pub left: u64,
    /// Their median time there, hours; absent for fewer than five.
    pub median_hours: Option<f64>,
    /// The median of those that left it in the base periods, hours; absent for fewer than ten.
    pub usual_hours: Option<f64>,
    /// How many those are.
    pub usual_left: u64,
    /// One-sided probability of times so long if nothing had changed; absent where it is not tested.
    pub p_value: Option<f64>,
    /// `worse` is slower than usual by more than chance and by a quarter at least.
    pub verdict: RowVerdict,
    /// Since when deals that come to the stage stay longer, where they do.
    pub since: Option<NaiveDate>,
}

/// How long it takes to sell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimeToSale {
    /// Deals won in the period.
    pub won: u64,
    /// Median days from the entry of the deal to its sale; absent for fewer than five.
    pub median_days: Option<f64>,
    /// The same of those won in the base periods; absent for fewer than ten.
    pub usual_days: Option<f64>,
}

/// A stay at a stage that is over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stay {
    pub(super) entered_at: DateTime<Utc>,
    pub(super) left_at: DateTime<Utc>,
}

impl Stay {
    pub(super) fn hours(self) -> f64 {
        (self.left_at - self.entered_at).num_seconds() as f64 / SECONDS_OF_HOUR
    }
}

/// The stays of each stage and manager, those of all managers without one; by the time of leaving.
pub(super) type Stays<'a> = BTreeMap<(&'a str, Option<&'a str>), Vec<Stay>>;

/// All stays that are over.
pub(super) fn stays(paths: &DealPaths) -> Stays<'_> {
    let mut stays = Stays::new();
    for deal in &paths.deals {
        let manager = Some(&*deal.manager).filter(|name| !name.is_empty());
        for step in &deal.steps {
            let (Some(entered_at), Some(left_at)) = (step.entered_at, step.left_at) else {
                continue;
            };
            if left_at < entered_at {
                continue;
            }
            let stay = Stay {
                entered_at,
                left_at,
            };
            stays.entry((&step.stage, None)).or_default().push(stay);
            if manager.is_some() {
                stays.entry((&step.stage, manager)).or_default().push(stay);
            }
        }
    }
    stays
}

/// The reported period's and the base periods' bounds: from, since, until.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    pub(super) base_from: DateTime<Utc>,
    pub(super) from: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
}

impl Window {
    /// `None` where there is no period.
    pub(super) fn of(facts: &Facts, plan: &MetricSettings) -> Option<Self> {
        let (now, before) = facts.periods.split_last()?;
        let base = plan.thresholds.base_periods as usize;
        let first = before.get(before.len().saturating_sub(base)).unwrap_or(now);
        let (from, until) = zone::bounds(&now.period, plan.zone);
        Some(Self {
            base_from: zone::bounds(&first.period, plan.zone).0,
            from,
            until,
        })
    }

    pub(super) fn is_now(self, at: DateTime<Utc>) -> bool {
        (self.from..self.until).contains(&at)
    }

    pub(super) fn is_base(self, at: DateTime<Utc>) -> bool {
        (self.base_from..self.from).contains(&at)
    }
}

/// The times of all stages and managers that anything left in the period, judged together.
pub(super) fn times(stays: &Stays<'_>, window: Window, plan: &MetricSettings) -> Vec<StageTime> {
    let mut rows: Vec<StageTime> = stays
        .iter()
        .map(|((stage, manager), stays)| row(stage, *manager, stays, window, plan))
        .filter(|row| row.left > 0)
        .collect();
    let tails: Vec<f64> = rows.iter().filter_map(|row| row.p_value).collect();
    let limit = threshold(&tails, plan.thresholds.alpha).unwrap_or(-1.0);
    for row in &mut rows {
        row.verdict = verdict(row, limit);
        if row.verdict != RowVerdict::Worse {
            row.since = None;
        }
    }
    rows
}

fn verdict(row: &StageTime, limit: f64) -> RowVerdict {
    match (row.p_value, row.median_hours.zip(row.usual_hours)) {
        (Some(p), Some((median, usual))) if p <= limit && median >= SLOWER_FROM * usual => {
            RowVerdict::Worse
        }
        (Some(_), _) => RowVerdict::Noise,
        (None, _) => RowVerdict::TooFew,
    }
}

fn row(
    stage: &str,
    manager: Option<&str>,
    stays: &[Stay],
    window: Window,
    plan: &MetricSettings,
) -> StageTime {
    let hours = |is_in: &dyn Fn(DateTime<Utc>) -> bool| -> Vec<f64> {
        let of = stays.iter().filter(|stay| is_in(stay.left_at));
        of.map(|stay| stay.hours()).collect()
    };
    let now = hours(&|at| window.is_now(at));
    let base = hours(&|at| window.is_base(at));
    let is_tested = now.len() >= LEAST_LEFT && base.len() >= LEAST_USUAL;
    StageTime {
        stage: stage.to_owned(),
        manager: manager.map(str::to_owned),
        left: now.len() as u64,
        median_hours: quantile(&now, 0.5).filter(|_| now.len() >= LEAST_LEFT),
        usual_hours: quantile(&base, 0.5).filter(|_| base.len() >= LEAST_USUAL),
        usual_left: base.len() as u64,
        p_value: is_tested.then(|| slower(&now, &base)),
        verdict: RowVerdict::Unknown,
        since: is_tested.then(|| since(stays, window, plan)).flatten(),
    }
}

/// Probability of times so long by chance: by their ranks, and by how many are longer than a quarter over the usual median.
/// The second finds a manager who holds back some of his deals while others leave the stage as they ever did. Of two tests
/// the better one is doubled, as Bonferroni has it.
fn slower(now: &[f64], base: &[f64]) -> f64 {
    let late = SLOWER_FROM * quantile(base, 0.5).unwrap_or(0.0);
    let count = |hours: &[f64]| hours.iter().filter(|hours| **hours >= late).count();
    let by_count = more((count(now), now.len()), (count(base), base.len()));
    (2.0 * larger(now, base).min(by_count)).min(1.0)
}

/// The day of entry from which on deals stay longer: where the times of the base and of the period divide best.
fn since(stays: &[Stay], window: Window, plan: &MetricSettings) -> Option<NaiveDate> {
    let is_in = |stay: &&Stay| window.is_now(stay.left_at) || window.is_base(stay.left_at);
    let mut seen: Vec<Stay> = stays.iter().filter(is_in).copied().collect();
    seen.sort_by_key(|stay| (stay.entered_at, stay.left_at));
    let hours: Vec<f64> = seen.iter().map(|stay| stay.hours()).collect();
    let first = seen.get(rise_at(&hours)?)?;
    Some(zone::local_day(first.entered_at, plan.zone))
}

/// How long the deals won in the period took.
pub(super) fn time_to_sale(paths: &DealPaths, window: Window) -> Option<TimeToSale> {
    let days = |is_in: &dyn Fn(DateTime<Utc>) -> bool| -> Vec<f64> {
        let won = paths.deals.iter().filter_map(|deal| {
            let (created, _) = deal.created?;
            let won_at = deal.won_at.filter(|at| is_in(*at))?;
            Some((won_at - created).num_seconds() as f64 / SECONDS_OF_HOUR / HOURS_OF_DAY)
        });
        won.filter(|days| *days >= 0.0).collect()
    };
    let now = days(&|at| window.is_now(at));
    let base = days(&|at| window.is_base(at));
    (!now.is_empty() || !base.is_empty()).then(|| TimeToSale {
        won: now.len() as u64,
        median_days: quantile(&now, 0.5).filter(|_| now.len() >= LEAST_LEFT),
        usual_days: quantile(&base, 0.5).filter(|_| base.len() >= LEAST_USUAL),
    })
}

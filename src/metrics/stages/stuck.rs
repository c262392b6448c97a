//! Open deals that are longer at their stage than nine in ten usually are.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::times::{Stays, Window};
use crate::metrics::ranks::quantile;
use crate::model::deal_paths::DealPaths;

/// A deal is stuck when it is longer at its stage than this share of deals usually is.
const USUAL_SHARE: f64 = 0.9;
/// Fewer stays do not tell what is usual.
const LEAST_USUAL: usize = 10;
/// More are not listed: nobody calls two hundred people in a week.
const MOST_LISTED: usize = 200;
/// A report is read on the morning after its period: what is known by then is still of it.
const MORNING_AFTER: TimeDelta = TimeDelta::hours(24);

/// A deal that is longer at its stage than usual.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StuckDeal {
    /// Its id in the CRM.
    pub deal_id: String,
    /// The stage that it is at.
    pub stage: String,
    /// Who is in charge of it; empty where nobody says.
    pub manager: String,
    /// When it came to the stage.
    pub entered_at: DateTime<Utc>,
    /// How long it has been there, hours.
    pub hours: f64,
    /// Nine in ten deals have left the stage after so many hours.
    pub usual_hours: f64,
}

/// The deals that are stuck, the longest over its usual time first, and how many there are in all.
pub(super) fn stuck(paths: &DealPaths, stays: &Stays<'_>, window: Window) -> (Vec<StuckDeal>, u64) {
    let seen_at = paths.known_until.min(window.until + MORNING_AFTER);
    let usual = usual(stays, window);
    let mut found = Vec::new();
    for deal in paths.deals.iter().filter(|deal| deal.is_open()) {
        let Some(step) = deal.steps.last() else {
            continue;
        };
        let Some(entered_at) = step.entered_at.filter(|at| *at <= seen_at) else {
            continue;
        };
        let Some(usual_hours) = usual.get(&*step.stage) else {
            continue;
        };
        let hours = (seen_at - entered_at).num_seconds() as f64 / 3_600.0;
        if hours > *usual_hours {
            found.push(StuckDeal {
                deal_id: deal.id.clone(),
                stage: step.stage.to_string(),
                manager: deal.manager.to_string(),
                entered_at,
                hours,
                usual_hours: *usual_hours,
            });
        }
    }
    found.sort_by(|one, other| {
        (one.entered_at, &one.deal_id).cmp(&(other.entered_at, &other.deal_id))
    });
    let all = found.len() as u64;
    found.truncate(MOST_LISTED);
    (found, all)
}

/// The time after which nine in ten have left each stage, by those that left it in the base periods and in this one.
fn usual<'a>(stays: &Stays<'a>, window: Window) -> BTreeMap<&'a str, f64> {
    let all = stays.iter().filter(|((_, manager), _)| manager.is_none());
    let of = |((stage, _), stays): (&(&'a str, Option<&str>), &Vec<super::times::Stay>)| {
        let seen = stays
            .iter()
            .filter(|stay| window.is_base(stay.left_at) || window.is_now(stay.left_at));
        let hours: Vec<f64> = seen.map(|stay| stay.hours()).collect();
        let usual = quantile(&hours, USUAL_SHARE).filter(|_| hours.len() >= LEAST_USUAL)?;
        Some((*stage, usual))
    };
    all.filter_map(of).collect()
}

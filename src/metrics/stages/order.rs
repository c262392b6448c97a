//! The order of deal stages: as the pipeline says, else as deals pass them.

use std::collections::BTreeMap;

use crate::metrics::settings::{DealStage, MetricSettings, StageTitle};
use crate::model::deal_paths::DealPaths;

/// A stage that fewer deals in a thousand passed is an exception, and no step of the way.
const LEAST_PASSED: f64 = 0.02;

/// The stages that deals pass before they end, in order: those of the pipeline, else those of the history by their mean
/// place in the ways of deals. Stages that deals end at are no part of it.
pub(super) fn order(paths: &DealPaths, plan: &MetricSettings) -> Vec<DealStage> {
    if !plan.deal_stages.is_empty() {
        return plan.deal_stages.clone();
    }
    let mut passed: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    let ways = paths.deals.iter().filter(|deal| deal.steps.len() > 1);
    let mut all = 0.0;
    for deal in ways {
        all += 1.0;
        for (place, step) in deal.steps.iter().enumerate() {
            // Where a deal is now may be where it ended.
            if step.left_at.is_some() {
                let sum = passed.entry(&step.stage).or_default();
                *sum = (sum.0 + place as f64, sum.1 + 1.0);
            }
        }
    }
    let mut places: Vec<(f64, &str)> = passed
        .into_iter()
        .filter(|(_, (_, deals))| *deals >= LEAST_PASSED * all)
        .map(|(stage, (sum, deals))| (sum / deals, stage))
        .collect();
    places.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(other.1)));
    places.into_iter().map(|(_, stage)| alone(stage)).collect()
}

/// A stage under its own name.
fn alone(stage: &str) -> DealStage {
    DealStage {
        title: StageTitle {
            code: stage.to_owned(),
            title: stage.to_owned(),
        },
        names: vec![stage.to_owned()],
    }
}

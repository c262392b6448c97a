//! Funnel stages: of visits before the inquiry, then of deals after it.

use std::collections::BTreeSet;

use crate::config::rules::Stage;
use crate::config::source::SettingsText;
use crate::config::value::{kebab, title};
use crate::model::fault::Fault;

/// The stages of visits and those of deals, each in their order.
pub(super) fn resolve(
    source: &SettingsText<'_>,
    stages: Vec<Stage>,
) -> Result<(Vec<Stage>, Vec<Stage>), Fault> {
    let mut codes = BTreeSet::new();
    let mut of_deals: Vec<Stage> = Vec::new();
    let mut of_visits: Vec<Stage> = Vec::new();
    for (place, stage) in stages.into_iter().enumerate() {
        let at = |key: &str| format!("stages.{place}.{key}");
        kebab(source, &at("code"), &stage.code)?;
        if !codes.insert(stage.code.clone()) {
            let message = format!("a second stage has the code \"{}\"", stage.code);
            return Err(source.refuse(&at("code"), message));
        }
        title(source, &at("title"), &stage.title)?;
        match (stage.goals.is_empty(), stage.deal_stages.is_empty()) {
            (true, true) => {
                let message = format!("stage \"{}\" has no goals", stage.code);
                return Err(source
                    .refuse(&at("goals"), message)
                    .hint("name goals of the analytics, or deal_stages of the CRM"));
            }
            (false, false) => {
                let message = format!("stage \"{}\" has goals and deal_stages", stage.code);
                return Err(source
                    .refuse(&at("deal_stages"), message)
                    .hint("a stage is one of visits or one of deals"));
            }
            (false, true) if !of_deals.is_empty() => {
                let message = format!(
                    "stage \"{}\" of visits comes after one of deals",
                    stage.code
                );
                return Err(source
                    .refuse(&at("goals"), message)
                    .hint("stages with goals come first, those with deal_stages after them"));
            }
            (false, true) => of_visits.push(stage),
            (true, false) => of_deals.push(stage),
        }
    }
    Ok((of_visits, of_deals))
}

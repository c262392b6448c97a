//! Sales that stopped where a stage without a meaning began: the won stage has got another name. Told from the days on which
//! deals last changed, of exports that state neither a day of closing nor a state.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Export, LEAST_DEALS, MOST_STAGES};
use crate::marts::tables::{Deal, Standing};
use crate::model::doubt::SalesDoubt;

/// So many sales must have been due since the last one: that chance leaves none of five happens in one case of 150.
const LEAST_DUE: f64 = 5.0;
/// The new stages must hold so many of the sales that were due: what is more seldom is one more step on the way.
const LEAST_SHARE_OF_DUE: f64 = 0.5;
/// Stages that are called so are where deals begin: they always hold the newest changes, and nobody sells there.
const FIRST_WORDS: &[&str] = &["new", "incoming", "нов", "неразобран", "входящ", "заявк"];

/// A deal that says when it last changed.
struct Changed<'a> {
    at: DateTime<Utc>,
    deal: &'a Deal,
}

impl Export<'_> {
    /// A pipeline whose sales stopped, with the stages that began since.
    pub(super) fn stopped(&self) -> Option<SalesDoubt> {
        let mut pipelines: BTreeMap<&str, Vec<Changed<'_>>> = BTreeMap::new();
        for deal in &self.deals {
            if let Some(at) = deal.updated_at {
                let of_pipeline = pipelines.entry(&deal.pipeline).or_default();
                of_pipeline.push(Changed { at, deal });
            }
        }
        pipelines.values().find_map(|deals| stopped(deals))
    }
}

fn stopped(deals: &[Changed<'_>]) -> Option<SalesDoubt> {
    let sales = deals.iter().filter(|one| one.deal.won_at().is_some());
    let last_sale = sales.clone().map(|one| one.at).max()?;
    let before = deals.iter().filter(|one| one.at <= last_sale).count();
    let since = deals.len() - before;
    let due = since as f64 * sales.count() as f64 / before as f64;
    let new = new_stages(deals, last_sale);
    let at_new: usize = new.values().sum();
    let is_told =
        due >= LEAST_DUE && at_new >= LEAST_DEALS && at_new as f64 >= LEAST_SHARE_OF_DUE * due;
    is_told.then(|| SalesDoubt::WonStopped {
        deals: at_new as u64,
        due: due.round() as u64,
        stages: new
            .keys()
            .take(MOST_STAGES)
            .map(ToString::to_string)
            .collect(),
    })
}

/// Stages that nobody names and whose deals all changed after the last sale, with how many they are.
fn new_stages<'a>(deals: &[Changed<'a>], last_sale: DateTime<Utc>) -> BTreeMap<&'a str, usize> {
    let mut stages: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for one in deals {
        if !matches!(one.deal.standing, Standing::Unsaid { .. }) || is_first(&one.deal.stage) {
            continue;
        }
        let count = stages.entry(&one.deal.stage).or_insert(Some(0));
        let is_new = one.at > last_sale;
        *count = count.filter(|_| is_new).map(|count| count + 1);
    }
    let new = stages.into_iter();
    new.filter_map(|(stage, count)| Some((stage, count?)))
        .collect()
}

fn is_first(stage: &str) -> bool {
    let name = stage.to_lowercase();
    FIRST_WORDS.iter().any(|word| name.contains(word))
}

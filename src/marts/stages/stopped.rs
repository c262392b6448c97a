//! Sales that stopped where a stage without a meaning began: the won stage has got another name. Told from the days on which
//! deals last changed, of exports that state neither a day of closing nor a state; where these are missing too, from the days
//! on which deals were entered.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Export, LEAST_DEALS, MOST_STAGES, sounds_final};
use crate::marts::tables::{Deal, Standing};
use crate::model::doubt::SalesDoubt;

/// So many sales must have been due since the last one: that chance leaves none of five happens in one case of 150.
const LEAST_DUE: f64 = 5.0;
/// So many, where the name of the new stage says itself that the deal is done: chance leaves none of three once in twenty, and
/// does not call a stage so.
const LEAST_DUE_OF_FINAL: f64 = 3.0;
/// Such stages must hold so many of the sales that were due: deals on the way change as well, and make more seem due.
const LEAST_SHARE_OF_FINAL: f64 = 0.3;
/// The new stages must hold so many of the sales that were due: what is more seldom is one more step on the way.
const LEAST_SHARE_OF_DUE: f64 = 0.5;
/// Stages that are called so are where deals begin: they always hold the newest changes, and nobody sells there.
const FIRST_WORDS: &[&str] = &["new", "incoming", "нов", "неразобран", "входящ", "заявк"];

/// A deal, and when it last changed or was entered.
struct Changed<'a> {
    at: DateTime<Utc>,
    deal: &'a Deal,
}

/// What the deals of a pipeline are ordered by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clock {
    /// Their last change.
    Change,
    /// Their entry: old deals may stand at any stage, and only one that is called final takes the place of the won one.
    Entry,
}

impl Export<'_> {
    /// A pipeline whose sales stopped, with the stages that began since.
    pub(super) fn stopped(&self) -> Option<SalesDoubt> {
        let mut pipelines: BTreeMap<&str, Vec<&Deal>> = BTreeMap::new();
        for deal in &self.deals {
            pipelines.entry(&deal.pipeline).or_default().push(*deal);
        }
        pipelines.values().find_map(|deals| {
            let (clock, deals) = in_time(deals);
            stopped(clock, &deals)
        })
    }
}

/// The deals of a pipeline with the times that tell most of them. Where days of closing are told or planned, these tell what
/// took the place of the won stage.
fn in_time<'a>(deals: &[&'a Deal]) -> (Clock, Vec<Changed<'a>>) {
    let changed = deals.iter().filter_map(|&deal| {
        let at = deal.updated_at?;
        Some(Changed { at, deal })
    });
    let changed: Vec<Changed<'a>> = changed.collect();
    let has_closing = |deal: &&Deal| deal.won_at().is_some_and(|at| at != deal.created_at);
    let tells_plans = deals.iter().any(|deal| deal.planned_close_at.is_some());
    if !changed.is_empty() || tells_plans || deals.iter().any(has_closing) {
        return (Clock::Change, changed);
    }
    let entered = deals.iter().map(|&deal| Changed {
        at: deal.created_at,
        deal,
    });
    (Clock::Entry, entered.collect())
}

fn stopped(clock: Clock, deals: &[Changed<'_>]) -> Option<SalesDoubt> {
    let sales = deals.iter().filter(|one| one.deal.won_at().is_some());
    let last_sale = sales.clone().map(|one| one.at).max()?;
    let before = deals.iter().filter(|one| one.at <= last_sale).count();
    let since = deals.len() - before;
    let due = since as f64 * sales.count() as f64 / before as f64;
    let is_told = |stages: &BTreeMap<&str, usize>, least_due: f64, share: f64| {
        let deals: usize = stages.values().sum();
        due >= least_due && deals >= LEAST_DEALS && deals as f64 >= share * due
    };
    let mut new = new_stages(deals, last_sale);
    if clock == Clock::Entry || !is_told(&new, LEAST_DUE, LEAST_SHARE_OF_DUE) {
        new.retain(|stage, _| sounds_final(stage));
        if !is_told(&new, LEAST_DUE_OF_FINAL, LEAST_SHARE_OF_FINAL) {
            return None;
        }
    }
    Some(SalesDoubt::WonStopped {
        deals: new.values().sum::<usize>() as u64,
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

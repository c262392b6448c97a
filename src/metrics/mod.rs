//! From facts to the scorecard: rates, intervals, changes, maturity. Pure functions, no input or output.

use crate::model::facts::Facts;

pub mod ads;
mod assemble;
pub mod baseline;
pub mod change;
mod cohort;
mod compare;
mod costs;
mod counts;
mod credit;
mod daily;

pub mod decomposition;
pub mod difference;
pub mod distribution;
pub mod experiments;
pub mod forecast;
pub mod lag;
mod ledger;
pub mod lengths;
pub mod managers;
mod mature;
pub mod money;
pub mod multiple;
pub mod plan;
pub mod predictive;
pub mod ranks;
pub mod rate;
mod reconciliation;
mod rows;
pub mod satisfaction;
pub mod scorecard;
mod settings;
pub mod slices;
pub mod stages;
pub mod table;
mod timeline;
mod trend;
mod usual;
pub mod values;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod quiet;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod scenarios;

pub use reconciliation::channels_of_doubtful_costs;
use scorecard::Scorecard;
pub use settings::{CohortAges, DealStage, FunnelTitles, MetricSettings, StageTitle};

/// Computes every number that a digest of the last period of `facts` may show.
///
/// Pure: the same facts in any order of inquiries give the same scorecard, bit for bit.
///
/// # Panics
/// When `facts.periods` is empty: the last one is the reported period.
pub fn scorecard(facts: &Facts, plan: &MetricSettings) -> Scorecard {
    assemble::scorecard(facts, plan)
}

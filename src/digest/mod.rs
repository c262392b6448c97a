//! The digest: what is said about a period, in an order and in words, before any output gives it a look.
//!
//! [`Digest`] is the numbers, [`document()`] lays them out in blocks.

mod ads;
pub mod blocks;
pub mod causes;
pub mod contract;
mod data_faults;
mod dates;
pub mod document;
mod doubts;
pub mod figures;
mod fitness;
mod followup;
pub mod language;
mod layout;
pub mod measures;
pub mod meta;
pub mod page;
mod phrases;
mod place_verdict;
pub mod plan;
mod profit_verdict;
pub mod restated;
pub mod samples;
mod sections;
mod stage_verdict;
mod stretch;
pub mod verdict;

#[cfg(test)]
mod headline_laws;
#[cfg(test)]
mod letter;
#[cfg(test)]
mod sentence_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod week_tests;

pub use contract::{Digest, Health, SCHEMA_VERSION};
pub use data_faults::DataVerdict;
pub use document::Document;
pub use followup::{CheckOutcome, FollowUp, OwnerAnswer, ThenNow};
pub use layout::{diagnosis, document};
pub use measures::MEASURES;
pub use meta::{Definitions, DigestMeta, PipelineInfo, Reject, ViewInfo, check_days};
pub(crate) use phrases::upper_first;
pub use restated::{Restated, RestatedCell, WasNow};
pub use sections::plan_metric_name;
pub(crate) use sections::{LinkOf, breakdown_base, factor_name, formula_factor, work_link};
pub use verdict::VerdictKind;

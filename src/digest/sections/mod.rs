//! The sections of a digest in answer-first order: a new one is a file here and a line in [`SECTIONS`].

mod action;
mod answer;
mod causes;
mod cells;
mod channels;
mod cohort;
mod compared;
mod contacts;
mod daily;
mod decomposition;
mod experiments;
mod followup;
mod forecast;
mod funnel;
mod glance;
mod headline;
mod health;
mod intervals;
mod kpi;
mod lengths;
mod link;
mod method;
mod money;
mod moved;
mod nameless;
mod normal;
mod outcomes;
mod pacing;
mod picture;
mod plan;
mod restated;
mod section;
mod status;
pub(super) mod subject;
mod tested;
mod trend;
mod waterfall;

pub(super) use causes::candidates;
pub use pacing::name as plan_metric_name;
pub(super) use section::Section;

/// Every section, in the order of reading: first those of the letter, then those of the report.
pub(super) const SECTIONS: &[&Section] = &[
    &answer::SECTION,
    &status::SECTION,
    &link::TO_PLAN,
    &glance::SECTION,
    &picture::SECTION,
    &moved::SECTION,
    &outcomes::CHECKS,
    &followup::SECTION,
    &restated::OF_PERIOD,
    &link::TO_ALL,
    &kpi::SECTION,
    &lengths::SECTION,
    &pacing::SECTION,
    &forecast::SECTION,
    &funnel::SECTION,
    &trend::SECTION,
    &channels::SECTION,
    &experiments::SECTION,
    &decomposition::SECTION,
    &causes::SECTION,
    &plan::SECTION,
    &money::SECTION,
    &cohort::SECTION,
    &contacts::SECTION,
    &restated::SECTION,
    &health::SECTION,
    &method::SECTION,
];

/// The sections of a diagnosis on the terminal.
pub(super) const DIAGNOSIS: &[&Section] = &[
    &answer::SECTION,
    &status::SECTION,
    &causes::DETAILED,
    &tested::SECTION,
];

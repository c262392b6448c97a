//! The sections of a digest in answer-first order: a new one is a file here and a line in [`SECTIONS`].

mod action;
mod ads;
mod answer;
mod broken;
mod buyers;
mod causes;
mod cells;
mod channels;
mod cohort;
mod compared;
mod contacts;
mod daily;
mod deal_stages;
mod decomposition;
mod experiments;
mod followup;
mod forecast;
mod formula;
mod funnel;
mod glance;
mod headline;
mod health;
mod intervals;
mod kpi;
mod lengths;
mod link;
mod lost_place;
mod managers;
mod method;
mod money;
mod money_facts;
mod moved;
mod nameless;
mod normal;
mod outcomes;
mod pacing;
mod picture;
mod plan;
mod profit;
mod restated;
mod satisfaction;
mod section;
mod slices;
mod slow;
mod stages;
pub(in crate::digest) mod status;
pub(super) mod subject;
mod tested;
mod trend;
mod view;
mod waterfall;
mod work;

pub(super) use causes::candidates;
pub(crate) use formula::name as formula_factor;
pub use pacing::name as plan_metric_name;
pub(super) use section::Section;
pub(crate) use work::{LinkOf, link as work_link};

/// Every section, in the order of reading: first those of the letter, then those of the report.
pub(super) const SECTIONS: &[&Section] = &[
    &answer::SECTION,
    &view::SECTION,
    &status::SECTION,
    &link::TO_PLAN,
    &glance::SECTION,
    &picture::SECTION,
    &moved::SECTION,
    &ads::IN_LETTER,
    &outcomes::CHECKS,
    &followup::SECTION,
    &restated::OF_PERIOD,
    &link::TO_ALL,
    &kpi::SECTION,
    &lengths::SECTION,
    &pacing::SECTION,
    &forecast::SECTION,
    &funnel::SECTION,
    &stages::SECTION,
    &trend::SECTION,
    &channels::SECTION,
    &experiments::SECTION,
    &decomposition::SECTION,
    &causes::SECTION,
    &plan::SECTION,
    &money::SECTION,
    &ads::SECTION,
    &slices::SECTION,
    &formula::SECTION,
    &buyers::SECTION,
    &cohort::SECTION,
    &deal_stages::SECTION,
    &managers::SECTION,
    &work::SECTION,
    &satisfaction::SECTION,
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

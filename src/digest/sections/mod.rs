//! The sections of a digest in answer-first order: a new one is a file here and a line in [`MAIN`] or [`DETAILS`].

mod action;
mod ads;
mod answer;
mod broken;
mod buyers;
mod cause_pictures;
mod causes;
mod cells;
mod channels;
mod cohort;
mod compared;
mod contacts;
mod counted_change;
mod daily;
mod deal_stages;
mod decomposition;
mod experiments;
mod followup;
mod forecast;
mod formula;
mod funnel;
mod funnel_bars;
mod glance;
mod headline;
mod headline_check;
mod health;
mod hours;
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
mod over_time;
mod pacing;
mod past;
mod picture;
mod plan;
mod profit;
mod restated;
mod satisfaction;
mod section;
mod sides;
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

use crate::digest::document::Depth;

pub(super) use causes::candidates;
pub(crate) use decomposition::{base as breakdown_base, name as factor_name};
pub(crate) use formula::name as formula_factor;
pub(super) use headline_check::HeadlineCheck;
pub use pacing::name as plan_metric_name;
pub(super) use section::Section;
pub(crate) use work::{LinkOf, link as work_link};

/// What is read, in its order: first the sections of the letter, then those of the report from the cause to the money.
pub(super) const MAIN: &[&Section] = &[
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
    &causes::SECTION,
    &plan::SECTION,
    &kpi::SECTION,
    &trend::SECTION,
    &funnel::SECTION,
    &channels::SECTION,
    &decomposition::SECTION,
    &money::SECTION,
];

/// What is looked up: a page keeps each of them folded until it is wanted.
pub(super) const DETAILS: &[&Section] = &[
    &work::SECTION,
    &pacing::SECTION,
    &forecast::SECTION,
    &lengths::SECTION,
    &stages::SECTION,
    &experiments::SECTION,
    &ads::SECTION,
    &slices::SECTION,
    &formula::SECTION,
    &buyers::SECTION,
    &cohort::SECTION,
    &deal_stages::SECTION,
    &managers::SECTION,
    &satisfaction::SECTION,
    &contacts::SECTION,
    &restated::SECTION,
    &health::SECTION,
    &method::SECTION,
];

/// Every section with its depth, in the order of reading.
pub(super) fn all() -> impl Iterator<Item = (&'static Section, Depth)> {
    let main = MAIN.iter().map(|section| (*section, Depth::Main));
    let details = DETAILS.iter().map(|section| (*section, Depth::Detail));
    main.chain(details)
}

/// The sections of a diagnosis on the terminal.
pub(super) const DIAGNOSIS: &[&Section] = &[
    &answer::SECTION,
    &status::SECTION,
    &causes::DETAILED,
    &tested::SECTION,
];

//! The sections of a digest in answer-first order: a new one is a file here and a line in [`SECTIONS`].

mod answer;
mod causes;
mod cells;
mod channels;
mod cohort;
mod contacts;
mod daily;
mod decomposition;
mod funnel;
mod headline;
mod health;
mod intervals;
mod kpi;
mod method;
mod money;
mod nameless;
mod outcomes;
mod plan;
mod restated;
mod section;
mod status;
pub(super) mod subject;
mod tested;
mod trend;

pub(super) use section::Section;

/// Every section, in the order of reading.
pub(super) const SECTIONS: &[&Section] = &[
    &answer::SECTION,
    &status::SECTION,
    &kpi::SECTION,
    &funnel::SECTION,
    &trend::SECTION,
    &channels::SECTION,
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

//! Why: evidence for each cause from what was seen, ranked by calibrated probability. Pure functions.

pub mod annotations;
pub mod case;
pub mod causes;
mod change_point;
pub mod codes;
pub mod cohort;
pub mod daily;
pub mod detect;
pub mod diagnose;
pub mod dispute;
mod dissatisfaction;
pub mod finding;
mod findings;
#[cfg(test)]
pub(crate) mod firm;
pub mod hours;
#[cfg(test)]
mod laws;
pub mod localise;
pub mod outage;
mod segments;
pub mod weigh;
mod worth;

pub use diagnose::diagnose;
pub use dissatisfaction::tell_dissatisfaction;
pub use finding::Diagnosis;
pub use worth::Worth;

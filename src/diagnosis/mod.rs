//! Why: evidence for each cause from what was seen, ranked by calibrated probability. Pure functions.

pub mod annotations;
pub mod bayes;
pub mod calibration;
pub mod call_quality;
pub mod case;
pub mod causes;
mod change_point;
pub mod cohorts;
pub mod daily;
pub mod deficit;
pub mod detect;
pub mod diagnose;
pub mod dispute;
pub mod earlier;
pub mod evidence;
pub mod finding;
#[cfg(test)]
pub(crate) mod firm;
pub mod form_gaps;
pub mod form_places;
pub mod hourly;
pub mod hypothesis;
#[cfg(test)]
mod laws;
pub mod localise;
pub mod others;
pub mod phone_gaps;
pub mod phone_places;
pub mod posterior;
pub mod response;
mod scopes;
mod segments;
pub mod silence;

pub use diagnose::{Worth, diagnose};
pub use finding::Diagnosis;

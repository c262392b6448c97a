//! Why: evidence for each cause from what was seen, ranked by calibrated probability. Pure functions.

pub mod annotations;
pub mod bayes;
pub mod calibration;
pub mod case;
pub mod causes;
mod change_point;
pub mod cohorts;
pub mod detect;
pub mod diagnose;
pub mod dispute;
pub mod earlier;
pub mod evidence;
pub mod finding;
#[cfg(test)]
pub(crate) mod firm;
pub mod hypothesis;
pub mod localise;
pub mod posterior;
pub mod response;
mod scopes;

pub use diagnose::{Worth, diagnose};
pub use finding::Diagnosis;

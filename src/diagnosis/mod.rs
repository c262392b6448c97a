//! Why: evidence for each cause from what was seen, ranked by calibrated probability. Pure functions.

pub mod bayes;
pub mod case;
pub mod causes;
pub mod cohorts;
pub mod dispute;
pub mod earlier;
pub mod evidence;
pub mod finding;
#[cfg(test)]
pub(crate) mod firm;
pub mod hypothesis;
pub mod response;

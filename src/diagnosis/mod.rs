//! Why: evidence for each cause from what was seen, ranked by calibrated probability. Pure functions.

pub mod bayes;
pub mod call_quality;
pub mod case;
pub mod causes;
pub mod deficit;
pub mod evidence;
pub mod finding;
#[cfg(test)]
pub(crate) mod firm;
pub mod form_gaps;
pub mod form_places;
pub mod hourly;
pub mod others;
pub mod phone_gaps;
pub mod phone_places;
pub mod silence;

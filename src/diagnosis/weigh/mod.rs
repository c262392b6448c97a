//! From evidence to probabilities: Bayes factors, the choice among places, the posterior and what it was fitted to.

pub mod bayes;
pub mod calibration;
pub mod evidence;
pub mod features;
pub mod hypothesis;
pub mod posterior;
pub mod scopes;

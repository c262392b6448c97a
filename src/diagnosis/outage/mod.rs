//! Outages: whether contacts of a place are missing, in the period's total or in some of its hours.

pub mod deficit;
pub mod hourly;
pub mod others;
pub mod silence;

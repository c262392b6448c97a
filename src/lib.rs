//! Voronka: weekly funnel digests from the exports that a business already has.

pub mod config;
pub mod delivery;
pub mod digest;
pub mod metrics;
pub mod model;
pub mod output;

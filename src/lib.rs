//! Voronka: weekly funnel digests from the exports that a business already has.

pub mod config;
pub mod ingest;
pub mod lake;
pub mod marts;
pub mod metrics;
pub mod model;

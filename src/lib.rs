//! Voronka: weekly funnel digests from the exports that a business already has.

pub mod cli;
pub mod config;
pub mod delivery;
pub mod diagnosis;
pub mod digest;
pub mod disk;
pub mod ingest;
pub mod lake;
pub mod marts;
pub mod metrics;
pub mod model;
pub mod output;
pub mod run;
pub mod sample;
pub mod schedule;

#[cfg(test)]
#[path = "../tests/it/snapshots.rs"]
mod snapshots;

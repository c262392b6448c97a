//! Voronka: weekly funnel digests from the exports that a business already has.
//!
//! Everything is in the library, and what `cli` does is the program. Rooms that nothing outside needs are private, so that
//! the compiler says which of their items nobody uses; the fuzzers read by `ingest`, and the judges of pages draw samples
//! of `digest` by `output`.

pub mod cli;
pub mod config;
mod delivery;
mod diagnosis;
pub mod digest;
mod disk;
pub mod ingest;
mod lake;
mod marts;
mod metrics;
pub mod model;
pub mod output;
mod run;
mod sample;
mod schedule;

#[cfg(test)]
#[path = "../tests/it/snapshots.rs"]
mod snapshots;

//! The schedule: which digests are due, what becomes of those that nobody was there for, and where each of them stands.

mod catch_up;
mod occurrence;
mod state;

pub use occurrence::{Occurrence, between};
pub use state::{OccurrenceState, Owed, listed, open, opened, settle};

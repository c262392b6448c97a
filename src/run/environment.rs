//! What a run is told beside its pipeline, and where it says what it did.

use chrono::{DateTime, Utc};

use super::stages::Staged;

/// Where stages say what they did: lines for people, and a bar on a terminal.
pub trait Console {
    /// One finished step, as one line.
    fn line(&self, text: &str);
    /// What went wrong, for the person who has to act.
    fn error(&self, error: &anyhow::Error);
    /// Shows that `bytes` more of a file of `of` were read.
    fn progress(&self, file: &str, of: u64, bytes: u64);
    /// The bar is of no more use.
    fn progress_done(&self);
    /// A stage has ended.
    fn stage(&self, _staged: &Staged) {}
}

/// What a run is told beside its pipeline. The clock is read once, outside.
pub struct Environment<'a> {
    /// The present.
    pub now: DateTime<Utc>,
    /// Where steps are reported.
    pub console: &'a dyn Console,
}

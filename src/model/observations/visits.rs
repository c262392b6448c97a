//! Sessions, counted by day and cell.

use super::Code;

/// Sessions of one cell, and what they were like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SessionCounts {
    /// All sessions.
    pub sessions: u32,
    /// Sessions that the analytics calls a bounce.
    pub bounces: u32,
    /// Sessions of one page and at most two seconds.
    pub instant: u32,
    /// Sessions of new clients.
    pub newcomers: u32,
    /// Sessions with another of the same client in the same second: a tag that fires twice.
    pub doubled: u32,
    /// Sessions in which a form was begun.
    pub form_starts: u32,
    /// Sessions in which a form was sent, as the analytics saw it.
    pub form_sends: u32,
    /// Sessions in which a telephone number was tapped.
    pub phone_taps: u32,
    /// Seconds on the site, added up.
    pub seconds: u64,
}

/// A session of one page and at most so many seconds is instant.
const INSTANT_S: u32 = 2;

/// Whether a session of so many pages and seconds is instant; what is not known of it is taken for much.
pub fn is_instant(views: Option<u32>, seconds: Option<u32>) -> bool {
    views.is_some_and(|views| views <= 1) && seconds.is_some_and(|seconds| seconds <= INSTANT_S)
}

impl SessionCounts {
    /// Adds another cell.
    pub fn add(&mut self, other: &Self) {
        self.sessions += other.sessions;
        self.bounces += other.bounces;
        self.instant += other.instant;
        self.newcomers += other.newcomers;
        self.doubled += other.doubled;
        self.form_starts += other.form_starts;
        self.form_sends += other.form_sends;
        self.phone_taps += other.phone_taps;
        self.seconds += other.seconds;
    }
}

/// Sessions of one day in one cell. Dimensions that a table does not keep are 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Visits {
    /// Day of the history.
    pub day: u32,
    /// Channel.
    pub channel: Code,
    /// Kind of device.
    pub device: Code,
    /// Landing page.
    pub page: Code,
    /// City or country.
    pub region: Code,
    /// The counts.
    pub counts: SessionCounts,
}

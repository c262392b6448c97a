//! What should have become of deals and inquiries by now: expected outcomes of young cohorts, given their age.
//!
//! Every member weighs what usually has happened at its age, so a cohort of any age is judged by its own exposure
//! (Bornhuetter and Ferguson, PCAS 59 (1972) 181–195). The time to the outcome is learnt from the history before the
//! judged cohorts, followed only up to their first day: what happens since does not spoil it.

pub mod alike;
pub mod earlier;
pub mod matured;
mod members;
mod outcomes;
pub mod panel;
pub mod reasons;
pub mod response;
pub mod waits;

use std::ops::Range;

use chrono::TimeDelta;

pub use self::members::{Cohorts, Member};
pub use self::outcomes::{Learnt, Outcomes};
use crate::diagnosis::case::{Case, Judged, Z_95};
use crate::metrics::values::Estimate;
use crate::model::zone;

/// Weeks before the period in which a change of its cohort may have begun: they are judged, not learnt from. A
/// judgement: long enough for most of their deals to be decided, short enough not to age what is learnt.
pub const WEEKS_BEFORE: u32 = 4;
/// A deal that is lost within so many days is lost quickly. A judgement: who weighs an offer takes longer.
pub const QUICK_DAYS: u32 = 4;

/// Days of the reported period, and of the recent cohorts up to its end.
pub fn windows(case: &Case) -> (Range<u32>, Range<u32>) {
    let start = case.start() as u32;
    let end = case.days() as u32;
    let recent_start = start.saturating_sub(7 * WEEKS_BEFORE);
    (start..end, recent_start..end)
}

/// The last whole day that outcomes are known of, as a day of the history.
pub fn last_known(case: &Case) -> u32 {
    // What is known until midnight is known of the day before, not of the one that begins then.
    let last_instant = case.seen.known_until - TimeDelta::seconds(1);
    let last_date = zone::local_day(last_instant, case.seen.zone);
    let last_day = case.seen.day_of(last_date).unwrap_or(0);
    let end_of_period = case.days().saturating_sub(1) as u32;
    last_day.max(end_of_period)
}

/// Sales that a cohort will be short of: what it should bring in the end, less the share that a judgement of it (or of
/// its neighbours) says is coming; with a 95 % range.
pub fn shortfall(in_the_end: f64, judged: &Judged) -> Estimate {
    let lost_share = -judged.change();
    // As a share of what was due; nothing due is no division by zero.
    let deviation = judged.deviation() / judged.expected.max(1e-9);
    // Nobody loses more than everything, nor is more than a doubling believed of a gain.
    let sales = |share: f64| in_the_end * share.clamp(-1.0, 1.0);
    Estimate {
        value: sales(lost_share),
        low: sales(lost_share - Z_95 * deviation),
        high: sales(lost_share + Z_95 * deviation),
    }
}

#[cfg(test)]
mod tests;

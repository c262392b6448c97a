//! What should have become of deals and inquiries by now: expected outcomes of young cohorts, given their age.
//!
//! Every member weighs what usually has happened at its age, so a cohort of any age is judged by its own exposure
//! (Bornhuetter and Ferguson, PCAS 59 (1972) 181–195). The time to the outcome is learnt from the history before the
//! judged cohorts, followed only up to their first day: what happens since does not spoil it.

pub mod earlier;
pub mod matured;
mod members;
mod outcomes;
pub mod panel;
pub mod response;

use std::ops::Range;

pub use self::members::{Cohorts, Member};
pub use self::outcomes::{Learnt, Outcome, Outcomes};
use crate::diagnosis::case::{Case, Judged};
use crate::metrics::scorecard::Estimate;
use crate::model::zone;

/// Weeks before the period in which a change of its cohort may have begun: they are judged, not learnt from.
pub const WEEKS_BEFORE: u32 = 4;
/// A deal that is lost within so many days is lost quickly.
pub const QUICK_DAYS: u32 = 4;

/// Days of the reported period, and of the recent cohorts up to its end.
pub fn windows(case: &Case) -> (Range<u32>, Range<u32>) {
    let (start, end) = (case.start() as u32, case.days() as u32);
    (start..end, start.saturating_sub(7 * WEEKS_BEFORE)..end)
}

/// The last whole day that outcomes are known of, as a day of the history.
pub fn last_known(case: &Case) -> u32 {
    let last = zone::local_day(
        case.seen.known_until - chrono::TimeDelta::seconds(1),
        case.seen.zone,
    );
    case.seen
        .day_of(last)
        .unwrap_or(0)
        .max(case.days().saturating_sub(1) as u32)
}

/// Sales that a cohort will be short of: what it should bring in the end, less the share that a judgement of it (or of
/// its neighbours) says is coming; with a 95 % range.
pub fn shortfall(in_the_end: f64, judged: &Judged) -> Estimate {
    let deviation = judged.deviation() / judged.expected.max(1e-9);
    let at = |share: f64| in_the_end * share.clamp(-1.0, 1.0);
    let lost = -judged.change();
    Estimate {
        value: at(lost),
        low: at(lost - 1.96 * deviation),
        high: at(lost + 1.96 * deviation),
    }
}

#[cfg(test)]
mod tests;

//! A fall of sessions, in the period's total or on some days in a row.

use crate::config::words;
use crate::diagnosis::case::{Case, Judged, Told};
use crate::diagnosis::causes::counts_and_change;
use crate::diagnosis::weigh::evidence::Evidence;

/// A fall of sessions, and the days that tell it most clearly.
pub(super) struct Fall {
    /// How clearly, and on which days.
    pub(super) told: Told,
    /// Sessions of those days.
    pub(super) judged: Judged,
}

impl Fall {
    /// What is seen on its days: the main evidence.
    pub(super) fn evidence(&self, case: &Case) -> Evidence {
        let sessions = Evidence::new(
            words::evidence::traffic_volume::SESSIONS,
            self.told.weight,
            counts_and_change(&self.judged),
        );
        self.told.dated(case, sessions)
    }
}

/// The evidence of a fall: in the period's total, or on some days in a row.
pub(super) fn fall(case: &Case, counts: &[f64]) -> Option<Fall> {
    let daily = case.daily(counts, None)?;
    let told = case.told_by(|days| daily.judged(days).fall());
    let judged = daily.judged(&told.days);
    Some(Fall { told, judged })
}

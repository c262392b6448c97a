//! What the samples say of numbers that are known better by now.

use chrono::{DateTime, NaiveDate};

use crate::digest::{Restated, WasNow};
use crate::model::metric::Metric;
use crate::model::period::Period;

/// Calls of the week before that came a day late.
pub(super) fn restated() -> Vec<Restated> {
    let week = Period::week_of(NaiveDate::from_ymd_opt(2026, 11, 2).unwrap_or_default());
    let counts = [
        (
            Metric::Inquiries,
            WasNow {
                was: 408.0,
                now: 415.0,
            },
        ),
        (
            Metric::Conv1,
            WasNow {
                was: 408.0 / 13_769.0,
                now: 415.0 / 13_769.0,
            },
        ),
        (
            Metric::Spend,
            WasNow {
                was: 760_480.0,
                now: 767_071.0,
            },
        ),
    ];
    let reported_at = DateTime::from_timestamp(1_794_200_400, 0).unwrap_or_default();
    vec![Restated {
        period: week,
        reported_at,
        counts: counts.into(),
        cells: Vec::new(),
    }]
}

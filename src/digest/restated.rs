//! Restated numbers: what earlier reports said, and what is known by now.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::facts::Counted;
use crate::model::metric::Metric;
use crate::model::period::Period;

/// The counts of a period that are no longer what the first report of it said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Restated {
    /// The period.
    pub period: Period,
    /// What its first report knew.
    pub reported_at: DateTime<Utc>,
    /// The counts that differ, by metric.
    pub counts: BTreeMap<Metric, WasNow>,
}

/// A count then and now; money in major units, the first conversion as a share of 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WasNow {
    /// In the first report.
    pub was: f64,
    /// By now.
    pub now: f64,
}

impl Restated {
    /// Compares the counts of a period; `None` when all of them are as they were. A count that was not known then is no
    /// correction.
    pub fn of(
        period: &Period,
        reported_at: DateTime<Utc>,
        was: &Counted,
        now: &Counted,
    ) -> Option<Self> {
        let (was, now) = (by_metric(was), by_metric(now));
        let differs = |(metric, was): (Metric, f64)| {
            let now = *now.get(&metric)?;
            (was != now).then_some((metric, WasNow { was, now }))
        };
        let counts: BTreeMap<Metric, WasNow> = was.into_iter().filter_map(differs).collect();
        (!counts.is_empty()).then(|| Self {
            period: period.clone(),
            reported_at,
            counts,
        })
    }
}

fn by_metric(counted: &Counted) -> BTreeMap<Metric, f64> {
    let conv1 = match (counted.inquiries, counted.sessions) {
        (Some(inquiries), Some(sessions)) if sessions > 0 => {
            Some(inquiries as f64 / sessions as f64)
        }
        _ => None,
    };
    [
        (
            Metric::Sessions,
            counted.sessions.map(|sessions| sessions as f64),
        ),
        (
            Metric::Inquiries,
            counted.inquiries.map(|inquiries| inquiries as f64),
        ),
        (Metric::Conv1, conv1),
        (Metric::Sales, counted.sales.map(|sales| sales as f64)),
        (
            Metric::Revenue,
            counted.revenue.map(|revenue| revenue.major()),
        ),
        (Metric::Spend, counted.spend.map(|spend| spend.major())),
    ]
    .into_iter()
    .filter_map(|(metric, value)| Some((metric, value?)))
    .collect()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::model::money::Minor;

    fn compared(was: Counted, now: Counted) -> Option<Vec<(Metric, f64, f64)>> {
        let week = Period::week_of(NaiveDate::from_ymd_opt(2026, 11, 9).expect("a day"));
        let restated = Restated::of(&week, DateTime::UNIX_EPOCH, &was, &now)?;
        Some(
            restated
                .counts
                .into_iter()
                .map(|(metric, counts)| (metric, counts.was, counts.now))
                .collect(),
        )
    }

    const KNOWN: Counted = Counted {
        sessions: Some(200),
        inquiries: Some(10),
        sales: None,
        revenue: None,
        spend: Some(Minor(150)),
    };

    #[test]
    fn what_is_as_it_was_is_not_restated() {
        assert_eq!(compared(KNOWN, KNOWN), None);
    }

    #[test]
    fn late_inquiries_restate_their_number_and_the_first_conversion() {
        let now = Counted {
            inquiries: Some(12),
            ..KNOWN
        };
        let expected = vec![(Metric::Inquiries, 10.0, 12.0), (Metric::Conv1, 0.05, 0.06)];
        assert_eq!(compared(KNOWN, now), Some(expected));
    }

    #[test]
    fn what_was_not_known_then_is_no_correction() {
        assert_eq!(
            compared(
                KNOWN,
                Counted {
                    sales: Some(3),
                    ..KNOWN
                }
            ),
            None
        );
        assert_eq!(
            compared(
                KNOWN,
                Counted {
                    spend: Some(Minor(200)),
                    ..KNOWN
                }
            ),
            Some(vec![(Metric::Spend, 1.5, 2.0)])
        );
    }
}

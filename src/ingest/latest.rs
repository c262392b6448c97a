//! How late a date may be: what lies after the reading of a file is a typing mistake, a wrong order of day and month, or
//! a plan, but nothing that has happened.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::model::zone;

/// A day of grace: the export's clock may be ahead of the business's by that much, or be set by hand.
const GRACE: TimeDelta = TimeDelta::days(1);

/// The last moments that are believed.
#[derive(Debug, Clone, Copy)]
pub struct Latest {
    /// The business day of the reading.
    pub read_on: NaiveDate,
    /// The last instant, UTC milliseconds.
    pub utc_ms: i64,
    /// The last day.
    pub day: NaiveDate,
}

impl Latest {
    /// For files that are read now, by a business in a zone.
    pub fn at(now: DateTime<Utc>, zone: Tz) -> Self {
        Self {
            read_on: zone::local_day(now, zone),
            utc_ms: (now + GRACE).timestamp_millis(),
            day: zone::local_day(now + GRACE, zone),
        }
    }

    /// When an instant that is too late now can be believed, UTC milliseconds.
    pub fn believed_from(utc_ms: i64) -> i64 {
        utc_ms - GRACE.num_milliseconds()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_grace_is_given_to_clocks() {
        let now = "2026-11-16T06:00:00Z".parse().expect("a time");
        let latest = Latest::at(now, chrono_tz::Europe::Moscow);
        assert_eq!(latest.read_on.to_string(), "2026-11-16");
        assert_eq!(latest.day.to_string(), "2026-11-17");
        assert_eq!(Latest::believed_from(latest.utc_ms), now.timestamp_millis());
    }
}

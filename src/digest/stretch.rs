//! The days of the reported period that a finding is about: every number of it is counted over them.

use std::ops::RangeInclusive;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::page::Page;
use crate::diagnosis::daily::Daily;
use crate::diagnosis::finding::Finding;

/// What was seen on some days, and what was to be expected of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DaySums {
    /// Seen.
    pub observed: f64,
    /// Expected.
    pub expected: f64,
}

/// The days of a finding that lie in the reported period; the whole of it where nothing is known of when it was. A day
/// counts when its noon lies within the fault: an hour before midnight makes no day of it.
pub fn days(page: &Page, finding: &Finding) -> RangeInclusive<NaiveDate> {
    between(page, finding.started_at, finding.ended_at)
}

/// The same of a fault's own start and end.
pub fn between(
    page: &Page,
    started_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
) -> RangeInclusive<NaiveDate> {
    let period = &page.digest.period;
    let zone = page.digest.pipeline.time_zone;
    let half_day = TimeDelta::hours(12);
    let day = |at: DateTime<Utc>| (at + half_day).with_timezone(&zone).date_naive();
    let from = started_at.map_or(period.from, |at| day(at - TimeDelta::seconds(1)));
    let to = ended_at.map_or(period.to, |at| day(at) - Days::new(1));
    let from = from.clamp(period.from, period.to);
    from..=to.clamp(from, period.to)
}

/// The days of a chart that lie in the stretch, added up.
pub fn sums(page: &Page, finding: &Finding, daily: &Daily) -> DaySums {
    let days = days(page, finding);
    let within = daily
        .points
        .iter()
        .filter(|point| days.contains(&point.day));
    let nothing = DaySums {
        observed: 0.0,
        expected: 0.0,
    };
    within.fold(nothing, |sum, point| DaySums {
        observed: sum.observed + point.observed,
        expected: sum.expected + point.expected,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::language::Language;
    use crate::digest::language::Strings;
    use crate::digest::{Digest, VerdictKind};

    /// The days of a fault between two moments, UTC; the sample firm is in London, where November is UTC.
    fn of(from: Option<&str>, to: Option<&str>) -> (String, String) {
        let mut digest = Digest::sample(VerdictKind::Drop, Language::EN);
        let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a time");
        digest.findings[0].started_at = from.map(at);
        digest.findings[0].ended_at = to.map(at);
        let page = Page::of(&digest, Strings::shipped(Language::EN));
        let days = days(&page, &digest.findings[0]);
        (days.start().to_string(), days.end().to_string())
    }

    fn days_of(from: &str, to: &str) -> (String, String) {
        (format!("2026-11-{from}"), format!("2026-11-{to}"))
    }

    #[test]
    fn a_fault_without_a_time_is_of_the_whole_period() {
        assert_eq!(of(None, None), days_of("09", "15"));
    }

    #[test]
    fn a_day_counts_when_its_noon_lies_within() {
        let (tuesday, wednesday) = ("2026-11-10T09:00:00Z", "2026-11-11T09:00:00Z");
        assert_eq!(of(Some(tuesday), Some(wednesday)), days_of("10", "10"));
        let evening = "2026-11-10T20:00:00Z";
        assert_eq!(of(Some(evening), None), days_of("11", "15"));
        let midnight = "2026-11-12T00:00:00Z";
        assert_eq!(of(Some(tuesday), Some(midnight)), days_of("10", "11"));
    }

    #[test]
    fn what_began_before_the_period_is_counted_from_its_first_day() {
        let before = "2026-10-30T00:00:00Z";
        assert_eq!(of(Some(before), None), days_of("09", "15"));
    }
}

//! What becomes of due times that nobody was there for: made late, or passed over.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::occurrence::Occurrence;
use crate::config::rules::CatchUp;
use crate::model::period::PeriodKind;

/// What becomes of an occurrence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is made, in time.
    OnTime,
    /// It is made, late.
    Late,
    /// It is not made: a later one stands for it, or late ones are not wanted.
    PassedOver,
}

/// A timer that runs once an hour finds everything in time.
const STILL_IN_TIME: TimeDelta = TimeDelta::hours(1);

/// The fate of each of these occurrences, which have come since somebody looked last; by their time.
pub fn fates(found: &[Occurrence], policy: CatchUp, now: DateTime<Utc>) -> Vec<Fate> {
    let mut latest: BTreeMap<PeriodKind, DateTime<Utc>> = BTreeMap::new();
    for occurrence in found {
        latest.insert(occurrence.period.kind, occurrence.due_at);
    }
    // Two that a holiday moved to one time are both the latest.
    let is_latest = |one: &Occurrence| latest.get(&one.period.kind) == Some(&one.due_at);
    let fate = |one: &Occurrence| {
        let is_late = now - one.due_at > STILL_IN_TIME;
        match policy {
            _ if !is_late => Fate::OnTime,
            CatchUp::All => Fate::Late,
            CatchUp::Latest if is_latest(one) => Fate::Late,
            CatchUp::Latest | CatchUp::None => Fate::PassedOver,
        }
    };
    found.iter().map(fate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::period::Period;

    fn occurrence(label: &str, due_at: &str) -> Occurrence {
        Occurrence {
            period: Period::parse(label, Default::default()).expect("a period"),
            due_at: due_at.parse().expect("a time"),
        }
    }

    #[test]
    fn after_an_outage_the_policy_decides() {
        let found = [
            occurrence("2026-W44", "2026-11-02T05:00:00Z"),
            occurrence("2026-10", "2026-11-02T06:00:00Z"),
            occurrence("2026-W45", "2026-11-09T05:00:00Z"),
            occurrence("2026-W46", "2026-11-16T05:00:00Z"),
        ];
        let at = |time: &str, policy| fates(&found, policy, time.parse().expect("a time"));
        use Fate::{Late, OnTime, PassedOver};
        let wednesday = "2026-11-18T12:00:00Z";
        assert_eq!(
            at(wednesday, CatchUp::Latest),
            [PassedOver, Late, PassedOver, Late]
        );
        assert_eq!(at(wednesday, CatchUp::All), [Late; 4]);
        assert_eq!(at(wednesday, CatchUp::None), [PassedOver; 4]);
        let monday = "2026-11-16T05:40:00Z";
        assert_eq!(
            at(monday, CatchUp::None),
            [PassedOver, PassedOver, PassedOver, OnTime]
        );
        assert_eq!(
            at(monday, CatchUp::Latest),
            [PassedOver, Late, PassedOver, OnTime]
        );
    }
}

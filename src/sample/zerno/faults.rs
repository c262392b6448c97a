//! What is planted in the shop besides what always holds.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Europe::Moscow;

use crate::sample::calendar::{DAY, midnight, parse_week};
use crate::sample::truth::TruthIncident;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A lot of stale beans comes back.
    StaleLot,
    /// A manager confirms orders late.
    SlowManager,
    /// The page of one phrase is gone.
    LostPage,
    /// The order page fails on phones.
    DeadCheckout,
}

/// A fault and its weeks.
struct Listed {
    kind: FaultKind,
    name: &'static str,
    cause: &'static str,
    conversion: &'static str,
    scope: &'static [(&'static str, &'static str)],
    /// First week, whole weeks, and days of the first one that are still well.
    when: (&'static str, i64, i64),
    factor: f64,
    about: &'static str,
}

const LISTED: [Listed; 4] = [
    Listed {
        kind: FaultKind::StaleLot,
        name: "stale-lot",
        cause: "none",
        conversion: "none",
        scope: &[],
        when: ("2026-W24", 1, 0),
        factor: 4.0,
        about: "orders of this week are given back four times as often",
    },
    Listed {
        kind: FaultKind::SlowManager,
        name: "slow-manager",
        cause: "managers",
        conversion: "second",
        scope: &[("manager", "Олег Помолов")],
        when: ("2026-W30", 4, 0),
        factor: 0.55,
        about: "he confirms orders after two days, few of them are paid for, and his buyers give low scores",
    },
    Listed {
        kind: FaultKind::LostPage,
        name: "lost-page",
        cause: "site",
        conversion: "first",
        scope: &[("campaign", "poisk_kofe"), ("phrase", "кофе для турки")],
        when: ("2026-W42", 2, 0),
        factor: 0.0,
        about: "the page of this phrase is gone: clicks are paid for and nobody orders",
    },
    Listed {
        kind: FaultKind::DeadCheckout,
        name: "dead-checkout",
        cause: "forms",
        conversion: "first",
        scope: &[("device", "phone"), ("stage", "order")],
        when: ("2026-W46", 1, 1),
        factor: 0.2,
        about: "from Tuesday on the order page fails on phones: carts are filled as ever, four of five orders do not come",
    },
];

/// The planted faults of one sample, those of them that fall into its weeks.
pub struct Faults(Vec<(&'static Listed, i64, i64)>);

impl Faults {
    /// The faults from `first` to before `end`, or none.
    pub fn new(planted: bool, first: NaiveDate, end: NaiveDate) -> anyhow::Result<Self> {
        let mut faults = Vec::new();
        for listed in LISTED.iter().filter(|_| planted) {
            let (week, weeks, days) = listed.when;
            let monday = midnight(parse_week(week)?);
            let (start, stop) = (monday + days * DAY, monday + weeks * 7 * DAY);
            if start < midnight(end) && stop > midnight(first) {
                faults.push((listed, start, stop));
            }
        }
        Ok(Self(faults))
    }

    /// What is left of the affected quantity at `at`; 1 where nothing is wrong.
    pub fn factor(&self, kind: FaultKind, at: i64) -> f64 {
        let mut on = self.0.iter().filter(|(listed, ..)| listed.kind == kind);
        on.find(|(_, start, end)| (*start..*end).contains(&at))
            .map_or(1.0, |(listed, ..)| listed.factor)
    }

    /// Whether it is on at `at`.
    pub fn is_on(&self, kind: FaultKind, at: i64) -> bool {
        (self.factor(kind, at) - 1.0).abs() > f64::EPSILON
    }

    /// All of them for `truth.json`.
    pub fn truth(&self) -> Vec<TruthIncident> {
        let incidents = self.0.iter().map(|(listed, start, end)| {
            let about = listed.about.to_owned();
            let base =
                TruthIncident::spanning(listed.name, listed.cause, *start, *end, about, Moscow);
            TruthIncident {
                conversion: listed.conversion,
                scope: listed.scope.iter().copied().collect::<BTreeMap<_, _>>(),
                factor: listed.factor,
                ..base
            }
        });
        incidents.collect()
    }
}

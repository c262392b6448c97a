//! Invented purchases for tests.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::metrics::MetricSettings;
use crate::metrics::sample::{day, period_facts, plan, reported_week};
use crate::model::bought::{Bought, Purchase, Refund};
use crate::model::facts::{Facts, PeriodFacts};
use crate::model::money::Minor;

/// A sale of 2 000 roubles whose goods cost 1 200, paid on the day after it was made.
pub(super) fn sale(buyer: usize, made: &str) -> Purchase {
    let made = day(made);
    Purchase {
        buyer,
        has_keys: true,
        made_at: made.and_hms_opt(9, 0, 0).expect("nine").and_utc(),
        made,
        closed: made + Days::new(1),
        amount: Minor(200_000),
        cost: Some(Minor(120_000)),
        refund: None,
        is_returned: false,
    }
}

/// The same, given back whole on a day.
pub(super) fn given_back(sale: Purchase, on: Option<&str>) -> Purchase {
    Purchase {
        refund: Some(Refund {
            day: on.map(day),
            amount: sale.amount,
        }),
        ..sale
    }
}

pub(super) fn bought(mut purchases: Vec<Purchase>, known_from: &str) -> Bought {
    purchases.sort_by_key(|purchase| purchase.made_at);
    let mut made: BTreeMap<NaiveDate, u64> = BTreeMap::new();
    for purchase in &purchases {
        *made.entry(purchase.made).or_insert(0) += 1;
    }
    Bought {
        purchases,
        made,
        refund_rows: Vec::new(),
        known_from: day(known_from),
        spend: BTreeMap::new(),
        same_length: None,
    }
}

/// The reported week, 9–15 November 2026, and the one before it, with so many visits each; users are half of them.
pub(super) fn facts(bought: Bought, visits: [u64; 2]) -> Facts {
    let mut facts = crate::metrics::sample::facts(&[]);
    let week = reported_week();
    let of = |period, visits| {
        period_facts(
            period,
            &[crate::metrics::sample::Planted("ads", visits, 0, 5_000)],
        )
    };
    facts.periods = vec![of(week.previous(), visits[0]), of(week, visits[1])];
    facts.bought = Some(bought);
    facts
}

/// The defaults, with numbers stated from the first event on.
pub(super) fn settings() -> MetricSettings {
    let mut settings = plan();
    settings.thresholds.min_events = 1;
    settings
}

pub(super) fn reported(facts: &Facts) -> &PeriodFacts {
    facts.periods.last().expect("a reported period")
}

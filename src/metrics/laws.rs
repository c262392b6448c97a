//! Laws that hold for any facts, hostile ones included.

use std::collections::BTreeMap;

use chrono::Days;
use proptest::prelude::*;
use serde_json::Value;

use super::sample::{day, end_of, plan, reported_week};
use super::scorecard;
use super::scorecard::{ChannelRow, Scorecard};
use super::values::{Estimate, Measures, Rate};
use crate::model::calendar::Calendar;
use crate::model::change::Change;
use crate::model::channel::ChannelId;
use crate::model::facts::{
    Arrived, ContactKind, Facts, Inquiry, MatchedBy, PeriodFacts, Sale, Spend, Traced, Traffic,
};
use crate::model::money::Minor;
use crate::model::period::Period;
use crate::model::target::{PlanMetric, PlanScope, Target};

const CHANNELS: [&str; 5] = ["ads", "organic", "direct", "unassigned", "unattributed"];

fn by_channel<T: std::fmt::Debug + Clone>(
    of: impl Strategy<Value = T>,
) -> impl Strategy<Value = BTreeMap<ChannelId, T>> {
    prop::collection::btree_map(
        prop::sample::select(&CHANNELS[..]).prop_map(ChannelId::new),
        of,
        0..5,
    )
}

/// Mostly ordinary, at times none or huge.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), 1..30_u64, 100..5_000_u64, Just(1 << 40)]
}

fn money() -> impl Strategy<Value = Minor> {
    prop_oneof![
        Just(0),
        1..100_000_000_i64,
        Just(1 << 50),
        -1_000_000..0_i64
    ]
    .prop_map(Minor)
}

fn period(period: Period) -> impl Strategy<Value = PeriodFacts> {
    let traffic = (number(), number()).prop_map(|(sessions, users)| Traffic {
        sessions,
        users: Some(users),
    });
    let spend =
        (number(), number(), 0..1_i64 << 50).prop_map(|(impressions, clicks, cost)| Spend {
            impressions,
            clicks,
            cost: Minor(cost),
        });
    (
        prop::option::weighted(0.9, by_channel(traffic)),
        prop::option::weighted(0.9, number()),
        prop::option::weighted(0.9, by_channel(spend)),
        prop::collection::vec(by_channel(number()), 0..2),
    )
        .prop_map(move |(traffic, users_total, spend, stages)| PeriodFacts {
            period: period.clone(),
            traffic,
            users_total,
            spend,
            stages,
            stage_users: Vec::new(),
        })
}

fn credit() -> impl Strategy<Value = Vec<(ChannelId, f64)>> {
    let share = prop_oneof![Just(1.0), 0.0..1.0_f64, Just(f64::NAN), Just(-1.0)];
    prop::collection::vec(
        (
            prop::sample::select(&CHANNELS[..]).prop_map(ChannelId::new),
            share,
        ),
        0..4,
    )
}

fn sale() -> impl Strategy<Value = Sale> {
    (0..130_u64, money()).prop_map(|(before, amount)| {
        let day = day("2026-11-18") - Days::new(before);
        Sale {
            won_at: day.and_hms_opt(12, 0, 0).expect("noon").and_utc(),
            day,
            amount,
            cost: None,
        }
    })
}

fn inquiry() -> impl Strategy<Value = Inquiry> {
    (
        0..130_u64,
        credit(),
        prop::collection::vec(sale(), 0..3),
        prop::collection::vec(refund(), 0..2),
        any::<bool>(),
    )
        .prop_map(|(before, credit, sales, refunds, known)| {
            let day = day("2026-11-17") - Days::new(before);
            Inquiry {
                at: day
                    .and_hms_opt(9, 0, 0)
                    .expect("nine in the morning")
                    .and_utc(),
                day,
                kind: ContactKind::Form,
                contacts: 1,
                credit,
                matched_by: if known {
                    MatchedBy::Tag
                } else {
                    MatchedBy::Nothing
                },
                sales,
                refunds,
            }
        })
}

fn refund() -> impl Strategy<Value = Sale> {
    sale().prop_map(|sale| Sale {
        amount: Minor(-sale.amount.0.saturating_abs()),
        ..sale
    })
}

fn hostile_facts() -> impl Strategy<Value = Facts> {
    let weeks = (1..11_usize).prop_flat_map(|count| {
        let mut weeks: Vec<Period> =
            std::iter::successors(Some(reported_week()), |week| Some(week.previous()))
                .take(count)
                .collect();
        weeks.reverse();
        weeks.into_iter().map(period).collect::<Vec<_>>()
    });
    let inquiries = prop_oneof![
        1 => Just(None),
        1 => prop::collection::vec(inquiry(), 0..2).prop_map(Some),
        6 => prop::collection::vec(inquiry(), 20..150).prop_map(Some),
    ];
    let last_year = prop::option::of(period(reported_week().last_year()));
    let walk_ins = prop::collection::vec(sale(), 0..4);
    let scope = prop::sample::select(vec!["total", "plan-only", "manager:anna"]);
    let target = (scope, any::<f64>()).prop_map(|(scope, value)| Target {
        from: reported_week().from,
        to: reported_week().to,
        scope: PlanScope::parse(scope),
        metric: PlanMetric::Inquiries,
        value,
    });
    let targets = prop::collection::vec(target, 0..3);
    (
        weeks,
        inquiries,
        last_year,
        walk_ins,
        prop::bool::weighted(0.9),
        0..60_i64,
        targets,
        period(Period::month_to(reported_week().to)),
    )
        .prop_map(
            |(
                periods,
                inquiries,
                last_year,
                sales_without_inquiry,
                has_deals,
                days,
                targets,
                month,
            )| {
                Facts {
                    daily: None,
                    periods,
                    last_year,
                    inquiries,
                    deal_paths: None,
                    answers: None,
                    work: None,
                    sales_without_inquiry,
                    refunds_without_inquiry: Vec::new(),
                    bought: None,
                    has_deals,
                    traced: Traced::default(),
                    sales_are_traced: true,
                    arrived: Arrived {
                        contacts: true,
                        deals: true,
                    },
                    known_until: end_of("2026-11-12") + chrono::TimeDelta::days(days),
                    left_out: BTreeMap::new(),
                    contacts: BTreeMap::new(),
                    targets,
                    calendar: Calendar::default(),
                    month: Some(month),
                    paid: None,
                    managed: None,
                    experiments: Vec::new(),
                    sources: Vec::new(),
                    links: Vec::new(),
                    amounts: Vec::new(),
                    costs_of: BTreeMap::new(),
                    click_prices: Vec::new(),
                    absent_managers: Vec::new(),
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn channels_add_up_to_the_total(facts in hostile_facts()) {
        let card = scorecard(&facts, &plan());
        let week = reported_week();
        let walk_ins: Vec<&Sale> = facts.sales_without_inquiry.iter().filter(|sale| week.contains(sale.day)).collect();
        let total = card.total.measures;
        let sum = |number: fn(&Measures) -> Option<f64>| -> Option<f64> {
            card.channels.iter().map(|row| number(&row.measures)).sum()
        };
        let adds_up = |number: fn(&Measures) -> Option<f64>| total_or_empty(&card, sum(number), number(&total));
        prop_assert!(adds_up(|of| of.sessions.map(|count| count as f64)));
        prop_assert!(adds_up(|of| of.inquiries));
        prop_assert!(adds_up(|of| of.sales));
        prop_assert!(adds_up(|of| of.clicks.map(|count| count as f64)));
        prop_assert!(adds_up(|of| of.impressions.map(|count| count as f64)));
        prop_assert!(adds_up(|of| of.spend.map(|amount| amount.0 as f64)));
        if facts.inquiries.is_some() && facts.has_deals {
            let money = |number: fn(&Measures) -> Option<Minor>| -> i64 {
                card.channels.iter().filter_map(|row| number(&row.measures)).map(|amount| amount.0).sum()
            };
            prop_assert_eq!(Minor(money(|of| of.revenue)), total.revenue.unwrap_or(Minor(0)));
            let walked_in: i64 = walk_ins.iter().map(|sale| sale.amount.0).sum();
            prop_assert_eq!(Minor(money(|of| of.revenue_closed) + walked_in), total.revenue_closed.unwrap_or(Minor(0)));
            prop_assert_eq!(sum(|of| of.sales_closed).map(|sales| sales + walk_ins.len() as f64), total.sales_closed);
        }
    }

    #[test]
    fn the_order_of_inquiries_changes_nothing(facts in hostile_facts(), turn in 0..150_usize) {
        let card = scorecard(&facts, &plan());
        let mut shuffled = facts;
        if let Some(inquiries) = shuffled.inquiries.as_mut().filter(|inquiries| !inquiries.is_empty()) {
            let turn = turn % inquiries.len();
            inquiries.rotate_left(turn);
            inquiries[turn / 2..].reverse();
        }
        prop_assert_eq!(serde_json::to_string(&card).ok(), serde_json::to_string(&scorecard(&shuffled, &plan())).ok());
    }

    #[test]
    fn dearer_money_changes_costs_only(facts in hostile_facts()) {
        let card = scorecard(&facts, &plan());
        let mut dearer = facts;
        for row in dearer.periods.iter_mut().chain(&mut dearer.last_year).filter_map(|of| of.spend.as_mut()) {
            row.values_mut().for_each(|spend| spend.cost.0 *= 8);
        }
        let scaled = scorecard(&dearer, &plan());
        for (before, after) in card.channels.iter().chain([&card.total]).zip(scaled.channels.iter().chain([&scaled.total])) {
            prop_assert_eq!(before.conv1, after.conv1);
            prop_assert_eq!(before.conv2, after.conv2);
            prop_assert_eq!(before.verdict, after.verdict);
            let costs = [(before.costs.cpl, after.costs.cpl), (before.costs.cac, after.costs.cac), (before.costs.cpc, after.costs.cpc)];
            for (cost, dearer) in costs {
                prop_assert_eq!(cost.is_some(), dearer.is_some());
                let off = cost.zip(dearer).map_or(0, |(cost, dearer)| (cost.0 * 8 - dearer.0).abs());
                prop_assert!(off <= 4, "{cost:?} times 8 is not {dearer:?}");
            }
        }
    }

    #[test]
    fn intervals_are_ordered_and_hold_their_point(facts in hostile_facts()) {
        let card = scorecard(&facts, &plan());
        for row in card.channels.iter().chain([&card.total]) {
            prop_assert!(rates(row).iter().all(ordered), "{row:?}");
            let estimates = [row.usual.map(|usual| usual.inquiries), row.usual.map(|usual| usual.conv1), row.conv2.expected_final];
            prop_assert!(estimates.iter().flatten().all(holds), "{row:?}");
            prop_assert!(row.conv2.maturity.is_none_or(|maturity| (0.0..=1.0).contains(&maturity)));
            for comparison in row.previous.iter().chain(&row.last_year) {
                for change in [comparison.change.conv1, comparison.change.conv2] {
                    if let Change::Points { value, low, high, .. } = change {
                        prop_assert!(low <= value && value <= high, "{change:?}");
                    }
                }
            }
        }
        prop_assert!(card.trend.iter().filter_map(|point| point.usual.as_ref()).all(holds));
    }

    #[test]
    fn no_scorecard_holds_what_is_no_number(facts in hostile_facts()) {
        let card = scorecard(&facts, &plan());
        let written = serde_json::to_value(&card).expect("a scorecard can be written");
        prop_assert!(is_clean(&written));
        let held = format!("{card:?}");
        prop_assert!(!held.contains("NaN") && !held.contains("inf"), "{held}");
    }
}

/// A sum over no channels is zero; unknown parts make an unknown sum.
fn total_or_empty(card: &Scorecard, sum: Option<f64>, total: Option<f64>) -> bool {
    sum == total || card.channels.is_empty() && total.is_none_or(|total| total == 0.0)
}

fn rates(row: &ChannelRow) -> Vec<Rate> {
    let comparisons = row
        .previous
        .iter()
        .chain(&row.last_year)
        .flat_map(|of| [of.conv1, of.conv2]);
    [row.conv1, row.conv2.rate, row.overall]
        .into_iter()
        .chain(comparisons)
        .collect()
}

fn ordered(rate: &Rate) -> bool {
    let (Some(low), Some(high)) = (rate.low, rate.high) else {
        return rate.value.is_none();
    };
    let share = rate.k.zip(rate.n).map_or(0.0, |(k, n)| k / n);
    0.0 <= low
        && low <= share
        && share <= high
        && high <= 1.0
        && rate.value.is_none_or(|value| value == share)
}

fn holds(estimate: &Estimate) -> bool {
    estimate.low <= estimate.value && estimate.value <= estimate.high
}

/// No number is −0. What is no number at all would be written as null: it is looked for before writing.
fn is_clean(value: &Value) -> bool {
    match value {
        Value::Number(number) => number
            .as_f64()
            .is_some_and(|number| number.is_finite() && !is_negative_zero(number)),
        Value::Array(items) => items.iter().all(is_clean),
        Value::Object(fields) => fields.values().all(is_clean),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

fn is_negative_zero(number: f64) -> bool {
    number == 0.0 && number.is_sign_negative()
}

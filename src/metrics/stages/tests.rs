use std::collections::BTreeMap;

use proptest::prelude::*;
use rand_distr::{Binomial, Distribution as _, LogNormal};
use rand_pcg::Pcg64Mcg;

use super::*;
use crate::metrics::sample::reported_week;
use crate::metrics::sample::{Planted, facts, plan};
use crate::metrics::scorecard;
use crate::metrics::settings::StageTitle;

/// A channel of one week: sessions, carts, orders, payments.
type Week = (&'static str, [u64; 4]);

const SHOP: [Week; 4] = [
    ("yandex", [300, 30, 20, 16]),
    ("organic", [400, 48, 30, 24]),
    ("vk", [200, 12, 6, 4]),
    ("direct", [100, 10, 4, 4]),
];

fn settings() -> MetricSettings {
    let stage = |code: &str| StageTitle {
        code: code.to_owned(),
        title: code.to_owned(),
    };
    MetricSettings {
        stages: ["cart", "order", "paid"].map(stage).to_vec(),
        ..plan()
    }
}

/// Weeks up to the reported one, oldest first.
fn weeks(of: &[Vec<Week>]) -> Facts {
    let planted = |week: &Vec<Week>| -> Vec<Planted> {
        let of = |(id, counts): &Week| Planted(id, counts[0], 0, 0);
        week.iter().map(of).collect()
    };
    let planted: Vec<Vec<Planted>> = of.iter().map(planted).collect();
    let planted: Vec<&[Planted]> = planted.iter().map(Vec::as_slice).collect();
    let mut facts = facts(&planted);
    for (period, week) in facts.periods.iter_mut().zip(of) {
        let reached = |place: usize| -> BTreeMap<ChannelId, u64> {
            let of = |(id, counts): &Week| (ChannelId::new(*id), counts[place]);
            week.iter().map(of).collect()
        };
        period.stages = (1..4).map(reached).collect();
    }
    facts
}

fn shop(last: &[Week]) -> Facts {
    let mut all = vec![SHOP.to_vec(); 11];
    all.push(last.to_vec());
    weeks(&all)
}

// Yandex' carts bring ten orders of thirty instead of twenty; every other channel is as it was.
#[test]
fn the_stage_that_broke_is_named_with_its_channel() {
    let mut last = SHOP;
    last[0].1 = [300, 30, 10, 8];
    let card = scorecard(&shop(&last), &settings());
    let found: Vec<_> = card
        .stage_breaks
        .iter()
        .map(|found| (found.channel.clone(), found.to.as_str()))
        .collect();
    assert_eq!(found, [(Some(ChannelId::new("yandex")), "order")]);
    let found = &card.stage_breaks[0];
    assert_eq!(
        (found.observed.k, found.observed.n),
        (Some(10.0), Some(30.0))
    );
    assert_eq!(found.previous.and_then(|rate| rate.k), Some(20.0));
    assert_eq!(found.since, reported_week().from);
    let row = card.channels.iter().find(|row| row.title == "yandex");
    let stages = &row.expect("the channel has a row").stages;
    let words: Vec<_> = stages.iter().map(|stage| stage.verdict).collect();
    assert_eq!(words[1..3], [RowVerdict::Noise, RowVerdict::Worse]);
    assert_eq!(stages[2].to_previous.value, Some(1.0 / 3.0));
}

// Half of the orders of every channel: Yandex' cart lost ten of the thirty that all lost, and no channel was spared.
#[test]
fn a_stage_that_broke_everywhere_is_of_no_channel() {
    let mut last = SHOP;
    last[0].1 = [300, 30, 10, 8];
    last[1].1 = [400, 48, 15, 12];
    last[2].1 = [200, 12, 3, 2];
    last[3].1 = [100, 10, 2, 2];
    let card = scorecard(&shop(&last), &settings());
    let first = card.stage_breaks.first().expect("a stage broke");
    assert_eq!((&first.channel, first.to.as_str()), (&None, "order"));
    assert_eq!(
        (first.observed.k, first.observed.n),
        (Some(30.0), Some(100.0))
    );
}

#[test]
fn a_break_is_dated_by_the_first_week_that_fell() {
    let mut fallen = SHOP;
    fallen[0].1 = [300, 30, 8, 6];
    let mut all = vec![SHOP.to_vec(); 10];
    all.push(fallen.to_vec());
    all.push(fallen.to_vec());
    let card = scorecard(&weeks(&all), &settings());
    let found = card.stage_breaks.first().expect("it is still broken");
    assert_eq!(found.since, reported_week().previous().from);
}

#[test]
fn equal_weeks_break_nothing() {
    assert_eq!(scorecard(&shop(&SHOP), &settings()).stage_breaks, []);
}

#[test]
fn a_stage_that_exceeds_the_one_before_is_no_share() {
    let mut last = SHOP;
    last[0].1 = [300, 30, 40, 2];
    let card = scorecard(&shop(&last), &settings());
    let row = card.channels.iter().find(|row| row.title == "yandex");
    let order = &row.expect("the channel has a row").stages[2];
    assert_eq!(order.to_previous.value, None);
    assert_eq!((order.usual, order.drop_off), (None, None));
}

#[test]
fn without_single_sessions_stages_are_unknown() {
    let mut facts = shop(&SHOP);
    for period in &mut facts.periods {
        period.stages.clear();
    }
    let card = scorecard(&facts, &settings());
    assert!(card.funnel[1..4].iter().all(|stage| stage.count.is_none()));
    assert_eq!(card.stage_breaks, []);
}

/// Shares that waver by 6 % a week as those of quiet firms do, drawn anew each week: at most one week in a hundred breaks.
#[test]
fn quiet_weeks_hardly_ever_break_a_stage() {
    let (mut alarms, mut weeks_seen) = (0, 0);
    for seed in 0..10 {
        let mut random = Pcg64Mcg::new(seed);
        let drawn: Vec<Vec<Week>> = (0..48)
            .map(|_| SHOP.map(|of| draw(of, &mut random)).to_vec())
            .collect();
        for last in 8..48 {
            let facts = weeks(&drawn[last - 8..=last]);
            let breaks = scorecard(&facts, &settings()).stage_breaks;
            alarms += usize::from(!breaks.is_empty());
            weeks_seen += 1;
        }
    }
    assert!(
        alarms * 100 <= weeks_seen,
        "{alarms} of {weeks_seen} quiet weeks"
    );
}

fn draw((id, usual): Week, random: &mut Pcg64Mcg) -> (&'static str, [u64; 4]) {
    let noise = LogNormal::new(0.0, 0.06).expect("a distribution");
    let mut counts = [usual[0], 0, 0, 0];
    for place in 1..4 {
        let share = usual[place] as f64 / usual[place - 1] as f64;
        let share = (share * noise.sample(random)).min(1.0);
        let drawn = Binomial::new(counts[place - 1], share).expect("a distribution");
        counts[place] = drawn.sample(random);
    }
    (id, counts)
}

proptest! {
    #[test]
    fn the_channels_add_up_to_the_total_at_every_stage(
        counts in prop::collection::vec(prop::array::uniform4(0..500_u64), 4)
    ) {
        let last: Vec<Week> = SHOP.iter().zip(&counts).map(|((id, _), counts)| (*id, *counts)).collect();
        let card = scorecard(&shop(&last), &settings());
        for place in 0..4 {
            let of = |row: &ChannelRow| row.stages[place].count.unwrap_or(0.0);
            let sum: f64 = card.channels.iter().map(of).sum();
            prop_assert_eq!(card.funnel[place].count, Some(sum));
        }
    }
}

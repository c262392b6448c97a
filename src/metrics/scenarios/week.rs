//! One week against eight usual ones: counts, rates, verdicts, plans.

use std::collections::BTreeMap;

use super::{USUAL, after_usual_weeks, row};
use crate::metrics::sample::{Planted, day, inquiry, plan};
use crate::metrics::scorecard;
use crate::metrics::scorecard::{RowVerdict, Scorecard};
use crate::model::change::Change;
use crate::model::channel::ChannelId;
use crate::model::money::Minor;
use crate::model::target::{PlanMetric, PlanScope, Target};

#[test]
fn a_usual_week_is_counted_channel_by_channel() {
    let card = scorecard(&after_usual_weeks(USUAL), &plan());
    let ids: Vec<&str> = card
        .channels
        .iter()
        .map(|row| row.channel.as_str())
        .collect();
    assert_eq!(ids, ["ads", "organic", "email", "unattributed"]);
    let ads = row(&card, "ads");
    assert_eq!(ads.title, "Advertising");
    assert_eq!(
        (
            ads.measures.sessions,
            ads.measures.users,
            ads.measures.inquiries
        ),
        (Some(2000), Some(1000), Some(60.0))
    );
    assert_eq!(ads.conv1.value, Some(0.03));
    assert_eq!(
        ads.costs.cpl,
        Some(Minor(83_333)),
        "50 000 roubles for 60 inquiries"
    );
    let total = &card.total;
    assert_eq!(
        (total.measures.sessions, total.measures.inquiries),
        (Some(3100), Some(100.0))
    );
    assert_eq!(total.conv1.value, Some(100.0 / 3100.0));
    assert_eq!(
        (card.match_rate.k, card.match_rate.n),
        (Some(94.0), Some(100.0))
    );
    assert_eq!(total.verdict, RowVerdict::Noise);
}

#[test]
fn the_funnel_has_three_bases() {
    let card = scorecard(&after_usual_weeks(USUAL), &plan());
    let codes: Vec<&str> = card
        .funnel
        .iter()
        .map(|stage| stage.code.as_str())
        .collect();
    assert_eq!(codes, ["sessions", "price", "inquiries", "sales"]);
    let price = &card.funnel[1];
    assert_eq!(
        (
            price.count,
            price.to_sessions.value,
            price.to_inquiries.value
        ),
        (Some(1550.0), Some(0.5), None)
    );
    let inquiries = &card.funnel[2];
    assert_eq!(inquiries.to_previous.value, Some(100.0 / 1550.0));
    assert_eq!(inquiries.drop_off, Some(1.0 - 100.0 / 1550.0));
    assert_eq!(
        (inquiries.to_inquiries.value, inquiries.to_inquiries.low),
        (Some(1.0), Some(1.0))
    );
    assert_eq!(
        card.funnel[3].to_previous.value, None,
        "the cohort is a week old"
    );
}

#[test]
fn a_halved_channel_is_worse_and_the_others_are_noise() {
    let card = scorecard(
        &after_usual_weeks(&[
            Planted("ads", 2000, 25, 50_000),
            Planted("organic", 1000, 31, 0),
            Planted("email", 100, 3, 0),
            Planted("unattributed", 0, 6, 0),
        ]),
        &plan(),
    );
    assert_eq!(card.total.verdict, RowVerdict::Worse);
    let verdicts: Vec<RowVerdict> = card.channels.iter().map(|row| row.verdict).collect();
    assert_eq!(
        verdicts,
        [
            RowVerdict::Worse,
            RowVerdict::Noise,
            RowVerdict::TooFew,
            RowVerdict::TooFew
        ]
    );
    let change = row(&card, "ads")
        .previous
        .as_ref()
        .expect("a week before")
        .change;
    assert!(change.conv1.is_beyond_noise() && change.inquiries.is_beyond_noise());
    assert!(!change.sessions.is_beyond_noise());
    assert_eq!(
        change.sessions,
        Change::Percent {
            value: 0.0,
            beyond_noise: false
        }
    );
    let Change::Points {
        value, low, high, ..
    } = change.conv1
    else {
        panic!("{:?}", change.conv1)
    };
    assert!((value - -1.75).abs() < 1e-9 && low < value && value < high && high < 0.0);
}

#[test]
fn a_channel_that_died_is_worse_though_it_has_too_few_for_a_rate() {
    let card = scorecard(
        &after_usual_weeks(&[
            Planted("ads", 2000, 0, 50_000),
            Planted("organic", 1000, 30, 0),
        ]),
        &plan(),
    );
    let ads = row(&card, "ads");
    assert_eq!((ads.conv1.value, ads.verdict), (None, RowVerdict::Worse));
    assert!(ads.conv1.high.expect("an upper bound") < 0.002);
    let change = ads.previous.as_ref().expect("a week before").change;
    assert_eq!(
        (change.conv1, change.inquiries, change.cpl),
        (Change::Gone, Change::Gone, Change::TooFew)
    );
}

#[test]
fn new_and_gone_are_words_and_small_bases_have_no_percent() {
    let card = scorecard(
        &after_usual_weeks(&[
            Planted("ads", 2000, 60, 50_000),
            Planted("video", 500, 15, 10_000),
        ]),
        &plan(),
    );
    let video = row(&card, "video")
        .previous
        .as_ref()
        .expect("a week before")
        .change;
    assert_eq!(
        (video.sessions, video.inquiries, video.spend, video.conv1),
        (Change::New, Change::New, Change::New, Change::NoBase)
    );
    let email = row(&card, "email")
        .previous
        .as_ref()
        .expect("a week before")
        .change;
    assert_eq!(
        (email.sessions, email.inquiries),
        (Change::Gone, Change::TooFew)
    );
}

#[test]
fn shared_credit_is_counted_in_parts_and_paid_in_whole_kopecks() {
    let mut shared = after_usual_weeks(USUAL);
    let plain = scorecard(&shared, &plan());
    let mut one = inquiry("ads", day("2026-11-10"), &[2]);
    one.credit = [("ads", 0.4), ("organic", 0.4), ("video", 0.2)]
        .map(|(id, share)| (ChannelId::new(id), share))
        .to_vec();
    one.sales[0].amount = Minor(101);
    shared.inquiries.as_mut().expect("inquiries").push(one);
    let card = scorecard(&shared, &plan());
    let more = |channel: &str| {
        let of = |card: &Scorecard| {
            row(card, channel)
                .measures
                .revenue
                .map_or(0, |revenue| revenue.0)
        };
        of(&card) - if channel == "video" { 0 } else { of(&plain) }
    };
    assert_eq!(
        [more("ads"), more("organic"), more("video")],
        [41, 40, 20],
        "40.4, 40.4 and 20.2"
    );
    let ads = row(&card, "ads").measures.inquiries.expect("inquiries");
    assert!((ads - 60.4).abs() < 1e-9, "{ads}");
    assert_eq!(card.total.measures.inquiries, Some(101.0));
}

#[test]
fn targets_go_to_their_rows() {
    let mut planned = after_usual_weeks(USUAL);
    let week = planned.periods[8].period.clone();
    let target = |scope, metric, value| Target {
        from: week.from,
        to: week.to,
        scope: PlanScope::parse(scope),
        metric,
        value,
    };
    planned.targets = vec![
        target("total", PlanMetric::Inquiries, 120.0),
        target("video", PlanMetric::Spend, 30_000.0),
    ];
    let card = scorecard(&planned, &plan());
    assert_eq!(
        card.total.plan,
        BTreeMap::from([(PlanMetric::Inquiries, 120.0)])
    );
    assert_eq!(row(&card, "video").plan[&PlanMetric::Spend], 30_000.0);
    assert_eq!(row(&card, "video").measures.sessions, Some(0));
}

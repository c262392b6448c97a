//! Small firms with numbers that can be checked by hand, through the whole scorecard.

use std::collections::BTreeMap;

use chrono::Days;

use super::sample::{Planted, day, end_of, facts, inquiry, period_facts, plan, reported_week};
use super::scorecard;
use super::scorecard::{ChannelRow, RowVerdict, Scorecard};
use crate::model::change::Change;
use crate::model::channel::ChannelId;
use crate::model::facts::{Facts, Sale};
use crate::model::metric::Metric;
use crate::model::money::Minor;

const USUAL: &[Planted] = &[
    Planted("ads", 2000, 60, 50_000),
    Planted("organic", 1000, 30, 0),
    Planted("email", 100, 4, 0),
    Planted("unattributed", 0, 6, 0),
];

/// Eight usual weeks, then the given one.
fn after_usual_weeks(week: &'static [Planted]) -> Facts {
    let mut weeks = vec![USUAL; 8];
    weeks.push(week);
    facts(&weeks)
}

fn row<'a>(card: &'a Scorecard, channel: &str) -> &'a ChannelRow {
    card.channels
        .iter()
        .find(|row| row.channel.as_str() == channel)
        .expect("the channel has a row")
}

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
fn a_missing_source_is_unknown_everywhere() {
    let mut without_calls = after_usual_weeks(USUAL);
    without_calls.inquiries = None;
    let card = scorecard(&without_calls, &plan());
    let total = &card.total;
    assert_eq!(
        (
            total.measures.inquiries,
            total.measures.sales,
            total.conv1.k,
            total.conv2.rate.k
        ),
        (None, None, None, None)
    );
    assert_eq!(total.measures.sales_closed, Some(0.0));
    assert_eq!(
        (total.verdict, total.costs.cpl),
        (RowVerdict::Unknown, None)
    );
    assert_eq!(
        (
            card.match_rate.k,
            card.match_rate.n,
            card.mature_cohort.is_some()
        ),
        (None, None, false)
    );
    assert!(
        card.channels
            .iter()
            .all(|row| row.measures.inquiries.is_none() && row.measures.sales_closed.is_none())
    );

    let mut without_traffic = after_usual_weeks(USUAL);
    without_traffic.periods[8].traffic = None;
    let card = scorecard(&without_traffic, &plan());
    assert_eq!(
        (card.total.measures.sessions, card.total.measures.inquiries),
        (None, Some(100.0))
    );
    assert_eq!(
        (
            card.total.conv1.value,
            card.total.conv1.k,
            card.funnel[1].count
        ),
        (None, Some(100.0), None)
    );
    assert_eq!(
        card.total.previous.expect("a week before").change.sessions,
        Change::NoBase
    );

    let mut without_deals = after_usual_weeks(USUAL);
    without_deals.has_deals = false;
    let card = scorecard(&without_deals, &plan());
    assert_eq!(
        (
            card.total.measures.sales,
            card.total.measures.revenue_closed,
            card.total.costs.cac
        ),
        (None, None, None)
    );
    assert_eq!(
        (
            card.total.overall.k,
            card.total.conv2.maturity,
            card.mature_cohort
        ),
        (None, None, None)
    );
}

#[test]
fn weeks_before_anything_was_collected_are_no_base() {
    let mut young = after_usual_weeks(USUAL);
    let first = young.periods[8].period.from;
    young
        .inquiries
        .iter_mut()
        .flatten()
        .for_each(|inquiry| inquiry.sales.clear());
    young.inquiries = young
        .inquiries
        .map(|all| all.into_iter().filter(|one| one.day >= first).collect());
    young.last_year = Some(period_facts(reported_week().last_year(), USUAL));
    let card = scorecard(&young, &plan());
    let previous = card.total.previous.expect("a week before");
    assert_eq!(
        (previous.measures.inquiries, previous.change.inquiries),
        (None, Change::NoBase)
    );
    assert_eq!(
        card.total.last_year.expect("a year before").change.conv1,
        Change::NoBase
    );
    assert_eq!(
        (card.total.usual, card.total.verdict),
        (None, RowVerdict::Unknown)
    );
    assert_eq!(
        card.total.measures.sales,
        Some(0.0),
        "deals have arrived, and there were none"
    );
}

#[test]
fn a_young_cohort_is_shown_with_where_it_should_end() {
    let card = scorecard(&after_usual_weeks(USUAL), &plan());
    let conv2 = card.total.conv2;
    assert_eq!((conv2.rate.value, conv2.rate.n), (None, Some(100.0)));
    let maturity = conv2.maturity.expect("a lag curve");
    assert!((0.1..0.4).contains(&maturity), "{maturity}");
    let end = conv2.expected_final.expect("an outlook");
    assert!(end.low < end.value && end.value < end.high);
    assert!(
        (end.value - 0.2).abs() < 0.03,
        "every fifth inquiry sells in the end: {}",
        end.value
    );
    assert_eq!(
        card.total.previous.expect("a week before").change.conv2,
        Change::Immature
    );
}

#[test]
fn the_mature_cohort_counts_sales_inside_its_window_only() {
    let mut late = after_usual_weeks(USUAL);
    let period = late.periods[4].period.clone();
    let all = late.inquiries.as_mut().expect("inquiries");
    all.push(inquiry("ads", period.from, &[29]));
    all.push(inquiry("ads", period.from, &[28]));
    let card = scorecard(&late, &plan());
    let mature = card.mature_cohort.expect("four weeks have passed");
    assert_eq!((mature.period, mature.window_days), (period, 28));
    assert_eq!(
        (mature.rate.k, mature.rate.n),
        (Some(22.0), Some(102.0)),
        "21 of 100 planted, one of two late ones"
    );
    assert_eq!(mature.channels[&ChannelId::new("ads")].n, Some(62.0));
    assert_eq!(
        mature
            .usual
            .expect("four cohorts before")
            .value
            .clamp(0.2, 0.22),
        mature.usual.expect("four").value
    );
    let Change::Points {
        value,
        beyond_noise,
        ..
    } = mature.change
    else {
        panic!("{:?}", mature.change)
    };
    assert!((value - (22.0 / 102.0 - 0.21) * 100.0).abs() < 1e-9 && !beyond_noise);
}

#[test]
fn a_base_cohort_is_cut_at_the_age_of_the_reported_one() {
    let mut old = after_usual_weeks(USUAL);
    old.known_until = end_of("2026-12-13");
    let (now, before) = (reported_week(), reported_week().previous());
    let all = old.inquiries.as_mut().expect("inquiries");
    all.retain(|one| one.day < before.from);
    // Sold after 20 and 30 days by turns: on 13 December the reported Sunday is 28 days old, the Sunday before it 35.
    for index in 0..60 {
        let lag = [20, 30][index % 2];
        all.push(inquiry(
            "ads",
            now.to,
            if index % 3 == 0 && lag == 20 {
                &[20]
            } else {
                &[]
            },
        ));
        all.push(inquiry(
            "ads",
            before.to,
            if index % 3 == 0 {
                std::slice::from_ref(&lag)
            } else {
                &[]
            },
        ));
    }
    let card = scorecard(&old, &plan());
    let previous = card.total.previous.expect("a week before");
    assert_eq!(previous.measures.sales, Some(20.0), "all of them by now");
    assert_eq!(
        (previous.conv2.k, previous.conv2.n),
        (Some(10.0), Some(60.0)),
        "those of 28 days"
    );
    assert_eq!(card.total.conv2.rate.value, Some(10.0 / 60.0));
    let Change::Points { value, .. } = previous.change.conv2 else {
        panic!("{:?}", previous.change.conv2)
    };
    assert_eq!(value, 0.0);
}

#[test]
fn sales_without_an_inquiry_count_as_closed_and_in_no_cohort() {
    let mut walk_in = after_usual_weeks(USUAL);
    let plain = scorecard(&walk_in, &plan()).total.measures;
    let bought = day("2026-11-11");
    let won_at = bought.and_hms_opt(12, 0, 0).expect("noon").and_utc();
    walk_in.sales_without_inquiry.push(Sale {
        won_at,
        day: bought,
        amount: Minor(700),
    });
    let total = scorecard(&walk_in, &plan()).total.measures;
    assert_eq!(total.sales, plain.sales);
    assert_eq!(
        total.sales_closed,
        plain.sales_closed.map(|sales| sales + 1.0)
    );
    assert_eq!(
        total.revenue_closed,
        plain.revenue_closed.map(|revenue| revenue + Minor(700))
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
fn a_channel_of_two_weeks_is_not_judged_by_eight() {
    const WITH_VIDEO: &[Planted] = &[
        Planted("ads", 2000, 60, 50_000),
        Planted("video", 600, 20, 0),
    ];
    let mut weeks = vec![USUAL; 7];
    weeks.extend([WITH_VIDEO; 2]);
    let card = scorecard(&facts(&weeks), &plan());
    let video = row(&card, "video");
    assert_eq!((video.usual, video.verdict), (None, RowVerdict::TooFew));
    assert_eq!(row(&card, "ads").usual.map(|usual| usual.periods), Some(8));
}

#[test]
fn the_trend_has_thirteen_points_and_learns_from_what_was_before_each() {
    let card = scorecard(&facts(&[USUAL; 20]), &plan());
    assert_eq!(card.trend.len(), 13);
    assert_eq!(
        card.trend.last().map(|point| point.period.clone()),
        Some(reported_week())
    );
    assert!(
        card.trend
            .iter()
            .all(|point| point.usual.is_some_and(|usual| usual.low < usual.value))
    );
    let short = scorecard(&facts(&[USUAL; 6]), &plan());
    let known: Vec<bool> = short
        .trend
        .iter()
        .map(|point| point.usual.is_some())
        .collect();
    assert_eq!(
        known,
        [false, false, false, false, true, true],
        "four periods are needed"
    );
}

#[test]
fn last_year_is_found_in_a_long_run() {
    let card = scorecard(&facts(&[USUAL; 54]), &plan());
    let last_year = card.total.last_year.expect("a year before");
    assert_eq!(last_year.period.label, "2025-W46");
    assert!(!last_year.change.conv1.is_beyond_noise());
    assert_eq!(
        card.trend.last().and_then(|point| point.last_year_conv1),
        Some(100.0 / 3100.0)
    );
}

#[test]
fn targets_go_to_their_rows() {
    let mut planned = after_usual_weeks(USUAL);
    planned.targets = BTreeMap::from([
        ((Metric::Inquiries, ChannelId::new("total")), 120.0),
        ((Metric::Spend, ChannelId::new("video")), 30_000.0),
    ]);
    let card = scorecard(&planned, &plan());
    assert_eq!(
        card.total.plan,
        BTreeMap::from([(Metric::Inquiries, 120.0)])
    );
    assert_eq!(row(&card, "video").plan[&Metric::Spend], 30_000.0);
    assert_eq!(row(&card, "video").measures.sessions, Some(0));
}

#[test]
fn ages_are_counted_in_the_days_of_the_zone() {
    let mut facts = after_usual_weeks(USUAL);
    facts.known_until = end_of("2026-11-15") + chrono::TimeDelta::days(28);
    assert!(
        scorecard(&facts, &plan())
            .mature_cohort
            .is_some_and(|mature| mature.period == reported_week())
    );
    facts.known_until -= chrono::TimeDelta::days(1);
    assert!(
        scorecard(&facts, &plan())
            .mature_cohort
            .is_some_and(|mature| mature.period == reported_week().previous())
    );
    assert_eq!(reported_week().to + Days::new(1), day("2026-11-16"));
}

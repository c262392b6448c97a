//! Inquiries and the sales that follow them: young and mature cohorts, and sales of nobody.

use chrono::Days;

use super::{USUAL, after_usual_weeks};
use crate::metrics::sample::{day, end_of, inquiry, plan, reported_week};
use crate::metrics::scorecard;
use crate::model::change::Change;
use crate::model::channel::ChannelId;
use crate::model::facts::Sale;
use crate::model::money::Minor;

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
fn an_inquiry_that_sells_twice_is_one_that_sold() {
    let mut repeated = after_usual_weeks(USUAL);
    for one in repeated.inquiries.as_mut().expect("inquiries") {
        let again = one.sales.clone();
        one.sales.extend(again);
    }
    let conv2 = scorecard(&repeated, &plan()).total.conv2;
    let end = conv2.expected_final.expect("an outlook");
    assert!(
        (end.value - 0.2).abs() < 0.03,
        "every fifth inquiry sells in the end, however often: {}",
        end.value
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
        cost: None,
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

#[test]
fn money_given_back_makes_no_check_smaller_in_the_breakdown() {
    // Every sale is of 1 000 roubles; 7 000 go back in the reported week, in a row of their own.
    let mut given_back = after_usual_weeks(USUAL);
    let monday = reported_week().from;
    let mut buyer = inquiry("ads", monday - Days::new(7), &[9]);
    buyer.sales[0].amount = Minor(-700_000);
    buyer.refunds = std::mem::take(&mut buyer.sales);
    given_back
        .inquiries
        .as_mut()
        .expect("inquiries")
        .push(buyer);
    let card = scorecard(&given_back, &plan());
    let breakdown = card.decomposition.previous.expect("a week before");
    let check = breakdown.average_check.expect("sales in both weeks");
    assert_eq!((check.base, check.now), (100_000.0, 100_000.0));
    assert_eq!(card.total.costs.average_check, Some(Minor(100_000)));
}

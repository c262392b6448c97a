//! What is not there is unknown, and never zero.

use super::{USUAL, after_usual_weeks};
use crate::metrics::sample::{period_facts, plan, reported_week};
use crate::metrics::scorecard;
use crate::metrics::scorecard::RowVerdict;
use crate::model::change::Change;

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
fn what_no_export_reaches_is_unknown_and_not_zero() {
    let mut late = after_usual_weeks(USUAL);
    late.arrived.contacts = false;
    let total = scorecard(&late, &plan()).total;
    assert_eq!(
        (total.measures.inquiries, total.measures.sales),
        (None, None)
    );
    assert!(total.measures.sales_closed.is_some());

    let mut late = after_usual_weeks(USUAL);
    late.arrived.deals = false;
    let total = scorecard(&late, &plan()).total;
    assert_eq!(
        (total.measures.sales_closed, total.measures.revenue_closed),
        (None, None)
    );
    assert!(total.measures.inquiries.is_some());
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

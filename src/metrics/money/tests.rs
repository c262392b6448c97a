use super::sample::{bought, facts, given_back, sale, settings};
use super::*;
use crate::metrics::sample::day;
use crate::model::bought::{Purchase, RefundRow};
use crate::model::money::Minor;

fn of(purchases: Vec<Purchase>, known_from: &str) -> Money {
    let facts = facts(bought(purchases, known_from), [200, 200]);
    money(&facts, &settings()).expect("sales have amounts")
}

/// The reported week is 9–15 November: a sale made on Sunday is closed in the next one.
fn week() -> Vec<Purchase> {
    vec![
        sale(1, "2026-10-01"),
        sale(2, "2026-11-08"),
        given_back(sale(3, "2026-11-09"), Some("2026-11-20")),
        sale(1, "2026-11-10"),
        given_back(sale(4, "2026-11-02"), Some("2026-11-12")),
        sale(5, "2026-11-15"),
    ]
}

#[test]
fn sales_count_on_the_day_they_were_paid_and_refunds_on_their_own() {
    let now = of(week(), "2026-10-01").now;
    assert_eq!(
        (
            now.closed.sales,
            now.closed.revenue,
            now.closed.gross_margin
        ),
        (3, Minor(600_000), Some(Minor(240_000)))
    );
    assert_eq!(now.closed.margin_rate, Some(0.4));
    assert_eq!((now.refunds.count, now.refunds.amount), (1, Minor(200_000)));
    assert_eq!(now.revenue_net, Minor(400_000));
}

#[test]
fn deals_made_tell_what_was_sold_of_them_and_what_went_back_since() {
    let made = of(week(), "2026-10-01").now.made;
    assert_eq!(
        (made.deals, made.sales, made.revenue),
        (3, 3, Minor(600_000))
    );
    assert_eq!((made.refunded.k, made.refunded.n), (Some(1.0), Some(3.0)));
    assert_eq!(made.refunded_amount, Minor(200_000));
    assert_eq!(
        (made.first, made.repeat.k),
        (2, Some(1.0)),
        "buyer 1 bought in October"
    );
}

#[test]
fn a_refund_makes_no_sale_and_takes_none_away() {
    let plain: Vec<Purchase> = week()
        .into_iter()
        .map(|sale| Purchase {
            refund: None,
            ..sale
        })
        .collect();
    let (with, without) = (of(week(), "2026-10-01"), of(plain, "2026-10-01"));
    assert_eq!(with.now.closed, without.now.closed);
    assert_eq!(with.now.made.sales, without.now.made.sales);
    assert_eq!(with.buyers.count, without.buyers.count);
}

#[test]
fn a_refund_of_no_known_day_is_said_apart() {
    let whole = Purchase {
        is_returned: true,
        amount: Minor(0),
        ..given_back(sale(9, "2026-11-10"), None)
    };
    let now = of(vec![sale(1, "2026-11-10"), whole], "2026-11-02").now;
    assert_eq!((now.closed.sales, now.refunds.count), (1, 0));
    assert_eq!(
        (now.refunds.undated, now.refunds.undated_amount),
        (1, Minor(200_000))
    );
    assert_eq!(
        (now.made.refunded.k, now.made.refunded.n),
        (Some(1.0), Some(2.0))
    );
}

#[test]
fn a_refund_in_a_row_of_its_own_counts_on_its_day() {
    let mut bought = bought(week(), "2026-10-01");
    let buyer = bought.purchases[0].buyer;
    bought.refund_rows.push(RefundRow {
        buyer,
        day: day("2026-11-11"),
        amount: Minor(50_000),
    });
    let money = money(&facts(bought, [200, 200]), &settings()).expect("money");
    assert_eq!(
        (money.now.refunds.count, money.now.refunds.amount),
        (2, Minor(250_000))
    );
    assert_eq!(
        (money.now.refunds.in_rows, money.now.refunds.in_rows_amount),
        (1, Minor(50_000))
    );
}

#[test]
fn a_refund_in_a_row_of_its_own_is_taken_off_its_buyer() {
    let plain = bought(week(), "2026-10-01");
    let mut with_row = plain.clone();
    with_row.refund_rows.push(RefundRow {
        buyer: plain.purchases[0].buyer,
        day: day("2026-11-11"),
        amount: Minor(50_000),
    });
    let of_all = |bought| {
        let facts = facts(bought, [200, 200]);
        let money = money(&facts, &settings()).expect("money");
        let sum = |of: fn(&BuyerCohort) -> i64| money.months.iter().map(of).sum::<i64>();
        (
            sum(|of| of.revenue.0),
            sum(|of| of.refunds.0),
            sum(|of| of.margin.expect("known").0),
        )
    };
    let (revenue, refunds, margin) = of_all(plain);
    assert_eq!(
        of_all(with_row),
        (revenue, refunds + 50_000, margin - 50_000)
    );
}

#[test]
fn one_sale_without_a_cost_makes_the_margin_unknown_unless_a_share_is_stated() {
    let mut sales = week();
    sales[1].cost = None;
    let bought = bought(sales, "2026-10-01");
    let facts = facts(bought, [200, 200]);
    let unknown = money(&facts, &settings()).expect("money").now.closed;
    assert_eq!(
        (
            unknown.gross_margin,
            unknown.romi_margin,
            unknown.margin_source
        ),
        (None, None, MarginSource::Unknown)
    );
    assert!(unknown.romi.is_some(), "that of revenue is known");
    let mut stated = settings();
    stated.money.margin = Some(0.3);
    let known = money(&facts, &stated).expect("money").now.closed;
    assert_eq!(
        (known.gross_margin, known.margin_source),
        (Some(Minor(220_000)), MarginSource::Both),
        "800 + 800 + 30 % of 2 000"
    );
}

#[test]
fn the_processes_hold_every_sale_once() {
    let sales = vec![
        sale(1, "2026-05-01"),
        sale(1, "2026-11-09"),
        sale(2, "2026-10-01"),
        sale(2, "2026-11-10"),
        sale(3, "2026-11-11"),
    ];
    let of = of(sales, "2026-05-01").now.processes;
    assert_eq!(
        (of.attract.sales, of.retain.sales, of.reactivate.sales),
        (1, 1, 1)
    );
    assert_eq!((of.retain.rate.k, of.retain.rate.n), (Some(1.0), Some(1.0)));
    assert_eq!(
        (of.reactivate.rate.k, of.reactivate.rate.n),
        (Some(1.0), Some(1.0)),
        "buyer 1 had been silent for 192 days"
    );
    assert_eq!(
        (of.attract.rate.k, of.attract.rate.n),
        (Some(1.0), Some(100.0))
    );
    assert_eq!(of.attract.cac, Some(Minor(500_000)));
}

#[test]
fn a_silence_of_exactly_so_many_days_is_none_yet() {
    let after = |first: &str| {
        of(vec![sale(1, first), sale(1, "2026-11-10")], first)
            .now
            .processes
    };
    assert_eq!(after("2026-08-12").retain.sales, 1, "90 days");
    assert_eq!(after("2026-08-11").reactivate.sales, 1, "91 days");
}

#[test]
fn cohorts_are_of_the_first_purchase_and_know_what_came_since() {
    let money = of(week(), "2026-10-01");
    let labels: Vec<(&str, u64, u64)> = (money.months.iter())
        .map(|cohort| (cohort.period.label.as_str(), cohort.buyers, cohort.sales))
        .collect();
    assert_eq!(labels, [("2026-10", 1, 2), ("2026-11", 4, 4)]);
    let october = &money.months[0];
    assert_eq!(october.bought_again.k, Some(1.0));
    assert_eq!(october.revenue_per_buyer.value, Some(Minor(400_000)));
    assert_eq!(october.margin, Some(Minor(160_000)));
    let november = &money.months[1];
    assert_eq!(november.refunds, Minor(400_000));
    assert_eq!(november.margin, Some(Minor(-80_000)), "4 × 800 − 2 × 2 000");
}

#[test]
fn a_cohort_has_paid_back_once_its_margin_stays_above_what_it_cost() {
    let mut bought = bought(
        vec![
            given_back(sale(1, "2026-11-02"), Some("2026-11-04")),
            sale(2, "2026-11-03"),
            sale(2, "2026-11-09"),
            sale(3, "2026-11-10"),
            sale(2, "2026-11-11"),
        ],
        "2026-11-02",
    );
    let november = (day("2026-11-02"), day("2026-11-15"));
    bought.spend.insert(november, Minor(100_000));
    let cohort = money(&facts(bought, [200, 200]), &settings())
        .expect("money")
        .months
        .remove(0);
    // By the days of November: 3 +800; 4 +800 − 2 000; 10 +800; 11 +800, which makes 1 200 of the 1 000 spent; 12 +800.
    assert_eq!(cohort.margin, Some(Minor(200_000)));
    assert_eq!(cohort.paid_back, Some(2.0));
    assert_eq!(cohort.paid_back_on, Some(day("2026-11-11")));
    assert_eq!(cohort.payback_days, Some(9));
    assert_eq!(cohort.cac, Some(Minor(33_333)));
}

#[test]
fn a_life_is_told_by_who_buys_again_in_the_next_span() {
    // Spans of 90 days: 20 May – 17 August, 18 August – 15 November. Of two buyers one came again: a life of two spans.
    let sales = vec![
        sale(1, "2026-05-20"),
        sale(2, "2026-06-01"),
        sale(1, "2026-09-01"),
        sale(1, "2026-10-01"),
        sale(3, "2026-10-02"),
    ];
    let of = of(sales, "2026-05-20")
        .lifetime
        .expect("two spans are known");
    assert_eq!((of.frequency, of.windows), (1.5, 2.0));
    assert_eq!(of.average_check, Minor(200_000));
    assert_eq!(of.revenue, Minor(600_000), "2 000 × 1.5 × 2");
    assert_eq!(of.margin, Some(Minor(240_000)));
    assert!(of.low < of.revenue && of.high.is_some_and(|high| high > of.revenue));
}

#[test]
fn a_short_history_tells_no_life() {
    assert_eq!(of(week(), "2026-05-21").lifetime, None);
}

#[test]
fn sales_without_any_amount_are_no_money() {
    let free = Purchase {
        amount: Minor(0),
        cost: None,
        ..sale(1, "2026-11-10")
    };
    let facts = facts(bought(vec![free], "2026-11-02"), [200, 200]);
    assert_eq!(money(&facts, &settings()), None);
}

#[test]
fn a_period_before_the_first_deal_has_no_money() {
    let facts = facts(
        bought(vec![sale(1, "2026-11-20")], "2026-11-20"),
        [200, 200],
    );
    assert_eq!(money(&facts, &settings()), None);
}

#[test]
fn a_period_of_which_the_beginning_is_not_known_is_no_base() {
    let has_base = |known_from| {
        of(vec![sale(1, known_from), sale(1, "2026-11-10")], known_from)
            .before
            .is_some()
    };
    assert!(has_base("2026-11-03"));
    assert!(!has_base("2026-11-04"));
}

#[test]
fn buyers_without_a_key_are_counted() {
    let nobody = Purchase {
        has_keys: false,
        ..sale(7, "2026-11-10")
    };
    let buyers = of(vec![sale(1, "2026-11-10"), nobody], "2026-11-02").buyers;
    assert_eq!(
        (buyers.without_keys.k, buyers.without_keys.n),
        (Some(1.0), Some(2.0))
    );
}

#[test]
fn missing_sales_are_absent_and_not_zero() {
    let mut none = facts(bought(week(), "2026-10-01"), [200, 200]);
    none.arrived.deals = false;
    assert_eq!(money(&none, &settings()), None);
    none.bought = None;
    assert_eq!(money(&none, &settings()), None);
}

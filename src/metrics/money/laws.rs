//! What holds whatever was bought.

use chrono::Days;
use proptest::prelude::*;

use super::formula::{coefficients, visitors};
use super::history::History;
use super::sample::{bought, facts, reported, settings};
use super::{Formula, Money, money};
use crate::metrics::sample::day;
use crate::model::bought::{Purchase, Refund};
use crate::model::money::Minor;

fn purchase() -> impl Strategy<Value = Purchase> {
    let refund = prop::option::weighted(0.3, (prop::option::of(0..40_u64), 1..300_000_i64));
    (
        0..12_usize,
        0..200_u64,
        0..10_u64,
        0..500_000_i64,
        prop::option::weighted(0.9, 0..600_000_i64),
        refund,
    )
        .prop_map(|(buyer, before, lag, amount, cost, refund)| {
            let made = day("2026-11-15") - Days::new(before);
            Purchase {
                buyer,
                has_keys: true,
                made_at: made.and_hms_opt(9, 0, 0).expect("nine").and_utc(),
                made,
                closed: made + Days::new(lag),
                amount: Minor(amount),
                cost: cost.map(Minor),
                refund: refund.map(|(after, amount)| Refund {
                    day: after.map(|after| made + Days::new(lag + after)),
                    amount: Minor(amount),
                }),
                is_returned: false,
            }
        })
}

fn of(purchases: &[Purchase], visits: [u64; 2]) -> Option<Money> {
    money(
        &facts(bought(purchases.to_vec(), "2026-04-01"), visits),
        &settings(),
    )
}

fn sum(formula: &Formula) -> i64 {
    formula.lines.iter().map(|line| line.amount.0).sum()
}

proptest! {
    #[test]
    fn the_lines_of_the_formula_add_up_to_the_change(
        purchases in prop::collection::vec(purchase(), 1..80),
        visits in prop::array::uniform2(0..5_000_u64),
    ) {
        let Some(money) = of(&purchases, visits) else { return Ok(()) };
        for formula in &money.formula {
            prop_assert_eq!(sum(formula), formula.change.0);
            prop_assert_eq!(formula.now.0 - formula.base.0, formula.change.0);
            prop_assert!(formula.lines.iter().all(|line| line.low <= line.amount && line.amount <= line.high));
        }
    }

    #[test]
    fn the_factors_multiply_to_the_revenue(purchases in prop::collection::vec(purchase(), 1..80)) {
        let facts = facts(bought(purchases, "2026-04-01"), [900, 900]);
        let bought = facts.bought.as_ref().expect("purchases");
        let settings = settings();
        let history = History::new(bought, &settings);
        let reported = reported(&facts);
        let sales = history.closed((reported.period.from, reported.period.to));
        let Some(of) = coefficients(&sales, reported, 1) else { return Ok(()) };
        let (Some(rate), Some(each)) = (of.conversion.value, of.sales_per_buyer.value) else { return Ok(()) };
        let amounts: i64 = sales.iter().map(|sold| sold.purchase.amount.0).sum();
        let check = amounts as f64 / sales.len() as f64;
        let product = visitors(reported).expect("visits").1 as f64 * rate * each * check;
        prop_assert!((product - amounts as f64).abs() <= 1e-9 * (1.0 + amounts as f64));
    }

    #[test]
    fn the_processes_and_the_cohorts_hold_every_sale_once(purchases in prop::collection::vec(purchase(), 1..80)) {
        let Some(money) = of(&purchases, [900, 900]) else { return Ok(()) };
        let of = &money.now.processes;
        let all = [&of.attract, &of.retain, &of.reactivate];
        prop_assert_eq!(all.map(|one| one.sales).iter().sum::<u64>(), money.now.closed.sales);
        prop_assert_eq!(all.map(|one| one.revenue).into_iter().sum::<Minor>(), money.now.closed.revenue);
        let months = money.months.iter();
        prop_assert_eq!(months.clone().map(|one| one.buyers).sum::<u64>(), money.buyers.count);
        prop_assert_eq!(months.map(|one| one.sales).sum::<u64>(), money.buyers.sales);
    }

    #[test]
    fn refunds_change_no_count_of_sales_or_buyers(purchases in prop::collection::vec(purchase(), 1..80)) {
        let plain: Vec<Purchase> = purchases.iter().map(|one| Purchase { refund: None, ..*one }).collect();
        let (with, without) = (of(&purchases, [900, 900]), of(&plain, [900, 900]));
        prop_assert_eq!(with.as_ref().map(|money| &money.now.closed), without.as_ref().map(|money| &money.now.closed));
        prop_assert_eq!(with.map(|money| money.buyers.sales), without.map(|money| money.buyers.sales));
    }
}

use super::super::sample::{bought, facts, reported, sale, settings};
use super::super::{FormulaBase, FormulaResult, SalesFactor, Visitors, money};
use super::{Factor, lines};
use crate::model::bought::Purchase;
use crate::model::money::Minor;

fn exact(values: &[f64]) -> Vec<Factor> {
    let factor = |value: &f64| Factor {
        value: *value,
        error: 0.0,
    };
    values.iter().map(factor).collect()
}

// September and October of the case `formula`, in kopecks: the mean over all 120 orders of change, by itertools in Python.
#[test]
fn five_factors_take_a_change_apart_to_the_last_unit() {
    let september = exact(&[10_000.0, 0.02, 1.5, 200_000.0, 0.4]);
    let october = exact(&[12_000.0, 0.015, 1.6, 220_000.0, 0.35]);
    let lines = lines(&september, &october, Minor(-1_824_000));
    let amounts: Vec<i64> = lines.iter().map(|line| line.amount.0).collect();
    assert_eq!(amounts.iter().sum::<i64>(), -1_824_000);
    let rounded: Vec<i64> = amounts
        .iter()
        .map(|kopecks| (*kopecks as f64 / 100.0).round() as i64)
        .collect();
    assert_eq!(rounded, [42_641, -67_076, 15_083, 22_279, -31_166]);
}

fn weeks(before: usize, now: usize) -> Vec<Purchase> {
    let sold = |buyers: usize, from: usize, made: &'static str| {
        (0..buyers).map(move |buyer| sale(from + buyer, made))
    };
    sold(before, 0, "2026-11-03")
        .chain(sold(now, 1000, "2026-11-10"))
        .collect()
}

#[test]
fn twice_the_visitors_at_the_same_rates_are_the_whole_change() {
    let facts = facts(bought(weeks(20, 40), "2026-11-02"), [400, 800]);
    let money = money(&facts, &settings()).expect("money");
    let formula = &money.formula[0];
    assert_eq!(
        (formula.against, formula.result, formula.visitors_are),
        (
            FormulaBase::Previous,
            FormulaResult::GrossProfit,
            Visitors::Users
        )
    );
    assert_eq!(
        (formula.base, formula.now),
        (Minor(1_600_000), Minor(3_200_000))
    );
    let moved: Vec<_> = (formula.lines.iter())
        .filter(|line| line.amount != Minor(0))
        .map(|line| (line.factor, line.amount))
        .collect();
    assert_eq!(moved, [(SalesFactor::Visitors, Minor(1_600_000))]);
    let visitors = formula.lines[0];
    assert!(visitors.low < visitors.amount && visitors.amount < visitors.high);
    let conversion = formula.lines[1];
    assert!(
        conversion.low.0 < 0 && conversion.high.0 > 0,
        "chance alone"
    );
    assert_eq!(reported(&facts).users_total, Some(400));
}

#[test]
fn without_a_margin_four_factors_make_the_revenue() {
    let sales: Vec<Purchase> = weeks(20, 30)
        .into_iter()
        .map(|sale| Purchase { cost: None, ..sale })
        .collect();
    let money = money(&facts(bought(sales, "2026-11-02"), [400, 400]), &settings()).expect("money");
    let formula = &money.formula[0];
    assert_eq!(formula.result, FormulaResult::Revenue);
    assert_eq!(formula.lines.len(), 4);
    assert_eq!(formula.change, Minor(2_000_000));
}

#[test]
fn visits_stand_in_where_clients_are_not_known_of_both_periods() {
    let mut facts = facts(bought(weeks(20, 30), "2026-11-02"), [400, 500]);
    facts.periods[0].users_total = None;
    let money = money(&facts, &settings()).expect("money");
    assert_eq!(money.formula[0].visitors_are, Visitors::Sessions);
    assert_eq!(
        (
            money.formula[0].lines[0].base,
            money.formula[0].lines[0].now
        ),
        (400.0, 500.0)
    );
}

#[test]
fn nothing_is_taken_apart_where_a_factor_is_missing() {
    let count = |purchases, visits| {
        let money = money(&facts(bought(purchases, "2026-11-02"), visits), &settings());
        money.expect("money").formula.len()
    };
    assert_eq!(count(weeks(20, 30), [400, 400]), 1);
    assert_eq!(count(weeks(20, 0), [400, 400]), 0, "nobody bought");
    assert_eq!(count(weeks(20, 30), [0, 400]), 0, "no visits");
    assert_eq!(count(weeks(20, 30), [400, 40]), 0, "20 visitors, 30 buyers");
}

//! The sales formula: visitors × conversion to buyer × sales a buyer × average check × margin, and its change by factor.

use super::history::{Sold, gross_margin, people, revenue};
use super::mean::{self, Sampled};
use super::period::less;
use super::types::{
    Coefficients, Formula, FormulaBase, FormulaLine, FormulaResult, SalesFactor, Visitors,
};
use crate::metrics::decomposition::product::slopes;
use crate::metrics::rate::Z;
use crate::metrics::values::Rate;
use crate::model::facts::PeriodFacts;
use crate::model::money::Minor;

/// The factors in the order of the formula; without a known margin the first four.
const FACTORS: [SalesFactor; 5] = [
    SalesFactor::Visitors,
    SalesFactor::Conversion,
    SalesFactor::SalesPerBuyer,
    SalesFactor::AverageCheck,
    SalesFactor::Margin,
];

/// A period with the sales that were closed in it.
pub(super) struct Sides<'a> {
    pub(super) facts: &'a PeriodFacts,
    pub(super) sales: &'a [Sold<'a>],
}

/// Visitors of a period: its distinct clients, else its sessions; absent without any.
pub(super) fn visitors(facts: &PeriodFacts) -> Option<(Visitors, u64)> {
    let users = count(facts, Visitors::Users).map(|users| (Visitors::Users, users));
    users.or_else(|| Some((Visitors::Sessions, count(facts, Visitors::Sessions)?)))
}

fn count(facts: &PeriodFacts, what: Visitors) -> Option<u64> {
    let channels = facts.traffic.as_ref()?;
    let count = match what {
        Visitors::Users => facts.users_total?,
        Visitors::Sessions => channels.values().map(|row| row.sessions).sum(),
    };
    (count > 0).then_some(count)
}

/// The factors of one period.
pub(super) fn coefficients(
    sales: &[Sold<'_>],
    facts: &PeriodFacts,
    min_events: u32,
) -> Option<Coefficients> {
    let (visitors_are, visitors) = visitors(facts)?;
    if sales.is_empty() {
        return None;
    }
    let buyers = people(sales).len() as f64;
    let amounts: Vec<Minor> = sales.iter().map(|sold| sold.purchase.amount).collect();
    let all = revenue(sales).0;
    let margin = gross_margin(sales).filter(|_| all > 0);
    Some(Coefficients {
        visitors_are,
        visitors,
        conversion: Rate::new(Some(buyers), Some(visitors as f64), min_events, None),
        sales_per_buyer: mean::of_counts(&per_buyer(sales), min_events),
        average_check: mean::of_amounts(&amounts, min_events),
        margin_rate: margin.map(|margin| margin.0 as f64 / all as f64),
    })
}

/// How many sales each buyer made.
fn per_buyer(sales: &[Sold<'_>]) -> Vec<f64> {
    let mut counts = std::collections::BTreeMap::new();
    for sold in sales {
        *counts.entry(sold.purchase.buyer).or_insert(0.0) += 1.0;
    }
    counts.into_values().collect()
}

/// A factor with its standard error.
#[derive(Debug, Clone, Copy)]
struct Factor {
    value: f64,
    error: f64,
}

/// One side of the comparison.
struct FormulaSide {
    factors: Vec<Factor>,
    result: Minor,
}

/// The change from `base` to `now` by factor; absent where a factor is unknown on either side, nothing was sold, there are
/// fewer buyers than are stated, or more buyers than visitors: then visitors are not who buys.
pub(super) fn formula(
    against: FormulaBase,
    base: &Sides<'_>,
    now: &Sides<'_>,
    min_events: u32,
) -> Option<Formula> {
    let both = |what| count(base.facts, what).zip(count(now.facts, what));
    let by = |what| both(what).map(|counts| (what, counts));
    let (visitors_are, counts) = by(Visitors::Users).or_else(|| by(Visitors::Sessions))?;
    let margins = [base, now].map(|side| gross_margin(side.sales));
    let result = match margins {
        [Some(_), Some(_)] => FormulaResult::GrossProfit,
        _ => FormulaResult::Revenue,
    };
    let side = |of: &Sides<'_>, visitors| side(of.sales, visitors, result, min_events);
    let (base_side, now_side) = (side(base, counts.0)?, side(now, counts.1)?);
    let change = less(now_side.result, base_side.result);
    Some(Formula {
        against,
        base_period: base.facts.period.clone(),
        visitors_are,
        result,
        base: base_side.result,
        now: now_side.result,
        change,
        lines: lines(&base_side.factors, &now_side.factors, change),
    })
}

fn side(
    sales: &[Sold<'_>],
    visitors: u64,
    result: FormulaResult,
    min_events: u32,
) -> Option<FormulaSide> {
    let (buyers, all) = (people(sales).len() as u64, revenue(sales));
    let is_enough = buyers >= u64::from(min_events.max(1)) && buyers <= visitors;
    if !is_enough || all.0 <= 0 {
        return None;
    }
    let conversion = buyers as f64 / visitors as f64;
    let binomial = (conversion * (1.0 - conversion) / visitors as f64).sqrt();
    let amounts: Vec<f64> = (sales.iter())
        .map(|sold| sold.purchase.amount.0 as f64)
        .collect();
    let mut factors = vec![
        Factor {
            value: visitors as f64,
            // Visits come independently of each other: a count of Poisson.
            error: (visitors as f64).sqrt(),
        },
        Factor {
            value: conversion,
            error: binomial,
        },
        sampled(&per_buyer(sales))?,
        sampled(&amounts)?,
    ];
    let result = match result {
        FormulaResult::Revenue => all,
        FormulaResult::GrossProfit => {
            factors.push(margin(sales, all.0 as f64)?);
            gross_margin(sales)?
        }
    };
    Some(FormulaSide { factors, result })
}

fn sampled(values: &[f64]) -> Option<Factor> {
    let of = Sampled::of(values)?;
    Some(Factor {
        value: of.mean,
        error: of.error,
    })
}

/// Margin ÷ revenue as a ratio of two sums, with its linearised error: W. Cochran, Sampling Techniques (1977), 6.4.
fn margin(sales: &[Sold<'_>], revenue: f64) -> Option<Factor> {
    let value = gross_margin(sales)?.0 as f64 / revenue;
    let off = |sold: &Sold<'_>| {
        let margin = sold.margin.map_or(0.0, |margin| margin.0 as f64);
        (margin - value * sold.purchase.amount.0 as f64).powi(2)
    };
    let squares: f64 = sales.iter().map(off).sum();
    Some(Factor {
        value,
        error: squares.sqrt() / revenue,
    })
}

/// Shapley's lines with their intervals. The error of a line is that of each factor in turn (they are taken as independent),
/// through the line's own slope: the delta method, exact to the first order since a line is linear in each factor.
fn lines(base: &[Factor], now: &[Factor], change: Minor) -> Vec<FormulaLine> {
    let values = |factors: &[Factor]| factors.iter().map(|one| one.value).collect::<Vec<_>>();
    let (x0, x1) = (values(base), values(now));
    let exact = contributions(&x0, &x1);
    let mut variances = vec![0.0; exact.len()];
    for (place, (before, after)) in base.iter().zip(now).enumerate() {
        for moved in [
            contributions(&shifted(&x0, place, before.error), &x1),
            contributions(&x0, &shifted(&x1, place, after.error)),
        ] {
            for (line, variance) in variances.iter_mut().enumerate() {
                *variance += (moved[line] - exact[line]).powi(2);
            }
        }
    }
    let amounts = whole(&exact, change);
    let line = |(at, amount): (usize, Minor)| {
        let half = Minor((variances[at].sqrt() * Z).round() as i64);
        FormulaLine {
            factor: FACTORS[at],
            base: x0[at],
            now: x1[at],
            amount,
            low: less(amount, half),
            high: Minor(amount.0.saturating_add(half.0)),
        }
    };
    amounts.into_iter().enumerate().map(line).collect()
}

fn contributions(base: &[f64], now: &[f64]) -> Vec<f64> {
    let slopes = slopes(base, now);
    let changes = base.iter().zip(now).map(|(base, now)| now - base);
    slopes
        .iter()
        .zip(changes)
        .map(|(slope, change)| slope * change)
        .collect()
}

fn shifted(values: &[f64], place: usize, by: f64) -> Vec<f64> {
    let mut values = values.to_vec();
    values[place] += by;
    values
}

/// Amounts in whole minor units that add up to `total`: rounded down, then what is left goes to the largest remainders.
fn whole(exact: &[f64], total: Minor) -> Vec<Minor> {
    let mut amounts: Vec<i64> = exact.iter().map(|amount| amount.floor() as i64).collect();
    let left = total.0 - amounts.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..exact.len()).collect();
    let remainder = |place: usize| exact[place] - exact[place].floor();
    order.sort_by(|one, other| remainder(*other).total_cmp(&remainder(*one)));
    // Rounding of very large products may leave more than a unit a line; it is shared evenly.
    let (each, rest) = (
        left.div_euclid(exact.len() as i64),
        left.rem_euclid(exact.len() as i64) as usize,
    );
    for (rank, place) in order.into_iter().enumerate() {
        amounts[place] += each + i64::from(rank < rest);
    }
    amounts.into_iter().map(Minor).collect()
}

#[cfg(test)]
#[path = "formula_tests.rs"]
mod tests;

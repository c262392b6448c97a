//! The money of one period: sales closed, deals made, refunds.

use chrono::NaiveDate;

use super::formula;
use super::history::{History, Sold, Turn, gross_margin, people, per, revenue, within};
use super::margin;
use super::mean;
use super::processes::processes;
use super::types::{Closed, Made, PeriodMoney, Refunds};
use crate::metrics::values::Rate;
use crate::model::bought::{Purchase, Span};
use crate::model::facts::{PeriodFacts, Spend};
use crate::model::money::Minor;

/// The money of a period, with its traffic and advertising.
pub(super) fn period_money(history: &History<'_>, facts: &PeriodFacts) -> PeriodMoney {
    let span = (facts.period.from, facts.period.to);
    let sales = history.closed(span);
    let spend = spend(facts);
    let refunds = refunds(history, span);
    PeriodMoney {
        period: facts.period.clone(),
        revenue_net: less(revenue(&sales), refunds.amount),
        closed: closed(history, &sales, spend),
        made: made(history, span),
        refunds,
        processes: processes(history, facts, spend),
        coefficients: formula::coefficients(&sales, facts, history.min_events),
    }
}

fn spend(facts: &PeriodFacts) -> Option<Minor> {
    let channels = facts.spend.as_ref()?.values();
    Some(channels.map(|spend: &Spend| spend.cost).sum())
}

/// A difference of amounts; beyond what a number holds it stays at the end.
pub(super) fn less(amount: Minor, taken: Minor) -> Minor {
    Minor(amount.0.saturating_sub(taken.0))
}

fn closed(history: &History<'_>, sales: &[Sold<'_>], spend: Option<Minor>) -> Closed {
    let count = sales.len() as u64;
    let (revenue, gross_margin) = (revenue(sales), gross_margin(sales));
    let amounts: Vec<Minor> = sales.iter().map(|sold| sold.purchase.amount).collect();
    let purchases = || sales.iter().map(|sold| sold.purchase);
    // No free channel has a cost of nothing a sale, nor an endless return.
    let spent = spend.filter(|spend| spend.0 > 0 && count >= u64::from(history.min_events));
    let on_spend = |amount: Minor| {
        let spent = spent?.0 as f64;
        Some((amount.0 as f64 - spent) / spent + 0.0)
    };
    Closed {
        sales: count,
        without_amount: purchases().filter(|sale| sale.amount.0 == 0).count() as u64,
        with_cost: purchases().filter(|sale| sale.cost.is_some()).count() as u64,
        margin_source: margin::source(purchases(), history.rate),
        margin_rate: gross_margin
            .filter(|_| revenue.0 > 0)
            .map(|margin| margin.0 as f64 / revenue.0 as f64),
        average_check: mean::of_amounts(&amounts, history.min_events),
        buyers: people(sales).len() as u64,
        repeat: repeat(sales, history.min_events),
        spend,
        cac: spent.and_then(|spent| per(spent, count, history.min_events)),
        romi: on_spend(revenue),
        romi_margin: gross_margin.and_then(on_spend),
        revenue,
        gross_margin,
    }
}

/// The share of sales whose buyer had bought before.
fn repeat(sales: &[Sold<'_>], min_events: u32) -> Rate {
    let again = sales.iter().filter(|sold| sold.turn != Turn::First).count();
    Rate::share(Some(again as f64), Some(sales.len() as f64), min_events)
}

fn made(history: &History<'_>, (from, to): Span) -> Made {
    let sales = history.made((from, to));
    let deals = history.bought.made.range(from..=to);
    // What was given back whole on an unknown day is no sale any more, but was one.
    let sold: Vec<&Purchase> = (history.bought.purchases.iter())
        .filter(|purchase| within((from, to), purchase.made))
        .collect();
    let has_refund = |sale: &&&Purchase| sale.refund.is_some() || sale.is_returned;
    let refunded = sold.iter().filter(has_refund).count();
    Made {
        deals: deals.map(|(_, count)| count).sum(),
        sales: sales.len() as u64,
        revenue: revenue(&sales),
        first: sales.iter().filter(|sold| sold.turn == Turn::First).count() as u64,
        repeat: repeat(&sales, history.min_events),
        refunded: Rate::share(
            Some(refunded as f64),
            Some(sold.len() as f64),
            history.min_events,
        ),
        refunded_amount: (sold.iter().filter_map(|sale| sale.refund))
            .map(|refund| refund.amount)
            .sum(),
    }
}

fn refunds(history: &History<'_>, span: Span) -> Refunds {
    let is_of = |day: &NaiveDate| within(span, *day);
    let rows = history.bought.refund_rows.iter();
    let in_rows: Vec<Minor> = rows
        .filter(|row| is_of(&row.day))
        .map(|row| row.amount)
        .collect();
    let mut amounts = in_rows.clone();
    let mut undated = Vec::new();
    for purchase in &history.bought.purchases {
        let Some(refund) = purchase.refund else {
            continue;
        };
        match refund.day {
            Some(day) if is_of(&day) => amounts.push(refund.amount),
            None if is_of(&purchase.closed) => undated.push(refund.amount),
            Some(_) | None => {}
        }
    }
    Refunds {
        count: amounts.len() as u64,
        amount: amounts.into_iter().sum(),
        in_rows: in_rows.len() as u64,
        in_rows_amount: in_rows.into_iter().sum(),
        undated: undated.len() as u64,
        undated_amount: undated.into_iter().sum(),
    }
}

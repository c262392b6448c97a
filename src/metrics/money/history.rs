//! Sales in the order in which they were made, each with what its buyer had done before.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::margin;
use crate::metrics::settings::MetricSettings;
use crate::model::bought::{Bought, Purchase, Span};
use crate::model::money::Minor;

/// What a sale is to its buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// The first one known.
    First,
    /// A further one, soon enough after the one before.
    Again,
    /// The first after a silence.
    Returned,
}

/// A sale with what is known around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sold<'a> {
    pub(super) purchase: &'a Purchase,
    pub(super) turn: Turn,
    pub(super) margin: Option<Minor>,
}

impl Sold<'_> {
    /// What was given back of it, whenever.
    pub(super) fn refunded(&self) -> Minor {
        let refund = self.purchase.refund.filter(|refund| refund.day.is_some());
        // Without a day its amount is without the refund already.
        refund.map_or(Minor(0), |refund| refund.amount)
    }
}

/// All sales known, and by what they are counted.
pub(super) struct History<'a> {
    pub(super) bought: &'a Bought,
    pub(super) min_events: u32,
    pub(super) rate: Option<f64>,
    pub(super) silence_days: u32,
    /// Sales, oldest first; what was given back whole on an unknown day is none.
    pub(super) sales: Vec<Sold<'a>>,
}

impl<'a> History<'a> {
    /// Tells of each sale which one of its buyer it is.
    pub(super) fn new(bought: &'a Bought, plan: &MetricSettings) -> Self {
        let rules = plan.money;
        let mut last: BTreeMap<usize, NaiveDate> = BTreeMap::new();
        let mut sales = Vec::new();
        for purchase in bought.purchases.iter().filter(|one| !one.is_returned) {
            let before = last.insert(purchase.buyer, purchase.made);
            let silence = before.map(|before| (purchase.made - before).num_days());
            let turn = match silence {
                None => Turn::First,
                Some(days) if days > i64::from(rules.silence_days) => Turn::Returned,
                Some(_) => Turn::Again,
            };
            sales.push(Sold {
                purchase,
                turn,
                margin: margin::gross(purchase.amount, purchase.cost, rules.margin),
            });
        }
        Self {
            bought,
            min_events: plan.thresholds.min_events,
            rate: rules.margin,
            silence_days: rules.silence_days,
            sales,
        }
    }

    /// Sales that were won in a span.
    pub(super) fn closed(&self, span: Span) -> Vec<Sold<'a>> {
        self.of(|purchase| within(span, purchase.closed))
    }

    /// Sales whose deals were made in a span.
    pub(super) fn made(&self, span: Span) -> Vec<Sold<'a>> {
        self.of(|purchase| within(span, purchase.made))
    }

    /// Sales whose deals were made by a day.
    pub(super) fn made_by(&self, day: NaiveDate) -> Vec<Sold<'a>> {
        self.of(|purchase| purchase.made <= day)
    }

    fn of(&self, counts: impl Fn(&Purchase) -> bool) -> Vec<Sold<'a>> {
        let sales = self.sales.iter();
        sales
            .filter(|sold| counts(sold.purchase))
            .copied()
            .collect()
    }
}

/// Whether a day lies in a span.
pub(super) fn within((from, to): Span, day: NaiveDate) -> bool {
    (from..=to).contains(&day)
}

/// Different people among the buyers.
pub(super) fn people(sales: &[Sold<'_>]) -> BTreeSet<usize> {
    sales.iter().map(|sold| sold.purchase.buyer).collect()
}

/// The amount of some sales.
pub(super) fn revenue(sales: &[Sold<'_>]) -> Minor {
    sales.iter().map(|sold| sold.purchase.amount).sum()
}

/// The gross margin of some sales, where it is known of all of them.
pub(super) fn gross_margin(sales: &[Sold<'_>]) -> Option<Minor> {
    margin::sum(sales.iter().map(|sold| sold.margin))
}

/// An amount divided by a count, rounded to minor units; from `min_events` of the count on.
pub(super) fn per(amount: Minor, count: u64, min_events: u32) -> Option<Minor> {
    let enough = count >= u64::from(min_events.max(1));
    enough.then(|| Minor((amount.0 as f64 / count as f64).round() as i64))
}

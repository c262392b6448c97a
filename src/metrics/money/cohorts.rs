//! Buyers by the span of their first purchase: who came back, what they brought, and whether they paid for their attraction.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::history::{History, Sold, gross_margin, per, revenue, within};
use super::mean::{self, Mean};
use super::period::less;
use super::types::{BuyerCohort, Buyers};
use crate::metrics::values::Rate;
use crate::model::bought::{RefundRow, Span, known_days};
use crate::model::money::Minor;
use crate::model::period::Period;

/// Everything that one person bought by a day.
#[derive(Debug, Default)]
struct Person<'a> {
    sales: Vec<Sold<'a>>,
    /// Money given back in rows of their own.
    rows: Vec<&'a RefundRow>,
}

impl Person<'_> {
    fn first_day(&self) -> Option<NaiveDate> {
        self.sales.first().map(|sold| sold.purchase.made)
    }

    /// Everything that was given back to the person.
    fn refunds(&self) -> Minor {
        let in_rows: Minor = self.rows.iter().map(|row| row.amount).sum();
        [refunds(&self.sales), in_rows].into_iter().sum()
    }

    fn net(&self) -> Minor {
        less(revenue(&self.sales), self.refunds())
    }

    fn margin(&self) -> Option<Minor> {
        Some(less(gross_margin(&self.sales)?, self.refunds()))
    }
}

/// Those who had bought by the end of the reported period.
pub(super) struct People<'a> {
    by_number: BTreeMap<usize, Person<'a>>,
    min_events: u32,
}

impl<'a> People<'a> {
    pub(super) fn by(history: &History<'a>, day: NaiveDate) -> Self {
        let mut by_number: BTreeMap<usize, Person<'a>> = BTreeMap::new();
        for sold in history.made_by(day) {
            let person = by_number.entry(sold.purchase.buyer).or_default();
            person.sales.push(sold);
        }
        for row in &history.bought.refund_rows {
            if let Some(person) = by_number.get_mut(&row.buyer) {
                person.rows.push(row);
            }
        }
        Self {
            by_number,
            min_events: history.min_events,
        }
    }

    /// All of them together.
    pub(super) fn all(&self) -> Buyers {
        let people: Vec<&Person<'a>> = self.by_number.values().collect();
        let without = people.iter().filter(|of| !of.sales[0].purchase.has_keys);
        Buyers {
            count: people.len() as u64,
            sales: people.iter().map(|of| of.sales.len() as u64).sum(),
            sales_per_buyer: self.sales_per_buyer(&people),
            bought_again: self.bought_again(&people),
            revenue_per_buyer: self.mean(&people, |of| Some(revenue(&of.sales))),
            net_per_buyer: self.mean(&people, |of| Some(of.net())),
            margin_per_buyer: self.mean(&people, Person::margin),
            without_keys: Rate::share(
                Some(without.count() as f64),
                Some(people.len() as f64),
                self.min_events,
            ),
        }
    }

    /// The cohorts of these spans; one that nobody bought in for the first time is left out.
    pub(super) fn cohorts(
        &self,
        spans: Vec<Period>,
        history: &History<'_>,
        reported: &Period,
    ) -> Vec<BuyerCohort> {
        let cohort = |period: Period| {
            let span = known_days(&period, history.bought.known_from, reported);
            let spend = history.bought.spend.get(&span).copied();
            self.cohort(period, span, spend)
        };
        spans.into_iter().filter_map(cohort).collect()
    }

    fn cohort(&self, period: Period, span: Span, spend: Option<Minor>) -> Option<BuyerCohort> {
        let is_of = |of: &&Person<'a>| of.first_day().is_some_and(|day| within(span, day));
        let people: Vec<&Person<'a>> = self.by_number.values().filter(is_of).collect();
        if people.is_empty() {
            return None;
        }
        let sales: Vec<Sold<'a>> = people.iter().flat_map(|of| &of.sales).copied().collect();
        let amounts: Vec<Minor> = sales.iter().map(|sold| sold.purchase.amount).collect();
        let buyers = people.len() as u64;
        let refunds = people.iter().map(|of| of.refunds()).sum();
        let margin = gross_margin(&sales).map(|margin| less(margin, refunds));
        let spent = spend.filter(|spend| spend.0 > 0);
        let rows: Vec<&RefundRow> = people.iter().flat_map(|of| &of.rows).copied().collect();
        let paid_back_on = spent.and_then(|spent| paid_back_on(&sales, &rows, spent));
        let days = paid_back_on.map(|day| (day - span.0).num_days());
        Some(BuyerCohort {
            period,
            from: span.0,
            to: span.1,
            buyers,
            bought_again: self.bought_again(&people),
            sales: sales.len() as u64,
            sales_per_buyer: self.sales_per_buyer(&people),
            average_check: mean::of_amounts(&amounts, self.min_events),
            revenue: revenue(&sales),
            refunds,
            margin,
            revenue_per_buyer: self.mean(&people, |of| Some(revenue(&of.sales))),
            net_per_buyer: self.mean(&people, |of| Some(of.net())),
            margin_per_buyer: self.mean(&people, Person::margin),
            spend,
            cac: spent.and_then(|spent| per(spent, buyers, self.min_events)),
            paid_back: spent
                .zip(margin)
                .map(|(spent, margin)| margin.0 as f64 / spent.0 as f64),
            paid_back_on,
            payback_days: days.and_then(|days| u32::try_from(days).ok()),
        })
    }

    fn sales_per_buyer(&self, people: &[&Person<'a>]) -> Mean<f64> {
        let counts: Vec<f64> = people.iter().map(|of| of.sales.len() as f64).collect();
        mean::of_counts(&counts, self.min_events)
    }

    fn bought_again(&self, people: &[&Person<'a>]) -> Rate {
        let again = people.iter().filter(|of| of.sales.len() > 1).count();
        Rate::share(
            Some(again as f64),
            Some(people.len() as f64),
            self.min_events,
        )
    }

    /// The mean over people, if it is known of each.
    fn mean(
        &self,
        people: &[&Person<'a>],
        of: impl Fn(&Person<'a>) -> Option<Minor>,
    ) -> Mean<Minor> {
        let amounts: Option<Vec<Minor>> = people.iter().map(|person| of(person)).collect();
        match amounts {
            Some(amounts) => mean::of_amounts(&amounts, self.min_events),
            None => Mean::unknown(people.len() as u64),
        }
    }
}

fn refunds(sales: &[Sold<'_>]) -> Minor {
    sales.iter().map(Sold::refunded).sum()
}

/// The day from which on the margin less refunds covers what was spent: later refunds may undo a day that did.
fn paid_back_on(sales: &[Sold<'_>], rows: &[&RefundRow], spent: Minor) -> Option<NaiveDate> {
    let mut moves: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for sold in sales {
        *moves.entry(sold.purchase.closed).or_insert(0) += sold.margin?.0;
        if let Some(refund) = sold.purchase.refund
            && let Some(day) = refund.day
        {
            *moves.entry(day).or_insert(0) -= refund.amount.0;
        }
    }
    for row in rows {
        *moves.entry(row.day).or_insert(0) -= row.amount.0;
    }
    let (mut sum, mut since) = (0_i64, None);
    for (day, amount) in moves {
        sum += amount;
        since = (sum >= spent.0).then(|| since.unwrap_or(day));
    }
    since
}

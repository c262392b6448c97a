//! What the change of inquiries and of expected revenue is made of, a row for each base and factor.

use super::super::tidy::{Datum, Tidy};
use super::sheet;
use crate::config::words;
use crate::digest::page::Page;
use crate::digest::{breakdown_base, factor_name};
use crate::metrics::decomposition::{Breakdown, Chain, Factor};
use crate::metrics::values::Estimate;

/// The factors against the usual and against the period before.
pub(super) fn changes(page: &Page) -> Tidy {
    use words::{money_sheets, workbook};
    let columns = [
        money_sheets::AGAINST,
        words::decomposition::column::FACTOR,
        words::metric::INQUIRIES,
        workbook::INQUIRIES_AT_LEAST,
        workbook::INQUIRIES_AT_MOST,
        workbook::EXPECTED_REVENUE,
        workbook::REVENUE_AT_LEAST,
        workbook::REVENUE_AT_MOST,
    ];
    let decomposition = &page.digest.decomposition;
    let bases = [&decomposition.usual, &decomposition.previous];
    let shown = bases.into_iter().flatten().filter(|_| page.may_judge());
    let rows = shown.flat_map(|breakdown| of_base(page, breakdown));
    let title = page.text(words::decomposition::TITLE);
    sheet(page, title, &columns, rows.collect())
}

fn of_base(page: &Page, breakdown: &Breakdown) -> Vec<Vec<Datum>> {
    let base = breakdown_base(page, breakdown);
    let revenue = breakdown.expected_revenue.as_ref();
    // Revenue has two factors more than inquiries have.
    let chain = revenue.unwrap_or(&breakdown.inquiries);
    let row = |factor: Factor| {
        let inquiries = of_factor(&breakdown.inquiries, factor);
        let money = revenue.and_then(|chain| of_factor(chain, factor));
        let count = |of: fn(Estimate) -> f64| Datum::count(inquiries.map(of));
        let amount = |of: fn(Estimate) -> f64| match money {
            Some(estimate) => Datum::Money(of(estimate) / MINOR_UNITS),
            None => Datum::Empty,
        };
        vec![
            Datum::text(&base),
            Datum::text(factor_name(page, factor)),
            count(|estimate| estimate.value),
            count(|estimate| estimate.low),
            count(|estimate| estimate.high),
            amount(|estimate| estimate.value),
            amount(|estimate| estimate.low),
            amount(|estimate| estimate.high),
        ]
    };
    let factors = chain.contributions.iter().map(|part| part.factor);
    factors.map(row).collect()
}

/// Minor units of a major one, as money is kept.
const MINOR_UNITS: f64 = 100.0;

fn of_factor(chain: &Chain, factor: Factor) -> Option<Estimate> {
    let mut parts = chain.contributions.iter();
    parts
        .find(|part| part.factor == factor)
        .map(|part| part.amount)
}

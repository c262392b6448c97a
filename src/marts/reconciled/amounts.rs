//! What the deals of an export are worth, now and before.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::*;

use super::middle;
use crate::marts::known::Known;
use crate::marts::stored::Stored;
use crate::model::facts::OtherCurrency;
use crate::model::link::{ClickPrice, DealAmounts, SaleAmounts};
use crate::model::money::Minor;
use crate::model::period::{Period, place_of};
use crate::model::tables::{COSTS, DEALS};
use crate::model::zone::{self, local_day};

/// So many amounts of earlier deals, known then, say what was usual.
const LEAST_KNOWN: u64 = 10;
/// Clicks from which a price of one is stated.
const LEAST_CLICKS: i64 = 100;

/// The median amounts of the deals of each export that were entered in the last of the periods, and in those before it, and of the
/// sales that were closed then: deals of months may be closed in one week. What was
/// usual is taken from what was known by the end of the period, where the lake has it: a full download in another unit tells its
/// past in that unit too.
///
/// # Errors
/// When the lake cannot be read.
pub(in crate::marts) fn amounts(known: &Known<'_>, periods: &[Period]) -> Result<Vec<DealAmounts>> {
    let Some((period, before)) = periods.split_last() else {
        return Ok(Vec::new());
    };
    let stored = known.stored;
    if !stored.plan.view.rows.is_none() {
        return Ok(Vec::new());
    }
    let is_before = |day: NaiveDate| place_of(before, day).is_some();
    let mut by_export: BTreeMap<&str, [Amounts; 2]> = BTreeMap::new();
    for deal in stored.tables.deals.iter().flatten() {
        let own_currency = stored.plan.is_own_currency(&deal.export, &deal.currency);
        let [entered, sold] = by_export.entry(&deal.export).or_default();
        if deal.amount.0 <= 0 || !own_currency {
            continue;
        }
        let add = |to: &mut Amounts, at| {
            let day = local_day(at, stored.plan.zone);
            match (period.contains(day), is_before(day)) {
                (true, _) => to.now.push(deal.amount.0),
                (false, true) => to.usual.push(deal.amount.0),
                (false, false) => {}
            }
        };
        add(entered, deal.created_at);
        if let Some(won_at) = deal.won_at() {
            add(sold, won_at);
        }
    }
    let days = before.first().zip(before.last());
    let days = days.map(|(first, last)| (first.from, last.to));
    let (_, end) = zone::bounds(period, stored.plan.zone);
    let mut told = Vec::new();
    for (export, [entered, sold]) in by_export {
        let Amounts { now, usual } = entered;
        let then = match days.filter(|_| end < stored.as_of) {
            Some(days) => known_then(stored, export, days, end)?,
            None => Vec::new(),
        };
        let before = usual.len() as u64;
        let before_then = then.len() as u64;
        let is_known = before_then >= LEAST_KNOWN;
        told.push(DealAmounts {
            export: export.to_owned(),
            deals: now.len() as u64,
            median: median(now),
            usual: median(if is_known { then } else { usual }),
            before,
            before_then,
            sold: SaleAmounts {
                sales: sold.now.len() as u64,
                median: median(sold.now),
                usual: median(sold.usual),
            },
        });
    }
    Ok(told)
}

/// Amounts of deals of the reported period, and of those before it.
#[derive(Default)]
struct Amounts {
    now: Vec<i64>,
    usual: Vec<i64>,
}

/// The amounts of the deals of an export that were entered on some days, as they were known at a time.
fn known_then(
    stored: &Stored<'_>,
    export: &str,
    (from, to): (NaiveDate, NaiveDate),
    then: DateTime<Utc>,
) -> Result<Vec<i64>> {
    let scan = stored.lake.scan_export((&DEALS, export), then, from, to)?;
    let Some(scan) = scan else {
        return Ok(Vec::new());
    };
    let currency = col("currency").cast(DataType::String);
    let rows = scan.select([col("amount"), currency]).collect()?;
    let currencies = rows.column("currency")?.str()?.iter();
    let amounts = rows.column("amount")?.i64()?.iter().zip(currencies);
    let own = amounts.filter_map(|(amount, currency)| {
        let is_own = stored
            .plan
            .is_own_currency(export, currency.unwrap_or_default());
        amount.filter(|amount| *amount > 0 && is_own)
    });
    Ok(own.collect())
}

fn median(mut amounts: Vec<i64>) -> Option<Minor> {
    middle(&mut amounts).map(Minor)
}

/// What a click was over the periods before the last, of each export of costs: as known now, and by the end of the last period. A
/// full download in another unit tells its past in that unit too.
///
/// # Errors
/// When the lake cannot be read.
pub(in crate::marts) fn click_prices(
    known: &Known<'_>,
    periods: &[Period],
) -> Result<Vec<ClickPrice>> {
    let stored = known.stored;
    let Some((period, [first, .., last])) = periods.split_last() else {
        return Ok(Vec::new());
    };
    let (_, end) = zone::bounds(period, stored.plan.zone);
    if end >= stored.as_of || !stored.plan.view.rows.is_none() {
        return Ok(Vec::new());
    }
    let exports: BTreeSet<&String> = stored.costs.exports().values().collect();
    let mut prices = Vec::new();
    for export in exports {
        let price = |at| click_price(stored, export, (first.from, last.to), at);
        if let Some((now, then)) = price(stored.as_of)?.zip(price(end)?) {
            let export = export.clone();
            prices.push(ClickPrice { export, now, then });
        }
    }
    Ok(prices)
}

/// The cost of a click of an export on some days; `None` with too few clicks.
fn click_price(
    stored: &Stored<'_>,
    export: &str,
    (from, to): (NaiveDate, NaiveDate),
    at: DateTime<Utc>,
) -> Result<Option<Minor>> {
    let scan = stored.lake.scan_export((&COSTS, export), at, from, to)?;
    let Some(scan) = scan else { return Ok(None) };
    let clicks = col("clicks").cast(DataType::Int64);
    let sums = [col("cost").sum(), clicks.sum()];
    let sums = scan.select(sums).collect()?;
    let sum = |name: &str| -> Result<i64> { Ok(sums.column(name)?.i64()?.get(0).unwrap_or(0)) };
    let (cost, clicks) = (sum("cost")?, sum("clicks")?);
    Ok((clicks >= LEAST_CLICKS).then(|| Minor(cost / clicks)))
}

/// Money of sales of a period that is in other currencies than the pipeline's, by currency.
pub(in crate::marts) fn in_other_currencies(
    stored: &Stored<'_>,
    export: &str,
    period: &Period,
) -> Vec<OtherCurrency> {
    let mut sums: BTreeMap<&str, OtherCurrency> = BTreeMap::new();
    let deals = stored.tables.deals.iter().flatten();
    for deal in deals.filter(|deal| *deal.export == *export && deal.amount.0 > 0) {
        let won_at = deal.won_at();
        let is_of_period =
            won_at.is_some_and(|at| period.contains(local_day(at, stored.plan.zone)));
        if !is_of_period || stored.plan.is_own_currency(export, &deal.currency) {
            continue;
        }
        let currency = match &*deal.currency {
            "" => stored
                .plan
                .export(export)
                .and_then(|export| export.currency.as_deref()),
            stated => Some(stated),
        };
        let Some(currency) = currency else { continue };
        let sum = sums.entry(currency).or_insert_with(|| OtherCurrency {
            currency: currency.to_owned(),
            rows: 0,
            amount: 0,
        });
        sum.rows += 1;
        sum.amount += deal.amount.0;
    }
    sums.into_values().collect()
}

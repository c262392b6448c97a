//! The plan: monthly targets as a small sheet, UTF-8 with `;`.

use anyhow::{Context, Result};
use chrono::{Datelike, NaiveDate};
use std::path::Path;

use super::calendar::{MONTH_DAYS, season, shift};
use super::channels::CHANNELS;
use super::output::Rolling;
use super::sources::SOURCES;

const HEADER: &str = "period;channel;metric;value\n";

/// What the plan asks for: a little more than the firm usually has. Invented.
const INQUIRIES_A_VISIT: f64 = 0.037;
const SALES_AN_INQUIRY: f64 = 0.23;
const ROUBLES_A_SALE: f64 = 130_000.0;
/// Clicks that are paid for each visit of the counter.
const CLICKS_A_VISIT: f64 = 1.1;

/// Writes targets for each month from `first` to `last`; `volume` is visits in an average week.
pub fn write(folder: &Path, first: NaiveDate, last: NaiveDate, volume: f64) -> Result<()> {
    let mut files = Rolling::new(&folder.join("plan"), HEADER, 0)?;
    let mut month = first.with_day(1).context("every month has a first day")?;
    while month <= last {
        let middle = shift(month, 14);
        let visits = volume * MONTH_DAYS / 7.0 * season(middle, last);
        let period = month.format("%Y-%m").to_string();
        files.write("targets.csv", of_month(&period, visits).as_bytes())?;
        // 32 days after a first day is always in the next month.
        let next = shift(month, 32).with_day(1);
        month = next.context("every month has a first day")?;
    }
    files.finish()
}

fn of_month(period: &str, visits: f64) -> String {
    let inquiries = visits * INQUIRIES_A_VISIT;
    let sales = inquiries * SALES_AN_INQUIRY;
    let mut rows = String::new();
    let spend_of = |channel: usize| visits * CHANNELS[channel].share * cost(channel);
    let spend: f64 = (0..CHANNELS.len()).map(spend_of).sum();
    // People plan in round numbers: each with the step that it is rounded to.
    let totals = [
        ("sessions", visits, 100.0),
        ("inquiries", inquiries, 10.0),
        ("sales", sales, 1.0),
        ("revenue", sales * ROUBLES_A_SALE, 100_000.0),
        ("spend", spend, 5_000.0),
    ];
    for (metric, value, step) in totals {
        rows += &format!("{period};total;{metric};{}\n", rounded(value, step));
    }
    for (index, channel) in CHANNELS.iter().enumerate() {
        let id = channel.id;
        let visits = visits * channel.share;
        let sessions = rounded(visits, 10.0);
        rows += &format!("{period};{id};sessions;{sessions}\n");
        let inquiries = rounded(visits * channel.rate, 1.0);
        rows += &format!("{period};{id};inquiries;{inquiries}\n");
        if cost(index) > 0.0 {
            let spend = rounded(visits * cost(index), 1_000.0);
            rows += &format!("{period};{id};spend;{spend}\n");
        }
    }
    rows
}

/// Roubles for a visit of a channel.
fn cost(channel: usize) -> f64 {
    let sources = SOURCES.iter();
    let of_channel = sources.filter(|source| usize::from(source.channel) == channel);
    of_channel
        .map(|source| source.share * source.click * CLICKS_A_VISIT)
        .sum()
}

fn rounded(value: f64, step: f64) -> i64 {
    ((value / step).round() * step) as i64
}

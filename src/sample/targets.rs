//! The plan: monthly targets as a small sheet, UTF-8 with `;`.

use anyhow::{Context, Result};
use chrono::{Datelike, NaiveDate};
use std::path::Path;

use super::calendar::{season, shift};
use super::channels::CHANNELS;
use super::output::Rolling;
use super::sources::SOURCES;

const HEADER: &str = "period;channel;metric;value\n";

/// Writes targets for each month from `first` to `last`; `volume` is visits in an average week.
pub fn write(folder: &Path, first: NaiveDate, last: NaiveDate, volume: f64) -> Result<()> {
    let mut files = Rolling::new(&folder.join("plan"), HEADER, 0)?;
    let mut month = first.with_day(1).context("every month has a first day")?;
    while month <= last {
        let middle = shift(month, 14);
        let visits = volume * 30.4 / 7.0 * season(middle, last);
        files.write(
            "targets.csv",
            of_month(&month.format("%Y-%m").to_string(), visits).as_bytes(),
        )?;
        month = shift(month, 32)
            .with_day(1)
            .context("every month has a first day")?;
    }
    files.finish()
}

fn of_month(period: &str, visits: f64) -> String {
    let inquiries = visits * 0.037;
    let sales = inquiries * 0.23;
    let mut rows = String::new();
    let spend: f64 = (0..CHANNELS.len())
        .map(|channel| visits * CHANNELS[channel].share * cost(channel))
        .sum();
    let totals = [
        ("sessions", visits, 100.0),
        ("inquiries", inquiries, 10.0),
        ("sales", sales, 1.0),
        ("revenue", sales * 130_000.0, 100_000.0),
        ("spend", spend, 5_000.0),
    ];
    for (metric, value, step) in totals {
        rows += &format!("{period};total;{metric};{}\n", rounded(value, step));
    }
    for (index, channel) in CHANNELS.iter().enumerate() {
        let sessions = visits * channel.share;
        rows += &format!(
            "{period};{};sessions;{}\n",
            channel.id,
            rounded(sessions, 10.0)
        );
        rows += &format!(
            "{period};{};inquiries;{}\n",
            channel.id,
            rounded(sessions * channel.rate, 1.0)
        );
        if cost(index) > 0.0 {
            rows += &format!(
                "{period};{};spend;{}\n",
                channel.id,
                rounded(sessions * cost(index), 1_000.0)
            );
        }
    }
    rows
}

/// Roubles for a visit of a channel.
fn cost(channel: usize) -> f64 {
    SOURCES
        .iter()
        .filter(|source| usize::from(source.channel) == channel)
        .map(|source| source.share * source.click * 1.1)
        .sum()
}

fn rounded(value: f64, step: f64) -> i64 {
    ((value / step).round() * step) as i64
}

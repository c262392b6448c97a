//! Sessions that were left at once, by channel and period: from the daily cubes, which are small.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use chrono::NaiveDate;
use polars::prelude::*;

use crate::lake::cube::Way;
use crate::lake::scan::day_number;
use crate::marts::alike::pieces;
use crate::marts::stored::Stored;
use crate::marts::view;
use crate::model::channel::ChannelId;
use crate::model::period::Period;
use crate::model::tables::SESSIONS;

/// Bounces by day and position of the channel.
type DailyBounces = HashMap<(i32, usize), u64>;

/// Bounces of each period by channel; `None` where no session of it says whether it was one.
///
/// # Errors
/// When the lake cannot be read.
pub fn of_channels(
    stored: &Stored<'_>,
    periods: &[Period],
) -> Result<Vec<Option<BTreeMap<ChannelId, u64>>>> {
    let from = periods.iter().map(|period| period.from).min();
    let (Some(from), Some(to)) = (from, periods.iter().map(|period| period.to).max()) else {
        return Ok(Vec::new());
    };
    let mut daily = DailyBounces::new();
    match stored.origins.view.is_none() {
        true => add_counted(stored, (from, to), &mut daily)?,
        false => add_seen(stored, (from, to), &mut daily)?,
    }
    periods
        .iter()
        .map(|period| of_period(stored, period, &daily))
        .collect()
}

fn of_period(
    stored: &Stored<'_>,
    period: &Period,
    daily: &DailyBounces,
) -> Result<Option<BTreeMap<ChannelId, u64>>> {
    let mut bounces: BTreeMap<ChannelId, u64> = BTreeMap::new();
    for day in day_number(period.from)..=day_number(period.to) {
        for (position, channel) in stored.origins.channels.iter().enumerate() {
            if let Some(more) = daily.get(&(day, position)) {
                *bounces.entry(channel.clone()).or_default() += more;
            }
        }
    }
    // None at all is rare among visits: then the export may not say which were left at once.
    let is_known = !bounces.is_empty() || says(stored, period)?;
    Ok(is_known.then_some(bounces))
}

/// Whether any session of a period that is seen says whether it was left at once.
fn says(stored: &Stored<'_>, period: &Period) -> Result<bool> {
    let days = (period.from, period.to);
    let told = |scan: LazyFrame| {
        let told = scan.filter(col("bounce").is_not_null());
        told.select([col("origin")]).limit(1)
    };
    let frame = view::sessions(stored.lake, stored.as_of, days, &stored.origins, told)?;
    Ok(frame.is_some_and(|frame| frame.height() > 0))
}

fn add_counted(
    stored: &Stored<'_>,
    (from, to): (NaiveDate, NaiveDate),
    daily: &mut DailyBounces,
) -> Result<()> {
    let counted = stored.lake.daily(stored.as_of, from, to)?;
    let day = || col(SESSIONS.day).to_physical().alias("day");
    if let Some(cubes) = counted.cubes {
        let by_origin = cubes.filter(col("way").eq(lit(Way::Device.number())));
        let columns = [day(), col("origin"), col("bounces")];
        add(stored, &by_origin.select(columns).collect()?, daily)?;
    }
    if let Some(rows) = counted.rows {
        let left = rows.filter(col("bounce"));
        let columns = [day(), col("origin"), one()];
        add(stored, &left.select(columns).collect()?, daily)?;
    }
    Ok(())
}

fn add_seen(
    stored: &Stored<'_>,
    (from, to): (NaiveDate, NaiveDate),
    daily: &mut DailyBounces,
) -> Result<()> {
    for piece in pieces(from, to) {
        let left = |scan: LazyFrame| {
            let day = col(SESSIONS.day).to_physical().alias("day");
            let columns = [day, col("origin"), one()];
            scan.filter(col("bounce")).select(columns)
        };
        let seen = view::sessions(stored.lake, stored.as_of, piece, &stored.origins, left)?;
        if let Some(frame) = seen {
            add(stored, &frame, daily)?;
        }
    }
    Ok(())
}

/// What each of the rows that are bounces counts.
fn one() -> Expr {
    col("bounce").cast(DataType::UInt32).alias("bounces")
}

fn add(stored: &Stored<'_>, frame: &DataFrame, daily: &mut DailyBounces) -> Result<()> {
    let days = frame.column("day")?.i32()?.iter();
    let origins = frame.column("origin")?.u32()?.iter();
    let bounces = frame.column("bounces")?.u32()?.iter();
    for ((day, origin), more) in days.zip(origins).zip(bounces) {
        let position = stored.origins.position(origin.unwrap_or(0));
        let more = u64::from(more.unwrap_or(0));
        if more > 0 {
            *daily.entry((day.unwrap_or(0), position)).or_default() += more;
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "bounces_tests.rs"]
mod tests;

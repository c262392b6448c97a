//! The calls of a fault's lines by day and hour.

use chrono::{NaiveDate, TimeDelta};

use crate::config::words;
use crate::diagnosis::finding::Finding;
use crate::diagnosis::hours::HoursOfDay;
use crate::digest::blocks::{Block, Chart, Drawing, HourGrid, HourRow};
use crate::digest::causes;
use crate::digest::page::Page;
use crate::digest::stretch;
use crate::model::zone;

/// Hours of a day.
const HOURS_A_DAY: usize = 24;

/// The grid of a finding's calls, unless it has none.
pub(super) fn chart(page: &Page, finding: &Finding) -> Option<Block> {
    let hours = finding.hours.as_ref()?;
    let cause = finding.causes.first()?;
    let place = causes::places(page, cause.code, &cause.scope);
    let place = if place.is_empty() {
        page.text(words::daily::EVERYWHERE)
    } else {
        place
    };
    let row = |of: &HoursOfDay| HourRow {
        label: page.figures.axis_day(of.day),
        counts: of.calls.clone(),
        fault: fault(page, finding, of.day),
    };
    let days = stretch::days(page, finding);
    let days = page.figures.days(*days.start(), *days.end());
    Some(Block::Chart(Chart {
        name: "hours",
        title: page.rich(words::hours::TITLE, &[("place", &place)]),
        alt: page.fill(words::hours::ALT, &[("place", &place), ("days", &days)]),
        drawing: Drawing::Hours(HourGrid {
            rows: hours.days.iter().map(row).collect(),
        }),
        tab: None,
    }))
}

/// The hours of a day in which the fault was.
fn fault(page: &Page, finding: &Finding, day: NaiveDate) -> Option<(usize, usize)> {
    let midnight = zone::day_start(day, page.digest.pipeline.time_zone);
    let hour = |delta: TimeDelta| delta.num_hours().clamp(0, HOURS_A_DAY as i64) as usize;
    let from = hour(finding.started_at? - midnight);
    let period_end = page.digest.period.to + TimeDelta::days(1);
    let end = finding
        .ended_at
        .unwrap_or_else(|| zone::day_start(period_end, page.digest.pipeline.time_zone));
    let to = hour(end - midnight);
    (from < to).then_some((from, to))
}

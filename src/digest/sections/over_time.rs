//! Inquiries over time, near and far: the days of the period, the weeks before it, a quarter of weeks. A page shows one at a
//! time.

use super::cells::by_kind;
use super::daily::{mark, ticks};
use crate::config::words::{self, Key};
use crate::diagnosis::daily::{Daily, DailyPoint, Measure};
use crate::digest::blocks::{Block, Chart, DailyChart, DayMark, Drawing};
use crate::digest::page::Page;
use crate::metrics::scorecard::TrendPoint;

/// A week; longer periods are shown with all their days.
const DAYS_A_WEEK: usize = 7;
/// Fewer periods are no past.
const FEWEST_PERIODS: usize = 3;

/// The pictures, nearest first; a single one has nothing to be switched to.
pub(super) fn charts(page: &Page) -> Vec<Block> {
    let of_days = page.digest.days.iter();
    let mut of_inquiries = of_days.filter(|days| days.measure == Measure::Inquiries);
    let days = of_inquiries.next();
    let near = days.and_then(|days| near(page, days));
    let weeks = days.map(|days| chart(page, "days28", &days.points));
    let charts = [near, weeks, far(page)];
    charts.into_iter().flatten().map(Block::Chart).collect()
}

/// The days of a week by themselves.
fn near(page: &Page, days: &Daily) -> Option<Chart> {
    let period = &page.digest.period;
    let length = (period.to - period.from).num_days() + 1;
    let first = days.points.len().checked_sub(DAYS_A_WEEK)?;
    let is_week = length == DAYS_A_WEEK as i64 && first > 0;
    is_week.then(|| chart(page, "days7", &days.points[first..]))
}

/// Days with those before them, as long as the diagnosis knows them.
fn chart(page: &Page, name: &'static str, points: &[DailyPoint]) -> Chart {
    let period_from = page.digest.period.from;
    let from = points.iter().position(|point| point.day >= period_from);
    let marks: Vec<DayMark> = points.iter().map(|point| mark(page, point)).collect();
    let count = points.len();
    let tab = if count > DAYS_A_WEEK && count.is_multiple_of(DAYS_A_WEEK) {
        page.figures
            .counted_whole(words::words::WEEKS_IN, (count / DAYS_A_WEEK) as f64)
    } else {
        page.figures.counted_whole(words::words::DAYS, count as f64)
    };
    let drawing = drawing(page, marks, from.unwrap_or(0));
    whole(page, name, words::over_time::DAYS, tab, drawing)
}

/// The periods of the trend, each against what was to be expected of its visits.
fn far(page: &Page) -> Option<Chart> {
    let points = page.digest.trend.iter();
    let marks: Vec<DayMark> = points.filter_map(|point| of_period(page, point)).collect();
    if marks.len() < FEWEST_PERIODS {
        return None;
    }
    let noun = by_kind(
        page,
        [
            words::words::WEEKS_IN,
            words::words::MONTHS_IN,
            words::words::QUARTERS_IN,
            words::words::PERIODS_IN,
        ],
    );
    let tab = page.figures.counted_whole(noun, marks.len() as f64);
    let last = marks.len() - 1;
    let drawing = drawing(page, marks, last);
    let title = words::over_time::PERIODS;
    Some(whole(page, "periods", title, tab, drawing))
}

fn of_period(page: &Page, point: &TrendPoint) -> Option<DayMark> {
    let (usual, sessions) = (point.usual?, point.sessions? as f64);
    Some(DayMark {
        label: page.figures.axis_period(&point.period),
        observed: point.inquiries?,
        expected: usual.value * sessions,
        usual: (usual.low * sessions, usual.high * sessions),
    })
}

fn drawing(page: &Page, points: Vec<DayMark>, period_from: usize) -> DailyChart {
    let tallest = points.iter().map(|mark| mark.observed.max(mark.usual.1));
    let most = tallest.fold(0.0, f64::max);
    DailyChart {
        ticks: ticks(page, most),
        points,
        period_from,
        start: None,
        end: None,
        expected_label: page.text(words::daily::EXPECTED),
    }
}

fn whole(page: &Page, name: &'static str, title: Key, tab: String, drawing: DailyChart) -> Chart {
    Chart {
        name,
        title: page.rich(title, &[]),
        alt: page.fill(words::over_time::ALT, &[("span", &tab)]),
        drawing: Drawing::Daily(drawing),
        tab: Some(tab),
    }
}

//! The daily chart of the first cause: when it began, and how far the days fell short of what was expected.

use chrono::{DateTime, Utc};

use crate::config::words;
use crate::diagnosis::daily::{Daily, DailyPoint, Measure};
use crate::diagnosis::finding::Finding;
use crate::digest::blocks::{Block, Chart, DailyChart, DayMark, Drawing};
use crate::digest::causes;
use crate::digest::page::Page;
use crate::digest::phrases::upper_first;
use crate::digest::stretch::{self, DaySums};

/// The chart of a finding's days, unless it has none.
pub(super) fn chart(page: &Page, finding: &Finding) -> Option<Block> {
    let daily = finding
        .daily
        .as_ref()
        .filter(|daily| daily.points.len() > 1)?;
    let cause = finding.causes.first();
    let place = cause.map(|cause| causes::places(page, cause.code, &cause.scope));
    let place = place.filter(|place| !place.is_empty());
    let place = place.unwrap_or_else(|| page.text(words::daily::EVERYWHERE));
    let title = match daily.measure {
        Measure::Inquiries => words::daily::title::INQUIRIES,
        Measure::Forms => words::daily::title::FORMS,
        Measure::Calls => words::daily::title::CALLS,
        Measure::Sessions => words::daily::title::SESSIONS,
    };
    Some(Block::Chart(Chart {
        name: "daily",
        title: page.rich(title, &[("place", &place)]),
        alt: alt(page, finding, daily),
        drawing: Drawing::Daily(drawing(page, finding, daily)),
        tab: None,
    }))
}

/// The message for those who do not see the picture: what the main evidence of the cause counted where that is what the
/// days count, so that one fact has one number; else the days of the fault.
fn alt(page: &Page, finding: &Finding, daily: &Daily) -> String {
    let key = match daily.measure {
        Measure::Inquiries => words::daily::alt::INQUIRIES,
        Measure::Forms => words::daily::alt::FORMS,
        Measure::Calls => words::daily::alt::CALLS,
        Measure::Sessions => words::daily::alt::SESSIONS,
    };
    let (days, DaySums { observed, expected }) = told(page, finding, daily).unwrap_or_else(|| {
        let days = stretch::days(page, finding);
        let days = page.figures.days(*days.start(), *days.end());
        (days, stretch::sums(page, finding, daily))
    });
    let values = [
        ("days", &*upper_first(&days)),
        ("observed", &page.figures.number(observed, 0)),
        ("expected", &page.figures.number(expected, 0)),
    ];
    page.fill(key, &values)
}

/// When the main evidence saw what it counted, and its numbers.
fn told(page: &Page, finding: &Finding, daily: &Daily) -> Option<(String, DaySums)> {
    let main = causes::main_count(finding.causes.first()?)?;
    let is_alike = main.unit == causes::measured(daily.measure);
    let (observed, expected) = (main.observed, main.expected);
    is_alike.then(|| {
        (
            causes::when(page, main.evidence),
            DaySums { observed, expected },
        )
    })
}

fn drawing(page: &Page, finding: &Finding, daily: &Daily) -> DailyChart {
    let first = daily.points[0].day;
    let place = |at: DateTime<Utc>| {
        let local = at.with_timezone(&page.digest.pipeline.time_zone);
        let days = (local.date_naive() - first).num_days() as f64;
        let hours = f64::from(chrono::Timelike::hour(&local)) / 24.0;
        Some(days + hours).filter(|place| (0.0..=daily.points.len() as f64).contains(place))
    };
    let start = finding.started_at.and_then(|at| {
        let began = causes::began(page, Some(at));
        let label = began.and_then(|at| causes::span(page, Some(at), None));
        let label = label.unwrap_or_default();
        Some((place(at)?, upper_first(&label)))
    });
    let most = daily
        .points
        .iter()
        .map(|point| point.observed.max(point.high))
        .fold(0.0, f64::max);
    DailyChart {
        points: daily.points.iter().map(|point| mark(page, point)).collect(),
        period_from: daily
            .points
            .iter()
            .position(|point| point.day >= page.digest.period.from)
            .unwrap_or(0),
        start,
        end: finding.ended_at.and_then(place),
        expected_label: page.text(words::daily::EXPECTED),
        ticks: ticks(page, most),
    }
}

/// One day as a chart draws it.
pub(super) fn mark(page: &Page, point: &DailyPoint) -> DayMark {
    DayMark {
        label: page.figures.axis_day(point.day),
        observed: point.observed,
        expected: point.expected,
        usual: (point.low, point.high),
    }
}

/// Zero and one to four round counts above it.
pub(super) fn ticks(page: &Page, most: f64) -> Vec<(f64, String)> {
    let magnitude = 10f64.powf((most.max(1.0) / 4.0).log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| (step * magnitude).max(1.0));
    let step = steps
        .into_iter()
        .find(|step| most / step <= 4.0)
        .unwrap_or(steps[3]);
    let count = (most / step).floor().max(1.0) as u32;
    (0..=count)
        .map(|place| f64::from(place) * step)
        .map(|value| (value, page.figures.number(value, 0)))
        .collect()
}

//! Inquiries over time, and the first conversion over the periods behind the reported one.

use super::over_time;
use super::section::{Section, no_subtitle};
use crate::config::words;
use crate::digest::blocks::{Block, Chart, Drawing, Tone, Trend, TrendMark};
use crate::digest::document::Readers;
use crate::digest::page::Page;
use crate::metrics::scorecard::TrendPoint;

pub(super) const SECTION: Section = Section {
    code: "trend",
    title: Some(|page| page.text(words::trend::TITLE)),
    subtitle: no_subtitle,
    blocks,
    readers: Readers::Report,
};

/// More points than this are too dense for a phone.
const MOST_POINTS: usize = 14;

fn blocks(page: &Page) -> Vec<Block> {
    let near = over_time::charts(page);
    near.into_iter().chain(conversion(page)).collect()
}

/// The first conversion over the periods.
fn conversion(page: &Page) -> Option<Block> {
    let trend = &page.digest.trend;
    let points = &trend[trend.len().saturating_sub(MOST_POINTS)..];
    if points
        .iter()
        .filter(|point| point.conv1.value.is_some())
        .count()
        < 3
    {
        return None;
    }
    let title = page.rich(words::trend::CAPTION, &[]);
    Some(Block::Chart(Chart {
        name: "trend",
        title,
        alt: alt(page, points),
        drawing: Drawing::Trend(drawing(page, points)),
        tab: None,
    }))
}

/// The message for those who do not see the picture.
fn alt(page: &Page, points: &[TrendPoint]) -> String {
    let totals = &page.digest.totals;
    let now = totals.conv1.value.map_or_else(
        || page.text(words::absent::NO_DATA),
        |rate| page.figures.percent(rate, 2),
    );
    let past = points.len().saturating_sub(1).to_string();
    match &totals.usual {
        Some(usual) => {
            let key = match page.tone(totals) {
                Tone::Bad => words::trend::alt::BELOW,
                Tone::Good => words::trend::alt::ABOVE,
                Tone::Neutral | Tone::Warn => words::trend::alt::WITHIN,
            };
            let range = page
                .figures
                .percent_range(usual.conv1.low, usual.conv1.high, 2);
            page.fill(key, &[("now", &now), ("range", &range), ("past", &past)])
        }
        None => page.fill(words::trend::alt::PLAIN, &[("now", &now), ("past", &past)]),
    }
}

fn drawing(page: &Page, points: &[TrendPoint]) -> Trend {
    let marks: Vec<TrendMark> = points
        .iter()
        .map(|point| TrendMark {
            label: page.figures.axis_period(&point.period),
            value: point.conv1.value,
            usual: point.usual.map(|usual| (usual.low, usual.high)),
            last_year: point.last_year_conv1,
        })
        .collect();
    let year = page.digest.period.last_year().from.format("%Y").to_string();
    let last = page.digest.totals.conv1.value;
    Trend {
        ticks: ticks(page, &marks),
        points: marks,
        last_label: last
            .map(|rate| page.figures.percent(rate, 2))
            .unwrap_or_default(),
        tone: page.tone(&page.digest.totals),
        band_label: page.text(words::trend::BAND),
        last_year_label: page.fill(words::trend::LAST_YEAR, &[("year", &year)]),
    }
}

/// Two to four round values inside the drawn range.
fn ticks(page: &Page, marks: &[TrendMark]) -> Vec<(f64, String)> {
    let values = marks.iter().flat_map(|mark| {
        [
            mark.value,
            mark.last_year,
            mark.usual.map(|usual| usual.0),
            mark.usual.map(|usual| usual.1),
        ]
    });
    let values: Vec<f64> = values.flatten().collect();
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let steps = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5,
    ];
    let step = steps
        .into_iter()
        .find(|step| (most - least) / step <= 3.5)
        .unwrap_or(1.0);
    let (first, last) = ((least / step).ceil() as i64, (most / step).floor() as i64);
    let decimals = if step < 0.001 || step == 0.0025 {
        2
    } else {
        usize::from(step < 0.01)
    };
    (first..=last.min(first + 6))
        .map(|place| {
            let value = place as f64 * step;
            (value, page.figures.percent(value, decimals))
        })
        .collect()
}

//! The changes of the channels with their intervals, drawn one below the other.

use super::shorten;
use crate::digest::blocks::{Block, Chart, Drawing, IntervalRow, Intervals, Tone};
use crate::digest::document::Page;
use crate::metrics::scorecard::ChannelRow;
use crate::model::change::Change;

/// Rows that a phone's width bears.
const MOST: usize = 8;

/// The chart of these channels and the total; fewer than two intervals need none.
pub(super) fn chart(page: &Page, channels: &[&ChannelRow], decimals: usize) -> Option<Block> {
    let total = (page.text("table.total"), &page.digest.totals);
    let named = channels.iter().map(|row| (shorten(&row.title, 18), *row));
    let rows: Vec<IntervalRow> =
        named.filter_map(|(label, row)| self::row(page, label, row, decimals)).take(MOST).collect();
    if rows.len() < 2 {
        return None;
    }
    let alt = alt(page, &rows);
    let rows: Vec<IntervalRow> = rows.into_iter().chain(row(page, total.0, total.1, decimals)).collect();
    let ticks = ticks(page, &rows);
    Some(Block::Chart(Chart {
        name: "channels",
        title: page.rich("intervals.title", &[]),
        alt,
        drawing: Drawing::Intervals(Intervals { rows, ticks }),
    }))
}

fn row(page: &Page, label: String, row: &ChannelRow, decimals: usize) -> Option<IntervalRow> {
    let Change::Points { value, low, high, .. } = row.previous.as_ref()?.change.conv1 else { return None };
    Some(IntervalRow { label, value, low, high, shown: page.figures.points(value, decimals), tone: page.tone(row) })
}

fn alt(page: &Page, rows: &[IntervalRow]) -> String {
    let of = |tone: Tone| {
        let moved: Vec<String> = rows
            .iter()
            .filter(|row| row.tone == tone)
            .map(|row| page.fill("intervals.moved", &[("channel", &row.label), ("change", &row.shown)]))
            .collect();
        moved.join(", ")
    };
    match (of(Tone::Bad), of(Tone::Good)) {
        (worse, better) if worse.is_empty() && better.is_empty() => page.text("intervals.alt.none"),
        (worse, better) if better.is_empty() => page.fill("intervals.alt.worse", &[("worse", &worse)]),
        (worse, better) if worse.is_empty() => page.fill("intervals.alt.better", &[("better", &better)]),
        (worse, better) => page.fill("intervals.alt.both", &[("worse", &worse), ("better", &better)]),
    }
}

/// Zero and one or two round values on either side.
fn ticks(page: &Page, rows: &[IntervalRow]) -> Vec<(f64, String)> {
    let widest = rows.iter().map(|row| row.low.abs().max(row.high.abs())).fold(0.0, f64::max);
    let steps = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0];
    let step = steps.into_iter().find(|step| widest / step <= 2.9).unwrap_or(100.0);
    let count = (widest / step).floor() as i32;
    let decimals = usize::from(step < 1.0);
    (-count..=count)
        .map(|place| f64::from(place) * step)
        .map(|value| (value, if value == 0.0 { "0".to_owned() } else { page.figures.signed(value, decimals) }))
        .collect()
}

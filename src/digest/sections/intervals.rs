//! The changes of the channels with their intervals, drawn one below the other.

use super::channels::moved;
use crate::config::words;
use crate::digest::blocks::{Block, Chart, Drawing, IntervalRow, Intervals, Tone};
use crate::digest::page::Page;
use crate::digest::phrases::shorten;
use crate::metrics::scorecard::ChannelRow;
use crate::model::change::Change;

/// Rows of the picture, unless more channels than these moved.
const CHANNELS_DRAWN: usize = 8;

/// The chart of these channels and the total; fewer than two intervals need none.
pub(super) fn chart(page: &Page, channels: &[&ChannelRow], decimals: usize) -> Option<Block> {
    let total = (page.text(words::table::TOTAL), &page.digest.totals);
    let named = channels.iter().map(|row| (shorten(&row.title, 16), *row));
    let rows = telling(
        named
            .filter_map(|(label, row)| self::row(page, label, row, decimals))
            .collect(),
    );
    if rows.len() < 2 {
        return None;
    }
    let alt = alt(page, &rows);
    let rows: Vec<IntervalRow> = rows
        .into_iter()
        .chain(row(page, total.0, total.1, decimals))
        .collect();
    let ticks = ticks(page, &rows);
    let title = match page.digest.totals.usual {
        Some(_) => words::intervals::title::USUAL,
        None => words::intervals::title::PREVIOUS,
    };
    Some(Block::Chart(Chart {
        name: "channels",
        title: page.rich(title, &[]),
        alt,
        drawing: Drawing::Intervals(Intervals { rows, ticks }),
    }))
}

/// All rows that moved, and the first of the others as far as there is room: what is left out is noise, as `alt` says.
fn telling(rows: Vec<IntervalRow>) -> Vec<IntervalRow> {
    let is_noise = |row: &IntervalRow| row.tone == Tone::Neutral;
    let mut room = CHANNELS_DRAWN.saturating_sub(rows.iter().filter(|row| !is_noise(row)).count());
    let mut has_place = |row: &IntervalRow| {
        let has = !is_noise(row) || room > 0;
        room = room.saturating_sub(usize::from(is_noise(row)));
        has
    };
    rows.into_iter().filter(|row| has_place(row)).collect()
}

fn row(page: &Page, label: String, row: &ChannelRow, decimals: usize) -> Option<IntervalRow> {
    let Change::Points {
        value, low, high, ..
    } = moved(page, row)
    else {
        return None;
    };
    Some(IntervalRow {
        label,
        value,
        low,
        high,
        shown: page.figures.points(value, decimals),
        tone: page.tone(row),
    })
}

fn alt(page: &Page, rows: &[IntervalRow]) -> String {
    let of = |tone: Tone| {
        let moved: Vec<String> = rows
            .iter()
            .filter(|row| row.tone == tone)
            .map(|row| {
                page.fill(
                    words::intervals::MOVED,
                    &[("channel", &row.label), ("change", &row.shown)],
                )
            })
            .collect();
        moved.join(", ")
    };
    match (of(Tone::Bad), of(Tone::Good)) {
        (worse, better) if worse.is_empty() && better.is_empty() => {
            page.text(words::intervals::alt::NONE)
        }
        (worse, better) if better.is_empty() => {
            page.fill(words::intervals::alt::WORSE, &[("worse", &worse)])
        }
        (worse, better) if worse.is_empty() => {
            page.fill(words::intervals::alt::BETTER, &[("better", &better)])
        }
        (worse, better) => page.fill(
            words::intervals::alt::BOTH,
            &[("worse", &worse), ("better", &better)],
        ),
    }
}

/// Zero and one or two round values on either side.
fn ticks(page: &Page, rows: &[IntervalRow]) -> Vec<(f64, String)> {
    let widest = rows
        .iter()
        .map(|row| row.low.abs().max(row.high.abs()))
        .fold(0.0, f64::max);
    let steps = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0];
    let step = steps
        .into_iter()
        .find(|step| widest / step <= 2.9)
        .unwrap_or(100.0);
    let count = (widest / step).floor() as i32;
    let decimals = usize::from(step < 1.0);
    (-count..=count)
        .map(|place| f64::from(place) * step)
        .map(|value| {
            (
                value,
                if value == 0.0 {
                    "0".to_owned()
                } else {
                    page.figures.signed(value, decimals)
                },
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_that_moved_is_never_left_out() {
        let row = |place: usize| IntervalRow {
            label: place.to_string(),
            value: 0.0,
            low: -1.0,
            high: 1.0,
            shown: String::new(),
            tone: if place >= 10 {
                Tone::Bad
            } else {
                Tone::Neutral
            },
        };
        let labels = |count| {
            telling((0..count).map(row).collect())
                .into_iter()
                .map(|row| row.label)
                .collect::<Vec<_>>()
        };
        assert_eq!(labels(9), ["0", "1", "2", "3", "4", "5", "6", "7"]);
        assert_eq!(labels(12), ["0", "1", "2", "3", "4", "5", "10", "11"]);
        assert_eq!(
            labels(20),
            ["10", "11", "12", "13", "14", "15", "16", "17", "18", "19"]
        );
    }
}

//! The channels side by side, each with its past: which of them moved is seen before a number is read.

use super::channels::by_inquiries;
use crate::config::words;
use crate::digest::blocks::{Block, Chart, Drawing, Multiples, Panel};
use crate::digest::page::Page;
use crate::metrics::scorecard::ChannelRow;

/// Channels that have a picture; the table has them all.
const CHANNELS_DRAWN: usize = 8;
/// A past of fewer inquiries in all is no shape.
const LEAST_INQUIRIES: f64 = 10.0;

/// The small pictures, the channel that brings most first.
pub(super) fn chart(page: &Page) -> Option<Block> {
    let rows = by_inquiries(&page.digest.channels);
    let has_past = |row: &&&ChannelRow| {
        let sum: f64 = row.past.iter().flatten().sum();
        row.past.len() > 2 && sum >= LEAST_INQUIRIES
    };
    let panels = rows.iter().filter(has_past).take(CHANNELS_DRAWN);
    let panels: Vec<Panel> = panels.map(|row| panel(page, row)).collect();
    if panels.len() < 2 {
        return None;
    }
    let said = panels
        .iter()
        .map(|panel| format!("{}: {}", panel.label, panel.shown));
    let said = said.collect::<Vec<_>>().join("; ");
    Some(Block::Chart(Chart {
        name: "past",
        title: page.rich(words::channels::past::TITLE, &[]),
        alt: page.fill(words::channels::past::ALT, &[("rows", &said)]),
        drawing: Drawing::Multiples(Multiples { panels }),
        tab: None,
    }))
}

fn panel(page: &Page, row: &ChannelRow) -> Panel {
    let usual = row.usual.map(|usual| usual.inquiries);
    Panel {
        label: row.title.clone(),
        shown: page.figures.events(row.measures.inquiries.unwrap_or(0.0)),
        values: row.past.clone(),
        usual: usual.map(|usual| (usual.low, usual.high)),
        tone: page.tone(row),
    }
}

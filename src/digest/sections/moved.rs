//! The letter's channels: those alone that moved beyond what is usual for them.

use super::channels::{Scale, channel_row, first_columns};
use super::section::{Section, no_subtitle};
use crate::config::words;
use crate::digest::blocks::{Block, Cell, Table};
use crate::digest::document::Readers;
use crate::digest::page::Page;
use crate::metrics::scorecard::{ChannelRow, RowVerdict};

pub(super) const SECTION: Section = Section {
    code: "moved",
    title: Some(|page| page.text(words::channels::MOVED)),
    subtitle: no_subtitle,
    blocks,
    readers: Readers::Mail,
};

/// More rows than these are for the page.
const MOST_ROWS: usize = 5;

fn blocks(page: &Page) -> Vec<Block> {
    let moved = moved(page);
    if moved.is_empty() {
        return Vec::new();
    }
    let columns = first_columns(page);
    let scale = Scale::of(page);
    let rows = moved
        .iter()
        .take(MOST_ROWS)
        .map(|row| channel_row(page, row, Cell::absent(""), &scale, false));
    // The second conversion of a channel is for the page.
    let rows = rows.map(|mut row| {
        row.cells.truncate(2);
        row
    });
    let others = page
        .digest
        .channels
        .len()
        .saturating_sub(moved.len().min(MOST_ROWS));
    let count = page
        .figures
        .counted_whole(words::words::CHANNELS, others as f64);
    let note = (others > 0).then(|| page.rich(words::channels::OTHERS, &[("channels", &count)]));
    vec![Block::Table(Table {
        code: "moved",
        columns,
        rows: rows.collect(),
        note,
    })]
}

fn moved<'a>(page: &Page<'a>) -> Vec<&'a ChannelRow> {
    let has_moved =
        |row: &&ChannelRow| matches!(row.verdict, RowVerdict::Worse | RowVerdict::Better);
    let channels = page
        .digest
        .channels
        .iter()
        .filter(|_| page.may_judge_channels());
    channels.filter(has_moved).collect()
}

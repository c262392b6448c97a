//! The stages of the funnel in every channel: each share of the stage before, against its usual.

use super::cells::{self, left, right};
use super::channels::by_inquiries;
use super::section::Section;
use crate::config::words;
use crate::digest::ads;
use crate::digest::blocks::{Arrow, Block, Cell, Column, Row, Table, Tone};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::metrics::ads::AdRow;
use crate::metrics::scorecard::{RowVerdict, Stage};
use crate::metrics::values::Rate;

pub(super) const SECTION: Section = Section {
    code: "stages",
    title: Some(|page| page.text(words::stages::TITLE)),
    subtitle,
    blocks,
    readers: Readers::Report,
};

fn subtitle(page: &Page) -> Option<Rich> {
    Some(page.rich(words::stages::SUBTITLE, &[]))
}

/// One table: a row a channel, a column a stage of the pipeline. Without stages of its own a funnel is the table of channels.
fn blocks(page: &Page) -> Vec<Block> {
    let own = own_stages(&page.digest.funnel);
    if own.is_empty() {
        return Vec::new();
    }
    let heads = own.iter().map(|stage| right(stage.title.clone()));
    let columns: Vec<Column> = std::iter::once(left(page.text(words::channels::column::CHANNEL)))
        .chain(heads)
        .collect();
    let shown = by_inquiries(&page.digest.channels);
    let seen = shown.into_iter().filter(|row| {
        own_stages(&row.stages)
            .iter()
            .any(|stage| stage.count > Some(0.0))
    });
    let mut rows: Vec<Row> = seen
        .map(|row| of_row(page, row.title.clone(), &row.stages, false))
        .collect();
    // The total alone stands in the funnel already.
    if rows.is_empty() {
        return Vec::new();
    }
    let total = page.text(words::table::TOTAL);
    rows.push(of_row(page, total, &page.digest.funnel, true));
    let of_channels = Table {
        code: "stages",
        columns,
        rows,
        note: Some(page.rich(words::stages::NOTE, &[])),
    };
    [Some(of_channels), of_campaigns(page, own)]
        .into_iter()
        .flatten()
        .map(Block::Table)
        .collect()
}

/// Campaigns that the page shows; all of them are in the workbook.
const CAMPAIGNS: usize = 8;

/// The same by campaign, those of the most visits.
fn of_campaigns(page: &Page, own: &[Stage]) -> Option<Table> {
    let has_stages = |row: &&AdRow| row.stages.iter().any(|stage| stage.count > 0);
    let is_named = |row: &&AdRow| {
        row.key
            .campaign
            .as_deref()
            .is_some_and(|name| !name.is_empty())
    };
    let rows = page.digest.ads.rows.iter();
    let mut rows: Vec<&AdRow> = rows.filter(has_stages).filter(is_named).collect();
    // One campaign is its channel once more.
    if rows.len() < 2 {
        return None;
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.sessions));
    let heads = own.iter().map(|stage| right(stage.title.clone()));
    let place = left(page.text(words::ads::column::CAMPAIGN));
    Some(Table {
        code: "stages_campaigns",
        columns: std::iter::once(place).chain(heads).collect(),
        rows: rows
            .into_iter()
            .take(CAMPAIGNS)
            .map(|row| of_campaign(page, row))
            .collect(),
        note: None,
    })
}

fn of_campaign(page: &Page, row: &AdRow) -> Row {
    let channel = ads::channel(page, &row.key);
    let stages = row.stages.iter();
    Row {
        head: Cell::text(ads::campaign(page, &row.key))
            .strong()
            .under(Some(channel)),
        cells: stages
            .map(|stage| share(page, &stage.to_previous, stage.verdict))
            .collect(),
        is_total: false,
    }
}

/// The pipeline's own stages of visits: those between the sessions and the inquiries.
fn own_stages(funnel: &[Stage]) -> &[Stage] {
    let inquiries = funnel.iter().position(|stage| stage.code == "inquiries");
    funnel.get(1..inquiries.unwrap_or(1)).unwrap_or_default()
}

fn of_row(page: &Page, title: String, funnel: &[Stage], is_total: bool) -> Row {
    Row {
        head: Cell::text(title).strong(),
        cells: own_stages(funnel)
            .iter()
            .map(|stage| share(page, &stage.to_previous, stage.verdict))
            .collect(),
        is_total,
    }
}

/// The share of the stage before with its counts, and the word where it is beyond noise.
fn share(page: &Page, rate: &Rate, verdict: RowVerdict) -> Cell {
    let shown = cells::rate(page, rate, 1);
    let counts = rate.k.zip(rate.n).map(|(k, n)| cells::of(page, k, n));
    let (tone, arrow, word) = match verdict {
        RowVerdict::Worse if page.may_judge() => {
            (Tone::Bad, Some(Arrow::Down), Some(words::word::WORSE))
        }
        RowVerdict::Better if page.may_judge() => {
            (Tone::Good, Some(Arrow::Up), Some(words::word::BETTER))
        }
        _ => (Tone::Neutral, None, None),
    };
    if rate.value.is_none() {
        return Cell::absent("—").under(counts);
    }
    Cell {
        tone,
        arrow,
        word: word.map(|key| page.text(key)),
        is_strong: tone != Tone::Neutral,
        ..shown.under(counts)
    }
}

//! Slices: the first conversion by device, region and attributes, and what became of deals by theirs.

use super::cells::{self, left, right};
use super::section::{Section, no_subtitle};
use crate::config::words;
use crate::digest::blocks::{Block, Cell, Column, Row, Table, Unit};
use crate::digest::causes;
use crate::digest::document::Readers;
use crate::digest::page::Page;
use crate::metrics::scorecard::RowVerdict;
use crate::metrics::slices::{DealSliceRow, DealsMade, SliceRow};
use crate::model::observations::Dimension;

pub(super) const SECTION: Section = Section {
    code: "slices",
    title: Some(|page| page.text(words::slices::TITLE)),
    subtitle: no_subtitle,
    blocks,
    readers: Readers::Report,
};

/// Values of one dimension; all of them are in the workbook.
const MOST_VALUES: usize = 8;

fn blocks(page: &Page) -> Vec<Block> {
    let (visits, deals) = (visits(page), deals(page));
    [visits, deals]
        .into_iter()
        .flatten()
        .map(Block::Table)
        .collect()
}

/// Slices that tell something apart: a single value is the total once more.
fn shown<Slice>(rows: &[Slice], of: impl Fn(&Slice) -> Dimension) -> Vec<&Slice> {
    let groups = rows.chunk_by(|one, other| of(one) == of(other));
    let telling = groups.filter(|group| group.len() > 1);
    telling
        .flat_map(|group| group.iter().take(MOST_VALUES))
        .collect()
}

fn visits(page: &Page) -> Option<Table> {
    let rows = shown(&page.digest.slices.visits, |row| row.dimension);
    let columns = vec![
        left(page.text(words::slices::column::VALUE)),
        right(page.text(words::metric::SESSIONS)),
        right(page.text(words::metric::CONV1)),
        right(page.text(words::slices::column::EXPECTED)),
    ];
    (!rows.is_empty()).then(|| Table {
        code: "slices",
        columns,
        rows: rows.into_iter().map(|row| visit_row(page, row)).collect(),
        note: Some(page.rich(words::slices::NOTE, &[])),
    })
}

fn visit_row(page: &Page, row: &SliceRow) -> Row {
    let sessions = page.figures.number(row.sessions, 0);
    let expected = match row.expected {
        Some(expected) => {
            let shown = page.figures.number(expected.value, 0);
            let range = page.figures.event_range(expected.low, expected.high);
            Cell::number(expected.value, Unit::Count, shown).under(Some(range))
        }
        None => Cell::absent("—"),
    };
    let word = match row.verdict {
        RowVerdict::Worse if page.may_judge() => Some(page.text(words::word::WORSE)),
        RowVerdict::Better if page.may_judge() => Some(page.text(words::word::BETTER)),
        _ => None,
    };
    Row {
        head: head(page, row.dimension, &row.value),
        cells: vec![
            Cell::number(row.sessions, Unit::Count, sessions),
            Cell {
                word,
                ..cells::rate(page, &row.conv1, 2)
            },
            expected,
        ],
        is_total: false,
    }
}

fn deals(page: &Page) -> Option<Table> {
    let rows = shown(&page.digest.slices.deals, |row| row.dimension);
    let columns = vec![
        left(page.text(words::slices::column::VALUE)),
        right(page.text(words::slices::column::WON)),
        right(page.text(words::slices::column::WON_BEFORE)),
        Column {
            is_optional: true,
            ..right(page.text(words::metric::REVENUE))
        },
    ];
    (!rows.is_empty()).then(|| Table {
        code: "deal-slices",
        columns,
        rows: rows.into_iter().map(|row| deal_row(page, row)).collect(),
        note: Some(page.rich(words::slices::DEALS_NOTE, &[])),
    })
}

fn deal_row(page: &Page, row: &DealSliceRow) -> Row {
    let share = |made: &DealsMade| cells::rate(page, &made.share, 1);
    Row {
        head: head(page, row.dimension, &row.value),
        cells: vec![
            share(&row.now),
            share(&row.before),
            cells::money(page, Some(row.now.revenue), 0),
        ],
        is_total: false,
    }
}

fn head(page: &Page, dimension: Dimension, value: &str) -> Cell {
    let (name, value) = causes::slice(page, dimension, value);
    Cell::text(value).under(Some(name))
}

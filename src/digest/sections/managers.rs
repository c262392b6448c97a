//! Managers side by side, and why deals are refused, by channel.

use super::cells::{self, left, right};
use super::section::{Section, no_subtitle};
use super::slow;
use crate::config::words;
use crate::digest::blocks::{Block, Cell, Row, Table, Unit};
use crate::digest::document::Readers;
use crate::digest::page::Page;
use crate::digest::phrases::channel_title;
use crate::metrics::managers::{ManagerRow, Refusals};

/// Reasons that the report lists; the workbook has them all.
const MOST_REASONS: usize = 12;
/// Longer answers are told in hours, seconds.
const LONG_S: f64 = 5_400.0;

pub(super) const SECTION: Section = Section {
    code: "managers",
    title: Some(|page| page.text(words::managers::TITLE)),
    subtitle: no_subtitle,
    blocks,
    readers: Readers::Report,
};

fn blocks(page: &Page) -> Vec<Block> {
    let tables = [managers(page), refusals(page)];
    tables.into_iter().flatten().map(Block::Table).collect()
}

fn managers(page: &Page) -> Option<Table> {
    use words::managers::column;
    let columns = vec![
        left(page.text(words::deal_stages::MANAGER)),
        right(page.text(column::DEALS)),
        right(page.text(column::RESPONSE)),
        right(page.text(column::MISSED)),
        right(page.text(column::UNTOUCHED)),
        right(page.text(column::CONV2)),
    ];
    let rows: Vec<Row> = page
        .digest
        .managers
        .iter()
        .map(|row| manager(page, row))
        .collect();
    (!rows.is_empty()).then(|| Table {
        code: "managers",
        columns,
        rows,
        note: Some(page.rich(words::managers::NOTE, &[])),
    })
}

fn manager(page: &Page, row: &ManagerRow) -> Row {
    let inquiries = page
        .figures
        .counted_whole(words::words::INQUIRIES, row.inquiries as f64);
    Row {
        head: Cell::text(row.manager.clone()).strong(),
        cells: vec![
            cells::count(page, Some(row.deals)).under(Some(inquiries)),
            response(page, row.response_s),
            cells::count(page, Some(row.missed)),
            cells::count(page, Some(row.untouched)),
            against_expected(page, row),
        ],
        is_total: false,
    }
}

/// The median answer, in minutes or hours.
fn response(page: &Page, seconds: Option<f64>) -> Cell {
    let Some(seconds) = seconds else {
        return Cell::absent("—");
    };
    let shown = match seconds > LONG_S {
        true => slow::hours(page, seconds / 3_600.0),
        false => {
            let n = page.figures.number(seconds / 60.0, 0);
            page.fill(words::managers::MINUTES, &[("n", &n)])
        }
    };
    Cell::number(seconds, Unit::Count, shown)
}

/// Sales against those that the channels let expect: the ratio with its interval, the counts below it.
fn against_expected(page: &Page, row: &ManagerRow) -> Cell {
    let Some(of) = &row.conv2 else {
        return Cell::absent("—");
    };
    let number = |value: f64, decimals| page.figures.number(value, decimals);
    let counts = page.fill(
        words::managers::AGAINST,
        &[
            ("observed", &number(of.observed, 0)),
            ("expected", &number(of.expected, 1)),
        ],
    );
    let (Some(ratio), Some(low), Some(high)) = (of.ratio, of.low, of.high) else {
        return Cell::absent(page.text(words::absent::TOO_FEW)).under(Some(counts));
    };
    let cell = Cell::number(ratio, Unit::Count, number(ratio, 2));
    Cell {
        interval: Some(format!("{}–{}", number(low, 2), number(high, 2))),
        ..cell.under(Some(counts))
    }
}

fn refusals(page: &Page) -> Option<Table> {
    use words::managers::column;
    let columns = vec![
        left(page.text(column::REASON)),
        left(page.text(words::channels::column::CHANNEL)),
        right(page.text(column::DEALS)),
    ];
    let row = |row: &Refusals| Row {
        head: Cell::text(row.reason.clone()),
        cells: vec![
            Cell::text(channel_title(page, &row.channel)),
            cells::events(page, Some(row.deals)),
        ],
        is_total: false,
    };
    let shown = page.digest.refusals.iter().take(MOST_REASONS);
    let rows: Vec<Row> = shown.map(row).collect();
    (!rows.is_empty()).then(|| Table {
        code: "refusals",
        columns,
        rows,
        note: Some(page.rich(words::managers::REFUSALS, &[])),
    })
}

//! Restated numbers: what earlier reports said, and what it is by now.

use super::cells::{left, right};
use super::section::Section;
use super::section::no_subtitle;
use crate::config::words;
use crate::digest::blocks::{Block, Cell, Row, Table, Unit};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::{Restated, RestatedCell, WasNow, measures};
use crate::model::channel::ChannelId;
use crate::model::metric::Metric;

pub(super) const SECTION: Section = Section {
    code: "restated",
    title: Some(|page| page.text(words::restated::TITLE)),
    subtitle: no_subtitle,
    blocks,
    readers: Readers::Report,
};

/// The letter says what became of its own period's numbers alone: whoever has the one before needs no more.
pub(super) const OF_PERIOD: Section = Section {
    code: "restated-period",
    title: Some(|page| page.text(words::restated::TITLE)),
    subtitle: no_subtitle,
    blocks: |page| {
        let period = &page.digest.period;
        table(page, |restated| restated.period == *period)
    },
    readers: Readers::Mail,
};

/// Of the reported period every number, of those before it the counts of all channels together: the workbook has the rest.
fn blocks(page: &Page) -> Vec<Block> {
    let period = &page.digest.period;
    let own = page
        .digest
        .restated
        .iter()
        .find(|restated| restated.period == *period);
    let own = own.filter(|own| !own.cells.is_empty());
    let earlier = table(page, |restated| restated.period != *period || own.is_none());
    own.map(|own| of_cells(page, own))
        .into_iter()
        .chain(earlier)
        .collect()
}

/// Every number of a period that differs, with the files that came between.
fn of_cells(page: &Page, restated: &Restated) -> Block {
    let columns = vec![
        left(page.text(words::restated::column::WHAT)),
        right(page.text(words::restated::column::WAS)),
        right(page.text(words::restated::column::NOW)),
        left(page.text(words::restated::column::FILES)),
    ];
    let rows = restated
        .cells
        .iter()
        .filter_map(|cell| cell_row(page, cell));
    let grows = restated.cells.iter().any(|cell| cell.grows);
    let note = grows.then(|| Rich::plain(page.text(words::restated::GROWING)));
    Block::Table(Table {
        code: "restated-cells",
        columns,
        rows: rows.collect(),
        note,
    })
}

fn cell_row(page: &Page, cell: &RestatedCell) -> Option<Row> {
    let measure = measures::named(&cell.measure)?;
    let shown = |value: Option<f64>| {
        value.map_or_else(
            || Cell::absent("—"),
            |value| number(page, value, measure.unit),
        )
    };
    let head = Cell::text(page.text(measure.title)).under(Some(cell.title.clone()));
    Some(Row {
        head,
        cells: vec![
            shown(cell.was),
            shown(cell.now).strong(),
            Cell::text(cell.files.join(", ")),
        ],
        is_total: cell.channel.as_str() == ChannelId::TOTAL,
    })
}

fn number(page: &Page, value: f64, unit: Unit) -> Cell {
    let figures = page.figures;
    let text = match unit {
        Unit::Count => figures.number(value, 0),
        Unit::Money => figures.amount(value, 0),
        Unit::Share | Unit::Percent | Unit::Points => figures.percent(value, 2),
    };
    Cell::number(value, unit, text)
}

/// The numbers of those periods that are asked for.
fn table(page: &Page, is_asked: impl Fn(&Restated) -> bool) -> Vec<Block> {
    let restated = page.digest.restated.iter();
    let restated: Vec<&Restated> = restated.filter(|restated| is_asked(restated)).collect();
    if restated.is_empty() {
        return Vec::new();
    }
    let columns = vec![
        left(page.text(words::restated::column::WHAT)),
        right(page.text(words::restated::column::WAS)),
        right(page.text(words::restated::column::NOW)),
    ];
    let rows = restated.iter().flat_map(|restated| {
        restated
            .counts
            .iter()
            .filter_map(|(metric, counts)| row(page, restated, *metric, *counts))
    });
    let note = Some(Rich::plain(page.text(words::restated::NOTE)));
    vec![Block::Table(Table {
        code: "restated",
        columns,
        rows: rows.collect(),
        note,
    })]
}

fn row(page: &Page, restated: &Restated, metric: Metric, counts: WasNow) -> Option<Row> {
    let WasNow { was, now } = counts;
    let figures = page.figures;
    let count = |value: f64| Cell::number(value, Unit::Count, figures.number(value, 0));
    let (title, was, now) = match metric {
        Metric::Sessions => (words::metric::SESSIONS, count(was), count(now)),
        Metric::Inquiries => (words::metric::INQUIRIES, count(was), count(now)),
        Metric::Sales => (words::metric::SALES_CLOSED, count(was), count(now)),
        Metric::Conv1 => {
            let share = |value: f64| Cell::number(value, Unit::Share, figures.percent(value, 2));
            (words::metric::CONV1, share(was), share(now))
        }
        Metric::Spend => {
            let money = |value: f64| Cell::number(value, Unit::Money, figures.amount(value, 0));
            (words::metric::SPEND, money(was), money(now))
        }
        Metric::Revenue => {
            let money = |value: f64| Cell::number(value, Unit::Money, figures.amount(value, 0));
            (words::metric::REVENUE, money(was), money(now))
        }
        Metric::Users | Metric::Conv2 | Metric::Cpl => return None,
    };
    let head = Cell::text(page.text(title)).under(Some(figures.short_period(&restated.period)));
    Some(Row {
        head,
        cells: vec![was, now.strong()],
        is_total: false,
    })
}

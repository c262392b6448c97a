//! Restated numbers: what earlier reports said, and what it is by now.

use super::cells::{left, right};
use super::section::Section;
use super::section::no_subtitle;
use crate::config::words;
use crate::digest::blocks::{Block, Cell, Row, Table, Unit};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::{Restated, WasNow};
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

fn blocks(page: &Page) -> Vec<Block> {
    table(page, |_| true)
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

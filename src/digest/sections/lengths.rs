//! Where compared periods differ in days, working days or holidays: how, and what counts were a day.

use super::cells::{left, right};
use super::pacing::{name, number};
use super::section::{Section, no_subtitle};
use crate::config::words;
use crate::digest::blocks::{Block, Cell, Row, Table, Unit, Value};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::metrics::lengths::{ADay, Lengths, OtherLength};
use crate::metrics::plan::PlanDays;

pub(super) const SECTION: Section = Section {
    code: "lengths",
    title: Some(|page| page.text(words::lengths::TITLE)),
    subtitle: no_subtitle,
    blocks,
    readers: Readers::Report,
};

fn blocks(page: &Page) -> Vec<Block> {
    let Some(lengths) = &page.digest.lengths else {
        return Vec::new();
    };
    let of_other = |other| {
        [
            Some(said(page, lengths, other)),
            table(page, lengths, other),
        ]
    };
    let blocks = lengths.others.iter().flat_map(of_other);
    blocks.flatten().collect()
}

/// `30 дней против 31, рабочих — 20 против 22`.
fn said(page: &Page, lengths: &Lengths, other: &OtherLength) -> Block {
    let (now, base) = (&lengths.now, &other.base);
    let count = |days: u64| page.figures.count(days);
    let values = [
        ("base", &*page.figures.period(&base.period)),
        ("days", &count(now.days)),
        ("base_days", &count(base.days)),
        ("working", &count(now.working_days)),
        ("base_working", &count(base.working_days)),
    ];
    let text = page.rich(words::lengths::SAID, &values);
    let holidays = match (now.holidays.len(), base.holidays.len()) {
        (0, 0) => None,
        (own, others) => {
            let values = [
                ("holidays", &*count(own as u64)),
                ("base_holidays", &count(others as u64)),
            ];
            Some(page.rich(words::lengths::HOLIDAYS, &values))
        }
    };
    Block::Text(holidays.into_iter().fold(text, Rich::then))
}

fn table(page: &Page, lengths: &Lengths, other: &OtherLength) -> Option<Block> {
    if other.a_day.is_empty() {
        return None;
    }
    let a_day = page.text(match lengths.by {
        PlanDays::Days => words::lengths::A_DAY,
        PlanDays::WorkingDays => words::lengths::A_WORKING_DAY,
    });
    let columns = vec![
        left(a_day),
        right(page.figures.axis_period(&lengths.now.period)),
        right(page.figures.axis_period(&other.base.period)),
        right(page.text(words::lengths::CHANGE)),
    ];
    Some(Block::Table(Table {
        code: "lengths",
        columns,
        rows: other.a_day.iter().map(|row| a_day_row(page, row)).collect(),
        note: None,
    }))
}

fn a_day_row(page: &Page, row: &ADay) -> Row {
    let change = match row.percent {
        Some(value) => Cell::of(Value::Change {
            value,
            unit: Unit::Percent,
            shown: page.figures.signed_percent(value, 1),
        }),
        None => Cell::absent("—"),
    };
    // A count a day is small: one place after the mark.
    let shown = |value: f64| match number(page, row.metric, Some(value)).value {
        Value::Number {
            unit: Unit::Count, ..
        } => Cell::number(value, Unit::Count, page.figures.number(value, 1)),
        value => Cell::of(value),
    };
    Row {
        head: Cell::text(page.text(name(row.metric))).strong(),
        cells: vec![shown(row.now).strong(), shown(row.base), change],
        is_total: false,
    }
}

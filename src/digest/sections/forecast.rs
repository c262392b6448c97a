//! The weeks ahead: traffic, inquiries, sales and revenue with their ranges.

use super::cells::{left, right};
use super::pacing::projected;
use super::section::Section;
use crate::config::words;
use crate::digest::blocks::{Block, Cell, Column, Row, Table};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::metrics::forecast::{Forecast, ForecastWeek};
use crate::model::target::PlanMetric;

pub(super) const SECTION: Section = Section {
    code: "forecast",
    title: Some(|page| page.text(words::forecast::TITLE)),
    subtitle: |page| Some(page.rich(words::forecast::SUBTITLE, &[])),
    blocks,
    readers: Readers::Report,
};

fn blocks(page: &Page) -> Vec<Block> {
    let Some(forecast) = page
        .digest
        .forecast
        .as_ref()
        .filter(|forecast| !forecast.weeks.is_empty())
    else {
        return Vec::new();
    };
    let optional = |column: Column| Column {
        is_optional: true,
        ..column
    };
    let has_visits = forecast.weeks.iter().any(|week| week.sessions.is_some());
    let visits = optional(right(page.text(words::plan_metric::SESSIONS)));
    let columns = [
        vec![left(page.text(words::forecast::WEEK))],
        has_visits.then_some(visits).into_iter().collect(),
        vec![
            right(page.text(words::plan_metric::INQUIRIES)),
            right(page.text(words::plan_metric::SALES)),
            right(page.text(words::plan_metric::REVENUE)),
        ],
    ];
    let weeks = forecast.weeks.iter();
    vec![Block::Table(Table {
        code: "forecast",
        columns: columns.concat(),
        rows: weeks.map(|week| row(page, week, has_visits)).collect(),
        note: Some(held(page, forecast)),
    })]
}

/// A week; a firm that tells of no visits has no column of them.
fn row(page: &Page, week: &ForecastWeek, has_visits: bool) -> Row {
    let visits = projected(page, PlanMetric::Sessions, week.sessions.as_ref());
    let others = vec![
        projected(page, PlanMetric::Inquiries, week.inquiries.as_ref()),
        projected(page, PlanMetric::Sales, week.sales.as_ref()).strong(),
        projected(page, PlanMetric::Revenue, week.revenue.as_ref()),
    ];
    let visits = has_visits.then_some(visits);
    Row {
        head: Cell::text(page.figures.axis_period(&week.period)).strong(),
        cells: visits.into_iter().chain(others).collect(),
        is_total: false,
    }
}

/// How often the ranges held in the past of this firm.
fn held(page: &Page, forecast: &Forecast) -> Rich {
    if forecast.replayed == 0 {
        return page.rich(words::forecast::UNTESTED, &[]);
    }
    let share = f64::from(forecast.held) / f64::from(forecast.replayed);
    let values = [
        ("held", &*page.figures.count(u64::from(forecast.held))),
        (
            "replayed",
            &*page.figures.count(u64::from(forecast.replayed)),
        ),
        ("share", &*page.figures.percent(share, 0)),
    ];
    page.rich(words::forecast::HELD, &values)
}

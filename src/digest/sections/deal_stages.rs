//! The stages of deals: how far those of the period came, how long deals stay at each, and which are stuck.

use super::cells::{self, left, right};
use super::section::Section;
use super::slow;
use crate::config::words;
use crate::digest::blocks::{Arrow, Block, Cell, Row, Table, Tone, Unit};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::metrics::scorecard::{RowVerdict, Stage};
use crate::metrics::stages::{DealStages, StageTime, StuckDeal};
use crate::model::deal_paths::HistoryPrecision;
use crate::model::zone;

/// Stuck deals that the report lists; the workbook has them all.
const MOST_SHOWN: usize = 15;

pub(super) const SECTION: Section = Section {
    code: "deal_stages",
    title: Some(|page| page.text(words::deal_stages::TITLE)),
    subtitle,
    blocks,
    readers: Readers::Report,
};

/// How exactly times are known, and how long it takes to sell.
fn subtitle(page: &Page) -> Option<Rich> {
    let board = page.digest.deal_stages.as_ref()?;
    let precision = page.rich(
        match board.precision {
            Some(HistoryPrecision::Events) => words::deal_stages::BY_EVENTS,
            Some(HistoryPrecision::BetweenExports) => words::deal_stages::BETWEEN_EXPORTS,
            None => words::deal_stages::NO_HISTORY,
        },
        &[],
    );
    Some(to_sale(page, board).into_iter().fold(precision, Rich::then))
}

fn to_sale(page: &Page, board: &DealStages) -> Option<Rich> {
    let sale = board.time_to_sale.as_ref()?;
    let days = |days: f64| page.figures.number(days, 1);
    let median = days(sale.median_days?);
    Some(match sale.usual_days {
        Some(usual) => page.rich(
            words::deal_stages::TO_SALE_USUAL,
            &[("days", &median), ("usual", &days(usual))],
        ),
        None => page.rich(words::deal_stages::TO_SALE, &[("days", &median)]),
    })
}

fn blocks(page: &Page) -> Vec<Block> {
    let Some(board) = &page.digest.deal_stages else {
        return Vec::new();
    };
    let tables = [funnel(page, board), times(page, board), stuck(page, board)];
    tables.into_iter().flatten().map(Block::Table).collect()
}

/// The deals of the period: all of them, then those of each manager.
fn funnel(page: &Page, board: &DealStages) -> Option<Table> {
    let heads = board.funnel.iter().map(|stage| right(stage.title.clone()));
    let columns = std::iter::once(left(page.text(words::deal_stages::MANAGER))).chain(heads);
    let managers = board
        .managers
        .iter()
        .map(|row| of_row(page, row.manager.clone(), &row.stages, false));
    let total = of_row(page, page.text(words::table::TOTAL), &board.funnel, true);
    let has_deals = board
        .funnel
        .first()
        .is_some_and(|deals| deals.count > Some(0.0));
    has_deals.then(|| Table {
        code: "deal_stages",
        columns: columns.collect(),
        rows: managers.chain([total]).collect(),
        note: Some(page.rich(words::deal_stages::FUNNEL_NOTE, &[])),
    })
}

fn of_row(page: &Page, title: String, stages: &[Stage], is_total: bool) -> Row {
    Row {
        head: Cell::text(title),
        cells: stages.iter().map(|stage| reached(page, stage)).collect(),
        is_total,
    }
}

/// How many reached a stage, with their share of the stage before below it.
fn reached(page: &Page, stage: &Stage) -> Cell {
    let share = stage
        .to_previous
        .value
        .filter(|_| stage.drop_off.is_some())
        .map(|share| page.figures.percent(share, 0));
    let cell = cells::count(page, stage.count.map(|count| count.round() as u64)).under(share);
    let (tone, arrow) = match stage.verdict {
        RowVerdict::Worse if page.may_judge() => (Tone::Bad, Some(Arrow::Down)),
        RowVerdict::Better if page.may_judge() => (Tone::Good, Some(Arrow::Up)),
        _ => (Tone::Neutral, None),
    };
    Cell {
        tone,
        arrow,
        ..cell
    }
}

fn times(page: &Page, board: &DealStages) -> Option<Table> {
    use words::deal_stages::column;
    let columns = vec![
        left(page.text(column::STAGE)),
        right(page.text(column::LEFT)),
        right(page.text(column::MEDIAN)),
        right(page.text(column::USUAL)),
        left(page.text(column::WORD)),
    ];
    let rows: Vec<Row> = board.times.iter().map(|row| time(page, row)).collect();
    (!rows.is_empty()).then(|| Table {
        code: "stage_times",
        columns,
        rows,
        note: Some(page.rich(words::deal_stages::TIMES_NOTE, &[])),
    })
}

fn time(page: &Page, row: &StageTime) -> Row {
    let is_slow = row.verdict == RowVerdict::Worse && page.may_judge();
    let head = match &row.manager {
        Some(manager) => Cell::text(format!("{}: {manager}", row.stage)),
        None => Cell::text(row.stage.clone()).strong(),
    };
    let median = Cell {
        tone: if is_slow { Tone::Bad } else { Tone::Neutral },
        arrow: is_slow.then_some(Arrow::Up),
        is_strong: is_slow,
        ..hours(page, row.median_hours)
    };
    Row {
        head,
        cells: vec![
            cells::count(page, Some(row.left)),
            median,
            hours(page, row.usual_hours),
            Cell::text(word(page, row)),
        ],
        is_total: false,
    }
}

/// «медленнее обычного с 20 октября».
fn word(page: &Page, row: &StageTime) -> String {
    match (row.verdict, row.since) {
        (RowVerdict::Worse, Some(day)) => {
            let since = page.figures.day(day);
            page.fill(words::deal_stages::SLOWER_SINCE, &[("since", &since)])
        }
        (RowVerdict::Worse, None) => page.text(words::deal_stages::SLOWER),
        (RowVerdict::Noise | RowVerdict::Better, _) => page.text(words::word::NOISE),
        (RowVerdict::TooFew | RowVerdict::Unknown, _) => page.text(words::word::TOO_FEW),
    }
}

fn hours(page: &Page, hours: Option<f64>) -> Cell {
    hours.map_or_else(
        || Cell::absent("—"),
        |hours| Cell::number(hours, Unit::Count, slow::hours(page, hours)),
    )
}

/// The deals that wait longest at their stage.
fn stuck(page: &Page, board: &DealStages) -> Option<Table> {
    use words::deal_stages::column;
    let columns = vec![
        left(page.text(column::DEAL)),
        left(page.text(column::STAGE)),
        left(page.text(words::deal_stages::MANAGER)),
        right(page.text(column::SINCE)),
        right(page.text(column::WAITS)),
        right(page.text(column::NINE_IN_TEN)),
    ];
    let shown = board.stuck.iter().take(MOST_SHOWN);
    let rows: Vec<Row> = shown.map(|deal| waits(page, deal)).collect();
    let (shown, all) = (rows.len() as u64, board.stuck_in_all);
    let [shown, all] = [shown, all].map(|n| page.figures.count(n));
    (!rows.is_empty()).then(|| Table {
        code: "stuck",
        columns,
        rows,
        note: Some(page.rich(
            words::deal_stages::STUCK_NOTE,
            &[("shown", &shown), ("all", &all)],
        )),
    })
}

fn waits(page: &Page, deal: &StuckDeal) -> Row {
    let day = zone::local_day(deal.entered_at, page.digest.pipeline.time_zone);
    Row {
        head: Cell::text(deal.deal_id.clone())
            .linked(page.digest.pipeline.records.of_deal(None, &deal.deal_id)),
        cells: vec![
            Cell::text(deal.stage.clone()),
            Cell::text(deal.manager.clone()),
            Cell::text(page.figures.day(day)),
            hours(page, Some(deal.hours)),
            hours(page, Some(deal.usual_hours)),
        ],
        is_total: false,
    }
}

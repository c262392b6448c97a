//! The stages of deals: the cohort, the times, and the deals that are stuck.

use super::super::tidy::{Datum, Tidy};
use super::sheet;
use crate::config::words;
use crate::digest::page::Page;
use crate::metrics::scorecard::{RowVerdict, Stage};
use crate::model::zone;

/// How far the deals of the period came: a row for each manager and stage, those of all managers last.
pub(super) fn cohort(page: &Page) -> Tidy {
    use words::funnel::column;
    let columns = [
        words::deal_stages::MANAGER,
        column::STAGE,
        column::COUNT,
        column::TO_PREVIOUS,
        words::stages::DROP_OFF,
        words::stages::USUAL,
    ];
    let total = page.text(words::table::TOTAL);
    let board = page.digest.deal_stages.iter();
    let rows = board.flat_map(|board| {
        let managers = board
            .managers
            .iter()
            .flat_map(|row| row.stages.iter().map(|stage| reached(&row.manager, stage)));
        let all = board.funnel.iter().map(|stage| reached(&total, stage));
        managers.chain(all)
    });
    let title = page.text(words::deal_stages::TITLE);
    sheet(page, title, &columns, rows.collect())
}

fn reached(manager: &str, stage: &Stage) -> Vec<Datum> {
    let usual = stage.usual.map(|usual| usual.to_previous.value);
    vec![
        Datum::text(manager),
        Datum::text(&stage.title),
        Datum::count(stage.count),
        Datum::rate(&stage.to_previous),
        Datum::share(stage.drop_off),
        Datum::share(usual),
    ]
}

/// Times at the stages that deals left in the period.
pub(super) fn times(page: &Page) -> Tidy {
    use words::deal_stages::column;
    let columns = [
        column::STAGE,
        words::deal_stages::MANAGER,
        column::LEFT,
        column::MEDIAN_HOURS,
        column::USUAL_HOURS,
        column::WORD,
        column::SINCE,
    ];
    let everybody = page.text(words::slow::EVERYBODY);
    let times = page
        .digest
        .deal_stages
        .iter()
        .flat_map(|board| &board.times);
    let row = |row: &crate::metrics::stages::StageTime| {
        let word = match row.verdict {
            RowVerdict::Worse if page.may_judge() => page.text(words::deal_stages::SLOWER),
            RowVerdict::TooFew | RowVerdict::Unknown => page.text(words::word::TOO_FEW),
            RowVerdict::Worse | RowVerdict::Noise | RowVerdict::Better => {
                page.text(words::word::NOISE)
            }
        };
        vec![
            Datum::text(&row.stage),
            Datum::text(row.manager.as_deref().unwrap_or(&everybody)),
            Datum::Count(row.left as f64),
            Datum::count(row.median_hours),
            Datum::count(row.usual_hours),
            Datum::text(word),
            row.since.map_or(Datum::Empty, Datum::Day),
        ]
    };
    let title = page.text(words::deal_stages::TIMES);
    sheet(page, title, &columns, times.map(row).collect())
}

/// Deals that are longer at their stage than nine in ten usually are.
pub(super) fn stuck(page: &Page) -> Tidy {
    use words::deal_stages::column;
    let columns = [
        column::DEAL,
        column::STAGE,
        words::deal_stages::MANAGER,
        column::SINCE,
        column::WAITS,
        column::NINE_IN_TEN,
    ];
    let stuck = page
        .digest
        .deal_stages
        .iter()
        .flat_map(|board| &board.stuck);
    let rows = stuck.map(|deal| {
        let zone = page.digest.pipeline.time_zone;
        vec![
            Datum::text(&deal.deal_id),
            Datum::text(&deal.stage),
            Datum::text(&deal.manager),
            Datum::Day(zone::local_day(deal.entered_at, zone)),
            Datum::Count(deal.hours),
            Datum::Count(deal.usual_hours),
        ]
    });
    let title = page.text(words::deal_stages::STUCK);
    sheet(page, title, &columns, rows.collect())
}

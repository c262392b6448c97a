//! What was found: causes with their place, time and price, the days of the first, and the plan of checks.

use chrono::{DateTime, Utc};

use super::super::tidy::{Datum, Tidy};
use super::sheet;
use crate::config::words;
use crate::diagnosis::daily::DailyPoint;
use crate::diagnosis::finding::RankedCause;
use crate::digest::causes as said;
use crate::digest::page::Page;
use crate::digest::plan::{PlannedCheck, planned_checks};
use crate::metrics::values::Estimate;

/// Candidates of every finding, the likeliest first.
pub(super) fn causes(page: &Page) -> Tidy {
    use words::workbook;
    let columns = [
        words::plan::column::CAUSE,
        words::plan::column::WHERE,
        workbook::PROBABILITY,
        workbook::FROM_DAY,
        workbook::TO_DAY,
        workbook::LOST_INQUIRIES,
        workbook::AT_LEAST,
        workbook::AT_MOST,
        workbook::LOST_SALES,
        workbook::LOST_REVENUE,
    ];
    let found = page
        .digest
        .findings
        .iter()
        .flat_map(|finding| &finding.causes);
    let rows = found.map(|cause| row(page, cause)).collect();
    sheet(page, page.text(words::causes::TITLE), &columns, rows)
}

fn row(page: &Page, cause: &RankedCause) -> Vec<Datum> {
    let day = |at: Option<DateTime<Utc>>| {
        let zone = page.digest.pipeline.time_zone;
        at.map_or(Datum::Empty, |at| {
            Datum::Day(at.with_timezone(&zone).date_naive())
        })
    };
    let of = |estimate: Option<Estimate>, end: fn(&Estimate) -> f64| {
        Datum::count(estimate.as_ref().map(end))
    };
    let place = said::scope(page, &cause.scope);
    let lost = cause.explains;
    vec![
        Datum::text(said::title_of(page, cause)),
        Datum::text(place.unwrap_or_else(|| page.text(words::plan::EVERYWHERE))),
        Datum::Share(cause.probability),
        day(cause.started_at),
        day(cause.ended_at),
        of(lost.inquiries, |lost| lost.value),
        of(lost.inquiries, |lost| lost.low),
        of(lost.inquiries, |lost| lost.high),
        of(lost.sales, |lost| lost.value),
        lost.revenue
            .map_or(Datum::Empty, |lost| Datum::Money(lost.value)),
    ]
}

/// The days of the first finding's place.
pub(super) fn days(page: &Page) -> Tidy {
    use words::workbook;
    let columns = [
        workbook::DAY,
        workbook::VALUE,
        workbook::EXPECTED,
        workbook::LOW,
        workbook::HIGH,
    ];
    let first = page
        .digest
        .findings
        .first()
        .and_then(|finding| finding.daily.as_ref());
    let row = |point: &DailyPoint| {
        vec![
            Datum::Day(point.day),
            Datum::Count(point.observed),
            Datum::Count(point.expected),
            Datum::Count(point.low),
            Datum::Count(point.high),
        ]
    };
    let rows = first.map_or_else(Vec::new, |daily| daily.points.iter().map(row).collect());
    sheet(page, page.text(workbook::DAYS), &columns, rows)
}

/// The plan of checks, with a column for what came of them.
pub(super) fn plan(page: &Page) -> Tidy {
    use words::plan::column;
    let columns = [
        column::CAUSE,
        column::WHO,
        column::WHAT,
        column::WHERE,
        column::WHEN,
        words::print::IF_FOUND,
        words::print::IF_NOT,
        words::print::RESULT,
    ];
    let row = |check: PlannedCheck| {
        vec![
            Datum::Text(check.cause),
            Datum::Text(check.who),
            Datum::Text(check.what),
            Datum::Text(check.place),
            Datum::Day(check.due),
            check.then.map_or(Datum::Empty, Datum::Text),
            Datum::Text(check.otherwise),
        ]
    };
    let rows = planned_checks(page).into_iter().map(row).collect();
    sheet(page, page.text(words::plan::TITLE), &columns, rows)
}

//! Slices of visits and of deals, a row each.

use super::super::tidy::{Datum, Tidy};
use super::sheet;
use crate::config::words;
use crate::digest::causes;
use crate::digest::page::Page;
use crate::metrics::slices::DealsMade;

/// Visits by device, region and attributes.
pub(super) fn visits(page: &Page) -> Tidy {
    use words::slices::column;
    let columns = [
        column::DIMENSION,
        column::VALUE,
        words::metric::SESSIONS,
        words::metric::INQUIRIES,
        words::metric::CONV1,
        words::workbook::EXPECTED_INQUIRIES,
    ];
    let rows = page.digest.slices.visits.iter().map(|row| {
        let (dimension, value) = causes::slice(page, row.dimension, &row.value);
        vec![
            Datum::text(dimension),
            Datum::text(value),
            Datum::Count(row.sessions),
            Datum::Count(row.inquiries),
            Datum::rate(&row.conv1),
            Datum::count(row.expected.map(|expected| expected.value)),
        ]
    });
    sheet(
        page,
        page.text(words::slices::TITLE),
        &columns,
        rows.collect(),
    )
}

/// Deals by their attributes.
pub(super) fn deals(page: &Page) -> Tidy {
    use words::slices::column;
    let columns = [
        column::DIMENSION,
        column::VALUE,
        column::DEALS,
        column::WON,
        words::metric::REVENUE,
        column::DEALS_BEFORE,
        column::WON_BEFORE,
        column::REVENUE_BEFORE,
    ];
    let rows = page.digest.slices.deals.iter().map(|row| {
        let (dimension, value) = causes::slice(page, row.dimension, &row.value);
        let mut cells = vec![Datum::text(dimension), Datum::text(value)];
        cells.extend(made(&row.now));
        cells.extend(made(&row.before));
        cells
    });
    let title = page.text(words::slices::DEALS_TITLE);
    sheet(page, title, &columns, rows.collect())
}

fn made(made: &DealsMade) -> [Datum; 3] {
    [
        Datum::Count(f64::from(made.deals)),
        Datum::Count(f64::from(made.won)),
        Datum::money(Some(made.revenue)),
    ]
}

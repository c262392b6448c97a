//! Managers, refusals and work lists.

use super::super::tidy::{Datum, Tidy};
use super::sheet;
use crate::config::words;
use crate::digest::page::Page;
use crate::model::channel::ChannelId;
use crate::model::work::WorkItem;

/// Managers, a row each.
pub(super) fn managers(page: &Page) -> Tidy {
    use words::managers::column;
    use words::workbook;
    let columns = [
        words::deal_stages::MANAGER,
        column::DEALS,
        words::metric::INQUIRIES,
        column::RESPONSE_MINUTES,
        column::MISSED,
        column::UNTOUCHED,
        column::OBSERVED,
        column::EXPECTED,
        column::CONV2,
        workbook::LOW,
        workbook::HIGH,
    ];
    let rows = page.digest.managers.iter().map(|row| {
        let conv2 = row.conv2.as_ref();
        vec![
            Datum::text(&row.manager),
            Datum::Count(row.deals as f64),
            Datum::Count(row.inquiries as f64),
            Datum::count(row.response_s.map(|seconds| seconds / 60.0)),
            Datum::Count(row.missed as f64),
            Datum::Count(row.untouched as f64),
            Datum::count(conv2.map(|of| of.observed)),
            Datum::count(conv2.map(|of| of.expected)),
            Datum::share(conv2.and_then(|of| of.ratio)),
            Datum::share(conv2.and_then(|of| of.low)),
            Datum::share(conv2.and_then(|of| of.high)),
        ]
    });
    let title = page.text(words::managers::TITLE);
    sheet(page, title, &columns, rows.collect())
}

/// Refusals by reason and channel.
pub(super) fn refusals(page: &Page) -> Tidy {
    use words::managers::column;
    let columns = [
        column::REASON,
        words::channels::column::CHANNEL,
        column::DEALS,
    ];
    let rows = page.digest.refusals.iter().map(|row| {
        vec![
            Datum::text(&row.reason),
            Datum::text(channel(page, &row.channel)),
            Datum::Count(row.deals),
        ]
    });
    let title = page.text(words::managers::REFUSED);
    sheet(page, title, &columns, rows.collect())
}

/// Everything that waits for an answer: the kind of work in front.
pub(super) fn work(page: &Page) -> Tidy {
    use words::work::column;
    let columns = [
        column::KIND,
        column::ID,
        column::DAY,
        column::TIME,
        words::channels::column::CHANNEL,
        column::PLACE,
        column::WHO,
        column::SOURCE,
    ];
    let lists = page.digest.work.iter().flat_map(|work| {
        [
            (words::work::MISSED, &work.missed),
            (words::work::UNTOUCHED, &work.untouched),
            (words::work::FORMS, &work.forms),
        ]
    });
    let mut rows = Vec::new();
    for (kind, list) in lists {
        for item in list.iter().flat_map(|list| &list.items) {
            rows.push(row(page, &page.text(kind), item));
        }
    }
    sheet(page, page.text(words::work::TITLE), &columns, rows)
}

fn row(page: &Page, kind: &str, item: &WorkItem) -> Vec<Datum> {
    let local = item.at.with_timezone(&page.digest.pipeline.time_zone);
    let line = page.digest.pipeline.lines.get(&item.place);
    vec![
        Datum::text(kind),
        Datum::text(&item.id),
        Datum::Day(local.date_naive()),
        Datum::Text(local.format("%H:%M").to_string()),
        Datum::text(channel(page, &item.channel)),
        Datum::text(line.unwrap_or(&item.place)),
        Datum::text(&item.manager),
        Datum::text(page.export(&item.source)),
    ]
}

fn channel(page: &Page, id: &ChannelId) -> String {
    let row = page.digest.channel(id);
    row.map_or_else(|| id.to_string(), |row| row.title.clone())
}

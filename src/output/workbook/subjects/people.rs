//! Managers, refusals and work lists.

use super::super::tidy::{Datum, Tidy};
use super::sheet;
use crate::config::words;
use crate::digest::page::Page;
use crate::digest::{LinkOf, work_link};
use crate::metrics::satisfaction::Score;
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
            (words::work::MISSED, &work.missed, LinkOf::Record),
            (words::work::UNTOUCHED, &work.untouched, LinkOf::Deal),
            (words::work::FORMS, &work.forms, LinkOf::Record),
        ]
    });
    let mut rows = Vec::new();
    for (kind, list, of) in lists {
        for item in list.iter().flat_map(|list| &list.items) {
            rows.push(row(page, &page.text(kind), item, of));
        }
    }
    sheet(page, page.text(words::work::TITLE), &columns, rows)
}

/// Answers of customers: managers, channels, all.
pub(super) fn satisfaction(page: &Page) -> Tidy {
    use words::satisfaction::column;
    use words::workbook;
    let columns = [
        column::WHO,
        column::ANSWERS,
        column::PROMOTERS,
        column::DETRACTORS,
        column::SCORE,
        workbook::LOW,
        workbook::HIGH,
        column::USUAL,
    ];
    let total = page.text(words::table::TOTAL);
    let rows = page.digest.satisfaction.iter().flat_map(|found| {
        let managers = found.managers.iter();
        let managers = managers.map(|of| score(&of.manager, &of.score));
        let channels = found.channels.iter();
        let channels = channels.map(|of| score(&channel(page, &of.channel), &of.score));
        managers
            .chain(channels)
            .chain([score(&total, &found.total)])
    });
    let title = page.text(words::satisfaction::TITLE);
    sheet(page, title, &columns, rows.collect())
}

fn score(title: &str, of: &Score) -> Vec<Datum> {
    vec![
        Datum::text(title),
        Datum::Count(of.answers as f64),
        Datum::Count(of.promoters as f64),
        Datum::Count(of.detractors as f64),
        Datum::count(of.score.map(|score| score.value)),
        Datum::count(of.score.map(|score| score.low)),
        Datum::count(of.score.map(|score| score.high)),
        Datum::count(of.usual),
    ]
}

fn row(page: &Page, kind: &str, item: &WorkItem, of: LinkOf) -> Vec<Datum> {
    let local = item.at.with_timezone(&page.digest.pipeline.time_zone);
    let line = page.digest.pipeline.lines.get(&item.place);
    vec![
        Datum::text(kind),
        Datum::linked(&item.id, work_link(page, item, of)),
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

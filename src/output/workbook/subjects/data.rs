//! The data: contacts by kind, the exports and their state, numbers that are known better by now.

use super::super::tidy::{Datum, Tidy};
use super::sheet;
use crate::config::words;
use crate::digest::blocks::Unit;
use crate::digest::page::Page;
use crate::digest::{Restated, RestatedCell, measures};
use crate::model::facts::{ContactKind, SourceHealth, SourceState};
use crate::model::metric::Metric;

/// Contacts by kind, before they are joined.
pub(super) fn contacts(page: &Page) -> Tidy {
    use words::contacts::column;
    let rows = page.digest.contacts.iter().map(|(kind, count)| {
        vec![
            Datum::text(page.text(kind_key(*kind))),
            Datum::Count(*count as f64),
        ]
    });
    sheet(
        page,
        page.text(words::contacts::TITLE),
        &[column::KIND, column::COUNT],
        rows.collect(),
    )
}

fn kind_key(kind: ContactKind) -> words::Key {
    use words::contacts::kind;
    match kind {
        ContactKind::Call => kind::CALL,
        ContactKind::MissedCall => kind::MISSED_CALL,
        ContactKind::Form => kind::FORM,
        ContactKind::Chat => kind::CHAT,
        ContactKind::Deal => kind::DEAL,
    }
}

/// The exports and what arrived of them.
pub(super) fn exports(page: &Page) -> Tidy {
    use words::workbook;
    let columns = [
        workbook::EXPORT,
        workbook::STATE,
        workbook::LAST_DAY,
        workbook::MISSING_DAYS,
        workbook::READ,
        workbook::REJECTED,
    ];
    // A view is told nothing of how many rows there are.
    let is_part = page.digest.pipeline.view.is_some();
    let rows = |count: u64| match is_part {
        true => Datum::Empty,
        false => Datum::Count(count as f64),
    };
    let row = |source: &SourceState| {
        vec![
            Datum::text(page.export(&source.source)),
            Datum::text(page.text(state_key(source.state))),
            source.last_day.map_or(Datum::Empty, Datum::Day),
            Datum::Count(source.missing_days.len() as f64),
            rows(source.read),
            rows(source.rejected),
        ]
    };
    let rows = page.digest.data_health.iter().map(row).collect();
    sheet(page, page.text(words::health::TITLE), &columns, rows)
}

fn state_key(state: SourceHealth) -> words::Key {
    use words::health::state;
    match state {
        SourceHealth::Complete => state::COMPLETE,
        SourceHealth::Rejects => state::REJECTS,
        SourceHealth::Partial => state::PARTIAL,
        SourceHealth::Missing => state::MISSING,
    }
}

/// Counts that differ from what the first reports said.
pub(super) fn restated(page: &Page) -> Tidy {
    use words::{restated::column, workbook};
    let columns = [
        workbook::PERIOD,
        words::channels::column::CHANNEL,
        words::kpi::column::METRIC,
        column::WAS,
        column::NOW,
        column::FILES,
    ];
    let mut rows = Vec::new();
    for restated in &page.digest.restated {
        rows.extend(
            restated
                .cells
                .iter()
                .filter_map(|cell| restated_cell(page, restated, cell)),
        );
        // Digests of before cells were kept have the counts of the total alone.
        let counts = restated.counts.iter().filter(|_| restated.cells.is_empty());
        for (metric, counts) in counts {
            let datum = |value| match metric {
                Metric::Conv1 | Metric::Conv2 => Datum::Share(value),
                Metric::Revenue | Metric::Spend | Metric::Cpl => Datum::Money(value),
                Metric::Sessions | Metric::Users | Metric::Inquiries | Metric::Sales => {
                    Datum::Count(value)
                }
            };
            rows.push(vec![
                Datum::text(page.figures.short_period(&restated.period)),
                Datum::text(page.text(words::table::TOTAL)),
                Datum::text(page.text(name(*metric))),
                datum(counts.was),
                datum(counts.now),
                Datum::Empty,
            ]);
        }
    }
    sheet(page, page.text(words::restated::TITLE), &columns, rows)
}

fn restated_cell(page: &Page, restated: &Restated, cell: &RestatedCell) -> Option<Vec<Datum>> {
    let measure = measures::named(&cell.measure)?;
    let datum = |value: Option<f64>| match (value, measure.unit) {
        (None, _) => Datum::Empty,
        (Some(value), Unit::Count) => Datum::Count(value),
        (Some(value), Unit::Money) => Datum::Money(value),
        (Some(value), Unit::Share | Unit::Percent | Unit::Points) => Datum::Share(value),
    };
    Some(vec![
        Datum::text(page.figures.short_period(&restated.period)),
        Datum::text(cell.title.as_str()),
        Datum::text(page.text(measure.title)),
        datum(cell.was),
        datum(cell.now),
        Datum::text(cell.files.join(", ")),
    ])
}

fn name(metric: Metric) -> words::Key {
    use words::metric;
    match metric {
        Metric::Sessions => metric::SESSIONS,
        Metric::Users => metric::USERS,
        Metric::Inquiries => metric::INQUIRIES,
        Metric::Conv1 => metric::CONV1,
        Metric::Conv2 => metric::CONV2,
        Metric::Sales => metric::SALES_CLOSED,
        Metric::Revenue => metric::REVENUE,
        Metric::Spend => metric::SPEND,
        Metric::Cpl => metric::CPL,
    }
}

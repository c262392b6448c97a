//! The channels with all their numbers, a row each.

use super::super::tidy::{Datum, Tidy};
use super::{sheet, word};
use crate::config::words;
use crate::digest::page::Page;
use crate::metrics::scorecard::ChannelRow;

/// Every channel, and all of them together in the last row.
pub(super) fn channels(page: &Page) -> Tidy {
    use words::{metric, money, workbook};
    let columns = [
        words::channels::column::CHANNEL,
        metric::SESSIONS,
        metric::USERS,
        metric::INQUIRIES,
        workbook::EXPECTED_INQUIRIES,
        metric::CONV1,
        workbook::LOW,
        workbook::HIGH,
        workbook::DEVIATION_POINTS,
        workbook::WORD,
        metric::CONV2,
        workbook::CLICKS,
        metric::SPEND,
        metric::CPL,
        metric::SALES_CLOSED,
        metric::REVENUE,
        money::column::CAC,
        money::column::ROMI,
        money::label::MARGIN,
        money::column::ROMI_MARGIN,
    ];
    let total = page.text(words::table::TOTAL);
    let rows = page
        .digest
        .channels
        .iter()
        .map(|of| row(page, &of.title, of));
    let rows = rows
        .chain([row(page, &total, &page.digest.totals)])
        .collect();
    sheet(page, page.text(words::channels::TITLE), &columns, rows)
}

fn row(page: &Page, title: &str, of: &ChannelRow) -> Vec<Datum> {
    let (measures, usual) = (&of.measures, of.usual);
    let whole = |count: Option<u64>| Datum::count(count.map(|n| n as f64));
    vec![
        Datum::text(title),
        whole(measures.sessions),
        whole(measures.users),
        Datum::count(measures.inquiries),
        Datum::count(usual.map(|usual| usual.inquiries.value)),
        Datum::rate(&of.conv1),
        Datum::share(usual.map(|usual| usual.conv1.low)),
        Datum::share(usual.map(|usual| usual.conv1.high)),
        usual.map_or(Datum::Empty, |usual| Datum::Points(usual.deviation.points)),
        word(page, of.verdict),
        conv2(page, of),
        whole(measures.clicks),
        Datum::money(measures.spend),
        Datum::money(of.costs.cpl),
        Datum::count(measures.sales_closed),
        Datum::money(measures.revenue_closed),
        Datum::money(of.costs.cac),
        Datum::share(of.costs.romi),
        Datum::money(measures.gross_margin),
        Datum::share(of.costs.romi_margin),
    ]
}

/// The second conversion of the matured cohort.
fn conv2(page: &Page, of: &ChannelRow) -> Datum {
    let Some(cohort) = &page.digest.mature_cohort else {
        return Datum::Empty;
    };
    if of.channel == page.digest.totals.channel {
        return Datum::rate(&cohort.rate);
    }
    cohort
        .channels
        .get(&of.channel)
        .map_or(Datum::Empty, Datum::rate)
}

/// The inquiries of every channel in the last periods, a row each.
pub(super) fn history(page: &Page) -> Tidy {
    use words::workbook;
    let columns = [
        words::channels::column::CHANNEL,
        workbook::PERIOD,
        workbook::FROM_DAY,
        workbook::TO_DAY,
        words::metric::INQUIRIES,
    ];
    let digest = page.digest;
    let rows = digest.channels.iter().flat_map(|row| {
        let periods = digest.trend.iter().map(|point| &point.period);
        periods.zip(&row.past).map(|(period, inquiries)| {
            vec![
                Datum::text(&row.title),
                Datum::text(page.figures.short_period(period)),
                Datum::Day(period.from),
                Datum::Day(period.to),
                Datum::count(*inquiries),
            ]
        })
    });
    let title = page.text(workbook::CHANNEL_HISTORY);
    sheet(page, title, &columns, rows.collect())
}

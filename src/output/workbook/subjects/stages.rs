//! The stages of the funnel in every channel, a row each.

use super::super::tidy::{Datum, Tidy};
use super::{sheet, word};
use crate::config::words;
use crate::digest::page::Page;
use crate::metrics::ads::{AdRow, AdStage};
use crate::metrics::scorecard::Stage;
use crate::metrics::values::Estimate;

/// Every stage of every channel, those of all channels together last.
pub(super) fn stages(page: &Page) -> Tidy {
    use words::{funnel::column, workbook};
    let columns = [
        words::channels::column::CHANNEL,
        words::ads::column::CAMPAIGN,
        column::STAGE,
        column::COUNT,
        column::TO_SESSIONS,
        column::TO_USERS,
        column::TO_PREVIOUS,
        column::TO_INQUIRIES,
        words::stages::DROP_OFF,
        words::stages::USUAL,
        workbook::LOW,
        workbook::HIGH,
        workbook::DEVIATION_POINTS,
        workbook::WORD,
    ];
    let total = page.text(words::table::TOTAL);
    let of_channels = page.digest.channels.iter().flat_map(|row| {
        row.stages
            .iter()
            .map(|stage| cells(page, &row.title, stage))
    });
    let of_all = page
        .digest
        .funnel
        .iter()
        .map(|stage| cells(page, &total, stage));
    let of_campaigns = page.digest.ads.rows.iter().flat_map(|row| {
        let stages = row.stages.iter();
        stages.map(|stage| of_campaign(page, row, stage))
    });
    let rows = of_channels.chain(of_campaigns).chain(of_all).collect();
    sheet(page, page.text(words::stages::TITLE), &columns, rows)
}

fn cells(page: &Page, channel: &str, stage: &Stage) -> Vec<Datum> {
    let usual = stage.usual.map(|usual| usual.to_previous);
    vec![
        Datum::text(channel),
        Datum::Empty,
        Datum::text(&stage.title),
        Datum::count(stage.count),
        Datum::rate(&stage.to_sessions),
        stage.to_users.as_ref().map_or(Datum::Empty, Datum::rate),
        Datum::rate(&stage.to_previous),
        Datum::rate(&stage.to_inquiries),
        Datum::share(stage.drop_off),
        Datum::share(usual.map(|usual| usual.value)),
        Datum::share(usual.map(|usual| usual.low)),
        Datum::share(usual.map(|usual| usual.high)),
        stage.change.map_or(Datum::Empty, Datum::change),
        word(page, stage.verdict),
    ]
}

/// A stage of a campaign; what is told of all channels alone is left empty.
fn of_campaign(page: &Page, row: &AdRow, stage: &AdStage) -> Vec<Datum> {
    let all = page.digest.funnel.iter();
    let mut titled = all.filter(|known| known.code == stage.code);
    let title = titled.next().map_or(&stage.code, |known| &known.title);
    let channel = page.digest.channel(&row.key.channel);
    let channel = channel.map_or(row.key.channel.as_str(), |row| row.title.as_str());
    let usual = |of: fn(&Estimate) -> f64| Datum::share(stage.usual.as_ref().map(of));
    vec![
        Datum::text(channel),
        Datum::text(row.key.campaign.as_deref().unwrap_or_default()),
        Datum::text(title),
        Datum::Count(stage.count as f64),
        Datum::Empty,
        Datum::Empty,
        Datum::rate(&stage.to_previous),
        Datum::Empty,
        Datum::Empty,
        usual(|expected| expected.value),
        usual(|expected| expected.low),
        usual(|expected| expected.high),
        Datum::Empty,
        word(page, stage.verdict),
    ]
}

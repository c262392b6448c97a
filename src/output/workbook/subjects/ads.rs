//! Advertising: every campaign, group, phrase, ad and page with its money, a row each.

use super::super::tidy::{Datum, Tidy};
use super::sheet;
use crate::config::words::{self, Key};
use crate::digest::page::Page;
use crate::metrics::ads::{AdCohort, AdLevel, AdRow};
use crate::model::money::Minor;

/// Every row of every level.
pub(super) fn ads(page: &Page) -> Tidy {
    use words::ads::column;
    use words::{metric, workbook};
    let columns = [
        column::LEVEL,
        words::channels::column::CHANNEL,
        column::CAMPAIGN,
        column::NAME,
        metric::SESSIONS,
        metric::INQUIRIES,
        workbook::EXPECTED_INQUIRIES,
        metric::CONV1,
        metric::SPEND,
        metric::CPL,
        column::LATEST_INQUIRIES,
        column::LATEST_SALES,
        column::LATEST_COST_PER_SALE,
        column::MATURED_SPEND,
        column::MATURED_INQUIRIES,
        column::MATURED_SALES,
        column::MATURED_REVENUE,
        column::COST_PER_SALE,
        column::COST_SHARE,
        column::MATURED_MARGIN,
        words::money::column::ROMI,
        words::money::column::ROMI_MARGIN,
    ];
    let rows = page.digest.ads.rows.iter().map(|of| row(page, of));
    let title = page.text(words::ads::TITLE);
    sheet(page, title, &columns, rows.collect())
}

fn row(page: &Page, of: &AdRow) -> Vec<Datum> {
    let channel = page.digest.channel(&of.key.channel);
    let title = channel.map_or(of.key.channel.as_str(), |row| row.title.as_str());
    let name = |name: &Option<String>| name.as_ref().map_or(Datum::Empty, Datum::text);
    let (latest, matured) = (of.latest.as_ref(), of.matured.as_ref());
    let count = |cohort: Option<&AdCohort>, of: fn(&AdCohort) -> f64| Datum::count(cohort.map(of));
    let money = |cohort: Option<&AdCohort>, of: fn(&AdCohort) -> Option<Minor>| {
        Datum::money(cohort.and_then(of))
    };
    let share = |of: fn(&AdCohort) -> Option<f64>| Datum::share(matured.and_then(of));
    vec![
        Datum::text(page.text(level(of.key.level))),
        Datum::text(title),
        name(&of.key.campaign),
        name(&of.key.name),
        Datum::count(of.sessions.map(|sessions| sessions as f64)),
        Datum::count(of.inquiries),
        Datum::count(of.expected.map(|expected| expected.value)),
        Datum::rate(&of.conv1),
        Datum::money(of.spend),
        Datum::money(of.cpl),
        count(latest, |cohort| cohort.inquiries),
        count(latest, |cohort| cohort.sales),
        money(latest, |cohort| cohort.cost_per_sale),
        money(matured, |cohort| cohort.spend),
        count(matured, |cohort| cohort.inquiries),
        count(matured, |cohort| cohort.sales),
        money(matured, |cohort| Some(cohort.revenue)),
        money(matured, |cohort| cohort.cost_per_sale),
        share(|cohort| cohort.cost_share),
        money(matured, |cohort| cohort.margin),
        share(|cohort| cohort.romi),
        share(|cohort| cohort.romi_margin),
    ]
}

fn level(level: AdLevel) -> Key {
    match level {
        AdLevel::Campaign => words::ads::level::CAMPAIGN,
        AdLevel::Group => words::ads::level::GROUP,
        AdLevel::Phrase => words::ads::level::PHRASE,
        AdLevel::Ad => words::ads::level::AD,
        AdLevel::Page => words::ads::level::PAGE,
    }
}

//! The subjects of the workbook, a sheet each: a new one is a function here and a line in [`all`].

mod ads;
mod causes;
mod changes;
mod channels;
mod data;
mod deal_stages;
mod money;
mod numbers;
mod people;
mod planned;
mod slices;
mod stages;

use super::tidy::{Datum, Tidy};
use crate::config::words;
use crate::digest::page::Page;
use crate::metrics::scorecard::RowVerdict;

/// Every sheet that has something in it, in the order of the report.
pub(super) fn all(page: &Page) -> Vec<Tidy> {
    let sheets = [
        numbers::indicators(page),
        channels::channels(page),
        channels::history(page),
        ads::ads(page),
        slices::visits(page),
        slices::deals(page),
        numbers::history(page),
        numbers::daily(page),
        numbers::funnel(page),
        stages::stages(page),
        deal_stages::cohort(page),
        deal_stages::times(page),
        deal_stages::stuck(page),
        people::managers(page),
        people::refusals(page),
        people::work(page),
        people::satisfaction(page),
        money::period(page),
        money::formula(page),
        money::processes(page),
        money::cohorts(page),
        planned::targets(page),
        planned::month(page),
        planned::forecast(page),
        planned::experiments(page),
        causes::causes(page),
        causes::days(page),
        causes::plan(page),
        changes::changes(page),
        data::contacts(page),
        data::exports(page),
        data::restated(page),
    ];
    sheets
        .into_iter()
        .filter(|sheet| !sheet.rows.is_empty())
        .collect()
}

/// A sheet of these headings.
fn sheet(page: &Page, title: String, columns: &[words::Key], rows: Vec<Vec<Datum>>) -> Tidy {
    Tidy {
        title,
        columns: columns.iter().map(|key| page.text(*key)).collect(),
        rows,
    }
}

/// The word for a row's conversion; none while nothing may be judged.
fn word(page: &Page, verdict: RowVerdict) -> Datum {
    let key = match verdict {
        RowVerdict::Worse if page.may_judge() => words::word::WORSE,
        RowVerdict::Better if page.may_judge() => words::word::BETTER,
        RowVerdict::Noise if page.may_judge() => words::word::NOISE,
        RowVerdict::TooFew => words::word::TOO_FEW,
        _ => return Datum::Empty,
    };
    Datum::text(page.text(key))
}

//! The subjects of the workbook, a sheet each: a new one is a function here and a line in [`all`].

mod ads;
mod causes;
mod channels;
mod data;
mod deal_stages;
mod money;
mod numbers;
mod people;
mod planned;
mod slices;
mod stages;

use super::tidy::Tidy;
use crate::digest::page::Page;

/// Every sheet that has something in it, in the order of the report.
pub(super) fn all(page: &Page) -> Vec<Tidy> {
    let sheets = [
        numbers::indicators(page),
        channels::channels(page),
        ads::ads(page),
        slices::visits(page),
        slices::deals(page),
        numbers::history(page),
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
fn sheet(
    page: &Page,
    title: String,
    columns: &[crate::config::words::Key],
    rows: Vec<Vec<super::tidy::Datum>>,
) -> Tidy {
    Tidy {
        title,
        columns: columns.iter().map(|key| page.text(*key)).collect(),
        rows,
    }
}

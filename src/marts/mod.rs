//! From the lake's tables to small typed facts: channels, traffic, inquiries, attribution, costs.

pub mod ads;
mod alike;
pub mod attribution;
mod bought;
pub mod calendar;
mod changed;
pub mod contacts;
pub mod costs;
mod data_faults;
mod deal_slices;
mod deal_stages;
mod dealt;
mod experiments;
mod faults;
mod foreign;
mod gaps;
pub mod inquiries;
mod kept;
pub mod known;
mod links;
mod models;
pub mod observations;
pub mod origins;
pub mod paths;
mod people;
mod reaching;
mod reconciled;
mod rows;
#[cfg(test)]
mod sample_visits;
mod shared_keys;
pub mod sources;
pub mod spans;
mod stages;
mod stored;
mod surveys;
mod table;
pub mod tables;
mod targets;
mod traced;
pub mod traffic;
mod unseen;
mod usual_days;
mod view;
mod work;

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use self::inquiries::{JoinedInquiry, WonDeal};
use self::kept::TrafficCounter;
use self::origins::OriginChannels;
use self::people::People;
use self::rows::Rows;
use self::sources::ExportRows;
use self::traffic::PeriodTraffic;
use crate::config::Plan;
use crate::lake::Lake;
use crate::model::doubt::SalesDoubt;
use crate::model::facts::{Arrived, Facts, Inquiry, Sale, SourceHealth, SourceState};
use crate::model::link::AbsentManager;
use crate::model::period::Period;
use crate::model::restriction::Restriction;
use crate::model::table::Table;
use crate::model::tables::TRAFFIC_DAILY;
use crate::model::zone;

pub use ads::ads;
pub use changed::has_changed;
pub use deal_slices::deal_slices;
pub use known::Known;
pub use models::{ModelCredit, credit_by_model};
pub use observations::observe;
pub use stored::Stored;
pub use table::table;
pub use unseen::{Named, Unseen, unseen};

/// Periods before the reported one that say what exports usually tell of each other.
const RECONCILED_PERIODS: usize = 8;

/// Builds the facts of a report about `period`, the periods before it and the year before.
///
/// # Errors
/// When the lake cannot be read.
pub fn facts(known: &Known<'_>, period: &Period) -> Result<Facts> {
    facts_since(known, period, known.stored.first_day.unwrap_or(period.from))
}

/// The facts of a period by itself, without those before it.
///
/// # Errors
/// When the lake cannot be read.
pub fn facts_alone(known: &Known<'_>, period: &Period) -> Result<Facts> {
    facts_since(known, period, period.from)
}

fn facts_since(known: &Known<'_>, period: &Period, first_day: NaiveDate) -> Result<Facts> {
    let (stored, people) = (known.stored, &known.people);
    let plan = stored.plan;
    let periods = run_of_periods(period, first_day);
    let from = zone::day_start(
        periods.first().map_or(period.from, |first| first.from),
        plan.zone,
    );
    let facts = stored.periods(&periods)?;
    let last_year = period.last_year();
    let last_year = match facts.iter().find(|known| known.period == last_year) {
        Some(known) => Some(known.clone()),
        None if first_day <= last_year.from => Some(stored.period(&last_year)?),
        None => None,
    };
    let of_nobody = |deals: &[WonDeal]| -> Vec<Sale> {
        let sale = |deal| attribution::sale(deal, plan.zone);
        deals.iter().map(sale).collect()
    };
    let bounds = zone::bounds(period, plan.zone);
    let doubts = known.doubts(period);
    let sources = told_sources(known, period, &doubts)?;
    let looked_back = periods.len().saturating_sub(RECONCILED_PERIODS + 1);
    let recent = &periods[looked_back..];
    let view = &plan.view.rows;
    let mut targets = targets::targets(stored.lake, stored.as_of, &plan.channels)?;
    targets.retain(|target| view.sees_plan(&target.scope));
    let arrived = Arrived {
        contacts: sources::have_contacts(&sources, plan),
        deals: people
            .deals_known_until
            .is_some_and(|until| reaches_into(until, bounds.0, &sources)),
    };
    let sales_are_known = people.has_deals && stored.stage_doubts.is_empty();
    let bought = match sales_are_known {
        true => bought::bought(known, period)?,
        false => None,
    };
    Ok(Facts {
        bought,
        daily: None,
        periods: facts,
        last_year,
        inquiries: people.has_contacts.then(|| inquiries_since(people, from)),
        deal_paths: deal_stages::paths(known),
        answers: surveys::answers(known),
        work: Some(work::lists(
            known,
            period,
            doubts.values().all(SalesDoubt::hides_sales),
        )),
        sales_without_inquiry: of_nobody(&people.joined.sales_without_inquiry),
        refunds_without_inquiry: of_nobody(&people.joined.refunds_without_inquiry),
        has_deals: sales_are_known,
        traced: traced::traced(known, period),
        sales_are_traced: doubts.values().all(SalesDoubt::hides_sales),
        arrived,
        known_until: people.deals_known_until.unwrap_or(bounds.1),
        left_out: people.left_out(bounds),
        contacts: people.contacts(bounds),
        calendar: stored.calendar.clone(),
        month: month_to_date(period)
            .map(|month| stored.period(&month))
            .transpose()?,
        paid: stored.costs.paid(period.to),
        managed: targets::managed(known, &targets),
        targets,
        // They tell of all sessions of their pages.
        experiments: match view.is_none() {
            true => experiments::counts(known, period)?,
            false => Vec::new(),
        },
        sources,
        links: reconciled::links(known, recent)?,
        amounts: reconciled::amounts(known, recent)?,
        click_prices: reconciled::click_prices(known, recent)?,
        absent_managers: absent_managers(stored, &plan.view.rows, period),
        costs_of: stored.costs.exports().clone(),
    })
}

/// The inquiries that matter from an instant on: an old one still does when one of its sales was closed, or given back,
/// since then.
fn inquiries_since(people: &People, from: DateTime<Utc>) -> Vec<Inquiry> {
    let matters = |inquiry: &JoinedInquiry| {
        let moved = inquiry.sales.iter().chain(&inquiry.refunds);
        inquiry.at() >= from || moved.map(|deal| deal.won_at).any(|at| at >= from)
    };
    let pairs = people.joined.inquiries.iter().zip(&people.attributed);
    pairs
        .filter(|(joined, _)| matters(joined))
        .map(|(_, attributed)| attributed.clone())
        .collect()
}

/// The state of each export that readers are told of, with what is wrong with its rows.
fn told_sources(
    known: &Known<'_>,
    period: &Period,
    doubts: &BTreeMap<Arc<str>, SalesDoubt>,
) -> Result<Vec<SourceState>> {
    let stored = known.stored;
    let (seen, zone) = (&stored.plan.view.rows, stored.plan.zone);
    let last_known = known.until.map(|until| {
        let last_second = until - TimeDelta::seconds(1);
        zone::local_day(last_second, zone)
    });
    let mut sources = sources::states(
        stored.lake,
        &stored.exports,
        doubts,
        stored.as_of,
        (period, &stored.calendar),
        last_known,
    )?;
    let is_told = |source: &SourceState| source.table.is_none_or(|table| seen.is_told_by(table));
    sources.retain(is_told);
    for source in &mut sources {
        // How many rows an export has is known to those alone who see all of them.
        if !seen.is_none() {
            (source.read, source.rejected) = (0, 0);
        }
        source.other_currencies = match source.table {
            Some(Table::Deals) => reconciled::in_other_currencies(stored, &source.source, period),
            _ => stored.costs.other_currencies(&source.source, period),
        };
        let has_rows = source.state != SourceHealth::Missing;
        if let Some(table) = source.table.filter(|_| has_rows) {
            source.data_faults = faults::of_source(stored, table, &source.source, period)?;
        }
    }
    Ok(sources)
}

/// Whether deals that are known until some time reach into a period. With new deals of it, any moment of it will do; without,
/// an export that was taken on its first morning is one of the period before.
fn reaches_into(known_until: DateTime<Utc>, start: DateTime<Utc>, sources: &[SourceState]) -> bool {
    let from = match sources::have_deals(sources) {
        true => start,
        false => start + TimeDelta::days(1),
    };
    known_until > from
}

/// Managers without any deal of the period; a view is told nothing, it sees a part of the rows.
fn absent_managers(stored: &Stored<'_>, view: &Restriction, period: &Period) -> Vec<AbsentManager> {
    let is_of_deals = |export: &&ExportRows| export.table == Some(Table::Deals) && view.is_none();
    let exports = stored.exports.iter().filter(is_of_deals);
    exports
        .flat_map(|export| data_faults::absent_managers(stored, &export.name, period))
        .collect()
}

/// Sessions and users by period and channel alone, for tables over many periods.
///
/// # Errors
/// When the lake cannot be read.
pub fn traffic_table(
    lake: &Lake,
    plan: &Plan,
    as_of: DateTime<Utc>,
    periods: &[Period],
) -> Result<Vec<Option<PeriodTraffic>>> {
    let rules = &plan.channels;
    let origins = OriginChannels::load(lake, rules, &plan.view.rows)?;
    let totals = Rows::all(lake, &TRAFFIC_DAILY, as_of)?;
    let counter = TrafficCounter::new(lake, as_of, rules, &origins, totals.as_ref());
    let traffic = counter.of_periods(periods);
    counter.keep();
    traffic
}

/// The month of the period's last day up to that day; none of periods that are a month or longer themselves.
fn month_to_date(period: &Period) -> Option<Period> {
    period
        .is_within_month()
        .then(|| Period::month_to(period.to))
}

/// The reported period and those before it, back to the same period of last year or the first whole one, oldest first.
fn run_of_periods(period: &Period, first_day: NaiveDate) -> Vec<Period> {
    let back_to = period.last_year().from.max(first_day);
    let mut periods: Vec<Period> =
        std::iter::successors(Some(period.clone()), |period| Some(period.previous()))
            .take_while(|known| known.from >= back_to || known == period)
            .collect();
    periods.reverse();
    periods
}

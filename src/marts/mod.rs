//! From the lake's tables to small typed facts: channels, traffic, inquiries, attribution, costs.

pub mod attribution;
pub mod calendar;
pub mod channels;
pub mod contacts;
pub mod costs;
mod counted;
pub mod inquiries;
pub mod observations;
pub mod paths;
mod rows;
pub mod sources;
pub mod traffic;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

use self::channels::ChannelRules;
use self::contacts::Contacts;
use self::costs::Costs;
use self::inquiries::JoinedInquiry;
use self::rows::Rows;
use self::sources::FormatTables;
use self::traffic::{OriginChannels, PeriodTraffic};
use crate::config::Plan;
use crate::lake::Lake;
use crate::model::facts::{Facts, Inquiry, PeriodFacts};
use crate::model::period::Period;
use crate::model::tables::{CALLS, DEALS, FORMS, SESSIONS, TRAFFIC_DAILY, Table};
use crate::model::zone;

pub use counted::counted;
pub use observations::observe;

/// Builds the facts of a report: what was known by `as_of` about `period`, the periods before it and the year before,
/// without anything that happened at `until` or later.
///
/// # Errors
/// When the lake cannot be read, or the channel rules cannot be compiled.
pub fn facts(
    lake: &Lake,
    plan: &Plan,
    format_tables: &FormatTables,
    as_of: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    period: &Period,
) -> Result<Facts> {
    let rules = ChannelRules::compile(&plan.channels)?;
    let origins = OriginChannels::load(lake, &rules)?;
    let costs = Costs::load(lake, plan, &rules, as_of)?;
    let loader = Loader {
        lake,
        plan,
        as_of,
        rules: &rules,
        origins: &origins,
        totals: Rows::all(lake, &TRAFFIC_DAILY, as_of)?,
        format_tables,
    };
    let first_day = first_day(lake, as_of, loader.totals.as_ref())?.unwrap_or(period.from);
    let periods = run_of_periods(period, first_day);
    let mut facts = Vec::new();
    for period in &periods {
        facts.push(loader.period(period, &costs)?);
    }
    let last_year = period.last_year();
    let last_year = match facts.iter().find(|known| known.period == last_year) {
        Some(known) => Some(known.clone()),
        None if first_day <= last_year.from => Some(loader.period(&last_year, &costs)?),
        None => None,
    };
    let contacts = contacts::load(lake, plan, as_of, until, period)?;
    let from = periods.first().map_or(period.from, |first| first.from);
    loader.finish(facts, last_year, contacts, period, from)
}

/// Sessions and users by period and channel alone, for tables over many periods.
///
/// # Errors
/// When the lake cannot be read, or the channel rules cannot be compiled.
pub fn traffic_table(
    lake: &Lake,
    plan: &Plan,
    as_of: DateTime<Utc>,
    periods: &[Period],
) -> Result<Vec<Option<PeriodTraffic>>> {
    let rules = ChannelRules::compile(&plan.channels)?;
    let origins = OriginChannels::load(lake, &rules)?;
    let totals = Rows::all(lake, &TRAFFIC_DAILY, as_of)?;
    let loader =
        Loader { lake, plan, as_of, rules: &rules, origins: &origins, totals, format_tables: &FormatTables::new() };
    periods.iter().map(|period| loader.traffic(period, false)).collect()
}

struct Loader<'a> {
    lake: &'a Lake,
    plan: &'a Plan,
    as_of: DateTime<Utc>,
    rules: &'a ChannelRules,
    origins: &'a OriginChannels,
    totals: Option<Rows>,
    format_tables: &'a FormatTables,
}

impl Loader<'_> {
    fn traffic(&self, period: &Period, with_stages: bool) -> Result<Option<PeriodTraffic>> {
        let stages = if with_stages { self.plan.stages.as_slice() } else { &[] };
        if let Some(traffic) = traffic::of_sessions(self.lake, self.as_of, period, self.origins, stages)? {
            return Ok(Some(traffic));
        }
        match &self.totals {
            Some(totals) => traffic::of_totals(totals, period, self.rules),
            None => Ok(None),
        }
    }

    fn period(&self, period: &Period, costs: &Costs) -> Result<PeriodFacts> {
        let traffic = self.traffic(period, true)?;
        Ok(PeriodFacts {
            period: period.clone(),
            users_total: traffic.as_ref().and_then(|traffic| traffic.users),
            stages: traffic.as_ref().map(|traffic| traffic.stages.clone()).unwrap_or_default(),
            traffic: traffic.map(|traffic| traffic.channels),
            spend: costs.of(period),
        })
    }

    fn finish(
        &self,
        periods: Vec<PeriodFacts>,
        last_year: Option<PeriodFacts>,
        contacts: Contacts,
        period: &Period,
        from: NaiveDate,
    ) -> Result<Facts> {
        let plan = self.plan;
        let Contacts { contacts, deals, left_out, counts, has_contacts, has_deals, deals_known_until } = contacts;
        let joined = inquiries::join(contacts, deals, plan.inquiry.uniqueness_days, plan.sales.deal_window_days);
        let from = zone::day_start(from, plan.zone);
        // An old inquiry still matters when one of its sales was closed in the periods that are looked at.
        let matters =
            |inquiry: &&JoinedInquiry| inquiry.at() >= from || inquiry.sales.iter().any(|sale| sale.won_at >= from);
        let recent: Vec<&JoinedInquiry> = joined.inquiries.iter().filter(matters).collect();
        let (paths, _) = paths::load(self.lake, plan, self.as_of, self.origins, &recent)?;
        let inquiries: Vec<Inquiry> = recent
            .into_iter()
            .map(|inquiry| attribution::attribute(inquiry, &paths, self.rules, &plan.attribution, plan.zone))
            .collect();
        let (_, period_end) = zone::bounds(period, plan.zone);
        Ok(Facts {
            daily: None,
            periods,
            last_year,
            inquiries: has_contacts.then_some(inquiries),
            sales_without_inquiry: joined
                .sales_without_inquiry
                .iter()
                .map(|deal| attribution::sale(deal, plan.zone))
                .collect(),
            has_deals,
            known_until: deals_known_until.unwrap_or(period_end),
            left_out,
            contacts: counts,
            targets: costs::targets(self.lake, self.as_of, period)?,
            sources: sources::states(self.lake, plan, self.format_tables, self.as_of, period)?,
        })
    }
}

/// The first day of traffic that the lake holds; without any traffic, of calls, forms or deals.
fn first_day(lake: &Lake, as_of: DateTime<Utc>, totals: Option<&Rows>) -> Result<Option<NaiveDate>> {
    let first_of = |table: &Table| -> Result<Option<NaiveDate>> {
        let parts = lake.catalog.parts(table.name, as_of)?;
        Ok(parts.iter().map(|part| crate::lake::scan::day_from_number(part.min_day)).min())
    };
    // Totals are dated by their last day, so the catalog's first day is not theirs.
    let of_totals = totals.map(|rows| rows.days("from_day")).transpose()?.and_then(|days| days.into_iter().min());
    if let Some(first) = [first_of(&SESSIONS)?, of_totals].into_iter().flatten().min() {
        return Ok(Some(first));
    }
    let others = [first_of(&CALLS)?, first_of(&FORMS)?, first_of(&DEALS)?];
    Ok(others.into_iter().flatten().min())
}

/// The reported period and those before it, back to the same period of last year or the first whole one, oldest first.
fn run_of_periods(period: &Period, first_day: NaiveDate) -> Vec<Period> {
    let back_to = period.last_year().from.max(first_day);
    let mut periods: Vec<Period> = std::iter::successors(Some(period.clone()), |period| Some(period.previous()))
        .take_while(|known| known.from >= back_to || known == period)
        .collect();
    periods.reverse();
    periods
}

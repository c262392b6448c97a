//! Facts for tables of many periods: what the periods share is read and joined once, and each is counted once.

mod bounces;
mod places;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::TimeDelta;

use self::places::Places;
use super::inquiries::WonDeal;
use super::known::Known;
use super::{attribution, reaching, targets};
use crate::model::channel::ChannelId;
use crate::model::doubt::SalesDoubt;
use crate::model::facts::{Arrived, Facts, PeriodFacts, Sale, Traced};
use crate::model::period::Period;
use crate::model::tabulated::{RowsOf, TableFacts, TabledPeriod};
use crate::model::zone;

/// The facts of a table of these periods.
///
/// # Errors
/// When the lake cannot be read.
pub fn table(known: &Known<'_>, periods: &[Period], of: RowsOf) -> Result<TableFacts> {
    match of {
        RowsOf::Channel | RowsOf::Manager => of_channels(known, periods),
        RowsOf::Campaign | RowsOf::Page => of_places(known, periods, of),
    }
}

fn of_channels(known: &Known<'_>, periods: &[Period]) -> Result<TableFacts> {
    let stored = known.stored;
    let now = stored.periods(periods)?;
    let bounces = bounces::of_channels(stored, periods)?;
    let mut tabled = Vec::with_capacity(periods.len());
    for (now, bounces) in now.into_iter().zip(bounces) {
        let before = before(known, &now.period)?;
        tabled.push(own(known, now, before, bounces));
    }
    Ok(TableFacts {
        of: RowsOf::Channel,
        firm: firm(known)?,
        periods: tabled,
        places: BTreeMap::new(),
        priced: BTreeSet::new(),
    })
}

fn of_places(known: &Known<'_>, periods: &[Period], of: RowsOf) -> Result<TableFacts> {
    let mut places = Places::new(known.stored, of);
    let traffic = places.traffic(periods)?;
    let mut tabled = Vec::with_capacity(periods.len());
    for (period, traffic) in periods.iter().zip(traffic) {
        let now = PeriodFacts {
            period: period.clone(),
            users_total: traffic.as_ref().map(|traffic| traffic.users),
            spend: places.spend(period),
            traffic: traffic.as_ref().map(|traffic| traffic.rows.clone()),
            stages: Vec::new(),
            stage_users: Vec::new(),
        };
        let bounces = traffic.and_then(|traffic| traffic.bounces);
        tabled.push(own(known, now, None, bounces));
    }
    let mut firm = firm(known)?;
    if let Some(inquiries) = &mut firm.inquiries {
        let joined = known.people.joined.inquiries.iter();
        for (inquiry, joined) in inquiries.iter_mut().zip(joined) {
            inquiry.credit = places.credit(joined);
        }
    }
    Ok(TableFacts {
        of,
        firm,
        periods: tabled,
        priced: places.priced(periods),
        places: places.listed(),
    })
}

/// What is known of one period beside its counts.
fn own(
    known: &Known<'_>,
    now: PeriodFacts,
    before: Option<PeriodFacts>,
    bounces: Option<BTreeMap<ChannelId, u64>>,
) -> TabledPeriod {
    let (stored, people) = (known.stored, &known.people);
    let bounds = zone::bounds(&now.period, stored.plan.zone);
    let reaching = reaching::reaching(&stored.exports, stored.plan, &now.period);
    // With new deals of the period any moment of it will do; without, an export that was taken on its first morning is one
    // of the period before.
    let deals_from = match reaching.deals {
        true => bounds.0,
        false => bounds.0 + TimeDelta::days(1),
    };
    let deals_known_until = people.deals_known_until;
    TabledPeriod {
        arrived: Arrived {
            contacts: reaching.contacts,
            deals: deals_known_until.is_some_and(|until| until > deals_from),
        },
        sales_are_traced: known
            .doubts(&now.period)
            .values()
            .all(SalesDoubt::hides_sales),
        known_until: deals_known_until.unwrap_or(bounds.1),
        now,
        before,
        bounces,
    }
}

/// The period before, as a report looks at it: nothing lies before the first day that is known, or before last year.
fn before(known: &Known<'_>, period: &Period) -> Result<Option<PeriodFacts>> {
    let stored = known.stored;
    let first_day = stored.first_day.unwrap_or(period.from);
    let mut earlier = super::run_of_periods(period, first_day);
    earlier.pop();
    let Some(last) = earlier.pop() else {
        return Ok(None);
    };
    let mut facts = stored.period(&last)?;
    let is_told = |facts: &PeriodFacts| facts.traffic.as_ref().is_some_and(|by| !by.is_empty());
    // Rows of zeros were collected only after the first session of the run.
    if is_told(&facts) && !has_sessions(&facts) {
        let began = earlier.iter().rev().map(|period| stored.period(period));
        let mut began = began.map(|facts| facts.map(|facts| has_sessions(&facts)));
        if !began.try_fold(false, |any, has| has.map(|has| any || has))? {
            facts.traffic = None;
        }
    }
    Ok(Some(facts))
}

fn has_sessions(facts: &PeriodFacts) -> bool {
    let channels = facts.traffic.iter().flatten();
    channels
        .into_iter()
        .any(|(_, traffic)| traffic.sessions > 0)
}

/// People, sales and plans, whatever the period.
fn firm(known: &Known<'_>) -> Result<Facts> {
    let (stored, people) = (known.stored, &known.people);
    let plan = stored.plan;
    let of_nobody = |deals: &[WonDeal]| -> Vec<Sale> {
        let sale = |deal| attribution::sale(deal, plan.zone);
        deals.iter().map(sale).collect()
    };
    let mut targets = targets::targets(stored.lake, stored.as_of, &plan.channels)?;
    targets.retain(|target| plan.view.rows.sees_plan(&target.scope));
    let has_contacts = people.has_contacts;
    Ok(Facts {
        periods: Vec::new(),
        last_year: None,
        daily: None,
        inquiries: has_contacts.then(|| people.attributed.clone()),
        deal_paths: super::deal_stages::paths(known),
        answers: None,
        work: None,
        sales_without_inquiry: of_nobody(&people.joined.sales_without_inquiry),
        refunds_without_inquiry: of_nobody(&people.joined.refunds_without_inquiry),
        bought: None,
        has_deals: people.has_deals && stored.stage_doubts.is_empty(),
        traced: Traced::default(),
        sales_are_traced: true,
        arrived: Arrived {
            contacts: has_contacts,
            deals: people.has_deals,
        },
        known_until: people.deals_known_until.unwrap_or_default(),
        left_out: BTreeMap::new(),
        contacts: BTreeMap::new(),
        targets,
        calendar: stored.calendar.clone(),
        month: None,
        paid: None,
        managed: None,
        experiments: Vec::new(),
        sources: Vec::new(),
        links: Vec::new(),
        amounts: Vec::new(),
        costs_of: BTreeMap::new(),
        click_prices: Vec::new(),
        absent_managers: Vec::new(),
    })
}

//! What the lake holds as of one time, read once however many periods and times are looked at.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

use super::attribution::{self, Evidence, Paths};
use super::contacts::{self, Contacts};
use super::costs::Costs;
use super::deal_stages::StageHistory;
use super::foreign::Foreign;
use super::inquiries::JoinedInquiry;
use super::kept::TrafficCounter;
use super::observations::{CodedTables, DailyCells};
use super::origins::OriginChannels;
use super::paths::{self, Places};
use super::rows::Rows;
use super::sources::{self, ExportRows, FormatTables};
use super::stages;
use super::surveys;
use super::tables::Tables;
use super::traffic::PeriodTraffic;
use super::view;
use crate::config::Plan;
use crate::lake::Lake;
use crate::model::calendar::Calendar;
use crate::model::doubt::SalesDoubt;
use crate::model::facts::PeriodFacts;
use crate::model::observations::Annotation;
use crate::model::period::Period;
use crate::model::tables::{CALLS, DEALS, FORMS, SESSIONS, TRAFFIC_DAILY, TableSchema};

/// The small tables and who got in touch, as known at `as_of`. Sessions are read when a period needs them, each day once.
pub struct Stored<'a> {
    pub(super) lake: &'a Lake,
    pub(super) plan: &'a Plan,
    pub(super) as_of: DateTime<Utc>,
    pub(super) origins: OriginChannels,
    pub(super) costs: Costs,
    pub(super) totals: Option<Rows>,
    pub(super) contacts: Contacts,
    /// How far deals are known, those too that are not seen: the export reaches as far for all of them.
    pub(super) deals_known_until: Option<DateTime<Utc>>,
    pub(super) paths: Paths,
    pub(super) places: Places,
    pub(super) tables: Tables,
    /// Exports of deals whose sales cannot be told.
    pub(super) stage_doubts: BTreeMap<Arc<str>, SalesDoubt>,
    pub(super) coded: CodedTables,
    pub(super) stage_history: StageHistory,
    pub(super) surveys: Option<Vec<surveys::Stated>>,
    pub(super) exports: Vec<ExportRows>,
    pub(super) annotations: Vec<Annotation>,
    pub(super) calendar: Calendar,
    /// The first day of traffic, else of contacts; `None` in an empty lake.
    pub(super) first_day: Option<NaiveDate>,
    pub(super) sessions: RefCell<DailyCells>,
    known: RefCell<BTreeMap<(NaiveDate, NaiveDate), PeriodFacts>>,
}

impl<'a> Stored<'a> {
    /// Reads everything but the sessions.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub fn load(
        lake: &'a Lake,
        plan: &'a Plan,
        format_tables: &FormatTables,
        as_of: DateTime<Utc>,
    ) -> Result<Self> {
        let origins = OriginChannels::load(lake, &plan.channels, &plan.view.rows)?;
        let totals = Rows::all(lake, &TRAFFIC_DAILY, as_of)?;
        let tables = Tables::load(lake, plan, as_of)?;
        let contacts = contacts::load(lake, plan, as_of, &tables)?;
        let deals = tables.deals.as_deref().unwrap_or_default();
        let stage_doubts = stages::doubts(lake, &plan.sales, deals, as_of)?;
        let (paths, places) = paths::load(lake, plan, as_of, &origins, &contacts.contacts)?;
        let visits = lake.catalog.parts(SESSIONS.name, as_of)?;
        let visits = visits.iter().map(|part| part.rows).sum();
        let foreign = Foreign::among(&contacts.contacts, &paths, visits);
        let paths = paths.without(foreign);
        let deals_known_until = contacts.deals_known_until(None);
        let (tables, contacts) = match plan.view.rows.is_none() {
            true => (tables, contacts),
            false => {
                let tables = view::seen(plan, tables, &contacts, &paths, &places);
                let contacts = contacts::load(lake, plan, as_of, &tables)?;
                (tables, contacts)
            }
        };
        let costs = Costs::load(lake, plan, &plan.channels, as_of)?;
        Ok(Self {
            costs: costs.within(&plan.view.rows),
            deals_known_until,
            first_day: first_day(lake, as_of, totals.as_ref())?,
            exports: sources::rows_of_exports(lake, plan, format_tables, as_of)?,
            annotations: super::observations::annotations(lake, as_of)?,
            calendar: super::calendar::load(lake, plan, as_of)?,
            coded: CodedTables::of(plan, &tables),
            stage_history: StageHistory::load(lake, as_of)?,
            surveys: surveys::load(lake, as_of)?,
            tables,
            stage_doubts,
            sessions: RefCell::default(),
            known: RefCell::default(),
            lake,
            plan,
            as_of,
            origins,
            totals,
            contacts,
            paths,
            places,
        })
    }

    /// What an inquiry's channel is found by.
    pub(super) fn evidence(&self, inquiry: &JoinedInquiry) -> Evidence<'_> {
        let lookback_days = self.plan.attribution.lookback_days;
        attribution::evidence(inquiry, &self.paths, &self.plan.channels, lookback_days)
    }

    /// Traffic and spend of periods by channel, each counted once.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub(super) fn periods(&self, periods: &[Period]) -> Result<Vec<PeriodFacts>> {
        let is_fresh = |period: &&Period| {
            let known = self.known.borrow();
            !known.contains_key(&(period.from, period.to))
        };
        let fresh: Vec<Period> = periods.iter().filter(is_fresh).cloned().collect();
        let counter = self.counter();
        let traffic = counter.of_periods(&fresh);
        counter.keep();
        for (period, traffic) in fresh.into_iter().zip(traffic?) {
            let key = (period.from, period.to);
            let facts = self.counted(period, traffic);
            self.known.borrow_mut().insert(key, facts);
        }
        let known = self.known.borrow();
        let of = |period: &Period| PeriodFacts {
            period: period.clone(),
            ..known[&(period.from, period.to)].clone()
        };
        Ok(periods.iter().map(of).collect())
    }

    /// [`Self::periods`] of one.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub(super) fn period(&self, period: &Period) -> Result<PeriodFacts> {
        let mut facts = self.periods(std::slice::from_ref(period))?;
        Ok(facts.pop().expect("each period has its facts"))
    }

    fn counted(&self, period: Period, traffic: Option<PeriodTraffic>) -> PeriodFacts {
        let spend = self.costs.of(&period);
        let told = traffic.is_some();
        let traffic = traffic.unwrap_or_default();
        PeriodFacts {
            period,
            users_total: traffic.users,
            stages: traffic.stages,
            stage_users: traffic.stage_users,
            traffic: told.then_some(traffic.channels),
            spend,
        }
    }

    fn counter(&self) -> TrafficCounter<'_> {
        TrafficCounter::new(
            self.lake,
            self.as_of,
            &self.plan.channels,
            &self.origins,
            self.totals.as_ref(),
        )
        .with_stages(&self.plan.stages)
    }
}

/// The first day of traffic that the lake holds; without any traffic, of calls, forms or deals.
fn first_day(
    lake: &Lake,
    as_of: DateTime<Utc>,
    totals: Option<&Rows>,
) -> Result<Option<NaiveDate>> {
    let first_of = |table: &TableSchema| -> Result<Option<NaiveDate>> {
        let parts = lake.catalog.parts(table.name, as_of)?;
        Ok(parts
            .iter()
            .map(|part| crate::lake::scan::day_from_number(part.min_day))
            .min())
    };
    // Totals are dated by their last day, so the catalog's first day is not theirs.
    let of_totals = totals
        .map(|rows| rows.days("from_day"))
        .transpose()?
        .and_then(|days| days.into_iter().min());
    if let Some(first) = [first_of(&SESSIONS)?, of_totals]
        .into_iter()
        .flatten()
        .min()
    {
        return Ok(Some(first));
    }
    let others = [first_of(&CALLS)?, first_of(&FORMS)?, first_of(&DEALS)?];
    Ok(others.into_iter().flatten().min())
}

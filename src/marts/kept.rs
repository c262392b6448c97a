//! Traffic of periods, each counted once and kept in the lake: users cannot be added up from days.

use std::cell::RefCell;

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::origins::OriginChannels;
use super::rows::Rows;
use super::traffic::{self, PeriodTraffic};
use crate::config::channels::ChannelRules;
use crate::config::rules::Stage;
use crate::lake::Lake;
use crate::lake::kept::{Kept, MadeOf};
use crate::lake::scan::day_number;
use crate::model::period::Period;
use crate::model::tables::SESSIONS;

/// Grows when the same sessions are counted in another way.
const VERSION: u32 = 1;

/// Counts the traffic of periods, or finds it counted.
pub(super) struct TrafficCounter<'a> {
    lake: &'a Lake,
    as_of: DateTime<Utc>,
    rules: &'a ChannelRules,
    origins: &'a OriginChannels,
    totals: Option<&'a Rows>,
    stages: &'a [Stage],
    /// Counted and not yet kept.
    fresh: RefCell<Vec<(MadeOf, Kept)>>,
}

impl<'a> TrafficCounter<'a> {
    /// A counter of what was known by a time; `totals` count where there are no single sessions.
    pub(super) fn new(
        lake: &'a Lake,
        as_of: DateTime<Utc>,
        rules: &'a ChannelRules,
        origins: &'a OriginChannels,
        totals: Option<&'a Rows>,
    ) -> Self {
        Self {
            lake,
            as_of,
            rules,
            origins,
            totals,
            stages: &[],
            fresh: RefCell::default(),
        }
    }

    /// Counts sessions that reach stages as well.
    pub(super) fn with_stages(self, stages: &'a [Stage]) -> Self {
        Self { stages, ..self }
    }

    /// Traffic of each period: from single sessions, else from an export of totals.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub(super) fn of_periods(&self, periods: &[Period]) -> Result<Vec<Option<PeriodTraffic>>> {
        let of_sessions = self.of_sessions(periods)?;
        let with_totals = |(period, counted): (&Period, Option<PeriodTraffic>)| match counted {
            Some(traffic) => Ok(Some(traffic)),
            None => self.of_totals(period),
        };
        periods.iter().zip(of_sessions).map(with_totals).collect()
    }

    fn of_totals(&self, period: &Period) -> Result<Option<PeriodTraffic>> {
        let view = &self.origins.view;
        let Some(totals) = self.totals.filter(|_| view.is_of_channels()) else {
            return Ok(None);
        };
        let traffic = traffic::of_totals(totals, period, self.rules)?;
        Ok(traffic.map(|traffic| traffic.within(view)))
    }

    fn of_sessions(&self, periods: &[Period]) -> Result<Vec<Option<PeriodTraffic>>> {
        let mut found = Vec::with_capacity(periods.len());
        for period in periods {
            found.push(self.kept(period)?);
        }
        let is_fresh = |at: &usize| found[*at].is_none();
        let fresh: Vec<usize> = (0..periods.len()).filter(is_fresh).collect();
        let to_count: Vec<Period> = fresh.iter().map(|at| periods[*at].clone()).collect();
        let mut counted = Vec::with_capacity(to_count.len());
        for batch in traffic::batches(&to_count) {
            counted.extend(self.count(batch)?);
        }
        for (at, counted) in fresh.into_iter().zip(counted) {
            let Some((traffic, origins)) = counted else {
                continue;
            };
            self.add_fresh(&periods[at], &traffic, origins)?;
            found[at] = Some(traffic);
        }
        Ok(found)
    }

    /// What was counted of a period before. What is kept is the firm's traffic: that of a part is counted each time.
    fn kept(&self, period: &Period) -> Result<Option<PeriodTraffic>> {
        if !self.origins.view.is_none() {
            return Ok(None);
        }
        let kept = self.lake.kept_traffic(&self.made_of(period)?)?;
        let told = |kept: &Kept| self.origins.told_to(kept.origins) == Some(kept.channels);
        let traffic = kept.filter(told);
        Ok(traffic
            .map(|kept| serde_json::from_str(&kept.traffic))
            .transpose()?)
    }

    fn add_fresh(&self, period: &Period, traffic: &PeriodTraffic, origins: u32) -> Result<()> {
        let told = self.origins.told_to(origins);
        if let Some(channels) = told.filter(|_| self.origins.view.is_none()) {
            let kept = Kept {
                origins,
                channels,
                traffic: serde_json::to_string(traffic)?,
            };
            self.fresh.borrow_mut().push((self.made_of(period)?, kept));
        }
        Ok(())
    }

    fn count(&self, periods: &[Period]) -> Result<Vec<Option<(PeriodTraffic, u32)>>> {
        traffic::of_sessions(self.lake, self.as_of, periods, self.origins, self.stages)
    }

    fn made_of(&self, period: &Period) -> Result<MadeOf> {
        let parts = self
            .lake
            .parts_of(&SESSIONS, self.as_of, period.from, period.to)?;
        let goals: Vec<&[String]> = self.stages.iter().map(|stage| &*stage.goals).collect();
        let days = (day_number(period.from), day_number(period.to));
        let asked = format!("{VERSION} {}", serde_json::to_string(&goals)?);
        Ok(MadeOf::new(days, &parts, &asked))
    }

    /// Keeps what was counted. A lake that cannot be written just now is counted again the next time.
    pub(super) fn keep(&self) {
        let fresh = self.fresh.take();
        if let Err(error) = self.lake.keep_traffic(&fresh) {
            tracing::debug!(%error, "traffic was not kept");
        }
    }
}

#[cfg(test)]
#[path = "kept_tests.rs"]
mod tests;

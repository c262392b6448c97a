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

    /// Traffic of a period: from single sessions, else from an export of totals.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub(super) fn of_period(&self, period: &Period) -> Result<Option<PeriodTraffic>> {
        let view = &self.origins.view;
        match (self.of_sessions(period)?, self.totals) {
            (Some(traffic), _) => Ok(Some(traffic)),
            (None, Some(totals)) if view.is_of_channels() => {
                let traffic = traffic::of_totals(totals, period, self.rules)?;
                Ok(traffic.map(|traffic| traffic.within(view)))
            }
            (None, _) => Ok(None),
        }
    }

    fn of_sessions(&self, period: &Period) -> Result<Option<PeriodTraffic>> {
        // What is kept is the firm's traffic: that of a part is counted each time.
        if !self.origins.view.is_none() {
            return Ok(self.count(period)?.map(|(traffic, _)| traffic));
        }
        let of = self.made_of(period)?;
        if let Some(kept) = self.lake.kept_traffic(&of)?
            && self.origins.told_to(kept.origins) == Some(kept.channels)
        {
            return Ok(Some(serde_json::from_str(&kept.traffic)?));
        }
        let Some((traffic, origins)) = self.count(period)? else {
            return Ok(None);
        };
        if let Some(channels) = self.origins.told_to(origins) {
            let kept = Kept {
                origins,
                channels,
                traffic: serde_json::to_string(&traffic)?,
            };
            self.fresh.borrow_mut().push((of, kept));
        }
        Ok(Some(traffic))
    }

    fn count(&self, period: &Period) -> Result<Option<(PeriodTraffic, u32)>> {
        traffic::of_sessions(self.lake, self.as_of, period, self.origins, self.stages)
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

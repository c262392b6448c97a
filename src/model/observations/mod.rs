//! What a diagnosis looks at: daily counts by dimension and the single calls, inquiries and deals, in small typed rows.
//!
//! Every row is of the history's days: day 0 is [`Observations::first_day`], the last day is the reported period's last.
//! Texts are codes into [`Names`]; code 0 is "not known", for every dimension.

mod around;
mod contacts;
mod deals;
mod names;
mod slices;
mod visits;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

pub use self::around::{AdDay, Annotation, ExportDays};
pub use self::contacts::{Direction, SeenCall, SeenInquiry};
pub use self::deals::{DealState, SeenDeal};
pub use self::names::{Code, Dimension, Names, OTHER};
pub use self::slices::{Slice, SliceId, Slices};
pub use self::visits::{SessionCounts, Visits, is_instant};
use super::calendar::Calendar;
use super::channel::ChannelId;
use super::facts::DailySessions;
use super::period::Period;

/// What was there for the diagnosis to read; a table whose source never arrived is `None`, not empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Observations {
    /// The pipeline's zone.
    pub zone: Tz,
    /// The reported period.
    pub period: Period,
    /// Day 0 of the history.
    pub first_day: NaiveDate,
    /// Nothing that happened at this instant or later is in here; also how far sales are followed.
    pub known_until: DateTime<Utc>,
    /// Texts behind the codes.
    pub names: Names,
    /// Sessions by day, channel and device over the whole history, in that order.
    pub visits: Option<Vec<Visits>>,
    /// Sessions by day and landing page (the most visited ones; the rest is "(other)") over the whole history.
    pub page_visits: Vec<Visits>,
    /// Sessions by day, channel and region (the largest ones; the rest is "(other)") over the whole history.
    pub region_visits: Vec<Visits>,
    /// Sessions of the base periods before the reported one and of the reported one by place.
    pub slices: Slices,
    /// Inquiries, oldest first.
    pub inquiries: Option<Vec<SeenInquiry>>,
    /// Calls, oldest first.
    pub calls: Option<Vec<SeenCall>>,
    /// Deals, oldest first.
    pub deals: Option<Vec<SeenDeal>>,
    /// Advertising by day and channel.
    pub ads: Option<Vec<AdDay>>,
    /// Whether any export of forms has arrived.
    pub has_forms: bool,
    /// Rows of every export by day.
    pub exports: Vec<ExportDays>,
    /// What people wrote down, oldest first.
    pub annotations: Vec<Annotation>,
    /// Working days and holidays.
    pub calendar: Calendar,
}

impl Observations {
    /// Sessions of every channel by day.
    pub fn daily_sessions(&self) -> Option<DailySessions> {
        let mut channels: BTreeMap<ChannelId, Vec<u32>> = BTreeMap::new();
        let days = self.days() as usize;
        for row in self.visits.as_ref()? {
            let id = ChannelId::new(self.names.text(Dimension::Channel, row.channel));
            channels.entry(id).or_insert_with(|| vec![0; days])[row.day as usize] +=
                row.counts.sessions;
        }
        Some(DailySessions {
            first_day: self.first_day,
            channels,
            calendar: self.calendar.clone(),
        })
    }

    /// Without the advertising of some channels: what their costs tell is known to be wrong.
    #[must_use]
    pub fn without_ads_of(mut self, channels: &BTreeSet<&ChannelId>) -> Self {
        let names = &self.names;
        let is_sound = |row: &AdDay| {
            let id = ChannelId::new(names.text(Dimension::Channel, row.channel));
            !channels.contains(&id)
        };
        if !channels.is_empty() {
            self.ads.iter_mut().for_each(|ads| ads.retain(is_sound));
        }
        self
    }

    /// The day of the history that a date is; `None` before it.
    pub fn day_of(&self, date: NaiveDate) -> Option<u32> {
        u32::try_from((date - self.first_day).num_days()).ok()
    }

    /// The date of a day of the history.
    pub fn date(&self, day: u32) -> NaiveDate {
        self.first_day
            .checked_add_days(Days::new(u64::from(day)))
            .unwrap_or(NaiveDate::MAX)
    }

    /// How many days the history has, the reported period included.
    pub fn days(&self) -> u32 {
        self.day_of(self.period.to).map_or(0, |last| last + 1)
    }

    /// The first day of the reported period.
    pub fn period_start(&self) -> u32 {
        self.day_of(self.period.from).unwrap_or(0)
    }
}

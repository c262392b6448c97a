//! The second conversion of one cohort: its inquiries and their sales by channel, and its outlook.

mod outlook;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::credit::events;
use super::ledger::{Ledger, Made};
use super::predictive::Sample;
use super::timeline::Scope;
use super::values::Rate;
use crate::model::channel::ChannelId;
use crate::model::period::Period;

pub(super) use outlook::{Outlook, is_mature, second_conversion};

/// Inquiries and sales of one cohort by channel; unknown where sales were not collected yet.
#[derive(Debug)]
pub(super) struct Cohort {
    known: bool,
    channels: BTreeMap<ChannelId, Made>,
    total: Made,
}

impl Cohort {
    /// The inquiries of a period with their sales up to `until`, within `window` days of each inquiry.
    pub(super) fn new(ledger: &Ledger<'_>, period: &Period, until: NaiveDate, window: u32) -> Self {
        let mut channels = BTreeMap::new();
        let mut total = Made::default();
        for (channel, made) in ledger.cohort(period, until, window) {
            total.add(made);
            channels.insert(channel.clone(), made);
        }
        let sales_are_known = ledger
            .sales_known_from()
            .is_some_and(|from| period.to >= from);
        Self {
            known: sales_are_known && ledger.knows_inquiries(period),
            channels,
            total,
        }
    }

    /// Sales of inquiries in one row.
    pub(super) fn of(&self, scope: Scope<'_>) -> Option<Sample> {
        let made = match scope {
            Scope::Total => self.total,
            Scope::Channel(channel) => self.channels.get(channel).copied().unwrap_or_default(),
        };
        self.known.then(|| Sample {
            k: events(made.sales),
            n: events(made.inquiries),
        })
    }

    /// The row's rate.
    pub(super) fn rate(&self, scope: Scope<'_>, min_events: u32, usual: Option<f64>) -> Rate {
        let sample = self.of(scope);
        Rate::new(
            sample.map(|made| made.k),
            sample.map(|made| made.n),
            min_events,
            usual,
        )
    }

    /// Channels with inquiries in it.
    pub(super) fn channels(&self) -> impl Iterator<Item = &ChannelId> {
        self.channels
            .iter()
            .filter(|(_, made)| made.inquiries > 0)
            .map(|(channel, _)| channel)
    }
}

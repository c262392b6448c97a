//! What a row's inquiries should have been by its days: weekdays, holidays, a level that forgets spoilt weeks.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::baseline::{self, Days, Profile, Quantity};
use super::credit::events;
use super::ledger::Ledger;
use super::predictive::Prediction;
use super::settings::MetricSettings;
use super::timeline::Scope;
use crate::model::channel::ChannelId;
use crate::model::facts::{DailySessions, Facts};
use crate::model::period::Period;

/// Sessions and inquiries by day, of the total and of every channel, from the first day on which both are known.
#[derive(Debug)]
pub(super) struct Expectations<'a> {
    sessions: &'a DailySessions,
    known_from: usize,
    total: CountsByDay,
    channels: BTreeMap<&'a ChannelId, CountsByDay>,
    base_periods: usize,
}

/// One row's counts by day.
#[derive(Debug, Clone)]
struct CountsByDay {
    sessions: Vec<f64>,
    inquiries: Vec<f64>,
}

impl CountsByDay {
    fn empty(days: usize) -> Self {
        Self {
            sessions: vec![0.0; days],
            inquiries: vec![0.0; days],
        }
    }

    /// The first day on which both are known: before it one of them was not collected yet.
    fn known_from(&self) -> usize {
        let first = |counts: &[f64]| {
            let found = counts.iter().position(|count| *count > 0.0);
            found.unwrap_or(counts.len())
        };
        first(&self.sessions).max(first(&self.inquiries))
    }
}

impl<'a> Expectations<'a> {
    /// Counts days once; `None` where no single sessions have arrived.
    pub(super) fn new(
        facts: &'a Facts,
        ledger: &Ledger<'a>,
        plan: &MetricSettings,
    ) -> Option<Self> {
        let sessions = facts.daily.as_ref()?;
        let days = sessions.days();
        let mut expectations = Self {
            sessions,
            known_from: 0,
            total: CountsByDay::empty(days),
            channels: BTreeMap::new(),
            base_periods: plan.thresholds.base_periods as usize,
        };
        expectations.count_sessions();
        expectations.count_inquiries(ledger);
        expectations.known_from = expectations.total.known_from();
        Some(expectations)
    }

    fn count_sessions(&mut self) {
        let sessions = self.sessions;
        for (channel, counts) in &sessions.channels {
            let daily = self
                .channels
                .entry(channel)
                .or_insert_with(|| CountsByDay::empty(sessions.days()));
            for (day, count) in counts.iter().enumerate() {
                daily.sessions[day] += f64::from(*count);
                self.total.sessions[day] += f64::from(*count);
            }
        }
    }

    fn count_inquiries(&mut self, ledger: &Ledger<'a>) {
        let first = self.sessions.first_day;
        let days = self.sessions.days();
        let last = first + chrono::Days::new(days.saturating_sub(1) as u64);
        for entry in ledger.arrived(first, last) {
            let day = (entry.day - first).num_days() as usize;
            self.total.inquiries[day] += 1.0;
            for (channel, units) in entry.credit.units() {
                let daily = self
                    .channels
                    .entry(channel)
                    .or_insert_with(|| CountsByDay::empty(days));
                daily.inquiries[day] += events(units);
            }
        }
    }

    /// Predicts a row's inquiries in a period from the days before it, given the period's sessions.
    pub(super) fn predict(&self, scope: Scope<'_>, period: &Period) -> Option<Prediction> {
        let (start, end) = (self.day(period.from)?, self.day(period.to)? + 1);
        let daily = match scope {
            Scope::Total => &self.total,
            Scope::Channel(channel) => self.channels.get(channel)?,
        };
        let days = Days::new(
            self.sessions.first_day,
            end,
            start,
            self.base_periods,
            &self.sessions.calendar,
        )
        .known_from(self.known_from);
        // Weekdays and holidays are those of all channels: one alone has too few of them.
        let profile = Profile::learn(
            &days,
            &self.total.inquiries[..end],
            Some(&self.total.sessions[..end]),
            Quantity::Rate,
        );
        let (counts, exposure) = (&daily.inquiries[..end], &daily.sessions[..end]);
        let sessions: f64 = exposure[start..].iter().sum();
        let expected = baseline::expect(&days, &profile, counts, Some(exposure), start, end)?;
        Prediction::of_expected(
            expected.value,
            expected.dispersion,
            expected.periods,
            Some(sessions),
        )
    }

    fn day(&self, date: NaiveDate) -> Option<usize> {
        let day = usize::try_from((date - self.sessions.first_day).num_days()).ok()?;
        (day < self.sessions.days()).then_some(day)
    }
}

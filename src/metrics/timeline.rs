//! The reported period among the others: the ones before it, and the same one a year ago.

use chrono::NaiveDate;

use super::cohort::Cohort;
use super::counts::PeriodCounts;
use super::daily::Expectations;
use super::ledger::Ledger;
use super::predictive::Sample;
use super::settings::MetricSettings;
use super::values::Measures;
use crate::model::channel::ChannelId;
use crate::model::facts::{Facts, PeriodFacts};
use crate::model::period::Period;

/// One row of the report: a channel or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope<'a> {
    /// All channels together.
    Total,
    /// One channel.
    Channel(&'a ChannelId),
}

/// A past period, with its cohort as it was at the age that the reported one has now.
#[derive(Debug)]
pub(super) struct Past {
    /// Its counts as known now.
    pub(super) counts: PeriodCounts,
    /// Its cohort at equal age.
    pub(super) same_age: Cohort,
}

/// All periods of a report.
#[derive(Debug)]
pub(super) struct Timeline<'a> {
    /// What rows should have brought by their days, where the days are known.
    pub(super) expectations: Option<Expectations<'a>>,
    /// The reported period.
    pub(super) now: PeriodCounts,
    /// The periods before it, oldest first.
    pub(super) past: Vec<Past>,
    /// The same period of last year.
    pub(super) last_year: Option<Past>,
    base_periods: usize,
}

impl<'a> Timeline<'a> {
    /// Counts every period once.
    pub(super) fn new(facts: &'a Facts, ledger: &Ledger<'a>, plan: &MetricSettings) -> Self {
        let (now, before) = facts
            .periods
            .split_last()
            .expect("facts hold at least the reported period");
        let mut has_traffic = false;
        let mut past = Vec::with_capacity(before.len());
        for facts in before {
            // A period without sessions is one of zero only after the first with some: nothing was collected before.
            has_traffic |= has_sessions(facts);
            past.push(Past::new(facts, ledger, has_traffic, &now.period));
        }
        let wanted = now.period.last_year();
        let in_run = || {
            before
                .iter()
                .find(|facts| same_days(&facts.period, &wanted))
        };
        let year_ago = facts.last_year.as_ref().or_else(in_run);
        let last_year =
            year_ago.map(|facts| Past::new(facts, ledger, has_sessions(facts), &now.period));
        Self {
            expectations: Expectations::new(facts, ledger, plan),
            now: PeriodCounts::reported(now, ledger),
            past,
            last_year,
            base_periods: plan.thresholds.base_periods as usize,
        }
    }

    /// The period right before the reported one.
    pub(super) fn previous(&self) -> Option<&Past> {
        self.past.last()
    }

    /// The periods that the usual range is learnt from, oldest first.
    pub(super) fn base(&self) -> &[Past] {
        self.base_before(self.past.len())
    }

    /// The base periods of the past period at `index`.
    pub(super) fn base_before(&self, index: usize) -> &[Past] {
        &self.past[index.saturating_sub(self.base_periods)..index]
    }
}

impl Past {
    fn new(facts: &PeriodFacts, ledger: &Ledger<'_>, has_traffic: bool, now: &Period) -> Self {
        let until = equal_age(ledger, &facts.period, now);
        Self {
            counts: PeriodCounts::past(facts, ledger, has_traffic),
            same_age: Cohort::new(ledger, &facts.period, until, ledger.horizon()),
        }
    }
}

/// The day on which the youngest inquiry of a past period was as old as that of the reported one is now.
fn equal_age(ledger: &Ledger<'_>, past: &Period, now: &Period) -> NaiveDate {
    ledger.last_day - (now.to - past.to)
}

impl Scope<'_> {
    /// The row's counts in a period.
    pub(super) fn measures(self, counts: &PeriodCounts) -> &Measures {
        match self {
            Self::Total => &counts.total,
            Self::Channel(channel) => counts.channel(channel),
        }
    }

    /// Inquiries of sessions in the past periods where both are known. A period without sessions teaches nothing.
    pub(super) fn first_conversions(self, past: &[Past]) -> Vec<Sample> {
        past.iter()
            .filter_map(|past| sessions_and_inquiries(self.measures(&past.counts)))
            .filter(|counts| counts.n > 0.0)
            .collect()
    }

    /// How many of the past periods have both sessions and inquiries known.
    pub(super) fn known_periods(self, past: &[Past]) -> usize {
        past.iter()
            .filter(|past| sessions_and_inquiries(self.measures(&past.counts)).is_some())
            .count()
    }

    /// Sales of inquiries in the past cohorts at equal age, where both are known.
    pub(super) fn second_conversions(self, past: &[Past]) -> Vec<Sample> {
        past.iter()
            .filter_map(|past| past.same_age.of(self))
            .filter(|cohort| cohort.n > 0.0)
            .collect()
    }

    /// One number of the row in the past periods where it is known.
    pub(super) fn history(
        self,
        past: &[Past],
        number: impl Fn(&Measures) -> Option<f64>,
    ) -> Vec<f64> {
        past.iter()
            .filter_map(|past| number(self.measures(&past.counts)))
            .collect()
    }
}

/// Both counts where both are known, whether or not they make a proportion.
fn sessions_and_inquiries(of: &Measures) -> Option<Sample> {
    Some(Sample {
        k: of.inquiries?,
        n: of.sessions? as f64,
    })
}

fn has_sessions(facts: &PeriodFacts) -> bool {
    let Some(channels) = &facts.traffic else {
        return false;
    };
    channels.values().any(|traffic| traffic.sessions > 0)
}

/// Whether two periods are the same days, whatever they are called.
pub(super) fn same_days(one: &Period, other: &Period) -> bool {
    (one.from, one.to) == (other.from, other.to)
}

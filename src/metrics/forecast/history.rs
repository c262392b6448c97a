//! Counts by day up to the end of the reported period, as a forecast learns from them.

use chrono::{Days as Span, NaiveDate};

use crate::metrics::credit::events;
use crate::metrics::ledger::Ledger;
use crate::metrics::timeline::Scope;
use crate::model::facts::{DailySessions, Facts, PaidDays};

/// The days that are looked at: from the first of the history to the last of the reported period.
#[derive(Debug, Clone, Copy)]
pub(in crate::metrics) struct History {
    pub(super) first: NaiveDate,
    pub(super) days: usize,
}

impl History {
    /// The days of the facts' periods; none of a history that ends before it begins.
    pub(in crate::metrics) fn of(facts: &Facts) -> Option<Self> {
        let first = facts.periods.first()?.period.from;
        let last = facts.periods.last()?.period.to;
        let days = usize::try_from((last - first).num_days() + 1).ok()?;
        Some(Self { first, days })
    }

    /// The place of a day.
    pub(super) fn place(&self, day: NaiveDate) -> Option<usize> {
        let place = usize::try_from((day - self.first).num_days()).ok()?;
        (place < self.days).then_some(place)
    }

    pub(super) fn last(&self) -> NaiveDate {
        self.first + Span::new(self.days.saturating_sub(1) as u64)
    }

    fn empty(&self) -> Vec<f64> {
        vec![0.0; self.days]
    }

    /// Sessions of a row by day.
    pub(super) fn sessions(&self, daily: &DailySessions, scope: Scope<'_>) -> Vec<f64> {
        let mut sums = self.empty();
        for (channel, counts) in &daily.channels {
            if matches!(scope, Scope::Channel(wanted) if wanted != channel) {
                continue;
            }
            for (day, count) in daily.first_day.iter_days().zip(counts) {
                if let Some(place) = self.place(day) {
                    sums[place] += f64::from(*count);
                }
            }
        }
        sums
    }

    /// Inquiries of a row by day.
    pub(super) fn inquiries(&self, ledger: &Ledger<'_>, scope: Scope<'_>) -> Vec<f64> {
        let mut sums = self.empty();
        for entry in ledger.arrived(self.first, self.last()) {
            if let Some(place) = self.place(entry.day) {
                sums[place] += part(entry.credit.units(), scope);
            }
        }
        sums
    }

    /// Sales closed of a row by day, and their revenue in major units less what was given back. The total has those of no
    /// known inquiry as well.
    pub(super) fn closed(&self, ledger: &Ledger<'_>, scope: Scope<'_>) -> (Vec<f64>, Vec<f64>) {
        let (mut sales, mut revenue) = (self.empty(), self.empty());
        let (from, to) = (self.first, self.last());
        for (entry, sale) in ledger.closed(from, to) {
            let Some(place) = self.place(sale.day) else {
                continue;
            };
            let share = part(entry.credit.units(), scope);
            sales[place] += share;
            revenue[place] += share * sale.amount.major();
        }
        for (entry, refund) in ledger.refunded(from, to) {
            let Some(place) = self.place(refund.day) else {
                continue;
            };
            revenue[place] += part(entry.credit.units(), scope) * refund.amount.major();
        }
        if scope == Scope::Total {
            for sale in ledger.without_inquiry_between(from, to) {
                let Some(place) = self.place(sale.day) else {
                    continue;
                };
                sales[place] += 1.0;
                revenue[place] += sale.amount.major();
            }
            for refund in ledger.refunds_without_inquiry_between(from, to) {
                let Some(place) = self.place(refund.day) else {
                    continue;
                };
                revenue[place] += refund.amount.major();
            }
        }
        (sales, revenue)
    }

    /// Advertising cost of a row by day, in major units; a row of costs over several days is spread over them.
    pub(super) fn spend(&self, paid: &[PaidDays], scope: Scope<'_>) -> Vec<f64> {
        let mut sums = self.empty();
        for row in paid {
            if matches!(scope, Scope::Channel(wanted) if *wanted != row.channel) {
                continue;
            }
            let days = (row.to - row.from).num_days() + 1;
            let a_day = row.cost.major() / days as f64;
            for day in row.from.iter_days().take_while(|day| *day <= row.to) {
                if let Some(place) = self.place(day) {
                    sums[place] += a_day;
                }
            }
        }
        sums
    }
}

/// The part of an inquiry's credit that a row has, 0 to 1.
fn part<'a>(
    credit: impl Iterator<Item = (&'a crate::model::channel::ChannelId, u64)>,
    scope: Scope<'_>,
) -> f64 {
    match scope {
        Scope::Total => 1.0,
        Scope::Channel(wanted) => {
            let own = credit.filter(|(channel, _)| *channel == wanted);
            own.map(|(_, units)| events(units)).sum()
        }
    }
}

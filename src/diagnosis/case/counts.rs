//! Rows of a case added up by day and by hour.

use super::Case;
use crate::model::observations::{Code, SeenCall, SeenDeal, SeenInquiry, SessionCounts, Visits};

impl Case<'_> {
    /// Sessions (or what `count` takes of them) by day.
    pub fn sessions(
        &self,
        keep: impl Fn(&Visits) -> bool,
        count: impl Fn(&SessionCounts) -> u32,
    ) -> Vec<f64> {
        let rows = self.seen.visits.iter().flatten();
        let kept = rows.filter(|row| keep(row));
        let counted = kept.map(|row| (row.day, f64::from(count(&row.counts))));
        sum_by_day(self.days(), counted)
    }

    /// Inquiries by day.
    pub fn inquiries(&self, keep: impl Fn(&SeenInquiry) -> bool) -> Vec<f64> {
        let inquiries = self.seen.inquiries.iter().flatten();
        let kept = inquiries.filter(|inquiry| keep(inquiry));
        count_by_day(self.days(), kept.map(|inquiry| inquiry.day))
    }

    /// Calls by day.
    pub fn calls(&self, keep: impl Fn(&SeenCall) -> bool) -> Vec<f64> {
        let calls = self.seen.calls.iter().flatten();
        let kept = calls.filter(|call| keep(call));
        count_by_day(self.days(), kept.map(|call| call.day))
    }

    /// Deals by the day they were entered.
    pub fn deals(&self, keep: impl Fn(&SeenDeal) -> bool) -> Vec<f64> {
        let deals = self.seen.deals.iter().flatten();
        let kept = deals.filter(|deal| keep(deal));
        count_by_day(self.days(), kept.map(|deal| deal.day))
    }

    /// Paid clicks by day, of a channel or of all.
    pub fn clicks(&self, channel: Option<Code>) -> Vec<f64> {
        let rows = self.seen.ads.iter().flatten();
        let kept = rows.filter(|row| channel.is_none_or(|channel| row.channel == channel));
        sum_by_day(
            self.days(),
            kept.map(|row| (row.day, f64::from(row.clicks))),
        )
    }

    /// Inquiries by hour of the history, 24 to a day.
    pub fn hourly_inquiries(&self, keep: impl Fn(&SeenInquiry) -> bool) -> Vec<f64> {
        let inquiries = self.seen.inquiries.iter().flatten();
        let kept = inquiries.filter(|inquiry| keep(inquiry));
        count_by_hour(self.days(), kept.map(|inquiry| (inquiry.day, inquiry.hour)))
    }

    /// Calls by hour of the history, 24 to a day.
    pub fn hourly_calls(&self, keep: impl Fn(&SeenCall) -> bool) -> Vec<f64> {
        let calls = self.seen.calls.iter().flatten();
        let kept = calls.filter(|call| keep(call));
        count_by_hour(self.days(), kept.map(|call| (call.day, call.hour)))
    }
}

/// Counts events by the day they happened on.
pub(super) fn count_by_day(days: usize, events: impl Iterator<Item = u32>) -> Vec<f64> {
    sum_by_day(days, events.map(|day| (day, 1.0)))
}

/// Adds amounts up by their day. What lies behind the last day is left out: a rerun knows rows of later days.
pub(super) fn sum_by_day(days: usize, rows: impl Iterator<Item = (u32, f64)>) -> Vec<f64> {
    let mut sums = vec![0.0; days];
    for (day, amount) in rows {
        if let Some(sum) = sums.get_mut(day as usize) {
            *sum += amount;
        }
    }
    sums
}

/// Counts events by the hour of the day they happened on; those behind the last day are left out.
fn count_by_hour(days: usize, events: impl Iterator<Item = (u32, u8)>) -> Vec<f64> {
    let mut counts = vec![0.0; days * 24];
    for (day, hour) in events {
        // An hour that no clock has is kept in its day.
        let hour = usize::from(hour.min(23));
        if let Some(count) = counts.get_mut(day as usize * 24 + hour) {
            *count += 1.0;
        }
    }
    counts
}

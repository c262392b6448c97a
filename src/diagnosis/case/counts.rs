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
        daily(
            self.days(),
            self.seen.visits.iter().flatten().filter(|row| keep(row)),
            |row| (row.day, f64::from(count(&row.counts))),
        )
    }

    /// Inquiries by day.
    pub fn inquiries(&self, keep: impl Fn(&SeenInquiry) -> bool) -> Vec<f64> {
        daily(
            self.days(),
            self.seen
                .inquiries
                .iter()
                .flatten()
                .filter(|seen| keep(seen)),
            |seen| (seen.day, 1.0),
        )
    }

    /// Calls by day.
    pub fn calls(&self, keep: impl Fn(&SeenCall) -> bool) -> Vec<f64> {
        daily(
            self.days(),
            self.seen.calls.iter().flatten().filter(|call| keep(call)),
            |call| (call.day, 1.0),
        )
    }

    /// Deals by the day they were entered.
    pub fn deals(&self, keep: impl Fn(&SeenDeal) -> bool) -> Vec<f64> {
        daily(
            self.days(),
            self.seen.deals.iter().flatten().filter(|deal| keep(deal)),
            |deal| (deal.day, 1.0),
        )
    }

    /// Paid clicks by day, of a channel or of all.
    pub fn clicks(&self, channel: Option<Code>) -> Vec<f64> {
        let rows = self
            .seen
            .ads
            .iter()
            .flatten()
            .filter(|row| channel.is_none_or(|channel| row.channel == channel));
        daily(self.days(), rows, |row| (row.day, f64::from(row.clicks)))
    }

    /// Inquiries by hour of the history, 24 to a day.
    pub fn hourly_inquiries(&self, keep: impl Fn(&SeenInquiry) -> bool) -> Vec<f64> {
        let kept = self
            .seen
            .inquiries
            .iter()
            .flatten()
            .filter(|seen| keep(seen));
        hourly(self.days(), kept.map(|seen| (seen.day, seen.hour)))
    }

    /// Calls by hour of the history, 24 to a day.
    pub fn hourly_calls(&self, keep: impl Fn(&SeenCall) -> bool) -> Vec<f64> {
        let kept = self.seen.calls.iter().flatten().filter(|call| keep(call));
        hourly(self.days(), kept.map(|call| (call.day, call.hour)))
    }
}

/// Counts events by hour.
fn hourly(days: usize, events: impl Iterator<Item = (u32, u8)>) -> Vec<f64> {
    let mut counts = vec![0.0; days * 24];
    for (day, hour) in events {
        if let Some(cell) = counts.get_mut(day as usize * 24 + usize::from(hour.min(23))) {
            *cell += 1.0;
        }
    }
    counts
}

/// Adds rows up by day.
pub(super) fn daily<'r, Row: 'r>(
    days: usize,
    rows: impl Iterator<Item = &'r Row>,
    value: impl Fn(&Row) -> (u32, f64),
) -> Vec<f64> {
    let mut counts = vec![0.0; days];
    for (day, count) in rows.map(value) {
        if let Some(cell) = counts.get_mut(day as usize) {
            *cell += count;
        }
    }
    counts
}

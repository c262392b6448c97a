//! What inquiries are proportional to: sessions, weighted with what each channel usually brings.

use super::Case;
use super::counts::daily;
use crate::model::observations::{Dimension, SeenInquiry};

/// Inquiries that a channel's own rate leans on that of all channels with.
const PRIOR_INQUIRIES: f64 = 4.0;

impl Case<'_> {
    /// What kinds of inquiries a channel's sessions usually turn into: sessions by day weighted with each channel's base
    /// rate of the kept inquiries, so that neither traffic nor its mix makes a difference between exposure and count.
    /// Without sessions every day weighs the same.
    pub fn exposure(&self, keep: impl Fn(&SeenInquiry) -> bool) -> Vec<f64> {
        if self.seen.visits.is_none() {
            return vec![1.0; self.days()];
        }
        let (made, sessions) = self.base_by_channel(keep);
        let total = made.iter().sum::<f64>() / sessions.iter().sum::<f64>().max(1.0);
        let lent = PRIOR_INQUIRIES / total.max(1e-9);
        // More inquiries than sessions are no proportion of them: nothing follows from such a channel's sessions.
        let is_share = |channel: usize| made[channel] <= sessions[channel];
        let leaned = |channel: usize| (made[channel] + total * lent) / (sessions[channel] + lent);
        let rate = |channel: usize| {
            if is_share(channel) {
                leaned(channel)
            } else {
                0.0
            }
        };
        let rates: Vec<f64> = (0..made.len()).map(rate).collect();
        daily(self.days(), self.seen.visits.iter().flatten(), |row| {
            (
                row.day,
                f64::from(row.counts.sessions) * rates[usize::from(row.channel)],
            )
        })
    }

    /// The kept inquiries and the sessions of the base by channel.
    fn base_by_channel(&self, keep: impl Fn(&SeenInquiry) -> bool) -> (Vec<f64>, Vec<f64>) {
        let channels = self.seen.names.len(Dimension::Channel);
        let base = self.base_start() as u32..self.start() as u32;
        let (mut made, mut sessions) = (vec![0.0; channels], vec![0.0; channels]);
        for seen in self
            .seen
            .inquiries
            .iter()
            .flatten()
            .filter(|seen| base.contains(&seen.day) && keep(seen))
        {
            made[usize::from(seen.channel)] += 1.0;
        }
        for row in self
            .seen
            .visits
            .iter()
            .flatten()
            .filter(|row| base.contains(&row.day))
        {
            sessions[usize::from(row.channel)] += f64::from(row.counts.sessions);
        }
        (made, sessions)
    }

    /// By channel, whether its inquiries of the base are a proportion of its sessions: no more of them than of these.
    pub fn has_rate(&self) -> Vec<bool> {
        let (made, sessions) = self.base_by_channel(|_| true);
        made.iter()
            .zip(&sessions)
            .map(|(made, sessions)| made <= sessions)
            .collect()
    }
}

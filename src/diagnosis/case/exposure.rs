//! What inquiries are proportional to: sessions, weighted with what each channel usually brings.

use super::Case;
use super::counts::sum_by_day;
use crate::model::observations::{Dimension, SeenInquiry};

/// Inquiries that a channel's own rate leans on that of all channels with. A judgement: a channel that brought a dozen
/// speaks for itself, one that brought two does not.
const PRIOR_INQUIRIES: f64 = 4.0;
/// Inquiries for a session, at least: a base without inquiries must not divide by zero.
const LEAST_RATE: f64 = 1e-9;

impl Case<'_> {
    /// What kinds of inquiries a channel's sessions usually turn into: sessions by day weighted with each channel's base
    /// rate of the kept inquiries, so that neither traffic nor its mix makes a difference between exposure and count.
    /// Without sessions every day weighs the same.
    pub fn exposure(&self, keep: impl Fn(&SeenInquiry) -> bool) -> Vec<f64> {
        let Some(visits) = &self.seen.visits else {
            return vec![1.0; self.days()];
        };
        let rates = self.base_by_channel(keep).rates();
        let weighted = visits.iter().map(|row| {
            let sessions = f64::from(row.counts.sessions);
            let rate = rates[usize::from(row.channel)];
            (row.day, sessions * rate)
        });
        sum_by_day(self.days(), weighted)
    }

    /// By channel, whether its inquiries of the base are a proportion of its sessions: no more of them than of these.
    pub fn has_rate(&self) -> Vec<bool> {
        let base = self.base_by_channel(|_| true);
        let channels = 0..base.sessions.len();
        channels.map(|channel| base.has_rate(channel)).collect()
    }

    /// The kept inquiries and the sessions of the base by channel.
    fn base_by_channel(&self, keep: impl Fn(&SeenInquiry) -> bool) -> BaseByChannel {
        let channels = self.seen.names.len(Dimension::Channel);
        let mut inquiries = vec![0.0; channels];
        let mut sessions = vec![0.0; channels];
        let base_days = self.base_start() as u32..self.start() as u32;
        for inquiry in self.seen.inquiries.iter().flatten() {
            if base_days.contains(&inquiry.day) && keep(inquiry) {
                inquiries[usize::from(inquiry.channel)] += 1.0;
            }
        }
        for row in self.seen.visits.iter().flatten() {
            if base_days.contains(&row.day) {
                sessions[usize::from(row.channel)] += f64::from(row.counts.sessions);
            }
        }
        BaseByChannel {
            inquiries,
            sessions,
        }
    }
}

/// Inquiries and sessions of the base, by the code of their channel.
struct BaseByChannel {
    inquiries: Vec<f64>,
    sessions: Vec<f64>,
}

impl BaseByChannel {
    /// Inquiries for a session of each channel, leaning on that of all channels; 0 where there is no such rate.
    fn rates(&self) -> Vec<f64> {
        let all_inquiries = self.inquiries.iter().sum::<f64>();
        let all_sessions = self.sessions.iter().sum::<f64>();
        let total_rate = all_inquiries / all_sessions.max(1.0);
        // So many sessions at the total's rate bring the inquiries that a channel leans with.
        let lent = PRIOR_INQUIRIES / total_rate.max(LEAST_RATE);
        let rate = |channel: usize| {
            if !self.has_rate(channel) {
                return 0.0;
            }
            (self.inquiries[channel] + total_rate * lent) / (self.sessions[channel] + lent)
        };
        (0..self.sessions.len()).map(rate).collect()
    }

    /// More inquiries than sessions are no proportion of them: nothing follows from such a channel's sessions.
    fn has_rate(&self, channel: usize) -> bool {
        self.inquiries[channel] <= self.sessions[channel]
    }
}

//! One period under examination: the observations with the questions that every cause asks of them.

use std::cell::OnceCell;

use chrono::{DateTime, Datelike, TimeDelta, Utc};

use super::cohort::Outcomes;
use super::cohort::response::Response;
use super::weigh::bayes;
use super::weigh::evidence::Value;
use crate::metrics::baseline::{self, Days, Metric, Profile};
use crate::model::facts::ContactKind;
use crate::model::observations::{
    Code, Dimension, Observations, SeenCall, SeenDeal, SeenInquiry, SessionCounts, Visits,
};
use crate::model::zone;

/// Inquiries that a channel's own rate leans on that of all channels with.
const PRIOR_INQUIRIES: f64 = 4.0;

/// Periods before the reported one in which a change may have begun that lasts into it.
const PERIODS_BEFORE: usize = 3;
/// What they say of the reported one, at most, nats: what was wrong may have passed.
const MOST_BEFORE: f64 = 6.0;

/// What the diagnosis needs to know of a pipeline.
#[derive(Debug, Clone, PartialEq)]
pub struct DiagnosisSettings {
    /// Fewer expected events than this are not judged.
    pub min_events: f64,
    /// Periods before the reported one that a usual level is learnt from.
    pub base_periods: u32,
    /// False discovery rate over the scopes of one dimension.
    pub fdr: f64,
    /// One-sided false alarm rate of a single test.
    pub alpha: f64,
    /// Losses below so many inquiries are not worth a finding.
    pub smallest_loss: f64,
    /// Age in days at which a cohort is mature.
    pub mature_days: u32,
    /// Later sales do not count for a cohort.
    pub horizon_days: u32,
}

/// A period under examination.
pub struct Case<'a> {
    /// What was seen.
    pub seen: &'a Observations,
    /// The pipeline's settings.
    pub settings: &'a DiagnosisSettings,
    calendar_days: Days,
    /// The same for the periods right before the reported one, the latest first.
    days_before: Vec<Days>,
    volume: Profile,
    rate: Profile,
    outcomes: OnceCell<Outcomes>,
    response: OnceCell<Option<Response>>,
}

/// What a count should have been and was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// Seen in the span.
    pub observed: f64,
    /// To be expected in it, with the calendar and the exposure of the span.
    pub expected: f64,
    /// To be expected in it if it had no holidays and no season.
    pub ordinary: f64,
    /// Relative variance of the expectation and of the span's own level, beyond chance.
    pub dispersion: f64,
}

impl Judged {
    /// Expected less observed: positive is a loss.
    pub fn lost(&self) -> f64 {
        self.expected - self.observed
    }

    /// Standard deviation of the observed count around the expected one.
    pub fn deviation(&self) -> f64 {
        (self.expected + self.expected * self.expected * self.dispersion).sqrt()
    }

    /// Standard deviations that the count lies above (positive) or below what was expected.
    pub fn z(&self) -> f64 {
        if self.expected <= 0.0 {
            0.0
        } else {
            (self.observed - self.expected) / self.deviation()
        }
    }

    /// Log Bayes factor of a fall.
    pub fn fall(&self) -> f64 {
        bayes::fall(self.observed, self.expected, self.dispersion)
    }

    /// Log Bayes factor of a rise.
    pub fn rise(&self) -> f64 {
        bayes::rise(self.observed, self.expected, self.dispersion)
    }

    /// Seen and expected, as a sentence names them.
    pub fn counts(&self) -> [(&'static str, Value); 2] {
        [
            ("observed", Value::Count(self.observed)),
            ("expected", Value::Count(self.expected)),
        ]
    }

    /// Observed ÷ expected − 1.
    pub fn change(&self) -> f64 {
        if self.expected > 0.0 {
            self.observed / self.expected - 1.0
        } else {
            0.0
        }
    }
}

impl<'a> Case<'a> {
    /// A period with what weekdays and holidays usually do, learnt on all channels together.
    pub fn new(seen: &'a Observations, settings: &'a DiagnosisSettings) -> Self {
        let (count, start) = (seen.days() as usize, seen.period_start() as usize);
        let days = Days::new(
            seen.first_day,
            count,
            start,
            settings.base_periods as usize,
            &seen.calendar,
        );
        let sessions = daily(count, seen.visits.iter().flatten(), |row| {
            (row.day, f64::from(row.counts.sessions))
        });
        let inquiries = daily(count, seen.inquiries.iter().flatten(), |inquiry| {
            (inquiry.day, 1.0)
        });
        let exposure = seen.visits.as_ref().map(|_| sessions.as_slice());
        // Calls may have been collected later than sessions, or sessions later than calls.
        let first = |counts: &[f64]| counts.iter().position(|count| *count > 0.0).unwrap_or(0);
        let known_from = first(&sessions).max(first(&inquiries));
        let days = days.known_from(known_from);
        let length = count - start;
        let before = (1..=PERIODS_BEFORE).map_while(|back| start.checked_sub(back * length));
        let days_before = before.map(|from| {
            let base = settings.base_periods as usize;
            Days::new(seen.first_day, from + length, from, base, &seen.calendar)
                .known_from(known_from)
        });
        let days_before = days_before.collect();
        let metric = if exposure.is_some() {
            Metric::Rate
        } else {
            Metric::Volume
        };
        let volume = Profile::learn(&days, &sessions, None, Metric::Volume);
        let rate = Profile::learn(&days, &inquiries, exposure, metric);
        Self {
            seen,
            settings,
            calendar_days: days,
            days_before,
            volume,
            rate,
            outcomes: OnceCell::new(),
            response: OnceCell::new(),
        }
    }

    /// What became of the deals, learnt once for all causes.
    pub fn outcomes(&self) -> &Outcomes {
        self.outcomes.get_or_init(|| Outcomes::of(self))
    }

    /// What is usual in answering people, learnt once for all causes; `None` when the exports cannot tell.
    pub fn response(&self) -> Option<&Response> {
        self.response.get_or_init(|| Response::learn(self)).as_ref()
    }

    /// Days of the history.
    pub fn days(&self) -> usize {
        self.seen.days() as usize
    }

    /// First day of the reported period.
    pub fn start(&self) -> usize {
        self.seen.period_start() as usize
    }

    /// Days of the reported period.
    pub fn length(&self) -> usize {
        self.days() - self.start()
    }

    /// First day of the base: so many periods of the reported one's length before it, or all there is.
    pub fn base_start(&self) -> usize {
        self.start()
            .saturating_sub(self.settings.base_periods as usize * self.length())
    }

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

    /// Inquiries by day as a share of sessions; `None` when the base has more of them than sessions: people who never
    /// visited are no proportion of those who did.
    pub fn judge_share(&self, inquiries: &[f64], sessions: &[f64]) -> Option<Judged> {
        let base = self.base_start()..self.start();
        let sum = |of: &[f64]| of[base.clone()].iter().sum::<f64>();
        if sum(inquiries) > sum(sessions) {
            return None;
        }
        self.judge(inquiries, Some(sessions))
    }

    /// The count of the reported period against what was to be expected from the days before it. `None` when there is
    /// too little history.
    pub fn judge(&self, counts: &[f64], exposure: Option<&[f64]>) -> Option<Judged> {
        self.judge_span(counts, exposure, self.start(), self.days())
    }

    /// The same for a span of days `from..to` inside the reported period.
    pub fn judge_span(
        &self,
        counts: &[f64],
        exposure: Option<&[f64]>,
        from: usize,
        to: usize,
    ) -> Option<Judged> {
        let profile = if exposure.is_some() {
            &self.rate
        } else {
            &self.volume
        };
        let expected = baseline::expect(&self.calendar_days, profile, counts, exposure, from, to)?;
        Some(Judged {
            observed: counts[from..to].iter().sum(),
            expected: expected.value,
            ordinary: expected.ordinary,
            dispersion: expected.dispersion,
        })
    }

    /// The evidence of a change that began one, two … periods before the reported one and has lasted to its eve, each
    /// period by those before it; nats. 0 without enough history.
    pub fn before(
        &self,
        counts: &[f64],
        exposure: Option<&[f64]>,
        by: fn(f64, f64, f64) -> f64,
    ) -> f64 {
        let mut begun = Vec::new();
        let (mut observed, mut expected, mut dispersion) = (0.0, 0.0, 0.0_f64);
        for days in &self.days_before {
            let profile = if exposure.is_some() {
                &self.rate
            } else {
                &self.volume
            };
            let (from, to) = (days.start, days.end());
            let past = (&counts[..to], exposure.map(|exposure| &exposure[..to]));
            let Some(found) = baseline::expect(days, profile, past.0, past.1, from, to) else {
                break;
            };
            observed += counts[from..to].iter().sum::<f64>();
            expected += found.value;
            dispersion = dispersion.max(found.dispersion);
            begun.push(by(observed, expected, dispersion));
        }
        // Quiet weeks before are no sign against a fault that begins now.
        bayes::log_mean(&begun).clamp(0.0, MOST_BEFORE)
    }

    /// Midnight at which a day of the history begins, UTC.
    pub fn instant(&self, day: usize) -> DateTime<Utc> {
        zone::day_start(self.seen.date(day as u32), self.seen.zone)
    }

    /// The instant of an hour of a day on the pipeline's clock.
    pub fn hour(&self, day: usize, hour: u32) -> DateTime<Utc> {
        self.instant(day) + TimeDelta::hours(i64::from(hour))
    }

    /// The text of a code.
    pub fn text(&self, dimension: Dimension, code: Code) -> &str {
        self.seen.names.text(dimension, code)
    }

    /// Codes of a dimension that are in use, without "not known".
    pub fn codes(&self, dimension: Dimension) -> impl Iterator<Item = Code> + use<> {
        1..self.seen.names.len(dimension) as Code
    }

    /// Days of the history on which people are off for a holiday: by the hour, nothing is usual on them.
    pub fn holidays(&self) -> Vec<usize> {
        let is_off = |day: &usize| {
            self.seen
                .calendar
                .kind(self.seen.date(*day as u32))
                .is_holiday()
        };
        (0..self.days()).filter(is_off).collect()
    }

    /// Whether so many days of the period are holidays that what all visitors and all people do together says more about
    /// the calendar than about the firm: two days of a week.
    pub fn is_festive(&self) -> bool {
        let off = self
            .seen
            .calendar
            .days_off(self.seen.period.from, self.seen.period.to) as usize;
        off * 7 >= 2 * self.length()
    }

    /// Whether an inquiry came by telephone.
    pub fn is_call(seen: &SeenInquiry) -> bool {
        matches!(seen.kind, ContactKind::Call | ContactKind::MissedCall)
    }

    /// Weekday of day 0, Monday being 0.
    pub fn weekday(&self) -> usize {
        self.seen.first_day.weekday().num_days_from_monday() as usize
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
fn daily<'r, Row: 'r>(
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

//! One period under examination: the observations with the questions that every cause asks of them.

mod counts;
mod exposure;
mod judge;
mod judged;
mod spans;

use std::cell::OnceCell;

use chrono::{DateTime, Datelike, TimeDelta, Utc};

use self::counts::{count_by_day, sum_by_day};
pub use self::judged::{Judged, Z_95};
pub use self::spans::{Daily, Told};
use super::cohort::Outcomes;
use super::cohort::response::Response;
use crate::metrics::baseline::{Days, Profile, Quantity};
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, Dimension, Observations, SeenInquiry};
use crate::model::zone;

/// Periods before the reported one in which a change may have begun that lasts into it. A judgement: the usual level
/// follows what lasts for longer.
const PERIODS_BEFORE: usize = 3;
/// So many days off of every seven make a period festive.
const FESTIVE_DAYS_A_WEEK: usize = 2;

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
    /// Weekdays and holidays of the reported period and of what it is judged by.
    calendar_days: Days,
    /// The same for the periods right before the reported one, the latest first.
    days_before: Vec<Days>,
    /// What weekdays and holidays do to a count of its own.
    volume: Profile,
    /// What they do to a count given its exposure.
    rate: Profile,
    outcomes: OnceCell<Outcomes>,
    response: OnceCell<Option<Response>>,
}

impl<'a> Case<'a> {
    /// A period with what weekdays and holidays usually do, learnt on all channels together.
    pub fn new(seen: &'a Observations, settings: &'a DiagnosisSettings) -> Self {
        let end = seen.days() as usize;
        let start = seen.period_start() as usize;
        let sessions = all_sessions(seen);
        let inquiries = all_inquiries(seen);
        // Calls may have been collected later than sessions, or sessions later than calls.
        let known_from = first_day_with_any(&sessions).max(first_day_with_any(&inquiries));
        let base_periods = settings.base_periods as usize;
        let days_of = |from: usize, to: usize| {
            Days::new(seen.first_day, to, from, base_periods, &seen.calendar).known_from(known_from)
        };
        let calendar_days = days_of(start, end);
        let length = end - start;
        // A short history has fewer periods before, or none.
        let starts_before = (1..=PERIODS_BEFORE).map_while(|back| start.checked_sub(back * length));
        let days_before = starts_before
            .map(|from| days_of(from, from + length))
            .collect();
        let volume = Profile::learn(&calendar_days, &sessions, None, Quantity::Volume);
        let rate = if seen.visits.is_some() {
            Profile::learn(&calendar_days, &inquiries, Some(&sessions), Quantity::Rate)
        } else {
            // Inquiries that nothing is known to be proportional to are a count of their own.
            Profile::learn(&calendar_days, &inquiries, None, Quantity::Volume)
        };
        Self {
            seen,
            settings,
            calendar_days,
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
        let base_days = self.settings.base_periods as usize * self.length();
        self.start().saturating_sub(base_days)
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
            let date = self.seen.date(*day as u32);
            self.seen.calendar.kind(date).is_holiday()
        };
        (0..self.days()).filter(is_off).collect()
    }

    /// Whether so many days of the period are holidays that what all visitors and all people do together says more about
    /// the calendar than about the firm: two days of a week.
    pub fn is_festive(&self) -> bool {
        let period = &self.seen.period;
        let days_off = self.seen.calendar.days_off(period.from, period.to) as usize;
        // Without a division, so that periods of any length are compared in whole days.
        days_off * 7 >= FESTIVE_DAYS_A_WEEK * self.length()
    }

    /// Whether an inquiry came by telephone.
    pub fn is_call(seen: &SeenInquiry) -> bool {
        matches!(seen.kind, ContactKind::Call | ContactKind::MissedCall)
    }

    /// Weekday of day 0, Monday being 0.
    pub fn weekday(&self) -> usize {
        self.seen.first_day.weekday().num_days_from_monday() as usize
    }
}

/// Sessions of all channels by day.
fn all_sessions(seen: &Observations) -> Vec<f64> {
    let rows = seen.visits.iter().flatten();
    let counted = rows.map(|row| (row.day, f64::from(row.counts.sessions)));
    sum_by_day(seen.days() as usize, counted)
}

/// Inquiries of all channels by day.
fn all_inquiries(seen: &Observations) -> Vec<f64> {
    let inquiries = seen.inquiries.iter().flatten();
    count_by_day(seen.days() as usize, inquiries.map(|inquiry| inquiry.day))
}

/// The first day that has any of a count; 0 when none has.
fn first_day_with_any(counts: &[f64]) -> usize {
    let first = counts.iter().position(|count| *count > 0.0);
    first.unwrap_or(0)
}

//! One period under examination: the observations with the questions that every cause asks of them.

mod counts;
mod exposure;
mod judge;
mod judged;

use std::cell::OnceCell;

use chrono::{DateTime, Datelike, TimeDelta, Utc};

use self::counts::daily;
pub use self::judged::Judged;
use super::cohort::Outcomes;
use super::cohort::response::Response;
use crate::metrics::baseline::{Days, Metric, Profile};
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, Dimension, Observations, SeenInquiry};
use crate::model::zone;

/// Periods before the reported one in which a change may have begun that lasts into it.
const PERIODS_BEFORE: usize = 3;

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
}

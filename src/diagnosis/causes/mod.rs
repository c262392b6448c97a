//! The causes: a new one is a file here, a line in [`CAUSES`] and its sentences in the language files.
//!
//! Bounds and thresholds of the causes that name no source are judgements, kept or changed by trial on the simulated firms
//! of `tests/calibration`. They decide what is said and by which bound it is cut; what a role of evidence is worth for a
//! cause is learnt from those firms afterwards ([`super::weigh::calibration`]).

mod crm_hygiene;
mod data_gap;
pub mod forms;
mod lead_quality;
mod managers;
mod mix_shift;
mod seasonality;
#[cfg(test)]
mod second_conversion;
pub mod telephony;
mod tracking;
mod traffic_quality;
mod traffic_volume;
mod unknown;

use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};

use super::case::{Case, Daily, Judged};
use super::codes::{CauseCode, Conversion, Scope};
use super::cohort::windows;
use super::outage::silence::{Way, Window};
use super::weigh::evidence::{Evidence, Value};
use super::weigh::features::Features;
use super::weigh::hypothesis::onset;
use crate::config::words::Key;
use crate::metrics::values::Estimate;
use crate::model::observations::{Code, Dimension};
use crate::model::zone;

/// One cause: its code, the conversion it hurts, what to check, and how it is assessed.
pub struct Cause {
    /// Its code.
    pub code: CauseCode,
    /// The conversion that suffers.
    pub conversion: Conversion,
    /// Its playbook, in order: strings `check.<name>` say who does what.
    pub checks: &'static [Key],
    /// How it is looked for.
    pub assess: Assess,
}

/// How a cause is looked for.
#[derive(Debug, Clone, Copy)]
pub enum Assess {
    /// By what is seen alone.
    Alone(fn(&Case) -> Assessment),
    /// Also by how many inquiries of the deficit the other causes explain: what no place explains.
    Rest(fn(&Case, &Explained) -> Assessment),
}

#[cfg(test)]
impl Assess {
    /// Looks at a case, as if no other cause explained anything.
    pub fn alone(self, case: &Case) -> Assessment {
        match self {
            Self::Alone(assess) => assess(case),
            Self::Rest(assess) => assess(case, &Explained::default()),
        }
    }
}

/// Keeps a share of expected inquiries from being one of nothing.
const FEWEST_EXPECTED: f64 = 1e-9;

/// Inquiries that causes with a place of their own explain, each on the days that it lasted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Explained {
    losses: Vec<(Range<usize>, f64)>,
}

impl Explained {
    /// Adds inquiries that were lost on these days of the history.
    pub fn add(&mut self, days: Range<usize>, inquiries: f64) {
        self.losses.push((days, inquiries));
    }

    /// The inquiries of some days that are explained: each loss is spread over its own days as the expected ones are.
    fn on(&self, days: &Range<usize>, daily: &Daily) -> f64 {
        let of_loss = |(own, inquiries): &(Range<usize>, f64)| {
            let common = own.start.max(days.start)..own.end.min(days.end);
            if common.is_empty() {
                return 0.0;
            }
            let expected = daily.judged(own).expected;
            let share = daily.judged(&common).expected / expected.max(FEWEST_EXPECTED);
            inquiries * share.min(1.0)
        };
        self.losses.iter().map(of_loss).sum()
    }
}

/// What looking at one cause gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Assessment {
    /// Why it cannot be assessed: `None` when it was. The evidence then is what is missing (`<cause>.no_<what>`).
    pub missing: Option<Evidence>,
    /// Evidence for (positive weight) and against (negative) in the best scope. The weights add up to the log odds: the
    /// Bayes factor of "this cause, in one of its scopes" against "nothing happened".
    pub evidence: Vec<Evidence>,
    /// The best scope.
    pub scope: Scope,
    /// Start.
    pub started_at: Option<DateTime<Utc>>,
    /// End.
    pub ended_at: Option<DateTime<Utc>>,
    /// Inquiries lost in the reported period, with a 95 % range. Causes of the second conversion leave it empty.
    pub lost_inquiries: Option<Estimate>,
    /// Sales lost among the inquiries that came. Causes of the first conversion leave it empty: it follows.
    pub lost_sales: Option<Estimate>,
    /// Inquiries of the first conversion's deficit — given this period's sessions — that the cause explains.
    pub explains: f64,
    /// Other causes whose evidence is worth nothing if this one is true: a missing export makes every silence.
    pub voids: Vec<(Conversion, CauseCode)>,
    /// Whether something that used to come every week comes no more at all: that is told however small it was.
    pub has_stopped: bool,
}

impl Assessment {
    /// An answer that cannot be given, and what is missing.
    pub fn not_assessable(missing: Evidence) -> Self {
        Self {
            missing: Some(missing),
            ..Self::default()
        }
    }

    /// The days of the period that the change was on: all of them where it is not known when it began.
    pub fn days(&self, case: &Case) -> Range<usize> {
        let period = case.period();
        let day_of = |at: DateTime<Utc>| {
            let day = case.seen.day_of(zone::local_day(at, case.seen.zone));
            day.map_or(0, |day| day as usize)
        };
        let first = self.started_at.map_or(period.start, day_of);
        let first = first.clamp(period.start, period.end - 1);
        // Its last instant is the one before it ended: what ends at midnight was not on the next day.
        let last = self.ended_at.map(|at| day_of(at - TimeDelta::seconds(1)));
        let end = last.map_or(period.end, |last| last + 1);
        first..end.clamp(first + 1, period.end)
    }

    /// The evidence added up by role, nats.
    pub fn features(&self) -> Features {
        let mut features = Features::new();
        for evidence in &self.evidence {
            *features.entry(evidence.role).or_insert(0.0) += evidence.weight;
        }
        features
    }

    /// Sum of the evidence, nats; `None` when it could not be assessed.
    pub fn log_odds(&self) -> Option<f64> {
        if self.missing.is_some() {
            return None;
        }
        let log_odds = self.evidence.iter().map(|evidence| evidence.weight).sum();
        Some(log_odds)
    }
}

/// Every cause, in the order of the gates.
pub const CAUSES: &[&Cause] = &[
    &data_gap::CAUSE,
    &tracking::CAUSE,
    &seasonality::CAUSE,
    &mix_shift::CAUSE,
    &traffic_volume::CAUSE,
    &traffic_quality::CAUSE,
    &telephony::CAUSE,
    &forms::CAUSE,
    &lead_quality::CAUSE,
    &managers::CAUSE,
    &crm_hygiene::CAUSE,
    &unknown::FIRST,
    &unknown::SECOND,
];

/// Standard deviations on either side of the mean that hold 95 % of a normal law.
const DEVIATIONS_OF_95_PERCENT: f64 = 1.96;

/// Evidence from which on a cause of the second conversion looks for its start, nats: of less, the likeliest split of the
/// days is mostly chance.
const LEAST_FOR_A_START: f64 = 2.0;

/// Days in which a change of the second conversion may have begun: those of the reported period and the weeks before it.
fn recent_days(case: &Case) -> Range<usize> {
    let (_, recent) = windows(case);
    recent.start as usize..case.days()
}

/// Since when a count is larger or smaller than due, in the recent days; `None` where the evidence is too weak or no day
/// stands out.
fn start_of_change(
    case: &Case,
    weight: f64,
    seen: &[f64],
    due: &[f64],
    way: Way,
) -> Option<DateTime<Utc>> {
    if weight <= LEAST_FOR_A_START {
        return None;
    }
    onset(case, seen, due, recent_days(case), way == Way::Rise)
}

/// When a change was.
#[derive(Debug, Clone, Copy, Default)]
struct Stretch {
    started_at: Option<DateTime<Utc>>,
    /// Absent while it goes on.
    ended_at: Option<DateTime<Utc>>,
}

impl Stretch {
    /// The days that the evidence names; what is told by the whole period began with it, or on an earlier day.
    fn told(case: &Case, evidence: &[Evidence], begun: impl FnOnce() -> Option<usize>) -> Self {
        let (start, end) = match evidence.iter().find_map(|fact| days_of(case, fact)) {
            Some(days) => (Some(days.start), Some(days.end)),
            None => (begun().map(|day| day.min(case.start())), None),
        };
        Self {
            started_at: start.map(|day| case.instant(day)),
            ended_at: end
                .filter(|end| *end < case.days())
                .map(|day| case.instant(day)),
        }
    }
}

/// The days of the history that an evidence is about, where it is not about the whole period.
fn days_of(case: &Case, evidence: &Evidence) -> Option<Range<usize>> {
    let day = |name: &str| match evidence.values.get(name)? {
        Value::Day(day) => usize::try_from((*day - case.seen.first_day).num_days()).ok(),
        _ => None,
    };
    Some(day("first")?..day("last")? + 1)
}

/// The scope of one place.
fn scope_of(case: &Case, dimension: Dimension, code: Code) -> Scope {
    let name = case.text(dimension, code).to_owned();
    Scope::from([(dimension, name)])
}

/// Fewer events in a window than this are none: counts are whole, but are kept as fractions.
const NO_EVENTS: f64 = 0.5;

/// Whether nothing came in a window; else less than was due.
fn is_silent(window: &Window) -> bool {
    window.observed < NO_EVENTS
}

/// A window of hours, as a sentence names it: the part of it that its counts are of. A fault that began before the period
/// is counted from the period's first hour on.
fn of_window(case: &Case, window: &Window) -> [(&'static str, Value); 4] {
    let counted_from = window.from.max(case.start() * 24);
    [
        ("from", Value::Time(instant_of(case, counted_from))),
        ("to", Value::Time(instant_of(case, window.to))),
        ("observed", Value::Count(window.observed)),
        ("expected", Value::Count(window.expected)),
    ]
}

/// The instant at which an hour of the history begins.
fn instant_of(case: &Case, hour: usize) -> DateTime<Utc> {
    case.hour(hour / 24, (hour % 24) as u32)
}

/// Seen and expected, as a sentence names them: what was expected is told in whole numbers.
fn whole_counts(judged: &Judged) -> [(&'static str, Value); 2] {
    [
        ("observed", Value::Count(judged.observed)),
        ("expected", Value::Count(judged.expected.round())),
    ]
}

/// The same with the relative change between them.
fn counts_and_change(judged: &Judged) -> [(&'static str, Value); 3] {
    let [observed, expected] = whole_counts(judged);
    [
        observed,
        expected,
        ("change", Value::Change(judged.change())),
    ]
}

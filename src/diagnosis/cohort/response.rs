//! How people are answered: missed calls in working hours, and how long others wait for the first answer.

use chrono::Datelike;

use super::waits::{Slow, Waits};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::cohort::earlier::{earlier_base, weigh};
use crate::model::observations::{Code, Direction, SeenCall};

/// Who hangs up earlier was not missed, seconds: nobody could have answered.
const PATIENCE_S: u32 = 3;
/// An hour with a smaller share of answered calls is not a working hour.
const WORKED: f64 = 0.5;
/// An hour of the day with fewer calls in the base than this is not known to be one. A judgement: one call in two
/// weeks, where the base is eight weeks.
const MIN_CALLS_OF_HOUR: f64 = 4.0;

/// Whether each hour of a weekday, and of a day of the weekend, is worked in.
type WorkingHours = [[bool; 24]; 2];

/// What is usual in answering people.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Working hours of weekdays and of weekends.
    working: WorkingHours,
    /// Whether the export tells how long people waited.
    knows_waits: bool,
    /// How long people wait, by each clock that the exports have: talks, and answers in the CRM.
    waits: Vec<Waits>,
    /// How long people of deals wait, with the deals' managers.
    pub deals: Option<Waits>,
    /// Whether they wait longer than usual, by each clock.
    pub slow: Vec<Slow>,
}

impl Response {
    /// Learns working hours and what is slow from the base. `None` when neither calls nor first talks are known.
    pub fn learn(case: &Case) -> Option<Self> {
        let clocks = [Waits::for_talks(case), Waits::for_answers(case)];
        let waits: Vec<Waits> = clocks.into_iter().flatten().collect();
        if case.seen.calls.is_none() && waits.is_empty() {
            return None;
        }
        let slow = waits.iter().filter_map(|waits| waits.slow(case));
        Some(Self {
            working: working_hours(case),
            knows_waits: knows_waits(case),
            slow: slow.collect(),
            deals: Waits::of_deals(case),
            waits,
        })
    }

    fn is_counted(&self, case: &Case, call: &SeenCall) -> bool {
        let is_worked = self.working[day_kind(case, call.day)][hour_of(call)];
        call.direction == Direction::Inbound && !call.failed && is_worked
    }

    /// Missed calls of working hours, given all calls then: log Bayes factor of a rise, and the counts. Calls that failed for
    /// a technical reason are left out. `None` without calls in the base.
    pub fn missed(&self, case: &Case, line: Option<Code>) -> Option<(f64, Judged)> {
        case.seen.calls.as_ref()?;
        let (missed, all) = self.missed_by_day(case, line);
        weigh(case, &missed, &all, Judged::rise)
    }

    /// Missed calls of working hours by day, and all calls then.
    pub fn missed_by_day(&self, case: &Case, line: Option<Code>) -> (Vec<f64>, Vec<f64>) {
        let is_here = |call: &SeenCall| {
            let is_of_line = line.is_none_or(|line| call.line == line);
            is_of_line && self.is_counted(case, call)
        };
        let is_missed = |call: &SeenCall| {
            let had_patience = call.wait_s >= PATIENCE_S || !self.knows_waits;
            !call.answered && had_patience
        };
        let missed = case.calls(|call| is_here(call) && is_missed(call));
        (missed, case.calls(is_here))
    }

    /// Calls that fail for a technical reason, given all calls: log Bayes factor of a rise, and the counts.
    pub fn failed(case: &Case) -> Option<(f64, Judged)> {
        case.seen.calls.as_ref()?;
        let inbound = |call: &SeenCall| call.direction == Direction::Inbound;
        let failed = case.calls(|call| inbound(call) && call.failed);
        weigh(case, &failed, &case.calls(inbound), Judged::rise)
    }

    /// Seconds from which on an answer is slow; `None` when the exports do not tell.
    pub fn slow_after(&self) -> Option<u32> {
        self.waits.first().map(Waits::slow_after)
    }

    /// Whether more people than usual wait so many times as long as the slowest ones of the base, by each clock.
    pub fn forgotten(&self, case: &Case, times: u32) -> Vec<Slow> {
        let clocks = self.waits.iter();
        clocks
            .filter_map(|waits| waits.forgotten(case, times))
            .collect()
    }

    /// The clock that tells most clearly that people wait longer.
    pub fn slowest(&self) -> Option<&Slow> {
        let by_weight = |left: &&Slow, right: &&Slow| left.weight.total_cmp(&right.weight);
        self.slow.iter().max_by(by_weight)
    }

    /// The strongest sign in the whole firm that people are answered worse, nats; 0 when there is none.
    pub fn strongest(&self, case: &Case) -> f64 {
        let missed = self.missed(case, None).map(|(weight, _)| weight);
        let slow = self.slow.iter().map(|slow| slow.weight);
        slow.chain(missed).fold(0.0, f64::max)
    }
}

/// Whether most missed calls of the base have a time of waiting.
fn knows_waits(case: &Case) -> bool {
    let base = earlier_base(case);
    let mut missed = 0;
    let mut with_wait = 0;
    for call in case.seen.calls.iter().flatten() {
        let is_missed = call.direction == Direction::Inbound && !call.answered;
        if is_missed && base.contains(&call.day) {
            missed += 1;
            with_wait += u32::from(call.wait_s > 0);
        }
    }
    with_wait * 2 > missed
}

/// 0 for a weekday, 1 for a weekend.
fn day_kind(case: &Case, day: u32) -> usize {
    let weekday = case.seen.date(day).weekday().num_days_from_monday();
    usize::from(weekday >= 5)
}

fn hour_of(call: &SeenCall) -> usize {
    usize::from(call.hour.min(23))
}

/// Hours in which the base's calls are mostly answered.
fn working_hours(case: &Case) -> WorkingHours {
    #[derive(Clone, Copy, Default)]
    struct Calls {
        all: f64,
        answered: f64,
    }
    let base = earlier_base(case);
    let mut counts = [[Calls::default(); 24]; 2];
    for call in case.seen.calls.iter().flatten() {
        let is_inbound = call.direction == Direction::Inbound && !call.failed;
        if is_inbound && base.contains(&call.day) {
            let count = &mut counts[day_kind(case, call.day)][hour_of(call)];
            count.all += 1.0;
            if call.answered {
                count.answered += 1.0;
            }
        }
    }
    let is_worked =
        |calls: Calls| calls.all >= MIN_CALLS_OF_HOUR && calls.answered >= WORKED * calls.all;
    counts.map(|hours| hours.map(is_worked))
}

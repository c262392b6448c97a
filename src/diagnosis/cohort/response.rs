//! How fast people are answered: missed calls in working hours, and how long others wait for the first talk.

use chrono::{DateTime, Datelike, TimeDelta, Utc};

use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::cohort::earlier::{earlier_base, weigh};
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, Direction, SeenCall, SeenDeal, SeenInquiry};

/// Those who waited longest in the base, as a share: as long a wait is slow. A judgement: every firm has its own idea of
/// fast, so slow is what its slowest fifth was.
const SLOWEST: f64 = 0.2;
/// Nothing below a quarter of an hour is called slow, seconds …
const LEAST_SLOW_S: u32 = 900;
/// … and everything above a day is.
const MOST_SLOW_S: u32 = 86_400;
/// People who have to be called back.
const WAITING: [ContactKind; 3] = [
    ContactKind::MissedCall,
    ContactKind::Form,
    ContactKind::Chat,
];
/// Who hangs up earlier was not missed, seconds: nobody could have answered.
const PATIENCE_S: u32 = 3;
/// Fewer waiting people in the base say nothing of how fast they are answered.
const MIN_WAITING: usize = 20;
/// Where fewer than one of so many people has a known first talk, calls out are not in the export, or not with phones
/// that can be matched.
const KNOWN_ONE_OF: usize = 4;
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
    /// Seconds to the first talk from which on it is slow; `None` when the exports do not tell.
    pub slow_after: Option<u32>,
}

impl Response {
    /// Learns working hours and what is slow from the base. `None` when neither calls nor first talks are known.
    pub fn learn(case: &Case) -> Option<Self> {
        let slow_after = slow_after(case);
        if case.seen.calls.is_none() && slow_after.is_none() {
            return None;
        }
        Some(Self {
            working: working_hours(case),
            knows_waits: knows_waits(case),
            slow_after,
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

    /// Inquiries that waited for longer than is usual (or still wait), by day, and how many of those that had to wait and
    /// have been followed for as long usually do: forms, chats and missed calls each at their own rate, so that their mix
    /// makes no difference. `times` makes it stricter: so many times as long.
    pub fn slow_by_day(&self, case: &Case, times: u32) -> Option<(Vec<f64>, Vec<f64>)> {
        let limit = self.slow_after?.saturating_mul(times);
        let base = earlier_base(case);
        let base_days = base.start as usize..base.end as usize;
        let mut slow = vec![0.0; case.days()];
        let mut usual = vec![0.0; case.days()];
        for kind in WAITING {
            // Who came too lately to have waited so long is on neither side.
            let is_followed =
                |seen: &SeenInquiry| seen.kind == kind && is_old(case, seen.at, limit);
            let is_slow =
                |seen: &SeenInquiry| is_followed(seen) && waited_longer(seen.first_talk_s, limit);
            let late = case.inquiries(is_slow);
            let all = case.inquiries(is_followed);
            let late_in_base = late[base_days.clone()].iter().sum::<f64>();
            let all_in_base = all[base_days.clone()].iter().sum::<f64>();
            // As if one person more had been seen, as slow as the share that defines slow.
            let rate = (late_in_base + SLOWEST) / (all_in_base + 1.0);
            for day in 0..case.days() {
                slow[day] += late[day];
                usual[day] += all[day] * rate;
            }
        }
        Some((slow, usual))
    }

    /// The same for the deals of one manager, as days of their entry.
    pub fn slow_deals_by_day(&self, case: &Case, manager: Code) -> Option<(Vec<f64>, Vec<f64>)> {
        let limit = self.slow_after?;
        let is_followed = |deal: &SeenDeal| {
            let is_waiting = deal.contact.is_some_and(|kind| WAITING.contains(&kind));
            deal.manager == manager && is_waiting && is_old(case, deal.created_at, limit)
        };
        let is_slow =
            |deal: &SeenDeal| is_followed(deal) && waited_longer(deal.first_talk_s, limit);
        Some((case.deals(is_slow), case.deals(is_followed)))
    }

    /// The strongest sign in the whole firm that people are answered worse, nats; 0 when there is none.
    pub fn strongest(&self, case: &Case) -> f64 {
        let missed = self.missed(case, None);
        let slow = self
            .slow_by_day(case, 1)
            .and_then(|(slow, usual)| weigh(case, &slow, &usual, Judged::rise));
        let signs = [missed, slow].into_iter().flatten();
        signs.fold(0.0, |most, (weight, _)| f64::max(most, weight))
    }
}

/// Whether somebody has to call the person back: nobody talked with them at the first contact.
pub fn is_waiting(seen: &SeenInquiry) -> bool {
    WAITING.contains(&seen.kind)
}

/// Whether somebody has been followed for so many seconds.
fn is_old(case: &Case, at: DateTime<Utc>, seconds: u32) -> bool {
    at + TimeDelta::seconds(i64::from(seconds)) <= case.seen.known_until
}

/// Who was never talked with is still waiting.
fn waited_longer(first_talk_s: Option<u32>, limit: u32) -> bool {
    first_talk_s.is_none_or(|after| after > limit)
}

/// The wait that the slowest of the base reached, seconds.
fn slow_after(case: &Case) -> Option<u32> {
    /// No first talk is known: behind every wait.
    const NEVER: u32 = u32::MAX;
    let base = earlier_base(case);
    let mut waits = Vec::new();
    for seen in case.seen.inquiries.iter().flatten() {
        if base.contains(&seen.day) && is_waiting(seen) {
            waits.push(seen.first_talk_s.unwrap_or(NEVER));
        }
    }
    waits.sort_unstable();
    let known = waits.iter().filter(|wait| **wait < NEVER).count();
    if waits.len() < MIN_WAITING || known * KNOWN_ONE_OF < waits.len() {
        return None;
    }
    let slowest_from = (waits.len() as f64 * (1.0 - SLOWEST)) as usize;
    let limit = match waits[slowest_from] {
        // Where so many are never talked with: the slowest tenth of those who are.
        NEVER => waits[known * 9 / 10],
        limit => limit,
    };
    Some(limit.clamp(LEAST_SLOW_S, MOST_SLOW_S))
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

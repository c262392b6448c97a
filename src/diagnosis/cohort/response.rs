//! How fast people are answered: missed calls in working hours, and how long others wait for the first talk.

use chrono::{Datelike, TimeDelta};

use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::cohort::earlier::{earlier_base, weigh};
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, Direction, SeenCall, SeenDeal, SeenInquiry};

/// Those who waited longest in the base, as a share: as long a wait is slow.
const SLOWEST: f64 = 0.2;
/// The bounds of what is called slow, seconds: a quarter of an hour and a day.
const SLOW_BOUNDS: (u32, u32) = (900, 86_400);
/// People who have to be called back.
const WAITING: [ContactKind; 3] = [
    ContactKind::MissedCall,
    ContactKind::Form,
    ContactKind::Chat,
];
/// Who hangs up earlier was not missed, seconds.
const PATIENCE_S: u32 = 3;
/// Fewer waiting people in the base say nothing of how fast they are answered.
const MIN_WAITING: usize = 20;
/// An hour with a smaller share of answered calls is not a working hour.
const WORKED: f64 = 0.5;

/// What is usual in answering people.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Working hours of weekdays and of weekends.
    working: [[bool; 24]; 2],
    /// Whether the export tells how long people waited.
    knows_waits: bool,
    /// Seconds to the first talk from which on it is slow; `None` when the exports do not tell.
    pub slow_after: Option<u32>,
}

impl Response {
    /// Learns working hours and what is slow from the base. `None` when neither calls nor first talks are known.
    pub fn learn(case: &Case) -> Option<Self> {
        let slow_after = slow_after(case);
        (case.seen.calls.is_some() || slow_after.is_some()).then(|| Self {
            working: working_hours(case),
            knows_waits: knows_waits(case),
            slow_after,
        })
    }

    fn is_counted(&self, case: &Case, call: &SeenCall) -> bool {
        let is_worked = self.working[day_kind(case, call.day)][usize::from(call.hour.min(23))];
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
            line.is_none_or(|line| call.line == line) && self.is_counted(case, call)
        };
        let is_missed =
            |call: &SeenCall| !call.answered && (call.wait_s >= PATIENCE_S || !self.knows_waits);
        (
            case.calls(|call| is_here(call) && is_missed(call)),
            case.calls(is_here),
        )
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
        let (mut slow, mut usual) = (vec![0.0; case.days()], vec![0.0; case.days()]);
        for kind in WAITING {
            let is_followed =
                |seen: &SeenInquiry| seen.kind == kind && is_old(case, seen.at, limit);
            let is_slow = |seen: &SeenInquiry| {
                is_followed(seen) && seen.first_talk_s.is_none_or(|after| after > limit)
            };
            let (late, all) = (case.inquiries(is_slow), case.inquiries(is_followed));
            let in_base = |of: &[f64]| {
                of[base.start as usize..base.end as usize]
                    .iter()
                    .sum::<f64>()
            };
            let rate = (in_base(&late) + SLOWEST) / (in_base(&all) + 1.0);
            (0..case.days()).for_each(|day| {
                slow[day] += late[day];
                usual[day] += all[day] * rate;
            });
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
        let is_slow = |deal: &SeenDeal| {
            is_followed(deal) && deal.first_talk_s.is_none_or(|after| after > limit)
        };
        Some((case.deals(is_slow), case.deals(is_followed)))
    }

    /// The strongest sign in the whole firm that people are answered worse, nats; 0 when there is none.
    pub fn strongest(&self, case: &Case) -> f64 {
        let slow = self
            .slow_by_day(case, 1)
            .and_then(|(slow, all)| weigh(case, &slow, &all, Judged::rise));
        [self.missed(case, None), slow]
            .into_iter()
            .flatten()
            .map(|found| found.0)
            .fold(0.0, f64::max)
    }
}

/// Whether somebody has to call the person back: nobody talked with them at the first contact.
pub fn is_waiting(seen: &SeenInquiry) -> bool {
    WAITING.contains(&seen.kind)
}

fn is_old(case: &Case, at: chrono::DateTime<chrono::Utc>, seconds: u32) -> bool {
    at + TimeDelta::seconds(i64::from(seconds)) <= case.seen.known_until
}

fn slow_after(case: &Case) -> Option<u32> {
    let base = earlier_base(case);
    let waiting = case
        .seen
        .inquiries
        .iter()
        .flatten()
        .filter(|seen| base.contains(&seen.day) && is_waiting(seen));
    let mut waits: Vec<u32> = waiting
        .map(|seen| seen.first_talk_s.unwrap_or(u32::MAX))
        .collect();
    waits.sort_unstable();
    let known = waits.iter().filter(|wait| **wait < u32::MAX).count();
    if waits.len() < MIN_WAITING || known * 4 < waits.len() {
        return None;
    }
    let limit = waits[(waits.len() as f64 * (1.0 - SLOWEST)) as usize];
    // Where so many are never talked with, the slowest of those who are.
    let limit = if limit == u32::MAX {
        waits[known * 9 / 10]
    } else {
        limit
    };
    Some(limit.clamp(SLOW_BOUNDS.0, SLOW_BOUNDS.1))
}

/// Whether most missed calls of the base have a time of waiting.
fn knows_waits(case: &Case) -> bool {
    let base = earlier_base(case);
    let is_missed = |call: &&SeenCall| {
        base.contains(&call.day) && call.direction == Direction::Inbound && !call.answered
    };
    let missed = case.seen.calls.iter().flatten().filter(is_missed);
    let (known, all) = missed.fold((0, 0), |sum, call| {
        (sum.0 + u32::from(call.wait_s > 0), sum.1 + 1)
    });
    known * 2 > all
}

/// 0 for a weekday, 1 for a weekend.
fn day_kind(case: &Case, day: u32) -> usize {
    usize::from(case.seen.date(day).weekday().num_days_from_monday() >= 5)
}

/// Hours in which the base's calls are mostly answered.
fn working_hours(case: &Case) -> [[bool; 24]; 2] {
    let base = earlier_base(case);
    let mut counts = [[(0.0, 0.0); 24]; 2];
    let inbound = case
        .seen
        .calls
        .iter()
        .flatten()
        .filter(|call| call.direction == Direction::Inbound && !call.failed);
    for call in inbound.filter(|call| base.contains(&call.day)) {
        let count = &mut counts[day_kind(case, call.day)][usize::from(call.hour.min(23))];
        count.0 += if call.answered { 1.0 } else { 0.0 };
        count.1 += 1.0;
    }
    counts.map(|hours| hours.map(|(answered, all)| all >= 4.0 && answered >= WORKED * all))
}

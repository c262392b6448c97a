//! How long people wait for the first answer: by the calls with them, and by what the CRM says of the first answer.

use chrono::{DateTime, TimeDelta, Utc};

use super::earlier::{earlier_base, weigh};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::weigh::bayes;
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, SeenDeal, SeenInquiry};

/// Shares of the base's people who waited longer than a wait that is called long: most of them, half, the slowest fifth. A
/// judgement: every firm has its own idea of fast, and whether an hour becomes ten or two days shows at another of them.
const LONGER: [f64; 3] = [0.75, 0.5, 0.2];
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
/// Fewer waiting people in the base say nothing of how fast they are answered.
const MIN_WAITING: usize = 20;
/// Where fewer than one of so many people has a known first answer, answers are not in the export, or cannot be matched.
const KNOWN_ONE_OF: usize = 4;

/// Somebody who had to wait for an answer.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Waiting {
    /// The day that they count on.
    day: u32,
    /// Since when.
    since: DateTime<Utc>,
    kind: ContactKind,
    /// Whose deal it is; 0 is nobody's.
    manager: Code,
    /// Seconds to the first answer; `None` while there is none.
    answered_s: Option<u32>,
}

/// People who had to wait, by one clock, and the waits that are long at this firm.
#[derive(Debug, Clone, PartialEq)]
pub struct Waits {
    people: Vec<Waiting>,
    /// Seconds, rising.
    limits: Vec<u32>,
}

/// People who waited long, against those that usually do.
#[derive(Debug, Clone, PartialEq)]
pub struct Slow {
    /// Log Bayes factor of a rise, nats.
    pub weight: f64,
    /// Seconds from which on a wait is long here.
    pub limit: u32,
    pub judged: Judged,
    /// Those who waited longer, or still wait, by day …
    pub late: Vec<f64>,
    /// … and how many do usually of those who had to wait and have been followed for as long.
    pub usual: Vec<f64>,
}

/// Whether somebody has to call the person back: nobody talked with them at the first contact.
pub fn is_waiting(seen: &SeenInquiry) -> bool {
    WAITING.contains(&seen.kind)
}

impl Waits {
    /// By calls: from the first contact to the first talk. `None` where the exports do not tell.
    pub fn for_talks(case: &Case) -> Option<Self> {
        let of_inquiry = |seen: &SeenInquiry| Waiting {
            day: seen.day,
            since: seen.at,
            kind: seen.kind,
            manager: 0,
            answered_s: seen.first_talk_s,
        };
        let waiting = case.seen.inquiries.iter().flatten();
        let people = waiting.filter(|seen| is_waiting(seen)).map(of_inquiry);
        Self::learn(case, people.collect())
    }

    /// By talks, and where none is known by the CRM: how long the people of deals wait, with the deal's manager.
    pub fn of_deals(case: &Case) -> Option<Self> {
        let waiting = deals_once(case).filter_map(|deal| {
            let kind = deal.contact.filter(|kind| WAITING.contains(kind))?;
            Some(of_deal(deal, kind, deal.first_talk_s))
        });
        Self::learn(case, waiting.collect())
    }

    /// By the CRM alone: from the first contact of a deal to the first answer. A deal whose contact nobody knows waits, too.
    pub fn for_answers(case: &Case) -> Option<Self> {
        let waiting = deals_once(case).filter_map(|deal| {
            let kind = deal.contact.unwrap_or(ContactKind::Deal);
            let has_talked = kind == ContactKind::Call;
            (!has_talked).then(|| of_deal(deal, kind, deal.first_answer_s))
        });
        Self::learn(case, waiting.collect())
    }

    fn learn(case: &Case, people: Vec<Waiting>) -> Option<Self> {
        let limits = limits(case, &people)?;
        Some(Self { people, limits })
    }

    /// Seconds from which on a wait is as long as the slowest ones of the base.
    pub fn slow_after(&self) -> u32 {
        self.limits.last().copied().unwrap_or(MOST_SLOW_S)
    }

    /// Whether people wait longer than is usual: at the limit that tells it most clearly, with the choice paid for.
    pub fn slow(&self, case: &Case) -> Option<Slow> {
        let at_limits = self.limits.iter();
        let found: Vec<Slow> = at_limits
            .filter_map(|limit| self.slow_at(case, *limit, |_| true))
            .collect();
        let weights: Vec<f64> = found.iter().map(|slow| slow.weight).collect();
        let weight = bayes::log_mean(&weights);
        let clearest = found
            .into_iter()
            .max_by(|left, right| left.weight.total_cmp(&right.weight))?;
        Some(Slow { weight, ..clearest })
    }

    /// Whether more people than usual wait so many times as long as the slowest ones of the base.
    pub fn forgotten(&self, case: &Case, times: u32) -> Option<Slow> {
        self.slow_at(case, self.slow_after().saturating_mul(times), |_| true)
    }

    /// The same for the deals of one manager, as long as the slowest ones of the base.
    pub fn slow_of(&self, case: &Case, manager: Code) -> Option<Slow> {
        self.slow_at(case, self.slow_after(), |one| one.manager == manager)
    }

    fn slow_at(&self, case: &Case, limit: u32, keep: impl Fn(&Waiting) -> bool) -> Option<Slow> {
        let (late, usual) = self.by_day(case, limit, keep);
        let (weight, judged) = weigh(case, &late, &usual, Judged::rise)?;
        Some(Slow {
            weight,
            limit,
            judged,
            late,
            usual,
        })
    }

    /// Those who waited longer by day, and how many usually do: each kind of contact at its own rate, so that their mix makes
    /// no difference.
    fn by_day(
        &self,
        case: &Case,
        limit: u32,
        keep: impl Fn(&Waiting) -> bool,
    ) -> (Vec<f64>, Vec<f64>) {
        let base = earlier_base(case);
        let mut late = vec![0.0; case.days()];
        let mut usual = vec![0.0; case.days()];
        for kind in kinds(&self.people) {
            // Who came too lately to have waited so long is on neither side.
            let is_followed = |one: &&Waiting| {
                let until = one.since + TimeDelta::seconds(i64::from(limit));
                one.kind == kind && until <= case.seen.known_until
            };
            let followed = self.people.iter().filter(is_followed);
            let (mut late_in_base, mut all_in_base) = (0.0, 0.0);
            let mut all = vec![0.0; case.days()];
            for one in followed.filter(|one| keep(one)) {
                let is_late = f64::from(u8::from(waited_longer(one.answered_s, limit)));
                if base.contains(&one.day) {
                    late_in_base += is_late;
                    all_in_base += 1.0;
                }
                late[one.day as usize] += is_late;
                all[one.day as usize] += 1.0;
            }
            // As if one person more had been seen, as slow as the slowest fifth.
            let rate = (late_in_base + LONGER[2]) / (all_in_base + 1.0);
            for (usual, all) in usual.iter_mut().zip(&all) {
                *usual += all * rate;
            }
        }
        (late, usual)
    }
}

/// Deals without those of a person who was entered before: who is entered twice is answered once, and the second entry is
/// left as it is.
fn deals_once<'c>(case: &'c Case) -> impl Iterator<Item = &'c SeenDeal> {
    let deals = case.seen.deals.iter().flatten();
    deals.filter(|deal| !deal.is_repeat)
}

fn of_deal(deal: &SeenDeal, kind: ContactKind, answered_s: Option<u32>) -> Waiting {
    Waiting {
        day: deal.day,
        since: deal.created_at,
        kind,
        manager: deal.manager,
        answered_s,
    }
}

/// The kinds of contacts among these people, in their order.
fn kinds(people: &[Waiting]) -> Vec<ContactKind> {
    let mut kinds: Vec<ContactKind> = people.iter().map(|one| one.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// Who was never answered is still waiting.
fn waited_longer(answered_s: Option<u32>, limit: u32) -> bool {
    answered_s.is_none_or(|after| after > limit)
}

/// The waits of the base that are long, seconds, rising; `None` where too little is known of them.
fn limits(case: &Case, people: &[Waiting]) -> Option<Vec<u32>> {
    /// No answer is known: behind every wait.
    const NEVER: u32 = u32::MAX;
    let base = earlier_base(case);
    let of_base = people.iter().filter(|one| base.contains(&one.day));
    let mut waits: Vec<u32> = of_base.map(|one| one.answered_s.unwrap_or(NEVER)).collect();
    waits.sort_unstable();
    let known = waits.iter().filter(|wait| **wait < NEVER).count();
    if waits.len() < MIN_WAITING || known * KNOWN_ONE_OF < waits.len() {
        return None;
    }
    let limit = |longer: f64| {
        let wait = waits[(waits.len() as f64 * (1.0 - longer)) as usize];
        // Where so many are never answered: as long as half of that share of those who are.
        let of_known = waits[(known as f64 * (1.0 - longer / 2.0)) as usize];
        let wait = if wait == NEVER { of_known } else { wait };
        wait.clamp(LEAST_SLOW_S, MOST_SLOW_S)
    };
    let mut limits: Vec<u32> = LONGER.map(limit).to_vec();
    limits.sort_unstable();
    limits.dedup();
    Some(limits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::firm::{START, quiet, settings};
    use crate::model::observations::Observations;

    /// A CRM that answers after 10, 20 … 100 minutes, in the reported week so many times later; nobody's calls out are known.
    fn answered(times_later: u32) -> Observations {
        let mut seen = quiet(4);
        for inquiry in seen.inquiries.iter_mut().flatten() {
            inquiry.first_talk_s = None;
        }
        for (at, deal) in seen.deals.iter_mut().flatten().enumerate() {
            let usual = 600 * (1 + at as u32 % 10);
            let times = if deal.day >= START { times_later } else { 1 };
            (deal.first_talk_s, deal.first_answer_s) = (None, Some(usual * times));
        }
        seen
    }

    fn slow(seen: &Observations) -> Slow {
        let settings = settings();
        let case = Case::new(seen, &settings);
        assert_eq!(Waits::for_talks(&case), None);
        let waits = Waits::for_answers(&case).expect("the CRM knows its answers");
        waits.slow(&case).expect("there is a base")
    }

    #[test]
    fn answers_of_the_crm_tell_that_people_wait_longer() {
        let found = slow(&answered(8));
        assert!(found.weight > 8.0, "{found:?}");
        assert!(found.judged.observed > found.judged.expected);
    }

    #[test]
    fn answers_as_fast_as_ever_tell_nothing() {
        let found = slow(&answered(1));
        assert!(found.weight < 0.0, "{}", found.weight);
    }

    #[test]
    fn a_second_entry_of_a_person_waits_for_nobody() {
        let mut seen = answered(1);
        let deals = seen.deals.as_mut().expect("there are deals");
        let entered_twice = deals.iter().filter(|deal| deal.day >= START).cloned();
        let second: Vec<SeenDeal> = entered_twice
            .map(|deal| SeenDeal {
                is_repeat: true,
                first_answer_s: None,
                ..deal
            })
            .collect();
        let before = slow(&seen);
        seen.deals.as_mut().expect("there are deals").extend(second);
        assert_eq!(slow(&seen), before);
    }

    // By hand: of waits of 600, 1200 … 6000 s three quarters are longer than 1800, half than 3600, a fifth than 5400.
    #[test]
    fn long_waits_are_those_of_the_firm() {
        let (seen, settings) = (answered(1), settings());
        let case = Case::new(&seen, &settings);
        let waits = Waits::for_answers(&case).expect("the CRM knows its answers");
        for (limit, by_hand) in waits.limits.iter().zip([1800, 3600, 5400]) {
            assert!(limit.abs_diff(by_hand) <= 600, "{:?}", waits.limits);
        }
        assert_eq!(waits.limits.len(), 3);
    }
}

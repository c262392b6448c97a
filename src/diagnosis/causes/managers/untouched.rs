//! Deals that nobody has touched.
//!
//! Exports tell in which stage a deal is now, not since when. A deal of last week may simply not have had its turn yet,
//! while one that is untouched after a month was forgotten: young deals are compared with young ones of other managers
//! only, and with those of the past once they have had as long.

use super::FEWEST;
use crate::config::words::{self, Key};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::causes::recent_days;
use crate::diagnosis::cohort::earlier::weigh;
use crate::diagnosis::cohort::last_known;
use crate::diagnosis::weigh::evidence::{Evidence, Role};
use crate::metrics::predictive::PRIOR_NOISE;
use crate::model::observations::{Code, DealState, Dimension, SeenDeal};

/// Days that a deal may stay untouched: a younger one has not had its turn.
const PATIENCE_DAYS: u32 = 2;
/// Days after which what is still untouched was forgotten.
const SETTLED_DAYS: u32 = 28;
/// Untouched deals that tell less are chance, nats.
const TOLD: f64 = 1.0;
/// A manager's share leans on that of the others as if so many more of his deals were untouched as theirs are.
const LENT: f64 = 5.0;

/// Among the deals of all managers but the worst one: what everybody does is seen without the one who does it most.
pub(super) fn of_all(case: &Case) -> Option<Evidence> {
    if last_known(case) < case.days() as u32 + SETTLED_DAYS {
        return None;
    }
    let worst = worst(case);
    let is_meant = |deal: &SeenDeal| is_counted(deal) && Some(deal.manager) != worst;
    let all = case.deals(is_meant);
    let new = case.deals(|deal| is_meant(deal) && deal.state == DealState::New);
    let (weight, judged) = weigh(case, &new, &all, Judged::rise)?;
    evidence(words::evidence::managers::UNTOUCHED_ALL, weight, &judged)
}

/// Among the deals of one manager, against those of the others that are as old.
pub(super) fn of_one(case: &Case, manager: Code) -> Option<Evidence> {
    let judged = judged(case, manager, case.start() as u32)?;
    evidence(words::evidence::managers::UNTOUCHED, judged.rise(), &judged)
}

/// Share of a manager's recent deals that were forgotten: those as new as they came, beyond what is usual among the deals
/// of the others that are as old. None of them can be closed.
pub(in crate::diagnosis::causes) fn forgotten_share(case: &Case, manager: Code) -> f64 {
    let start = recent_days(case).start as u32;
    let Some(judged) = judged(case, manager, start) else {
        return 0.0;
    };
    let own = count(case, |deal| deal.day >= start && deal.manager == manager);
    let beyond = judged.observed - judged.expected;
    let is_told = judged.rise() > TOLD;
    if is_told { beyond / own.all } else { 0.0 }
}

/// What is due of a manager's recent deals without those that were forgotten: nobody closes them, won or lost.
pub(in crate::diagnosis::causes) fn without_forgotten(
    case: &Case,
    manager: Code,
    due: Judged,
) -> Judged {
    let worked_on = 1.0 - forgotten_share(case, manager).clamp(0.0, 1.0);
    Judged {
        expected: due.expected * worked_on,
        ordinary: due.ordinary * worked_on,
        ..due
    }
}

/// The untouched deals of a manager from some day on, against those of the others that are as old.
fn judged(case: &Case, manager: Code, start: u32) -> Option<Judged> {
    let now = last_known(case);
    let is_reported = |deal: &SeenDeal| deal.day >= start && deal.day + PATIENCE_DAYS <= now;
    let is_past = |deal: &SeenDeal| deal.day < start;
    let own = count(case, |deal| is_reported(deal) && deal.manager == manager);
    let others = count(case, is_reported).less(own);
    let own_past = count(case, |deal| is_past(deal) && deal.manager == manager);
    let past = count(case, is_past);
    if own.all == 0.0 || others.all == 0.0 {
        return None;
    }
    // Who leaves more untouched than the others as a habit is no news.
    let habit = (own_past.new + LENT) / (own_past.all * past.share() + LENT);
    let expected = own.all * others.share() * habit;
    // The others' share and the own habit are known no better than their counts, and managers differ as weeks do.
    let dispersion =
        1.0 / (others.new + 0.5) + 1.0 / (own_past.new + LENT) + PRIOR_NOISE * PRIOR_NOISE;
    Some(Judged {
        observed: own.new,
        expected,
        ordinary: expected,
        dispersion,
    })
}

/// Where next to none is due, a single untouched deal tells nothing.
fn evidence(code: Key, weight: f64, judged: &Judged) -> Option<Evidence> {
    let is_told = judged.expected > FEWEST || judged.observed > 1.0;
    is_told.then(|| Evidence::new(code, weight, judged.counts()).of(Role::Answering))
}

/// A person entered twice is worked on once.
fn is_counted(deal: &SeenDeal) -> bool {
    !deal.is_repeat
}

/// Deals, and the untouched ones among them.
#[derive(Clone, Copy)]
struct Count {
    new: f64,
    all: f64,
}

impl Count {
    fn less(self, part: Self) -> Self {
        Self {
            new: self.new - part.new,
            all: self.all - part.all,
        }
    }

    /// The share of untouched ones, by Jeffreys' rule: half an event more of each kind, so that none is impossible.
    fn share(self) -> f64 {
        (self.new + 0.5) / (self.all + 1.0)
    }
}

fn count(case: &Case, keep: impl Fn(&SeenDeal) -> bool) -> Count {
    let mut sum = Count { new: 0.0, all: 0.0 };
    let deals = case.seen.deals.iter().flatten();
    for deal in deals.filter(|deal| is_counted(deal) && keep(deal)) {
        sum.all += 1.0;
        if deal.state == DealState::New {
            sum.new += 1.0;
        }
    }
    sum
}

/// The manager with the most untouched deals of the period; `None` where there is only one.
fn worst(case: &Case) -> Option<Code> {
    let start = case.start() as u32;
    if case.codes(Dimension::Manager).count() < 2 {
        return None;
    }
    let untouched =
        |manager: Code| count(case, |deal| deal.day >= start && deal.manager == manager).new;
    // Code 0 is "not known", which is nobody.
    let managers = case.codes(Dimension::Manager);
    let with_some = managers
        .map(|manager| (manager, untouched(manager)))
        .filter(|(_, new)| *new > 0.0);
    let (worst, _) = with_some.max_by(|left, right| left.1.total_cmp(&right.1))?;
    Some(worst)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::diagnosis::firm::{START, quiet, settings};
    use crate::model::observations::Observations;

    /// The reported week's deals of some managers are as new as they came; all others have been touched.
    fn new(managers: &[Code]) -> Observations {
        let mut seen = quiet(3);
        for deal in seen.deals.iter_mut().flatten() {
            let is_new = deal.day >= START && managers.contains(&deal.manager);
            (deal.state, deal.closed_day) = (
                if is_new {
                    DealState::New
                } else {
                    DealState::Open
                },
                None,
            );
        }
        seen
    }

    #[test]
    fn a_young_week_of_which_nothing_is_touched_yet_is_no_fault_of_everyone() {
        let settings = settings();
        let seen = new(&[1, 2, 3, 4]);
        let case = Case::new(&seen, &settings);
        assert_eq!(of_all(&case), None, "there was no time yet");
        assert!(
            (1..=4)
                .filter_map(|manager| of_one(&case, manager))
                .all(|found| found.weight < 1.0)
        );
    }

    #[test]
    fn a_week_of_which_nothing_is_touched_a_month_later_was_forgotten() {
        let settings = settings();
        let mut seen = new(&[1, 2, 3, 4]);
        seen.known_until += TimeDelta::days(i64::from(SETTLED_DAYS) + 1);
        let found = of_all(&Case::new(&seen, &settings)).expect("there are deals");
        assert!(found.weight > 5.0, "{found:?}");
    }

    // All deals of the second manager in the last four weeks are as new as they came.
    #[test]
    fn nobody_refuses_a_deal_that_was_forgotten() {
        let settings = settings();
        let mut seen = quiet(3);
        for deal in seen.deals.iter_mut().flatten() {
            let is_forgotten = deal.manager == 2 && deal.day >= START - 21;
            let state = match is_forgotten {
                true => DealState::New,
                false => DealState::Open,
            };
            (deal.state, deal.closed_day) = (state, None);
        }
        let case = Case::new(&seen, &settings);
        let due = Judged {
            observed: 2.0,
            expected: 20.0,
            ordinary: 20.0,
            dispersion: 0.0,
        };
        let of = |manager| without_forgotten(&case, manager, due).expected;
        // What the others leave untouched by chance is no part of it.
        assert!(of(2) < 5.0, "{}", of(2));
        assert_eq!(of(1), 20.0);
    }

    #[test]
    fn who_touches_nothing_while_the_others_do_is_told_at_once() {
        let settings = settings();
        let seen = new(&[2]);
        let case = Case::new(&seen, &settings);
        assert!(
            of_one(&case, 2).is_some_and(|found| found.weight > 3.0),
            "{:?}",
            of_one(&case, 2)
        );
        assert!(of_one(&case, 1).is_none_or(|found| found.weight <= 0.0));
    }
}

//! Whether fewer sales are everybody's or one manager's: a price, a competitor and colder people meet every manager alike.

use super::panel::{DealPlace, Panel};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::weigh::bayes;
use crate::model::observations::Dimension;

/// A manager with fewer sales due says nothing.
const FEWEST_DUE: f64 = 4.0;
/// The share of sales that a fall leaves, at least: else a single sale would contradict it without measure.
const LEAST_LEFT: f64 = 0.05;
/// What the manager who fits best gains by chance beyond the logarithm of how many there are, nats.
const BEST_BY_CHANCE: f64 = 0.5;
/// It weighs no more than this, nats.
const CAP: f64 = -8.0;

/// Log Bayes factor of "all managers sell less alike" against "one of them does, and the others sell as ever", nats, never
/// above 0. Of the reported cohort, or of it with the weeks before: the span that tells more of a fall counts.
pub fn all_alike(case: &Case, won: &Panel) -> f64 {
    let reported = |place| won.reported(place);
    let recent = |place| won.recent(place);
    let fall = |all: Option<Judged>| all.map_or(0.0, |all| all.fall());
    if fall(reported(DealPlace::All)) >= fall(recent(DealPlace::All)) {
        of_span(case, reported)
    } else {
        of_span(case, recent)
    }
}

fn of_span(case: &Case, judged: impl Fn(DealPlace) -> Option<Judged>) -> f64 {
    let Some(all) = judged(DealPlace::All) else {
        return 0.0;
    };
    let managers: Vec<Judged> = case
        .codes(Dimension::Manager)
        .filter_map(|code| judged(DealPlace::Manager(code)))
        .filter(|manager| manager.expected >= FEWEST_DUE)
        .collect();
    if managers.len() < 2 {
        return 0.0;
    }
    // Both are told against "nobody sells less".
    let left = share_left(&all);
    let alike: f64 = managers.iter().map(|manager| fell_to(left, manager)).sum();
    let one_alone = managers
        .iter()
        .map(|manager| fell_to(share_left(manager), manager))
        .fold(0.0, f64::max);
    let choice = (managers.len() as f64).ln() + BEST_BY_CHANCE;
    (alike - (one_alone - choice)).clamp(CAP, 0.0)
}

fn share_left(judged: &Judged) -> f64 {
    let share = judged.observed / judged.expected.max(1e-9);
    share.clamp(LEAST_LEFT, 1.0)
}

fn fell_to(left: f64, judged: &Judged) -> f64 {
    bayes::by(left, judged.observed, judged.expected, judged.dispersion)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::firm::{Dice, START, quiet, settings};
    use crate::model::observations::{DealState, Observations, SeenDeal};

    /// Deals of the period and the three weeks before it are lost with this probability.
    fn fewer(seed: u64, lost: impl Fn(&SeenDeal) -> f64) -> Observations {
        let mut seen = quiet(seed);
        let mut dice = Dice::new(seed + 50);
        for deal in seen.deals.iter_mut().flatten() {
            let is_late = deal.day + 21 >= START && deal.state == DealState::Won;
            if is_late && dice.hits(lost(deal)) {
                deal.state = DealState::Lost;
            }
        }
        seen
    }

    fn alike(seen: &Observations) -> f64 {
        let settings = settings();
        let case = Case::new(seen, &settings);
        let outcomes = case.outcomes();
        all_alike(&case, &outcomes.won.as_ref().expect("sales").panel)
    }

    /// The mean over some firms, for a firm's few sales tell little.
    fn mean(lost: impl Fn(&SeenDeal) -> f64 + Copy) -> f64 {
        let told = (0..8).map(|seed| alike(&fewer(seed, lost)));
        told.sum::<f64>() / 8.0
    }

    #[test]
    fn one_manager_who_sells_nothing_is_no_fall_of_all() {
        let one = mean(|deal| f64::from(u8::from(deal.manager == 1)));
        assert!(one < -1.0, "{one}");
    }

    #[test]
    fn a_fall_of_all_managers_is_one() {
        let all = mean(|_| 0.6);
        assert!(all > -0.3, "{all}");
    }
}

//! Expected outcomes on deals whose fate is known by hand.

use super::outcomes::CohortOutcome;
use super::panel::{DealPlace, Panel};
use super::*;
use crate::diagnosis::firm::{START, quiet, settings};
use crate::model::observations::{DealState, Dimension, SeenDeal};

/// Ten deals a day; one is won after 2 days, one after 10, and the rest never.
fn regular() -> crate::model::observations::Observations {
    let mut seen = quiet(1);
    let end = seen.days();
    let template = seen.deals.as_ref().expect("the firm has a CRM")[0];
    let deal = |day: u32, at: u32| {
        let closed_day = [2, 10]
            .get(at as usize)
            .map(|after| day + after)
            .filter(|day| *day < end);
        let state = if closed_day.is_some() {
            DealState::Won
        } else {
            DealState::Open
        };
        SeenDeal {
            day,
            state,
            closed_day,
            is_untargeted: false,
            ..template
        }
    };
    seen.deals = Some(
        (0..end)
            .flat_map(|day| (0..10).map(move |at| (day, at)))
            .map(|(day, at)| deal(day, at))
            .collect(),
    );
    seen
}

// By hand: of the reported week, the deals of the five days that are at least two days old have one sale due each;
// all of the week's 70 deals have 14 in the end.
#[test]
fn a_young_cohort_is_due_what_its_age_says() {
    let (seen, settings) = (regular(), settings());
    let case = Case::new(&seen, &settings);
    let won = Cohorts::of_deals(&case, CohortOutcome::Won).expect("there is history");
    let judged = Panel::of(&case, &won)
        .reported(DealPlace::All)
        .expect("there are deals");
    assert_eq!(judged.observed, 5.0);
    assert!((judged.expected - 5.0).abs() < 1e-9, "{judged:?}");
    let all = won.final_count(&windows(&case).0, |_| true);
    assert!((all - 14.0).abs() < 1e-9, "{all}");
}

// By hand: every day one deal of two days ago and one of ten days ago is won.
#[test]
fn closings_are_due_on_the_days_that_hazards_say() {
    let (seen, settings) = (regular(), settings());
    let case = Case::new(&seen, &settings);
    let won = Cohorts::of_deals(&case, CohortOutcome::Won).expect("there is history");
    let (seen, due) = won.by_event_day(&case, |_| true);
    assert_eq!(seen[START as usize], 2.0);
    assert!(
        (due[START as usize] - 2.0).abs() < 1e-9,
        "{}",
        due[START as usize]
    );
}

#[test]
fn what_has_passed_is_a_matter_of_the_weeks_before_and_no_change_of_the_reported_cohort() {
    let (mut seen, settings) = (regular(), settings());
    let lost = |deal: &&mut SeenDeal| (START - 14..START).contains(&deal.day);
    for deal in seen.deals.iter_mut().flatten().filter(lost) {
        (deal.state, deal.closed_day) = (DealState::Open, None);
    }
    let case = Case::new(&seen, &settings);
    let won = Cohorts::of_deals(&case, CohortOutcome::Won).expect("there is history");
    let panel = Panel::of(&case, &won);
    assert!(
        panel
            .reported(DealPlace::All)
            .expect("there are deals")
            .fall()
            < 0.0
    );
    assert!(panel.before(DealPlace::All, Judged::fall) > 3.0);
}

#[test]
fn a_place_and_everything_but_it_add_up_to_all() {
    let (mut seen, settings) = (regular(), settings());
    for (at, deal) in seen.deals.iter_mut().flatten().enumerate() {
        deal.manager = 1 + (at / 10 % 4) as u16;
    }
    let case = Case::new(&seen, &settings);
    let won = Cohorts::of_deals(&case, CohortOutcome::Won).expect("there is history");
    let panel = Panel::of(&case, &won);
    let all = panel.reported(DealPlace::All).expect("deals").observed;
    let parts = case.codes(Dimension::Manager).map(DealPlace::Manager);
    for place in parts {
        let own = panel.reported(place).map_or(0.0, |judged| judged.observed);
        let others = panel.others(place).map_or(0.0, |judged| judged.observed);
        assert!(own > 0.0 && others > own, "{place:?}: {own} and {others}");
        assert_eq!(own + others, all);
    }
}

#[test]
fn a_shortfall_is_a_share_of_what_was_to_come() {
    let judged = Judged {
        observed: 5.0,
        expected: 10.0,
        ordinary: 10.0,
        dispersion: 0.0,
    };
    let lost = shortfall(40.0, &judged);
    let deviation = 1.96 * 10f64.sqrt() / 10.0;
    assert!(
        (lost.value - 20.0).abs() < 1e-9 && (lost.low - 40.0 * (0.5 - deviation)).abs() < 1e-9,
        "{lost:?}"
    );
    assert_eq!(lost.high, 40.0, "no more is lost than was to come");
}

// By hand: a second deal of the same person every time would halve what is due of all deals; it is none of them.
#[test]
fn a_person_entered_twice_counts_once() {
    let (mut seen, settings) = (regular(), settings());
    let again = |deal: &SeenDeal| SeenDeal {
        is_repeat: true,
        state: DealState::Open,
        closed_day: None,
        ..*deal
    };
    let doubles: Vec<SeenDeal> = seen
        .deals
        .iter()
        .flatten()
        .filter(|deal| deal.day >= START)
        .map(again)
        .collect();
    seen.deals
        .as_mut()
        .expect("the firm has a CRM")
        .extend(doubles);
    let case = Case::new(&seen, &settings);
    let won = Cohorts::of_deals(&case, CohortOutcome::Won).expect("there is history");
    let judged = Panel::of(&case, &won)
        .reported(DealPlace::All)
        .expect("there are deals");
    assert_eq!(
        (judged.observed, (judged.expected * 1e6).round() / 1e6),
        (5.0, 5.0)
    );
}

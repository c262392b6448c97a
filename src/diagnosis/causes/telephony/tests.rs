use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::*;
use crate::config::words;
use crate::diagnosis::firm::{Dice, START, count_exports, quiet, settings};
use crate::model::observations::{Dimension, Observations};

/// Takes the inbound calls of lines away in hours of the history, each with probability `lost`, with their inquiries.
fn break_lines(seen: &mut Observations, lines: &[u16], hours: std::ops::Range<u32>, lost: f64) {
    let mut dice = Dice::new(99);
    let gone: BTreeSet<_> = seen
        .calls
        .iter()
        .flatten()
        .filter(|call| call.direction == Direction::Inbound && lines.contains(&call.line))
        .filter(|call| hours.contains(&(call.day * 24 + u32::from(call.hour))) && dice.hits(lost))
        .map(|call| (call.at, call.person))
        .collect();
    let times: BTreeSet<_> = gone.iter().map(|(at, _)| *at).collect();
    seen.calls
        .as_mut()
        .expect("telephones")
        .retain(|call| !gone.contains(&(call.at, call.person)));
    seen.inquiries
        .as_mut()
        .expect("contacts")
        .retain(|of| !(Case::is_call(of) && lines.contains(&of.line) && times.contains(&of.at)));
    count_exports(seen);
}

fn of(seen: &Observations) -> Assessment {
    let settings = settings();
    assess(&Case::new(seen, &settings))
}

fn odds(seen: &Observations) -> f64 {
    of(seen).log_odds().expect("there are calls")
}

fn at(day: u32, hour: u32) -> u32 {
    (START + day) * 24 + hour
}

fn line_a(found: &Assessment) -> bool {
    found
        .scope
        .get(&Dimension::Line)
        .is_some_and(|line| line == "A")
}

#[test]
fn a_dead_line_is_found_with_its_start() {
    for seed in 0..5 {
        let mut seen = quiet(seed);
        break_lines(&mut seen, &[1], at(1, 12)..at(7, 0), 1.0);
        let found = of(&seen);
        assert!(
            found.log_odds().expect("calls") > 5.0 && line_a(&found),
            "{found:?}"
        );
        let settings = settings();
        let began = Case::new(&seen, &settings).hour((START + 1) as usize, 12);
        let off = (found.started_at.expect("a start") - began)
            .num_hours()
            .abs();
        assert!(off <= 24, "{off} h off");
        assert_eq!(found.ended_at, None, "it goes on");
        let lost = found.lost_inquiries.expect("a loss");
        assert!(
            lost.low <= lost.value && lost.value <= lost.high && lost.value > 15.0,
            "{lost:?}"
        );
    }
}

#[test]
fn a_line_that_died_two_weeks_ago_is_still_dead() {
    for seed in 0..5 {
        let mut seen = quiet(seed);
        break_lines(&mut seen, &[1], at(0, 0) - 14 * 24..at(7, 0), 1.0);
        let found = of(&seen);
        assert!(
            found.log_odds().expect("calls") > 5.0 && line_a(&found),
            "{found:?}"
        );
        let settings = settings();
        let began = Case::new(&seen, &settings).instant(START as usize - 14);
        assert!(
            (found.started_at.expect("a start") - began)
                .num_days()
                .abs()
                <= 2,
            "{:?}",
            found.started_at
        );
    }
}

#[test]
fn a_line_that_was_repaired_before_the_period_is_well() {
    let most = (0..10).map(|seed| {
        let mut seen = quiet(seed);
        break_lines(&mut seen, &[1], at(0, 0) - 7 * 24..at(0, 0), 1.0);
        odds(&seen)
    });
    assert!(most.fold(f64::NEG_INFINITY, f64::max) < 1.0);
}

#[test]
fn quiet_weeks_are_quiet() {
    let loud = (0..34).filter(|seed| odds(&quiet(*seed)) > 1.0).count();
    assert!(loud <= 1, "{loud} of 34");
}

#[test]
fn a_day_without_any_row_is_no_dead_line() {
    for seed in 0..5 {
        let mut seen = quiet(seed);
        break_lines(&mut seen, &[1, 2], at(1, 0)..at(4, 0), 1.0);
        seen.calls
            .as_mut()
            .expect("telephones")
            .retain(|call| !(START + 1..START + 4).contains(&call.day));
        let found = of(&seen);
        assert!(found.log_odds().expect("calls") < -3.0, "{found:?}");
        assert!(
            found
                .evidence
                .iter()
                .any(|evidence| evidence.code == words::evidence::telephony::NO_ROWS)
        );
    }
}

#[test]
fn nobody_answering_is_no_fault_of_the_line() {
    for seed in 0..5 {
        let mut seen = quiet(seed);
        for call in seen
            .calls
            .as_mut()
            .expect("telephones")
            .iter_mut()
            .filter(|call| call.day >= START)
        {
            let keeps = call.direction != Direction::Inbound || call.person % 2 == 0;
            (call.answered, call.talk_s) = if keeps {
                (call.answered, call.talk_s)
            } else {
                (false, 0)
            };
        }
        assert!(odds(&seen) < 0.0);
    }
}

#[test]
fn all_contacts_together_are_no_fault_of_the_lines() {
    let most = (0..10).map(|seed| {
        let mut seen = quiet(seed);
        break_lines(&mut seen, &[1, 2], at(2, 0)..at(7, 0), 0.8);
        let mut dice = Dice::new(7);
        let kept = |day: u32, dice: &mut Dice| day < START + 2 || !dice.hits(0.8);
        seen.inquiries
            .as_mut()
            .expect("contacts")
            .retain(|one| Case::is_call(one) || kept(one.day, &mut dice));
        odds(&seen)
    });
    assert!(most.fold(f64::NEG_INFINITY, f64::max) < 2.0);
}

#[test]
fn an_unstable_line_is_found_though_it_loses_no_call() {
    for seed in 0..5 {
        let mut seen = quiet(seed);
        let mut again = Vec::new();
        let calls = seen.calls.as_mut().expect("telephones");
        for call in calls
            .iter_mut()
            .filter(|call| call.line == 1 && call.day >= START && call.answered)
        {
            if call.direction == Direction::Inbound && call.person % 2 == 0 {
                call.talk_s = 5;
                again.push(SeenCall {
                    at: call.at + TimeDelta::seconds(90),
                    is_first: false,
                    talk_s: 80,
                    ..*call
                });
            }
        }
        calls.extend(again);
        calls.sort_by_key(|call| call.at);
        let found = of(&seen);
        assert!(found.log_odds().expect("calls") > 5.0, "{found:?}");
        assert!(
            found
                .evidence
                .iter()
                .any(|evidence| evidence.code == words::evidence::telephony::SHORT_TALKS)
        );
    }
}

#[test]
fn without_calls_nothing_can_be_said() {
    let mut seen = quiet(1);
    seen.calls = None;
    assert_eq!(of(&seen).log_odds(), None);
}

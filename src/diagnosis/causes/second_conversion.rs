//! The causes of a fallen second conversion against each other, on the invented firm.

mod incidents;

use std::ops::Range;

use incidents::*;

use super::{Assessment, CAUSES};
use crate::config::words::{self, Key};
use crate::diagnosis::case::Case;
use crate::diagnosis::codes::{CauseCode, Conversion};
use crate::diagnosis::dispute::{Side, settle};
use crate::diagnosis::finding::DisputeAnswer;
use crate::diagnosis::firm::{START, settings};
use crate::diagnosis::weigh::calibration::Calibration;
use crate::diagnosis::weigh::evidence::Role;
use crate::model::observations::*;

/// The rivals, in the order of the columns below.
const RIVALS: [CauseCode; 3] = [
    CauseCode::LeadQuality,
    CauseCode::Managers,
    CauseCode::CrmHygiene,
];

fn assess(seen: &Observations, code: CauseCode) -> Assessment {
    let settings = settings();
    let cause = CAUSES
        .iter()
        .find(|cause| cause.code == code)
        .expect("the cause is registered");
    cause.assess.alone(&Case::new(seen, &settings))
}

/// The day of the history on which a cause began.
fn start_day(seen: &Observations, found: &Assessment) -> Option<u32> {
    let start = found.started_at?.with_timezone(&seen.zone);
    seen.day_of(start.date_naive())
}

/// Log odds of each rival against "nothing happened", by the calibration that the program carries.
fn odds(seen: &Observations) -> [f64; 3] {
    let fitted = Calibration::shipped().of(Conversion::Second);
    RIVALS.map(|code| {
        let found = assess(seen, code);
        assert!(found.missing.is_none(), "it can be assessed");
        fitted.line(code).intercept + fitted.line(code).evidence(&found.features())
    })
}

/// Breaks something into the firm on some days, to a share, with dice of a seed.
type Incident = fn(&mut Observations, Range<u32>, f64, u64);

/// Six firms of double size with an incident in the reported week.
fn broken(incident: Incident, share: f64) -> Vec<Observations> {
    let mut firms = Vec::new();
    for seed in 0..6 {
        let mut seen = firm(seed, 2);
        // Other dice than those of the firm itself.
        incident(&mut seen, START..u32::MAX, share, seed + 7);
        firms.push(seen);
    }
    firms
}

/// The incidents that each rival must tell from those of the others, in the order of the rivals.
fn telling() -> [Vec<Observations>; 3] {
    let colder_search: Incident = |seen, days, share, seed| colder(seen, 1, days, share, seed);
    let leads = broken(colder_search, 0.5);
    let managers = [broken(slower, 0.6), broken(missing, 0.5)].into_iter();
    let crm = [broken(unclosed, 0.6), broken(doubled, 0.3)].into_iter();
    [leads, managers.flatten().collect(), crm.flatten().collect()]
}

#[test]
fn quiet_firms_large_and_small_raise_no_cause() {
    let plain = (0..15).map(|seed| firm(seed, 1));
    let noisy = (15..25).map(|seed| noisy(seed, 2, 0.08));
    let thin = (30..40).map(thin);
    let patient = (40..45).map(|seed| patient(seed, 1));
    let firms = plain.chain(noisy).chain(thin).chain(patient);
    let all: Vec<[f64; 3]> = firms.map(|seen| odds(&seen)).collect();
    for at in 0..3 {
        let raised = all.iter().filter(|odds| odds[at] > 0.0).count();
        assert!(raised <= 1, "{:?}: {raised} of {}", RIVALS[at], all.len());
        let sum: f64 = all.iter().map(|odds| odds[at]).sum();
        assert!(sum / (all.len() as f64) < -2.0, "{:?}", RIVALS[at]);
    }
}

#[test]
fn each_incident_raises_its_own_cause_above_its_rivals() {
    for (right, firms) in telling().iter().enumerate() {
        let all: Vec<[f64; 3]> = firms.iter().map(odds).collect();
        let is_first = |odds: &&[f64; 3]| (0..3).all(|at| at == right || odds[at] < odds[right]);
        let first = all.iter().filter(is_first).count();
        // One week in ten is too kind to its fault to tell it.
        assert!(
            first * 10 >= 9 * all.len(),
            "{:?}: {first} of {} {all:?}",
            RIVALS[right],
            all.len()
        );
        // What a small firm's single week is enough for is the calibration's matter; half of them must be.
        let raised = all.iter().filter(|odds| odds[right] > 0.0).count();
        assert!(
            raised * 2 >= all.len(),
            "{:?}: {raised} of {} {all:?}",
            RIVALS[right],
            all.len()
        );
    }
}

#[test]
fn a_cold_channel_is_found_with_its_start_and_its_loss() {
    let mut seen = firm(3, 4);
    colder(&mut seen, 1, START + 2..u32::MAX, 0.8, 1);
    let found = assess(&seen, CauseCode::LeadQuality);
    assert_eq!(
        found.scope.get(&Dimension::Channel).map(String::as_str),
        Some("yandex-direct-search")
    );
    let day = start_day(&seen, &found);
    assert!(
        day.is_some_and(|day| day.abs_diff(START + 2) <= 1),
        "{day:?}"
    );
    let lost = found.lost_sales.expect("the loss is known");
    // Four firms, 40 inquiries of the channel a week, a quarter bought, five of seven days, four of five are lost: 23.
    assert!(
        lost.low < 23.0 && lost.high > 23.0 && lost.value > 12.0,
        "{lost:?}"
    );
}

#[test]
fn a_line_whose_calls_are_missed_is_found_with_its_start() {
    let mut seen = firm(4, 4);
    missing_on(&mut seen, START + 3..u32::MAX, 0.8, 1, Some(2));
    let found = assess(&seen, CauseCode::Managers);
    assert_eq!(
        found.scope.get(&Dimension::Line).map(String::as_str),
        Some("B"),
        "{found:?}"
    );
    let day = start_day(&seen, &found);
    assert!(
        day.is_some_and(|day| day.abs_diff(START + 3) <= 1),
        "{day:?}"
    );
}

#[test]
fn a_weak_manager_is_named() {
    let mut seen = firm(5, 4);
    weaker(&mut seen, START - 28..u32::MAX, 0.9, 1);
    let found = assess(&seen, CauseCode::Managers);
    assert_eq!(
        found.scope.get(&Dimension::Manager).map(String::as_str),
        Some("m3")
    );
    // Sales come weeks later: the weeks before tell.
    let weak = found
        .evidence
        .iter()
        .find(|evidence| evidence.code == words::evidence::managers::WEAK);
    assert!(weak.is_some_and(|weak| weak.weight > 3.0), "{found:?}");
    assert!(
        found.lost_sales.is_some_and(|lost| lost.low > 0.0),
        "{:?}",
        found.lost_sales
    );
}

#[test]
fn sales_that_are_not_entered_are_found_with_their_start() {
    let mut seen = firm(6, 4);
    unclosed(&mut seen, START + 2..u32::MAX, 0.9, 1);
    let found = assess(&seen, CauseCode::CrmHygiene);
    let day = start_day(&seen, &found);
    assert!(
        day.is_some_and(|day| day.abs_diff(START + 2) <= 1),
        "{day:?}"
    );
    assert_eq!(
        found.evidence.first().map(|first| first.code),
        Some(words::evidence::crm_hygiene::CLOSINGS)
    );
}

#[test]
fn without_deals_nothing_is_said_of_inquiries_and_the_crm() {
    let mut seen = firm(1, 1);
    (seen.deals, seen.calls) = (None, None);
    seen.inquiries
        .iter_mut()
        .flatten()
        .for_each(|inquiry| inquiry.first_talk_s = None);
    for code in RIVALS {
        assert!(assess(&seen, code).missing.is_some(), "{code:?}");
    }
}

#[test]
fn managers_are_judged_by_their_calls_when_there_is_no_crm() {
    let mut seen = firm(2, 2);
    missing(&mut seen, START..u32::MAX, 0.7, 1);
    seen.deals = None;
    let found = assess(&seen, CauseCode::Managers);
    assert!(
        found
            .features()
            .get(&Role::Answering)
            .is_some_and(|nats| *nats > 5.0),
        "{found:?}"
    );
}

#[test]
fn the_dispute_is_answered_by_the_probabilities_and_shows_its_numbers() {
    let mut seen = firm(3, 4);
    colder(&mut seen, 0, START - 7..u32::MAX, 0.7, 1);
    let (leads, managers) = (
        assess(&seen, CauseCode::LeadQuality),
        assess(&seen, CauseCode::Managers),
    );
    let settings = settings();
    let case = Case::new(&seen, &settings);
    let settle = |first, second| {
        let side = |assessment, probability| Side {
            assessment,
            probability,
        };
        settle(&case, side(&leads, first), side(&managers, second))
    };
    let dispute = settle(0.9, 0.1).expect("a side is right");
    assert_eq!(dispute.answer, DisputeAnswer::Leads);
    let of_evidence = dispute.evidence.iter();
    let codes: Vec<Key> = of_evidence.map(|evidence| evidence.code).collect();
    assert_eq!(
        codes,
        [
            words::evidence::dispute::UNTARGETED,
            words::evidence::dispute::LATE,
            words::evidence::dispute::MISSED,
            words::evidence::dispute::ALIKE
        ]
    );
    assert!(dispute.evidence[0].weight > 5.0 && dispute.evidence[1].weight < 0.0);
    assert_eq!(
        settle(0.7, 0.6).map(|dispute| dispute.answer),
        Some(DisputeAnswer::Both)
    );
    assert_eq!(
        settle(0.2, 0.6).map(|dispute| dispute.answer),
        Some(DisputeAnswer::Managers)
    );
    assert_eq!(
        settle(0.2, 0.3).map(|dispute| dispute.answer),
        Some(DisputeAnswer::Undecided),
        "sales fell"
    );
}

#[test]
fn in_a_quiet_week_there_is_no_dispute() {
    let (seen, settings) = (firm(3, 4), settings());
    let nothing = Assessment::default();
    let side = Side {
        assessment: &nothing,
        probability: 0.05,
    };
    assert_eq!(settle(&Case::new(&seen, &settings), side, side), None);
}

//! What must hold of every diagnosis, whatever the firm.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::case::Case;
use super::codes::CauseCode;
use super::finding::Diagnosis;
use super::weigh::calibration::Calibration;
use super::{Worth, diagnose, firm};
use crate::model::money::Minor;
use crate::model::observations::*;
use crate::model::period::Period;
use crate::model::zone;

fn of(seen: &Observations) -> Diagnosis {
    let (settings, worth) = (
        firm::settings(),
        Worth {
            conv2: None,
            average_check: Some(50_000.0),
        },
    );
    diagnose(&Case::new(seen, &settings), &worth, Calibration::shipped())
}

/// A poor channel brings so many times its sessions, at its own rate.
fn shift_mix(seen: &mut Observations, times: u32) {
    for row in seen
        .visits
        .iter_mut()
        .flatten()
        .filter(|row| row.day >= firm::START && row.channel == 2)
    {
        row.counts.sessions *= times;
        row.counts.bounces *= times;
        row.counts.newcomers *= times;
        row.counts.seconds *= u64::from(times);
    }
    let poor = |seen: &&SeenInquiry| seen.day >= firm::START && seen.channel == 2;
    let poor: Vec<_> = seen
        .inquiries
        .iter()
        .flatten()
        .filter(poor)
        .copied()
        .collect();
    for _ in 1..times {
        seen.inquiries
            .as_mut()
            .expect("contacts")
            .extend(poor.iter().copied());
    }
}

/// A dead line in the reported week.
fn kill_line(seen: &mut Observations) {
    seen.calls
        .as_mut()
        .expect("calls")
        .retain(|call| call.day < firm::START + 2 || call.line != 1);
    seen.inquiries
        .as_mut()
        .expect("contacts")
        .retain(|inquiry| inquiry.day < firm::START + 2 || inquiry.line != 1);
    firm::count_exports(seen);
}

/// A channel that does nothing but be visited, every day alike.
fn add_idle_channel(seen: &mut Observations) {
    let mut names: Vec<String> = (0..seen.names.len(Dimension::Channel))
        .map(|code| seen.names.text(Dimension::Channel, code as u16).to_owned())
        .collect();
    names.push("idle".to_owned());
    let channel = names.len() as u16 - 1;
    seen.names.set(Dimension::Channel, names);
    let counts = SessionCounts {
        sessions: 5,
        ..SessionCounts::default()
    };
    let rows = (0..seen.days()).map(|day| Visits {
        day,
        channel,
        device: 1,
        counts,
        ..Visits::default()
    });
    seen.visits.as_mut().expect("sessions").extend(rows);
}

fn named(found: &Diagnosis) -> Vec<CauseCode> {
    found
        .findings
        .iter()
        .flat_map(|finding| finding.causes.first())
        .map(|cause| cause.code)
        .collect()
}

/// Visits of an idle channel move the probability of a cause by no more than this: less than a reader would notice.
const MOVED_BY_IDLE: f64 = 0.05;

/// Whether the first cause of each finding is so far ahead that an idle channel cannot put the second one first.
fn leads_clearly(found: &Diagnosis) -> bool {
    found.findings.iter().all(|finding| {
        let mut causes = finding.causes.iter().map(|cause| cause.probability);
        let (first, second) = (causes.next(), causes.next());
        first.unwrap_or(0.0) - second.unwrap_or(0.0) > 2.0 * MOVED_BY_IDLE
    })
}

/// The probability of a cause among the findings; 0 where none lists it.
fn probability_of(found: &Diagnosis, code: CauseCode) -> f64 {
    let mut causes = found.findings.iter().flat_map(|finding| &finding.causes);
    let cause = causes.find(|cause| cause.code == code);
    cause.map_or(0.0, |cause| cause.probability)
}

/// The same rows so many times, one history after the other: years of it.
fn repeat(seen: &mut Observations, times: u32) {
    let days = seen.days();
    let first_day = seen.first_day - TimeDelta::days(i64::from((times - 1) * days));
    let seconds = i64::from(days) * 86_400;
    let shifted = |turn: u32| {
        (
            turn * days,
            TimeDelta::seconds(i64::from(times - 1 - turn) * -seconds),
        )
    };
    macro_rules! again {
        ($rows:expr, $move:expr) => {{
            let once = std::mem::take($rows);
            for turn in 0..times {
                let (offset, back) = shifted(turn);
                $rows.extend(once.iter().map(|row| $move(*row, offset, back)));
            }
        }};
    }
    let visit = |row: Visits, offset: u32, _| Visits {
        day: row.day + offset,
        ..row
    };
    again!(seen.visits.as_mut().expect("sessions"), visit);
    again!(&mut seen.page_visits, visit);
    again!(&mut seen.region_visits, visit);
    again!(
        seen.ads.as_mut().expect("costs"),
        |row: AdDay, offset: u32, _| AdDay {
            day: row.day + offset,
            ..row
        }
    );
    again!(
        seen.inquiries.as_mut().expect("contacts"),
        |row: SeenInquiry, offset: u32, back| SeenInquiry {
            day: row.day + offset,
            at: row.at + back,
            ..row
        }
    );
    again!(
        seen.calls.as_mut().expect("calls"),
        |row: SeenCall, offset: u32, back| SeenCall {
            day: row.day + offset,
            at: row.at + back,
            ..row
        }
    );
    again!(
        seen.deals.as_mut().expect("deals"),
        |row: SeenDeal, offset: u32, back| SeenDeal {
            day: row.day + offset,
            created_at: row.created_at + back,
            closed_day: row.closed_day.map(|day| day + offset),
            updated_day: row.updated_day.map(|day| day + offset),
            ..row
        }
    );
    seen.first_day = first_day;
}

/// Cuts a firm to the days `first..to` of its history, of which those from `from` on are the period.
fn cut(seen: &mut Observations, first: u32, from: u32, to: u32) {
    let holds = |day: u32| (first..to).contains(&day);
    let (from_day, to_day) = (seen.date(from), seen.date(to - 1));
    let known_until = zone::day_start(seen.date(to), seen.zone);
    let rows = |rows: &mut Vec<Visits>| {
        rows.retain(|row| holds(row.day));
        rows.iter_mut().for_each(|row| row.day -= first);
    };
    if let Some(visits) = seen.visits.as_mut() {
        rows(visits);
    }
    rows(&mut seen.page_visits);
    rows(&mut seen.region_visits);
    for row in seen.ads.iter_mut() {
        row.retain(|row| holds(row.day));
        row.iter_mut().for_each(|row| row.day -= first);
    }
    for row in seen.inquiries.iter_mut() {
        row.retain(|row| holds(row.day));
        row.iter_mut().for_each(|row| row.day -= first);
    }
    for row in seen.calls.iter_mut() {
        row.retain(|row| holds(row.day));
        row.iter_mut().for_each(|row| row.day -= first);
    }
    for row in seen.deals.iter_mut() {
        row.retain(|row| holds(row.day));
        for row in row.iter_mut() {
            row.day -= first;
            row.closed_day = row.closed_day.map(|day| day.saturating_sub(first));
            row.updated_day = row.updated_day.map(|day| day.saturating_sub(first));
        }
    }
    seen.first_day = seen.date(first);
    seen.period = Period {
        from: from_day,
        to: to_day,
        ..seen.period.clone()
    };
    seen.known_until = known_until;
    firm::count_exports(seen);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// A day's report over nine weeks, a quarter's over two and a quarter years, and everything between.
    #[test]
    fn every_period_length_over_every_history_length_has_a_diagnosis_with_finite_numbers(
        seed in 0u64..1000,
        times in 1u32..5,
        history in 1u32..830,
        length in 1u32..100,
    ) {
        let mut seen = firm::quiet(seed);
        repeat(&mut seen, times);
        let days = seen.days();
        let length = length.min(days);
        let from = days - length;
        cut(&mut seen, from.saturating_sub(history), from, days);
        let found = of(&seen);
        for probability in [found.incident_probability, found.first_probability, found.second_probability] {
            prop_assert!((0.0..=1.0).contains(&probability), "{probability}");
        }
        let most = seen.inquiries.iter().flatten().count() as f64;
        for score in &found.scores {
            prop_assert!(score.log_odds.is_none_or(f64::is_finite), "{score:?}");
            prop_assert!(score.explains.abs() <= 2.0 * most + 50.0, "more than was ever seen: {score:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_pure_shift_of_the_mix_never_names_a_cause_of_rates(seed in 0u64..1000, times in 2u32..5) {
        let mut seen = firm::quiet(seed);
        shift_mix(&mut seen, times);
        for code in named(&of(&seen)) {
            let is_rate = matches!(code, CauseCode::Forms | CauseCode::Telephony | CauseCode::Unknown);
            prop_assert!(!is_rate, "{code:?}");
        }
    }

    #[test]
    fn a_channel_that_nothing_happened_to_does_not_change_the_verdict(seed in 0u64..1000) {
        let mut seen = firm::quiet(seed);
        kill_line(&mut seen);
        let before = of(&seen);
        add_idle_channel(&mut seen);
        let after = of(&seen);
        for code in named(&before) {
            let (was, is) = (probability_of(&before, code), probability_of(&after, code));
            prop_assert!((was - is).abs() <= MOVED_BY_IDLE, "{code:?} {was} {is}");
        }
        // Of two causes that are as probable as each other either may stand first.
        if leads_clearly(&before) {
            prop_assert_eq!(named(&before), named(&after));
        }
    }

    #[test]
    fn money_in_other_units_changes_nothing(seed in 0u64..1000, times in 2i64..1000) {
        let mut seen = firm::quiet(seed);
        kill_line(&mut seen);
        let before = of(&seen);
        seen.deals.iter_mut().flatten().for_each(|deal| deal.amount = Minor(deal.amount.0 * times));
        seen.inquiries.iter_mut().flatten().for_each(|inquiry| inquiry.amount = Minor(inquiry.amount.0 * times));
        seen.ads.iter_mut().flatten().for_each(|day| day.cost = Minor(day.cost.0 * times));
        let after = of(&seen);
        prop_assert_eq!(before.scores, after.scores);
        prop_assert_eq!(before.incident_probability, after.incident_probability);
    }

    #[test]
    fn the_order_of_rows_changes_nothing(seed in 0u64..1000) {
        let mut seen = firm::quiet(seed);
        kill_line(&mut seen);
        let before = of(&seen);
        seen.visits.as_mut().expect("sessions").reverse();
        seen.page_visits.reverse();
        seen.region_visits.reverse();
        seen.ads.as_mut().expect("costs").reverse();
        // Sums of fractions in another order differ in their last digit.
        let after = of(&seen);
        prop_assert_eq!(named(&before), named(&after));
        for (left, right) in before.scores.iter().zip(&after.scores) {
            let (was, is) = (left.log_odds.unwrap_or(0.0), right.log_odds.unwrap_or(0.0));
            prop_assert!((was - is).abs() < 1e-6, "{:?} {was} {is}", left.code);
        }
    }
}

//! What must hold of every diagnosis, whatever the firm.

use proptest::prelude::*;

use super::calibration::Calibration;
use super::case::Case;
use super::finding::{CauseCode, Diagnosis};
use super::{Worth, diagnose, firm};
use crate::model::money::Minor;
use crate::model::observations::{Dimension, Observations, SessionCounts, Visits};

fn of(seen: &Observations) -> Diagnosis {
    let (settings, worth) = (firm::settings(), Worth { conv2: None, average_check: Some(50_000.0) });
    diagnose(&Case::new(seen, &settings), &worth, Calibration::shipped())
}

/// A poor channel brings so many times its sessions, at its own rate.
fn shift_mix(seen: &mut Observations, times: u32) {
    for row in seen.visits.iter_mut().flatten().filter(|row| row.day >= firm::START && row.channel == 2) {
        row.counts.sessions *= times;
        row.counts.bounces *= times;
        row.counts.newcomers *= times;
        row.counts.seconds *= u64::from(times);
    }
    let poor = |seen: &&crate::model::observations::SeenInquiry| seen.day >= firm::START && seen.channel == 2;
    let poor: Vec<_> = seen.inquiries.iter().flatten().filter(poor).copied().collect();
    for _ in 1..times {
        seen.inquiries.as_mut().expect("contacts").extend(poor.iter().copied());
    }
}

/// A dead line in the reported week.
fn kill_line(seen: &mut Observations) {
    seen.calls.as_mut().expect("calls").retain(|call| call.day < firm::START + 2 || call.line != 1);
    seen.inquiries.as_mut().expect("contacts").retain(|inquiry| inquiry.day < firm::START + 2 || inquiry.line != 1);
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
    let counts = SessionCounts { sessions: 5, ..SessionCounts::default() };
    let rows = (0..seen.days()).map(|day| Visits { day, channel, device: 1, counts, ..Visits::default() });
    seen.visits.as_mut().expect("sessions").extend(rows);
}

fn named(found: &Diagnosis) -> Vec<CauseCode> {
    found.findings.iter().flat_map(|finding| finding.causes.first()).map(|cause| cause.code).collect()
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
        let before = named(&of(&seen));
        add_idle_channel(&mut seen);
        prop_assert_eq!(before, named(&of(&seen)));
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
        seen.leaves.reverse();
        seen.ads.as_mut().expect("costs").reverse();
        // Sums of fractions in another order differ in their last digit.
        let after = of(&seen);
        prop_assert_eq!(named(&before), named(&after));
        for (code, score) in &before.scores {
            let (left, right) = (score.log_odds.unwrap_or(0.0), after.scores[code].log_odds.unwrap_or(0.0));
            prop_assert!((left - right).abs() < 1e-6, "{code:?} {left} {right}");
        }
    }
}

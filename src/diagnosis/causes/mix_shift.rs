//! The mix: channels that bring little grew, or those that bring much shrank, while every channel brings what it did.

use super::traffic_quality::first_conversion;
use super::{Assess, Assessment, Cause};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::finding::{CauseCode, Conversion, Scope};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::diagnosis::weigh::scopes::Channels;
use crate::model::observations::{Code, Dimension};

pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::MixShift,
    conversion: Conversion::First,
    checks: &["mix_shift.budgets", "mix_shift.per_channel"],
    assess: Assess::Alone(assess),
};

/// Evidence of an unusual mix weighs no more than this.
const MOST: f64 = 10.0;
/// A mix that moves the total by less than this is not worth naming.
const SMALLEST: f64 = 0.06;
/// The spread of a real shift of the mix, as a share of the total rate.
const SHIFT: f64 = 0.25;

fn assess(case: &Case) -> Assessment {
    if case.seen.visits.is_none() || case.seen.inquiries.is_none() {
        return Assessment::not_assessable(Evidence::new("mix_shift.no_sessions", 0.0, []));
    }
    let all = case.inquiries(|_| true);
    // Visits of a channel whose inquiries do not come of them are no part of the mix that makes the rate.
    let has_rate = case.has_rate();
    let sessions = case.sessions(
        |row| has_rate[usize::from(row.channel)],
        |counts| counts.sessions,
    );
    let weighted = case.exposure(|_| true);
    let (Some(pooled), Some(mixed)) = (
        case.judge(&all, Some(&sessions)),
        case.judge(&all, Some(&weighted)),
    ) else {
        return Assessment::not_assessable(Evidence::new("mix_shift.no_history", 0.0, []));
    };
    let (factor, usual) = moved(case, &sessions, &weighted);
    let mover = mover(case, factor);
    let scope: Scope = mover
        .map(|(code, _)| {
            (
                Dimension::Channel,
                case.text(Dimension::Channel, code).to_owned(),
            )
        })
        .into_iter()
        .collect();
    Assessment {
        evidence: evidence(case, &pooled, &mixed, factor, usual, mover),
        scope,
        ..Assessment::default()
    }
}

/// The factor by which the mix of the reported period moves the total rate against the base, and how much it usually
/// moves from period to period.
fn moved(case: &Case, sessions: &[f64], weighted: &[f64]) -> (f64, f64) {
    let rate = |days: std::ops::Range<usize>| {
        let all: f64 = sessions[days.clone()].iter().sum();
        weighted[days].iter().sum::<f64>() / all.max(1.0)
    };
    let length = case.length();
    let past: Vec<f64> = (1..=2 * case.settings.base_periods as usize)
        .map_while(|back| case.start().checked_sub(back * length))
        .map(|from| rate(from..from + length))
        .collect();
    let recent = &past[..past.len().min(case.settings.base_periods as usize)];
    let level = recent.iter().sum::<f64>() / recent.len().max(1) as f64;
    let spread = past
        .iter()
        .map(|rate| (rate / level - 1.0).powi(2))
        .sum::<f64>()
        / past.len().max(1) as f64;
    (
        rate(case.start()..case.days()) / level.max(1e-12),
        spread.sqrt().max(0.015),
    )
}

/// The channel whose share moved the total most, with whether it grew.
fn mover(case: &Case, factor: f64) -> Option<(Code, bool)> {
    let channels = Channels::of(case);
    let total = channels.rate(None);
    let share = |code: Code, from: usize, to: usize| {
        let of = |only: Option<Code>| {
            let kept = case.sessions(
                |row| only.is_none_or(|only| row.channel == only),
                |counts| counts.sessions,
            );
            kept[from..to].iter().sum::<f64>()
        };
        of(Some(code)) / of(None).max(1.0)
    };
    let effect = |code: Code| {
        let moved =
            share(code, case.start(), case.days()) - share(code, case.base_start(), case.start());
        (moved * (channels.rate(Some(code)) - total), moved > 0.0)
    };
    let sign = if factor < 1.0 { -1.0 } else { 1.0 };
    let effects = channels.codes.iter().map(|code| (*code, effect(*code)));
    let best = effects.max_by(|left, right| (sign * left.1.0).total_cmp(&(sign * right.1.0)))?;
    Some((best.0, best.1.1))
}

fn evidence(
    case: &Case,
    pooled: &Judged,
    mixed: &Judged,
    factor: f64,
    usual: f64,
    mover: Option<(Code, bool)>,
) -> Vec<Evidence> {
    let z = (1.0 - factor) / usual;
    let values = || {
        [
            ("change", Value::Change(factor - 1.0)),
            ("usual", Value::Share(usual)),
        ]
    };
    if 1.0 - factor < SMALLEST {
        return vec![Evidence::new("mix_shift.small", -3.0, values())];
    }
    let unusual = (z * z / 2.0 - (SHIFT / usual).ln().max(0.0)).clamp(-3.0, MOST);
    let mut found = vec![Evidence::new("mix_shift.moved", unusual, values())];
    let follows = bayes::by(
        mixed.expected / pooled.expected,
        pooled.observed,
        pooled.expected,
        pooled.dispersion,
    );
    let counts = [
        ("observed", Value::Count(pooled.observed)),
        ("pooled", Value::Count(pooled.expected.round())),
        ("mixed", Value::Count(mixed.expected.round())),
    ];
    found.push(
        Evidence::new("mix_shift.follows", follows.clamp(-6.0, 6.0), counts).of(Role::Outcome),
    );
    let within = mixed.fall();
    if within > 0.0 {
        let values = [
            ("observed", Value::Count(mixed.observed)),
            ("expected", Value::Count(mixed.expected.round())),
        ];
        found.push(Evidence::new("mix_shift.within", -within, values).of(Role::Rival));
    }
    // A channel that grew and brings less for a visit than before has other visitors, or bots.
    if let Some((code, true)) = mover {
        let weight = first_conversion(case, Some(code)).map_or(0.0, |judged| judged.fall());
        if weight > 1.0 {
            found.push(Evidence::new("mix_shift.weaker", -weight, []).of(Role::Rival));
        }
    }
    // A channel that lost its visitors is a loss of traffic first.
    if let Some((code, false)) = mover {
        let counts = case.sessions(|row| row.channel == code, |counts| counts.sessions);
        let weight = case
            .judge(&counts, None)
            .map_or(0.0, |judged| judged.fall().clamp(0.0, 6.0));
        if weight > 1.0 {
            found.push(Evidence::new("mix_shift.lost_channel", -weight, []).of(Role::Rival));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::firm;

    #[test]
    fn a_poor_channel_that_grew_threefold_is_a_shift_of_the_mix() {
        let settings = firm::settings();
        let mut seen = firm::quiet(8);
        for row in seen
            .visits
            .iter_mut()
            .flatten()
            .filter(|row| row.day >= firm::START && row.channel == 2)
        {
            row.counts.sessions *= 3;
        }
        let poor: Vec<_> = seen
            .inquiries
            .iter()
            .flatten()
            .filter(|i| i.day >= firm::START && i.channel == 2)
            .copied()
            .collect();
        for _ in 0..2 {
            seen.inquiries
                .as_mut()
                .expect("contacts")
                .extend(poor.iter().copied());
        }
        let found = assess(&Case::new(&seen, &settings));
        assert!(
            found.log_odds().is_some_and(|log_odds| log_odds > 4.0),
            "{found:?}"
        );
        assert_eq!(found.scope[&Dimension::Channel], "yandex-direct-network");
    }

    #[test]
    fn visits_of_a_channel_whose_inquiries_came_without_visits_shift_nothing() {
        let settings = firm::settings();
        let mut seen = firm::quiet(8);
        // Until now the channel's visits were not tagged; now there are as many as of all others together.
        seen.visits
            .iter_mut()
            .for_each(|rows| rows.retain(|row| row.day >= firm::START || row.channel != 2));
        for row in seen
            .visits
            .iter_mut()
            .flatten()
            .filter(|row| row.channel == 2)
        {
            row.counts.sessions *= 5;
        }
        let found = assess(&Case::new(&seen, &settings));
        assert_eq!(found.evidence[0].code, "mix_shift.small", "{found:?}");
    }

    #[test]
    fn rates_that_fall_inside_channels_are_no_shift_of_the_mix() {
        let settings = firm::settings();
        let mut seen = firm::quiet(8);
        let mut keep = false;
        seen.inquiries
            .as_mut()
            .expect("contacts")
            .retain(|inquiry| {
                keep = !keep;
                inquiry.day < firm::START || keep
            });
        let found = assess(&Case::new(&seen, &settings));
        assert!(
            found.log_odds().is_some_and(|log_odds| log_odds < -1.0),
            "{found:?}"
        );
    }
}

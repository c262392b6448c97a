//! The mix: channels that bring little grew, or those that bring much shrank, while every channel brings what it did.

use super::traffic_quality::first_conversion;
use super::{Assess, Assessment, Cause, scope_of, whole_counts};
use crate::config::words;
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::codes::{CauseCode, Conversion, Scope};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::diagnosis::weigh::scopes::Channels;
use crate::metrics::ranks::{median, variance_of_most};
use crate::model::observations::{Code, Dimension};

pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::MixShift,
    conversion: Conversion::First,
    checks: &[
        words::check::mix_shift::BUDGETS,
        words::check::mix_shift::PER_CHANNEL,
    ],
    assess: Assess::Alone(assess),
};

/// A mix that moves the total by less than this share is not worth naming …
const SMALLEST: f64 = 0.06;
/// … one that moves it by less than this has hardly changed …
const UNNOTICED: f64 = 0.025;
/// … and says so much against the cause, nats.
const TOO_SMALL: f64 = -3.0;
/// The spread of a real shift of the mix, as a share of the total rate.
const SHIFT: f64 = 0.25;
/// How much the mix moves the rate from period to period, at least: a base that happened to be even does not make every
/// shift unusual.
const LEAST_USUAL: f64 = 0.015;
/// How many times as many periods as in the base tell how much the mix usually moves: a spread needs more of them than a
/// level.
const PERIODS_OF_SPREAD: usize = 2;
/// Evidence of an unusual mix weighs no less and no more than this, nats.
const UNUSUAL_BOUNDS: (f64, f64) = (-3.0, 10.0);
/// Whether inquiries follow the mix weighs no more than this either way, nats: it is the same fall, seen in its outcome.
const FOLLOWS_CAP: f64 = 6.0;
/// A rival that is told, nats: less is chance.
const RIVAL_TOLD: f64 = 1.0;
/// A channel that lost its visitors weighs no more than this against it, nats: the mix did shift.
const LOST_CHANNEL_CAP: f64 = 6.0;

fn assess(case: &Case) -> Assessment {
    if case.seen.visits.is_none() || case.seen.inquiries.is_none() {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::mix_shift::NO_SESSIONS,
            0.0,
            [],
        ));
    }
    let inquiries = case.inquiries(|_| true);
    // Visits of a channel whose inquiries do not come of them are no part of the mix that makes the rate.
    let has_rate = case.has_rate();
    let sessions = case.sessions(
        |row| has_rate[usize::from(row.channel)],
        |counts| counts.sessions,
    );
    let weighted = case.exposure(|_| true);
    let pooled = case.judge(&inquiries, Some(&sessions));
    let mixed = case.judge(&inquiries, Some(&weighted));
    let (Some(pooled), Some(mixed)) = (pooled, mixed) else {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::mix_shift::NO_HISTORY,
            0.0,
            [],
        ));
    };
    let shift = Shift::of(case, &sessions, &weighted);
    let mover = mover(case, shift.factor);
    let scope = mover.as_ref().map_or_else(Scope::new, |mover| {
        scope_of(case, Dimension::Channel, mover.channel)
    });
    Assessment {
        evidence: evidence(case, &pooled, &mixed, &shift, mover.as_ref()),
        scope,
        ..Assessment::default()
    }
}

/// How the mix of the reported period moves the total rate.
struct Shift {
    /// Against the base: 0.8 is a fifth less.
    factor: f64,
    /// Standard deviation of what it usually moves from period to period, as a share of the rate.
    usual: f64,
}

impl Shift {
    /// From sessions by day, and sessions weighted with their channels' usual rates: the ratio of the two is the rate that
    /// the mix alone makes.
    fn of(case: &Case, sessions: &[f64], weighted: &[f64]) -> Self {
        let rate = |days: std::ops::Range<usize>| {
            let all: f64 = sessions[days.clone()].iter().sum();
            weighted[days].iter().sum::<f64>() / all.max(1.0)
        };
        let length = case.length();
        let base_periods = case.settings.base_periods as usize;
        // The latest period is the first.
        let past: Vec<f64> = (1..=PERIODS_OF_SPREAD * base_periods)
            .map_while(|back| case.start().checked_sub(back * length))
            .map(|from| rate(from..from + length))
            .collect();
        let base = &past[..past.len().min(base_periods)];
        // Neither is moved by the shifts of some weeks ago, which come again at who tries budgets.
        let level = median(base.to_vec()).unwrap_or(0.0).max(1e-12);
        let squares = past.iter().map(|rate| (rate / level - 1.0).powi(2));
        let variance = variance_of_most(squares.collect());
        let reported = rate(case.start()..case.days());
        Self {
            factor: reported / level,
            usual: variance.sqrt().max(LEAST_USUAL),
        }
    }
}

/// The channel whose share moved the total most.
struct Mover {
    channel: Code,
    /// Whether its share grew.
    has_grown: bool,
    /// By how much it moved the total rate.
    effect: f64,
}

/// The channel that moved the total most in the direction in which it went.
fn mover(case: &Case, factor: f64) -> Option<Mover> {
    let channels = Channels::of(case);
    let all = case.sessions(|_| true, |counts| counts.sessions);
    let total_rate = channels.rate(None);
    let of_channel = |code: Code| {
        let own = case.sessions(|row| row.channel == code, |counts| counts.sessions);
        let share = |from: usize, to: usize| {
            let here: f64 = own[from..to].iter().sum();
            here / all[from..to].iter().sum::<f64>().max(1.0)
        };
        let now = share(case.start(), case.days());
        let usual = share(case.base_start(), case.start());
        let moved = now - usual;
        Mover {
            channel: code,
            has_grown: moved > 0.0,
            // A share of sessions that bring what all bring moves nothing.
            effect: moved * (channels.rate(Some(code)) - total_rate),
        }
    };
    let sign = if factor < 1.0 { -1.0 } else { 1.0 };
    let movers = channels.codes.iter().map(|code| of_channel(*code));
    movers.max_by(|left, right| (sign * left.effect).total_cmp(&(sign * right.effect)))
}

/// What speaks for the mix. `pooled` are the inquiries by all sessions, `mixed` by sessions at their channels' rates.
fn evidence(
    case: &Case,
    pooled: &Judged,
    mixed: &Judged,
    shift: &Shift,
    mover: Option<&Mover>,
) -> Vec<Evidence> {
    let lowered = 1.0 - shift.factor;
    let values = [
        ("change", Value::Change(shift.factor - 1.0)),
        ("usual", Value::Share(shift.usual)),
    ];
    if lowered < SMALLEST {
        let code = match lowered.abs() < UNNOTICED {
            true => words::evidence::mix_shift::SMALL,
            false => words::evidence::mix_shift::SLIGHT,
        };
        return vec![Evidence::new(code, TOO_SMALL, values)];
    }
    let unusual = unusual(lowered, shift.usual);
    let mut found = vec![Evidence::new(
        words::evidence::mix_shift::MOVED,
        unusual,
        values,
    )];
    found.push(follows(pooled, mixed));
    let within = mixed.fall();
    if within > 0.0 {
        let within = Evidence::new(
            words::evidence::mix_shift::WITHIN,
            -within,
            whole_counts(mixed),
        );
        found.push(within.of(Role::Rival));
    }
    found.extend(mover.and_then(|mover| of_mover(case, mover)));
    found
}

/// Log Bayes factor of a real shift, normal with a spread of its own, against the usual one: half the square of the
/// deviation, less the logarithm of the wider spread.
fn unusual(lowered: f64, usual: f64) -> f64 {
    let z = lowered / usual;
    let wider = (SHIFT / usual).ln().max(0.0);
    let (least, most) = UNUSUAL_BOUNDS;
    (z * z / 2.0 - wider).clamp(least, most)
}

/// Whether inquiries are as few as the mix makes them, or as many as before.
fn follows(pooled: &Judged, mixed: &Judged) -> Evidence {
    let factor = mixed.expected / pooled.expected;
    let weight = bayes::by(factor, pooled.observed, pooled.expected, pooled.dispersion);
    let values = [
        ("observed", Value::Count(pooled.observed)),
        ("pooled", Value::Count(pooled.expected.round())),
        ("mixed", Value::Count(mixed.expected.round())),
    ];
    let weight = weight.clamp(-FOLLOWS_CAP, FOLLOWS_CAP);
    Evidence::new(words::evidence::mix_shift::FOLLOWS, weight, values).of(Role::Outcome)
}

/// What the channel that moved the mix says against it.
fn of_mover(case: &Case, mover: &Mover) -> Option<Evidence> {
    let (code, weight) = if mover.has_grown {
        // A channel that grew and brings less for a visit than before has other visitors, or bots.
        let rate = first_conversion(case, Some(mover.channel))?;
        (words::evidence::mix_shift::WEAKER, rate.fall())
    } else {
        // A channel that lost its visitors is a loss of traffic first.
        let own = case.sessions(|row| row.channel == mover.channel, |counts| counts.sessions);
        let fall = case.judge(&own, None)?.fall();
        (
            words::evidence::mix_shift::LOST_CHANNEL,
            fall.clamp(0.0, LOST_CHANNEL_CAP),
        )
    };
    if weight <= RIVAL_TOLD {
        return None;
    }
    Some(Evidence::new(code, -weight, []).of(Role::Rival))
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::*;
    use crate::diagnosis::firm;
    use crate::model::observations::{Observations, SeenInquiry};

    /// The poor channel brings three times the visitors, and their inquiries, on these days.
    fn grown_threefold(seen: &mut Observations, days: &Range<u32>) {
        let visits = seen.visits.iter_mut().flatten();
        for row in visits.filter(|row| row.channel == 2 && days.contains(&row.day)) {
            row.counts.sessions *= 3;
        }
        let inquiries = seen.inquiries.as_mut().expect("contacts");
        let is_more = |one: &&SeenInquiry| one.channel == 2 && days.contains(&one.day);
        let poor: Vec<SeenInquiry> = inquiries.iter().filter(is_more).copied().collect();
        for _ in 0..2 {
            inquiries.extend(poor.iter().copied());
        }
    }

    fn grown_in(weeks: &[Range<u32>]) -> Assessment {
        let settings = firm::settings();
        let mut seen = firm::quiet(8);
        for days in weeks {
            grown_threefold(&mut seen, days);
        }
        assess(&Case::new(&seen, &settings))
    }

    const REPORTED: Range<u32> = firm::START..firm::START + 7;

    #[test]
    fn a_poor_channel_that_grew_threefold_is_a_shift_of_the_mix() {
        let found = grown_in(&[REPORTED]);
        assert!(
            found.log_odds().is_some_and(|log_odds| log_odds > 4.0),
            "{found:?}"
        );
        assert_eq!(found.scope[&Dimension::Channel], "yandex-direct-network");
    }

    #[test]
    fn a_shift_that_came_in_two_weeks_before_is_no_usual_one() {
        let week_before = |back: u32| firm::START - 7 * back..firm::START - 7 * (back - 1);
        let found = grown_in(&[week_before(5), week_before(2), REPORTED]);
        assert!(
            found.log_odds().is_some_and(|log_odds| log_odds > 4.0),
            "{found:?}"
        );
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
        assert_eq!(
            found.evidence[0].code,
            words::evidence::mix_shift::SMALL,
            "{found:?}"
        );
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

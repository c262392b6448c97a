//! The calendar or the season: holidays, or the slump of last year's same weeks, predict what is missing.

use super::{Assess, Assessment, Cause};
use crate::config::words::{self, Key};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::codes::{CauseCode, Conversion};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::diagnosis::weigh::scopes::range;

pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::Seasonality,
    conversion: Conversion::First,
    checks: &[
        words::check::seasonality::PLAN,
        words::check::seasonality::NEXT_WEEK,
    ],
    assess: Assess::Alone(assess),
};

/// A calendar that lowers the expectation by less is no explanation of anything.
const SMALLEST: f64 = 0.04;
/// A count is below an ordinary week's when less than this share of it came …
const LOWERED: f64 = 0.95;
/// … and else the calendar explains nothing, nats.
const NOT_LOWERED: f64 = -4.0;
/// What a period without holidays and without a slump of last year says, nats.
const NO_SEASON: f64 = -4.0;
/// Evidence of one kind weighs no more than this, nats.
const SEASON_CAP: f64 = 10.0;
/// What the second metric adds: traffic and inquiries fall together.
const SECOND_METRIC: f64 = 0.5;
/// Standard deviation of what the calendar takes, as a share of it: factors of days are as uncertain (the log standard
/// deviation of a holiday's is 0.3).
const LOSS_DEVIATION: f64 = 0.3;

/// Days in which the same week of last year is found: 52 weeks, so that weekdays meet.
const YEAR: usize = 364;
/// Periods before last year's same one that its usual level is taken from …
const PERIODS_BEFORE: std::ops::RangeInclusive<usize> = 1..=6;
/// … and periods after it: the very next one may share its slump.
const PERIODS_AFTER: std::ops::RangeInclusive<usize> = 2..=8;
/// Last year's period was a slump when no more than this share of its level came.
const SLUMP: f64 = 0.9;
/// This year's fall is one that wants an explanation when the relative change is no smaller.
const FALLEN: f64 = -0.07;

fn assess(case: &Case) -> Assessment {
    let sessions = case.seen.visits.as_ref().map(|_| sessions(case));
    let traffic = sessions
        .as_ref()
        .and_then(|sessions| case.judge(sessions, None));
    let inquiries = case.seen.inquiries.as_ref().and_then(|_| {
        let counts = case.inquiries(|_| true);
        case.judge(&counts, sessions.as_deref())
    });
    let Some(first) = traffic.or(inquiries) else {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::seasonality::NO_HISTORY,
            0.0,
            [],
        ));
    };
    let mut evidence = calendar(case, traffic, inquiries);
    if evidence.is_empty() {
        evidence.extend(last_year(case, &first));
    }
    if evidence.is_empty() {
        evidence.push(nothing(case));
    }
    let lost = lost(traffic, inquiries);
    Assessment {
        evidence,
        lost_inquiries: lost.map(|lost| range(lost, LOSS_DEVIATION * lost)),
        ..Assessment::default()
    }
}

fn sessions(case: &Case) -> Vec<f64> {
    case.sessions(|_| true, |counts| counts.sessions)
}

/// Holidays in the period: how much better what was seen fits the calendar than an ordinary week.
fn calendar(case: &Case, traffic: Option<Judged>, inquiries: Option<Judged>) -> Vec<Evidence> {
    let (from, to) = (case.seen.period.from, case.seen.period.to);
    let off = case.seen.calendar.days_off(from, to);
    if off == 0 {
        return Vec::new();
    }
    let of_traffic = traffic
        .and_then(|judged| by_calendar(&judged, words::evidence::seasonality::SESSIONS, off));
    let of_inquiries = inquiries
        .and_then(|judged| by_calendar(&judged, words::evidence::seasonality::INQUIRIES, off));
    let mut found: Vec<Evidence> = of_traffic.into_iter().chain(of_inquiries).collect();
    found.sort_by(|left, right| right.weight.total_cmp(&left.weight));
    for evidence in found.iter_mut().skip(1) {
        evidence.weight *= SECOND_METRIC;
        evidence.role = Role::Outcome;
    }
    found
}

/// How much better a count fits the calendar than an ordinary week; `None` where the calendar takes next to nothing.
fn by_calendar(judged: &Judged, code: Key, days_off: u32) -> Option<Evidence> {
    let lowered = 1.0 - judged.expected / judged.ordinary.max(1e-9);
    if lowered < SMALLEST {
        return None;
    }
    // Against an ordinary week: the same count at the calendar's factor.
    let factor = judged.expected / judged.ordinary;
    let fits = bayes::by(factor, judged.observed, judged.ordinary, judged.dispersion);
    let fits = fits.clamp(-SEASON_CAP, SEASON_CAP);
    // Who works through holidays loses nothing to them: as much as in an ordinary week needs no explanation.
    let weight = if judged.observed < LOWERED * judged.ordinary {
        fits
    } else {
        fits.min(NOT_LOWERED)
    };
    let values = [
        ("days", Value::Days(f64::from(days_off))),
        ("observed", Value::Count(judged.observed)),
        ("expected", Value::Count(judged.expected.round())),
        ("ordinary", Value::Count(judged.ordinary.round())),
    ];
    Some(Evidence::new(code, weight, values))
}

/// The calendar has no part in it: there are no days off, or what is lost on them is next to nothing.
fn nothing(case: &Case) -> Evidence {
    let off = case
        .seen
        .calendar
        .days_off(case.seen.period.from, case.seen.period.to);
    if off == 0 {
        return Evidence::new(words::evidence::seasonality::NO_HOLIDAYS, NO_SEASON, []);
    }
    let values = [("days", Value::Days(f64::from(off)))];
    Evidence::new(
        words::evidence::seasonality::FEW_HOLIDAYS,
        NO_SEASON,
        values,
    )
}

/// The same weeks of last year fell against their neighbours as these do.
fn last_year(case: &Case, now: &Judged) -> Option<Evidence> {
    let counts = if case.seen.visits.is_some() {
        sessions(case)
    } else {
        case.inquiries(|_| true)
    };
    let then = case.start().checked_sub(YEAR)?;
    let level = level_around(case, &counts, then)?;
    // A period of a year overlaps itself: it has no last year's.
    if then + case.length() > case.start() {
        return None;
    }
    let factor = sum_of_period(case, &counts, then)? / level.max(1.0);
    if factor > SLUMP || now.change() > FALLEN {
        return None;
    }
    // Last year's fall is itself a noisy estimate: its variance adds to that of this year's.
    let dispersion = 2.0 * now.dispersion + 1.0 / level.max(1.0);
    let weight = bayes::by(factor, now.observed, now.expected, dispersion);
    let values = [
        ("change", Value::Change(now.change())),
        ("last_year", Value::Change(factor - 1.0)),
    ];
    let weight = weight.clamp(-SEASON_CAP, SEASON_CAP);
    Some(Evidence::new(words::evidence::seasonality::LAST_YEAR, weight, values).of(Role::Before))
}

/// The median of the periods around one: the slump itself and its neighbours do not make the level.
fn level_around(case: &Case, counts: &[f64], then: usize) -> Option<f64> {
    let length = case.length();
    let before = PERIODS_BEFORE.filter_map(|back| then.checked_sub(back * length));
    // Periods that are over by now: a period longer than some weeks has no eight of them after last year's.
    let after = PERIODS_AFTER
        .map(|ahead| then + ahead * length)
        .take_while(|from| from + length <= case.start());
    let mut around: Vec<f64> = before
        .chain(after)
        .filter_map(|from| sum_of_period(case, counts, from))
        .collect();
    around.sort_by(f64::total_cmp);
    around.get(around.len() / 2).copied()
}

/// The count of a period that began on a day, as far as it lies before the reported one.
fn sum_of_period(case: &Case, counts: &[f64], from: usize) -> Option<f64> {
    let to = (from + case.length()).min(case.start());
    Some(counts.get(from..to)?.iter().sum())
}

/// Inquiries that the calendar takes: fewer sessions, and fewer inquiries from each.
fn lost(traffic: Option<Judged>, inquiries: Option<Judged>) -> Option<f64> {
    let inquiries = inquiries?;
    // Inquiries are expected of the sessions that came: in an ordinary week there would have been so many times more.
    let traffic = traffic.map_or(1.0, |traffic| traffic.ordinary / traffic.expected.max(1e-9));
    Some((inquiries.ordinary * traffic - inquiries.expected).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::firm;

    #[test]
    fn a_week_of_holidays_explains_itself() {
        let mut seen = firm::quiet(13);
        let monday = seen.period.from;
        for day in 0..4 {
            assert!(
                seen.calendar
                    .set(monday + chrono::Days::new(day), "holiday", "festival")
            );
        }
        for row in seen
            .visits
            .iter_mut()
            .flatten()
            .filter(|row| (firm::START..firm::START + 4).contains(&row.day))
        {
            row.counts.sessions = row.counts.sessions * 2 / 3;
        }
        let settings = firm::settings();
        let found = assess(&Case::new(&seen, &settings));
        assert!(
            found.log_odds().is_some_and(|log_odds| log_odds > 2.0),
            "{found:?}"
        );
    }

    #[test]
    fn an_ordinary_week_has_no_season() {
        let settings = firm::settings();
        let seen = firm::quiet(13);
        assert!(
            assess(&Case::new(&seen, &settings))
                .log_odds()
                .is_some_and(|log_odds| log_odds < -2.0)
        );
    }
}

//! The calendar or the season: holidays, or the slump of last year's same weeks, predict what is missing.

use super::{Assess, Assessment, Cause};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::finding::{CauseCode, Conversion};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::diagnosis::weigh::scopes::range;

pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::Seasonality,
    conversion: Conversion::First,
    checks: &["seasonality.plan", "seasonality.next_week"],
    assess: Assess::Alone(assess),
};

/// A calendar that lowers the expectation by less is no explanation of anything.
const SMALLEST: f64 = 0.04;
/// A count is below an ordinary week's when less than this share of it came …
const LOWERED: f64 = 0.95;
/// … and else the calendar explains nothing, nats.
const NOT_LOWERED: f64 = -4.0;
/// Evidence of one kind weighs no more than this.
const MOST: f64 = 10.0;
/// What the second metric adds: traffic and inquiries fall together.
const REST: f64 = 0.5;
/// Days in which the same week of last year is found.
const YEAR: usize = 364;

fn assess(case: &Case) -> Assessment {
    let traffic = case
        .seen
        .visits
        .as_ref()
        .and_then(|_| case.judge(&sessions(case), None));
    let whole = case.seen.visits.as_ref().map(|_| sessions(case));
    let inquiries = case
        .seen
        .inquiries
        .as_ref()
        .and_then(|_| case.judge(&case.inquiries(|_| true), whole.as_deref()));
    let Some(first) = traffic.or(inquiries) else {
        return Assessment::not_assessable(Evidence::new("seasonality.no_history", 0.0, []));
    };
    let mut evidence = calendar(case, traffic, inquiries);
    if evidence.is_empty() {
        evidence.extend(last_year(case, &first));
    }
    if evidence.is_empty() {
        evidence.push(Evidence::new("seasonality.no_holidays", -4.0, []));
    }
    let lost = lost(traffic, inquiries);
    Assessment {
        evidence,
        lost_inquiries: lost.map(|lost| range(lost, 0.3 * lost)),
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
    let of = |judged: Judged, code: &str| {
        let lowered = 1.0 - judged.expected / judged.ordinary.max(1e-9);
        (lowered >= SMALLEST).then(|| {
            // Against an ordinary week: the same count at the calendar's factor.
            let factor = judged.expected / judged.ordinary;
            let weight = bayes::by(factor, judged.observed, judged.ordinary, judged.dispersion)
                .clamp(-MOST, MOST);
            // Who works through holidays loses nothing to them: as much as in an ordinary week needs no explanation.
            let weight = if judged.observed < LOWERED * judged.ordinary {
                weight
            } else {
                weight.min(NOT_LOWERED)
            };
            let values = [
                ("days", Value::Days(f64::from(off))),
                ("observed", Value::Count(judged.observed)),
                ("expected", Value::Count(judged.expected.round())),
                ("ordinary", Value::Count(judged.ordinary.round())),
            ];
            Evidence::new(code, weight, values)
        })
    };
    let mut found: Vec<Evidence> = [
        traffic.and_then(|judged| of(judged, "seasonality.sessions")),
        inquiries.and_then(|judged| of(judged, "seasonality.inquiries")),
    ]
    .into_iter()
    .flatten()
    .collect();
    found.sort_by(|left, right| right.weight.total_cmp(&left.weight));
    for evidence in found.iter_mut().skip(1) {
        evidence.weight *= REST;
        evidence.role = Role::Outcome;
    }
    found
}

/// The same weeks of last year fell against their neighbours as these do.
fn last_year(case: &Case, now: &Judged) -> Option<Evidence> {
    let counts = if case.seen.visits.is_some() {
        sessions(case)
    } else {
        case.inquiries(|_| true)
    };
    let length = case.length();
    let then = case.start().checked_sub(YEAR)?;
    // Periods that are over by now: a period longer than some weeks has no eight of them after last year's.
    let sum = |from: usize| {
        Some(
            counts
                .get(from..(from + length).min(case.start()))?
                .iter()
                .sum::<f64>(),
        )
    };
    // The median of the weeks around it: the slump itself and its neighbours do not make the level.
    let before = (1..=6).filter_map(|back| then.checked_sub(back * length));
    let after = (2..=8)
        .map(|ahead| then + ahead * length)
        .take_while(|from| from + length <= case.start());
    let mut around: Vec<f64> = before.chain(after).filter_map(sum).collect();
    around.sort_by(f64::total_cmp);
    let level = *around.get(around.len() / 2)?;
    if then + length > case.start() {
        return None;
    }
    let factor = sum(then)? / level.max(1.0);
    if factor > 0.9 || now.change() > -0.07 {
        return None;
    }
    // Last year's fall is itself a noisy estimate: its variance adds to that of this year's.
    let weight = bayes::by(
        factor,
        now.observed,
        now.expected,
        2.0 * now.dispersion + 1.0 / level.max(1.0),
    );
    let values = [
        ("change", Value::Change(now.change())),
        ("last_year", Value::Change(factor - 1.0)),
    ];
    Some(Evidence::new("seasonality.last_year", weight.clamp(-MOST, MOST), values).of(Role::Before))
}

/// Inquiries that the calendar takes: fewer sessions, and fewer inquiries from each.
fn lost(traffic: Option<Judged>, inquiries: Option<Judged>) -> Option<f64> {
    let inquiries = inquiries?;
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

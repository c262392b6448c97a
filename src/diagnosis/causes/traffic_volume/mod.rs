//! Fewer sessions: a channel, or the whole site, brings less or stops, and clicks and spend fall with it where they are
//! known. Or more of them: a surge of weaker visitors, whose inquiries do not keep up.

mod fall;
mod follow;
mod surge;

use self::fall::{Fall, fall};
use self::follow::{clicks_follow, inquiries_follow, others_take_over};
use super::{Assess, Assessment, Cause, Stretch, scope_of};
use crate::config::words;
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::change_point;
use crate::diagnosis::codes::{CauseCode, Conversion, Scope};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, before};
use crate::diagnosis::weigh::scopes::{Channels, best, range};
use crate::metrics::values::Estimate;
use crate::model::observations::{Code, Dimension};

pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::TrafficVolume,
    conversion: Conversion::First,
    checks: &[
        words::check::traffic_volume::ADS,
        words::check::traffic_volume::POSITIONS,
        words::check::traffic_volume::SITE,
    ],
    assess: Assess::Alone(assess),
};

/// Days without a session at the end of the period that say that a steady channel has stopped …
const SILENT_DAYS: usize = 2;
/// … when so many sessions were due on them: by chance alone five are missing in 7 of 1000 cases.
const SILENT_DUE: f64 = 5.0;

/// What happened to the traffic, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Move {
    /// The whole site has fewer sessions.
    AllFell,
    /// A channel has fewer.
    ChannelFell(Code),
    /// A channel has many more.
    ChannelSurged(Code),
}

fn assess(case: &Case) -> Assessment {
    if case.seen.visits.is_none() {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::traffic_volume::NO_SESSIONS,
            0.0,
            [],
        ));
    }
    let channels = Channels::of(case);
    let falls = falls(case, &channels);
    let surges = surges(case, &channels);
    let whole = of_all(case).map(|evidence| (Move::AllFell, evidence));
    if falls.is_empty() && whole.is_none() {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::traffic_volume::NO_HISTORY,
            0.0,
            [],
        ));
    }
    // In a week of holidays the whole site is what the calendar makes of it.
    let whole = whole.filter(|_| !case.is_festive());
    let whole: Vec<_> = whole.into_iter().collect();
    let families = [(whole, 0.0), (falls, 0.0), (surges, 0.0)];
    let Some((happened, evidence)) = best(families) else {
        return Assessment::default();
    };
    match happened {
        Move::ChannelSurged(code) => surge::assessment(case, code, evidence),
        Move::AllFell => finish(case, &channels, None, evidence),
        Move::ChannelFell(code) => finish(case, &channels, Some(code), evidence),
    }
}

fn falls(case: &Case, channels: &Channels) -> Vec<(Move, Vec<Evidence>)> {
    let mut falls = Vec::new();
    for code in channels.codes.iter().copied() {
        if let Some(evidence) = of_channel(case, channels, code) {
            falls.push((Move::ChannelFell(code), evidence));
        }
    }
    falls
}

fn surges(case: &Case, channels: &Channels) -> Vec<(Move, Vec<Evidence>)> {
    let mut surges = Vec::new();
    for code in channels.codes.iter().copied() {
        if let Some(evidence) = surge::evidence(case, code) {
            surges.push((Move::ChannelSurged(code), evidence));
        }
    }
    surges
}

/// Sessions by day, of a channel or of all.
fn sessions(case: &Case, scope: Option<Code>) -> Vec<f64> {
    case.sessions(
        |row| scope.is_none_or(|code| row.channel == code),
        |counts| counts.sessions,
    )
}

fn of_all(case: &Case) -> Option<Vec<Evidence>> {
    let counts = sessions(case, None);
    let fall = fall(case, &counts)?;
    let mut evidence = fall_and_before(case, &counts, &fall);
    if fall.told.weight > 0.0 {
        // Clicks and inquiries that stay although the sessions are gone speak for a lost counter, not for lost visitors.
        evidence.extend(clicks_follow(case, None, &fall));
        evidence.extend(inquiries_follow(case, None, &fall));
    }
    Some(evidence)
}

fn of_channel(case: &Case, channels: &Channels, code: Code) -> Option<Vec<Evidence>> {
    let counts = sessions(case, Some(code));
    let fall = fall(case, &counts)?;
    let mut evidence = fall_and_before(case, &counts, &fall);
    if fall.told.weight > 0.0 {
        evidence.extend(clicks_follow(case, Some(code), &fall));
        evidence.extend(inquiries_follow(case, Some(code), &fall));
        evidence.extend(others_take_over(case, channels, code, &fall));
    }
    Some(evidence)
}

/// The fall itself, first, and fewer sessions in the periods before: it may have begun then.
fn fall_and_before(case: &Case, counts: &[f64], fall: &Fall) -> Vec<Evidence> {
    let begun_before = before(case.before(counts, None, bayes::fall));
    std::iter::once(fall.evidence(case))
        .chain(begun_before)
        .collect()
}

/// Whether a channel that had sessions in every period of the base has none on the last days.
fn has_stopped(case: &Case, counts: &[f64]) -> bool {
    let length = case.length();
    let base = &counts[case.base_start()..case.start()];
    let is_steady = base
        .rchunks(length)
        .all(|period| period.iter().sum::<f64>() > 0.0);
    let latest_first = counts.iter().rev();
    let silent = latest_first.take_while(|count| **count == 0.0).count();
    let silent = silent.min(length);
    let due = case
        .judge_span(counts, None, case.days() - silent, case.days())
        .map_or(0.0, |judged| judged.expected);
    // A period may be shorter than the days asked for.
    is_steady && silent >= SILENT_DAYS.min(length) && due >= SILENT_DUE
}

fn finish(
    case: &Case,
    channels: &Channels,
    code: Option<Code>,
    evidence: Vec<Evidence>,
) -> Assessment {
    let counts = sessions(case, code);
    let fall = fall(case, &counts);
    let rate = channels.rate(code);
    let stretch = Stretch::told(case, &evidence, || change_point::start(case, &counts, None));
    Assessment {
        evidence,
        scope: scope(case, code),
        started_at: stretch.started_at,
        ended_at: stretch.ended_at,
        lost_inquiries: fall.map(|fall| lost(&fall.judged, rate)),
        has_stopped: has_stopped(case, &counts),
        ..Assessment::default()
    }
}

/// Inquiries that the missing sessions would have brought.
fn lost(judged: &Judged, rate: f64) -> Estimate {
    range(judged.lost() * rate, judged.deviation() * rate)
}

fn scope(case: &Case, code: Option<Code>) -> Scope {
    code.map_or_else(Scope::new, |code| scope_of(case, Dimension::Channel, code))
}

#[cfg(test)]
mod tests;

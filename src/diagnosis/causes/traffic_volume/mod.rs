//! Fewer sessions: a channel, or the whole site, brings less or stops, and clicks and spend fall with it where they are
//! known. Or more of them: a surge of weaker visitors, whose inquiries do not keep up.

mod fall;
mod follow;
mod surge;

use self::fall::{fall, main};
use self::follow::{clicks_follow, inquiries_follow, others_take_over};
use super::{Assess, Assessment, Cause};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::change_point;
use crate::diagnosis::finding::{CauseCode, Conversion, Scope};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, before};
use crate::diagnosis::weigh::scopes::{Channels, best, range};
use crate::metrics::scorecard::Estimate;
use crate::model::observations::{Code, Dimension};

pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::TrafficVolume,
    conversion: Conversion::First,
    checks: &[
        "traffic_volume.ads",
        "traffic_volume.positions",
        "traffic_volume.site",
    ],
    assess: Assess::Alone(assess),
};

/// Days without a session at the end of the period that say that a steady channel has stopped …
const SILENT_DAYS: usize = 2;
/// … when so many sessions were due on them.
const SILENT_DUE: f64 = 5.0;

/// What happened to the traffic, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    All,
    Less(Code),
    Surge(Code),
}

fn assess(case: &Case) -> Assessment {
    if case.seen.visits.is_none() {
        return Assessment::not_assessable(Evidence::new("traffic_volume.no_sessions", 0.0, []));
    }
    let channels = Channels::of(case);
    let codes = || channels.codes.iter().copied();
    let single: Vec<_> = codes()
        .filter_map(|code| Some((Place::Less(code), of_channel(case, &channels, code)?)))
        .collect();
    let surges: Vec<_> = codes()
        .filter_map(|code| Some((Place::Surge(code), surge::evidence(case, code)?)))
        .collect();
    let whole: Vec<_> = of_all(case)
        .map(|evidence| (Place::All, evidence))
        .into_iter()
        .collect();
    if single.is_empty() && whole.is_empty() {
        return Assessment::not_assessable(Evidence::new("traffic_volume.no_history", 0.0, []));
    }
    // In a week of holidays the whole site is what the calendar makes of it.
    let whole = if case.is_festive() { Vec::new() } else { whole };
    let Some((place, evidence)) = best([(whole, 0.0), (single, 0.0), (surges, 0.0)]) else {
        return Assessment::default();
    };
    match place {
        Place::Surge(code) => surge::assessment(case, code, evidence),
        Place::All => finish(case, &channels, None, evidence),
        Place::Less(code) => finish(case, &channels, Some(code), evidence),
    }
}

fn sessions(case: &Case, scope: Option<Code>) -> Vec<f64> {
    case.sessions(
        |row| scope.is_none_or(|code| row.channel == code),
        |counts| counts.sessions,
    )
}

/// Fewer sessions in the periods before: it may have begun then.
fn begun_before(case: &Case, counts: &[f64]) -> Option<Evidence> {
    before(case.before(counts, None, bayes::fall))
}

fn of_all(case: &Case) -> Option<Vec<Evidence>> {
    let counts = sessions(case, None);
    let judged = case.judge(&counts, None)?;
    let mut evidence = vec![main(case, &fall(case, &counts, &judged))];
    evidence.extend(begun_before(case, &counts));
    if evidence[0].weight > 0.0 {
        // Clicks and inquiries that stay although the sessions are gone speak for a lost counter, not for lost visitors.
        evidence.extend(clicks_follow(case, None, &judged));
        evidence.extend(inquiries_follow(case, None, &judged));
    }
    Some(evidence)
}

fn of_channel(case: &Case, channels: &Channels, code: Code) -> Option<Vec<Evidence>> {
    let counts = sessions(case, Some(code));
    let judged = case.judge(&counts, None)?;
    let mut evidence = vec![main(case, &fall(case, &counts, &judged))];
    evidence.extend(begun_before(case, &counts));
    if evidence[0].weight > 0.0 {
        evidence.extend(clicks_follow(case, Some(code), &judged));
        evidence.extend(inquiries_follow(case, Some(code), &judged));
        evidence.extend(others_take_over(case, channels, code, &judged));
    }
    Some(evidence)
}

/// Whether a channel that had sessions in every period of the base has none on the last days.
fn has_stopped(case: &Case, counts: &[f64]) -> bool {
    let length = case.length();
    let is_steady = counts[case.base_start()..case.start()]
        .rchunks(length)
        .all(|period| period.iter().sum::<f64>() > 0.0);
    let silent = counts
        .iter()
        .rev()
        .take_while(|count| **count == 0.0)
        .count()
        .min(length);
    let due = case
        .judge_span(counts, None, case.days() - silent, case.days())
        .map_or(0.0, |judged| judged.expected);
    is_steady && silent >= SILENT_DAYS.min(length) && due >= SILENT_DUE
}

fn finish(
    case: &Case,
    channels: &Channels,
    code: Option<Code>,
    evidence: Vec<Evidence>,
) -> Assessment {
    let counts = sessions(case, code);
    let fall = case
        .judge(&counts, None)
        .map(|judged| fall(case, &counts, &judged));
    let part = fall.as_ref().filter(|fall| !fall.is_of_all_days(case));
    let rate = channels.rate(code);
    let start = part.map_or_else(
        || change_point::start(case, &counts, None),
        |part| Some(part.days.start),
    );
    let end = part
        .map(|part| part.days.end)
        .filter(|end| *end < case.days());
    Assessment {
        evidence,
        scope: scope(case, code),
        started_at: start.map(|day| case.instant(day)),
        ended_at: end.map(|day| case.instant(day)),
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
    code.map(|code| {
        (
            Dimension::Channel,
            case.text(Dimension::Channel, code).to_owned(),
        )
    })
    .into_iter()
    .collect()
}

#[cfg(test)]
mod tests;

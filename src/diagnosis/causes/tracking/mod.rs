//! The counter or its tags changed what is counted: sessions lost or doubled, tags lost, clients lost.

mod channels;
mod clients;
mod everywhere;
mod pages;

use self::channels::{doubled, lost_tags, others_are_doubled, per_click};
use self::clients::{ClientKind, KINDS, lost_clients};
use self::everywhere::lost_everywhere;
use self::pages::{landings, lost_page};
use super::{Assess, Assessment, Cause, days_of, scope_of};
use crate::config::words;
use crate::diagnosis::case::Case;
use crate::diagnosis::change_point;
use crate::diagnosis::codes::{CauseCode, Conversion, Scope};
use crate::diagnosis::weigh::evidence::Evidence;
use crate::diagnosis::weigh::scopes::{Channels, best, range};
use crate::model::facts::MatchedBy;
use crate::model::observations::{Code, Dimension};

pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::Tracking,
    conversion: Conversion::First,
    checks: &[
        words::check::tracking::COUNTER,
        words::check::tracking::TAGS,
        words::check::tracking::CLIENT_ID,
    ],
    assess: Assess::Alone(assess),
};

/// Causes that are looked for in the counts that a broken counter spoils.
const VOIDS: [(Conversion, CauseCode); 3] = [
    (Conversion::First, CauseCode::TrafficVolume),
    (Conversion::First, CauseCode::TrafficQuality),
    (Conversion::First, CauseCode::MixShift),
];
/// The second sign of one fault weighs no more than this, nats: it is seen in the same sessions as the first.
const SECOND_SIGN_CAP: f64 = 6.0;

/// Where the fault shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FaultPlace {
    Everywhere,
    Channel(Code),
    Page(Code),
    /// In the clients of all contacts, or of one kind.
    Clients(Option<ClientKind>),
}

/// Places of one kind, each with what speaks for a fault there.
type Found = Vec<(FaultPlace, Vec<Evidence>)>;

fn assess(case: &Case) -> Assessment {
    if case.seen.visits.is_none() {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::tracking::NO_SESSIONS,
            0.0,
            [],
        ));
    }
    let channels = Channels::of(case);
    let per_click = of_channels(&channels, |code| per_click(case, code));
    let doubles = doubles(case, &channels);
    let tags = of_channels(&channels, |code| lost_tags(case, &channels, code));
    let pages = of_pages(case);
    let everywhere = of_whole_counter(case);
    let clients = of_clients(case);
    let families = [
        (per_click, 0.0),
        (doubles, 0.0),
        (tags, 0.0),
        (pages, 0.0),
        (everywhere, 0.0),
        (clients, 0.0),
    ];
    let Some((place, evidence)) = best(families) else {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::tracking::NO_HISTORY,
            0.0,
            [],
        ));
    };
    finish(case, place, evidence)
}

fn of_channels(channels: &Channels, find: impl Fn(Code) -> Option<Vec<Evidence>>) -> Found {
    let mut found = Found::new();
    for code in channels.codes.iter().copied() {
        if let Some(evidence) = find(code) {
            found.push((FaultPlace::Channel(code), evidence));
        }
    }
    found
}

/// Sessions counted twice: of one channel, or of the whole counter.
fn doubles(case: &Case, channels: &Channels) -> Found {
    let of_one = |code: Code| {
        let found = doubled(case, Some(code))?;
        (!others_are_doubled(case, code)).then_some(found)
    };
    let mut found = of_channels(channels, of_one);
    found.extend(doubled(case, None).map(|found| (FaultPlace::Everywhere, found)));
    found
}

fn of_pages(case: &Case) -> Found {
    let mut found = Found::new();
    for page in case.codes(Dimension::Page) {
        if let Some(evidence) = lost_page(case, page) {
            found.push((FaultPlace::Page(page), evidence));
        }
    }
    found
}

fn of_whole_counter(case: &Case) -> Found {
    // Of the whole site the calendar says more in a week of holidays.
    if case.is_festive() {
        return Found::new();
    }
    let evidence = lost_everywhere(case);
    evidence
        .map(|evidence| (FaultPlace::Everywhere, evidence))
        .into_iter()
        .collect()
}

fn of_clients(case: &Case) -> Found {
    let mut found = Found::new();
    for kind in KINDS {
        if let Some(evidence) = lost_clients(case, kind) {
            found.push((FaultPlace::Clients(kind), evidence));
        }
    }
    found
}

/// Sessions by day, of a channel or of all.
fn sessions(case: &Case, channel: Option<Code>) -> Vec<f64> {
    case.sessions(
        |row| channel.is_none_or(|code| row.channel == code),
        |counts| counts.sessions,
    )
}

fn finish(case: &Case, place: FaultPlace, evidence: Vec<Evidence>) -> Assessment {
    let start = change_point::start(case, &broken_counts(case, place), None);
    // What names its days began on them; the rest is told of the period, and may have begun in it.
    let days = evidence.iter().find_map(|fact| days_of(case, fact));
    let end = days.as_ref().map(|days| days.end);
    let start = days.map(|days| days.start).or(start);
    Assessment {
        evidence,
        scope: scope(case, place),
        started_at: start.map(|day| case.instant(day)),
        ended_at: end
            .filter(|end| *end < case.days())
            .map(|day| case.instant(day)),
        // What is only counted wrongly is not lost.
        lost_inquiries: Some(range(0.0, 0.0)),
        explains: explains(case, place),
        voids: VOIDS.into(),
        ..Assessment::default()
    }
}

fn scope(case: &Case, place: FaultPlace) -> Scope {
    match place {
        FaultPlace::Channel(code) => scope_of(case, Dimension::Channel, code),
        FaultPlace::Page(code) => scope_of(case, Dimension::Page, code),
        FaultPlace::Clients(Some(kind)) => {
            Scope::from([(Dimension::Contact, kind.word().to_owned())])
        }
        FaultPlace::Everywhere | FaultPlace::Clients(None) => Scope::new(),
    }
}

/// The counts by day that the fault broke: they tell when it began.
fn broken_counts(case: &Case, place: FaultPlace) -> Vec<f64> {
    match place {
        FaultPlace::Clients(kind) => case.inquiries(|seen| {
            let is_here = kind.is_none_or(|kind| kind.holds(seen));
            is_here && seen.matched_by == MatchedBy::Client
        }),
        FaultPlace::Channel(code) => sessions(case, Some(code)),
        FaultPlace::Page(page) => landings(case, |code| code == page),
        FaultPlace::Everywhere => sessions(case, None),
    }
}

/// What a doubled counter takes from the first conversion, in inquiries that never were.
fn explains(case: &Case, place: FaultPlace) -> f64 {
    let channel = match place {
        // Inquiries without a client are inquiries all the same.
        FaultPlace::Clients(_) => return 0.0,
        FaultPlace::Channel(code) => Some(code),
        FaultPlace::Everywhere | FaultPlace::Page(_) => None,
    };
    let inquiries = case.inquiries(|seen| channel.is_none_or(|code| seen.channel == code));
    let judged = case.judge(&inquiries, Some(&sessions(case, channel)));
    judged.map_or(0.0, |judged| judged.lost())
}

#[cfg(test)]
mod tests;

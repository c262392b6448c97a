//! The counter or its tags changed what is counted: sessions lost or doubled, tags lost, clients lost.

mod channels;
mod clients;
mod everywhere;
mod pages;

use self::channels::{doubled, lost_tags, per_click};
use self::clients::{KINDS, Kind, lost_clients};
use self::everywhere::lost_everywhere;
use self::pages::lost_page;
use super::{Assess, Assessment, Cause};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::change_point;
use crate::diagnosis::finding::{CauseCode, Conversion, Scope};
use crate::diagnosis::weigh::evidence::{Evidence, Value};
use crate::diagnosis::weigh::scopes::{Channels, best, range};
use crate::model::facts::MatchedBy;
use crate::model::observations::{Code, Dimension};

pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::Tracking,
    conversion: Conversion::First,
    checks: &["tracking.counter", "tracking.tags", "tracking.client_id"],
    assess: Assess::Alone(assess),
};

const VOIDS: [(Conversion, CauseCode); 3] = [
    (Conversion::First, CauseCode::TrafficVolume),
    (Conversion::First, CauseCode::TrafficQuality),
    (Conversion::First, CauseCode::MixShift),
];
/// Second evidence of one fault weighs no more than this.
const MOST: f64 = 6.0;

/// Where the fault shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Everywhere,
    Channel(Code),
    Page(Code),
    Clients(Option<Kind>),
}

fn assess(case: &Case) -> Assessment {
    if case.seen.visits.is_none() {
        return Assessment::not_assessable(Evidence::new("tracking.no_sessions", 0.0, []));
    }
    let channels = Channels::of(case);
    let of =
        |find: &dyn Fn(Code) -> Option<Vec<Evidence>>, place: fn(Code) -> Place, codes: &[Code]| {
            codes
                .iter()
                .filter_map(|code| Some((place(*code), find(*code)?)))
                .collect::<Vec<_>>()
        };
    let pages: Vec<Code> = case.codes(Dimension::Page).collect();
    // Of the whole site the calendar says more in a week of holidays.
    let everywhere = if case.is_festive() {
        None
    } else {
        lost_everywhere(case)
    };
    let all: Vec<_> = everywhere
        .map(|found| (Place::Everywhere, found))
        .into_iter()
        .collect();
    let clients = KINDS
        .iter()
        .filter_map(|kind| Some((Place::Clients(*kind), lost_clients(case, *kind)?)))
        .collect();
    let mut doubles = of(
        &|code| doubled(case, Some(code)),
        Place::Channel,
        &channels.codes,
    );
    doubles.extend(doubled(case, None).map(|found| (Place::Everywhere, found)));
    let families = [
        (
            of(
                &|code| per_click(case, code),
                Place::Channel,
                &channels.codes,
            ),
            0.0,
        ),
        (doubles, 0.0),
        (
            of(
                &|code| lost_tags(case, &channels, code),
                Place::Channel,
                &channels.codes,
            ),
            0.0,
        ),
        (of(&|code| lost_page(case, code), Place::Page, &pages), 0.0),
        (all, 0.0),
        (clients, 0.0),
    ];
    let Some((place, evidence)) = best(families) else {
        return Assessment::not_assessable(Evidence::new("tracking.no_history", 0.0, []));
    };
    finish(case, place, evidence)
}

fn sessions(case: &Case, channel: Option<Code>) -> Vec<f64> {
    case.sessions(
        |row| channel.is_none_or(|code| row.channel == code),
        |counts| counts.sessions,
    )
}

fn counts(judged: &Judged) -> [(&'static str, Value); 3] {
    [
        ("observed", Value::Count(judged.observed)),
        ("expected", Value::Count(judged.expected.round())),
        ("change", Value::Change(judged.change())),
    ]
}

fn finish(case: &Case, place: Place, evidence: Vec<Evidence>) -> Assessment {
    let (channel, scope) = match place {
        Place::Channel(code) => (
            Some(code),
            Some((
                Dimension::Channel,
                case.text(Dimension::Channel, code).to_owned(),
            )),
        ),
        Place::Page(code) => (
            None,
            Some((Dimension::Page, case.text(Dimension::Page, code).to_owned())),
        ),
        Place::Clients(Some(kind)) => (None, Some((Dimension::Contact, kind.word().to_owned()))),
        Place::Everywhere | Place::Clients(None) => (None, None),
    };
    let counts = match place {
        Place::Clients(kind) => case.inquiries(|seen| {
            kind.is_none_or(|kind| kind.holds(seen)) && seen.matched_by == MatchedBy::Client
        }),
        _ => sessions(case, channel),
    };
    // What a doubled counter takes from the first conversion, in inquiries that never were.
    let explains = match place {
        Place::Clients(_) => 0.0,
        _ => {
            let kept = case.inquiries(|seen| channel.is_none_or(|code| seen.channel == code));
            let whole = sessions(case, channel);
            case.judge(&kept, Some(&whole))
                .map_or(0.0, |judged| judged.lost())
        }
    };
    Assessment {
        evidence,
        scope: scope.into_iter().collect::<Scope>(),
        started_at: change_point::start(case, &counts, None).map(|day| case.instant(day)),
        lost_inquiries: Some(range(0.0, 0.0)),
        explains,
        voids: VOIDS.into(),
        ..Assessment::default()
    }
}

#[cfg(test)]
mod tests;

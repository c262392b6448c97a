//! The counter or its tags changed what is counted: sessions lost or doubled, tags lost, clients lost.

use super::{Assess, Assessment, Cause};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::change_point;
use crate::diagnosis::finding::{CauseCode, Conversion, Scope};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::diagnosis::weigh::scopes::{Channels, best, range, sum};
use crate::model::facts::{ContactKind, MatchedBy};
use crate::model::observations::{Code, Dimension, SeenInquiry};

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
/// Share of sessions that are counted twice in a healthy counter.
const USUAL_DOUBLES: f64 = 0.004;

/// Share of inquiries without a client or a channel that is taken for granted.
const USUALLY_UNKNOWN: f64 = 0.005;
/// Fewer expected inquiries of a kind say nothing of its share.
const FEWEST_UNKNOWN: f64 = 0.1;

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

/// Sessions for a paid click: a tag that is lost or fires twice moves it, visitors do not.
fn per_click(case: &Case, channel: Code) -> Option<Vec<Evidence>> {
    let clicks = case.clicks(Some(channel));
    let judged = case
        .judge(&sessions(case, Some(channel)), Some(&clicks))
        .filter(|judged| judged.expected >= 20.0)?;
    if clicks[case.start()..].iter().sum::<f64>() < 20.0 {
        return None;
    }
    let weight = bayes::log_mean(&[judged.fall(), judged.rise()]);
    Some(vec![Evidence::new(
        "tracking.per_click",
        weight,
        counts(&judged),
    )])
}

/// The same client in the same second, twice.
fn doubled(case: &Case, channel: Option<Code>) -> Option<Vec<Evidence>> {
    let keep = |code: Code| channel.is_none_or(|channel| channel == code);
    let whole = sessions(case, channel);
    let part = case.sessions(|row| keep(row.channel), |counts| counts.doubled);
    let judged = case.judge(&part, Some(&whole))?;
    let all: f64 = whole[case.start()..].iter().sum();
    // Some doubles occur in every counter, though none may have been seen before.
    let expected = judged.expected + USUAL_DOUBLES * all;
    let weight = bayes::rise(judged.observed, expected, judged.dispersion.min(0.5) + 0.1);
    let share = judged.observed / all.max(1.0);
    let values = [
        ("share", Value::Share(share)),
        ("observed", Value::Count(judged.observed)),
    ];
    let mut found = vec![Evidence::new("tracking.doubled", weight, values)];
    if weight > 2.0 && share > 0.1 {
        let sessions = case.judge(&whole, None)?;
        let weight = sessions.rise().clamp(-2.0, MOST);
        found.push(
            Evidence::new("tracking.more_sessions", weight, counts(&sessions)).of(Role::Outcome),
        );
    }
    Some(found)
}

/// A tagged channel's sessions that turn up without a tag: what it loses, the untagged ones gain.
fn lost_tags(case: &Case, channels: &Channels, code: Code) -> Option<Vec<Evidence>> {
    if channels.untagged.contains(&code) {
        return None;
    }
    let lost = case.judge(&sessions(case, Some(code)), None)?;
    let is_untagged = |channel: Code| channels.untagged.contains(&channel);
    let gained = case.judge(
        &case.sessions(|row| is_untagged(row.channel), |counts| counts.sessions),
        None,
    )?;
    let both = case.judge(
        &case.sessions(
            |row| row.channel == code || is_untagged(row.channel),
            |counts| counts.sessions,
        ),
        None,
    )?;
    let values = [
        ("lost", Value::Count(lost.lost().round())),
        ("gained", Value::Count(-gained.lost().round())),
    ];
    let share = -gained.lost() / lost.lost().max(1.0);
    let agree = if (0.3..3.0).contains(&share) {
        0.0
    } else {
        -4.0
    };
    let weight = lost.fall().min(gained.rise() + 3.0) + gained.rise().min(MOST) + agree;
    let mut found = vec![Evidence::new(
        "tracking.tags_lost",
        weight.clamp(-4.0, bayes::MOST),
        values,
    )];
    if weight > 0.0 {
        // Together they are as many as ever.
        found.push(
            Evidence::new(
                "tracking.sum_stands",
                -both.fall().clamp(-2.0, MOST),
                counts(&both),
            )
            .of(Role::Others),
        );
    }
    Some(found)
}

/// A page that is seen no more although people who were on it get in touch as before.
fn lost_page(case: &Case, page: Code) -> Option<Vec<Evidence>> {
    let of = |keep: &dyn Fn(Code) -> bool| {
        let mut days = vec![0.0; case.days()];
        let rows = case.seen.page_visits.iter().filter(|row| keep(row.page));
        rows.for_each(|row| days[row.day as usize] += f64::from(row.counts.sessions));
        days
    };
    let own = case
        .judge(&of(&|code| code == page), None)
        .filter(|judged| judged.expected >= 30.0)?;
    let others = of(&|code| code != page);
    let shared = case.judge(&of(&|code| code == page), Some(&others))?;
    let shared = given_the_mix(case, page, &shared);
    let weight = if own.lost() > 0.0 {
        shared.fall()
    } else {
        -3.0
    };
    let code = if weight >= 0.0 {
        "tracking.page_lost"
    } else {
        "tracking.page_stands"
    };
    let mut found = vec![Evidence::new(code, weight, {
        let [observed, expected, change] = counts(&own);
        [
            observed,
            expected,
            change,
            (
                "page",
                Value::Text(case.text(Dimension::Page, page).to_owned()),
            ),
        ]
    })];
    if sum(&found) > 0.0 {
        found.push(spread_over_channels(case, page, &own));
        found.extend(inquiries_stay(case, own.lost() / total(case).max(1.0)));
    }
    Some(found)
}

/// Sessions of a page against those that each channel's visitors would have brought to it: a shift of the mix moves
/// pages and loses none.
fn given_the_mix(case: &Case, page: Code, shared: &Judged) -> Judged {
    let count = case.seen.names.len(Dimension::Channel);
    let (mut base, mut base_here) = (vec![0.0; count], vec![0.0; count]);
    let (mut now, mut now_here) = (vec![0.0; count], 0.0);
    for row in &case.seen.leaves {
        let (channel, sessions) = (usize::from(row.channel), f64::from(row.counts.sessions));
        let is_here = row.page == page;
        match row.day {
            0 => {
                base[channel] += sessions;
                base_here[channel] += if is_here { sessions } else { 0.0 };
            }
            _ if is_here => now_here += sessions,
            _ => now[channel] += sessions,
        }
    }
    // The visits of other pages tell how many visitors a channel had; of each, so many used to land here.
    let of_channel = |channel: usize| {
        let elsewhere = base[channel] - base_here[channel];
        now[channel] * base_here[channel] / elsewhere.max(1.0)
    };
    let expected: f64 = (0..count).map(of_channel).sum();
    if expected <= 0.0 {
        *shared
    } else {
        Judged {
            observed: now_here,
            expected,
            ordinary: expected,
            ..*shared
        }
    }
}

/// Sessions of the whole site to be expected.
fn total(case: &Case) -> f64 {
    case.judge(&sessions(case, None), None)
        .map_or(0.0, |judged| judged.expected)
}

/// A tag that is lost on a page is lost for every channel alike; a campaign that ended is one channel.
fn spread_over_channels(case: &Case, page: Code, own: &Judged) -> Evidence {
    let count = case.seen.names.len(Dimension::Channel);
    let (mut base, mut now) = (vec![0.0; count], vec![0.0; count]);
    for row in case.seen.leaves.iter().filter(|row| row.page == page) {
        let half = if row.day == 0 { &mut base } else { &mut now };
        half[usize::from(row.channel)] += f64::from(row.counts.sessions);
    }
    let scale = own.expected / base.iter().sum::<f64>().max(1.0);
    let fallen = own.observed / own.expected;
    let against = (0..count)
        .filter(|code| base[*code] * scale >= 8.0)
        .map(|code| {
            let expected = base[code] * scale;
            bayes::by(fallen, now[code], expected, own.dispersion + 0.02).min(0.0)
        });
    let weight = against.sum::<f64>().max(-8.0);
    let alike = if weight > -1.0 { 2.0 } else { weight };
    let code = if alike > 0.0 {
        "tracking.all_channels"
    } else {
        "tracking.some_channels"
    };
    Evidence::new(code, alike, []).of(Role::Others)
}

/// The whole counter loses a part of the sessions; clicks and those who get in touch do not know of it.
fn lost_everywhere(case: &Case) -> Option<Vec<Evidence>> {
    let judged = case.judge(&sessions(case, None), None)?;
    let mut found = vec![Evidence::new(
        "tracking.sessions_lost",
        judged.fall() - 0.5,
        counts(&judged),
    )];
    found.extend(more_per_session(case));
    found.extend(fewer_per_click(
        case,
        (judged.observed / judged.expected.max(1.0)).min(0.9),
    ));
    Some(found)
}

/// Inquiries for a session rise in every channel alike when sessions are not counted.
fn more_per_session(case: &Case) -> Option<Evidence> {
    case.seen.inquiries.as_ref()?;
    let judged = case.judge(&case.inquiries(|_| true), Some(&case.exposure(|_| true)))?;
    let weight = judged.rise();
    let code = if weight >= 0.0 {
        "tracking.more_per_session"
    } else {
        "tracking.usual_per_session"
    };
    Some(Evidence::new(code, weight, counts(&judged)).of(Role::Outcome))
}

/// Sessions of paid channels for their clicks, when all sessions fell to a share of the usual.
fn fewer_per_click(case: &Case, fallen: f64) -> Option<Evidence> {
    let paid: Vec<Code> = case
        .codes(Dimension::Channel)
        .filter(|code| case.clicks(Some(*code)).iter().any(|n| *n > 0.0))
        .collect();
    let mut clicks = vec![0.0; case.days()];
    for code in &paid {
        clicks
            .iter_mut()
            .zip(case.clicks(Some(*code)))
            .for_each(|(all, own)| *all += own);
    }
    let sessions = case.sessions(|row| paid.contains(&row.channel), |counts| counts.sessions);
    let judged = case
        .judge(&sessions, Some(&clicks))
        .filter(|judged| judged.expected >= 50.0)?;
    // "The counter lost them" against "the visitors never came": then clicks fell as the sessions did.
    let weight = bayes::by(fallen, judged.observed, judged.expected, judged.dispersion);
    let code = if weight > 0.0 {
        "tracking.fewer_per_click"
    } else {
        "tracking.usual_per_click"
    };
    Some(Evidence::new(code, weight, counts(&judged)).of(Role::Demand))
}

/// Inquiries that stay although so large a share of the sessions is gone.
fn inquiries_stay(case: &Case, share: f64) -> Option<Evidence> {
    case.seen.inquiries.as_ref()?;
    let judged = case.judge(&case.inquiries(|_| true), None)?;
    let weight = -bayes::by(
        (1.0 - share).clamp(0.05, 0.99),
        judged.observed,
        judged.expected,
        judged.dispersion,
    );
    let code = if weight >= 0.0 {
        "tracking.inquiries_stay"
    } else {
        "tracking.inquiries_fell"
    };
    Some(Evidence::new(code, weight.clamp(-MOST, MOST), counts(&judged)).of(Role::Outcome))
}

/// Kinds of contacts whose clients may be lost by themselves: a call-tracking number, the script of a form.
const KINDS: [Option<Kind>; 3] = [None, Some(Kind::Call), Some(Kind::Form)];

/// Calls, or forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Call,
    Form,
}

impl Kind {
    fn holds(self, seen: &SeenInquiry) -> bool {
        match self {
            Self::Call => Case::is_call(seen),
            Self::Form => seen.kind == ContactKind::Form,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Form => "form",
        }
    }
}

/// Contacts that no longer carry the client's id, or whose channel is no longer known: of all kinds, or of one.
fn lost_clients(case: &Case, kind: Option<Kind>) -> Option<Vec<Evidence>> {
    let is_here = |seen: &SeenInquiry| kind.is_none_or(|kind| kind.holds(seen));
    let all = case.inquiries(is_here);
    let lost = |keep: &dyn Fn(&SeenInquiry) -> bool, code: &str, is_loss: bool| {
        let judged = case.judge(
            &case.inquiries(|seen| is_here(seen) && keep(seen)),
            Some(&all),
        )?;
        // Where none was ever unknown, half a percent is taken for granted: what used to be perfect can break too.
        let usual = USUALLY_UNKNOWN * all[case.start()..].iter().sum::<f64>();
        let judged = Judged {
            expected: judged.expected.max(usual),
            ..judged
        };
        if judged.expected < FEWEST_UNKNOWN {
            return None;
        }
        let weight = if is_loss {
            judged.fall()
        } else {
            judged.rise()
        };
        Some(Evidence::new(code, weight, counts(&judged)))
    };
    let by_client = lost(
        &|seen| seen.matched_by == MatchedBy::Client,
        "tracking.clients_lost",
        true,
    );
    let unknown = lost(
        &|seen| seen.matched_by == MatchedBy::Nothing,
        "tracking.unknown_channel",
        false,
    );
    let not_by_client = lost(
        &|seen| seen.matched_by != MatchedBy::Client,
        "tracking.not_by_client",
        false,
    );
    let mut found: Vec<Evidence> = [by_client, unknown, not_by_client]
        .into_iter()
        .flatten()
        .collect();
    found.sort_by(|left, right| right.weight.total_cmp(&left.weight));
    found.truncate(1);
    (!found.is_empty()).then_some(found)
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
mod tests {
    use super::*;
    use crate::diagnosis::firm;
    use crate::model::observations::Observations;

    fn log_odds(seen: &Observations) -> f64 {
        assess(&Case::new(seen, &firm::settings()))
            .log_odds()
            .expect("assessable")
    }

    #[test]
    fn a_tag_that_fires_twice_is_found() {
        let mut seen = firm::quiet(11);
        for row in seen
            .visits
            .iter_mut()
            .flatten()
            .filter(|row| row.day >= firm::START)
        {
            row.counts.doubled = row.counts.sessions;
            row.counts.sessions *= 2;
        }
        assert!(log_odds(&seen) > 8.0);
    }

    #[test]
    fn a_channel_whose_tags_are_lost_is_found() {
        let mut seen = firm::quiet(11);
        for row in seen
            .visits
            .iter_mut()
            .flatten()
            .filter(|row| row.day >= firm::START && row.channel == 1)
        {
            row.channel = 4;
        }
        assert!(log_odds(&seen) > 8.0);
    }

    #[test]
    fn clients_that_are_lost_are_found() {
        let mut seen = firm::quiet(11);
        for inquiry in seen
            .inquiries
            .iter_mut()
            .flatten()
            .filter(|inquiry| inquiry.day >= firm::START)
        {
            inquiry.matched_by = MatchedBy::Nothing;
        }
        assert!(log_odds(&seen) > 8.0);
    }

    #[test]
    fn quiet_firms_are_counted_as_ever() {
        let raised = (0..30).filter(|seed| log_odds(&firm::quiet(*seed)) > 1.0);
        assert!(raised.count() <= 1);
    }
}

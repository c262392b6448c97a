//! Other visitors: a channel's sessions bring fewer inquiries of every kind, and look different.

mod signs;

use std::ops::Range;

pub(super) use self::signs::signs;
use self::signs::{Looks, shares};
use super::{Assess, Assessment, Cause, Stretch, counts_and_change, days_of, scope_of};
use crate::config::words;
use crate::diagnosis::case::{Case, Daily, Judged, Told};
use crate::diagnosis::change_point;
use crate::diagnosis::codes::{CauseCode, Conversion, Scope};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value, before};
use crate::diagnosis::weigh::scopes::{Channels, best, range};
use crate::metrics::values::Estimate;
use crate::model::observations::{Code, Dimension, SessionCounts, Visits};

pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::TrafficQuality,
    conversion: Conversion::First,
    checks: &[
        words::check::traffic_quality::PLACEMENTS,
        words::check::traffic_quality::QUERIES,
        words::check::traffic_quality::BOTS,
    ],
    assess: Assess::Alone(assess),
};

/// What it costs to blame all visitors rather than those of one channel, nats: it is half as likely (ln 2).
const ALL_VISITORS_COST: f64 = 0.7;

/// Fewer expected contacts of a kind do not tell whether it fell.
const FEWEST_OF_KIND: f64 = 5.0;
/// A kind of contact did not fall when it lost less than so much of what all lost.
const PART_OF_THE_FALL: f64 = 0.5;
/// What a single kind that fell weighs against other visitors, nats, at most …
const ONE_KIND_CAP: f64 = 8.0;
/// … and less than this is not told.
const ONE_KIND_TOLD: f64 = 0.5;

/// Sessions that are counted twice are a fault of the counter when they are more than such a share of all …
const DOUBLED_SHARE: f64 = 0.05;
/// … and more than so many times their usual share …
const DOUBLED_TIMES: f64 = 3.0;
/// … and then weigh so much against other visitors, nats.
const DOUBLED_WEIGHT: f64 = -8.0;

fn assess(case: &Case) -> Assessment {
    if case.seen.visits.is_none() || case.seen.inquiries.is_none() {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::traffic_quality::NO_SESSIONS,
            0.0,
            [],
        ));
    }
    let mut single = Vec::new();
    for code in Channels::of(case).codes {
        if let Some(evidence) = of_scope(case, Some(code)) {
            single.push((Some(code), evidence));
        }
    }
    // Of all visitors together the calendar says more in a week of holidays.
    let whole = if case.is_festive() {
        None
    } else {
        of_scope(case, None)
    };
    let whole: Vec<_> = whole.map(|evidence| (None, evidence)).into_iter().collect();
    let families = [(single, 0.0), (whole, ALL_VISITORS_COST)];
    let Some((scope, evidence)) = best(families) else {
        return Assessment::not_assessable(Evidence::new(
            words::evidence::traffic_quality::NO_HISTORY,
            0.0,
            [],
        ));
    };
    finish(case, scope, evidence)
}

fn is_in(scope: Option<Code>) -> impl Fn(Code) -> bool {
    move |channel| scope.is_none_or(|code| code == channel)
}

fn sessions(case: &Case, scope: Option<Code>, count: impl Fn(&SessionCounts) -> u32) -> Vec<f64> {
    let is_in = is_in(scope);
    case.sessions(|row: &Visits| is_in(row.channel), count)
}

/// Inquiries of a channel, or of all, given its sessions.
pub(super) fn first_conversion(case: &Case, scope: Option<Code>) -> Option<Judged> {
    let is_in = is_in(scope);
    let counts = case.inquiries(|seen| is_in(seen.channel));
    match scope {
        Some(_) => case.judge_share(&counts, &sessions(case, scope, |counts| counts.sessions)),
        // Of all channels together a shift of their mix moves the plain rate: each weighs at its own.
        None => case.judge(&counts, Some(&case.exposure(|_| true))),
    }
}

/// A channel's inquiries, or those of all, given its sessions, by day.
fn first_conversion_by_day(case: &Case, scope: Option<Code>) -> Option<Daily> {
    // A channel whose inquiries do not come of its sessions has no first conversion on any day.
    first_conversion(case, scope)?;
    let is_in = is_in(scope);
    let counts = case.inquiries(|seen| is_in(seen.channel));
    let exposure = match scope {
        Some(_) => sessions(case, scope, |counts| counts.sessions),
        None => case.exposure(|_| true),
    };
    case.daily(&counts, Some(&exposure))
}

/// The days on which fewer inquiries and the looks of the sessions together tell other visitors best.
struct Visitors {
    told: Told,
    /// Inquiries of those days.
    judged: Judged,
    /// What fewer inquiries weigh by themselves, nats, after the choice of the days is paid for.
    weight: f64,
}

fn visitors(case: &Case, scope: Option<Code>) -> Option<Visitors> {
    let inquiries = first_conversion_by_day(case, scope)?;
    let looks = Looks::of(case, scope);
    let fall = |days: &Range<usize>| inquiries.judged(days).fall();
    let both = |days: &Range<usize>| fall(days) + looks.clearest(days);
    let told = case.told_by(both);
    let paid = both(&told.days) - told.weight;
    Some(Visitors {
        judged: inquiries.judged(&told.days),
        weight: fall(&told.days) - paid,
        told,
    })
}

fn of_scope(case: &Case, scope: Option<Code>) -> Option<Vec<Evidence>> {
    let Visitors {
        told,
        judged,
        weight,
    } = visitors(case, scope)?;
    let code = if weight >= 0.0 {
        words::evidence::traffic_quality::INQUIRIES
    } else {
        words::evidence::traffic_quality::INQUIRIES_STAND
    };
    let fall = Evidence::new(code, weight, counts_and_change(&judged));
    let mut evidence = vec![told.dated(case, fall)];
    evidence.extend(begun_before(case, scope));
    // On holidays other people come and for other reasons: without fewer inquiries of them that is no fault.
    if weight > 0.0 || !case.is_festive() {
        evidence.extend(signs(case, scope, &told.days));
    }
    // The kinds of few days are few: then the whole period tells which of them fell.
    let on_its_days = one_kind_only(case, scope, &told.days, &judged);
    let in_all = || one_kind_only(case, scope, &case.period(), &first_conversion(case, scope)?);
    evidence.extend(on_its_days.or_else(in_all));
    evidence.extend(doubled(case, scope));
    Some(evidence)
}

/// Fewer inquiries of the sessions in the periods before: it may have begun then.
fn begun_before(case: &Case, scope: Option<Code>) -> Option<Evidence> {
    let code = scope?;
    let counts = case.inquiries(|seen| seen.channel == code);
    let sessions = sessions(case, scope, |counts| counts.sessions);
    before(case.before(&counts, Some(&sessions), bayes::fall))
}

/// Other visitors write and call less alike: when only one kind of contact fell, its line or form is at fault.
fn one_kind_only(
    case: &Case,
    scope: Option<Code>,
    days: &Range<usize>,
    all: &Judged,
) -> Option<Evidence> {
    if all.lost() <= 0.0 {
        return None;
    }
    let is_in = is_in(scope);
    let whole = sessions(case, scope, |counts| counts.sessions);
    let calls = case.inquiries(|seen| is_in(seen.channel) && Case::is_call(seen));
    let forms = case.inquiries(|seen| is_in(seen.channel) && seen.form > 0);
    let calls = case.daily(&calls, Some(&whole))?.judged(days);
    let forms = case.daily(&forms, Some(&whole))?.judged(days);
    let weight = stayed(&calls, all)
        .max(stayed(&forms, all))
        .clamp(0.0, ONE_KIND_CAP);
    if weight <= ONE_KIND_TOLD {
        return None;
    }
    let values = [
        ("calls", Value::Count(calls.observed)),
        ("usual_calls", Value::Count(calls.expected.round())),
        ("forms", Value::Count(forms.observed)),
        ("usual_forms", Value::Count(forms.expected.round())),
    ];
    Some(
        Evidence::new(words::evidence::traffic_quality::ONE_KIND, -weight, values).of(Role::Others),
    )
}

/// How much better "this kind stayed as it was" fits than "it fell as all did", nats; 0 of a kind that fell.
fn stayed(kind: &Judged, all: &Judged) -> f64 {
    let left = all.observed / all.expected.max(1.0);
    let is_known = kind.expected >= FEWEST_OF_KIND;
    let did_not_fall = kind.change() > -PART_OF_THE_FALL * (1.0 - left);
    if is_known && did_not_fall {
        -bayes::by(left, kind.observed, kind.expected, kind.dispersion)
    } else {
        0.0
    }
}

/// Sessions that are counted twice bring half as much each, and are no other visitors.
fn doubled(case: &Case, scope: Option<Code>) -> Option<Evidence> {
    let part = sessions(case, scope, |counts| counts.doubled);
    let whole = sessions(case, scope, |counts| counts.sessions);
    let share = shares(case, &part, &whole, &case.period())?;
    if share.now <= DOUBLED_SHARE || share.now <= DOUBLED_TIMES * share.usual {
        return None;
    }
    let values = [("share", Value::Share(share.now))];
    Some(
        Evidence::new(
            words::evidence::traffic_quality::DOUBLED,
            DOUBLED_WEIGHT,
            values,
        )
        .of(Role::Rival),
    )
}

fn finish(case: &Case, code: Option<Code>, evidence: Vec<Evidence>) -> Assessment {
    let is_in = is_in(code);
    let counts = case.inquiries(|seen| is_in(seen.channel));
    let whole = sessions(case, code, |counts| counts.sessions);
    let judged = first_conversion(case, code);
    let stretch = Stretch::told(case, &evidence, || {
        change_point::start(case, &counts, Some(&whole))
    });
    Assessment {
        scope: code.map_or_else(Scope::new, |code| scope_of(case, Dimension::Channel, code)),
        started_at: stretch.started_at,
        ended_at: stretch.ended_at,
        explains: judged.map_or(0.0, |judged| judged.lost()),
        lost_inquiries: lost(case, code, &counts, &evidence),
        evidence,
        ..Assessment::default()
    }
}

/// Inquiries that were lost on the days that the evidence names, else in the period. Junk on top of the usual visitors costs
/// none, though it lowers the rate: what was lost is judged without the sessions, and is no more than the rate says.
fn lost(
    case: &Case,
    code: Option<Code>,
    inquiries: &[f64],
    evidence: &[Evidence],
) -> Option<Estimate> {
    let days = evidence.iter().find_map(|fact| days_of(case, fact));
    let (judged, alone) = match &days {
        Some(days) => (
            first_conversion_by_day(case, code)?.judged(days),
            case.daily(inquiries, None).map(|daily| daily.judged(days)),
        ),
        None => (first_conversion(case, code)?, case.judge(inquiries, None)),
    };
    let value = alone.map_or(judged.lost(), |alone| {
        alone.lost().clamp(0.0, judged.lost().max(0.0))
    });
    Some(range(value, judged.deviation()))
}

#[cfg(test)]
mod tests;

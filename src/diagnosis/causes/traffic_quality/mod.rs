//! Other visitors: a channel's sessions bring fewer inquiries of every kind, and look different.

mod signs;

use self::signs::shares;
pub(super) use self::signs::signs;
use super::{Assess, Assessment, Cause};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::change_point;
use crate::diagnosis::finding::{CauseCode, Conversion, Scope};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value, before};
use crate::diagnosis::weigh::scopes::{Channels, best, range};
use crate::model::observations::{Code, Dimension, SessionCounts, Visits};

pub(super) const CAUSE: Cause = Cause {
    code: CauseCode::TrafficQuality,
    conversion: Conversion::First,
    checks: &[
        "traffic_quality.placements",
        "traffic_quality.queries",
        "traffic_quality.bots",
    ],
    assess: Assess::Alone(assess),
};

fn assess(case: &Case) -> Assessment {
    if case.seen.visits.is_none() || case.seen.inquiries.is_none() {
        return Assessment::not_assessable(Evidence::new("traffic_quality.no_sessions", 0.0, []));
    }
    let channels = Channels::of(case);
    let of = |code: Code| Some((Some(code), of_scope(case, Some(code))?));
    let single: Vec<_> = channels.codes.iter().filter_map(|code| of(*code)).collect();
    // Of all visitors together the calendar says more in a week of holidays.
    let whole = if case.is_festive() {
        None
    } else {
        of_scope(case, None)
    };
    let whole: Vec<_> = whole.map(|evidence| (None, evidence)).into_iter().collect();
    let Some((scope, evidence)) = best([(single, 0.0), (whole, 0.7)]) else {
        return Assessment::not_assessable(Evidence::new("traffic_quality.no_history", 0.0, []));
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
        None => case.judge(&counts, Some(&case.exposure(|_| true))),
    }
}

fn of_scope(case: &Case, scope: Option<Code>) -> Option<Vec<Evidence>> {
    let judged = first_conversion(case, scope)?;
    let values = [
        ("observed", Value::Count(judged.observed)),
        ("expected", Value::Count(judged.expected.round())),
        ("change", Value::Change(judged.change())),
    ];
    let weight = judged.fall();
    let code = if weight >= 0.0 {
        "traffic_quality.inquiries"
    } else {
        "traffic_quality.inquiries_stand"
    };
    let mut evidence = vec![Evidence::new(code, weight, values)];
    evidence.extend(begun_before(case, scope));
    // On holidays other people come and for other reasons: without fewer inquiries of them that is no fault.
    if weight > 0.0 || !case.is_festive() {
        evidence.extend(signs(case, scope));
    }
    evidence.extend(one_kind_only(case, scope, &judged));
    evidence.extend(doubled(case, scope));
    Some(evidence)
}

/// Fewer inquiries of the sessions in the periods before: it may have begun then.
fn begun_before(case: &Case, scope: Option<Code>) -> Option<Evidence> {
    let code = scope?;
    let counts = case.inquiries(|seen| seen.channel == code);
    let weight = case.before(
        &counts,
        Some(&sessions(case, scope, |counts| counts.sessions)),
        bayes::fall,
    );
    before(weight)
}

/// Other visitors write and call less alike: when only one kind of contact fell, its line or form is at fault.
fn one_kind_only(case: &Case, scope: Option<Code>, all: &Judged) -> Option<Evidence> {
    if all.lost() <= 0.0 {
        return None;
    }
    let is_in = is_in(scope);
    let whole = sessions(case, scope, |counts| counts.sessions);
    let calls = case.judge(
        &case.inquiries(|seen| is_in(seen.channel) && Case::is_call(seen)),
        Some(&whole),
    )?;
    let forms = case.judge(
        &case.inquiries(|seen| is_in(seen.channel) && seen.form > 0),
        Some(&whole),
    )?;
    let fallen = all.observed / all.expected.max(1.0);
    // How much better "this kind stayed as it was" fits than "it fell as all did".
    let stayed = |kind: &Judged| {
        let did_not_fall = kind.expected >= 5.0 && kind.change() > -0.5 * (1.0 - fallen);
        if did_not_fall {
            -bayes::by(fallen, kind.observed, kind.expected, kind.dispersion)
        } else {
            0.0
        }
    };
    let weight = stayed(&calls).max(stayed(&forms)).clamp(0.0, 8.0);
    let values = [
        ("calls", Value::Count(calls.observed)),
        ("usual_calls", Value::Count(calls.expected.round())),
        ("forms", Value::Count(forms.observed)),
        ("usual_forms", Value::Count(forms.expected.round())),
    ];
    (weight > 0.5)
        .then(|| Evidence::new("traffic_quality.one_kind", -weight, values).of(Role::Others))
}

/// Sessions that are counted twice bring half as much each, and are no other visitors.
fn doubled(case: &Case, scope: Option<Code>) -> Option<Evidence> {
    let (part, whole) = (
        sessions(case, scope, |counts| counts.doubled),
        sessions(case, scope, |counts| counts.sessions),
    );
    let (now, usual) = shares(case, &part, &whole)?;
    (now > 0.05 && now > 3.0 * usual).then(|| {
        Evidence::new(
            "traffic_quality.doubled",
            -8.0,
            [("share", Value::Share(now))],
        )
        .of(Role::Rival)
    })
}

fn finish(case: &Case, code: Option<Code>, evidence: Vec<Evidence>) -> Assessment {
    let is_in = is_in(code);
    let counts = case.inquiries(|seen| is_in(seen.channel));
    let whole = sessions(case, code, |counts| counts.sessions);
    let judged = first_conversion(case, code);
    // Junk on top of the usual visitors costs no inquiries: what was lost is judged without the sessions.
    let alone = case.judge(&counts, None);
    let scope = code.map(|code| {
        (
            Dimension::Channel,
            case.text(Dimension::Channel, code).to_owned(),
        )
    });
    let lost = judged.map(|judged| {
        let real = alone.map_or(judged.lost(), |alone| {
            alone.lost().clamp(0.0, judged.lost().max(0.0))
        });
        range(real, judged.deviation())
    });
    Assessment {
        evidence,
        scope: scope.into_iter().collect::<Scope>(),
        started_at: change_point::start(case, &counts, Some(&whole)).map(|day| case.instant(day)),
        explains: judged.map_or(0.0, |judged| judged.lost()),
        lost_inquiries: lost,
        ..Assessment::default()
    }
}

#[cfg(test)]
mod tests;

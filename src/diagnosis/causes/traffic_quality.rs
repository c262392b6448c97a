//! Other visitors: a channel's sessions bring fewer inquiries of every kind, and look different.

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

/// Corroboration weighs no more than this.
const MOST: f64 = 6.0;
/// What the second and further signs of one kind are worth.
const REST: f64 = 0.3;

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

/// Name of a sign, what is counted, and whether more of it is worse.
type Sign = (&'static str, fn(&SessionCounts) -> u32);

const SIGNS: [Sign; 3] = [
    ("traffic_quality.bounces", |counts| counts.bounces),
    ("traffic_quality.instant", |counts| counts.instant),
    ("traffic_quality.newcomers", |counts| counts.newcomers),
];

/// Signs of other visitors: the strongest counts whole, the others less; none at all speaks against.
pub(super) fn signs(case: &Case, scope: Option<Code>) -> Vec<Evidence> {
    let whole = sessions(case, scope, |counts| counts.sessions);
    let mut found: Vec<Evidence> = SIGNS
        .iter()
        .filter_map(|(name, count)| {
            let part = sessions(case, scope, count);
            let judged = case
                .judge(&part, Some(&whole))
                .filter(|judged| judged.expected >= 5.0)?;
            let values = shares(case, &part, &whole)?;
            let factor = judged.observed / judged.expected.max(0.5);
            // A share cannot rise sixfold when most sessions have the sign already: the excess over chance decides.
            let weight = judged.rise().max(excess(&judged)) - if factor < 1.05 { 1.0 } else { 0.0 };
            let numbers = [
                ("share", Value::Share(values.0)),
                ("usual", Value::Share(values.1)),
            ];
            Some(Evidence::new(name, weight, numbers).of(Role::Quality))
        })
        .chain(regions(case, scope))
        .collect();
    found.sort_by(|left, right| right.weight.total_cmp(&left.weight));
    for (place, evidence) in found.iter_mut().enumerate() {
        let factor = if place == 0 { 1.0 } else { REST };
        evidence.weight = match evidence.weight > 0.0 {
            true => (evidence.weight * factor).min(MOST),
            false => {
                if place == 0 {
                    (evidence.weight * 1.5).clamp(-2.5, -1.0)
                } else {
                    0.0
                }
            }
        };
    }
    found.retain(|evidence| evidence.weight != 0.0);
    found
}

/// Half the square of the deviation above the expectation, less what the freedom to choose its size costs.
fn excess(judged: &Judged) -> f64 {
    let z = judged.z();
    if z <= 0.0 { -2.0 } else { z * z / 2.0 - 2.5 }
}

/// A part's share of the whole in the reported period and in the base.
fn shares(case: &Case, part: &[f64], whole: &[f64]) -> Option<(f64, f64)> {
    let share = |days: std::ops::Range<usize>| {
        let all: f64 = whole[days.clone()].iter().sum();
        (all > 0.0).then(|| part[days].iter().sum::<f64>() / all)
    };
    Some((
        share(case.start()..case.days())?,
        share(case.base_start()..case.start())?,
    ))
}

/// Sessions from the one region that gained most: other places than usual.
fn regions(case: &Case, scope: Option<Code>) -> Option<Evidence> {
    let is_in = is_in(scope);
    let count = case.seen.names.len(Dimension::Region);
    let mut by_region = vec![vec![0.0; case.days()]; count];
    for row in case
        .seen
        .region_visits
        .iter()
        .filter(|row| is_in(row.channel))
    {
        by_region[usize::from(row.region)][row.day as usize] += f64::from(row.counts.sessions);
    }
    let whole: Vec<f64> = (0..case.days())
        .map(|day| by_region.iter().map(|region| region[day]).sum())
        .collect();
    let price = f64::ln(count.max(2) as f64);
    let gained = by_region.iter().enumerate().filter_map(|(region, part)| {
        let judged = case.judge(part, Some(&whole))?;
        let (now, usual) = shares(case, part, &whole)?;
        // A shift of some points of all sessions, not a handful from somewhere.
        let is_shift = now - usual > 0.05 && judged.observed > 20.0;
        is_shift.then(|| {
            (
                judged.rise().max(excess(&judged)) - price,
                region as Code,
                now,
                usual,
            )
        })
    });
    let (weight, region, now, usual) = gained.max_by(|left, right| left.0.total_cmp(&right.0))?;
    let name = Value::Text(case.text(Dimension::Region, region).to_owned());
    let values = [
        ("region", name),
        ("share", Value::Share(now)),
        ("usual", Value::Share(usual)),
    ];
    (weight > 0.0)
        .then(|| Evidence::new("traffic_quality.region", weight, values).of(Role::Quality))
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
mod tests {
    use super::*;
    use crate::diagnosis::firm;

    #[test]
    fn junk_in_a_channel_is_found() {
        let settings = firm::settings();
        let mut seen = firm::quiet(6);
        for row in seen
            .visits
            .iter_mut()
            .flatten()
            .filter(|row| row.day >= firm::START && row.channel == 2)
        {
            let junk = row.counts.sessions;
            row.counts.sessions += junk;
            row.counts.bounces += junk;
            row.counts.instant += junk;
        }
        let found = assess(&Case::new(&seen, &settings));
        assert!(
            found.log_odds().is_some_and(|log_odds| log_odds > 4.0),
            "{found:?}"
        );
        assert_eq!(found.scope[&Dimension::Channel], "yandex-direct-network");
    }

    #[test]
    fn a_dead_line_is_no_change_of_visitors() {
        let settings = firm::settings();
        let mut seen = firm::quiet(6);
        seen.inquiries
            .as_mut()
            .expect("contacts")
            .retain(|inquiry| inquiry.day < firm::START || !Case::is_call(inquiry));
        let found = assess(&Case::new(&seen, &settings));
        assert!(
            found.log_odds().is_some_and(|log_odds| log_odds < 8.0),
            "{found:?}"
        );
        assert!(
            found
                .evidence
                .iter()
                .any(|evidence| evidence.code == "traffic_quality.one_kind"),
            "{found:?}"
        );
    }

    #[test]
    fn quiet_firms_have_their_usual_visitors() {
        let settings = firm::settings();
        let raised = (0..30).filter(|seed| {
            let seen = firm::quiet(*seed);
            assess(&Case::new(&seen, &settings))
                .log_odds()
                .is_some_and(|log_odds| log_odds > 1.0)
        });
        assert!(raised.count() <= 1);
    }
}

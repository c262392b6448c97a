//! Signs of other visitors.

use super::{is_in, sessions};
use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::model::observations::{Code, Dimension, SessionCounts};

/// Corroboration weighs no more than this.
const MOST: f64 = 6.0;
/// What the second and further signs of one kind are worth.
const REST: f64 = 0.3;

/// Name of a sign, what is counted, and whether more of it is worse.
type Sign = (&'static str, fn(&SessionCounts) -> u32);

const SIGNS: [Sign; 3] = [
    ("traffic_quality.bounces", |counts| counts.bounces),
    ("traffic_quality.instant", |counts| counts.instant),
    ("traffic_quality.newcomers", |counts| counts.newcomers),
];

/// Signs of other visitors: the strongest counts whole, the others less; none at all speaks against.
pub(in crate::diagnosis::causes) fn signs(case: &Case, scope: Option<Code>) -> Vec<Evidence> {
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
pub(super) fn shares(case: &Case, part: &[f64], whole: &[f64]) -> Option<(f64, f64)> {
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

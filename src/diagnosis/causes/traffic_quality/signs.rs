//! Signs of other visitors: what a session looks like, and from where it comes.

use std::ops::Range;

use super::{is_in, sessions};
use crate::config::words::{self, Key};
use crate::diagnosis::case::{Case, Daily, Judged};
use crate::diagnosis::weigh::evidence::{Evidence, Role, Value};
use crate::model::observations::{Code, Dimension, SessionCounts};

/// Signs of visitors weigh no more than this, nats: they corroborate that inquiries are missing.
const SIGN_CAP: f64 = 6.0;
/// What the second and further signs are worth: they are seen in the same visitors as the first.
const FURTHER_SIGN: f64 = 0.3;
/// Fewer expected sessions with a sign do not tell its share.
const FEWEST_WITH_SIGN: f64 = 5.0;
/// A share that is not up by a twentieth is as ever …
const AS_EVER: f64 = 1.05;
/// … and loses so many nats, however sure the count is: in a large channel a difference of no matter is beyond chance.
const AS_EVER_COSTS: f64 = 1.0;
/// Without a single sign of other visitors the clearest one counts for more than it tells, since all the others say the
/// same …
const NO_SIGN: f64 = 1.5;
/// … and weighs between these bounds, nats: junk nearly always leaves a sign, but not every export has its column.
const NO_SIGN_BOUNDS: (f64, f64) = (-2.5, -1.0);
/// What the freedom to choose the size of an excess costs, nats: about ln 12.
const FREE_SIZE: f64 = 2.5;
/// What no excess at all weighs, nats.
const NO_EXCESS: f64 = -2.0;
/// A region must have gained so much of all sessions, as a share, …
const REGION_GAIN: f64 = 0.05;
/// … and have more than so many: a shift of some points, not a handful from somewhere.
const REGION_SESSIONS: f64 = 20.0;

/// A sign that more of the sessions have when other visitors come.
struct Sign {
    /// Its sentence.
    code: Key,
    /// Sessions with it.
    count: fn(&SessionCounts) -> u32,
}

const SIGNS: [Sign; 3] = [
    Sign {
        code: words::evidence::traffic_quality::BOUNCES,
        count: |counts| counts.bounces,
    },
    Sign {
        code: words::evidence::traffic_quality::INSTANT,
        count: |counts| counts.instant,
    },
    Sign {
        code: words::evidence::traffic_quality::NEWCOMERS,
        count: |counts| counts.newcomers,
    },
];

/// A part's share of the whole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shares {
    /// In the reported period.
    pub(super) now: f64,
    /// In the base.
    pub(super) usual: f64,
}

/// Signs of other visitors: the strongest counts whole, the others less; none at all speaks against.
pub(in crate::diagnosis::causes) fn signs(
    case: &Case,
    scope: Option<Code>,
    days: &Range<usize>,
) -> Vec<Evidence> {
    let looks = Looks::of(case, scope);
    let mut found = Vec::new();
    for look in &looks.signs {
        found.extend(look.evidence(case, &looks.whole, days));
    }
    found.extend(regions(case, scope, days));
    found.sort_by(|left, right| right.weight.total_cmp(&left.weight));
    for (place, evidence) in found.iter_mut().enumerate() {
        evidence.weight = if place == 0 {
            of_clearest(evidence.weight)
        } else {
            of_further(evidence.weight)
        };
    }
    found.retain(|evidence| evidence.weight != 0.0);
    found
}

fn of_clearest(weight: f64) -> f64 {
    let (least, most) = NO_SIGN_BOUNDS;
    if weight > 0.0 {
        weight.min(SIGN_CAP)
    } else {
        (weight * NO_SIGN).clamp(least, most)
    }
}

fn of_further(weight: f64) -> f64 {
    if weight > 0.0 {
        (weight * FURTHER_SIGN).min(SIGN_CAP)
    } else {
        // Against other visitors the clearest sign has spoken for all.
        0.0
    }
}

/// What sessions look like, by day.
pub(super) struct Looks {
    /// Sessions by day of the history.
    whole: Vec<f64>,
    signs: Vec<Look>,
}

/// Sessions with one sign, by day.
struct Look {
    /// Its sentence.
    code: Key,
    part: Vec<f64>,
    daily: Daily,
}

impl Looks {
    pub(super) fn of(case: &Case, scope: Option<Code>) -> Self {
        let whole = sessions(case, scope, |counts| counts.sessions);
        let mut signs = Vec::new();
        for sign in &SIGNS {
            let part = sessions(case, scope, sign.count);
            if let Some(daily) = case.daily(&part, Some(&whole)) {
                signs.push(Look {
                    code: sign.code,
                    part,
                    daily,
                });
            }
        }
        Self { whole, signs }
    }

    /// What the clearest sign of some days weighs, nats; none at all speaks against.
    pub(super) fn clearest(&self, days: &Range<usize>) -> f64 {
        let weights = self.signs.iter().filter_map(|look| look.weight(days));
        weights.max_by(f64::total_cmp).map_or(0.0, of_clearest)
    }
}

impl Look {
    /// More of the sessions of some days have the sign; `None` where too few were due.
    fn weight(&self, days: &Range<usize>) -> Option<f64> {
        let judged = self.daily.judged(days);
        if judged.expected < FEWEST_WITH_SIGN {
            return None;
        }
        let factor = judged.observed / judged.expected;
        let as_ever = if factor < AS_EVER { AS_EVER_COSTS } else { 0.0 };
        Some(rise_of_share(&judged) - as_ever)
    }

    fn evidence(&self, case: &Case, whole: &[f64], days: &Range<usize>) -> Option<Evidence> {
        let weight = self.weight(days)?;
        let shares = shares(case, &self.part, whole, days)?;
        let values = [
            ("share", Value::Share(shares.now)),
            ("usual", Value::Share(shares.usual)),
        ];
        Some(Evidence::new(self.code, weight, values).of(Role::Quality))
    }
}

/// The evidence of a rise of a share. It cannot rise sixfold when most sessions have the sign already: then the excess
/// over chance decides.
fn rise_of_share(judged: &Judged) -> f64 {
    judged.rise().max(excess(judged))
}

/// Half the square of the deviation above the expectation, which is the logarithm of the likelihoods' ratio at the best
/// size of the excess, less what the freedom to choose that size costs.
fn excess(judged: &Judged) -> f64 {
    let z = judged.z();
    if z <= 0.0 {
        NO_EXCESS
    } else {
        z * z / 2.0 - FREE_SIZE
    }
}

/// A part's share of the whole on some days of the period; `None` where one of the two spans has no sessions.
pub(super) fn shares(
    case: &Case,
    part: &[f64],
    whole: &[f64],
    days: &Range<usize>,
) -> Option<Shares> {
    let share = |days: Range<usize>| {
        let all: f64 = whole[days.clone()].iter().sum();
        let of_part = part[days].iter().sum::<f64>();
        (all > 0.0).then(|| of_part / all)
    };
    let now = share(days.clone())?;
    let usual = share(case.base_start()..case.start())?;
    Some(Shares { now, usual })
}

/// A region whose share rose.
struct Gain {
    region: Code,
    shares: Shares,
    weight: f64,
}

/// Sessions from the one region that gained most: other places than usual.
fn regions(case: &Case, scope: Option<Code>, days: &Range<usize>) -> Option<Evidence> {
    let by_region = sessions_by_region(case, scope);
    let whole: Vec<f64> = (0..case.days())
        .map(|day| by_region.iter().map(|region| region[day]).sum())
        .collect();
    let mut gains = Vec::new();
    for (region, part) in by_region.iter().enumerate() {
        gains.extend(gain(case, region as Code, part, &whole, days));
    }
    let most = gains
        .into_iter()
        .max_by(|left, right| left.weight.total_cmp(&right.weight))?;
    // The clearest of so many regions pays for the choice.
    let weight = most.weight - f64::ln(by_region.len().max(2) as f64);
    if weight <= 0.0 {
        return None;
    }
    let name = case.text(Dimension::Region, most.region).to_owned();
    let values = [
        ("region", Value::Text(name)),
        ("share", Value::Share(most.shares.now)),
        ("usual", Value::Share(most.shares.usual)),
    ];
    Some(Evidence::new(words::evidence::traffic_quality::REGION, weight, values).of(Role::Quality))
}

fn gain(
    case: &Case,
    region: Code,
    part: &[f64],
    whole: &[f64],
    days: &Range<usize>,
) -> Option<Gain> {
    let judged = case.daily(part, Some(whole))?.judged(days);
    let shares = shares(case, part, whole, days)?;
    let is_shift = shares.now - shares.usual > REGION_GAIN;
    if !is_shift || judged.observed <= REGION_SESSIONS {
        return None;
    }
    Some(Gain {
        region,
        shares,
        weight: rise_of_share(&judged),
    })
}

/// Sessions by region and day.
fn sessions_by_region(case: &Case, scope: Option<Code>) -> Vec<Vec<f64>> {
    let is_in = is_in(scope);
    let count = case.seen.names.len(Dimension::Region);
    let mut by_region = vec![vec![0.0; case.days()]; count];
    let rows = case.seen.region_visits.iter();
    for row in rows.filter(|row| is_in(row.channel)) {
        by_region[usize::from(row.region)][row.day as usize] += f64::from(row.counts.sessions);
    }
    by_region
}

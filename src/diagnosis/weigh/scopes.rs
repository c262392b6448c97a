//! Scopes that several causes look at: channels with what they usually bring, and the choice of the best one.

use crate::diagnosis::case::{Case, Z_95};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::Evidence;
use crate::metrics::values::Estimate;
use crate::model::channel::ChannelId;
use crate::model::observations::{Code, Dimension};

/// Fewer sessions in the base than this are not looked at as a channel. A judgement: five a week, where it is eight weeks.
const FEWEST_SESSIONS: f64 = 40.0;
/// Inquiries that a channel's own rate leans on the total's with. A judgement: a channel that brought a dozen speaks for
/// itself, one that brought two does not.
const PRIOR_INQUIRIES: f64 = 4.0;
/// Inquiries for a session, at least: a base without inquiries must not divide by zero.
const LEAST_RATE: f64 = 1e-6;
/// Where sessions end up that carry no tag.
const UNTAGGED: [&str; 4] = [
    ChannelId::DIRECT,
    ChannelId::UNASSIGNED,
    "referral",
    "internal",
];

/// Channels that are large enough to be looked at, with their usual rates.
pub struct Channels {
    /// Channels with sessions.
    pub codes: Vec<Code>,
    /// Channels that sessions without a tag fall into.
    pub untagged: Vec<Code>,
    rates: Vec<f64>,
    total_rate: f64,
}

impl Channels {
    /// The channels of a case.
    pub fn of(case: &Case) -> Self {
        let base = ScopeBase::of(case);
        let total_rate = base.total_rate();
        let is_large = |code: &Code| base.sessions[usize::from(*code)] >= FEWEST_SESSIONS;
        let is_untagged = |code: &Code| UNTAGGED.contains(&case.text(Dimension::Channel, *code));
        let channels = || case.codes(Dimension::Channel);
        Self {
            codes: channels().filter(is_large).collect(),
            untagged: channels().filter(is_untagged).collect(),
            rates: base.rates(total_rate),
            total_rate,
        }
    }

    /// Inquiries for a session of a channel, or of all.
    pub fn rate(&self, code: Option<Code>) -> f64 {
        code.map_or(self.total_rate, |code| self.rates[usize::from(code)])
    }
}

/// Sessions and inquiries of the base, by the code of their channel.
struct ScopeBase {
    sessions: Vec<f64>,
    inquiries: Vec<f64>,
}

impl ScopeBase {
    fn of(case: &Case) -> Self {
        let channels = case.seen.names.len(Dimension::Channel);
        let mut base = Self {
            sessions: vec![0.0; channels],
            inquiries: vec![0.0; channels],
        };
        let days = case.base_start()..case.start();
        for row in case.seen.visits.iter().flatten() {
            if days.contains(&(row.day as usize)) {
                base.sessions[usize::from(row.channel)] += f64::from(row.counts.sessions);
            }
        }
        for inquiry in case.seen.inquiries.iter().flatten() {
            if days.contains(&(inquiry.day as usize)) {
                base.inquiries[usize::from(inquiry.channel)] += 1.0;
            }
        }
        base
    }

    /// Inquiries for a session of all channels; those of channels without sessions are no proportion of any.
    fn total_rate(&self) -> f64 {
        let pairs = self.sessions.iter().zip(&self.inquiries);
        let with_sessions = pairs.filter(|(sessions, _)| **sessions > 0.0);
        let attributed: f64 = with_sessions.map(|(_, inquiries)| inquiries).sum();
        attributed / self.sessions.iter().sum::<f64>().max(1.0)
    }

    /// Inquiries for a session of each channel, leaning on that of all.
    fn rates(&self, total_rate: f64) -> Vec<f64> {
        let lent_sessions = PRIOR_INQUIRIES / total_rate.max(LEAST_RATE);
        let pairs = self.sessions.iter().zip(&self.inquiries);
        let rates = pairs.map(|(sessions, inquiries)| {
            (inquiries + PRIOR_INQUIRIES) / (sessions + lent_sessions)
        });
        rates.collect()
    }
}

/// Scopes of one kind with their evidence, and what the kind costs beforehand.
pub type Family<Place> = (Vec<(Place, Vec<Evidence>)>, f64);

/// The best scope over several kinds of scopes. Each kind pays for how many it has: the weight of the best one's strongest
/// evidence is lowered so that the sum is the evidence of "one of these".
pub fn best<Place: Clone, const N: usize>(
    families: [Family<Place>; N],
) -> Option<(Place, Vec<Evidence>)> {
    let with_scopes = families.iter().filter(|(scopes, _)| !scopes.is_empty());
    let price_of_kind = f64::ln(with_scopes.count().max(1) as f64);
    let mut found: Option<Best<Place>> = None;
    for (scopes, cost) in families {
        let sums: Vec<f64> = scopes.iter().map(|(_, evidence)| sum(evidence)).collect();
        let of_any = bayes::log_mean(&sums) - cost - price_of_kind;
        let Some(top) = first_largest(&sums) else {
            continue;
        };
        // Of equals the kind that was named first stays.
        if found.as_ref().is_some_and(|best| best.weight >= of_any) {
            continue;
        }
        let (place, mut evidence) = scopes[top].clone();
        if let Some(strongest) = strongest(&mut evidence) {
            strongest.weight += of_any - sums[top];
        }
        found = Some(Best {
            weight: of_any,
            place,
            evidence,
        });
    }
    found.map(|best| (best.place, best.evidence))
}

/// The best scope so far.
struct Best<Place> {
    /// Evidence of its kind after all prices, nats.
    weight: f64,
    place: Place,
    evidence: Vec<Evidence>,
}

/// Where the largest stands; of equals the first.
fn first_largest(sums: &[f64]) -> Option<usize> {
    (0..sums.len()).max_by(|left, right| {
        let by_sum = sums[*left].total_cmp(&sums[*right]);
        by_sum.then(right.cmp(left))
    })
}

fn strongest(evidence: &mut [Evidence]) -> Option<&mut Evidence> {
    evidence
        .iter_mut()
        .max_by(|left, right| left.weight.total_cmp(&right.weight))
}

/// Sum of weights.
pub fn sum(evidence: &[Evidence]) -> f64 {
    evidence.iter().map(|evidence| evidence.weight).sum()
}

/// A value with its 95 % range by the normal law.
pub fn range(value: f64, deviation: f64) -> Estimate {
    Estimate {
        value,
        low: value - Z_95 * deviation,
        high: value + Z_95 * deviation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::words;

    #[test]
    fn the_best_scope_pays_for_the_others_of_its_kind_and_for_the_other_kinds() {
        let of = |weight| vec![Evidence::new(words::evidence::annotation::NEAR, weight, [])];
        let (place, evidence) = best([
            (vec![("all", of(1.0))], 0.0),
            (vec![("x", of(10.0)), ("y", of(-9.0))], 0.0),
        ])
        .expect("scopes");
        assert_eq!(place, "x");
        assert!(
            (sum(&evidence) - (10.0 - 2.0 * f64::ln(2.0))).abs() < 1e-6,
            "{evidence:?}"
        );
    }
}

//! Scopes that several causes look at: channels with what they usually bring, and the choice of the best one.

use crate::diagnosis::case::Case;
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::Evidence;
use crate::metrics::scorecard::Estimate;
use crate::model::channel::ChannelId;
use crate::model::observations::{Code, Dimension};

/// Channels that are large enough to be looked at, with their usual rates.
pub struct Channels {
    /// Channels with sessions.
    pub codes: Vec<Code>,
    /// Channels that sessions without a tag fall into.
    pub untagged: Vec<Code>,
    rates: Vec<f64>,
    total_rate: f64,
}

/// Fewer sessions in the base than this are not looked at as a channel.
const SMALLEST: f64 = 40.0;
/// Inquiries that a channel's own rate leans on the total's with.
const PRIOR_INQUIRIES: f64 = 4.0;

impl Channels {
    /// The channels of a case.
    pub fn of(case: &Case) -> Self {
        let count = case.seen.names.len(Dimension::Channel);
        let is_base = |day: u32| (case.base_start()..case.start()).contains(&(day as usize));
        let (mut sessions, mut made) = (vec![0.0; count], vec![0.0; count]);
        for row in case
            .seen
            .visits
            .iter()
            .flatten()
            .filter(|row| is_base(row.day))
        {
            sessions[usize::from(row.channel)] += f64::from(row.counts.sessions);
        }
        for seen in case
            .seen
            .inquiries
            .iter()
            .flatten()
            .filter(|seen| is_base(seen.day))
        {
            made[usize::from(seen.channel)] += 1.0;
        }
        let attributed: f64 = (0..count)
            .filter(|code| sessions[*code] > 0.0)
            .map(|code| made[code])
            .sum();
        let total_rate = attributed / sessions.iter().sum::<f64>().max(1.0);
        let lent = PRIOR_INQUIRIES / total_rate.max(1e-6);
        let rates = (0..count)
            .map(|code| (made[code] + PRIOR_INQUIRIES) / (sessions[code] + lent))
            .collect();
        let is_untagged = |code: &Code| {
            let name = case.text(Dimension::Channel, *code);
            [
                ChannelId::DIRECT,
                ChannelId::UNASSIGNED,
                "referral",
                "internal",
            ]
            .contains(&name)
        };
        let codes: Vec<Code> = case
            .codes(Dimension::Channel)
            .filter(|code| sessions[usize::from(*code)] >= SMALLEST)
            .collect();
        let untagged = case.codes(Dimension::Channel).filter(is_untagged).collect();
        Self {
            codes,
            untagged,
            rates,
            total_rate,
        }
    }

    /// Inquiries for a session of a channel, or of all.
    pub fn rate(&self, code: Option<Code>) -> f64 {
        code.map_or(self.total_rate, |code| self.rates[usize::from(code)])
    }
}

/// Scopes of one kind with their evidence, and what the kind costs beforehand.
pub type Family<Place> = (Vec<(Place, Vec<Evidence>)>, f64);

/// The best scope over several kinds of scopes. Each kind pays for how many it has: the weight of the best one's strongest
/// evidence is lowered so that the sum is the evidence of "one of these".
pub fn best<Place: Clone, const N: usize>(
    families: [Family<Place>; N],
) -> Option<(Place, Vec<Evidence>)> {
    let kinds = families
        .iter()
        .filter(|(scopes, _)| !scopes.is_empty())
        .count();
    let price = f64::ln(kinds.max(1) as f64);
    let mut found: Option<(f64, Place, Vec<Evidence>)> = None;
    for (scopes, cost) in families {
        let sums: Vec<f64> = scopes.iter().map(|(_, evidence)| sum(evidence)).collect();
        let together = bayes::log_mean(&sums) - cost - price;
        let top = (0..sums.len())
            .max_by(|left, right| sums[*left].total_cmp(&sums[*right]).then(right.cmp(left)));
        let Some(top) = top else { continue };
        if found
            .as_ref()
            .is_some_and(|(weight, ..)| *weight >= together)
        {
            continue;
        }
        let (place, mut evidence) = scopes[top].clone();
        if let Some(strongest) = evidence
            .iter_mut()
            .max_by(|left, right| left.weight.total_cmp(&right.weight))
        {
            strongest.weight += together - sums[top];
        }
        found = Some((together, place, evidence));
    }
    found.map(|(_, place, evidence)| (place, evidence))
}

/// Sum of weights.
pub fn sum(evidence: &[Evidence]) -> f64 {
    evidence.iter().map(|evidence| evidence.weight).sum()
}

/// A value with its 95 % range by the normal law.
pub fn range(value: f64, deviation: f64) -> Estimate {
    Estimate {
        value,
        low: value - 1.96 * deviation,
        high: value + 1.96 * deviation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_scope_pays_for_the_others_of_its_kind_and_for_the_other_kinds() {
        let of = |weight| vec![Evidence::new("annotation.near", weight, [])];
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

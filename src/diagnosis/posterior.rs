//! From evidence to probabilities: every cause alone, every pair, and nothing at all, weighed against each other.
//!
//! The weight of a hypothesis is the sum of its causes' evidence, each on its calibrated line, plus how well the losses
//! that they explain add up to the loss that was seen: a real but small fault cannot take the blame for a large drop.
//! A cause's probability is the sum over the hypotheses that hold it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::calibration::Calibration;
use super::finding::CauseCode;

/// A deviation of more standard deviations than this weighs no more: the distribution is not exact so far out.
const FARTHEST: f64 = 3.0;
/// Relative error of the loss that a cause explains.
const LOSS_ERROR: f64 = 0.2;
/// From this probability on, a cause takes the evidence away from what it voids.
const GATE: f64 = 0.8;
/// No sum of evidence counts for more than this, nats.
const MOST: f64 = 12.0;
/// What evidence from a spoilt source is worth at most, nats.
const SPOILT: f64 = -1.0;

/// What the posterior needs to know of one cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighed {
    /// Which cause.
    pub code: CauseCode,
    /// Sum of its evidence, nats.
    pub log_odds: f64,
    /// Inquiries of the deficit that it explains.
    pub explains: f64,
    /// Causes whose evidence is worth nothing if this one is true.
    pub voids: Vec<CauseCode>,
}

/// The first conversion's loss of the whole period given its sessions, in inquiries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Deficit {
    /// Expected less observed.
    pub inquiries: f64,
    /// Its standard deviation in a quiet period; 0 when it is not known.
    pub deviation: f64,
}

/// Probabilities of a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Posterior {
    /// That anything happened.
    pub incident: f64,
    /// Of each cause; several may be at work.
    pub causes: BTreeMap<CauseCode, f64>,
}

/// Weighs all hypotheses.
pub fn posterior(weighed: &[Weighed], deficit: Deficit, calibration: &Calibration) -> Posterior {
    let evidence = gated(weighed, calibration);
    let line = |at: usize, share: f64| calibration.line(weighed[at].code).weight(shared(evidence[at], share));
    let fit = |explained: f64| calibration.magnitude * magnitude(deficit, explained);
    let mut hypotheses = vec![(Vec::new(), fit(0.0))];
    for (at, cause) in weighed.iter().enumerate() {
        hypotheses.push((vec![at], line(at, 1.0) + fit(cause.explains)));
        for (other, second) in weighed.iter().enumerate().skip(at + 1) {
            if cause.voids.contains(&second.code) || second.voids.contains(&cause.code) {
                continue;
            }
            let (first, last) = if line(at, 1.0) >= line(other, 1.0) { (at, other) } else { (other, at) };
            let share = left_over(deficit, weighed[first].explains, weighed[last].explains);
            let weight = line(first, 1.0) + line(last, share) + calibration.pair;
            hypotheses.push((vec![at, other], weight + fit(cause.explains + second.explains)));
        }
    }
    let most = hypotheses.iter().map(|(_, weight)| *weight).fold(f64::NEG_INFINITY, f64::max);
    let shares: Vec<f64> = hypotheses.iter().map(|(_, weight)| (weight - most).exp()).collect();
    let all: f64 = shares.iter().sum();
    let mut causes = BTreeMap::new();
    for ((members, _), share) in hypotheses.iter().zip(&shares) {
        for member in members {
            *causes.entry(weighed[*member].code).or_insert(0.0) += share / all;
        }
    }
    let raw = (1.0 - shares[0] / all).clamp(1e-12, 1.0 - 1e-12);
    let incident = sigmoid(calibration.incident.weight((raw / (1.0 - raw)).ln()));
    causes.values_mut().for_each(|probability| *probability *= incident / raw);
    Posterior { incident, causes }
}

/// Share of the second cause's loss that the first one leaves to be explained: two causes that see the same missing
/// inquiries may not both be paid for them. One deviation of noise is left to everybody.
fn left_over(deficit: Deficit, first: f64, second: f64) -> f64 {
    if first <= 0.0 || second <= 0.0 || deficit.deviation <= 0.0 {
        return 1.0;
    }
    ((deficit.inquiries + deficit.deviation - first) / second).clamp(0.0, 1.0)
}

/// Evidence of which only a share may be used: the rest is worth as much as that from a spoilt source.
fn shared(log_odds: f64, share: f64) -> f64 {
    if log_odds <= SPOILT { log_odds } else { share * log_odds + (1.0 - share) * SPOILT }
}

/// Each cause's evidence; that from a source that a likely cause spoils is taken away.
fn gated(weighed: &[Weighed], calibration: &Calibration) -> Vec<f64> {
    let line = |code, log_odds: f64| calibration.line(code).weight(log_odds);
    let spoilt = |code: CauseCode| {
        let gates = weighed.iter().filter(|gate| gate.voids.contains(&code));
        gates.map(|gate| sigmoid(line(gate.code, tempered(gate.log_odds)))).fold(0.0, f64::max)
    };
    let effective = |cause: &Weighed| {
        let own = tempered(cause.log_odds);
        if spoilt(cause.code) > GATE { own.min(SPOILT) } else { own }
    };
    weighed.iter().map(effective).collect()
}

/// Evidence of more than some nats counts less and less: no model is exact so far out.
fn tempered(log_odds: f64) -> f64 {
    if log_odds < 0.0 { log_odds } else { MOST * (log_odds / MOST).tanh() }
}

/// Log density of the deficit when `explained` inquiries of it are accounted for, up to a constant.
fn magnitude(deficit: Deficit, explained: f64) -> f64 {
    if deficit.deviation <= 0.0 {
        return 0.0;
    }
    let spread = deficit.deviation.hypot(LOSS_ERROR * explained);
    let z = ((deficit.inquiries - explained) / spread).clamp(-FARTHEST, FARTHEST);
    -0.5 * z * z
}

fn sigmoid(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighed(code: CauseCode, log_odds: f64, explains: f64) -> Weighed {
        Weighed { code, log_odds, explains, voids: Vec::new() }
    }

    fn plain() -> Calibration {
        Calibration::plain(-3.0)
    }

    const NOTHING: Deficit = Deficit { inquiries: 0.0, deviation: 10.0 };

    #[test]
    fn without_evidence_nothing_happened() {
        let quiet: Vec<Weighed> = CauseCode::ALL.iter().map(|code| weighed(*code, -2.0, 0.0)).collect();
        let found = posterior(&quiet, NOTHING, &plain());
        assert!(found.incident < 0.1, "{found:?}");
    }

    #[test]
    fn the_stronger_evidence_wins_and_probabilities_stay_below_one() {
        let found = posterior(
            &[weighed(CauseCode::Forms, 12.0, 30.0), weighed(CauseCode::Unknown, 4.0, 30.0)],
            Deficit { inquiries: 30.0, deviation: 10.0 },
            &plain(),
        );
        assert!(found.causes[&CauseCode::Forms] > 0.95 && found.causes[&CauseCode::Unknown] < 0.1, "{found:?}");
        assert!(found.incident > 0.95 && found.incident <= 1.0);
    }

    #[test]
    fn a_small_fault_does_not_take_the_blame_for_a_large_drop() {
        let causes = [weighed(CauseCode::Forms, 6.0, 5.0), weighed(CauseCode::TrafficQuality, 6.0, 60.0)];
        let found = posterior(&causes, Deficit { inquiries: 60.0, deviation: 10.0 }, &plain());
        assert!(found.causes[&CauseCode::TrafficQuality] > found.causes[&CauseCode::Forms], "{found:?}");
    }

    #[test]
    fn two_faults_that_add_up_are_both_named() {
        let causes = [weighed(CauseCode::Forms, 9.0, 30.0), weighed(CauseCode::Telephony, 9.0, 30.0)];
        let found = posterior(&causes, Deficit { inquiries: 60.0, deviation: 8.0 }, &plain());
        assert!(found.causes.values().all(|probability| *probability > 0.8), "{found:?}");
    }

    #[test]
    fn a_missing_export_takes_the_evidence_away_from_what_it_feeds() {
        let gap = Weighed { voids: vec![CauseCode::Telephony], ..weighed(CauseCode::DataGap, 9.0, 30.0) };
        let found = posterior(&[gap, weighed(CauseCode::Telephony, 20.0, 30.0)], NOTHING, &plain());
        assert!(found.causes[&CauseCode::DataGap] > 0.7, "{found:?}");
        assert!(found.causes.get(&CauseCode::Telephony).copied().unwrap_or(0.0) < 0.1, "{found:?}");
    }
}

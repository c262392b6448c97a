//! From evidence to probabilities, each conversion by itself: nothing, every cause alone, every pair of causes.
//!
//! The weight of a hypothesis is the sum of its causes' log odds (their evidence by role, each role with its learnt
//! weight). Two causes that see the same missing inquiries are not both paid for them. A cause's probability is the sum
//! over the hypotheses that hold it.

use std::collections::BTreeMap;

use super::calibration::{Calibration, Fitted};
use super::features::{Features, Shortfall};
use crate::diagnosis::codes::{CauseCode, Conversion};

/// From this probability on, a cause takes the evidence away from what it voids. A judgement: that of "most likely". It is
/// the same in the fit.
const GATE: f64 = 0.8;
/// Evidence of a cause whose source is spoilt counts for so much at most, nats: a little less likely than without any. A
/// judgement, the same in the fit.
const SPOILT_NATS: f64 = -1.0;
/// Probabilities are kept so far from 0 and 1 that they can be divided by.
const SURE: f64 = 1e-12;

/// What the posterior needs to know of one cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighed {
    /// Which cause.
    pub code: CauseCode,
    /// Which conversion it hurts.
    pub conversion: Conversion,
    /// Its evidence.
    pub features: Features,
    /// Inquiries of the deficit that it explains.
    pub explains: f64,
    /// Causes whose evidence is worth nothing if this one is true.
    pub voids: Vec<(Conversion, CauseCode)>,
}

impl Weighed {
    /// Whether the other cause's evidence is worth nothing if this one is true.
    fn does_void(&self, other: &Self) -> bool {
        self.voids.contains(&(other.conversion, other.code))
    }
}

/// Probabilities of one conversion in a period.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Posterior {
    /// That anything happened, the calendar apart.
    pub incident: f64,
    /// Of each cause; several may be at work.
    pub causes: BTreeMap<CauseCode, f64>,
}

impl Posterior {
    /// The probability of a cause.
    pub fn of(&self, code: CauseCode) -> f64 {
        self.causes.get(&code).copied().unwrap_or(0.0)
    }
}

/// Weighs the hypotheses of one conversion. Causes of the other one are only asked what they spoil.
pub fn posterior(
    all: &[Weighed],
    conversion: Conversion,
    deficit: Shortfall,
    calibration: &Calibration,
) -> Posterior {
    let fitted = calibration.of(conversion);
    let own = all.iter().filter(|cause| cause.conversion == conversion);
    let candidates: Vec<CauseOdds> = own
        .map(|cause| CauseOdds {
            cause,
            odds: odds(cause, all, calibration),
        })
        .collect();
    let combinations = combinations(&candidates, deficit, fitted);
    calibrated(summed_up(&combinations), fitted)
}

/// A cause of the conversion with its odds.
struct CauseOdds<'a> {
    cause: &'a Weighed,
    odds: Odds,
}

/// What may be the case: the causes at work, none of them others.
struct Combination<'a> {
    causes: Vec<&'a Weighed>,
    /// Log odds against "nothing happened".
    weight: f64,
}

/// Nothing, every cause alone, every pair of causes that can be at work together.
fn combinations<'a>(
    candidates: &[CauseOdds<'a>],
    deficit: Shortfall,
    fitted: &Fitted,
) -> Vec<Combination<'a>> {
    let nothing = Combination {
        causes: Vec::new(),
        weight: 0.0,
    };
    let mut combinations = vec![nothing];
    for (at, one) in candidates.iter().enumerate() {
        combinations.push(Combination {
            causes: vec![one.cause],
            weight: one.odds.total(),
        });
        for other in &candidates[at + 1..] {
            if one.cause.does_void(other.cause) || other.cause.does_void(one.cause) {
                continue;
            }
            combinations.push(Combination {
                causes: vec![one.cause, other.cause],
                weight: weight_of_pair(one, other, deficit, fitted),
            });
        }
    }
    combinations
}

/// A cause's probability is the sum over the combinations that hold it.
fn summed_up(combinations: &[Combination]) -> Posterior {
    let weights = combinations.iter().map(|combination| combination.weight);
    let most = weights.clone().fold(f64::NEG_INFINITY, f64::max);
    // Relative to the largest, which no exponential can overflow.
    let shares: Vec<f64> = weights.map(|weight| (weight - most).exp()).collect();
    let sum: f64 = shares.iter().sum();
    let mut found = Posterior::default();
    for (combination, share) in combinations.iter().zip(&shares) {
        let probability = share / sum;
        let mut causes = combination.causes.iter();
        // The calendar is a cause, but no incident.
        if causes.any(|cause| cause.code != CauseCode::Seasonality) {
            found.incident += probability;
        }
        for cause in &combination.causes {
            *found.causes.entry(cause.code).or_insert(0.0) += probability;
        }
    }
    found
}

/// Puts the probability of an incident on its fitted line, and the causes with it; the calendar is no incident.
fn calibrated(mut found: Posterior, fitted: &Fitted) -> Posterior {
    let raw = found.incident.clamp(SURE, 1.0 - SURE);
    found.incident = fitted.incident.apply(raw);
    let scale = found.incident / raw;
    for (code, probability) in &mut found.causes {
        if *code != CauseCode::Seasonality {
            *probability = (*probability * scale).min(1.0);
        }
    }
    found
}

/// Log odds of a cause against "nothing happened": what is known beforehand, and what its evidence adds.
#[derive(Debug, Clone, Copy)]
struct Odds {
    prior: f64,
    evidence: f64,
}

impl Odds {
    fn total(self) -> f64 {
        self.prior + self.evidence
    }
}

fn odds(cause: &Weighed, all: &[Weighed], calibration: &Calibration) -> Odds {
    let line = calibration.of(cause.conversion).line(cause.code);
    let evidence = line.evidence(&cause.features);
    Odds {
        prior: line.intercept,
        evidence: if is_spoilt(cause, all, calibration) {
            evidence.min(SPOILT_NATS)
        } else {
            evidence
        },
    }
}

/// Whether a likely cause of either conversion makes this one's evidence worthless.
fn is_spoilt(cause: &Weighed, all: &[Weighed], calibration: &Calibration) -> bool {
    let is_likely = |gate: &Weighed| {
        let line = calibration.of(gate.conversion).line(gate.code);
        let log_odds = line.intercept + line.evidence(&gate.features);
        sigmoid(log_odds) > GATE
    };
    let mut gates = all.iter().filter(|gate| gate.does_void(cause));
    gates.any(is_likely)
}

/// The weight of two causes at once: the weaker one is paid for what the stronger one leaves to be explained.
fn weight_of_pair(one: &CauseOdds, other: &CauseOdds, deficit: Shortfall, fitted: &Fitted) -> f64 {
    let (stronger, weaker) = if one.odds.total() >= other.odds.total() {
        (one, other)
    } else {
        (other, one)
    };
    let share = left_over(deficit, stronger.cause.explains, weaker.cause.explains);
    // What speaks against the weaker one does so whatever is left to be explained.
    let evidence = if weaker.odds.evidence > 0.0 {
        share * weaker.odds.evidence
    } else {
        weaker.odds.evidence
    };
    stronger.odds.total() + weaker.odds.prior + evidence + fitted.pair
}

/// Share of the second cause's loss that the first one leaves to be explained: two causes that see the same missing
/// inquiries may not both be paid for them. One deviation of noise is left to everybody.
fn left_over(deficit: Shortfall, first: f64, second: f64) -> f64 {
    if first <= 0.0 || second <= 0.0 || deficit.deviation <= 0.0 {
        return 1.0;
    }
    let left = deficit.inquiries + deficit.deviation - first;
    (left / second).clamp(0.0, 1.0)
}

fn sigmoid(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::weigh::evidence::Role;

    fn weighed(code: CauseCode, log_odds: f64, explains: f64) -> Weighed {
        let features = Features::from([(Role::Main, log_odds)]);
        Weighed {
            code,
            conversion: Conversion::First,
            features,
            explains,
            voids: Vec::new(),
        }
    }

    fn plain() -> Calibration {
        Calibration::plain(-3.0)
    }

    fn first(causes: &[Weighed], deficit: Shortfall) -> Posterior {
        posterior(causes, Conversion::First, deficit, &plain())
    }

    const NOTHING: Shortfall = Shortfall {
        inquiries: 0.0,
        deviation: 10.0,
    };

    #[test]
    fn without_evidence_nothing_happened() {
        let quiet: Vec<Weighed> = CauseCode::ALL
            .iter()
            .map(|code| weighed(*code, -2.0, 0.0))
            .collect();
        let found = first(&quiet, NOTHING);
        assert!(found.incident < 0.1, "{found:?}");
    }

    #[test]
    fn the_stronger_evidence_wins_and_probabilities_stay_below_one() {
        let causes = [
            weighed(CauseCode::Forms, 12.0, 30.0),
            weighed(CauseCode::Unknown, 4.0, 30.0),
        ];
        let found = first(
            &causes,
            Shortfall {
                inquiries: 30.0,
                deviation: 10.0,
            },
        );
        assert!(
            found.of(CauseCode::Forms) > 0.95 && found.of(CauseCode::Unknown) < 0.3,
            "{found:?}"
        );
        assert!(found.incident > 0.95 && found.incident <= 1.0);
    }

    #[test]
    fn the_season_is_no_incident() {
        let found = first(&[weighed(CauseCode::Seasonality, 12.0, 0.0)], NOTHING);
        assert!(
            found.of(CauseCode::Seasonality) > 0.99 && found.incident < 1e-9,
            "{found:?}"
        );
    }

    #[test]
    fn two_faults_that_add_up_are_both_named() {
        let causes = [
            weighed(CauseCode::Forms, 9.0, 30.0),
            weighed(CauseCode::Telephony, 9.0, 30.0),
        ];
        let found = first(
            &causes,
            Shortfall {
                inquiries: 60.0,
                deviation: 8.0,
            },
        );
        assert!(
            found.causes.values().all(|probability| *probability > 0.8),
            "{found:?}"
        );
    }

    #[test]
    fn two_faults_that_see_the_same_loss_share_it() {
        let causes = [
            weighed(CauseCode::Forms, 12.0, 60.0),
            weighed(CauseCode::TrafficQuality, 7.0, 60.0),
        ];
        let found = first(
            &causes,
            Shortfall {
                inquiries: 50.0,
                deviation: 8.0,
            },
        );
        assert!(
            found.of(CauseCode::Forms) > 0.9 && found.of(CauseCode::TrafficQuality) < 0.3,
            "{found:?}"
        );
    }

    #[test]
    fn a_missing_export_takes_the_evidence_away_from_what_it_feeds_in_both_conversions() {
        let gap = Weighed {
            voids: vec![
                (Conversion::First, CauseCode::Telephony),
                (Conversion::Second, CauseCode::Managers),
            ],
            ..weighed(CauseCode::DataGap, 9.0, 30.0)
        };
        let managers = Weighed {
            conversion: Conversion::Second,
            ..weighed(CauseCode::Managers, 20.0, 0.0)
        };
        let causes = [gap, weighed(CauseCode::Telephony, 20.0, 30.0), managers];
        let found = first(&causes, NOTHING);
        assert!(
            found.of(CauseCode::DataGap) > 0.7 && found.of(CauseCode::Telephony) < 0.1,
            "{found:?}"
        );
        let second = posterior(&causes, Conversion::Second, NOTHING, &plain());
        assert!(second.incident < 0.1, "{second:?}");
    }
}

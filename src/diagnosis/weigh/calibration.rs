//! What evidence is worth, by cause and role: fitted on simulated firms (`tests/calibration`, docs/METHODOLOGY.md).

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::evidence::Role;
use super::features::Features;
use crate::diagnosis::codes::{CauseCode, Conversion};

/// The fitted file.
const FITTED: &str = include_str!("calibration.toml");
/// The evidence of one role counts less and less beyond so many nats: no model is exact so far out.
/// The fit uses the same number.
const MOST_OF_ROLE_NATS: f64 = 12.0;
/// Probabilities are kept so far from 0 and 1 that their log odds are numbers.
const SURE: f64 = 1e-12;
/// Log odds of a cause that was never fitted: once in four hundred periods. A judgement.
const UNFITTED_INTERCEPT: f64 = -6.0;

/// The log odds of one cause: `intercept + Σ weight · evidence`, over roles.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Log of how often the cause is at work, against "nothing happened".
    pub intercept: f64,
    /// How much of a nat of evidence counts, by role; never negative, so that more evidence is never less likely.
    pub weights: BTreeMap<Role, f64>,
}

impl Line {
    /// What evidence adds to the log odds.
    pub fn evidence(&self, features: &Features) -> f64 {
        let counted = features.iter().map(|(role, nats)| {
            // A role that was not fitted for the cause says nothing of it.
            let weight = self.weights.get(role).copied().unwrap_or(0.0);
            weight * tempered(*nats)
        });
        counted.sum()
    }
}

/// Evidence as it counts: nearly in full where there is little, and never more than the bound.
fn tempered(nats: f64) -> f64 {
    MOST_OF_ROLE_NATS * (nats / MOST_OF_ROLE_NATS).tanh()
}

/// A line for log odds.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platt {
    /// Log odds where those that are put in are 0.
    pub intercept: f64,
    /// How far they move with those that are put in.
    pub slope: f64,
}

impl Platt {
    /// A probability on the line.
    pub fn apply(self, probability: f64) -> f64 {
        let probability = probability.clamp(SURE, 1.0 - SURE);
        let log_odds = (probability / (1.0 - probability)).ln();
        let on_the_line = self.intercept + self.slope * log_odds;
        1.0 / (1.0 + (-on_the_line).exp())
    }
}

/// Everything that was fitted for one conversion.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fitted {
    /// Log of how much rarer two causes at once are than their product.
    pub pair: f64,
    /// From this probability of an incident on a finding is made.
    pub alarm: f64,
    /// The line that the log odds of any incident are put on at the end (Platt, Advances in Large Margin Classifiers, 1999).
    pub incident: Platt,
    /// One line for each cause.
    pub causes: BTreeMap<CauseCode, Line>,
}

impl Fitted {
    /// The line of a cause; one that was never fitted hardly ever is at work.
    pub fn line(&self, code: CauseCode) -> &Line {
        static UNFITTED: Line = Line {
            intercept: UNFITTED_INTERCEPT,
            weights: BTreeMap::new(),
        };
        self.causes.get(&code).unwrap_or(&UNFITTED)
    }
}

/// What was fitted for both conversions: each has its own.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// What it was fitted on, for the report.
    pub fitted_on: String,
    /// Traffic to inquiry.
    pub first: Fitted,
    /// Inquiry to sale.
    pub second: Fitted,
}

impl Calibration {
    /// The calibration that the program carries.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Calibration> = OnceLock::new();
        SHIPPED
            .get_or_init(|| toml::from_str(FITTED).expect("a test reads the shipped calibration"))
    }

    /// What was fitted for a conversion.
    pub fn of(&self, conversion: Conversion) -> &Fitted {
        match conversion {
            Conversion::First => &self.first,
            Conversion::Second => &self.second,
        }
    }

    /// Evidence at face value with one prior for every cause.
    #[cfg(test)]
    pub(crate) fn plain(intercept: f64) -> Self {
        let weights: BTreeMap<Role, f64> = Role::ALL.into_iter().map(|role| (role, 1.0)).collect();
        let line = Line { intercept, weights };
        let causes = CauseCode::ALL.into_iter();
        let fitted = Fitted {
            pair: 0.0,
            alarm: 0.5,
            incident: Platt {
                intercept: 0.0,
                slope: 1.0,
            },
            causes: causes.map(|code| (code, line.clone())).collect(),
        };
        Self {
            fitted_on: String::new(),
            first: fitted.clone(),
            second: fitted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::causes::CAUSES;

    #[test]
    fn the_shipped_calibration_has_a_rising_line_for_every_cause() {
        let shipped = Calibration::shipped();
        for cause in CAUSES {
            let fitted = shipped.of(cause.conversion);
            let line = fitted
                .causes
                .get(&cause.code)
                .unwrap_or_else(|| panic!("no line for {:?}", cause.code));
            let is_rising = line
                .weights
                .values()
                .all(|weight| (0.0..=3.0).contains(weight));
            assert!(
                is_rising && line.intercept < 0.0,
                "{:?} {line:?}",
                cause.code
            );
            assert!(
                line.weights.values().any(|weight| *weight > 0.0),
                "{:?} can never be found",
                cause.code
            );
        }
        for conversion in [Conversion::First, Conversion::Second] {
            assert!((0.0..1.0).contains(&shipped.of(conversion).alarm));
        }
    }

    // By hand: 12·tanh(1) = 9.139, 12·tanh(−0.5) = −5.545; half of the first and all of the second.
    #[test]
    fn evidence_adds_up_by_role_and_counts_less_far_out() {
        let line = Line {
            intercept: -2.0,
            weights: BTreeMap::from([(Role::Main, 0.5), (Role::Others, 1.0)]),
        };
        let features =
            Features::from([(Role::Main, 12.0), (Role::Others, -6.0), (Role::Rows, 9.0)]);
        assert!((line.evidence(&features) - (0.5 * 9.1391 - 5.5454)).abs() < 1e-3);
    }
}

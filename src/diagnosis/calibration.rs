//! The lines that turn evidence into weights, fitted on simulated firms (`tests/calibration`, docs/METHODOLOGY.md).

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::finding::CauseCode;

/// The fitted file.
const FITTED: &str = include_str!("calibration.toml");

/// Weight of one cause: `intercept + slope · log odds`.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Log of how often the cause is at work, against "nothing happened".
    pub intercept: f64,
    /// How much of a nat of evidence counts: below 1, because the evidence is not exact.
    pub slope: f64,
}

impl Line {
    /// The calibrated weight of evidence.
    pub fn weight(self, log_odds: f64) -> f64 {
        self.intercept + self.slope * log_odds
    }
}

/// Everything that was fitted.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// What it was fitted on, for the report.
    pub fitted_on: String,
    /// How much the fit of explained to seen loss counts.
    pub magnitude: f64,
    /// Log of how much rarer two causes at once are than their product.
    pub pair: f64,
    /// From this probability of an incident on a finding is made.
    pub alarm: f64,
    /// The line that the log odds of any incident are put on at the end (Platt, Advances in Large Margin Classifiers, 1999).
    pub incident: Line,
    /// One line for each cause.
    pub causes: BTreeMap<CauseCode, Line>,
}

impl Calibration {
    /// The calibration that the program carries.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Calibration> = OnceLock::new();
        SHIPPED.get_or_init(|| toml::from_str(FITTED).expect("a test reads the shipped calibration"))
    }

    /// The line of a cause.
    pub fn line(&self, code: CauseCode) -> Line {
        self.causes.get(&code).copied().unwrap_or(Line { intercept: -4.0, slope: 0.5 })
    }

    /// Evidence at face value with one prior for every cause.
    #[cfg(test)]
    pub(crate) fn plain(intercept: f64) -> Self {
        let line = |code| (code, Line { intercept, slope: 1.0 });
        let causes = CauseCode::ALL.into_iter().map(line).collect();
        let incident = Line { intercept: 0.0, slope: 1.0 };
        Self { fitted_on: String::new(), magnitude: 1.0, pair: 0.0, alarm: 0.5, incident, causes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_calibration_has_a_rising_line_for_every_cause() {
        let shipped = Calibration::shipped();
        for code in CauseCode::ALL {
            let line = shipped.causes.get(&code).unwrap_or_else(|| panic!("no line for {code:?}"));
            assert!(line.slope > 0.0 && line.slope <= 2.0 && line.intercept < 0.0, "{code:?} {line:?}");
        }
        assert!((0.0..1.0).contains(&shipped.alarm));
    }
}

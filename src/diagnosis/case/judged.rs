//! What a count should have been and was.

use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::Value;

/// Standard deviations on either side of the mean that hold 95 % of a normal law.
pub const Z_95: f64 = 1.96;

/// What a count should have been and was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// Seen in the span.
    pub observed: f64,
    /// To be expected in it, with the calendar and the exposure of the span.
    pub expected: f64,
    /// To be expected in it if it had no holidays and no season.
    pub ordinary: f64,
    /// Relative variance of the expectation and of the span's own level, beyond chance.
    pub dispersion: f64,
}

impl Judged {
    /// Expected less observed: positive is a loss.
    pub fn lost(&self) -> f64 {
        self.expected - self.observed
    }

    /// Standard deviation of the observed count around the expected one: `√(E + E²·dispersion)`, that of a negative
    /// binomial count.
    pub fn deviation(&self) -> f64 {
        let by_chance = self.expected;
        let beyond_chance = self.expected * self.expected * self.dispersion;
        (by_chance + beyond_chance).sqrt()
    }

    /// Standard deviations that the count lies above (positive) or below what was expected.
    pub fn z(&self) -> f64 {
        if self.expected <= 0.0 {
            return 0.0;
        }
        (self.observed - self.expected) / self.deviation()
    }

    /// Log Bayes factor of a fall.
    pub fn fall(&self) -> f64 {
        bayes::fall(self.observed, self.expected, self.dispersion)
    }

    /// Log Bayes factor of a rise.
    pub fn rise(&self) -> f64 {
        bayes::rise(self.observed, self.expected, self.dispersion)
    }

    /// Seen and expected, as a sentence names them.
    pub fn counts(&self) -> [(&'static str, Value); 2] {
        [
            ("observed", Value::Count(self.observed)),
            ("expected", Value::Count(self.expected)),
        ]
    }

    /// Observed ÷ expected − 1.
    pub fn change(&self) -> f64 {
        if self.expected > 0.0 {
            self.observed / self.expected - 1.0
        } else {
            0.0
        }
    }
}

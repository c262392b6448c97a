//! When a change began: the split of the days into "usual" and "changed" that fits best.

use super::case::Case;

/// Days before the reported period in which a change may have begun: three weeks. A judgement.
const DAYS_BEFORE: usize = 21;
/// A split that gains less log likelihood than this, nats, is no change.
const LEAST_GAIN_NATS: f64 = 1.0;

/// The day of the history on which a count left its usual level until the period's end, by the best split of the last
/// days; `None` when the last days do not differ.
pub fn start(case: &Case, counts: &[f64], exposure: Option<&[f64]>) -> Option<usize> {
    let usual = UsualDays::of(case, counts, exposure);
    if usual.in_period.iter().sum::<f64>() <= 0.0 {
        return None;
    }
    let gain = |from: usize| {
        let mut seen = 0.0;
        let mut due = 0.0;
        for (day, count) in counts.iter().enumerate().take(case.days()).skip(from) {
            seen += count;
            due += usual.due(day);
        }
        if due <= 0.0 {
            return 0.0;
        }
        log_likelihood_ratio(seen, due)
    };
    let first = case.start().saturating_sub(DAYS_BEFORE);
    // Of equally good splits the earliest.
    let best = (first..case.days())
        .max_by(|left, right| gain(*left).total_cmp(&gain(*right)).then(right.cmp(left)))?;
    (gain(best) > LEAST_GAIN_NATS).then_some(best)
}

/// What was to be expected of each day, in the period and before it.
struct UsualDays<'e> {
    /// First day of the period.
    start: usize,
    /// By day of the period.
    in_period: Vec<f64>,
    exposure: Option<&'e [f64]>,
}

impl<'e> UsualDays<'e> {
    fn of(case: &Case, counts: &[f64], exposure: Option<&'e [f64]>) -> Self {
        let expected = |day: usize| {
            let judged = case.judge_span(counts, exposure, day, day + 1);
            judged.map_or(0.0, |judged| judged.expected)
        };
        Self {
            start: case.start(),
            in_period: (case.start()..case.days()).map(expected).collect(),
            exposure,
        }
    }

    /// Days before the period are expected as their weekdays in the period are, by their own exposure.
    fn due(&self, day: usize) -> f64 {
        if day >= self.start {
            return self.in_period[day - self.start];
        }
        let length = self.in_period.len();
        // Whole periods are added so that the difference is not negative.
        let like = (day + length * DAYS_BEFORE - self.start) % length;
        let exposed = self.exposed(self.start + like);
        if exposed > 0.0 {
            self.in_period[like] / exposed * self.exposed(day)
        } else {
            self.in_period[like]
        }
    }

    fn exposed(&self, day: usize) -> f64 {
        self.exposure.map_or(1.0, |exposure| exposure[day])
    }
}

/// Log likelihood ratio of a Poisson count with a mean of its own against its expectation.
fn log_likelihood_ratio(seen: f64, expected: f64) -> f64 {
    let log = if seen > 0.0 {
        seen * (seen / expected).ln()
    } else {
        0.0
    };
    log - (seen - expected)
}

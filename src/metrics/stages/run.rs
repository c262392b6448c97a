//! The counts of one stage over all periods, and what those before let expect of one.

use crate::metrics::predictive::{MIN_PERIODS, Prediction, Sample};

/// How many came to a stage of how many at the one before, period by period, oldest first; `None` where it is not known.
pub(super) type Run = Vec<Option<Sample>>;

/// What is known of a stage in one period.
pub(super) struct Outlook {
    /// How many came to it, of how many.
    pub(super) seen: Sample,
    /// The share over the periods that it was learnt from, as a hand would work it out: `ΣK ÷ ΣN`.
    pub(super) usual_share: f64,
    /// What was to be expected.
    pub(super) prediction: Prediction,
}

/// The outlook of the period at `at` by up to `base` periods before it. `None` where the stage is no part of the one before,
/// be it then or in the past, or fewer than four periods are known to learn from.
pub(super) fn outlook(run: &[Option<Sample>], at: usize, base: usize) -> Option<Outlook> {
    let seen = run[at].filter(|seen| seen.n > 0.0)?;
    let known = run[at.saturating_sub(base)..at].iter().flatten();
    let history: Vec<Sample> = known.filter(|past| past.n > 0.0).copied().collect();
    let is_share = |sample: &Sample| sample.k <= sample.n;
    if history.len() < MIN_PERIODS || !is_share(&seen) || !history.iter().all(is_share) {
        return None;
    }
    let sum = |of: fn(&Sample) -> f64| history.iter().map(of).fold(0.0, |sum, count| sum + count);
    Some(Outlook {
        seen,
        usual_share: sum(|past| past.k) / sum(|past| past.n),
        prediction: Prediction::of_rate(&history, seen.n)?,
    })
}

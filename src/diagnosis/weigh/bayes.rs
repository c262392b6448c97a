//! How much a count speaks for a fall or a rise: Bayes factors against the predictive distribution of a quiet period.
//!
//! The alternative spreads its belief evenly over the sizes that a change may have, so a factor pays for its freedom by
//! itself: a count at its expectation speaks against a change, one far away speaks for it (Kass and Raftery, Journal of
//! the American Statistical Association 90 (1995) 773–795).

use statrs::function::gamma::ln_gamma;

/// No single piece of evidence weighs more than this, nats: the predictive distribution is not exact so far out.
pub const EVIDENCE_CAP: f64 = 25.0;
/// Sizes that a change is tried at: a hundred times as many move the result by less than a tenth of a nat, up to five
/// thousand events.
const SIZES_TRIED: usize = 24;
/// The smallest fall or rise that is still called a change. A judgement: readers do not act on less.
const SMALLEST_CHANGE: f64 = 0.1;
/// The largest rise that is tried. A judgement.
const LARGEST_RISE: f64 = 6.0;
/// Events that are left of a dead scope: a stray one in fifty periods. With none at all one would be impossible.
const STRAY_EVENTS: f64 = 0.02;
/// A smaller relative variance is that of a Poisson count; `1/dispersion` would lose its digits.
const NO_DISPERSION: f64 = 1e-9;

/// Log Bayes factor of "fell by 10 to 100 %" against "as expected" for `observed` events where `expected` were due with
/// relative variance `dispersion` beyond chance.
pub fn fall(observed: f64, expected: f64, dispersion: f64) -> f64 {
    let most_left = 1.0 - SMALLEST_CHANGE;
    let factors = (0..SIZES_TRIED).map(|size| most_left * middle_of(size) / SIZES_TRIED as f64);
    against_quiet(observed, expected, dispersion, factors)
}

/// Log Bayes factor of "rose by 10 % to sixfold" against "as expected".
pub fn rise(observed: f64, expected: f64, dispersion: f64) -> f64 {
    // Even in the logarithm: a doubling is as likely as a rise from twice to four times.
    let low = (1.0 + SMALLEST_CHANGE).ln();
    let high = LARGEST_RISE.ln();
    let factors = (0..SIZES_TRIED).map(|size| {
        let log = low + (high - low) * middle_of(size) / SIZES_TRIED as f64;
        log.exp()
    });
    against_quiet(observed, expected, dispersion, factors)
}

/// Log Bayes factor of a change by a known factor against "as expected": 0 is a dead line, 2 a doubled tag.
pub fn by(factor: f64, observed: f64, expected: f64, dispersion: f64) -> f64 {
    against_quiet(observed, expected, dispersion, std::iter::once(factor))
}

/// The middle of one of the equal steps that a range is cut into.
fn middle_of(step: usize) -> f64 {
    step as f64 + 0.5
}

/// Log of the mean likelihood over the factors, against that of the expectation.
fn against_quiet(
    observed: f64,
    expected: f64,
    dispersion: f64,
    factors: impl Iterator<Item = f64>,
) -> f64 {
    if expected <= 0.0 {
        return 0.0;
    }
    let quiet = log_density(observed, expected, dispersion);
    let ratio = |factor: f64| {
        let changed = (expected * factor).max(STRAY_EVENTS);
        log_density(observed, changed, dispersion) - quiet
    };
    let ratios: Vec<f64> = factors.map(ratio).collect();
    log_mean(&ratios).clamp(-EVIDENCE_CAP, EVIDENCE_CAP)
}

/// Log probability of a count, up to a constant in the count: negative binomial of a mean and `Var = m + m²·dispersion`.
fn log_density(count: f64, mean: f64, dispersion: f64) -> f64 {
    if dispersion < NO_DISPERSION {
        return count * mean.ln() - mean;
    }
    let r = 1.0 / dispersion;
    ln_gamma(count + r) - ln_gamma(r) + r * (r / (r + mean)).ln() + count * (mean / (r + mean)).ln()
}

/// Log of the mean of exponentials: the evidence of "one of these", all equally likely before.
pub fn log_mean(logs: &[f64]) -> f64 {
    let Some(most) = logs.iter().copied().max_by(f64::total_cmp) else {
        return 0.0;
    };
    if !most.is_finite() {
        return most;
    }
    // Relative to the largest, which no exponential can overflow.
    let sum = logs.iter().map(|log| (log - most).exp()).sum::<f64>();
    most + (sum / logs.len() as f64).ln()
}

/// Evidence of "the one, with a probability beforehand, else the other".
pub fn either(one: f64, probability: f64, other: f64) -> f64 {
    // Times two, since the mean over two halves them.
    log_mean(&[
        one + (2.0 * probability).ln(),
        other + (2.0 - 2.0 * probability).ln(),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expected_count_speaks_against_a_change_and_a_missing_one_for_it() {
        assert!(fall(100.0, 100.0, 0.006) < -0.5 && rise(100.0, 100.0, 0.006) < -0.5);
        assert!(fall(60.0, 100.0, 0.006) > 3.0 && rise(60.0, 100.0, 0.006) < -2.0);
        assert!(fall(0.0, 12.0, 0.05) > 4.0);
        assert!(
            fall(1.0, 2.0, 0.05).abs() < 0.5,
            "two expected events tell little"
        );
    }

    // Poisson: 12^0 e^0.02·… for a dead line, ln(e^{-0.02}/e^{-12}) = 11.98.
    #[test]
    fn a_dead_line_is_worth_its_expected_calls() {
        assert!((by(0.0, 0.0, 12.0, 0.0) - 11.98).abs() < 1e-9);
    }

    #[test]
    fn one_of_several_scopes_pays_for_the_others() {
        assert!((log_mean(&[10.0, -50.0]) - (10.0 - 2f64.ln())).abs() < 1e-9);
        assert_eq!(log_mean(&[]), 0.0);
    }
}

//! The change of a product of factors, shared out exactly among them.

/// How much of `Π x₁ − Π x₀` each factor made: Shapley's value over the orders in which factors may change, which for two
/// factors is Bennet's `x̄₂·Δx₁ + x̄₁·Δx₂` (A. Shorrocks, Journal of Economic Inequality 11 (2013) 99–126).
///
/// Returned as slopes: the contribution of factor `j` is `slope[j] · (x₁[j] − x₀[j])`, so that a caller can split the change
/// of one factor further. Exact, symmetric in time, finite at zeros, and linear in every other factor: two products that
/// share all rates and differ in volume only have together what their sum has.
pub(in crate::metrics) fn slopes(base: &[f64], now: &[f64]) -> Vec<f64> {
    (0..base.len())
        .map(|factor| slope(base, now, factor))
        .collect()
}

fn slope(base: &[f64], now: &[f64], factor: usize) -> f64 {
    // by_changed[c] is the sum over all choices of c other factors that have changed already.
    let mut by_changed = vec![1.0];
    for (place, (x0, x1)) in base.iter().zip(now).enumerate() {
        if place == factor {
            continue;
        }
        let mut next = vec![0.0; by_changed.len() + 1];
        for (changed, sum) in by_changed.iter().enumerate() {
            next[changed] += sum * x0;
            next[changed + 1] += sum * x1;
        }
        by_changed = next;
    }
    // |S|!·(k−1−|S|)!/k! = 1 ÷ (k · C(k−1, |S|)).
    let others = by_changed.len() - 1;
    let mut choices = 1.0;
    let mut slope = 0.0;
    for (changed, sum) in by_changed.iter().enumerate() {
        slope += sum / (base.len() as f64 * choices);
        choices = choices * (others - changed) as f64 / (changed + 1) as f64;
    }
    slope
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contributions(base: &[f64], now: &[f64]) -> Vec<f64> {
        slopes(base, now)
            .iter()
            .zip(base.iter().zip(now))
            .map(|(slope, (x0, x1))| slope * (x1 - x0))
            .collect()
    }

    // By hand: 10·2 → 12·3. 10 → 12 at the mean of 2 and 3 is 5; 2 → 3 at the mean of 10 and 12 is 11; 36 − 20 = 16.
    #[test]
    fn two_factors_are_taken_at_the_mean_of_the_other() {
        assert_eq!(contributions(&[10.0, 2.0], &[12.0, 3.0]), [5.0, 11.0]);
    }

    // By the mean over all 24 orders of change, in Python's itertools.permutations.
    #[test]
    fn four_factors_are_the_mean_over_all_orders() {
        let found = contributions(&[1000.0, 0.05, 0.2, 80.0], &[1300.0, 0.04, 0.25, 90.0]);
        let wanted = [
            257.125,
            -222.041_666_666_666_7,
            218.958_333_333_333_4,
            115.958_333_333_333_4,
        ];
        for (found, wanted) in found.iter().zip(wanted) {
            assert!((found - wanted).abs() < 1e-9, "{found} is not {wanted}");
        }
    }

    #[test]
    fn a_factor_that_falls_to_zero_takes_a_finite_part() {
        let found = contributions(&[10.0, 0.5, 4.0], &[10.0, 0.0, 4.0]);
        assert_eq!(found, [0.0, -20.0, 0.0]);
    }
}

//! Many channels at once: which of many small probabilities may be believed together.

/// The largest p-value that may be believed at false discovery rate `fdr`, `None` when none may: the largest `p₍ᵢ₎` of
/// `m` with `p₍ᵢ₎ ≤ i·fdr/m`. Benjamini and Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289–300.
pub fn threshold(p_values: &[f64], fdr: f64) -> Option<f64> {
    let mut sorted = p_values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let per_test = fdr / sorted.len() as f64;
    // From the largest down: one below the line carries all smaller ones with it, even those above their own.
    for (index, p) in sorted.iter().enumerate().rev() {
        let rank = (index + 1) as f64;
        if *p <= per_test * rank {
            return Some(*p);
        }
    }
    None
}

/// A one-sided tail on the side it fell to, as a two-sided p-value.
pub fn two_sided(tail: f64) -> f64 {
    (2.0 * tail).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The example of Benjamini and Hochberg (1995), section 4.1: four of fifteen are rejected at 0.05.
    #[test]
    fn the_example_of_the_paper_rejects_four() {
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0000,
        ];
        assert_eq!(threshold(&p, 0.05), Some(0.0095));
    }

    #[test]
    fn a_p_value_below_the_line_rescues_those_before_it() {
        assert_eq!(threshold(&[0.04, 0.045, 0.049], 0.05), Some(0.049));
        assert_eq!(threshold(&[0.04, 0.9, 0.9], 0.05), None);
        assert_eq!(threshold(&[], 0.05), None);
    }
}

//! The difference of two independent shares with an interval that keeps its promise at small counts.

use super::rate::wilson;

/// A difference of two shares and its 95 % interval, all as shares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    /// First share less the second.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// `k₁/n₁ − k₀/n₀` with the hybrid score interval: Newcombe, Statistics in Medicine 17 (1998) 873–890, method 10.
///
/// With Wilson limits `(l, u)` of each share `p`: from `d − √((p₁−l₁)² + (u₀−p₀)²)` to `d + √((u₁−p₁)² + (p₀−l₀)²)`.
/// Both are given as `(k, n)`; expects `0 ≤ k ≤ n` and `n > 0`.
pub fn newcombe(now: (f64, f64), base: (f64, f64)) -> Difference {
    let ((k1, n1), (k0, n0)) = (now, base);
    let (p1, p0) = (k1 / n1, k0 / n0);
    let (low1, high1) = wilson(k1, n1);
    let (low0, high0) = wilson(k0, n0);
    let value = p1 - p0;
    Difference {
        value,
        low: value - (p1 - low1).hypot(high0 - p0),
        high: value + (high1 - p1).hypot(p0 - low0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Computed with statsmodels 0.15 confint_proportions_2indep(k1, n1, k0, n0, method="newcomb").
    #[test]
    fn newcombe_agrees_with_an_independent_implementation() {
        for (k1, n1, k0, n0, low, high) in NEWCOMBE {
            let difference = newcombe((*k1, *n1), (*k0, *n0));
            assert!(
                (difference.low - low).abs() < 1e-12,
                "{difference:?} from {low}"
            );
            assert!(
                (difference.high - high).abs() < 1e-12,
                "{difference:?} to {high}"
            );
        }
    }

    const NEWCOMBE: &[(f64, f64, f64, f64, f64, f64)] = &[
        (
            56.0,
            70.0,
            48.0,
            80.0,
            0.05243147240236498,
            0.33387265403690614,
        ),
        (9.0, 10.0, 3.0, 10.0, 0.1705227239345029, 0.809017973535488),
        (
            62.0,
            4100.0,
            95.0,
            4020.0,
            -0.014647383362397315,
            -0.0025165825210289143,
        ),
        (
            0.0,
            50.0,
            12.0,
            400.0,
            -0.051698535709095675,
            0.04247910330702383,
        ),
    ];
}

//! The change of one ratio over segments: how much of it is rates inside segments and how much is their shares.

use crate::metrics::rate::Z;

/// A change of a ratio is worth a name from this share of the mean of its two values. A judgement: smaller ones are not
/// what a reader asks about, and a paradox of a hundredth would only confuse.
const WORTH_NAMING: f64 = 0.05;

/// What is smaller than this share of the change is a rounding error: it has no direction.
const ROUNDING: f64 = 1e-9;

/// Half an event is added to a count before its variance is taken: none counted does not mean a rate of none for certain.
const HALF_EVENT: f64 = 0.5;

/// One segment's denominators and numerators, in the base (`0`) and in the reported period (`1`).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Segment {
    /// Denominator in the base: sessions for conv1.
    pub n0: f64,
    /// Numerator in the base: inquiries for conv1.
    pub k0: f64,
    /// Denominator in the reported period.
    pub n1: f64,
    /// Numerator in the reported period.
    pub k1: f64,
}

/// What a numerator is made of; it decides the width of intervals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noise {
    /// Events of a Poisson process: the variance of a rate is (k + ½) ÷ n².
    Events,
    /// Amounts of `n` events whose relative variance is 1, as that of an exponential distribution: (k ÷ n)² ÷ n.
    Amounts,
}

/// A number with its standard error.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Effect {
    /// The effect, in units of the ratio.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
}

impl Effect {
    /// Whether its 95 % interval leaves zero out.
    pub fn is_certain(self) -> bool {
        self.value.abs() > Z * self.error
    }
}

/// What moved a ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RatioVerdict {
    /// The whole moved against what happened inside its segments: Simpson's paradox.
    Simpson,
    /// Shares of segments did more than the rates inside them, in the same direction.
    MixShift,
    /// Rates inside segments did more, whether or not beyond noise.
    Rates,
    /// Numerators without a denominator did most: calls to a line in print, inquiries that could not be traced.
    Outside,
    /// The ratio hardly changed.
    Unchanged,
}

/// One segment's part in the change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SegmentPart {
    /// Its shares of the denominator in both periods.
    pub shares: [f64; 2],
    /// Its ratios in both periods; a period without a denominator has the other's. Absent without any.
    pub rates: Option<[f64; 2]>,
    /// Rate effect `W = w̄·(r₁ − r₀)`.
    pub within: f64,
    /// Mix effect `M = (r̄ − R̄)·(w₁ − w₀)`.
    pub mix: f64,
}

/// The change of a ratio, taken apart exactly: `within + mix + outside = ratio₁ − ratio₀`.
#[derive(Debug, Clone, PartialEq)]
pub struct Bennet {
    /// The ratio in both periods, all numerators over all denominators.
    pub ratio: [f64; 2],
    /// Rates inside segments.
    pub within: Effect,
    /// Shares of segments.
    pub mix: Effect,
    /// Numerators of segments that have no denominator in that period, over all denominators.
    pub outside: f64,
    /// The ratio of segments with a denominator, base period: what `standardised` is compared with.
    pub inside: [f64; 2],
    /// What the reported period's rates would give at the base's shares: `Σ w₀·r₁`.
    pub standardised: f64,
    /// What moved it.
    pub verdict: RatioVerdict,
    /// Parts in the order of the segments.
    pub parts: Vec<SegmentPart>,
}

/// Takes the change of a ratio apart; `None` when a period has no denominator at all.
///
/// With shares `w`, rates `r` and bars for means of the two periods, `Σ w̄·Δr + Σ (r̄ − R̄)·Δw = ΔR` (T. L. Bennet, JRSS
/// 83 (1920) 455–462; the same as the Marshall–Edgeworth weights). `R̄` changes no sum, since shares add up to 1: it makes
/// a growing segment below the average a loss. Both effects change their signs when time is reversed.
pub fn bennet(segments: &[Segment], noise: Noise) -> Option<Bennet> {
    let all = [
        segments.iter().map(|of| of.n0).sum::<f64>(),
        segments.iter().map(|of| of.n1).sum(),
    ];
    if !all.iter().all(|n| *n > 0.0) {
        return None;
    }
    let levels: Vec<Levels> = segments.iter().map(|one| Levels::of(one, all)).collect();
    let inside = [0, 1].map(|t| rate_inside(&levels, t));
    let outside = [0, 1].map(|t| levels.iter().map(|of| of.outside[t]).sum::<f64>());
    let middle = mean(inside);
    let parts: Vec<SegmentPart> = levels.iter().map(|of| of.part(middle)).collect();
    let variances: Vec<f64> = segments.iter().map(|one| variance(one, noise)).collect();
    let within = Effect {
        value: parts.iter().map(|part| part.within).sum(),
        error: error(&levels, &variances, |of| mean(of.shares)),
    };
    let mix = Effect {
        value: parts.iter().map(|part| part.mix).sum(),
        // A rate of either period stands in the mean of both, hence the half.
        error: error(&levels, &variances, |of| of.moved() / 2.0),
    };
    let mut found = Bennet {
        ratio: [0, 1].map(|t| inside[t] + outside[t]),
        within,
        mix,
        outside: outside[1] - outside[0],
        inside,
        standardised: levels.iter().map(|of| of.shares[0] * of.rate(1)).sum(),
        verdict: RatioVerdict::Unchanged,
        parts,
    };
    found.verdict = verdict(&found);
    Some(found)
}

/// The ratio of segments with a denominator.
fn rate_inside(levels: &[Levels], period: usize) -> f64 {
    let products = levels.iter().map(|of| of.shares[period] * of.rate(period));
    products.sum::<f64>()
}

/// The standard error of an effect. It is a weighted sum of rates, so its variance is theirs by squared weights.
fn error(levels: &[Levels], variances: &[f64], weight: impl Fn(&Levels) -> f64) -> f64 {
    let pairs = levels.iter().zip(variances);
    let weighted = pairs.map(|(of, variance)| weight(of).powi(2) * variance);
    weighted.sum::<f64>().sqrt()
}

/// Simpson's case and a mix shift are named only where the ratio moved by 5 % of itself or more and the mix effect is
/// beyond chance; a mix effect against the change explains nothing.
fn verdict(of: &Bennet) -> RatioVerdict {
    let change = of.ratio[1] - of.ratio[0];
    let is_small = change.abs() < WORTH_NAMING * mean(of.ratio).abs();
    if is_small || change == 0.0 {
        return RatioVerdict::Unchanged;
    }
    let goes_along = |moved: f64| moved * change > ROUNDING * change * change;
    let moved_inside = of.inside[1] - of.inside[0];
    let moved_outside = change - moved_inside;
    let (by_rates, by_mix) = (of.within.value.abs(), of.mix.value.abs());

    let mix_explains = of.mix.is_certain() && goes_along(of.mix.value) && by_mix > by_rates;
    if mix_explains && goes_along(moved_inside) {
        let moved_standardised = of.standardised - of.inside[0];
        // Both ways to look inside the segments must contradict the whole: the rates now at the shares then, and the
        // rates at the mean shares.
        let is_reversed = !goes_along(moved_standardised) && !goes_along(of.within.value);
        return if is_reversed {
            RatioVerdict::Simpson
        } else {
            RatioVerdict::MixShift
        };
    }
    let is_largest = moved_outside.abs() > by_rates.max(by_mix);
    if goes_along(moved_outside) && (is_largest || !goes_along(moved_inside)) {
        RatioVerdict::Outside
    } else {
        RatioVerdict::Rates
    }
}

/// Shares, rates and what has no denominator, of one segment.
struct Levels {
    shares: [f64; 2],
    rates: Option<[f64; 2]>,
    outside: [f64; 2],
}

impl Levels {
    fn of(segment: &Segment, all: [f64; 2]) -> Self {
        let (n, k) = ([segment.n0, segment.n1], [segment.k0, segment.k1]);
        let [base, now] = [0, 1].map(|t| (n[t] > 0.0).then(|| k[t] / n[t]));
        // A segment that is new or gone has its only rate in both periods, so that all it does is mix.
        let rates = match (base.or(now), now.or(base)) {
            (Some(base), Some(now)) => Some([base, now]),
            _ => None,
        };
        let outside = |t: usize| if n[t] > 0.0 { 0.0 } else { k[t] / all[t] };
        Self {
            shares: [0, 1].map(|t| n[t] / all[t]),
            rates,
            outside: [0, 1].map(outside),
        }
    }

    fn rate(&self, period: usize) -> f64 {
        self.rates.map_or(0.0, |rates| rates[period])
    }

    /// How much its share changed.
    fn moved(&self) -> f64 {
        self.shares[1] - self.shares[0]
    }

    fn part(&self, middle: f64) -> SegmentPart {
        let (within, mix) = match self.rates {
            Some(rates) => (
                mean(self.shares) * (rates[1] - rates[0]),
                (mean(rates) - middle) * self.moved(),
            ),
            None => (0.0, 0.0),
        };
        SegmentPart {
            shares: self.shares,
            rates: self.rates,
            within,
            mix,
        }
    }
}

/// The variances of both periods' rates together.
fn variance(segment: &Segment, noise: Noise) -> f64 {
    let of = |k: f64, n: f64| match noise {
        _ if n <= 0.0 => 0.0,
        Noise::Events => (k + HALF_EVENT) / (n * n),
        Noise::Amounts => (k / n).powi(2) / n,
    };
    of(segment.k0, segment.n0) + of(segment.k1, segment.n1)
}

pub(super) fn mean(of: [f64; 2]) -> f64 {
    (of[0] + of[1]) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: f64, right: f64) {
        assert!((left - right).abs() < 1e-12, "{left} is not {right}");
    }

    fn segments(of: &[[f64; 4]]) -> Vec<Segment> {
        of.iter()
            .map(|[n0, k0, n1, k1]| Segment {
                n0: *n0,
                k0: *k0,
                n1: *n1,
                k1: *k1,
            })
            .collect()
    }

    // By hand: 5 % and 1 % in both periods; shares 50:50, then 25:75. R falls from 3 % to 2 %, all of it mix:
    // (5 % − 2.5 %)·(−0.25) + (1 % − 2.5 %)·0.25 = −0.625 points − 0.375 points.
    #[test]
    fn a_pure_shift_of_shares_is_all_mix() {
        let found = bennet(
            &segments(&[[1000., 50., 1000., 50.], [1000., 10., 3000., 30.]]),
            Noise::Events,
        );
        let found = found.expect("both periods have sessions");
        close(found.within.value, 0.0);
        close(found.mix.value, -0.01);
        close(found.parts[0].mix, -0.00625);
        close(found.parts[1].mix, -0.00375);
        close(found.standardised, 0.03);
        assert_eq!(found.verdict, RatioVerdict::Simpson);
        // Σ (Δw ÷ 2)²·(variances): 0.125² · (50.5/10⁶ + 50.5/10⁶ + 10.5/10⁶ + 30.5/9·10⁶) in Python.
        assert!(
            (found.mix.error - 0.001_339_827_932).abs() < 1e-9,
            "{}",
            found.mix.error
        );
    }

    // By hand: every rate rises (4 → 4.4 %, 1 → 1.1 %) and the whole falls from 2.5 % to 1.76 %.
    // W = 0.35·0.4 + 0.65·0.1 = 0.205 points; M = (4.2 − 2.13)·(−0.3) + (1.05 − 2.13)·0.3 = −0.945 points.
    #[test]
    fn a_whole_that_falls_while_every_part_rises_is_simpson() {
        let found = bennet(
            &segments(&[[5000., 200., 2000., 88.], [5000., 50., 8000., 88.]]),
            Noise::Events,
        );
        let found = found.expect("both periods have sessions");
        close(found.within.value, 0.002_05);
        close(found.mix.value, -0.009_45);
        close(found.standardised, 0.0275);
        assert_eq!(found.verdict, RatioVerdict::Simpson);
    }

    // By hand: shares stay, one rate falls from 4 % to 3 %: W = 0.5·(−1 point), no mix.
    #[test]
    fn a_rate_that_falls_is_no_mix() {
        let found = bennet(
            &segments(&[[5000., 200., 6000., 180.], [5000., 50., 6000., 60.]]),
            Noise::Events,
        );
        let found = found.expect("both periods have sessions");
        close(found.within.value, -0.005);
        close(found.mix.value, 0.0);
        assert_eq!(found.verdict, RatioVerdict::Rates);
    }

    // By hand: a billboard's calls have no sessions: 10/1000, then 40/2000; the site stays at 2 %.
    #[test]
    fn what_has_no_denominator_stands_apart() {
        let found = bennet(
            &segments(&[[1000., 20., 2000., 40.], [0., 10., 0., 40.]]),
            Noise::Events,
        );
        let found = found.expect("both periods have sessions");
        close(found.outside, 0.01);
        close(found.within.value, 0.0);
        close(found.mix.value, 0.0);
        assert_eq!(found.parts[1].rates, None);
        assert_eq!(found.verdict, RatioVerdict::Outside);
    }

    // By hand: a new channel of 1 % takes a half. Its rate is taken for both periods: M = (1 − 2.25)·0.5 + (3 − 2.25)·(−0.5)
    // points = −1 point, with R̄ = (3 + 2)/2 = 2.5: (1 − 2.5)·0.5 + (3 − 2.5)·(−0.5) = −1.
    #[test]
    fn a_new_segment_is_all_mix() {
        let found = bennet(
            &segments(&[[1000., 30., 1000., 30.], [0., 0., 1000., 10.]]),
            Noise::Events,
        );
        let found = found.expect("both periods have sessions");
        close(found.within.value, 0.0);
        close(found.mix.value, -0.01);
        assert_eq!(found.parts[1].rates, Some([0.01, 0.01]));
    }

    #[test]
    fn a_period_without_denominators_is_not_taken_apart() {
        assert_eq!(bennet(&segments(&[[0., 0., 10., 1.]]), Noise::Events), None);
        assert_eq!(bennet(&[], Noise::Events), None);
    }

    #[test]
    fn a_change_too_small_to_name_stays_unnamed() {
        let found = bennet(
            &segments(&[[1000., 50., 990., 49.5], [1000., 10., 1010., 10.1]]),
            Noise::Events,
        );
        assert_eq!(
            found.expect("both periods have sessions").verdict,
            RatioVerdict::Unchanged
        );
    }
}

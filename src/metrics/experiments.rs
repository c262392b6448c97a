//! Experiments (A/B tests): the difference of variants, whether visitors were split as was stated, and whether it is time for
//! a verdict.
//!
//! The interval of a difference holds at whatever moment one looks (always-valid inference: the mixture sequential
//! probability ratio test, Johari, Koomen, Pekelis and Walsh, Operations Research 70 (2022) 1806–1821): with the variance
//! `V` of the difference and the mixture's variance `τ²`, half-width `√(V·(V + τ²)/τ² · (2·ln(1/α) + ln((V + τ²)/V)))`.

use serde::{Deserialize, Serialize};
use statrs::function::erf::erf_inv;
use statrs::function::gamma::gamma_ur;

use super::rate::wilson;
use crate::model::experiment::{
    ExperimentCounts, ExperimentDimension, ExperimentMetric, VariantCounts,
};
use crate::model::period::Period;

/// Two-sided rate of false differences, over all variants and all moments of looking.
const ALPHA: f64 = 0.05;
/// Power that the needed number is told for.
const POWER: f64 = 0.8;
/// Below this probability the split is not the stated one: one in a thousand, since each report tests it anew.
const SPLIT_ALPHA: f64 = 0.001;
/// Half a conversion is added to each variant, and one to its sessions: none seen does not mean that none ever come.
const HALF_EVENT: f64 = 0.5;

/// What the metrics are told of an experiment.
#[derive(Debug, Clone, PartialEq)]
pub struct ExperimentPlan {
    /// Name in the pipeline.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// What tells its variants apart.
    pub dimension: ExperimentDimension,
    /// What it is judged by.
    pub metric: ExperimentMetric,
    /// First day.
    pub from: chrono::NaiveDate,
    /// Relative change of the control's rate that is worth finding.
    pub effect: f64,
    /// Names and stated shares of the variants, the control first.
    pub variants: Vec<(String, f64)>,
}

/// What may be said of an experiment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExperimentVerdict {
    /// Visitors were not split as was stated: no difference means anything.
    SplitBroken,
    /// Too few sessions yet for the effect that is looked for.
    TooEarly,
    /// A variant differs from the control.
    Differs,
    /// Enough sessions, and no variant differs.
    NoDifference,
}

/// A difference from the control, percentage points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct VariantDifference {
    /// Rate less the control's.
    pub points: f64,
    /// Lower end of the always-valid interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// One variant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VariantResult {
    /// Its name.
    pub name: String,
    /// Stated share of sessions.
    pub share: f64,
    /// Its sessions.
    pub sessions: u64,
    /// Distinct clients of them.
    pub users: u64,
    /// Inquiries or sessions with the goal.
    pub conversions: u64,
    /// Conversions ÷ sessions; absent without sessions, or with more conversions than sessions.
    pub rate: Option<f64>,
    /// 95 % Wilson interval of the rate at this one look.
    pub interval: Option<(f64, f64)>,
    /// Difference from the control; absent of the control itself, where a rate is, and where the split is not the stated one.
    pub difference: Option<VariantDifference>,
}

/// One experiment up to the end of the reported period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExperimentResult {
    /// Name in the pipeline.
    pub name: String,
    /// Name for people.
    pub title: String,
    /// What tells its variants apart.
    pub dimension: ExperimentDimension,
    /// What it is judged by.
    pub metric: ExperimentMetric,
    /// The days that are counted.
    pub period: Period,
    /// Variants, the control first.
    pub variants: Vec<VariantResult>,
    /// Probability of so uneven a split by chance (χ² of sessions against stated shares); absent without sessions.
    pub split_p: Option<f64>,
    /// Clients that saw more than one variant.
    pub crossed: u64,
    /// Relative change of the control's rate that is looked for.
    pub effect: f64,
    /// Sessions that each variant needs to find it with power 0.8; absent while the control has no conversions.
    pub needed: Option<u64>,
    /// What may be said.
    pub verdict: ExperimentVerdict,
}

/// Judges what was counted of an experiment.
pub(super) fn judge(plan: &ExperimentPlan, counts: &ExperimentCounts) -> ExperimentResult {
    let split_p = split(plan, &counts.variants);
    let control = counts.variants.first().copied().unwrap_or_default();
    let tests = plan.variants.len().saturating_sub(1).max(1) as f64;
    let mut variants = Vec::with_capacity(counts.variants.len());
    for (place, ((name, share), of)) in plan.variants.iter().zip(&counts.variants).enumerate() {
        let rate = rate(*of);
        let is_other = place > 0;
        variants.push(VariantResult {
            name: name.clone(),
            share: *share,
            sessions: of.sessions,
            users: of.users,
            conversions: of.conversions,
            rate,
            interval: rate.map(|_| wilson(of.conversions as f64, of.sessions as f64)),
            difference: is_other
                .then(|| difference(control, *of, plan.effect, ALPHA / tests))
                .flatten(),
        });
    }
    let needed = needed(control, plan.effect, ALPHA / tests);
    let verdict = verdict(&variants, split_p, needed);
    if verdict == ExperimentVerdict::SplitBroken {
        variants.iter_mut().for_each(|of| of.difference = None);
    }
    ExperimentResult {
        verdict,
        name: plan.name.clone(),
        title: plan.title.clone(),
        dimension: plan.dimension,
        metric: plan.metric,
        period: Period::range(plan.from, counts.to.max(plan.from)),
        variants,
        split_p,
        crossed: counts.crossed,
        effect: plan.effect,
        needed,
    }
}

fn rate(of: VariantCounts) -> Option<f64> {
    let is_proportion = of.sessions > 0 && of.conversions <= of.sessions;
    is_proportion.then(|| of.conversions as f64 / of.sessions as f64)
}

/// χ² of the sessions against the stated shares, with one degree of freedom less than there are variants.
fn split(plan: &ExperimentPlan, counts: &[VariantCounts]) -> Option<f64> {
    let all: u64 = counts.iter().map(|of| of.sessions).sum();
    if all == 0 {
        return None;
    }
    let parts = plan.variants.iter().zip(counts);
    let statistic: f64 = parts
        .map(|((_, share), of)| {
            let expected = all as f64 * share;
            (of.sessions as f64 - expected).powi(2) / expected
        })
        .sum();
    let freedom = counts.len().saturating_sub(1).max(1) as f64;
    Some(gamma_ur(
        freedom / 2.0,
        (statistic / 2.0).max(f64::MIN_POSITIVE),
    ))
}

/// Variance of a variant's rate, with half a conversion added.
fn variance(of: VariantCounts) -> f64 {
    let n = of.sessions as f64 + 1.0;
    let p = ((of.conversions as f64 + HALF_EVENT) / n).min(1.0);
    p * (1.0 - p) / n
}

fn difference(
    control: VariantCounts,
    of: VariantCounts,
    effect: f64,
    alpha: f64,
) -> Option<VariantDifference> {
    let (base, own) = (rate(control)?, rate(of)?);
    let v = variance(control) + variance(of);
    // The mixture is as wide as the effect that is looked for.
    let smoothed = (control.conversions as f64 + HALF_EVENT) / (control.sessions as f64 + 1.0);
    let tau2 = (smoothed * effect).powi(2);
    let half = (v * (v + tau2) / tau2 * (2.0 * (1.0 / alpha).ln() + ((v + tau2) / v).ln())).sqrt();
    let points = own - base;
    Some(VariantDifference {
        points: points * 100.0 + 0.0,
        low: (points - half) * 100.0,
        high: (points + half) * 100.0,
    })
}

/// Sessions of each variant that find the effect at `alpha`, two-sided, with power 0.8:
/// `(z₁ + z₂)²·(p₁(1 − p₁) + p₂(1 − p₂)) ÷ (p₂ − p₁)²` (Fleiss, Statistical Methods for Rates and Proportions, 1981).
fn needed(control: VariantCounts, effect: f64, alpha: f64) -> Option<u64> {
    let base = rate(control).filter(|rate| *rate > 0.0 && *rate < 1.0)?;
    let other = (base * (1.0 + effect)).min(1.0);
    let z = normal(1.0 - alpha / 2.0) + normal(POWER);
    let spread = base * (1.0 - base) + other * (1.0 - other);
    let sessions = z * z * spread / (other - base).powi(2);
    Some(sessions.ceil() as u64)
}

/// Quantile of the standard normal distribution.
fn normal(q: f64) -> f64 {
    std::f64::consts::SQRT_2 * erf_inv(2.0 * q - 1.0)
}

fn verdict(
    variants: &[VariantResult],
    split_p: Option<f64>,
    needed: Option<u64>,
) -> ExperimentVerdict {
    if split_p.is_some_and(|p| p < SPLIT_ALPHA) {
        return ExperimentVerdict::SplitBroken;
    }
    let is_enough = |needed: u64| variants.iter().all(|variant| variant.sessions >= needed);
    if !needed.is_some_and(is_enough) {
        return ExperimentVerdict::TooEarly;
    }
    let differs = |of: &VariantDifference| of.low > 0.0 || of.high < 0.0;
    let mut differences = variants.iter().filter_map(|variant| variant.difference);
    match differences.any(|of| differs(&of)) {
        true => ExperimentVerdict::Differs,
        false => ExperimentVerdict::NoDifference,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(counts: &[(u64, u64)], effect: f64) -> ExperimentResult {
        let share = 1.0 / counts.len() as f64;
        let day: chrono::NaiveDate = "2026-10-01".parse().expect("a day");
        let plan = ExperimentPlan {
            name: "test".to_owned(),
            title: "Test".to_owned(),
            dimension: ExperimentDimension::Landing,
            metric: ExperimentMetric::Goal,
            from: day,
            effect,
            variants: counts.iter().map(|_| ("v".to_owned(), share)).collect(),
        };
        let of = |(sessions, conversions): &(u64, u64)| VariantCounts {
            sessions: *sessions,
            users: *sessions,
            conversions: *conversions,
        };
        let counts = ExperimentCounts {
            name: "test".to_owned(),
            to: day,
            variants: counts.iter().map(of).collect(),
            crossed: 0,
        };
        judge(&plan, &counts)
    }

    // scipy 1.17: chi2.sf of (1000, 1100) against equal halves is 0.02909; of (1000, 1200) it is 2.01e-5.
    #[test]
    fn a_split_that_is_not_the_stated_one_gives_no_verdict() {
        let near = judged(&[(1000, 50), (1100, 55)], 0.2);
        assert!((near.split_p.expect("sessions") - 0.029_09).abs() < 1e-4);
        let broken = judged(&[(10_000, 500), (11_000, 900)], 0.2);
        assert_eq!(broken.verdict, ExperimentVerdict::SplitBroken);
    }

    // (1.959964 + 0.841621)² · (0.1·0.9 + 0.12·0.88) ÷ 0.02² = 3838.1
    #[test]
    fn before_the_needed_number_there_is_no_verdict() {
        let early = judged(&[(3_800, 380), (3_800, 570)], 0.2);
        assert_eq!(early.needed, Some(3_839));
        assert_eq!(early.verdict, ExperimentVerdict::TooEarly);
        let enough = judged(&[(3_900, 390), (3_900, 585)], 0.2);
        assert_eq!(enough.verdict, ExperimentVerdict::Differs);
        let same = judged(&[(3_900, 390), (3_900, 400)], 0.2);
        assert_eq!(same.verdict, ExperimentVerdict::NoDifference);
        assert_eq!(
            judged(&[(0, 0), (0, 0)], 0.2).verdict,
            ExperimentVerdict::TooEarly
        );
        assert_eq!(judged(&[(100, 0), (100, 0)], 0.2).needed, None);
    }

    /// Looked at after every hundred sessions, two equal variants must hardly ever differ.
    #[test]
    fn looking_often_finds_no_difference_where_there_is_none() {
        use rand::SeedableRng;
        use rand_distr::{Binomial, Distribution as _};
        let draw = Binomial::new(100, 0.1).expect("a distribution");
        let mut dice = rand_pcg::Pcg64Mcg::seed_from_u64(20_261_116);
        let mut false_alarms = 0;
        for _ in 0..300 {
            let mut counts = [(0, 0), (0, 0)];
            let mut found = false;
            for look in 1..=60 {
                for (sessions, conversions) in &mut counts {
                    *sessions = look * 100;
                    *conversions += draw.sample(&mut dice);
                }
                let of = judged(&counts, 0.2).variants[1].difference.expect("rates");
                found |= of.low > 0.0 || of.high < 0.0;
            }
            false_alarms += u32::from(found);
        }
        assert!(
            false_alarms <= 25,
            "{false_alarms} of 300, 15 allowed on average"
        );
    }
}

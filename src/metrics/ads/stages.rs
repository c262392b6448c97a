//! The stages that the visits of a campaign pass: each share of the stage before against the campaign's own usual.

use super::Maker;
use super::tally::{Series, Tally};
use super::types::{AdLevel, AdRow, AdStage};
use crate::metrics::compare;
use crate::metrics::multiple::two_sided;
use crate::metrics::predictive::{MIN_PERIODS, Prediction, Sample};
use crate::metrics::scorecard::RowVerdict;
use crate::metrics::values::{Estimate, Rate};

impl Maker<'_> {
    /// The stages of a campaign's visits; none on finer levels, where they would be of handfuls, and where no single visits
    /// are known.
    pub(super) fn stages(&self, level: AdLevel, series: &Series) -> Vec<AdStage> {
        let is_told = level == AdLevel::Campaign && self.facts.visits.is_some();
        let Some((now, before)) = series.split_last().filter(|_| is_told) else {
            return Vec::new();
        };
        let codes = self.plan.stages.iter().enumerate();
        codes
            .map(|(index, stage)| self.stage(&stage.code, passed(now, index), before, index))
            .collect()
    }

    fn stage(&self, code: &str, now: Sample, before: &[Tally], index: usize) -> AdStage {
        let limits = &self.plan.thresholds;
        let from = before.len().saturating_sub(limits.base_periods as usize);
        let history = before[from..].iter().map(|tally| passed(tally, index));
        let history: Vec<Sample> = history
            .filter(|sample| sample.n > 0.0 && sample.k <= sample.n)
            .collect();
        let is_enough = history.len() >= MIN_PERIODS && now.n > 0.0 && now.k <= now.n;
        let prediction = is_enough
            .then(|| Prediction::of_rate(&history, now.n))
            .flatten();
        let of = |scale: f64| {
            let prediction = prediction.as_ref()?;
            let (low, high) = prediction.range(limits.alpha);
            Some(Estimate {
                value: prediction.expected / scale,
                low: low / scale,
                high: high / scale,
            })
        };
        AdStage {
            code: code.to_owned(),
            count: now.k as u64,
            to_previous: Rate::new(Some(now.k), Some(now.n), limits.min_events, None),
            expected: of(1.0),
            usual: of(now.n),
            p_value: prediction
                .as_ref()
                .map(|prediction| prediction.p_value(now.k)),
            verdict: RowVerdict::Unknown,
        }
    }

    /// The words for the stages of all campaigns, judged together.
    pub(super) fn judge_stages(&self, rows: &mut [AdRow]) {
        let least = f64::from(self.plan.thresholds.min_events);
        // A stage that fell from forty to none is no small one.
        let p_of = |stage: &AdStage| {
            let most = stage.expected?.value.max(stage.count as f64);
            (most >= least).then_some(stage.p_value?)
        };
        let stages = || rows.iter().flat_map(|row| &row.stages);
        let tails: Vec<f64> = stages()
            .filter_map(|stage| p_of(stage).map(two_sided))
            .collect();
        let limit = compare::limit(&tails, &self.plan.thresholds);
        for stage in rows.iter_mut().flat_map(|row| &mut row.stages) {
            stage.verdict = match (p_of(stage), stage.expected) {
                (Some(p), Some(expected)) if p <= limit => {
                    if (stage.count as f64) < expected.value {
                        RowVerdict::Worse
                    } else {
                        RowVerdict::Better
                    }
                }
                (Some(_), _) => RowVerdict::Noise,
                (None, Some(_)) => RowVerdict::TooFew,
                (None, None) => RowVerdict::Unknown,
            };
        }
    }
}

/// How many of those at the stage before came to the stage at `index`.
fn passed(tally: &Tally, index: usize) -> Sample {
    let count = |index: usize| tally.reached.get(index).copied().unwrap_or(0) as f64;
    let n = match index.checked_sub(1) {
        Some(before) => count(before),
        None => tally.sessions as f64,
    };
    Sample { k: count(index), n }
}

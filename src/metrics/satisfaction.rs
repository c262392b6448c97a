//! Satisfaction: NPS or CSAT of all, of each manager and of each channel, against its usual.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::multiple::threshold;
use super::predictive::MIN_PERIODS;
use super::ranks::normal;
use super::rate::Z;
use super::scorecard::RowVerdict;
use super::settings::MetricSettings;
use super::values::Estimate;
use crate::model::channel::ChannelId;
use crate::model::facts::Facts;
use crate::model::period::Period;
use crate::model::survey::{Answer, Scale};

/// The satisfaction of the period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Satisfaction {
    /// What was asked.
    pub scale: Scale,
    /// All answers.
    pub total: Score,
    /// By manager, in the order of their names.
    pub managers: Vec<ManagerScore>,
    /// By channel, in the order of their ids.
    pub channels: Vec<ChannelScore>,
}

/// The score of one manager.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ManagerScore {
    /// The manager.
    pub manager: String,
    /// The score.
    #[serde(flatten)]
    pub score: Score,
}

/// The score of one channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChannelScore {
    /// The channel.
    pub channel: ChannelId,
    /// The score.
    #[serde(flatten)]
    pub score: Score,
}

/// A score: of NPS the share of promoters less that of detractors, −100 to 100; of CSAT the share of the satisfied, 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Answers.
    pub answers: u64,
    /// Promoters, or the satisfied.
    pub promoters: u64,
    /// Detractors; of CSAT those who are not satisfied.
    pub detractors: u64,
    /// The score with its 95 % interval; absent below the least number of answers.
    pub score: Option<Estimate>,
    /// The score over the base periods; absent below the least number of answers.
    pub usual: Option<f64>,
    /// Answers of the base periods.
    pub usual_answers: u64,
    /// One-sided probability of a score so low if nothing had changed; absent where it is not tested.
    pub p_value: Option<f64>,
    /// The word: rows are judged together.
    pub verdict: RowVerdict,
}

/// Counts of answers.
#[derive(Debug, Clone, Copy, Default)]
struct AnswerCounts {
    answers: f64,
    promoters: f64,
    detractors: f64,
}

impl AnswerCounts {
    fn of<'a>(answers: impl Iterator<Item = &'a Answer>, scale: Scale) -> Self {
        let mut counts = Self::default();
        for answer in answers {
            let value = scale.value(answer.score);
            counts.answers += 1.0;
            counts.promoters += f64::from(u8::from(value > 0.0));
            let is_against = match scale {
                Scale::Nps => value < 0.0,
                Scale::Csat => value <= 0.0,
            };
            counts.detractors += f64::from(u8::from(is_against));
        }
        counts
    }

    /// The mean of what answers count, and the variance of one of them. With `add` pseudo-answers of each kind, as the
    /// interval of small samples wants.
    fn mean(self, scale: Scale, [promoters, passives, detractors]: [f64; 3]) -> (f64, f64, f64) {
        let n = self.answers + promoters + passives + detractors;
        let (up, down) = (self.promoters + promoters, self.detractors + detractors);
        match scale {
            Scale::Nps => {
                let mean = (up - down) / n;
                (mean, (up + down) / n - mean * mean, n)
            }
            Scale::Csat => {
                let mean = up / n;
                (mean, mean * (1.0 - mean), n)
            }
        }
    }

    /// The score with its interval. Of NPS: Rocks, The American Statistician 70 (2016) 365–372, adjusted Wald with three
    /// pseudo-answers; of CSAT: Agresti and Coull, the same journal 52 (1998) 119–126, with four.
    fn estimate(self, scale: Scale) -> Estimate {
        let (value, ..) = self.mean(scale, [0.0; 3]);
        let (middle, variance, n) = self.mean(scale, pseudo_answers(scale));
        let half = Z * (variance.max(0.0) / n).sqrt();
        let least = if scale == Scale::Nps { -1.0 } else { 0.0 };
        Estimate {
            value: value * 100.0,
            low: (middle - half).clamp(least, value) * 100.0,
            high: (middle + half).clamp(value, 1.0) * 100.0,
        }
    }
}

/// The satisfaction of the reported period, by the scale that most of its answers are of; `None` without an answer in it.
pub(super) fn satisfaction(facts: &Facts, plan: &MetricSettings) -> Option<Satisfaction> {
    let answers = facts.answers.as_ref()?;
    let (now, before) = facts.periods.split_last()?;
    let in_period =
        |answer: &Answer, period: &Period| (period.from..=period.to).contains(&answer.day);
    let reported: Vec<&Answer> = answers
        .iter()
        .filter(|answer| in_period(answer, &now.period))
        .collect();
    let of_nps = reported
        .iter()
        .filter(|answer| answer.scale == Scale::Nps)
        .count();
    let scale = match 2 * of_nps >= reported.len() {
        true => Scale::Nps,
        false => Scale::Csat,
    };
    let base = &before[before
        .len()
        .saturating_sub(plan.thresholds.base_periods as usize)..];
    let past: Vec<&Answer> = answers
        .iter()
        .filter(|answer| base.iter().any(|facts| in_period(answer, &facts.period)))
        .collect();
    let has_history = base.len() >= MIN_PERIODS;
    let score = |is_it: &dyn Fn(&Answer) -> bool| {
        let of = |list: &[&Answer]| {
            let own = list.iter().copied();
            let own = own.filter(|answer| answer.scale == scale && is_it(answer));
            AnswerCounts::of(own, scale)
        };
        let usual = if has_history {
            of(&past)
        } else {
            AnswerCounts::default()
        };
        row(of(&reported), usual, scale, plan)
    };
    let names: BTreeSet<&str> = reported
        .iter()
        .map(|answer| &*answer.manager)
        .filter(|name| !name.is_empty())
        .collect();
    let channels: BTreeSet<&ChannelId> = reported.iter().map(|answer| &answer.channel).collect();
    let mut found = Satisfaction {
        scale,
        total: score(&|_| true),
        managers: names
            .into_iter()
            .map(|name| ManagerScore {
                manager: name.to_owned(),
                score: score(&|answer| &*answer.manager == name),
            })
            .collect(),
        channels: channels
            .into_iter()
            .map(|id| ChannelScore {
                channel: id.clone(),
                score: score(&|answer| answer.channel == *id),
            })
            .collect(),
    };
    judge(&mut found, plan);
    (!reported.is_empty()).then_some(found)
}

fn row(now: AnswerCounts, usual: AnswerCounts, scale: Scale, plan: &MetricSettings) -> Score {
    let is_enough = |counts: AnswerCounts| counts.answers >= f64::from(plan.thresholds.min_events);
    let is_tested = is_enough(now) && is_enough(usual);
    Score {
        answers: now.answers as u64,
        promoters: now.promoters as u64,
        detractors: now.detractors as u64,
        score: is_enough(now).then(|| now.estimate(scale)),
        usual: is_enough(usual).then(|| usual.estimate(scale).value),
        usual_answers: usual.answers as u64,
        p_value: is_tested.then(|| fall(now, usual, scale)),
        verdict: RowVerdict::TooFew,
    }
}

/// Answers added to those that were given before a score is judged: the sources stand at the interval.
fn pseudo_answers(scale: Scale) -> [f64; 3] {
    match scale {
        Scale::Nps => [0.75, 1.5, 0.75],
        Scale::Csat => [2.0, 0.0, 2.0],
    }
}

/// Probability of a score so low by chance: the difference of two means by the normal distribution, each with the
/// pseudo-answers of its interval.
fn fall(now: AnswerCounts, usual: AnswerCounts, scale: Scale) -> f64 {
    let added = pseudo_answers(scale);
    let (mean, variance, n) = now.mean(scale, added);
    let (before, its_variance, of) = usual.mean(scale, added);
    let spread = (variance / n + its_variance / of).sqrt();
    if spread > 0.0 {
        normal((mean - before) / spread)
    } else {
        1.0
    }
}

/// All rows together: Benjamini and Hochberg at `alpha`, so that a quiet period hardly ever calls one worse.
fn judge(found: &mut Satisfaction, plan: &MetricSettings) {
    let managers = found.managers.iter_mut().map(|row| &mut row.score);
    let channels = found.channels.iter_mut().map(|row| &mut row.score);
    let mut rows: Vec<&mut Score> = std::iter::once(&mut found.total)
        .chain(managers)
        .chain(channels)
        .collect();
    let tails: Vec<f64> = rows.iter().filter_map(|row| row.p_value).collect();
    let limit = threshold(&tails, plan.thresholds.alpha).unwrap_or(-1.0);
    for row in &mut rows {
        row.verdict = match row.p_value {
            Some(p) if p <= limit => RowVerdict::Worse,
            Some(_) => RowVerdict::Noise,
            None => RowVerdict::TooFew,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(promoters: f64, passives: f64, detractors: f64) -> AnswerCounts {
        AnswerCounts {
            answers: promoters + passives + detractors,
            promoters,
            detractors,
        }
    }

    #[test]
    fn promoters_less_detractors_is_the_score() {
        let of = counts(50.0, 30.0, 20.0).estimate(Scale::Nps);
        assert!((of.value - 30.0).abs() < 1e-9);
        // Adjusted Wald by hand: middle 30/103, variance 71.5/103 − (30/103)².
        assert!(
            (of.low - 14.06).abs() < 0.02 && (of.high - 44.19).abs() < 0.02,
            "{of:?}"
        );
    }

    #[test]
    fn a_score_stays_on_its_scale() {
        let of = counts(12.0, 0.0, 0.0).estimate(Scale::Nps);
        assert!(of.high <= 100.0 && of.low < of.high);
        let of = counts(0.0, 0.0, 12.0).estimate(Scale::Csat);
        assert!(of.low >= 0.0 && of.value == 0.0);
    }

    #[test]
    fn a_fall_is_unlikely_and_a_rise_is_no_news() {
        let (high, low) = (counts(50.0, 30.0, 20.0), counts(5.0, 10.0, 25.0));
        assert!(fall(low, high, Scale::Nps) < 1e-4);
        assert!(fall(high, low, Scale::Nps) > 0.99);
    }
}

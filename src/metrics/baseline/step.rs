//! A base that has moved for good: its newer periods stand clearly apart from the older ones, and agree with each other.
//!
//! A test page takes half of another's visitors, a budget is halved, a branch opens: for the two months after it a level
//! over both sides of the step would lie between them, and every one of these weeks would pass for a fall or a rise.

use super::level::PeriodCount;
use super::{HALF_EVENT, MIN_PERIODS};
use crate::metrics::ranks::median;

/// So many periods must have come since the step: a fault of three weeks does not become the norm.
const FEWEST_SINCE: usize = MIN_PERIODS;

/// So many must have been before it: of two nobody knows which was the odd one.
const FEWEST_BEFORE: usize = 3;

/// So many deviations must lie between the two sides: with two ways to cut eight periods chance does it once in eight
/// thousand bases.
const CLEAR_DEVIATIONS: f64 = 4.0;

/// The variance of a median of normal values against that of their mean, `π ÷ 2`.
const OF_A_MEDIAN: f64 = std::f64::consts::FRAC_PI_2;

/// The periods since the base moved, newest first like the base; all of it where it did not. `noise` is the relative
/// variance of periods beyond chance.
pub(super) fn since_step(base: &[PeriodCount], noise: f64) -> &[PeriodCount] {
    let latest_cut = base.len().saturating_sub(FEWEST_BEFORE);
    let cuts = FEWEST_SINCE..=latest_cut;
    let steps = cuts.map(|at| (at, step(&base[..at], &base[at..], noise)));
    let clearest = steps.max_by(|(_, one), (_, other)| one.total_cmp(other));
    match clearest {
        Some((at, deviations)) if deviations >= CLEAR_DEVIATIONS => &base[..at],
        _ => base,
    }
}

/// By how many deviations the medians of both sides differ; none where the first or the last period since the step stands
/// with those before it: the level went back, or has not moved for so long.
fn step(newer: &[PeriodCount], older: &[PeriodCount], noise: f64) -> f64 {
    let (now, then) = (StepSide::of(newer, noise), StepSide::of(older, noise));
    let stands_with_older = |period: &PeriodCount| {
        let level = log_level(period);
        (level - then.level).abs() < (level - now.level).abs()
    };
    let (newest, first) = (&newer[0], &newer[newer.len() - 1]);
    if stands_with_older(newest) || stands_with_older(first) {
        return 0.0;
    }
    (now.level - then.level).abs() / (now.variance + then.variance).sqrt()
}

/// One side of a step, in logarithms.
struct StepSide {
    level: f64,
    variance: f64,
}

impl StepSide {
    /// The median and its variance: a spoilt period moves neither.
    fn of(periods: &[PeriodCount], noise: f64) -> Self {
        let levels = periods.iter().map(log_level);
        let level = median(levels.collect()).unwrap_or(0.0);
        let count = periods.len() as f64;
        let events: f64 = periods
            .iter()
            .map(|period| period.events + HALF_EVENT)
            .sum();
        let of_one = noise + count / events;
        Self {
            level,
            variance: OF_A_MEDIAN * of_one / count,
        }
    }
}

/// The logarithm of a period's own level; its units are positive.
fn log_level(period: &PeriodCount) -> f64 {
    ((period.events + HALF_EVENT) / period.units).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weeks(events: &[f64]) -> Vec<PeriodCount> {
        let of = |events: &f64| PeriodCount {
            events: *events,
            units: 7.0,
        };
        events.iter().map(of).collect()
    }

    /// How many of the newest periods are left.
    fn kept(events: &[f64]) -> usize {
        since_step(&weeks(events), 0.08 * 0.08).len()
    }

    #[test]
    fn a_halved_level_is_learnt_from_the_weeks_since() {
        assert_eq!(kept(&[358., 371., 350., 362., 741., 702., 729., 748.]), 4);
    }

    #[test]
    fn three_weeks_are_no_norm_yet() {
        assert_eq!(kept(&[358., 371., 350., 741., 702., 729., 748., 733.]), 8);
    }

    #[test]
    fn one_spoilt_week_is_no_step() {
        assert_eq!(kept(&[741., 80., 702., 729., 748., 733., 725., 760.]), 8);
        assert_eq!(kept(&[741., 702., 729., 748., 733., 725., 80., 760.]), 8);
    }

    #[test]
    fn what_has_gone_back_is_no_step() {
        assert_eq!(kept(&[739., 358., 371., 350., 362., 741., 702., 729.]), 8);
    }

    #[test]
    fn a_few_events_tell_no_step() {
        assert_eq!(kept(&[2., 1., 3., 2., 5., 3., 4., 6.]), 8);
    }

    #[test]
    fn a_short_base_stays_whole() {
        assert_eq!(kept(&[358., 371., 741., 702.]), 4);
    }
}

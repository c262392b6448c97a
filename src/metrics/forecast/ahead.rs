//! What is to be expected of the days ahead, and how far past expectations of the same kind lay from what came.
//!
//! A range is the expectation `m ± q·s` with `s² = m·c + m²·d` (chance `c`, dispersion `d`: docs/METHODOLOGY.md). `q` is the
//! 80 % quantile of `|seen − m| ÷ s` over the past origins of the same firm and the same days ahead (conformal prediction:
//! Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World, 2005), with ten scores of a normal law among them, so
//! that few replays do not make a range of nothing. These ten are as wide as the firm's own errors of all weeks ahead: one
//! that is steadier than firms are on the whole would else have ranges that hold too often.
//!
//! All errors are measured by today's `c` and `d`. A dispersion that was believed when little was known was too large, and
//! would make the errors of then look small: ranges of today would be too narrow. Weeks of holidays are judged among
//! themselves only, for what they bring is told worse than what others do.

use serde::{Deserialize, Serialize};

/// Share of outcomes that a range is to hold.
pub const HELD: f64 = 0.8;

/// Fewer replayed origins than these tell no width. A judgement: with ten scores of the normal law beside them, four
/// still weigh more than a quarter.
pub(super) const FEWEST_REPLAYS: usize = 4;

/// Absolute values of a standard normal law at the middles of ten equal shares.
const NORMAL_SCORES: [f64; 10] = [
    0.062_707, 0.189_118, 0.318_639, 0.453_762, 0.597_760, 0.755_415, 0.934_589, 1.150_349,
    1.439_531, 1.959_964,
];

/// What is to be expected after an origin, day by day.
#[derive(Debug, Clone)]
pub(in crate::metrics) struct Ahead {
    /// Expected on each day after the origin.
    pub(super) days: Vec<f64>,
    /// Relative variance beyond chance.
    pub(super) dispersion: f64,
    /// Variance by chance of an expectation of one.
    pub(super) chance: f64,
}

impl Ahead {
    /// The expectation of the days `from..to` after the origin with its standard deviation; `None` beyond its end.
    fn moments(&self, (from, to): (usize, usize)) -> Option<(f64, f64)> {
        let mean: f64 = self.days.get(from..to)?.iter().sum();
        Some((mean, self.deviation(mean)))
    }

    /// The standard deviation of an expectation.
    fn deviation(&self, mean: f64) -> f64 {
        (mean.max(0.0) * self.chance + mean * mean * self.dispersion).sqrt()
    }
}

/// The value that four fifths of a standard normal law's absolute values stay below.
const NORMAL_AT_HELD: f64 = 1.281_552;

/// Weeks ahead whose errors tell how wide those of this firm are.
const WEEKS_AHEAD: usize = 8;

/// Origins that count for as much as the belief that errors are as wide as they are assumed. A judgement.
const PRIOR_ORIGINS: f64 = 5.0;

/// Expectations after the last known day and after earlier ones, and what really came.
#[derive(Debug, Clone)]
pub(in crate::metrics) struct Replayed {
    /// After the last known day.
    pub(super) now: Ahead,
    /// After the day so many weeks earlier, newest first; `None` where too little was known then.
    pub(super) past: Vec<Option<Ahead>>,
    /// What came on each known day.
    pub(super) seen: Vec<f64>,
    /// Which days, known and ahead, take a working day from the week.
    pub(super) days_off: Vec<bool>,
}

/// A number to come with the range that holds it in 80 % of replayed cases.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Projection {
    /// The expectation.
    pub value: f64,
    /// Lower end; absent where the past is too short to tell it.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Past cases of the same kind that the range was learnt from.
    pub replayed: u32,
    /// How many of them their own range, told from the others, would have held.
    pub held: u32,
    /// More weeks of history that are needed before a range is told; absent where one is.
    pub weeks_needed: Option<u32>,
}

impl Projection {
    /// What is known already: nothing is uncertain any more.
    pub(in crate::metrics) fn certain(value: f64) -> Self {
        Self {
            value,
            low: Some(value),
            high: Some(value),
            replayed: 0,
            held: 0,
            weeks_needed: None,
        }
    }

    /// The same with something that has come already.
    #[must_use]
    pub(in crate::metrics) fn after(self, known: f64) -> Self {
        Self {
            value: self.value + known,
            low: self.low.map(|low| low + known),
            high: self.high.map(|high| high + known),
            ..self
        }
    }
}

impl Replayed {
    /// What is to come on the days `from..to` after the last known one, both counted from 0.
    pub(in crate::metrics) fn project(&self, span: (usize, usize)) -> Option<Projection> {
        let (value, deviation) = self.now.moments(span)?;
        let scores = self.scores(span);
        let usual = self.usual_scores();
        let is_told = scores.len() >= FEWEST_REPLAYS;
        let width = is_told.then(|| quantile(&scores, None, &usual) * deviation);
        let missing = FEWEST_REPLAYS.saturating_sub(scores.len());
        let is_held = |at: &usize| scores[*at] <= quantile(&scores, Some(*at), &usual);
        let held = (0..scores.len()).filter(is_held).count();
        Some(Projection {
            value,
            low: width.map(|width| (value - width).max(0.0)),
            high: width.map(|width| value + width),
            replayed: scores.len() as u32,
            held: held as u32,
            weeks_needed: (missing > 0).then_some(missing as u32),
        })
    }

    /// Expectations that follow from these, of another number that has been seen; `next` is told the origin's day.
    pub(super) fn then(
        &self,
        seen: Vec<f64>,
        next: impl Fn(&Ahead, usize) -> Option<Ahead>,
    ) -> Option<Self> {
        let end = self.seen.len();
        let past = self.past.iter().enumerate();
        let past =
            past.map(|(back, ahead)| next(ahead.as_ref()?, end - (back + 1) * super::DAYS_A_WEEK));
        Some(Self {
            now: next(&self.now, end)?,
            past: past.collect(),
            seen,
            days_off: self.days_off.clone(),
        })
    }

    /// The normal law's scores, as wide as this firm's errors of all weeks ahead, leaning on 1 with few origins.
    fn usual_scores(&self) -> [f64; NORMAL_SCORES.len()] {
        let week = |ahead: usize| (ahead * super::DAYS_A_WEEK, (ahead + 1) * super::DAYS_A_WEEK);
        let mut all: Vec<f64> = (0..WEEKS_AHEAD)
            .flat_map(|ahead| self.scores(week(ahead)))
            .collect();
        all.sort_by(f64::total_cmp);
        let own = all.get((HELD * all.len() as f64) as usize);
        let origins = all.len() as f64 / WEEKS_AHEAD as f64;
        let scale = own.map_or(1.0, |own| {
            (origins * own / NORMAL_AT_HELD + PRIOR_ORIGINS) / (origins + PRIOR_ORIGINS)
        });
        NORMAL_SCORES.map(|score| score * scale)
    }

    /// How many of today's deviations each replayed case lay from its expectation.
    fn scores(&self, span: (usize, usize)) -> Vec<f64> {
        let is_special = self.is_special(self.seen.len(), span);
        let mut scores = Vec::new();
        for (back, ahead) in self.past.iter().enumerate() {
            let origin = self.seen.len().checked_sub((back + 1) * super::DAYS_A_WEEK);
            let Some((origin, ahead)) = origin.zip(ahead.as_ref()) else {
                continue;
            };
            // What is not over yet cannot be judged.
            let Some(seen) = self.seen.get(origin + span.0..origin + span.1) else {
                continue;
            };
            if self.is_special(origin, span) && !is_special {
                continue;
            }
            let Some((mean, _)) = ahead.moments(span) else {
                continue;
            };
            let deviation = self.now.deviation(mean);
            let seen: f64 = seen.iter().sum();
            if deviation > 0.0 {
                scores.push((seen - mean).abs() / deviation);
            }
        }
        scores
    }

    /// Whether more than one day in seven of the days after an origin takes a working day from the week.
    fn is_special(&self, origin: usize, (from, to): (usize, usize)) -> bool {
        let days = self.days_off.get(origin + from..origin + to);
        let off = days.map_or(0, |days| days.iter().filter(|is_off| **is_off).count());
        off * super::DAYS_A_WEEK > to - from
    }
}

/// The score that 80 % of cases stay below: of `n` the `0.8·(n + 1)`-th, which is what makes the range hold for the next case
/// as well, between two of them in proportion; all but one of them where it is judged itself.
fn quantile(scores: &[f64], without: Option<usize>, usual: &[f64]) -> f64 {
    let own = scores.iter().enumerate();
    let own = own.filter(|(at, _)| Some(*at) != without);
    let mut all: Vec<f64> = own
        .map(|(_, score)| *score)
        .chain(usual.iter().copied())
        .collect();
    all.sort_by(f64::total_cmp);
    let place = (HELD * (all.len() + 1) as f64).clamp(1.0, all.len() as f64);
    let (below, above) = (place.floor() as usize, place.ceil() as usize);
    all[below - 1] + place.fract() * (all[above - 1] - all[below - 1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn even(days: usize) -> Ahead {
        Ahead {
            days: vec![10.0; days],
            dispersion: 0.0,
            chance: 1.0,
        }
    }

    #[test]
    fn the_width_is_that_of_past_errors() {
        // Expected are 70 a week, with a deviation of √70; eleven past weeks brought 70 less or more twice that.
        let mut seen = vec![0.0; 77];
        let deviation = 70_f64.sqrt();
        for days in seen.chunks_mut(7) {
            days[0] = 70.0 + 2.0 * deviation;
        }
        let replayed = Replayed {
            now: even(56),
            past: vec![Some(even(56)); 11],
            seen,
            days_off: Vec::new(),
        };
        let week = replayed.project((0, 7)).expect("a projection");
        assert_eq!((week.value, week.replayed, week.held), (70.0, 11, 11));
        let width = week.high.expect("a range") - 70.0;
        assert!((width - 2.0 * deviation).abs() < 1e-9, "{width}");
    }

    #[test]
    fn too_few_replays_tell_no_range_and_say_how_many_are_missing() {
        let replayed = Replayed {
            now: even(56),
            past: vec![Some(even(56)); 3],
            seen: vec![10.0; 21],
            days_off: Vec::new(),
        };
        let week = replayed.project((0, 7)).expect("a projection");
        assert_eq!((week.low, week.weeks_needed), (None, Some(1)));
        // Two weeks ahead only two of the three are over.
        let later = replayed.project((7, 14)).expect("a projection");
        assert_eq!((later.replayed, later.weeks_needed), (2, Some(2)));
        assert_eq!(
            replayed.project((50, 57)),
            None,
            "beyond what was looked ahead"
        );
    }

    #[test]
    fn what_is_over_has_no_width() {
        let done = Projection::certain(5.0).after(2.0);
        assert_eq!(
            (done.value, done.low, done.high),
            (7.0, Some(7.0), Some(7.0))
        );
    }
}

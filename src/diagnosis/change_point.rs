//! When a change began: the split of the days into "usual" and "changed" that fits best.

use std::ops::Range;

use super::case::Case;

/// Days before the reported period in which a change may have begun: three weeks. A judgement.
const DAYS_BEFORE: usize = 21;
/// A split that gains less log likelihood than this, nats, is no change.
const LEAST_GAIN_NATS: f64 = 1.0;
/// A split before the period gains so much more than the best one in it, nats: the choice among three weeks of days is paid
/// for (ln 21). Chance alone moves the best split some days to the front.
const GAIN_OF_EARLIER: f64 = 3.0;

/// The day of the history on which a count left its usual level until the period's end, by the best split of the last
/// days, one in the period unless an earlier one is clearly better; `None` when the last days do not differ.
pub fn start(case: &Case, counts: &[f64], exposure: Option<&[f64]>) -> Option<usize> {
    let usual = UsualDays::of(case, counts, exposure);
    if usual.in_period.iter().sum::<f64>() <= 0.0 {
        return None;
    }
    let gain = |from: usize| {
        let mut seen = 0.0;
        let mut due = 0.0;
        for (day, count) in counts.iter().enumerate().take(case.days()).skip(from) {
            seen += count;
            due += usual.due(day);
        }
        if due <= 0.0 {
            return 0.0;
        }
        log_likelihood_ratio(seen, due)
    };
    // Of equally good splits the earliest.
    let best_of = |days: Range<usize>| {
        days.max_by(|left, right| gain(*left).total_cmp(&gain(*right)).then(right.cmp(left)))
    };
    let inside = best_of(case.period())?;
    let first = case.start().saturating_sub(DAYS_BEFORE);
    let earlier = best_of(first..case.start());
    let is_clear = |day: &usize| gain(*day) > gain(inside) + GAIN_OF_EARLIER;
    let best = earlier.filter(is_clear).unwrap_or(inside);
    (gain(best) > LEAST_GAIN_NATS).then_some(best)
}

/// What was to be expected of each day, in the period and before it.
struct UsualDays<'e> {
    /// First day of the period.
    start: usize,
    /// By day of the period.
    in_period: Vec<f64>,
    exposure: Option<&'e [f64]>,
}

impl<'e> UsualDays<'e> {
    fn of(case: &Case, counts: &[f64], exposure: Option<&'e [f64]>) -> Self {
        let expected = |day: usize| {
            let judged = case.judge_span(counts, exposure, day, day + 1);
            judged.map_or(0.0, |judged| judged.expected)
        };
        Self {
            start: case.start(),
            in_period: (case.start()..case.days()).map(expected).collect(),
            exposure,
        }
    }

    /// Days before the period are expected as their weekdays in the period are, by their own exposure.
    fn due(&self, day: usize) -> f64 {
        if day >= self.start {
            return self.in_period[day - self.start];
        }
        let length = self.in_period.len();
        // Whole periods are added so that the difference is not negative.
        let like = (day + length * DAYS_BEFORE - self.start) % length;
        let exposed = self.exposed(self.start + like);
        if exposed > 0.0 {
            self.in_period[like] / exposed * self.exposed(day)
        } else {
            self.in_period[like]
        }
    }

    fn exposed(&self, day: usize) -> f64 {
        self.exposure.map_or(1.0, |exposure| exposure[day])
    }
}

/// Log likelihood ratio of a Poisson count with a mean of its own against its expectation.
fn log_likelihood_ratio(seen: f64, expected: f64) -> f64 {
    let log = if seen > 0.0 {
        seen * (seen / expected).ln()
    } else {
        0.0
    };
    log - (seen - expected)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::firm;

    /// Ten a day, and three from a day on.
    fn start_of_fall(from: usize) -> Option<usize> {
        let (seen, settings) = (firm::quiet(5), firm::settings());
        let case = Case::new(&seen, &settings);
        let counts: Vec<f64> = (0..case.days())
            .map(|day| if day < from { 10.0 } else { 3.0 })
            .collect();
        start(&case, &counts, None)
    }

    #[test]
    fn a_clear_fall_begins_on_its_day_in_the_period_or_before_it() {
        let first = firm::START as usize;
        for day in [first - 9, first, first + 3] {
            assert_eq!(start_of_fall(day), Some(day));
        }
    }

    #[test]
    fn a_low_day_before_the_period_does_not_draw_the_start_to_it() {
        let (seen, settings) = (firm::quiet(5), firm::settings());
        let case = Case::new(&seen, &settings);
        let mut counts = vec![10.0; case.days()];
        counts[case.start() - 3] = 8.0;
        counts[case.start()..].fill(3.0);
        assert_eq!(start(&case, &counts, None), Some(case.start()));
    }
}

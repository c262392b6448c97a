//! The common level of a day: a holiday empties every line and every form together, a fault only one of them.
//!
//! A day is ordinary (its level is near that of the days around it) or odd (anything goes, mostly less); odd days come in
//! runs. Which of the two, and at what level, the *other* contacts of the same days tell (hidden Markov chain of two
//! states, forward and backward; gamma levels).

use statrs::function::gamma::ln_gamma;

/// Days before and after a day whose level is like its own: a week together.
const DAYS_AROUND: usize = 3;

/// What is believed of a level before anything is counted: a gamma law.
#[derive(Clone, Copy)]
struct Belief {
    /// Its mean; 1 is as usual.
    mean: f64,
    /// Its relative variance.
    variance: f64,
}

/// A gamma law of the common level of neighbouring days, with how often it is that one.
struct CommonLevel {
    probability: f64,
    /// Its shape: one over its relative variance.
    shape: f64,
}

/// Usually the common level is near 1: 8 % off, as a standard deviation. A judgement.
const CALM: CommonLevel = CommonLevel {
    probability: 0.95,
    shape: 150.0,
};
/// In one of twenty weeks it may be anywhere: 50 % off. A judgement.
const WILD_LEVEL: CommonLevel = CommonLevel {
    probability: 0.05,
    shape: 4.0,
};
/// Relative variance of an ordinary day: 22 % off, as a standard deviation. A judgement.
const ORDINARY_VARIANCE: f64 = 0.05;
/// An odd day: half as much as usual, and hardly known. A judgement; holidays bring half to three quarters.
const ODD: Belief = Belief {
    mean: 0.5,
    variance: 0.6,
};
/// How likely an ordinary day is followed by an odd one: five or six times a year. A judgement.
const TURNS_ODD: f64 = 0.015;
/// How likely an odd one is followed by another: they come two or three at a time. A judgement.
const STAYS_ODD: f64 = 0.6;
/// Keep divisions and logarithms from zero.
const LEAST_MEAN: f64 = 1e-6;
const LEAST_SQUARE: f64 = 1e-6;
const LEAST_SUM: f64 = 1e-300;

/// The level of a day: 1 is as usual.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DayLevel {
    /// Factor on what was to be expected.
    pub factor: f64,
    /// Relative variance of it.
    pub variance: f64,
}

/// Likelihoods or probabilities of the two states of a day.
#[derive(Clone, Copy)]
struct States {
    ordinary: f64,
    odd: f64,
}

impl States {
    /// Both weighed with something else that is known.
    fn and(self, other: Self) -> Self {
        Self {
            ordinary: self.ordinary * other.ordinary,
            odd: self.odd * other.odd,
        }
    }

    /// Scaled to a sum of 1.
    fn normal(self) -> Self {
        let sum = (self.ordinary + self.odd).max(LEAST_SUM);
        Self {
            ordinary: self.ordinary / sum,
            odd: self.odd / sum,
        }
    }

    /// The states of the day after, when these are the states of a day.
    fn moved_on(self) -> Self {
        Self {
            ordinary: self.ordinary * (1.0 - TURNS_ODD) + self.odd * (1.0 - STAYS_ODD),
            odd: self.ordinary * TURNS_ODD + self.odd * STAYS_ODD,
        }
    }

    /// How likely each state of the day before makes what is known from this day on.
    fn moved_back(self) -> Self {
        Self {
            ordinary: (1.0 - TURNS_ODD) * self.ordinary + TURNS_ODD * self.odd,
            odd: (1.0 - STAYS_ODD) * self.ordinary + STAYS_ODD * self.odd,
        }
    }
}

/// Reads the levels of days off the contacts that are not in question, by day: seen and to be expected.
pub fn day_levels(seen: &[f64], due: &[f64]) -> Vec<DayLevel> {
    let days = seen.len();
    let steady: Vec<DayLevel> = (0..days).map(|day| steady_around(day, seen, due)).collect();
    let likelihood = |day: usize| {
        let as_usual = due[day] * steady[day].factor;
        let ordinary = log_density(seen[day], as_usual, ORDINARY_VARIANCE);
        let odd = log_density(seen[day], due[day] * ODD.mean, ODD.variance);
        States {
            ordinary: ordinary.exp(),
            odd: odd.exp(),
        }
    };
    let likelihoods: Vec<States> = (0..days).map(likelihood).collect();
    let odd = odd_days(&likelihoods);
    let level = |day: usize| {
        let if_odd = after_counting(seen[day], due[day], 1.0 / ODD.variance, ODD.mean);
        mix(if_odd, steady[day], odd[day])
    };
    (0..days).map(level).collect()
}

/// The common level of the days around one.
fn steady_around(day: usize, seen: &[f64], due: &[f64]) -> DayLevel {
    let around = day.saturating_sub(DAYS_AROUND)..(day + DAYS_AROUND + 1).min(seen.len());
    let seen: f64 = seen[around.clone()].iter().sum();
    let due: f64 = due[around].iter().sum();
    let belief =
        |kind: &CommonLevel| kind.probability * log_density(seen, due, 1.0 / kind.shape).exp();
    let (calm, wild) = (belief(&CALM), belief(&WILD_LEVEL));
    let is_wild = wild / (calm + wild).max(LEAST_SUM);
    let if_calm = after_counting(seen, due, CALM.shape, 1.0);
    let if_wild = after_counting(seen, due, WILD_LEVEL.shape, 1.0);
    mix(if_wild, if_calm, is_wild)
}

/// The level after counting, of a gamma level with a shape and a mean.
fn after_counting(seen: f64, due: f64, shape: f64, mean: f64) -> DayLevel {
    DayLevel {
        factor: (seen + shape) / (due + shape / mean),
        variance: 1.0 / (seen + shape),
    }
}

/// One level with a probability, else the other.
fn mix(one: DayLevel, other: DayLevel, probability: f64) -> DayLevel {
    let rest = 1.0 - probability;
    let factor = probability * one.factor + rest * other.factor;
    // The variance of a mixture: the mean of the variances, and that of the means.
    let own = probability * one.variance * one.factor.powi(2)
        + rest * other.variance * other.factor.powi(2);
    let between = probability * rest * (one.factor - other.factor).powi(2);
    DayLevel {
        factor,
        variance: (own + between) / (factor * factor).max(LEAST_SQUARE),
    }
}

/// Probability of each day to be odd, from the likelihoods of both states: forward and backward through the chain.
fn odd_days(likelihoods: &[States]) -> Vec<f64> {
    let forward = states_by_the_past(likelihoods);
    let mut odd = vec![0.0; likelihoods.len()];
    // Nothing is known of what comes after the last day.
    let mut backward = States {
        ordinary: 0.5,
        odd: 0.5,
    };
    for day in (0..likelihoods.len()).rev() {
        odd[day] = forward[day].and(backward).normal().odd;
        let from_here_on = likelihoods[day].and(backward);
        backward = from_here_on.moved_back().normal();
    }
    odd
}

/// Probabilities of the states of each day by what was seen up to it, that day included.
fn states_by_the_past(likelihoods: &[States]) -> Vec<States> {
    // Before the first day as many days are odd as in the long run.
    let odd = TURNS_ODD / (TURNS_ODD + 1.0 - STAYS_ODD);
    let mut states = States {
        ordinary: 1.0 - odd,
        odd,
    };
    let mut by_the_past = Vec::with_capacity(likelihoods.len());
    for likelihood in likelihoods {
        let now = states.and(*likelihood).normal();
        by_the_past.push(now);
        states = now.moved_on();
    }
    by_the_past
}

/// Log probability of a negative binomial count.
fn log_density(count: f64, mean: f64, dispersion: f64) -> f64 {
    let mean = mean.max(LEAST_MEAN);
    let r = 1.0 / dispersion;
    ln_gamma(count + r) - ln_gamma(r) - ln_gamma(count + 1.0)
        + r * (r / (r + mean)).ln()
        + count * (mean / (r + mean)).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_days_have_their_usual_level() {
        let levels = day_levels(&[20.0; 28], &[20.0; 28]);
        assert!(
            levels
                .iter()
                .all(|level| (level.factor - 1.0).abs() < 0.03 && level.variance < 0.02)
        );
    }

    #[test]
    fn a_holiday_empties_its_own_days_only() {
        let mut seen = vec![20.0; 28];
        (14..17).for_each(|day| seen[day] = 3.0);
        let levels = day_levels(&seen, &[20.0; 28]);
        assert!((14..17).all(|day| levels[day].factor < 0.3), "{levels:?}");
        assert!(levels[7].factor > 0.95 && levels[24].factor > 0.95);
    }

    #[test]
    fn a_few_events_a_day_tell_little() {
        let mut seen = vec![1.0; 28];
        seen[14] = 0.0;
        assert!(day_levels(&seen, &[1.0; 28])[14].factor > 0.85);
    }
}

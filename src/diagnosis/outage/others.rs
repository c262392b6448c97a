//! The common level of a day: a holiday empties every line and every form together, a fault only one of them.
//!
//! A day is ordinary (its level is near that of the days around it) or odd (anything goes, mostly less); odd days come in
//! runs. Which of the two, and at what level, the *other* contacts of the same days tell (hidden Markov chain of two
//! states, forward and backward; gamma levels).

use statrs::function::gamma::ln_gamma;

/// Days whose level is alike.
const AROUND: usize = 3;
/// Gamma shapes of their common level: usually near 1, in one of twenty weeks anywhere.
const STEADY: [(f64, f64); 2] = [(0.95, 150.0), (0.05, 4.0)];
/// Relative variance of an ordinary day.
const ORDINARY: f64 = 0.05;
/// Relative variance of an odd day, and its mean level.
const ODD: (f64, f64) = (0.6, 0.5);
/// How likely an ordinary day is followed by an odd one, and an odd one by another.
const TURNS_ODD: f64 = 0.015;
const STAYS_ODD: f64 = 0.6;

/// The level of a day: 1 is as usual.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DayLevel {
    /// Factor on what was to be expected.
    pub factor: f64,
    /// Relative variance of it.
    pub variance: f64,
}

/// Reads the levels of days off the contacts that are not in question, by day: seen and to be expected.
pub fn day_levels(seen: &[f64], due: &[f64]) -> Vec<DayLevel> {
    let days = seen.len();
    let steady: Vec<DayLevel> = (0..days)
        .map(|day| {
            let around = day.saturating_sub(AROUND)..(day + AROUND + 1).min(days);
            steady(seen[around.clone()].iter().sum(), due[around].iter().sum())
        })
        .collect();
    let likely = |day: usize| {
        let ordinary = density(seen[day], due[day] * steady[day].factor, ORDINARY);
        [ordinary, density(seen[day], due[day] * ODD.1, ODD.0)].map(f64::exp)
    };
    let odd = odd_days(&(0..days).map(likely).collect::<Vec<_>>());
    (0..days)
        .map(|day| mixed(seen[day], due[day], steady[day], odd[day]))
        .collect()
}

/// The common level of neighbouring days.
fn steady(seen: f64, due: f64) -> DayLevel {
    let belief = STEADY.map(|(prior, shape)| prior * density(seen, due, 1.0 / shape).exp());
    let of_wild = normal(belief)[1];
    let [calm, wild] = STEADY.map(|(_, shape)| gamma(seen, due, shape, 1.0));
    mix(wild, calm, of_wild)
}

fn mixed(seen: f64, due: f64, steady: DayLevel, odd: f64) -> DayLevel {
    mix(gamma(seen, due, 1.0 / ODD.0, ODD.1), steady, odd)
}

/// The level after counting, of a gamma level with a shape and a mean.
fn gamma(seen: f64, due: f64, shape: f64, mean: f64) -> DayLevel {
    DayLevel {
        factor: (seen + shape) / (due + shape / mean),
        variance: 1.0 / (seen + shape),
    }
}

/// One level with a probability, else the other.
fn mix(one: DayLevel, other: DayLevel, probability: f64) -> DayLevel {
    let rest = 1.0 - probability;
    let factor = probability * one.factor + rest * other.factor;
    let own = probability * one.variance * one.factor.powi(2)
        + rest * other.variance * other.factor.powi(2);
    let between = probability * rest * (one.factor - other.factor).powi(2);
    DayLevel {
        factor,
        variance: (own + between) / (factor * factor).max(1e-6),
    }
}

/// Probability of each day to be odd, from the likelihoods of `[ordinary, odd]`.
fn odd_days(likely: &[[f64; 2]]) -> Vec<f64> {
    let start = TURNS_ODD / (TURNS_ODD + 1.0 - STAYS_ODD);
    let moves = [[1.0 - TURNS_ODD, TURNS_ODD], [1.0 - STAYS_ODD, STAYS_ODD]];
    let mut forward = Vec::with_capacity(likely.len());
    let mut belief = [1.0 - start, start];
    for day in likely {
        belief = normal([belief[0] * day[0], belief[1] * day[1]]);
        forward.push(belief);
        belief = [0, 1].map(|to| belief[0] * moves[0][to] + belief[1] * moves[1][to]);
    }
    let mut backward = [0.5, 0.5];
    let mut odd = vec![0.0; likely.len()];
    for day in (0..likely.len()).rev() {
        odd[day] = normal([forward[day][0] * backward[0], forward[day][1] * backward[1]])[1];
        let told = [likely[day][0] * backward[0], likely[day][1] * backward[1]];
        backward = normal([0, 1].map(|from| moves[from][0] * told[0] + moves[from][1] * told[1]));
    }
    odd
}

fn normal(of: [f64; 2]) -> [f64; 2] {
    let sum = (of[0] + of[1]).max(1e-300);
    [of[0] / sum, of[1] / sum]
}

/// Log probability of a negative binomial count, up to a constant in the count.
fn density(count: f64, mean: f64, dispersion: f64) -> f64 {
    let (mean, r) = (mean.max(1e-6), 1.0 / dispersion);
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

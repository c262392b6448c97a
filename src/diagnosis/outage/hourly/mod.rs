//! Events of a scope by hour, and how many were to be expected: its own level before an instant, spread over the hours
//! by exposure, weekday and time of day.

mod profile;

pub use self::profile::weights;
use crate::metrics::ranks::median;

/// Weeks that a level is learnt from: two months, so that it follows the season.
const LEVEL_WEEKS: usize = 8;
/// Fewer whole weeks teach no level.
const FEWEST_WEEKS: usize = 4;
/// Weeks further than this from the median level, standard deviations, were disturbed and teach nothing.
const DISTURBED: f64 = 3.5;
/// Relative variance that a week is granted for that: a standard deviation of 14 %. A judgement.
const WEEK_VARIANCE: f64 = 0.02;
/// Half an event: what a count of none is taken for.
const HALF_EVENT: f64 = 0.5;
/// A period of two expected events (4 = 2²) tells half of what one of many does about noise.
const HALF_TOLD: f64 = 4.0;

/// Noise that is believed until history says otherwise.
struct UsualNoise {
    /// Log standard deviation of a period's own level.
    deviation: f64,
    /// Its weight, in periods of history.
    periods: f64,
}

/// Of weeks: the 6 % of every usual range, with its weight.
const WEEK_NOISE: UsualNoise = UsualNoise {
    deviation: 0.06,
    periods: 8.0,
};
/// Of days: a judgement, with the weight of four weeks.
const DAY_NOISE: UsualNoise = UsualNoise {
    deviation: 0.2,
    periods: 28.0,
};

/// The usual rate of a scope before some day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// Events per unit of weight.
    pub rate: f64,
    /// Relative variance: of the estimate and of a week's own level.
    pub variance: f64,
}

/// Events and their weights by hour of the history, 24 to a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Hourly {
    /// Events.
    pub counts: Vec<f64>,
    /// What the expectation of an hour is proportional to.
    pub weights: Vec<f64>,
    /// Relative variance of a day's own level beyond chance, by day.
    pub noise: Vec<f64>,
    /// First day on which there could be events.
    pub born: usize,
}

impl Hourly {
    /// Events of a scope from its first one on against weights; `unsure` is what the weights of each day lack in certainty
    /// (relative variance). The days' noise is learnt before `start`.
    pub fn new(counts: Vec<f64>, weights: Vec<f64>, unsure: &[f64], start: usize) -> Self {
        let born = first_day(&counts);
        Self::born_on(born, counts, weights).with_noise(unsure, start)
    }

    /// Events among others: bad calls among calls, say. There may be none for a long time.
    pub fn share(counts: Vec<f64>, of: Vec<f64>, start: usize) -> Self {
        let born = first_day(&of);
        Self::born_on(born, counts, of).with_noise(&[], start)
    }

    fn born_on(born: usize, counts: Vec<f64>, weights: Vec<f64>) -> Self {
        Self {
            counts,
            weights,
            noise: Vec::new(),
            born,
        }
    }

    fn with_noise(mut self, unsure: &[f64], start: usize) -> Self {
        let rate = self.level(start).map_or(0.0, |level| level.rate);
        let learnt_from = start.saturating_sub(LEVEL_WEEKS * 7);
        let seen_and_due = (learnt_from..start).map(|day| {
            let due = self.weight(day, day + 1) * rate;
            (self.events(day, day + 1), due)
        });
        let noise = excess(seen_and_due, &DAY_NOISE);
        let days = self.counts.len() / 24;
        let unsure_of = |day: usize| unsure.get(day).copied().unwrap_or(0.0);
        self.noise = (0..days).map(|day| noise + unsure_of(day)).collect();
        self
    }

    /// The level learnt from the weeks right before a day; weeks far off their median are left out. `None` when there
    /// are fewer than four weeks with weight since the scope's first event.
    pub fn level(&self, before: usize) -> Option<Level> {
        let weeks: Vec<Week> = (0..LEVEL_WEEKS)
            .filter_map(|back| self.week_before(before, back))
            .collect();
        if weeks.len() < FEWEST_WEEKS {
            return None;
        }
        let rates = weeks.iter().map(|week| week.events / week.weight);
        let median_rate = median(rates.collect())?;
        let is_usual = |week: &Week| week.is_near(median_rate);
        let kept: Vec<Week> = weeks.into_iter().filter(is_usual).collect();
        let events = kept.iter().fold(HALF_EVENT, |sum, week| sum + week.events);
        let weight = kept.iter().fold(0.0, |sum, week| sum + week.weight);
        let rate = events / weight;
        let seen_and_due = kept.iter().map(|week| (week.events, week.weight * rate));
        let noise = excess(seen_and_due, &WEEK_NOISE);
        Some(Level {
            rate,
            variance: noise + 1.0 / events,
        })
    }

    /// One of the weeks that end before a day, 0 being the latest; `None` before the scope's first event, and of weeks
    /// without weight.
    fn week_before(&self, day: usize, back: usize) -> Option<Week> {
        let end = day.checked_sub(back * 7)?;
        let begin = end.checked_sub(7)?;
        if begin < self.born {
            return None;
        }
        let week = Week {
            events: self.events(begin, end),
            weight: self.weight(begin, end),
        };
        (week.weight > 0.0).then_some(week)
    }

    /// Events of days.
    pub fn events(&self, from: usize, to: usize) -> f64 {
        self.counts[from * 24..to * 24].iter().sum()
    }

    /// Weight of days.
    pub fn weight(&self, from: usize, to: usize) -> f64 {
        self.weights[from * 24..to * 24].iter().sum()
    }

    /// Takes days out: nothing is known of them.
    pub fn forget(&mut self, days: &[usize]) {
        for day in days {
            self.counts[day * 24..(day + 1) * 24].fill(0.0);
            self.weights[day * 24..(day + 1) * 24].fill(0.0);
        }
    }
}

/// A whole week of a scope.
struct Week {
    events: f64,
    weight: f64,
}

impl Week {
    /// Whether it is no further from a level than ordinary weeks are.
    fn is_near(&self, rate: f64) -> bool {
        let due = self.weight * rate;
        let variance = due + WEEK_VARIANCE * due * due + HALF_EVENT;
        (self.events - due).abs() <= DISTURBED * variance.sqrt()
    }
}

/// The first day with anything; the end when there is none.
pub fn first_day(counts: &[f64]) -> usize {
    let first_hour = counts.iter().position(|count| *count > 0.0);
    first_hour.unwrap_or(counts.len()) / 24
}

/// Relative variance beyond chance by moments, of pairs of events seen and due, shrunk to the usual noise.
fn excess(seen_and_due: impl Iterator<Item = (f64, f64)>, usual: &UsualNoise) -> f64 {
    let mut over = 0.0;
    let mut squares = 0.0;
    let mut periods = 0.0;
    for (seen, due) in seen_and_due {
        // A Poisson count varies by its mean anyway.
        over += (seen - due).powi(2) - due;
        squares += due * due;
        periods += 1.0;
    }
    let own = if squares > 0.0 {
        (over / squares).clamp(0.0, 1.0)
    } else {
        0.0
    };
    // A few expected events a day cannot teach their noise: they count by what they tell.
    let told_of_one = (squares / (squares + HALF_TOLD * periods)).clamp(0.0, 1.0);
    let told = periods * told_of_one;
    let prior = usual.periods * usual.deviation * usual.deviation;
    (told * own + prior) / (told + usual.periods)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steady(days: usize) -> Vec<f64> {
        (0..days * 24)
            .map(|hour| {
                if (9..19).contains(&(hour % 24)) {
                    2.0
                } else {
                    0.0
                }
            })
            .collect()
    }

    #[test]
    fn a_level_is_learnt_from_undisturbed_weeks() {
        let mut counts = steady(70);
        (49 * 24..56 * 24).for_each(|hour| counts[hour] = 0.0);
        let hourly = Hourly::new(counts, vec![1.0; 70 * 24], &[], 63);
        let level = hourly.level(63).expect("eight weeks");
        // 140 events a week of 168 hours; the empty week is left out.
        assert!((level.rate - 140.0 / 168.0).abs() < 0.001, "{level:?}");
        // 7 weeks, noise 0.06² · 8 ÷ (8 + told), told below 7: between 0.0019 and 0.0036; and 1 ÷ 980.
        assert!((0.0029..0.0047).contains(&level.variance), "{level:?}");
    }

    #[test]
    fn a_young_line_has_no_level() {
        let mut counts = steady(70);
        (0..40 * 24).for_each(|hour| counts[hour] = 0.0);
        assert_eq!(
            Hourly::new(counts, vec![1.0; 70 * 24], &[], 63).level(63),
            None
        );
    }

    #[test]
    fn weights_follow_the_hours_and_the_exposure() {
        let counts = steady(70);
        let mut exposure = vec![1.0; 70];
        exposure[65] = 0.5;
        let spread = weights(&counts, &counts, &exposure, 0, 63);
        let day = |day: usize| spread[day * 24..(day + 1) * 24].iter().sum::<f64>();
        assert!((day(64) - 1.0).abs() < 0.02 && (day(65) / day(58) - 0.5).abs() < 1e-9);
        assert!(spread[64 * 24 + 12] > 50.0 * spread[64 * 24 + 3]);
    }
}

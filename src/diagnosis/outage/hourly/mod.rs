//! Events of a scope by hour, and how many were to be expected: its own level before an instant, spread over the hours
//! by exposure, weekday and time of day.

/// Weeks that a level is learnt from.
const LEVEL_WEEKS: usize = 8;
/// Fewer whole weeks teach no level.
const FEWEST_WEEKS: usize = 4;
/// Weeks that the profile of weekdays and hours is learnt from.
const PROFILE_WEEKS: usize = 26;
/// Events that a scope's own profile leans on the pooled one with.
const LENT_EVENTS: f64 = 30.0;
/// Log standard deviation of weekly noise and of daily noise until history says otherwise, with their weights in periods.
const WEEK_NOISE: (f64, f64) = (0.06, 8.0);
const DAY_NOISE: (f64, f64) = (0.2, 28.0);
/// Weeks further than this from the median level, standard deviations, were disturbed and teach nothing.
const DISTURBED: f64 = 3.5;

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
    born: usize,
}

impl Hourly {
    /// Events of a scope from its first one on against weights; `unsure` is what the weights of each day lack in certainty (relative variance). The
    /// days' noise is learnt before `start`.
    pub fn new(counts: Vec<f64>, weights: Vec<f64>, unsure: &[f64], start: usize) -> Self {
        let born = first_day(&counts);
        Self::with_noise(
            Self {
                counts,
                weights,
                noise: Vec::new(),
                born,
            },
            unsure,
            start,
        )
    }

    /// Events among others: bad calls among calls, say. There may be none for a long time.
    pub fn share(counts: Vec<f64>, of: Vec<f64>, start: usize) -> Self {
        let born = first_day(&of);
        Self::with_noise(
            Self {
                counts,
                weights: of,
                noise: Vec::new(),
                born,
            },
            &[],
            start,
        )
    }

    fn with_noise(mut self, unsure: &[f64], start: usize) -> Self {
        let rate = self.level(start).map_or(0.0, |level| level.rate);
        let from = start.saturating_sub(LEVEL_WEEKS * 7);
        let of_day = |day: usize| (self.events(day, day + 1), self.weight(day, day + 1) * rate);
        let noise = excess((from..start).map(of_day), DAY_NOISE);
        let days = self.counts.len() / 24;
        self.noise = (0..days)
            .map(|day| noise + unsure.get(day).copied().unwrap_or(0.0))
            .collect();
        self
    }

    /// The level learnt from the weeks right before a day; weeks far off their median are left out. `None` when there
    /// are fewer than four weeks with weight since the scope's first event.
    pub fn level(&self, before: usize) -> Option<Level> {
        let weeks: Vec<(f64, f64)> = (0..LEVEL_WEEKS)
            .filter_map(|back| {
                let end = before.checked_sub(back * 7)?;
                let begin = end.checked_sub(7).filter(|begin| *begin >= self.born)?;
                Some((self.events(begin, end), self.weight(begin, end)))
            })
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        if weeks.len() < FEWEST_WEEKS {
            return None;
        }
        let median = median(
            weeks
                .iter()
                .map(|(events, weight)| events / weight)
                .collect(),
        );
        let is_usual = |(events, weight): &&(f64, f64)| {
            let due = weight * median;
            (events - due).abs() <= DISTURBED * (due + 0.02 * due * due + 0.5).sqrt()
        };
        let kept: Vec<(f64, f64)> = weeks.iter().filter(is_usual).copied().collect();
        let (events, weight) = kept
            .iter()
            .fold((0.5, 0.0), |sum, week| (sum.0 + week.0, sum.1 + week.1));
        let rate = events / weight;
        let noise = excess(
            kept.iter().map(|(events, weight)| (*events, weight * rate)),
            WEEK_NOISE,
        );
        Some(Level {
            rate,
            variance: noise + 1.0 / events,
        })
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
        for hour in days.iter().flat_map(|day| day * 24..(day + 1) * 24) {
            (self.counts[hour], self.weights[hour]) = (0.0, 0.0);
        }
    }
}

/// Spreads each day's exposure over its hours as the scope's events are usually spread, by weekday and time of day; thin
/// scopes lean on `pooled`, the events of all scopes of their kind. `weekday` is that of day 0, Monday being 0.
pub fn weights(
    counts: &[f64],
    pooled: &[f64],
    exposure: &[f64],
    weekday: usize,
    start: usize,
) -> Vec<f64> {
    let learnt = start.saturating_sub(PROFILE_WEEKS * 7)..start;
    let of_all = Profile::new(pooled, exposure, weekday, learnt.clone(), None);
    let own = Profile::new(counts, exposure, weekday, learnt, Some(&of_all));
    let hour = |at: usize| {
        let (day, hour) = (at / 24, at % 24);
        let weekday = (day + weekday) % 7;
        exposure[day] * own.weekdays[weekday] * own.hours[kind(weekday)][hour]
    };
    (0..counts.len()).map(hour).collect()
}

/// How events lie in the week, given exposure: factors by weekday with mean 1, shares of hours by kind of day.
struct Profile {
    weekdays: [f64; 7],
    hours: [[f64; 24]; 3],
}

impl Profile {
    fn new(
        counts: &[f64],
        exposure: &[f64],
        weekday: usize,
        days: std::ops::Range<usize>,
        prior: Option<&Self>,
    ) -> Self {
        let (mut events, mut exposed, mut hours) = ([0.0; 7], [0.0; 7], [[0.0; 24]; 3]);
        for day in days {
            let of_week = (day + weekday) % 7;
            exposed[of_week] += exposure[day];
            for (hour, count) in counts[day * 24..(day + 1) * 24].iter().enumerate() {
                events[of_week] += count;
                hours[kind(of_week)][hour] += count;
            }
        }
        let (all, exposed_all) = (
            events.iter().sum::<f64>(),
            exposed.iter().sum::<f64>().max(1e-9),
        );
        let flat = Self {
            weekdays: [1.0; 7],
            hours: [[1.0 / 24.0; 24]; 3],
        };
        let (prior, lent) = prior.map_or((&flat, 6.0), |prior| (prior, LENT_EVENTS));
        let factor = |at: usize| {
            let (due, lent) = (all * exposed[at] / exposed_all, lent / 7.0);
            (events[at] + lent * prior.weekdays[at]) / (due + lent)
        };
        let share = |kind: usize, hour: usize| {
            let of_kind = hours[kind].iter().sum::<f64>();
            (hours[kind][hour] + lent * prior.hours[kind][hour]) / (of_kind + lent)
        };
        Self {
            weekdays: std::array::from_fn(factor),
            hours: std::array::from_fn(|kind| std::array::from_fn(|hour| share(kind, hour))),
        }
    }
}

/// The first day with anything; the end when there is none.
pub fn first_day(counts: &[f64]) -> usize {
    counts
        .iter()
        .position(|count| *count > 0.0)
        .unwrap_or(counts.len())
        / 24
}

/// Working day, Saturday, Sunday.
fn kind(weekday: usize) -> usize {
    weekday.saturating_sub(4)
}

/// Relative variance beyond chance by moments, shrunk to a usual noise of a weight in periods.
fn excess(pairs: impl Iterator<Item = (f64, f64)>, (usual, periods): (f64, f64)) -> f64 {
    let (mut over, mut squares, mut count) = (0.0, 0.0, 0.0);
    for (seen, due) in pairs {
        over += (seen - due).powi(2) - due;
        squares += due * due;
        count += 1.0;
    }
    let raw = if squares > 0.0 {
        (over / squares).clamp(0.0, 1.0)
    } else {
        0.0
    };
    // A few expected events a day cannot teach their noise: they count by what they tell.
    let told = count * (squares / (squares + 4.0 * count)).clamp(0.0, 1.0);
    (told * raw + periods * usual * usual) / (told + periods)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    if values.len() % 2 == 1 {
        values[half]
    } else {
        f64::midpoint(values[half - 1], values[half])
    }
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

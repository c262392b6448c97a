//! Whether contacts of a scope are missing: the period's total and the hours of the period, against the scope's own usual
//! level, its sessions, and what the other contacts of the same days say.

use crate::diagnosis::case::{Case, Judged, Z_95};
use crate::diagnosis::outage::hourly::{Hourly, weights};
use crate::diagnosis::outage::others::{DayLevel, day_levels};
use crate::diagnosis::outage::silence::{Scan, Way, Window, scan};
use crate::diagnosis::weigh::bayes::either;
use crate::metrics::values::Estimate;

/// Fewer expected contacts in the period than this are not looked at: their silence would tell nothing.
const FEWEST_DUE: f64 = 2.0;
/// Belief that a loss is best seen in the period's total, else in its hours. A judgement: hours see a total loss as well.
const BEST_BY_TOTAL: f64 = 0.3;
/// What the other contacts may say, nats: they speak against a fault of the scope's own when they fell as well, and hardly
/// for one when they did not, for in most quiet periods they do not. Judgements.
const MOST_AGAINST_NATS: f64 = -5.0;
const MOST_FOR_NATS: f64 = 0.5;
/// The level of a day that is like any other.
const AS_USUAL: f64 = 1.0;
/// Keeps a division from zero.
const TINY_WEIGHT: f64 = 1e-12;

/// Contacts in question, and what to hold them against.
pub struct Question<'q> {
    /// The scope's contacts by hour of the history.
    pub counts: Vec<f64>,
    /// All contacts of the kind by hour: they teach the profile.
    pub pooled: &'q [f64],
    /// What the scope's contacts are proportional to, by day.
    pub exposure: Vec<f64>,
    /// Contacts outside the scope by hour.
    pub others: Vec<f64>,
    /// What they are proportional to, by day.
    pub others_exposure: &'q [f64],
    /// Days that nothing is known of.
    pub unknown_days: &'q [usize],
}

/// The answer.
pub struct Deficit {
    /// Log Bayes factor of a loss, nats; not capped, so that scopes can be compared.
    pub weight: f64,
    /// The hours of the fault.
    pub window: Window,
    /// Contacts outside the scope in the same hours: seen and to be expected, and how sure that is.
    pub others: Option<Judged>,
}

impl Deficit {
    /// Contacts lost in the fault's hours of the period, with a 95 % range.
    pub fn lost(&self) -> Estimate {
        let Window {
            observed,
            expected,
            dispersion,
            ..
        } = self.window;
        let variance = expected + expected * expected * dispersion;
        let margin = Z_95 * variance.sqrt();
        let value = (expected - observed).max(0.0);
        Estimate {
            value,
            low: (expected - observed - margin).max(0.0),
            high: (expected - observed + margin).max(value),
        }
    }

    /// What is to be believed about the other contacts: they fell as well (negative: somebody else's fault), or did not.
    pub fn contrast(&self) -> f64 {
        let Some(others) = self.others.filter(|others| others.expected >= FEWEST_DUE) else {
            return 0.0;
        };
        (-others.fall()).clamp(MOST_AGAINST_NATS, MOST_FOR_NATS)
    }

    /// Whether the fault goes on when the period ends.
    pub fn goes_on(&self, case: &Case) -> bool {
        self.window.to >= case.days() * 24
    }
}

/// Looks at one scope. `None` when its level is not known or next to nothing was to be expected.
pub fn look(case: &Case, of: Question) -> Option<Deficit> {
    let (start, end) = (case.start(), case.days());
    let weekday = case.weekday();
    let others_weights = weights(&of.others, &of.others, of.others_exposure, weekday, start);
    let mut others = Hourly::new(of.others, others_weights, &[], start);
    // What empties every place on a day is no fault of this one: the others' levels go into what was due of it. What fills
    // the others does not: who fails at this place may have gone to them, and would be counted as lost and as theirs.
    let levels = levels_of_days(&others, start, end);
    let pairs = of.exposure.iter().zip(&levels);
    let exposure: Vec<f64> = pairs
        .map(|(exposed, level)| exposed * level.factor.min(AS_USUAL))
        .collect();
    let unsure: Vec<f64> = levels.iter().map(|level| level.variance).collect();
    let spread = weights(&of.counts, of.pooled, &exposure, weekday, start);
    let mut hourly = Hourly::new(of.counts, spread, &unsure, start);
    // Only after all is learnt: days without rows would otherwise teach that nothing comes on them.
    hourly.forget(of.unknown_days);
    others.forget(of.unknown_days);
    let due = hourly.weight(start, end) * hourly.level(start)?.rate;
    if due < FEWEST_DUE {
        return None;
    }
    let Scan { weight, window } = scan(&hourly, start, end, Way::Fall)?;
    // A total with a hole in it says nothing.
    let total = if of.unknown_days.is_empty() {
        case.judge(&by_day(&hourly, end, Hourly::events), Some(&exposure))
    } else {
        None
    };
    let weight = match total {
        Some(total) => either(total.fall(), BEST_BY_TOTAL, weight),
        None => weight,
    };
    Some(Deficit {
        weight,
        window,
        others: in_window(&others, start, window),
    })
}

/// The levels of the days by the contacts that are not in question; as usual where nothing is known of them: before the
/// first of them came (the second page of a test, a branch that opened), no day was empty for their lack.
fn levels_of_days(others: &Hourly, start: usize, end: usize) -> Vec<DayLevel> {
    let rate = others.level(start).map_or(0.0, |level| level.rate);
    let weights = by_day(others, end, Hourly::weight);
    let is_known = |day: usize| day >= others.born;
    let due = weights.iter().enumerate();
    let due: Vec<f64> = due
        .map(|(day, weight)| if is_known(day) { weight * rate } else { 0.0 })
        .collect();
    day_levels(&by_day(others, end, Hourly::events), &due)
}

/// Events or weights of every day.
fn by_day(hourly: &Hourly, end: usize, of: fn(&Hourly, usize, usize) -> f64) -> Vec<f64> {
    (0..end).map(|day| of(hourly, day, day + 1)).collect()
}

/// Counts of a window against what was to be expected in it; the part before the period is left out.
pub fn in_window(hourly: &Hourly, start: usize, window: Window) -> Option<Judged> {
    let level = hourly.level(start)?;
    let hours = window.from.max(start * 24)..window.to;
    let weight: f64 = hourly.weights[hours.clone()].iter().sum();
    // A day's noise is one for all its hours: its part of the variance goes with the square of its weight.
    let spread_of_day = |day: usize| -> f64 {
        let from = (day * 24).max(hours.start);
        let to = ((day + 1) * 24).min(hours.end);
        let of_day = hourly.weights[from..to].iter().sum::<f64>();
        hourly.noise[day] * of_day.powi(2)
    };
    let days = hours.start / 24..hours.end.div_ceil(24);
    let spread: f64 = days.map(spread_of_day).sum();
    let expected = weight * level.rate;
    let dispersion = level.variance + spread / (weight * weight).max(TINY_WEIGHT);
    let observed = hourly.counts[hours].iter().sum();
    Some(Judged {
        observed,
        expected,
        ordinary: expected,
        dispersion,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::firm::{quiet, settings};

    // An event an hour everywhere; in the last week none at the place, and two an hour elsewhere: who failed went there.
    #[test]
    fn what_fills_the_others_is_not_due_of_a_place() {
        let (seen, settings) = (quiet(5), settings());
        let case = Case::new(&seen, &settings);
        let (hours, start) = (case.days() * 24, case.start() * 24);
        let at = |last: f64| -> Vec<f64> {
            let of = |hour: usize| if hour < start { 1.0 } else { last };
            (0..hours).map(of).collect()
        };
        let even = vec![1.0; case.days()];
        let question = Question {
            counts: at(0.0),
            pooled: &at(1.0),
            exposure: even.clone(),
            others: at(2.0),
            others_exposure: &even,
            unknown_days: &[],
        };
        let found = look(&case, question).expect("there is a level");
        let due = 7.0 * 24.0;
        assert!(found.weight > 10.0, "{}", found.weight);
        assert!(found.window.expected < 1.05 * due, "{:?}", found.window);
    }

    #[test]
    fn days_before_the_others_came_are_as_usual() {
        let hours = 70 * 24;
        let counts: Vec<f64> = (0..hours)
            .map(|hour| if hour < 28 * 24 { 0.0 } else { 1.0 })
            .collect();
        let others = Hourly::new(counts, vec![1.0; hours], &[], 63);
        let levels = levels_of_days(&others, 63, 70);
        let is_usual = |level: &DayLevel| (level.factor - 1.0).abs() < 0.05;
        assert!(levels.iter().all(is_usual), "{levels:?}");
    }
}

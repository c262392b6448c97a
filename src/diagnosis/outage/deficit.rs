//! Whether contacts of a scope are missing: the period's total and the hours of the period, against the scope's own usual
//! level, its sessions, and what the other contacts of the same days say.

use crate::diagnosis::case::{Case, Judged};
use crate::diagnosis::outage::hourly::{Hourly, weights};
use crate::diagnosis::outage::others::day_levels;
use crate::diagnosis::outage::silence::{Scan, Way, Window, scan};
use crate::diagnosis::weigh::bayes::either;
use crate::metrics::scorecard::Estimate;

/// Fewer expected contacts in the period than this are not looked at.
const FEWEST: f64 = 2.0;

/// Belief that a loss is best seen in the period's total, else in its hours.
const BY_TOTAL: f64 = 0.3;

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
        let margin = 1.96 * (expected + expected * expected * dispersion).sqrt();
        let value = (expected - observed).max(0.0);
        Estimate {
            value,
            low: (expected - observed - margin).max(0.0),
            high: (expected - observed + margin).max(value),
        }
    }

    /// What is to be believed about the other contacts: they fell as well (negative: somebody else's fault), or did not.
    pub fn contrast(&self) -> f64 {
        self.others
            .filter(|others| others.expected >= FEWEST)
            .map_or(0.0, |others| (-others.fall()).clamp(-5.0, 0.5))
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
    let rate = others.level(start).map_or(0.0, |level| level.rate);
    let by_day = |hourly: &Hourly, of: fn(&Hourly, usize, usize) -> f64| -> Vec<f64> {
        (0..end).map(|day| of(hourly, day, day + 1)).collect()
    };
    let due: Vec<f64> = by_day(&others, Hourly::weight)
        .iter()
        .map(|weight| weight * rate)
        .collect();
    let levels = day_levels(&by_day(&others, Hourly::events), &due);
    let exposure: Vec<f64> = of
        .exposure
        .iter()
        .zip(&levels)
        .map(|(exposed, level)| exposed * level.factor)
        .collect();
    let unsure: Vec<f64> = levels.iter().map(|level| level.variance).collect();
    let spread = weights(&of.counts, of.pooled, &exposure, weekday, start);
    let mut hourly = Hourly::new(of.counts, spread, &unsure, start);
    hourly.forget(of.unknown_days);
    others.forget(of.unknown_days);
    if hourly.weight(start, end) * hourly.level(start)?.rate < FEWEST {
        return None;
    }
    let Scan { weight, window } = scan(&hourly, start, end, Way::Fall)?;
    let judged = of
        .unknown_days
        .is_empty()
        .then(|| case.judge(&by_day(&hourly, Hourly::events), Some(&exposure)))
        .flatten();
    let weight = judged.map_or(weight, |judged| either(judged.fall(), BY_TOTAL, weight));
    let others = in_window(&others, start, window);
    Some(Deficit {
        weight,
        window,
        others,
    })
}

/// Counts of a window against what was to be expected in it; the part before the period is left out.
pub fn in_window(hourly: &Hourly, start: usize, window: Window) -> Option<Judged> {
    let level = hourly.level(start)?;
    let hours = window.from.max(start * 24)..window.to;
    let weight: f64 = hourly.weights[hours.clone()].iter().sum();
    let by_day = |day: usize| -> f64 {
        let (from, to) = ((day * 24).max(hours.start), ((day + 1) * 24).min(hours.end));
        hourly.noise[day] * hourly.weights[from..to].iter().sum::<f64>().powi(2)
    };
    let spread: f64 = (hours.start / 24..hours.end.div_ceil(24)).map(by_day).sum();
    let expected = weight * level.rate;
    let dispersion = level.variance + spread / (weight * weight).max(1e-12);
    let observed = hourly.counts[hours].iter().sum();
    Some(Judged {
        observed,
        expected,
        ordinary: expected,
        dispersion,
    })
}

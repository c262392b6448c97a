//! The hours of a period cut into pieces, and runs of them: what was seen and what was due.

use super::Window;
use crate::diagnosis::outage::hourly::{Hourly, Level};

/// No more pieces than this are told apart in one period: a week by the hour has 168, and windows cost its square.
const MOST_PIECES: usize = 180;
/// Fewer expected events than this are not worth a piece.
const LEAST_DUE: f64 = 0.15;
/// An hour with less than this share of the mean hour's weight is not worth a piece: the night.
const LEAST_OF_MEAN: f64 = 0.25;
/// An hour with less than this share of what a piece needs goes with the hour before it.
const LEAST_OF_PIECE: f64 = 0.5;
/// A dead line still lets a stray call through: a hundredth of an event, and three of a thousand that were due.
const STRAY_EVENTS: f64 = 0.01;
const STRAY_SHARE: f64 = 0.003;
/// Keep divisions and logarithms from zero.
const TINY: f64 = 1e-9;
const TINY_WEIGHT: f64 = 1e-12;

/// A few neighbouring hours; it counts as of the day that it begins on.
pub(super) struct Piece {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) observed: f64,
    pub(super) weight: f64,
    pub(super) day: usize,
}

/// A growing run of pieces.
#[derive(Clone, Copy, Default)]
pub(super) struct Run {
    observed: f64,
    weight: f64,
    /// The day that it has grown to.
    day: usize,
    /// Weight of that day so far.
    of_day: f64,
    /// Sum over days of their squared weight times their noise.
    spread: f64,
}

impl Run {
    pub(super) fn add(&mut self, piece: &Piece, noise: f64) {
        if piece.day != self.day {
            self.day = piece.day;
            self.of_day = 0.0;
        }
        self.observed += piece.observed;
        self.weight += piece.weight;
        // A day's noise is one for all its hours, so the square of its whole weight counts: it grows by w² + 2·w·(so far).
        self.spread += noise * (piece.weight * piece.weight + 2.0 * piece.weight * self.of_day);
        self.of_day += piece.weight;
    }

    fn expected(&self, level: Level) -> f64 {
        self.weight * level.rate
    }

    fn dispersion(&self, level: Level) -> f64 {
        level.variance + self.spread / (self.weight * self.weight).max(TINY_WEIGHT)
    }

    /// Log evidence, nats, that so much of the level was left in it.
    pub(super) fn log_factor(&self, level: Level, factor: f64) -> f64 {
        log_ratio(
            self.observed,
            self.expected(level),
            self.dispersion(level),
            factor,
        )
    }

    /// The run as the time of a fault between two hours.
    pub(super) fn window(&self, from: usize, to: usize, level: Level) -> Window {
        Window {
            from,
            to,
            observed: self.observed,
            expected: self.expected(level),
            dispersion: self.dispersion(level),
        }
    }
}

/// Whole days as one run.
pub(super) fn run_of_days(hourly: &Hourly, from: usize, to: usize) -> Run {
    let mut run = Run::default();
    for day in from..to {
        let piece = Piece {
            from: day * 24,
            to: day * 24 + 24,
            observed: hourly.events(day, day + 1),
            weight: hourly.weight(day, day + 1),
            day,
        };
        run.add(&piece, hourly.noise[day]);
    }
    run
}

/// Cuts days into pieces of an hour or more: the hours of the night and of closed days, where next to nothing is due,
/// go with the hour before them; a long period is cut more coarsely.
pub(super) fn pieces(hourly: &Hourly, rate: f64, start: usize, end: usize) -> Vec<Piece> {
    let hours = start * 24..end * 24;
    let total: f64 = hourly.weights[hours.clone()].iter().sum();
    let least = (total / MOST_PIECES as f64)
        .max(total / hours.len() as f64 * LEAST_OF_MEAN)
        .max(LEAST_DUE / rate.max(TINY_WEIGHT));
    let mut pieces: Vec<Piece> = Vec::new();
    for hour in hours {
        let (observed, weight) = (hourly.counts[hour], hourly.weights[hour]);
        match pieces.last_mut() {
            Some(last) if last.weight < least || weight < least * LEAST_OF_PIECE => {
                last.to = hour + 1;
                last.observed += observed;
                last.weight += weight;
            }
            _ => pieces.push(Piece {
                from: hour,
                to: hour + 1,
                observed,
                weight,
                day: hour / 24,
            }),
        }
    }
    pieces
}

/// Log of the ratio of two negative binomial probabilities of a count: mean `factor × expected` against `expected`,
/// both `Var = m + m²·dispersion`.
pub(super) fn log_ratio(observed: f64, expected: f64, dispersion: f64, factor: f64) -> f64 {
    let due = expected.max(TINY);
    let stray = STRAY_EVENTS + STRAY_SHARE * expected;
    // Where next to nothing was due, a stray call must not make a rise of a fall.
    let left = (expected * factor).max(stray).min(due * factor.max(1.0));
    let r = 1.0 / dispersion.max(TINY);
    // ln((r + due) ÷ (r + left)), exact also where r is large: the limit of Poisson.
    let log_of_sizes = ((due - left) / (r + left)).ln_1p();
    r * log_of_sizes + observed * ((left / due).ln() + log_of_sizes)
}

//! The hours of a period cut into pieces, and runs of them: what was seen and what was due.

use crate::diagnosis::outage::hourly::{Hourly, Level};

/// No more pieces than this are told apart in one period.
const PIECES: usize = 180;
/// Fewer expected events than this are not worth a piece.
const LEAST_DUE: f64 = 0.15;

/// A few neighbouring hours of one day.
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
    pub(super) observed: f64,
    weight: f64,
    day: usize,
    of_day: f64,
    spread: f64,
}

impl Run {
    pub(super) fn add(&mut self, piece: &Piece, noise: f64) {
        if piece.day != self.day {
            (self.day, self.of_day) = (piece.day, 0.0);
        }
        self.observed += piece.observed;
        self.weight += piece.weight;
        // Sum over days of (day's weight)², times the day's noise.
        self.spread += noise * (piece.weight * piece.weight + 2.0 * piece.weight * self.of_day);
        self.of_day += piece.weight;
    }

    pub(super) fn expected(&self, level: Level) -> f64 {
        self.weight * level.rate
    }

    pub(super) fn dispersion(&self, level: Level) -> f64 {
        level.variance + self.spread / (self.weight * self.weight).max(1e-12)
    }

    pub(super) fn log_factor(&self, level: Level, factor: f64) -> f64 {
        log_ratio(
            self.observed,
            self.expected(level),
            self.dispersion(level),
            factor,
        )
    }
}

pub(super) fn run_of_days(hourly: &Hourly, from: usize, to: usize) -> Run {
    let mut run = Run::default();
    for day in from..to {
        let (observed, weight) = (hourly.events(day, day + 1), hourly.weight(day, day + 1));
        run.add(
            &Piece {
                from: day * 24,
                to: day * 24 + 24,
                observed,
                weight,
                day,
            },
            hourly.noise[day],
        );
    }
    run
}

/// Cuts days into pieces of an hour or more: the hours of the night and of closed days, where next to nothing is due,
/// go with the hour before them; a long period is cut more coarsely.
pub(super) fn pieces(hourly: &Hourly, rate: f64, start: usize, end: usize) -> Vec<Piece> {
    let hours = start * 24..end * 24;
    let total: f64 = hourly.weights[hours.clone()].iter().sum();
    let least = (total / PIECES as f64)
        .max(total / hours.len() as f64 * 0.25)
        .max(LEAST_DUE / rate.max(1e-12));
    let mut pieces: Vec<Piece> = Vec::new();
    for hour in hours {
        let (observed, weight) = (hourly.counts[hour], hourly.weights[hour]);
        match pieces.last_mut() {
            Some(last) if last.weight < least || weight < least * 0.5 => {
                (last.to, last.observed, last.weight) =
                    (hour + 1, last.observed + observed, last.weight + weight);
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
/// both `Var = m + m²·dispersion`. A dead line still lets a stray call through.
pub(super) fn log_ratio(observed: f64, expected: f64, dispersion: f64, factor: f64) -> f64 {
    let (due, left) = (
        expected.max(1e-9),
        (expected * factor)
            .max(0.01 + 0.003 * expected)
            .min(expected.max(1e-9) * factor.max(1.0)),
    );
    let r = 1.0 / dispersion.max(1e-9);
    r * ((due - left) / (r + left)).ln_1p()
        + observed * ((left / due).ln() + ((due - left) / (r + left)).ln_1p())
}

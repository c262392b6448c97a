//! Outages from hourly data: silent gaps and partial losses of a scope, even where the week's total looks normal.
//!
//! Every window of the period that begins and ends on the hour, the whole period included, is tried as the time of the
//! fault (a scan over windows; Kulldorff, Communications in Statistics 26 (1997) 1481–1496). Instead of a penalty for the
//! best of many, the windows share one unit of belief: the result is the Bayes factor of "a fault somewhere in here"
//! against "as usual". Counts are negative binomial: with gamma noise of days, variance f, a silence where Λ events were
//! due has probability `(1 + fΛ)^(−1/f)`.

mod begun_before;
mod pieces;

use self::begun_before::{BEGAN_BEFORE, Before, begun_before};
use self::pieces::{Piece, Run, pieces};
use crate::diagnosis::outage::hourly::{Hourly, Level};
use crate::diagnosis::weigh::bayes::log_mean;

/// What may be left of the usual level in a fault, all equally likely; nothing is left in one of three, for most lines and
/// forms die at once. A judgement.
const FALLS: [f64; 9] = [0.0, 0.0, 0.0, 0.1, 0.25, 0.4, 0.55, 0.7, 0.85];
/// What a share of bad calls may rise to, all equally likely: even steps of the logarithm, roughly. A judgement.
const RISES: [f64; 8] = [1.5, 2.0, 3.0, 5.0, 8.0, 14.0, 30.0, 60.0];
/// Belief that a fault took the whole period, and that it began or ended with it; the rest lies anywhere. Judgements: what
/// lasts longer than a period is seen at one of its ends, or at both.
const TOOK_ALL: f64 = 0.15;
const TOUCHED_AN_END: f64 = 0.25;
/// Where fewer events were due in the whole period, the hours tell nothing.
const NOTHING_DUE: f64 = 0.01;

/// Which way a fault moves the counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Fewer events.
    Fall,
    /// More events.
    Rise,
}

/// The most likely time of a fault.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// First hour of the history.
    pub from: usize,
    /// Hour of the history after the last.
    pub to: usize,
    /// Events in the part of it that lies in the period.
    pub observed: f64,
    /// Events that were to be expected there.
    pub expected: f64,
    /// Relative variance of that expectation.
    pub dispersion: f64,
}

/// What a scan found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scan {
    /// Log Bayes factor of a fault somewhere in the period against none, nats.
    pub weight: f64,
    /// Its most likely time.
    pub window: Window,
}

/// Looks for a fault in the days `start..end`. `None` when the scope's level is not known or nothing was to be expected.
pub fn scan(hourly: &Hourly, start: usize, end: usize, way: Way) -> Option<Scan> {
    let level = hourly.level(start)?;
    let pieces = pieces(hourly, level.rate, start, end);
    if due_of(&pieces, level) < NOTHING_DUE {
        return None;
    }
    let factors: &[f64] = match way {
        Way::Fall => &FALLS,
        Way::Rise => &RISES,
    };
    let inside = begun_inside(hourly, &pieces, level, factors);
    match begun_before(hourly, &pieces, start, factors) {
        Some(before) => Some(either(inside, &before)),
        None => Some(inside),
    }
}

/// A fault that began in the period, or one that began before it: the days before say how likely each is.
fn either(inside: Scan, before: &Before) -> Scan {
    let began_before = before.odds / (before.odds + 1.0 - BEGAN_BEFORE);
    let weight_inside = inside.weight + (1.0 - began_before).ln();
    let weight_before = before.scan.weight + began_before.ln();
    let mixed = log_sum(&[weight_inside, weight_before]);
    let window = if weight_before > weight_inside {
        before.scan.window
    } else {
        inside.window
    };
    // A fault that ended just before the period must not speak against a new one.
    Scan {
        weight: log_mean(&[inside.weight, mixed]),
        window,
    }
}

/// The scan of faults that begin in the period.
fn begun_inside(hourly: &Hourly, pieces: &[Piece], level: Level, factors: &[f64]) -> Scan {
    let count = pieces.len();
    let beliefs = Beliefs::of(count, due_of(pieces, level));
    let mut logs = Vec::with_capacity(count * (count + 1) / 2);
    let mut best = PiecesOfFault {
        log: f64::NEG_INFINITY,
        first: 0,
        last: count - 1,
    };
    for first in 0..count {
        // Windows with one begin grow piece by piece, so each costs one addition.
        let mut run = Run::default();
        for (last, piece) in pieces.iter().enumerate().skip(first) {
            run.add(piece, hourly.noise[piece.day]);
            let belief = beliefs.of_window(first, last);
            if belief <= 0.0 {
                continue;
            }
            let log = belief.ln() + mean_over(factors, |factor| run.log_factor(level, factor));
            if log > best.log {
                best = PiecesOfFault { log, first, last };
            }
            logs.push(log);
        }
    }
    let (first, run) = middle_begin(hourly, pieces, &best, |run, first| {
        let belief = beliefs.of_window(first, best.last);
        belief.ln() + mean_over(factors, |factor| run.log_factor(level, factor))
    });
    let (from, to) = (pieces[first].from, pieces[best.last].to);
    Scan {
        weight: log_sum(&logs),
        window: run.window(from, to, level),
    }
}

/// The part of a window's length around its likeliest begin in which the begin that is told may lie.
const AROUND: f64 = 0.1;

/// The middle one of the begins near the likeliest that a fault with this end may have had, with as much belief before it as
/// behind. The likeliest single one is always right behind the last event, as if the fault had waited for it.
fn middle_begin(
    hourly: &Hourly,
    pieces: &[Piece],
    best: &PiecesOfFault,
    log: impl Fn(&Run, usize) -> f64,
) -> (usize, Run) {
    let (from, to) = (pieces[best.first].from, pieces[best.last].to);
    let reach = (to - from) as f64 * AROUND;
    let mut run = Run::default();
    let mut begins = Vec::new();
    for (first, piece) in pieces.iter().enumerate().take(best.last + 1).rev() {
        run.add(piece, hourly.noise[piece.day]);
        if piece.from.abs_diff(from) as f64 <= reach {
            begins.push((first, run, log(&run, first)));
        }
    }
    let logs: Vec<f64> = begins.iter().map(|(.., log)| *log).collect();
    let all = log_sum(&logs);
    let mut behind = 0.0;
    let is_middle = |(.., log): &&(usize, Run, f64)| {
        behind += (log - all).exp();
        behind >= 0.5
    };
    let middle = begins.iter().find(is_middle).or(begins.last());
    middle.map_or((best.first, run), |(first, run, _)| (*first, *run))
}

/// A window of pieces as the time of the fault.
struct PiecesOfFault {
    /// Log of its belief and its evidence, nats.
    log: f64,
    first: usize,
    last: usize,
}

/// How one unit of belief is spread over the windows of a period.
struct Beliefs {
    /// Pieces of the period.
    count: usize,
    /// Pieces of the shortest window that is believed in.
    shortest: usize,
    /// Sum of 1/length over the lengths from the shortest on.
    by_length: f64,
}

impl Beliefs {
    fn of(count: usize, due: f64) -> Self {
        // From one expected event on: a shorter silence is seen every day.
        let shortest = ((count as f64 / due).ceil() as usize).clamp(1, count);
        let by_length = (shortest..=count).map(|length| 1.0 / length as f64).sum();
        Self {
            count,
            shortest,
            by_length,
        }
    }

    fn of_window(&self, first: usize, last: usize) -> f64 {
        let length = last + 1 - first;
        let mut belief = if length >= self.shortest {
            (1.0 - TOOK_ALL - TOUCHED_AN_END) * self.anywhere(length)
        } else {
            0.0
        };
        let begins_with_it = first == 0;
        let ends_with_it = last + 1 == self.count;
        if begins_with_it && ends_with_it {
            belief += TOOK_ALL;
        } else if begins_with_it || ends_with_it {
            // Half for each end, and the same for every length.
            belief += TOUCHED_AN_END / 2.0 / (self.count - 1) as f64;
        }
        belief
    }

    /// Lengths on a logarithmic scale, and every place of a length alike.
    fn anywhere(&self, length: usize) -> f64 {
        let places = self.count + 1 - length;
        1.0 / self.by_length / length as f64 / places as f64
    }
}

/// Events that were due in all pieces together.
fn due_of(pieces: &[Piece], level: Level) -> f64 {
    pieces.iter().map(|piece| piece.weight).sum::<f64>() * level.rate
}

fn mean_over(factors: &[f64], log: impl Fn(f64) -> f64) -> f64 {
    // At most nine: kept on the stack, the scan calls this for every window.
    let mut logs = [f64::NEG_INFINITY; FALLS.len()];
    for (place, factor) in logs.iter_mut().zip(factors) {
        *place = log(*factor);
    }
    log_sum(&logs) - (factors.len() as f64).ln()
}

fn log_sum(logs: &[f64]) -> f64 {
    log_mean(logs) + (logs.len().max(1) as f64).ln()
}

#[cfg(test)]
mod tests;

//! Outages from hourly data: silent gaps and partial losses of a scope, even where the week's total looks normal.
//!
//! Every window of the period that begins and ends on the hour, the whole period included, is tried as the time of the
//! fault (a scan over windows; Kulldorff, Communications in Statistics 26 (1997) 1481–1496). Instead of a penalty for the
//! best of many, the windows share one unit of belief: the result is the Bayes factor of "a fault somewhere in here"
//! against "as usual". Counts are negative binomial: with gamma noise of days, variance f, a silence where Λ events were
//! due has probability `(1 + fΛ)^(−1/f)`.

mod begun_before;
mod pieces;

use self::begun_before::{BEGAN_BEFORE, begun_before};
use self::pieces::{Piece, Run, pieces};
use crate::diagnosis::outage::hourly::{Hourly, Level};
use crate::diagnosis::weigh::bayes::log_mean;

/// What may be left of the usual level in a fault; nothing is left in one of three.
const FALLS: [f64; 9] = [0.0, 0.0, 0.0, 0.1, 0.25, 0.4, 0.55, 0.7, 0.85];
/// What a share of bad calls may rise to.
const RISES: [f64; 8] = [1.5, 2.0, 3.0, 5.0, 8.0, 14.0, 30.0, 60.0];
/// Belief that a fault took the whole period, and that it began or ended with it.
const WHOLE: f64 = 0.15;
const AT_AN_END: f64 = 0.25;

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
    if pieces.iter().map(|piece| piece.weight).sum::<f64>() * level.rate < 0.01 {
        return None;
    }
    let factors: &[f64] = if way == Way::Fall { &FALLS } else { &RISES };
    let inside = inside(hourly, &pieces, level, factors);
    let before = begun_before(hourly, &pieces, start, factors);
    let Some(before) = before else {
        return Some(inside);
    };
    let best = |scan: &Scan, belief: f64| scan.weight + belief.ln();
    let odds_before = before.odds / (before.odds + 1.0 - BEGAN_BEFORE);
    let mixed = log_sum(&[
        best(&inside, 1.0 - odds_before),
        best(&before.scan, odds_before),
    ]);
    let leads = best(&before.scan, odds_before) > best(&inside, 1.0 - odds_before);
    let window = if leads {
        before.scan.window
    } else {
        inside.window
    };
    // A fault that ended just before the period must not speak against a new one.
    Some(Scan {
        weight: log_mean(&[inside.weight, mixed]),
        window,
    })
}

/// The scan of faults that begin in the period.
fn inside(hourly: &Hourly, pieces: &[Piece], level: Level, factors: &[f64]) -> Scan {
    let count = pieces.len();
    let all = pieces.iter().map(|piece| piece.weight).sum::<f64>() * level.rate;
    let shortest = ((count as f64 / all).ceil() as usize).clamp(1, count);
    let by_length: f64 = (shortest..=count).map(|length| 1.0 / length as f64).sum();
    let mut logs = Vec::with_capacity(count * (count + 1) / 2);
    let mut best = (f64::NEG_INFINITY, 0, count - 1, Run::default());
    for first in 0..count {
        let mut run = Run::default();
        for (last, piece) in pieces.iter().enumerate().skip(first) {
            run.add(piece, hourly.noise[piece.day]);
            let length = last + 1 - first;
            let is_told = length >= shortest;
            // Lengths on a logarithmic scale, from one expected event on, anywhere in the period.
            let anywhere = 1.0 / by_length / length as f64 / (count + 1 - length) as f64;
            let mut belief = if is_told {
                (1.0 - WHOLE - AT_AN_END) * anywhere
            } else {
                0.0
            };
            match (first == 0, last + 1 == count) {
                (true, true) => belief += WHOLE,
                (true, false) | (false, true) => belief += AT_AN_END / 2.0 / (count - 1) as f64,
                (false, false) => {}
            }
            if belief <= 0.0 {
                continue;
            }
            let log = belief.ln() + mean_over(factors, |factor| run.log_factor(level, factor));
            if log > best.0 {
                best = (log, first, last, run);
            }
            logs.push(log);
        }
    }
    let (_, first, last, run) = best;
    let (expected, dispersion) = (run.expected(level), run.dispersion(level));
    let window = Window {
        from: pieces[first].from,
        to: pieces[last].to,
        observed: run.observed,
        expected,
        dispersion,
    };
    Scan {
        weight: log_sum(&logs),
        window,
    }
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

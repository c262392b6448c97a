//! Faults that began before the period and last into it.

use super::pieces::{Piece, Run, run_of_days};
use super::{Scan, Window, log_sum};
use crate::diagnosis::outage::hourly::{Hourly, Level};
use crate::diagnosis::weigh::bayes::log_mean;

/// Days before the period in which a fault may have begun that lasts into it: four weeks. A judgement: the usual level
/// follows what lasts for longer.
const DAYS_BEFORE: usize = 28;
/// Belief that a fault of the period began before it. A judgement: most faults are shorter than a week.
pub(super) const BEGAN_BEFORE: f64 = 0.3;
/// Relative variance that a level gathers with every week of age: a standard deviation of 2 %. A judgement.
const DRIFT_A_WEEK: f64 = 0.0004;
/// Belief that such a fault lasted to the period's end; else it may have ended after any piece. A judgement.
const LASTED: f64 = 0.5;
/// The days before speak with so many nats at most: a larger exponential is no number any more.
const MOST_NATS: f64 = 600.0;

/// Faults that began before the period: how much the days before speak for one, and the period's evidence if so.
pub(super) struct Before {
    pub(super) odds: f64,
    pub(super) scan: Scan,
}

/// For each day before the period on which the fault may have begun, the level is learnt before that day; the days up to
/// the period weigh the days against each other, the period itself gives the evidence.
pub(super) fn begun_before(
    hourly: &Hourly,
    pieces: &[Piece],
    start: usize,
    factors: &[f64],
) -> Option<Before> {
    let mut days_before = Vec::new();
    let mut with_period = Vec::new();
    let mut likeliest: Option<FaultTime> = None;
    for back in 1..=DAYS_BEFORE.min(start) {
        let Some(begun) = Begun::days_before(hourly, start, back, factors) else {
            continue;
        };
        days_before.push(log_mean(&begun.logs));
        let mut run = Run::default();
        for (last, piece) in pieces.iter().enumerate() {
            run.add(piece, hourly.noise[piece.day]);
            let belief = belief_to_end_with(last, pieces.len());
            let log = belief.ln() + begun.log_with(&run, factors);
            with_period.push(log);
            if likeliest.as_ref().is_none_or(|best| log > best.log) {
                let window = run.window(begun.day * 24, piece.to, begun.level);
                likeliest = Some(FaultTime { log, window });
            }
        }
    }
    let window = likeliest?.window;
    let days = days_before.len() as f64;
    let known = log_sum(&days_before);
    Some(Before {
        odds: BEGAN_BEFORE / days * known.min(MOST_NATS).exp(),
        scan: Scan {
            // What the days before said already is no evidence of the period.
            weight: log_sum(&with_period) - known,
            window,
        },
    })
}

/// A time of the fault with the log of its belief and its evidence, nats.
struct FaultTime {
    log: f64,
    window: Window,
}

/// A fault that began on a day before the period.
struct Begun {
    day: usize,
    /// The level as it was known before that day.
    level: Level,
    /// Evidence of the days up to the period, by what the fault leaves of the level.
    logs: Vec<f64>,
}

impl Begun {
    fn days_before(hourly: &Hourly, start: usize, back: usize, factors: &[f64]) -> Option<Self> {
        let day = start - back;
        let mut level = hourly.level(day)?;
        let weeks_of_age = back as f64 / 7.0 + 1.0;
        level.variance += DRIFT_A_WEEK * weeks_of_age;
        let run = run_of_days(hourly, day, start);
        let logs = factors.iter().map(|factor| run.log_factor(level, *factor));
        let logs = logs.collect();
        Some(Self { day, level, logs })
    }

    /// Evidence of the days before and of a run of the period together: the fault leaves as much of the level in both.
    fn log_with(&self, run: &Run, factors: &[f64]) -> f64 {
        let logs = factors.iter().zip(&self.logs);
        let both: Vec<f64> = logs
            .map(|(factor, log)| log + run.log_factor(self.level, *factor))
            .collect();
        log_mean(&both)
    }
}

fn belief_to_end_with(last: usize, count: usize) -> f64 {
    if last + 1 == count {
        LASTED
    } else {
        (1.0 - LASTED) / (count - 1) as f64
    }
}

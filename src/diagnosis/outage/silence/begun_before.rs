//! Faults that began before the period and last into it.

use super::pieces::{Piece, Run, run_of_days};
use super::{Scan, Window, log_sum};
use crate::diagnosis::outage::hourly::Hourly;
use crate::diagnosis::weigh::bayes::log_mean;

/// Days before the period in which a fault may have begun that lasts into it.
const DAYS_BEFORE: usize = 28;
/// Belief that a fault of the period began before it.
pub(super) const BEGAN_BEFORE: f64 = 0.3;
/// Relative variance that a level gathers with every week of age.
const DRIFT: f64 = 0.0004;

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
    let count = pieces.len();
    let (mut prior, mut joint) = (Vec::new(), Vec::new());
    let mut best: Option<(f64, Window)> = None;
    for back in 1..=DAYS_BEFORE.min(start) {
        let Some(mut level) = hourly.level(start - back) else {
            continue;
        };
        level.variance += DRIFT * (back as f64 / 7.0 + 1.0);
        let earlier = run_of_days(hourly, start - back, start);
        let logs: Vec<f64> = factors
            .iter()
            .map(|factor| earlier.log_factor(level, *factor))
            .collect();
        prior.push(log_mean(&logs));
        let mut run = Run::default();
        for (last, piece) in pieces.iter().enumerate() {
            run.add(piece, hourly.noise[piece.day]);
            let belief: f64 = if last + 1 == count {
                0.5
            } else {
                0.5 / (count - 1) as f64
            };
            let both: Vec<f64> = factors
                .iter()
                .zip(&logs)
                .map(|(factor, log)| log + run.log_factor(level, *factor))
                .collect();
            let log = belief.ln() + log_mean(&both);
            joint.push(log);
            if best.is_none_or(|(most, _)| log > most) {
                let (expected, dispersion) = (run.expected(level), run.dispersion(level));
                let from = (start - back) * 24;
                best = Some((
                    log,
                    Window {
                        from,
                        to: piece.to,
                        observed: run.observed,
                        expected,
                        dispersion,
                    },
                ));
            }
        }
    }
    let (_, window) = best?;
    let days = prior.len() as f64;
    let known = log_sum(&prior);
    Some(Before {
        odds: BEGAN_BEFORE / days * known.min(600.0).exp(),
        scan: Scan {
            weight: log_sum(&joint) - known,
            window,
        },
    })
}

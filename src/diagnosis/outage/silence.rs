//! Outages from hourly data: silent gaps and partial losses of a scope, even where the week's total looks normal.
//!
//! Every window of the period that begins and ends on the hour, the whole period included, is tried as the time of the
//! fault (a scan over windows; Kulldorff, Communications in Statistics 26 (1997) 1481–1496). Instead of a penalty for the
//! best of many, the windows share one unit of belief: the result is the Bayes factor of "a fault somewhere in here"
//! against "as usual". Counts are negative binomial: with gamma noise of days, variance f, a silence where Λ events were
//! due has probability `(1 + fΛ)^(−1/f)`.

use crate::diagnosis::outage::hourly::{Hourly, Level};
use crate::diagnosis::weigh::bayes::log_mean;

/// What may be left of the usual level in a fault; nothing is left in one of three.
const FALLS: [f64; 9] = [0.0, 0.0, 0.0, 0.1, 0.25, 0.4, 0.55, 0.7, 0.85];
/// What a share of bad calls may rise to.
const RISES: [f64; 8] = [1.5, 2.0, 3.0, 5.0, 8.0, 14.0, 30.0, 60.0];
/// No more pieces than this are told apart in one period.
const PIECES: usize = 180;
/// Fewer expected events than this are not worth a piece.
const LEAST_DUE: f64 = 0.15;
/// Days before the period in which a fault may have begun that lasts into it.
const DAYS_BEFORE: usize = 28;
/// Belief that a fault took the whole period, and that it began or ended with it.
const WHOLE: f64 = 0.15;
const AT_AN_END: f64 = 0.25;
/// Belief that a fault of the period began before it.
const BEGAN_BEFORE: f64 = 0.3;
/// Relative variance that a level gathers with every week of age.
const DRIFT: f64 = 0.0004;

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

/// A few neighbouring hours of one day.
struct Piece {
    from: usize,
    to: usize,
    observed: f64,
    weight: f64,
    day: usize,
}

/// A growing run of pieces.
#[derive(Clone, Copy, Default)]
struct Run {
    observed: f64,
    weight: f64,
    day: usize,
    of_day: f64,
    spread: f64,
}

impl Run {
    fn add(&mut self, piece: &Piece, noise: f64) {
        if piece.day != self.day {
            (self.day, self.of_day) = (piece.day, 0.0);
        }
        self.observed += piece.observed;
        self.weight += piece.weight;
        // Sum over days of (day's weight)², times the day's noise.
        self.spread += noise * (piece.weight * piece.weight + 2.0 * piece.weight * self.of_day);
        self.of_day += piece.weight;
    }

    fn expected(&self, level: Level) -> f64 {
        self.weight * level.rate
    }

    fn dispersion(&self, level: Level) -> f64 {
        level.variance + self.spread / (self.weight * self.weight).max(1e-12)
    }

    fn log_factor(&self, level: Level, factor: f64) -> f64 {
        log_ratio(
            self.observed,
            self.expected(level),
            self.dispersion(level),
            factor,
        )
    }
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

/// Faults that began before the period: how much the days before speak for one, and the period's evidence if so.
struct Before {
    odds: f64,
    scan: Scan,
}

/// For each day before the period on which the fault may have begun, the level is learnt before that day; the days up to
/// the period weigh the days against each other, the period itself gives the evidence.
fn begun_before(
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

fn run_of_days(hourly: &Hourly, from: usize, to: usize) -> Run {
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
fn pieces(hourly: &Hourly, rate: f64, start: usize, end: usize) -> Vec<Piece> {
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
fn log_ratio(observed: f64, expected: f64, dispersion: f64, factor: f64) -> f64 {
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
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Ten weeks of `per_hour` calls every hour, with an hour range of the last week at a share of it.
    fn line(per_hour: f64, fault: std::ops::Range<usize>, left: f64) -> Hourly {
        let hours = 70 * 24;
        let count = |hour: usize| {
            if fault.contains(&hour) {
                per_hour * left
            } else {
                per_hour
            }
        };
        Hourly::new((0..hours).map(count).collect(), vec![1.0; hours], &[], 63)
    }

    // Poisson limit by hand: ln(e^{-6} / e^{-12}) = 6; three expected events of twelve, and a stray one.
    #[test]
    fn the_ratio_of_two_poisson_probabilities_is_exact() {
        assert!((log_ratio(0.0, 12.0, 1e-9, 0.5) - 6.0).abs() < 1e-4);
        assert!((log_ratio(3.0, 12.0, 1e-9, 0.25) - (9.0 - 3.0 * 4f64.ln())).abs() < 1e-4);
    }

    // scipy 1.17: nbinom.logpmf(3, 10, 10/(10+6)) − nbinom.logpmf(3, 10, 10/(10+12)); Var = m + m²/10.
    #[test]
    fn the_ratio_of_two_negative_binomial_probabilities_is_exact() {
        assert!((log_ratio(3.0, 12.0, 0.1, 0.5) - 2.060456962861114).abs() < 1e-9);
    }

    // (1 + fΛ)^(−1/f) at f = 0.25, Λ = 9.7: a silence that a dead line makes nearly certain.
    #[test]
    fn a_silence_is_worth_its_gamma_probability() {
        let weight = log_ratio(0.0, 9.7, 0.25, 0.0);
        let left: f64 = 0.01 + 0.003 * 9.7;
        let by_hand = 4.0 * (1.0f64 + 0.25 * 9.7).ln() - 4.0 * (1.0 + 0.25 * left).ln();
        assert!((weight - by_hand).abs() < 1e-9, "{weight} {by_hand}");
    }

    #[test]
    fn a_silence_in_a_steady_line_is_found_to_the_hour() {
        let fault = 65 * 24 + 10..66 * 24 + 4;
        let found = scan(&line(1.0, fault.clone(), 0.0), 63, 70, Way::Fall).expect("a level");
        assert!(found.weight > 4.0, "{found:?}");
        assert_eq!(
            (found.window.from, found.window.to),
            (fault.start, fault.end)
        );
        assert_eq!(found.window.observed, 0.0);
    }

    #[test]
    fn a_partial_loss_that_the_week_hides_is_found() {
        let fault = 64 * 24..67 * 24;
        let mut hourly = line(4.0, fault.clone(), 0.4);
        (67 * 24..70 * 24).for_each(|hour| hourly.counts[hour] *= 1.6);
        let found = scan(&hourly, 63, 70, Way::Fall).expect("a level");
        assert!(
            found.weight > 5.0 && found.window.from.abs_diff(fault.start) <= 3,
            "{found:?}"
        );
    }

    #[test]
    fn as_usual_speaks_against_a_fault_and_nothing_due_says_nothing() {
        let found = scan(&line(1.0, 0..0, 0.0), 63, 70, Way::Fall).expect("a level");
        assert!(found.weight < -0.5, "{found:?}");
        let nothing_due = scan(&line(0.00001, 0..0, 0.0), 63, 70, Way::Fall).expect("a level");
        assert!(nothing_due.weight.abs() < 0.5, "{nothing_due:?}");
    }

    proptest! {
        #[test]
        fn a_longer_silence_never_weighs_less(hours in 2usize..100, more in 1usize..40) {
            let begin = 64 * 24;
            let weight = |hours: usize| scan(&line(0.5, begin..begin + hours, 0.0), 63, 70, Way::Fall).expect("a level").weight;
            prop_assert!(weight(hours + more) >= weight(hours) - 0.35);
        }
    }
}

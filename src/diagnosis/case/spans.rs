//! What tells a change that lasted for less than the period: the days in a row on which it shows best.
//!
//! A fault of two days is a seventh of a week's count and lost in its noise, while on its own days nothing is left. So a
//! count is judged over the whole period and over every run of days in it. Each run is as likely beforehand as any other:
//! the factor of "on one of them" is the mean of all, which pays for the choice.

use std::ops::Range;

use super::{Case, Judged};
use crate::diagnosis::weigh::bayes;
use crate::diagnosis::weigh::evidence::Evidence;
use crate::metrics::baseline::{self, ExpectedDays};
use crate::metrics::predictive::overdispersion;

/// Belief that a change is best seen in the period's total, else on some of its days. A judgement: somewhat more of them
/// last than pass within a week.
const BY_TOTAL: f64 = 0.6;
/// Relative variance of a single day beyond chance, at least (14 % of the level): the noise of a firm whose base happened
/// to be smooth is not believed. Over several days it averages out.
const LEAST_DAY_NOISE: f64 = 0.02;
/// Days of the longest run that is looked at, a week: a change on more days in a row is one of the total.
const LONGEST_RUN: usize = 7;
/// A share of nothing is not divided by zero.
const FEWEST_EVENTS: f64 = 1.0;

/// A change, and the days that tell it most clearly.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Log Bayes factor of "changed in total or on some days", nats.
    pub weight: f64,
    /// Days of the history that tell it.
    pub days: Range<usize>,
}

impl Told {
    /// Names the days in what they tell, unless it is the whole period.
    pub fn dated(&self, case: &Case, evidence: Evidence) -> Evidence {
        if self.is_of_all_days(case) {
            return evidence;
        }
        let date = |day: usize| case.seen.date(day as u32);
        evidence.on_days(date(self.days.start), date(self.days.end - 1))
    }

    /// Whether the period's total tells it best.
    pub fn is_of_all_days(&self, case: &Case) -> bool {
        self.days == case.period()
    }
}

/// Counts by day with what was to be expected of each day of the period.
pub struct Daily {
    /// Days of the history that are the reported period.
    period: Range<usize>,
    /// By day of the history.
    counts: Vec<f64>,
    /// By day of the period.
    expected: ExpectedDays,
    /// Relative variance of a single day beyond chance.
    day_noise: f64,
}

impl Daily {
    /// The count of some days of the period against what was to be expected of them. A part of the period is less sure
    /// than the whole, for its days have a noise of their own.
    pub fn judged(&self, days: &Range<usize>) -> Judged {
        let first = self.period.start;
        let expected = self.expected.of(days.start - first..days.end - first);
        let own_noise = if *days == self.period {
            0.0
        } else {
            self.day_noise / days.len() as f64
        };
        Judged {
            observed: self.counts[days.clone()].iter().sum(),
            expected: expected.value,
            ordinary: expected.ordinary,
            dispersion: expected.dispersion + own_noise,
        }
    }
}

impl Case<'_> {
    /// The reported period in days of the history.
    pub fn period(&self) -> Range<usize> {
        self.start()..self.days()
    }

    /// A count, of its own or given its exposure, with what was to be expected of it by day; `None` when there is too
    /// little history.
    pub fn daily(&self, counts: &[f64], exposure: Option<&[f64]>) -> Option<Daily> {
        let profile = self.profile(exposure);
        let (from, to) = (self.start(), self.days());
        let expected = baseline::by_day(&self.calendar_days, profile, counts, exposure, from, to)?;
        Some(Daily {
            period: self.period(),
            counts: counts.to_vec(),
            expected,
            day_noise: self.day_noise(counts, exposure),
        })
    }

    /// The period as a whole or the run of days that tells a change best, by the log Bayes factor of each.
    pub fn told_by(&self, weigh: impl Fn(&Range<usize>) -> f64) -> Told {
        let whole = Told {
            weight: weigh(&self.period()),
            days: self.period(),
        };
        let runs = self.runs();
        let runs: Vec<Told> = runs
            .into_iter()
            .map(|days| Told {
                weight: weigh(&days),
                days,
            })
            .collect();
        let weights: Vec<f64> = runs.iter().map(|run| run.weight).collect();
        let price = f64::ln(runs.len().max(1) as f64);
        let clearest = runs
            .into_iter()
            .max_by(|one, other| one.weight.total_cmp(&other.weight));
        let Some(clearest) = clearest else {
            return whole;
        };
        let weight = bayes::either(whole.weight, BY_TOTAL, bayes::log_mean(&weights));
        // Some days of many always tell a little more than all of them: the clearest run pays for the choice before it is told.
        let told = if clearest.weight - price > whole.weight {
            clearest
        } else {
            whole
        };
        Told { weight, ..told }
    }

    /// Every run of ordinary days inside the period, but the whole of it: by the day, nothing is usual on a holiday.
    fn runs(&self) -> Vec<Range<usize>> {
        let period = self.period();
        let holidays = self.holidays();
        let mut runs = Vec::new();
        for from in period.clone() {
            let latest_end = period.end.min(from + LONGEST_RUN);
            for to in from + 1..=latest_end {
                let days = from..to;
                let is_ordinary = !holidays.iter().any(|holiday| days.contains(holiday));
                // The whole period is judged as the total, which knows the noise of periods.
                if is_ordinary && days != period {
                    runs.push(days);
                }
            }
        }
        runs
    }

    /// Relative variance of a single day beyond chance, given its period's total, its weekday and its exposure: from the
    /// base.
    fn day_noise(&self, counts: &[f64], exposure: Option<&[f64]>) -> f64 {
        let base = self.base_start()..self.start();
        let units: Vec<f64> = match exposure {
            Some(exposure) => exposure[base.clone()].to_vec(),
            None => vec![1.0; base.len()],
        };
        let length = self.length();
        let counts = &counts[base];
        let usual = by_place(counts, &units, length);
        let mut seen_and_due = Vec::new();
        let periods = counts.chunks_exact(length).zip(units.chunks_exact(length));
        for (counts, units) in periods {
            let total: f64 = counts.iter().sum();
            let due: Vec<f64> = units
                .iter()
                .zip(&usual)
                .map(|(unit, rate)| unit * rate)
                .collect();
            let all_due = due.iter().sum::<f64>();
            if all_due <= 0.0 {
                continue;
            }
            let expected = due.iter().map(|due| total * due / all_due);
            seen_and_due.extend(counts.iter().copied().zip(expected));
        }
        // Counts are drawn from no bounded number of opportunities: chance alone has the variance of the mean.
        let poisson = 1.0;
        overdispersion(seen_and_due.into_iter(), poisson).max(LEAST_DAY_NOISE)
    }
}

/// Events for a unit at each place in the period, over all periods together.
fn by_place(counts: &[f64], units: &[f64], length: usize) -> Vec<f64> {
    let of_place = |values: &[f64], place: usize| -> f64 {
        values
            .chunks_exact(length)
            .map(|period| period[place])
            .sum()
    };
    (0..length)
        .map(|place| of_place(counts, place) / of_place(units, place).max(FEWEST_EVENTS))
        .collect()
}

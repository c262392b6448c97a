//! Whether ranges hold as stated: firms drawn at random, forecast week after week, judged by what came.

use rand::SeedableRng;
use rand_distr::{Distribution as _, LogNormal, Poisson};
use rand_pcg::Pcg64Mcg;

use super::WEEK;
use super::history::History;
use super::model::Setting;
use crate::model::calendar::Calendar;

const WEEKS_OF_HISTORY: usize = 30;
const JUDGED_WEEKS: usize = 40;
const AHEAD_WEEKS: usize = 8;

/// Inquiries by day of a firm whose level drifts by 4 % and differs by 8 % from week to week.
fn firm(seed: u64) -> Vec<f64> {
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    let drift = LogNormal::new(0.0, 0.04).expect("a distribution");
    let noise = LogNormal::new(0.0, 0.08).expect("a distribution");
    let weekdays = [1.2, 1.2, 1.1, 1.1, 1.0, 0.7, 0.7];
    let mut level: f64 = 14.0;
    let mut days = Vec::new();
    for _ in 0..WEEKS_OF_HISTORY + JUDGED_WEEKS + AHEAD_WEEKS {
        level *= drift.sample(&mut random);
        let week = level * noise.sample(&mut random);
        for weekday in weekdays {
            let count = Poisson::new(week * weekday).expect("a distribution");
            days.push(count.sample(&mut random));
        }
    }
    days
}

/// How many of the ranges of one firm held, for a week so many weeks ahead.
fn held(days: &[f64], ahead: usize) -> usize {
    let calendar = Calendar::default();
    let span = ((ahead - 1) * WEEK, ahead * WEEK);
    let judged = (0..JUDGED_WEEKS).filter(|week| {
        let origin = (WEEKS_OF_HISTORY + week) * WEEK;
        let setting = Setting {
            history: History {
                first: "2025-01-06".parse().expect("a Monday"),
                days: origin,
            },
            calendar: &calendar,
            base_periods: 8,
        };
        let replayed = setting.replay_count(days[..origin].to_vec(), 1.0);
        let range = replayed.and_then(|replayed| replayed.project(span));
        let range = range.expect("thirty weeks are enough");
        let seen: f64 = days[origin + span.0..origin + span.1].iter().sum();
        range.low.is_some_and(|low| low <= seen) && range.high.is_some_and(|high| seen <= high)
    });
    judged.count()
}

#[test]
fn ranges_hold_four_times_in_five_on_ten_firms_and_forty_weeks() {
    let firms: Vec<Vec<f64>> = (1..=10).map(firm).collect();
    let aheads = [1, 2, 4, 8];
    let all: usize = aheads
        .iter()
        .flat_map(|ahead| firms.iter().map(|days| held(days, *ahead)))
        .sum();
    let share = all as f64 / (firms.len() * JUDGED_WEEKS * aheads.len()) as f64;
    assert!((0.76..=0.84).contains(&share), "{share}");
}

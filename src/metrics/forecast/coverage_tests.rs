//! Whether ranges hold as stated: firms drawn at random, forecast week after week, judged by what came.

use rand::SeedableRng;
use rand_distr::{Distribution as _, LogNormal, Poisson};
use rand_pcg::Pcg64Mcg;

use super::DAYS_A_WEEK;
use super::history::History;
use super::model::Setting;
use crate::model::calendar::Calendar;

const WEEKS_OF_HISTORY: usize = 30;
const JUDGED_WEEKS: usize = 40;
const AHEAD_WEEKS: usize = 8;

/// How a firm's counts go: how many a day, by how much their level drifts from week to week, and how far weeks lie from it.
#[derive(Debug, Clone, Copy)]
struct Way {
    daily: f64,
    drift: f64,
    noise: f64,
}

/// A firm like most; visits of one that is steadier than is assumed; sales of a small one; one that swings.
const WAYS: [Way; 4] = [
    Way {
        daily: 14.0,
        drift: 0.04,
        noise: 0.08,
    },
    Way {
        daily: 220.0,
        drift: 0.0,
        noise: 0.02,
    },
    Way {
        daily: 2.0,
        drift: 0.02,
        noise: 0.05,
    },
    Way {
        daily: 60.0,
        drift: 0.06,
        noise: 0.15,
    },
];

/// Counts by day of one firm.
fn firm(seed: u64, way: Way) -> Vec<f64> {
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    let drift = LogNormal::new(0.0, way.drift).expect("a distribution");
    let noise = LogNormal::new(0.0, way.noise).expect("a distribution");
    let weekdays = [1.2, 1.2, 1.1, 1.1, 1.0, 0.7, 0.7];
    let mut level = way.daily;
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
    let span = ((ahead - 1) * DAYS_A_WEEK, ahead * DAYS_A_WEEK);
    let judged = (0..JUDGED_WEEKS).filter(|week| {
        let origin = (WEEKS_OF_HISTORY + week) * DAYS_A_WEEK;
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
    let aheads = [1, 2, 4, 8];
    for way in WAYS {
        let firms: Vec<Vec<f64>> = (1..=10).map(|seed| firm(seed, way)).collect();
        let all: usize = aheads
            .iter()
            .flat_map(|ahead| firms.iter().map(|days| held(days, *ahead)))
            .sum();
        let share = all as f64 / (firms.len() * JUDGED_WEEKS * aheads.len()) as f64;
        assert!((0.76..=0.84).contains(&share), "{way:?}: {share}");
    }
}

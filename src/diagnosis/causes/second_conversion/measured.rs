//! Hit rates and quiet rates in print, for those who tune the causes; no promise is tested here.

use super::incidents::*;
use super::{Incident, RIVALS, odds};
use crate::diagnosis::firm::START;
use crate::model::observations::Observations;

/// Firms that each incident is tried on.
const SEEDS: u64 = 20;

const INCIDENTS: [(&str, usize, Incident); 10] = [
    ("colder channel 1", 0, |seen, days, share, seed| colder(seen, 1, days, share, seed)),
    ("colder channel 3", 0, |seen, days, share, seed| colder(seen, 3, days, share, seed)),
    ("colder all", 0, |seen, days, share, seed| colder(seen, 0, days, share, seed)),
    ("slower", 1, slower),
    ("missing", 1, missing),
    ("weak manager", 1, weaker),
    ("unclosed", 2, unclosed),
    ("doubled", 2, doubled),
    ("silent channel 1", 0, |seen, days, share, seed| silent(seen, 1, days, share, seed)),
    ("silent all", 0, |seen, days, share, seed| silent(seen, 0, days, share, seed)),
];

/// For those who tune: hit rates by severity, size and age, and the quiet rates.
#[test]
#[ignore = "asserts nothing: prints a table for those who tune the causes, with --ignored --nocapture"]
fn measure() {
    let seeds: u64 = SEEDS;
    for size in [1, 4] {
        for (noise, at) in [0.0, 0.06, 0.12].into_iter().flat_map(|noise| (0..3).map(move |at| (noise, at))) {
            let quiet: Vec<[f64; 3]> = (0..seeds * 2).map(|seed| odds(&noisy(seed, size, noise))).collect();
            let mut all: Vec<f64> = quiet.iter().map(|odds| odds[at]).collect();
            all.sort_by(f64::total_cmp);
            let above = all.iter().filter(|odds| **odds > 1.0).count();
            println!(
                "quiet x{size} noise {noise} {:?}: median {:.1} p90 {:.1} max {:.1}; above 1: {above} of {}",
                RIVALS[at],
                all[all.len() / 2],
                all[all.len() * 9 / 10],
                all[all.len() - 1],
                all.len()
            );
        }
        for (name, right, incident) in INCIDENTS {
            for back in [0, 14, 35] {
                for share in [0.25, 0.5, 0.9] {
                    let (mut hits, mut first, mut sums) = (0, 0, [0.0; 3]);
                    for seed in 0..seeds {
                        let mut seen = firm(seed, size);
                        incident(&mut seen, START - back..u32::MAX, share, seed + 7);
                        let odds = odds(&seen);
                        (0..3).for_each(|at| sums[at] += odds[at] / seeds as f64);
                        hits += u32::from(odds[right] > 3.0);
                        first += u32::from((0..3).all(|at| at == right || odds[at] < odds[right]));
                    }
                    println!(
                        "x{size} {name} {share} since {back}: found {hits} first {first} of {seeds}; means {:.1} {:.1} {:.1}",
                        sums[0], sums[1], sums[2]
                    );
                }
            }
        }
    }
}

/// For those who tune: what is no incident of the second conversion, or one that has passed.
#[test]
#[ignore = "asserts nothing: prints a table for those who tune the causes, with --ignored --nocapture"]
fn measure_others() {
    let seeds: u64 = SEEDS;
    type Other = fn(u64) -> Observations;
    let others: Vec<(&str, Other)> = vec![
        ("thin", thin),
        ("patient x1", |seed| patient(seed, 1)),
        ("patient x4", |seed| patient(seed, 4)),
        ("patient x2 colder 1 0.6", |seed| {
            let mut seen = patient(seed, 2);
            colder(&mut seen, 1, START..u32::MAX, 0.6, seed);
            seen
        }),
        ("thin colder all 0.6", |seed| {
            let mut seen = thin(seed);
            colder(&mut seen, 0, START..u32::MAX, 0.6, seed);
            seen
        }),
        ("thin missing 0.6", |seed| {
            let mut seen = thin(seed);
            missing(&mut seen, START..u32::MAX, 0.6, seed);
            seen
        }),
        ("thin unclosed 0.9", |seed| {
            let mut seen = thin(seed);
            unclosed(&mut seen, START..u32::MAX, 0.9, seed);
            seen
        }),
        ("manager left 2 weeks ago", |seed| {
            let mut seen = firm(seed, 2);
            leave(&mut seen, START - 14, 4);
            seen
        }),
        ("manager leaves in the week", |seed| {
            let mut seen = firm(seed, 2);
            leave(&mut seen, START + 2, 4);
            seen
        }),
        ("dead line", |seed| {
            let mut seen = firm(seed, 2);
            dead_line(&mut seen, START..u32::MAX, 1);
            seen
        }),
        ("crm export 3 days short", |seed| {
            let mut seen = firm(seed, 2);
            unclosed(&mut seen, START + 4..u32::MAX, 1.1, seed);
            seen.deals.iter_mut().for_each(|all| all.retain(|deal| deal.day < START + 4));
            seen
        }),
        ("passed colder", |seed| {
            let mut seen = firm(seed, 2);
            colder(&mut seen, 1, START - 28..START - 7, 0.6, seed);
            seen
        }),
        ("passed slower", |seed| {
            let mut seen = firm(seed, 2);
            slower(&mut seen, START - 28..START - 7, 0.8, seed);
            seen
        }),
        ("known a month later colder 1 0.4", |seed| {
            let mut seen = firm(seed, 1);
            colder(&mut seen, 1, START - 28..START - 21, 0.4, seed);
            rewind(&mut seen);
            seen
        }),
        ("known a month later silent 1 0.7", |seed| {
            let mut seen = firm(seed, 2);
            silent(&mut seen, 1, START - 28..START - 21, 0.7, seed);
            rewind(&mut seen);
            seen
        }),
        ("known a month later quiet", |seed| {
            let mut seen = firm(seed, 2);
            rewind(&mut seen);
            seen
        }),
    ];
    for (name, other) in others {
        let all: Vec<[f64; 3]> = (0..seeds).map(|seed| odds(&other(seed))).collect();
        let say = |at: usize| {
            let mut odds: Vec<f64> = all.iter().map(|odds| odds[at]).collect();
            odds.sort_by(f64::total_cmp);
            format!(
                "{:?}: median {:.1} max {:.1} over 3: {}",
                RIVALS[at],
                odds[odds.len() / 2],
                odds[odds.len() - 1],
                odds.iter().filter(|odds| **odds > 3.0).count()
            )
        };
        println!("x1 {name}: {}; {}; {}", say(0), say(1), say(2));
    }
}

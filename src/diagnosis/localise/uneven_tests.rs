//! How often the right segments are named where counts are large and damage is uneven: each cell of a segment has its own
//! severity, each cell its own noise, and some do as they like.

use std::collections::{BTreeMap, BTreeSet};

use rand::{RngExt, SeedableRng};
use rand_distr::{Beta, Distribution, Normal, Poisson, StudentT};
use rand_pcg::Pcg64;

use super::{Cell, Cube, Direction, ScanOptions, scan};

/// Providers, regions, clients, networks.
const VALUES: [usize; 4] = [6, 12, 5, 3];
/// Part of the events that a damaged segment should have had, at least and at most.
const SHARE: (f64, f64) = (0.03, 0.25);
/// What Beta's two parameters add up to, of the severity of single cells: ± 0.25 about 0.7.
const EVENNESS: f64 = 2.5;
/// Part of the loss that is the least for a segment to be a cause.
const LEAST_PART: f64 = 0.15;
/// Share of cells that do as they like.
const WILD: f64 = 0.03;
/// Share of the opportunities that fail in a cell where damage is complete.
const FAILING: f64 = 0.3;
/// Weeks of the base: as noisy as the period itself.
const WEEKS: f64 = 1.0;

type Names = BTreeMap<String, String>;

/// What a family of cubes has of its own.
struct Family {
    /// Events of the period.
    events: f64,
    /// Part of the opportunities that become events.
    rate: f64,
    /// Relative noise of a cell, Student's with three degrees of freedom.
    noise: f64,
    /// What happens to the events, and which of them are counted.
    kind: Kind,
}

/// What damage does.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Events are lost.
    Lost,
    /// Events are lost, but those counted are the opportunities that did not become one.
    Missed,
    /// Events are failures, of which there are more.
    Failed,
}

fn normal(dice: &mut Pcg64, deviation: f64) -> f64 {
    Normal::new(0.0, deviation).unwrap().sample(dice)
}

fn poisson(dice: &mut Pcg64, mean: f64) -> f64 {
    if mean > 0.0 {
        Poisson::new(mean).unwrap().sample(dice)
    } else {
        0.0
    }
}

/// A heavy-tailed factor.
fn noise(dice: &mut Pcg64, deviation: f64) -> f64 {
    (deviation * StudentT::new(3.0).unwrap().sample(dice))
        .clamp(-2.0, 2.0)
        .exp()
}

fn all_codes() -> Vec<Vec<u32>> {
    let longer = |codes: Vec<Vec<u32>>, count: usize| {
        let next = codes
            .iter()
            .flat_map(|known| (0..count as u32).map(move |code| [&known[..], &[code]].concat()));
        next.collect()
    };
    VALUES.into_iter().fold(vec![vec![]], longer)
}

/// Shares of the cells in all events, falling by the rank of each value.
fn shares(dice: &mut Pcg64, codes: &[Vec<u32>]) -> Vec<f64> {
    let share = |codes: &Vec<u32>| {
        codes
            .iter()
            .map(|code| (f64::from(*code) + 1.0).powf(-0.8))
            .product::<f64>()
    };
    let shares: Vec<f64> = codes
        .iter()
        .map(|codes| share(codes) * normal(dice, 0.6).exp())
        .collect();
    let all: f64 = shares.iter().sum();
    shares.into_iter().map(|share| share / all).collect()
}

/// For each cell the part that is kept, and the segments that are damaged.
fn damage(
    dice: &mut Pcg64,
    codes: &[Vec<u32>],
    shares: &[f64],
    segments: usize,
) -> (Vec<f64>, BTreeSet<Names>) {
    loop {
        let (mut kept, mut truth, mut losses) =
            (vec![1.0; codes.len()], BTreeSet::new(), Vec::new());
        while truth.len() < segments {
            let depth = dice.random_range(1..=3);
            let mut segment = BTreeMap::new();
            while segment.len() < depth {
                let dimension = dice.random_range(0..VALUES.len());
                segment.insert(dimension, dice.random_range(0..VALUES[dimension]) as u32);
            }
            let inside = |at: &usize| {
                segment
                    .iter()
                    .all(|(dimension, code)| codes[*at][*dimension] == *code)
            };
            let members: Vec<usize> = (0..codes.len()).filter(inside).collect();
            let share: f64 = members.iter().map(|at| shares[*at]).sum();
            if !(SHARE.0..SHARE.1).contains(&share) || members.iter().any(|at| kept[*at] < 1.0) {
                continue;
            }
            let severity = dice.random_range(0.55..0.9);
            let law = Beta::new(severity * EVENNESS, (1.0 - severity) * EVENNESS).unwrap();
            members
                .iter()
                .for_each(|at| kept[*at] = 1.0 - law.sample(dice));
            losses.push(
                members
                    .iter()
                    .map(|at| shares[*at] * (1.0 - kept[*at]))
                    .sum::<f64>(),
            );
            truth.insert(
                segment
                    .iter()
                    .map(|(at, code)| (format!("d{at}"), format!("v{code}")))
                    .collect(),
            );
        }
        let all: f64 = losses.iter().sum();
        if losses.iter().all(|loss| *loss >= LEAST_PART * all) {
            return (kept, truth);
        }
    }
}

fn made(seed: u64, family: &Family, segments: usize) -> (Cube, BTreeSet<Names>) {
    let dice = &mut Pcg64::seed_from_u64(seed);
    let codes = all_codes();
    let shares = shares(dice, &codes);
    let (kept, truth) = damage(dice, &codes, &shares, segments);
    let drift = normal(dice, 0.05).exp();
    let cells = codes
        .into_iter()
        .zip(shares)
        .zip(kept)
        .map(|((codes, share), kept)| {
            let rate = (family.rate * normal(dice, 0.3).exp()).min(0.9);
            let opportunities = family.events * share / family.rate;
            let wild = if dice.random::<f64>() < WILD {
                normal(dice, 1.0).exp()
            } else {
                1.0
            };
            let (then, now) = (
                noise(dice, family.noise / WEEKS.sqrt()),
                noise(dice, family.noise) * wild * drift,
            );
            let (base_n, n) = (
                poisson(dice, WEEKS * opportunities),
                poisson(dice, opportunities),
            );
            let base_k = poisson(dice, base_n * rate * then).min(base_n);
            let damaged = match family.kind {
                Kind::Failed => rate * now + FAILING * (1.0 - kept),
                Kind::Lost | Kind::Missed => rate * now * kept,
            };
            let k = poisson(dice, n * damaged).min(n);
            let counted = |n: f64, k: f64| {
                if family.kind == Kind::Missed {
                    n - k
                } else {
                    k
                }
            };
            Cell {
                codes,
                base_n,
                base_k: counted(base_n, base_k),
                n,
                k: counted(n, k),
            }
        });
    let values = VALUES
        .iter()
        .map(|count| (0..*count).map(|code| format!("v{code}")).collect())
        .collect();
    let dimensions = (0..VALUES.len()).map(|at| format!("d{at}")).collect();
    (
        Cube {
            dimensions,
            values,
            cells: cells.collect(),
        },
        truth,
    )
}

/// F1 of the exact matches, pooled over cubes of one or two segments.
fn f1(family: &Family, instances: u64) -> f64 {
    let direction = if family.kind == Kind::Lost {
        Direction::Drop
    } else {
        Direction::Rise
    };
    let options = ScanOptions {
        direction,
        ..ScanOptions::default()
    };
    let (mut right, mut said, mut true_ones) = (0, 0, 0);
    for seed in 0..instances {
        let (cube, truth) = made(seed, family, 1 + seed as usize % 2);
        let named: BTreeSet<Names> = scan(&cube, &options)
            .segments
            .into_iter()
            .map(|found| found.dimensions)
            .collect();
        right += named.intersection(&truth).count();
        said += named.len();
        true_ones += truth.len();
    }
    2.0 * right as f64 / (said + true_ones) as f64
}

#[track_caller]
fn holds(family: &Family) {
    let f1 = f1(family, 40);
    assert!(f1 >= 0.80, "F1 is {f1:.3}");
}

#[test]
fn uneven_damage_is_named_at_20_thousand_events() {
    holds(&Family {
        events: 20e3,
        rate: 0.03,
        noise: 0.2,
        kind: Kind::Lost,
    });
}

#[test]
fn uneven_damage_is_named_at_a_million_events() {
    holds(&Family {
        events: 1e6,
        rate: 0.2,
        noise: 0.25,
        kind: Kind::Lost,
    });
}

/// The same fall, counted as a rise of what did not become events: the rates are near 1.
#[test]
fn uneven_damage_is_named_when_misses_are_counted() {
    holds(&Family {
        events: 1e6,
        rate: 0.05,
        noise: 0.25,
        kind: Kind::Missed,
    });
}

#[test]
fn uneven_damage_is_named_when_failures_are_counted() {
    holds(&Family {
        events: 200e3,
        rate: 0.02,
        noise: 0.3,
        kind: Kind::Failed,
    });
}

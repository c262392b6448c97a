//! The stages that deals pass: cohorts of deals by the period of their entry, compared at equal age.

use chrono::{DateTime, Utc};

use super::Place;
use super::run::Run;
use crate::metrics::predictive::Sample;
use crate::metrics::settings::DealStage;
use crate::model::deal_paths::{DealPath, DealPaths};
use crate::model::facts::Facts;
use crate::model::period::Period;

/// How far the deals of one period had come by a time.
pub(super) struct Cohort {
    /// Deals entered.
    pub(super) entered: f64,
    /// Deals that reached each stage or a later one; those that were won have passed all.
    pub(super) reached: Vec<f64>,
    /// Deals that were won.
    pub(super) won: f64,
}

impl Cohort {
    /// The deals of a place that were entered in a period, as they were at `until`.
    pub(super) fn new(
        paths: &DealPaths,
        place: Place<'_>,
        period: &Period,
        order: &[DealStage],
        until: DateTime<Utc>,
    ) -> Self {
        let mut cohort = Self {
            entered: 0.0,
            reached: vec![0.0; order.len()],
            won: 0.0,
        };
        for deal in &paths.deals {
            let Some((at, day)) = deal.created else {
                continue;
            };
            let weight = weight(deal, place);
            if weight <= 0.0 || day < period.from || day > period.to || at > until {
                continue;
            }
            cohort.entered += weight;
            let is_won = deal.won_at.is_some_and(|won| won <= until);
            cohort.won += if is_won { weight } else { 0.0 };
            let passed = if is_won {
                order.len()
            } else {
                passed(deal, order, until)
            };
            for reached in &mut cohort.reached[..passed] {
                *reached += weight;
            }
        }
        cohort
    }

    /// How many came to each step of how many: the stages, then the sale.
    pub(super) fn steps(&self) -> Vec<Sample> {
        let counts: Vec<f64> = std::iter::once(self.entered)
            .chain(self.reached.iter().copied())
            .chain([self.won])
            .collect();
        let pairs = counts.iter().zip(&counts[1..]);
        pairs.map(|(n, k)| Sample { k: *k, n: *n }).collect()
    }
}

/// The share of a deal that is a place's.
fn weight(deal: &DealPath, place: Place<'_>) -> f64 {
    match place {
        Place::Total => 1.0,
        Place::Manager(manager) => f64::from(u8::from(&*deal.manager == manager)),
        Place::Channel(channel) => {
            let own = deal.credit.iter().filter(|(of, _)| of == channel);
            own.map(|(_, share)| *share)
                .fold(0.0, |sum, share| sum + share)
        }
    }
}

/// How many stages of the order a deal has reached by a time: up to the furthest that it was in.
fn passed(deal: &DealPath, order: &[DealStage], until: DateTime<Utc>) -> usize {
    let place = |stage: &str| order.iter().position(|of| of.is(stage));
    let reached = deal.steps.iter().filter(|step| {
        // Where a deal is, without a word since when, it is now.
        step.entered_at
            .or(step.left_at)
            .is_none_or(|since| since <= until)
    });
    let furthest = reached.filter_map(|step| place(&step.stage)).max();
    furthest.map_or(0, |furthest| furthest + 1)
}

/// The steps of a place in every period, each cohort as old as that of the reported one is now: one run a step. Without a
/// history nothing is known of the past.
pub(super) fn runs(
    facts: &Facts,
    paths: &DealPaths,
    place: Place<'_>,
    order: &[DealStage],
) -> Vec<Run> {
    let Some(now) = facts.periods.last() else {
        return Vec::new();
    };
    let mut runs = vec![Run::new(); order.len() + 1];
    for facts in &facts.periods {
        let is_now = facts.period == now.period;
        // A day of slack: a cohort whose first days the history does not tell of is no base.
        let is_told = paths.known_from.is_some_and(|from| {
            from.date_naive() <= facts.period.from.succ_opt().unwrap_or(facts.period.from)
        });
        let age = now.period.to - facts.period.to;
        let until = paths.known_until - age;
        let steps = Cohort::new(paths, place, &facts.period, order, until).steps();
        for (run, step) in runs.iter_mut().zip(steps) {
            run.push((is_now || is_told).then_some(step));
        }
    }
    runs
}

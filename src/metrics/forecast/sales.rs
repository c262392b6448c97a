//! Sales and revenue to come: of inquiries that are open yet, and of those that the expected traffic will bring.
//!
//! Sales of a day = `Σ over ages a: N(day − a)·r(a)`, with `N` inquiries by day of arrival and `r(a)` sales at the age of `a`
//! days for one inquiry, learnt from inquiries that were followed so long (the additive method of run-off triangles: Mack,
//! ASTIN Bulletin 21 (1991) 93–109). The level, weekdays and holidays of that product are learnt as those of any rate.

use super::ahead::Ahead;
use super::model::{DAYS_AHEAD, Pace, Setting, known_from};
use crate::metrics::ledger::Ledger;

/// Inquiries of so many days teach when sales come: 26 weeks, as the usual second conversion.
const TAUGHT_BY: usize = 182;

/// What becomes of inquiries changes more slowly than how many come, and is learnt over so many times the periods, half a year as
/// the ages of sales are: a month with a fault is half of eight weeks and a sixth of twenty-four. A judgement.
const TIMES_THE_PERIODS: usize = 3;

/// The average check is that of the sales of so many days: half a year.
const CHECKS_OF: usize = 182;

/// Fewer sales than these tell no average check. A judgement, as for the other unit numbers by default.
const FEWEST_CHECKS: f64 = 10.0;

/// Sales of inquiries by the day they arrived and the age at which they sold.
#[derive(Debug)]
pub(super) struct Lags {
    /// Inquiries by day.
    pub(super) inquiries: Vec<f64>,
    /// For each day of arrival, age of each sale in days.
    sold: Vec<Vec<u32>>,
    /// Sales by day of inquiries that arrived within the history.
    pub(super) of_inquiries: Vec<f64>,
    horizon: usize,
}

impl Lags {
    /// Counts inquiries and their sales up to the last known day.
    pub(super) fn of(setting: &Setting<'_>, ledger: &Ledger<'_>) -> Self {
        let history = setting.history;
        let empty = || vec![0.0; history.days];
        let mut lags = Self {
            inquiries: empty(),
            sold: vec![Vec::new(); history.days],
            of_inquiries: empty(),
            horizon: ledger.horizon() as usize,
        };
        for entry in ledger.arrived(history.first, history.last()) {
            let Some(arrived) = history.place(entry.day) else {
                continue;
            };
            lags.inquiries[arrived] += 1.0;
            for sale in entry.sales_until(history.last(), ledger.horizon()) {
                // A sale dated before its inquiry counts as made on the same day.
                let Some(day) = history.place(sale.day.max(entry.day)) else {
                    continue;
                };
                lags.sold[arrived].push((day - arrived) as u32);
                lags.of_inquiries[day] += 1.0;
            }
        }
        lags
    }

    /// Sales at each age for one inquiry, as far as was known at an origin.
    fn by_age(&self, origin: usize) -> Vec<f64> {
        let first = known_from(&self.inquiries).max(origin.saturating_sub(TAUGHT_BY));
        let mut sales = vec![0.0; self.horizon + 1];
        // Inquiries that are at least so old, by age.
        let mut followed = vec![0.0; self.horizon + 1];
        for day in first..origin {
            let age = (origin - 1 - day).min(self.horizon);
            followed[age] += self.inquiries[day];
            for sold in &self.sold[day] {
                if *sold as usize <= age {
                    sales[*sold as usize] += 1.0;
                }
            }
        }
        let mut at_least = 0.0;
        for age in (0..=self.horizon).rev() {
            at_least += followed[age];
            sales[age] = if at_least > 0.0 {
                sales[age] / at_least
            } else {
                0.0
            };
        }
        sales
    }

    /// Sales that inquiries of these days let expect, by day.
    fn due(&self, inquiries: &[f64], by_age: &[f64]) -> Vec<f64> {
        let mut due = vec![0.0; inquiries.len()];
        for (day, count) in inquiries
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0.0)
        {
            let ages = by_age.iter().take(inquiries.len() - day);
            for (age, rate) in ages.enumerate() {
                due[day + age] += count * rate;
            }
        }
        due
    }

    /// Sales of inquiries ahead of an origin; `ahead` are the inquiries expected there, with their own dispersion.
    pub(super) fn expected(
        &self,
        setting: &Setting<'_>,
        origin: usize,
        ahead: &[f64],
        dispersion: f64,
    ) -> Option<Ahead> {
        let mut inquiries = self.inquiries.get(..origin)?.to_vec();
        inquiries.extend_from_slice(ahead);
        let by_age = self.by_age(origin);
        let due = self.due(&inquiries, &by_age);
        let pace = Pace::Slower(TIMES_THE_PERIODS);
        let expected = setting.rate(&self.of_inquiries, &due, origin, pace)?;
        let mut to_come = vec![0.0; origin];
        to_come.extend_from_slice(ahead);
        let of_new: f64 = self.due(&to_come, &by_age)[origin..].iter().sum();
        let of_all: f64 = due[origin..].iter().sum();
        // Only the sales of inquiries to come are as unsure as those inquiries.
        let new_share = if of_all > 0.0 { of_new / of_all } else { 0.0 };
        Some(Ahead {
            dispersion: expected.all().dispersion + dispersion * new_share * new_share,
            days: expected.days,
            chance: 1.0,
        })
    }
}

/// Adds a second, independent expectation of the same days.
pub(super) fn plus(one: Ahead, other: Option<Ahead>) -> Ahead {
    let Some(other) = other else { return one };
    let sum = |days: &[f64]| days.iter().sum::<f64>();
    let (first, second) = (sum(&one.days), sum(&other.days));
    let squares = first * first * one.dispersion + second * second * other.dispersion;
    let both = first + second;
    let days = one.days.iter().zip(&other.days);
    Ahead {
        days: days.map(|(one, other)| one + other).collect(),
        dispersion: if both > 0.0 {
            squares / (both * both)
        } else {
            one.dispersion
        },
        chance: one.chance,
    }
}

/// Revenue of expected sales by the average check of the past half year, refunds taken off.
pub(super) fn revenue_of(
    sales: &Ahead,
    (counts, revenue): (&[f64], &[f64]),
    origin: usize,
) -> Option<Ahead> {
    let from = origin.saturating_sub(CHECKS_OF);
    let count: f64 = counts.get(from..origin)?.iter().sum();
    let amount: f64 = revenue.get(from..origin)?.iter().sum();
    if count < FEWEST_CHECKS || amount <= 0.0 {
        return None;
    }
    let check = amount / count;
    Some(Ahead {
        days: sales.days.iter().map(|sales| sales * check).collect(),
        dispersion: sales.dispersion,
        // An amount of one comes with a payment of a whole check: a sum of n checks has the variance n·check².
        chance: check,
    })
}

/// Inquiries ahead of an origin: expected traffic times its usual first conversion; without single sessions, by their own
/// past. The dispersion is of both.
pub(super) fn inquiries(
    setting: &Setting<'_>,
    counts: &[f64],
    sessions: Option<&[f64]>,
    origin: usize,
) -> Option<Ahead> {
    let of_traffic = || {
        let sessions = sessions?;
        let traffic = setting.count(sessions, origin)?;
        let mut exposure = sessions.get(..origin)?.to_vec();
        exposure.extend_from_slice(&traffic.days);
        let expected = setting.rate(counts, &exposure, origin, Pace::Usual)?;
        let dispersion = expected.all().dispersion + traffic.all().dispersion;
        Some((expected.days, dispersion))
    };
    let of_own_past = || {
        let expected = setting.count(counts, origin)?;
        let dispersion = expected.all().dispersion;
        Some((expected.days, dispersion))
    };
    let (days, dispersion) = of_traffic().or_else(of_own_past)?;
    debug_assert_eq!(days.len(), DAYS_AHEAD);
    Some(Ahead {
        days,
        dispersion,
        chance: 1.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lags(inquiries: Vec<f64>, sold: Vec<Vec<u32>>) -> Lags {
        let days = inquiries.len();
        Lags {
            inquiries,
            sold,
            of_inquiries: vec![0.0; days],
            horizon: 3,
        }
    }

    #[test]
    fn a_rate_is_told_by_those_that_were_followed_so_long() {
        // Two inquiries a day for four days; the first day's sold at ages 1 and 2, the third day's one at age 1.
        let sold = vec![vec![1, 2], vec![], vec![1], vec![]];
        let lags = lags(vec![2.0; 4], sold);
        // At the end of the fourth day 8 are at least 0 days old, 6 are 1, 4 are 2, 2 are 3.
        assert_eq!(lags.by_age(4), [0.0, 2.0 / 6.0, 1.0 / 4.0, 0.0]);
        // A day earlier the third day's sale was not known: 6, 4 and 2 were followed.
        assert_eq!(lags.by_age(3), [0.0, 1.0 / 4.0, 1.0 / 2.0, 0.0]);
    }

    #[test]
    fn open_inquiries_and_new_ones_sell_at_their_ages() {
        let lags = lags(vec![10.0, 0.0], vec![vec![], vec![]]);
        let due = lags.due(&[10.0, 0.0, 4.0], &[0.1, 0.2, 0.0, 0.0]);
        assert_eq!(due, [1.0, 2.0, 0.4]);
    }

    #[test]
    fn a_sum_of_two_expectations_is_less_unsure_than_each() {
        let one = || Ahead {
            days: vec![5.0, 5.0],
            dispersion: 0.04,
            chance: 1.0,
        };
        let sum = plus(one(), Some(one()));
        assert_eq!((sum.days, sum.dispersion), (vec![10.0, 10.0], 0.02));
    }

    #[test]
    fn revenue_is_sales_times_the_average_check_and_none_of_few_sales() {
        let sales = Ahead {
            days: vec![2.0],
            dispersion: 0.01,
            chance: 1.0,
        };
        let revenue = revenue_of(&sales, (&[10.0], &[20_000.0]), 1).expect("a check of 2 000");
        assert_eq!((revenue.days, revenue.chance), (vec![4_000.0], 2_000.0));
        assert!(revenue_of(&sales, (&[9.0], &[18_000.0]), 1).is_none());
    }
}

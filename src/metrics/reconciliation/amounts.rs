//! Amounts of another size than ever: what a click costs, what a deal is worth.

use super::{Told, is_sound};
use crate::metrics::predictive::MIN_PERIODS;
use crate::metrics::ranks::median;
use crate::model::channel::ChannelId;
use crate::model::data_fault::{DataFault, Priced};
use crate::model::facts::{Facts, PeriodFacts};
use crate::model::money::Minor;

/// Amounts that differ from the usual ones so many times over are of another currency or unit. A judgement: prices do not
/// move so from one period to the next, and of currencies that a firm pays in, few lie closer.
const TIMES: f64 = 6.0;
/// From so many clicks or deals on an amount of one is stated.
const LEAST_CLICKS: u64 = 20;
const LEAST_DEALS: u64 = 10;

/// Exports whose amounts are of another size than usual.
pub(super) fn dear(facts: &Facts) -> Vec<Told> {
    let mut told = clicks(facts);
    told.extend(deals(facts));
    told
}

fn is_of_another_size(now: f64, usual: f64) -> bool {
    now > 0.0 && usual > 0.0 && (now >= TIMES * usual || usual >= TIMES * now)
}

fn deals(facts: &Facts) -> Vec<Told> {
    let judged = facts.amounts.iter().filter(|amounts| {
        let is_enough = amounts.deals >= LEAST_DEALS;
        is_enough && is_of_another_size(amounts.median.0 as f64, amounts.usual.0 as f64)
    });
    judged
        .filter(|amounts| is_sound(facts, &amounts.export))
        .map(|amounts| {
            let fault = DataFault::Amounts {
                of: Priced::Deal,
                now: amounts.median,
                usual: amounts.usual,
            };
            (amounts.export.clone(), fault)
        })
        .collect()
}

/// Costs of a click by channel; of each export the first channel that stands out is told.
fn clicks(facts: &Facts) -> Vec<Told> {
    let Some((now, before)) = facts.periods.split_last() else {
        return Vec::new();
    };
    let before = &before[before.len().saturating_sub(super::clicks::BASE_PERIODS)..];
    let mut told: Vec<Told> = Vec::new();
    for (channel, export) in &facts.costs_of {
        let usual: Vec<f64> = before
            .iter()
            .filter_map(|known| of_a_click(channel, known))
            .collect();
        let is_enough = usual.len() >= MIN_PERIODS;
        let Some((now, usual)) = of_a_click(channel, now).zip(median(usual)) else {
            continue;
        };
        let is_first = told.iter().all(|(known, _)| known != export);
        if is_enough && is_first && is_of_another_size(now, usual) && is_sound(facts, export) {
            let fault = DataFault::Amounts {
                of: Priced::Click,
                now: Minor(now.round() as i64),
                usual: Minor(usual.round() as i64),
            };
            told.push((export.clone(), fault));
        }
    }
    told
}

/// Minor units that one click of a channel cost.
fn of_a_click(channel: &ChannelId, known: &PeriodFacts) -> Option<f64> {
    let spend = known.spend.as_ref()?.get(channel)?;
    (spend.clicks >= LEAST_CLICKS).then(|| spend.cost.0 as f64 / spend.clicks as f64)
}

//! Amounts of another size than ever: what a click costs, what a deal is worth.

use super::{FaultOfExport, is_sound};
use crate::metrics::predictive::MIN_PERIODS;
use crate::metrics::ranks::median;
use crate::model::channel::ChannelId;
use crate::model::data_fault::{DataFault, Emptied, Priced};
use crate::model::facts::{Facts, PeriodFacts};
use crate::model::link::DealAmounts;
use crate::model::money::Minor;

/// Amounts that differ from the usual ones so many times over are of another currency or unit. A judgement: prices do not
/// move so from one period to the next, and of currencies that a firm pays in, few lie closer.
const TIMES: f64 = 6.0;
/// From so many clicks or deals on an amount of one is stated.
const LEAST_CLICKS: u64 = 20;
const LEAST_DEALS: u64 = 10;
/// The same of sales, which are fewer. A judgement: at the sound firms that were looked at the median of a week's sales was a
/// third to twice the usual one.
const LEAST_SALES: u64 = 5;

/// Amounts of earlier deals that must have been known, for the lack of them to be told, …
const LEAST_KNOWN: u64 = 20;
/// … and what is left of them at most.
const MOST_LEFT: f64 = 0.1;

/// Exports whose amounts are of another size than usual, or not there any more.
pub(super) fn dear(facts: &Facts) -> Vec<FaultOfExport> {
    let mut told = clicks(facts);
    let more = prices(facts);
    let is_new = |(export, _): &FaultOfExport| told.iter().all(|(known, _)| known != export);
    let more: Vec<FaultOfExport> = more.into_iter().filter(is_new).collect();
    told.extend(more);
    let sound = facts.amounts.iter();
    let sound = sound.filter(|amounts| {
        let export = &amounts.export;
        is_sound(facts, export) && !has_other_amounts(facts, export)
    });
    told.extend(sound.filter_map(|amounts| Some((amounts.export.clone(), deals(amounts)?))));
    told
}

/// Whether sale by sale the amounts of an export are known to be others already: that says more than their middle one.
fn has_other_amounts(facts: &Facts, export: &str) -> bool {
    let of_export = facts.sources.iter().find(|source| source.source == export);
    let mut faults = of_export.into_iter().flat_map(|source| &source.data_faults);
    faults.any(|fault| {
        let is_emptied = matches!(
            fault,
            DataFault::Emptied {
                column: Emptied::Amount,
                ..
            }
        );
        is_emptied || matches!(fault, DataFault::Repriced { .. })
    })
}

fn is_of_another_size(now: f64, usual: f64) -> bool {
    now > 0.0 && usual > 0.0 && (now >= TIMES * usual || usual >= TIMES * now)
}

/// What is wrong with the amounts of the deals of an export.
fn deals(amounts: &DealAmounts) -> Option<DataFault> {
    let (before, then) = (amounts.before, amounts.before_then);
    if then >= LEAST_KNOWN && before as f64 <= MOST_LEFT * then as f64 {
        return Some(DataFault::Emptied {
            column: Emptied::Amount,
            rows: before,
            of: then,
            usual_percent: 100,
        });
    }
    let entered = (amounts.deals >= LEAST_DEALS).then_some((amounts.median, amounts.usual));
    let sold = &amounts.sold;
    let sold = (sold.sales >= LEAST_SALES).then_some((sold.median, sold.usual));
    let mut sizes = [entered, sold].into_iter().flatten();
    sizes.find_map(|(now, usual)| another_size(now?, usual?))
}

/// Deals of another size than usual.
fn another_size(now: Minor, usual: Minor) -> Option<DataFault> {
    let is_other = is_of_another_size(now.0 as f64, usual.0 as f64);
    is_other.then_some(DataFault::Amounts {
        of: Priced::Deal,
        now,
        usual,
    })
}

/// Exports of costs whose past has another price of a click than it had.
fn prices(facts: &Facts) -> Vec<FaultOfExport> {
    let told = facts.click_prices.iter().filter(|price| {
        let is_other = is_of_another_size(price.now.0 as f64, price.then.0 as f64);
        is_other && is_sound(facts, &price.export)
    });
    told.map(|price| {
        let fault = DataFault::Amounts {
            of: Priced::Click,
            now: price.now,
            usual: price.then,
        };
        (price.export.clone(), fault)
    })
    .collect()
}

/// Costs of a click by channel; of each export the first channel that stands out is told.
fn clicks(facts: &Facts) -> Vec<FaultOfExport> {
    let Some((now, before)) = facts.periods.split_last() else {
        return Vec::new();
    };
    let before = &before[before.len().saturating_sub(super::clicks::BASE_PERIODS)..];
    let mut told: Vec<FaultOfExport> = Vec::new();
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

#[cfg(test)]
mod tests {
    use super::super::tests::{quiet, told};
    use super::*;
    use crate::model::link::{ClickPrice, SaleAmounts};

    #[test]
    fn a_full_download_that_lost_the_amounts_is_told() {
        let mut facts = quiet();
        let amounts = |before| DealAmounts {
            export: "crm".to_owned(),
            deals: 0,
            median: None,
            usual: Some(Minor(90_000)),
            before,
            before_then: 80,
            sold: SaleAmounts::default(),
        };
        facts.amounts = vec![amounts(2)];
        let fault = DataFault::Emptied {
            column: Emptied::Amount,
            rows: 2,
            of: 80,
            usual_percent: 100,
        };
        assert_eq!(told(&facts, "crm"), [fault]);
        facts.amounts = vec![amounts(60)];
        assert_eq!(told(&facts, "crm"), []);
    }

    #[test]
    fn sales_without_amounts_are_not_told_beside_a_past_without_any() {
        let mut facts = quiet();
        let crm = facts
            .sources
            .iter_mut()
            .find(|source| source.source == "crm");
        let unpriced = DataFault::Unpriced { rows: 9, of: 9 };
        crm.expect("the export").data_faults.push(unpriced.clone());
        assert_eq!(told(&facts, "crm"), [unpriced]);
        facts.amounts = vec![DealAmounts {
            export: "crm".to_owned(),
            deals: 0,
            median: None,
            usual: Some(Minor(90_000)),
            before: 2,
            before_then: 80,
            sold: SaleAmounts::default(),
        }];
        let fault = DataFault::Emptied {
            column: Emptied::Amount,
            rows: 2,
            of: 80,
            usual_percent: 100,
        };
        assert_eq!(told(&facts, "crm"), [fault]);
    }

    #[test]
    fn a_past_that_costs_a_hundred_times_as_much_is_of_another_unit() {
        let mut facts = quiet();
        let price = |now| ClickPrice {
            export: "costs".to_owned(),
            now: Minor(now),
            then: Minor(2000),
        };
        facts.click_prices = vec![price(2100)];
        assert_eq!(told(&facts, "costs"), []);
        facts.click_prices = vec![price(200_000)];
        let fault = DataFault::Amounts {
            of: Priced::Click,
            now: Minor(200_000),
            usual: Minor(2000),
        };
        assert_eq!(told(&facts, "costs"), [fault]);
    }

    #[test]
    fn sales_of_old_deals_are_judged_by_their_closing() {
        let mut facts = quiet();
        let closed = |sales, median| DealAmounts {
            export: "crm".to_owned(),
            deals: 0,
            median: None,
            usual: Some(Minor(90_000)),
            before: 80,
            before_then: 80,
            sold: SaleAmounts {
                sales,
                median: Some(Minor(median)),
                usual: Some(Minor(90_000)),
            },
        };
        let fault = DataFault::Amounts {
            of: Priced::Deal,
            now: Minor(9_000_000),
            usual: Minor(90_000),
        };
        for (amounts, expected) in [
            (closed(5, 9_000_000), vec![fault]),
            (closed(4, 9_000_000), Vec::new()),
            (closed(5, 300_000), Vec::new()),
        ] {
            facts.amounts = vec![amounts];
            assert_eq!(told(&facts, "crm"), expected);
        }
    }
}

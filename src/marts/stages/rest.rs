//! Deals at rest where the name of the stage says that they are done, beside a won stage that is known: a second name of it, which
//! one pipeline or one manager uses.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::{Export, LATEST_CLOSINGS, LEAST_IN_PLACE, MOST_STAGES, sounds_final};
use crate::marts::tables::{Deal, Standing};
use crate::model::doubt::SalesDoubt;

/// So many of those that come to the stage must stay, percent: as many a day that came there before four weeks as of those that
/// came lately. Of a stage that deals pass in a month a third is left.
const STAYING_PERCENT: i64 = 70;
/// Days before the last four weeks in which deals must have come there: fewer tell no pace.
const LEAST_DAYS: i64 = 7;
/// For so many sales there must be one such deal: fewer change nothing that is concluded.
const SALES_FOR_EACH: usize = 10;

/// The deals at one stage.
#[derive(Default)]
struct DealsAtStage {
    deals: usize,
    /// Neither changed nor, where changes are not told, entered lately.
    resting: usize,
    /// Days since the first of them did.
    oldest_days: i64,
}

impl DealsAtStage {
    fn add(&mut self, age: TimeDelta) {
        self.deals += 1;
        self.resting += usize::from(age >= LATEST_CLOSINGS);
        self.oldest_days = self.oldest_days.max(age.num_days());
    }

    /// Whether deals come and do not go.
    fn is_last(&self) -> bool {
        let days = self.oldest_days - LATEST_CLOSINGS.num_days();
        let lately = (self.deals - self.resting) as i64;
        let as_many = self.resting as i64 * LATEST_CLOSINGS.num_days() * 100
            >= lately * days * STAYING_PERCENT;
        self.resting >= LEAST_IN_PLACE && days >= LEAST_DAYS && as_many
    }
}

impl Export<'_> {
    /// Stages without a meaning that are called final, and at which deals stay.
    pub(super) fn at_rest(&self) -> Option<SalesDoubt> {
        let mut places: BTreeMap<&str, DealsAtStage> = BTreeMap::new();
        for deal in self.deals.iter().filter(|deal| is_called_final(deal)) {
            let moved = deal.updated_at.unwrap_or(deal.created_at);
            let place = places.entry(&deal.stage).or_default();
            place.add(self.until - moved);
        }
        let sales = self.count(|deal| deal.won_at().is_some());
        places.retain(|_, place| place.is_last() && place.deals * SALES_FOR_EACH >= sales);
        let deals: usize = places.values().map(|place| place.deals).sum();
        let stages = places.keys().take(MOST_STAGES).map(ToString::to_string);
        (deals > 0).then(|| SalesDoubt::ClosedUnnamed {
            deals: deals as u64,
            closed: (deals + self.count(|deal| deal.ending().is_some())) as u64,
            stages: stages.collect(),
        })
    }
}

/// Words that a stage is called final by, and yet no sale: who does not buy is "closed", too.
const NO_SALE: &[&str] = &[
    "не ",
    "неуспеш",
    "неоплач",
    "not ",
    "unpaid",
    "unsigned",
    "закры",
    "closed",
    "заверш",
    "complete",
    "отказ",
    "отмен",
    "lost",
    "cancel",
];

fn is_called_final(deal: &Deal) -> bool {
    let name = deal.stage.to_lowercase();
    let is_sale = !NO_SALE.iter().any(|word| name.contains(word));
    matches!(deal.standing, Standing::Unsaid { .. }) && is_sale && sounds_final(&name)
}

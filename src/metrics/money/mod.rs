//! What sales brought: gross margin, refunds, buyers and their cohorts, and the sales formula. Pure functions over [`Bought`].
//!
//! [`Bought`]: crate::model::bought::Bought

mod cohorts;
mod fall;
mod formula;
mod history;
mod lifetime;
pub(super) mod margin;
mod mean;
mod period;
mod processes;
mod types;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

pub use mean::Mean;
pub use types::{
    BuyerCohort, Closed, Formula, FormulaBase, FormulaLine, FormulaResult, Lifetime, MarginSource,
    Money, PeriodMoney, Process, ProfitFall, SalesFactor, Visitors,
};

use self::cohorts::People;
use self::fall::profit_fall;
use self::formula::{Sides, formula};
use self::history::History;
use self::lifetime::lifetime;
use self::period::period_money;
use super::settings::MetricSettings;
use crate::model::bought::{Bought, months, weeks};
use crate::model::facts::{Facts, PeriodFacts};

/// A period is known from its beginning when the first deal of the lake lies in its first part: one day in so many. A
/// judgement: with ten deals in a period, none in its first quarter comes about by chance once in eighteen times.
const FIRST_PART: u64 = 4;

/// The money of the reported period. Absent where its sales are not known, or no sale has an amount.
pub(super) fn money(facts: &Facts, plan: &MetricSettings) -> Option<Money> {
    let bought = facts.bought.as_ref()?;
    let (reported, earlier) = facts.periods.split_last()?;
    let period = &reported.period;
    let is_known = facts.has_deals && facts.arrived.deals && bought.known_from <= period.to;
    let has_amounts = |bought: &Bought| {
        let mut sales = bought.purchases.iter().filter(|one| one.made <= period.to);
        sales.any(|sale| sale.amount.0 > 0)
    };
    if !is_known || !has_amounts(bought) {
        return None;
    }
    let history = History::new(bought, plan);
    let previous = period.previous();
    let before = earlier
        .last()
        .filter(|base| base.period == previous && is_whole(bought, base));
    let people = People::by(&history, period.to);
    let formula = formulas(&history, reported, before);
    Some(Money {
        known_from: bought.known_from,
        now: period_money(&history, reported),
        before: before.map(|base| period_money(&history, base)),
        buyers: people.all(),
        months: people.cohorts(months(bought.known_from, period), &history, period),
        weeks: people.cohorts(weeks(bought.known_from, period), &history, period),
        lifetime: lifetime(&history, period.to),
        profit_fall: profit_fall(&formula),
        formula,
    })
}

/// Whether the deals of a past period are known from its beginning.
fn is_whole(bought: &Bought, base: &PeriodFacts) -> bool {
    let first_part = base.period.days() / FIRST_PART;
    bought.known_from <= base.period.from + chrono::Days::new(first_part)
}

/// The sales formula against the period before, and against as many days where that one is longer or shorter.
fn formulas(
    history: &History<'_>,
    reported: &PeriodFacts,
    before: Option<&PeriodFacts>,
) -> Vec<Formula> {
    let closed = |facts: &PeriodFacts| history.closed((facts.period.from, facts.period.to));
    let now = closed(reported);
    let same_length = history.bought.same_length.as_ref();
    let bases = [
        (FormulaBase::Previous, before),
        (
            FormulaBase::SameLength,
            same_length.filter(|base| is_whole(history.bought, base)),
        ),
    ];
    let against = |(against, base): (FormulaBase, Option<&PeriodFacts>)| {
        let base = base?;
        let then = closed(base);
        formula(
            against,
            &Sides {
                facts: base,
                sales: &then,
            },
            &Sides {
                facts: reported,
                sales: &now,
            },
            history.min_events,
        )
    };
    bases.into_iter().filter_map(against).collect()
}

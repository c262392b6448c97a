//! The two conversions among the key numbers.

use super::bases::{Bases, against_usual, conv1_to_usual};
use super::past::without;
use super::{Against, row};
use crate::config::words;
use crate::digest::blocks::{Cell, Row};
use crate::digest::page::Page;
use crate::digest::sections::cells::{self, Polarity};
use crate::metrics::scorecard::{Comparison, MatureCohort};
use crate::model::change::Change;
use crate::model::table::Table;

/// The first conversion, with what is usual below it.
pub(super) fn conv1(page: &Page) -> Row {
    let usual = page.digest.totals.usual.map(|usual| {
        page.figures
            .percent_range(usual.conv1.low, usual.conv1.high, 2)
    });
    let fact = cells::rate(page, &page.digest.totals.conv1, 2);
    let fact = against_usual(page, fact, words::kpi::USUAL, usual);
    let base = |comparison: &Comparison| {
        comparison
            .conv1
            .value
            .map(|rate| page.figures.percent(rate, 2))
    };
    let against = Against {
        usual: conv1_to_usual(page),
        change: |c| c.change.conv1,
        base: &base,
        polarity: Polarity::More,
    };
    row(
        page,
        words::metric::CONV1,
        Some(words::metric::CONV1_OF),
        fact,
        &against,
        None,
    )
}

/// What became of the matured cohort, with what is usual under it.
pub(in crate::digest::sections) fn cohort_rate(page: &Page, cohort: &MatureCohort) -> Cell {
    let fact = cells::rate(page, &cohort.rate, 1);
    // Under a rate that cannot be told stands why.
    let Some(usual) = cohort.usual.filter(|_| cohort.rate.value.is_some()) else {
        return fact;
    };
    let range = page.figures.percent_range(usual.low, usual.high, 1);
    fact.under(Some(page.fill(words::kpi::USUAL, &[("range", &range)])))
}

/// The matured cohort: the period's own is too young to be put beside others.
pub(super) fn conv2(page: &Page) -> Row {
    let Some(cohort) = &page.digest.mature_cohort else {
        // Waiting makes a young cohort old; what cannot be told, or nobody exports, stays unknown.
        let mut sources = page.digest.data_health.iter();
        let is_doubtful = sources.clone().any(|source| source.sales_doubt.is_some());
        let has_deals = sources.any(|source| source.table == Some(Table::Deals));
        let word = match has_deals && !is_doubtful {
            true => words::change::IMMATURE,
            false => words::absent::NO_DATA,
        };
        let none = || Cell::absent("—");
        let word = Cell::absent(page.text(word));
        return Row {
            head: Cell::text(page.text(words::metric::CONV2)).strong(),
            cells: without(Bases::of(page).cells(word, none(), none(), none(), none())),
            is_total: false,
        };
    };
    let period = page.figures.of_period(&cohort.period);
    let fact = cohort_rate(page, cohort);
    let head = Cell::text(page.text(words::metric::CONV2)).strong();
    let head = head.under(Some(
        page.fill(words::metric::CONV2_OF, &[("period", &period)]),
    ));
    // A rate that is not told has not changed by so many points either.
    let change = match cohort.rate.value {
        Some(_) => cohort.change,
        None => Change::TooFew,
    };
    let change = cells::change(page, &change, Polarity::More, None);
    let none = || Cell::absent("—");
    Row {
        head,
        cells: without(Bases::of(page).cells(fact.strong(), none(), change, none(), none())),
        is_total: false,
    }
}

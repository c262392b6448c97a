//! Cells that several tables share: rates, changes and amounts, each with its words for what cannot be shown.

use crate::config::words::{self, Noun};
use crate::digest::blocks::{Align, Arrow, Cell, Column, Tone, Unit, Value};
use crate::digest::page::Page;
use crate::metrics::values::Rate;
use crate::model::change::Change;
use crate::model::money::Minor;
use crate::model::period::PeriodKind;
use crate::model::target::{PlanMetric, PlanUnit};

/// Which direction is good for the business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Polarity {
    /// More is better.
    More,
    /// Less is better: costs per something.
    Less,
    /// Neither: spend.
    Neither,
}

/// A heading over words.
pub(super) fn left(title: String) -> Column {
    Column {
        title,
        align: Align::Left,
        is_optional: false,
    }
}

/// A heading over numbers.
pub(super) fn right(title: String) -> Column {
    Column {
        title,
        align: Align::Right,
        is_optional: false,
    }
}

/// A count of whole things, or the word for what did not arrive.
pub(super) fn count(page: &Page, value: Option<u64>) -> Cell {
    match value {
        Some(value) => Cell::number(value as f64, Unit::Count, page.figures.count(value)),
        None => Cell::absent(page.text(words::absent::NO_DATA)),
    }
}

/// A count of inquiries or sales, or the word for what did not arrive.
pub(super) fn events(page: &Page, value: Option<f64>) -> Cell {
    match value {
        Some(value) => Cell::number(value, Unit::Count, page.figures.events(value)),
        None => Cell::absent(page.text(words::absent::NO_DATA)),
    }
}

/// A sum of money, or the word for what did not arrive.
pub(super) fn sum(page: &Page, amount: Option<Minor>) -> Cell {
    match amount {
        Some(_) => money(page, amount, 0),
        None => Cell::absent(page.text(words::absent::NO_DATA)),
    }
}

/// An amount, or a dash where its parts are unknown.
pub(super) fn money(page: &Page, amount: Option<Minor>, decimals: usize) -> Cell {
    match amount {
        Some(amount) => Cell::number(
            amount.major(),
            Unit::Money,
            page.figures.money(amount, decimals),
        ),
        None => Cell::absent("—"),
    }
}

/// A rate with `k из n` below it; below the stated minimum the counts alone.
pub(super) fn rate(page: &Page, rate: &Rate, decimals: usize) -> Cell {
    let (Some(k), Some(n)) = (rate.k, rate.n) else {
        return Cell::absent(page.text(words::absent::NO_DATA));
    };
    if n <= 0.0 {
        return Cell::absent("—");
    }
    let counts = of(page, k, n);
    if let Some(value) = rate.value {
        return Cell::number(value, Unit::Share, page.figures.percent(value, decimals))
            .under(Some(counts));
    }
    let at_most = rate
        .high
        .filter(|_| k == 0.0)
        .map(|high| at_most(page, high, decimals));
    Cell::absent(counts).under(at_most.or_else(|| Some(page.text(words::absent::TOO_FEW))))
}

/// `35 из 160`.
pub(super) fn of(page: &Page, k: f64, n: f64) -> String {
    page.fill(
        words::rate::OF,
        &[
            ("k", &page.figures.events(k)),
            ("n", &page.figures.number(n, 0)),
        ],
    )
}

fn at_most(page: &Page, high: f64, decimals: usize) -> String {
    page.fill(
        words::rate::AT_MOST,
        &[("high", &page.figures.percent(high, decimals))],
    )
}

/// How many are needed before a rate is stated; `noun` is the genitive of what its denominator counts.
pub(super) fn needed(page: &Page, rate: &Rate, noun: Noun) -> Option<String> {
    let needed = page.figures.counted_whole(noun, rate.needed? as f64);
    Some(page.fill(words::absent::NEEDED, &[("n", &needed)]))
}

/// A change against a base, with the base below.
pub(super) fn change(
    page: &Page,
    change: &Change,
    polarity: Polarity,
    base: Option<String>,
) -> Cell {
    let decimals = 1;
    let cell = match *change {
        Change::Percent { value, .. } => {
            let shown = page.figures.signed_percent(value, decimals);
            Cell::of(Value::Change {
                value,
                unit: Unit::Percent,
                shown,
            })
        }
        Change::Points { value, .. } => points(page, value, 2),
        Change::New => Cell::absent(page.text(words::change::NEW)),
        Change::Gone => Cell::absent(page.text(words::change::GONE)),
        Change::TooFew => Cell::absent(page.text(words::absent::TOO_FEW)),
        Change::Immature => Cell::absent(page.text(words::change::IMMATURE)),
        Change::NoBase => Cell::absent("—"),
    };
    let cell = if page.may_judge() {
        marked(cell, change, polarity)
    } else {
        cell
    };
    cell.under(base)
}

/// Percentage points.
pub(super) fn points(page: &Page, value: f64, decimals: usize) -> Cell {
    Cell::of(Value::Change {
        value,
        unit: Unit::Points,
        shown: page.figures.points(value, decimals),
    })
}

/// Colour, weight and arrow: beyond noise only.
fn marked(cell: Cell, change: &Change, polarity: Polarity) -> Cell {
    let Some(value) = change.value().filter(|_| change.is_beyond_noise()) else {
        return cell;
    };
    let arrow = if value < 0.0 { Arrow::Down } else { Arrow::Up };
    let tone = match (polarity, arrow) {
        (Polarity::Neither, _) => Tone::Neutral,
        (Polarity::More, Arrow::Up) | (Polarity::Less, Arrow::Down) => Tone::Good,
        (Polarity::More, Arrow::Down) | (Polarity::Less, Arrow::Up) => Tone::Bad,
    };
    Cell {
        tone,
        is_strong: true,
        arrow: Some(arrow),
        ..cell
    }
}

/// A planned number as its metric is shown: things, money, or a share.
pub(super) fn planned_shown(page: &Page, metric: PlanMetric, value: f64) -> String {
    match metric.unit() {
        PlanUnit::Count => page.figures.number(value, 0),
        PlanUnit::Money => page.figures.amount(value, 0),
        // First conversions are small: two places, as everywhere.
        PlanUnit::Share => match metric {
            PlanMetric::Conv1 | PlanMetric::Overall | PlanMetric::Ctr => {
                page.figures.percent(value, 2)
            }
            _ => page.figures.percent(value, 1),
        },
    }
}

/// The words of the reported kind of period among four.
pub(super) fn by_kind<T>(page: &Page, [week, month, quarter, range]: [T; 4]) -> T {
    match page.digest.period.kind {
        PeriodKind::Week | PeriodKind::CutWeek => week,
        PeriodKind::Month => month,
        PeriodKind::Quarter => quarter,
        PeriodKind::Range | PeriodKind::Day | PeriodKind::MonthToDate | PeriodKind::Year => range,
    }
}

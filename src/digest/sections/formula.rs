//! The sales formula: what visitors, conversion, sales a buyer, check and margin did to gross profit.

use super::cells::{self, left, right};
use super::section::Section;
use crate::config::words::{self, Key};
use crate::digest::blocks::{Block, Cell, Row, Table, Unit, Value};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::metrics::money::{
    Formula, FormulaBase, FormulaLine, FormulaResult, SalesFactor, Visitors,
};
use crate::model::money::Minor;

pub(super) const SECTION: Section = Section {
    code: "formula",
    title: Some(|page| page.text(words::formula::TITLE)),
    subtitle,
    blocks,
    readers: Readers::Report,
};

fn formulas<'a>(page: &Page<'a>) -> &'a [Formula] {
    let money = page.digest.money.as_ref().filter(|_| page.may_judge());
    money.map_or(&[], |money| &money.formula)
}

fn subtitle(page: &Page) -> Option<Rich> {
    let key = match formulas(page).first()?.result {
        FormulaResult::GrossProfit => words::formula::SUBTITLE,
        FormulaResult::Revenue => words::formula::SUBTITLE_REVENUE,
    };
    Some(page.rich(key, &[]))
}

fn blocks(page: &Page) -> Vec<Block> {
    let of_base = |formula: &Formula| {
        [
            Block::Text(sentence(page, formula)),
            Block::Table(table(page, formula)),
        ]
    };
    formulas(page).iter().flat_map(of_base).collect()
}

/// What is compared with what, and how the result changed.
fn sentence(page: &Page, formula: &Formula) -> Rich {
    let key = match (formula.result, formula.against) {
        (FormulaResult::GrossProfit, FormulaBase::Previous) => words::formula::change::PROFIT,
        (FormulaResult::GrossProfit, FormulaBase::SameLength) => {
            words::formula::change::PROFIT_DAYS
        }
        (FormulaResult::Revenue, FormulaBase::Previous) => words::formula::change::REVENUE,
        (FormulaResult::Revenue, FormulaBase::SameLength) => words::formula::change::REVENUE_DAYS,
    };
    let amount = |amount: Minor| page.figures.money(amount, 0);
    page.rich(
        key,
        &[
            ("period", &page.figures.short_period(&formula.base_period)),
            ("base", &amount(formula.base)),
            ("now", &amount(formula.now)),
            ("change", &signed(page, formula.change)),
        ],
    )
}

pub(super) fn signed(page: &Page, amount: Minor) -> String {
    let shown = page.figures.money(amount, 0);
    if amount.0 > 0 {
        format!("+{shown}")
    } else {
        shown
    }
}

fn table(page: &Page, formula: &Formula) -> Table {
    let columns = vec![
        left(page.text(words::formula::column::FACTOR)),
        right(page.text(words::formula::column::BASE)),
        right(page.text(words::formula::column::NOW)),
        right(page.text(words::formula::column::AMOUNT)),
    ];
    let lines = formula.lines.iter().map(|line| row(page, formula, line));
    let total = Row {
        head: Cell::text(page.text(words::formula::TOTAL)).strong(),
        cells: vec![
            cells::money(page, Some(formula.base), 0),
            cells::money(page, Some(formula.now), 0),
            contribution(page, formula.change, None),
        ],
        is_total: true,
    };
    Table {
        code: match formula.against {
            FormulaBase::Previous => "formula",
            FormulaBase::SameLength => "formula-days",
        },
        columns,
        rows: lines.chain([total]).collect(),
        note: Some(page.rich(words::formula::NOTE, &[])),
    }
}

fn row(page: &Page, formula: &Formula, line: &FormulaLine) -> Row {
    Row {
        head: Cell::text(page.text(name(line.factor, formula.visitors_are))),
        cells: vec![
            value(page, line.factor, line.base),
            value(page, line.factor, line.now),
            contribution(page, line.amount, Some((line.low, line.high))),
        ],
        is_total: false,
    }
}

/// What a factor is called.
pub(crate) fn name(factor: SalesFactor, visitors: Visitors) -> Key {
    match (factor, visitors) {
        (SalesFactor::Visitors, Visitors::Users) => words::formula::factor::USERS,
        (SalesFactor::Visitors, Visitors::Sessions) => words::formula::factor::SESSIONS,
        (SalesFactor::Conversion, _) => words::formula::factor::CONVERSION,
        (SalesFactor::SalesPerBuyer, _) => words::formula::factor::SALES_PER_BUYER,
        (SalesFactor::AverageCheck, _) => words::formula::factor::AVERAGE_CHECK,
        (SalesFactor::Margin, _) => words::formula::factor::MARGIN,
    }
}

fn value(page: &Page, factor: SalesFactor, value: f64) -> Cell {
    let (unit, shown) = match factor {
        SalesFactor::Visitors => (Unit::Count, page.figures.number(value, 0)),
        SalesFactor::Conversion => (Unit::Share, page.figures.percent(value, 2)),
        SalesFactor::SalesPerBuyer => (Unit::Count, page.figures.number(value, 2)),
        SalesFactor::AverageCheck => {
            let major = value / 100.0;
            return Cell::number(major, Unit::Money, page.figures.amount(major, 0));
        }
        SalesFactor::Margin => (Unit::Share, page.figures.percent(value, 1)),
    };
    Cell::number(value, unit, shown)
}

/// A contribution with its interval below; strong where that leaves zero out.
fn contribution(page: &Page, amount: Minor, interval: Option<(Minor, Minor)>) -> Cell {
    let cell = Cell::of(Value::Change {
        value: amount.major(),
        unit: Unit::Money,
        shown: signed(page, amount),
    });
    let Some((low, high)) = interval else {
        return cell.strong();
    };
    let range = page.figures.signed_range(low.major(), high.major(), 0);
    Cell {
        is_strong: low.0 > 0 || high.0 < 0,
        ..cell.under(Some(range))
    }
}

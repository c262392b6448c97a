//! A fall of gross profit: its headline, a line of the letter with what took it, and what to do first.

use super::formula;
use crate::config::words;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::metrics::money::{FormulaLine, ProfitFall, SalesFactor};
use crate::model::money::Minor;

/// «Валовая прибыль 221 760 ₽: на 18 240 ₽ меньше прежнего».
pub(super) fn headline(page: &Page, fall: &ProfitFall) -> String {
    let (now, less) = (money(page, fall.now), less(page, fall));
    page.fill(words::profit::HEADLINE, &[("now", &now), ("less", &less)])
}

/// The same for a list of letters.
pub(super) fn subject(page: &Page) -> String {
    let fall = page.digest.verdict.profit.as_ref();
    fall.map_or_else(String::new, |fall| {
        page.fill(words::profit::SUBJECT, &[("less", &less(page, fall))])
    })
}

/// What it was and is, and every factor's part in it.
pub(super) fn line(page: &Page) -> Option<Rich> {
    let money_of = page.digest.money.as_ref().filter(|_| page.may_judge())?;
    let fall = money_of.profit_fall.as_ref()?;
    let sentence = page.rich(
        words::profit::LINE,
        &[
            ("now", &money(page, fall.now)),
            ("less", &less(page, fall)),
            ("base", &money(page, fall.base)),
            ("period", &page.figures.short_period(&fall.base_period)),
        ],
    );
    let of_base = |base| base == &fall.base_period;
    let formula = money_of
        .formula
        .iter()
        .find(|one| of_base(&one.base_period));
    let mut lines: Vec<&FormulaLine> = formula.iter().flat_map(|one| &one.lines).collect();
    lines.sort_by_key(|line| line.amount);
    let (took, gave): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.amount.0 < 0);
    let listed = |key, lines: Vec<&FormulaLine>| {
        let parts: Vec<String> = lines.iter().map(|line| part(page, fall, line)).collect();
        (!parts.is_empty()).then(|| page.rich(key, &[("parts", &parts.join(", "))]))
    };
    let took = listed(words::profit::TOOK, took);
    let gave = listed(words::profit::GAVE, gave.into_iter().rev().collect());
    Some(
        [took, gave]
            .into_iter()
            .flatten()
            .fold(sentence, Rich::then),
    )
}

/// What to do first: look at what took most.
pub(super) fn step(page: &Page, fall: &ProfitFall) -> Option<Rich> {
    let step = match fall.taken_by.first()? {
        SalesFactor::Visitors => words::profit::step::VISITORS,
        SalesFactor::Conversion => words::profit::step::CONVERSION,
        SalesFactor::SalesPerBuyer => words::profit::step::SALES_PER_BUYER,
        SalesFactor::AverageCheck => words::profit::step::AVERAGE_CHECK,
        SalesFactor::Margin => words::profit::step::MARGIN,
    };
    Some(page.rich(step, &[]))
}

/// «маржа −31 166 ₽».
fn part(page: &Page, fall: &ProfitFall, line: &FormulaLine) -> String {
    let name = page.text(formula::name(line.factor, fall.visitors_are));
    let amount = formula::signed(page, line.amount);
    page.fill(
        words::profit::PART,
        &[
            ("factor", &crate::digest::phrases::lower_first(&name)),
            ("amount", &amount),
        ],
    )
}

fn less(page: &Page, fall: &ProfitFall) -> String {
    money(page, Minor(-fall.change.0))
}

fn money(page: &Page, amount: Minor) -> String {
    page.figures.money(amount, 0)
}

//! What the key numbers are compared with, and how they lie to what is usual.

use crate::config::words::{self, Key};
use crate::diagnosis::codes::Conversion;
use crate::diagnosis::finding::Tested;
use crate::digest::blocks::Cell;
use crate::digest::page::Page;
use crate::digest::sections::cells::{self, Polarity};
use crate::metrics::scorecard::{Deviation, RowVerdict};
use crate::model::change::Change;
use crate::model::target::PlanMetric;

/// The bases that anything of the total is compared with: a column for nothing is left out.
#[derive(Clone, Copy)]
pub(super) struct Bases {
    pub(super) usual: bool,
    pub(super) last_year: bool,
    pub(super) plan: bool,
}

impl Bases {
    pub(super) fn of(page: &Page) -> Self {
        let totals = &page.digest.totals;
        Self {
            usual: totals.usual.is_some() || inquiries_tested(page).is_some(),
            last_year: totals.last_year.is_some(),
            plan: !page.digest.plan.is_empty(),
        }
    }

    /// The cells of the columns that are there.
    pub(super) fn cells<T>(self, fact: T, usual: T, previous: T, last_year: T, plan: T) -> Vec<T> {
        let all = [
            (true, fact),
            (self.usual, usual),
            (true, previous),
            (self.last_year, last_year),
            (self.plan, plan),
        ];
        let there = all.into_iter().filter(|(is_there, _)| *is_there);
        there.map(|(_, cell)| cell).collect()
    }
}

/// Traffic that differs by less from the usual brings about as many inquiries as it usually does, percent.
const OTHER_TRAFFIC: f64 = 10.0;

/// Whether there are so many fewer or more visits than usual that what this traffic usually brings is not what is usual.
pub(in crate::digest::sections) fn is_of_other_traffic(page: &Page) -> bool {
    let change = sessions_tested(page).and_then(|test| test.change()?.value());
    change.is_some_and(|percent| percent.abs() >= OTHER_TRAFFIC)
}

/// The test of all visits against those that were to be expected.
fn sessions_tested<'a>(page: &Page<'a>) -> Option<&'a Tested> {
    let mut tests = page.digest.tests.iter();
    tests.find(|test| test.is_of_all_sessions() && page.may_judge())
}

/// All visits against those that were to be expected, where the diagnosis has tested them.
pub(in crate::digest::sections) fn sessions_to_usual(page: &Page) -> Option<Cell> {
    let test = sessions_tested(page)?;
    let change = test.change()?;
    let expected = page.figures.number(test.expected, 0);
    Some(cells::change(page, &change, Polarity::More, Some(expected)))
}

/// Inquiries of a firm without visits against those that were to be expected by their own past: by the number that a finding
/// counts with, where there is one.
pub(in crate::digest::sections) fn inquiries_tested(page: &Page) -> Option<Tested> {
    let is_asked = page.may_judge() && page.is_without_traffic();
    let mut tests = page.digest.tests.iter();
    let test = tests.find(|test| is_asked && test.is_of_all_inquiries())?;
    let mut findings = page.digest.findings.iter();
    let found = findings.find(|finding| finding.conversion == Conversion::First);
    let expected = found.and_then(|finding| finding.expected);
    Some(Tested {
        expected: expected.unwrap_or(test.expected),
        ..test.clone()
    })
}

/// Inquiries against those that this traffic usually brings: the headline's number. Marked as the verdict on the row says.
pub(in crate::digest::sections) fn inquiries_to_usual(page: &Page) -> Option<Cell> {
    if let Some(test) = inquiries_tested(page) {
        let expected = page.figures.number(test.expected, 0);
        let change = test.change()?;
        return Some(cells::change(page, &change, Polarity::More, Some(expected)));
    }
    let totals = &page.digest.totals;
    let usual = totals.usual.filter(|_| page.may_judge_rates())?;
    let change = Change::Percent {
        value: usual.deviation.percent?,
        beyond_noise: is_beyond_noise(&totals.verdict),
    };
    let expected = page.figures.number(usual.inquiries.value, 0);
    Some(cells::change(page, &change, Polarity::More, Some(expected)))
}

pub(in crate::digest::sections) fn conv1_to_usual(page: &Page) -> Option<Cell> {
    let totals = &page.digest.totals;
    let usual = totals.usual.filter(|_| page.may_judge_rates())?;
    let Deviation {
        points, low, high, ..
    } = usual.deviation;
    let change = Change::Points {
        value: points,
        low,
        high,
        beyond_noise: is_beyond_noise(&totals.verdict),
    };
    let expected = page.figures.percent(usual.conv1.value, 2);
    Some(cells::change(page, &change, Polarity::More, Some(expected)))
}

fn is_beyond_noise(verdict: &RowVerdict) -> bool {
    matches!(verdict, RowVerdict::Worse | RowVerdict::Better)
}

/// The plan of a number, and how far the fact is from it.
pub(in crate::digest::sections) fn planned(
    page: &Page,
    metric: Option<PlanMetric>,
    polarity: Polarity,
) -> Cell {
    let fact = metric.and_then(|metric| Some((metric, page.digest.plan.get(&metric)?)));
    let Some((metric, fact)) = fact else {
        return Cell::absent("—");
    };
    let plan = cells::planned_shown(page, metric, fact.plan);
    cells::change(page, &fact.change, polarity, Some(plan))
}

/// The usual range below the fact, and the tone of the total's verdict. `about` says what the range is usual for.
pub(super) fn against_usual(page: &Page, fact: Cell, about: Key, usual: Option<String>) -> Cell {
    let Some(range) = usual else { return fact };
    let tone = page.tone(&page.digest.totals);
    Cell { tone, ..fact }.under(Some(page.fill(about, &[("range", &range)])))
}

/// What the usual range of inquiries is said to be: of this traffic, where that is another than usual.
pub(in crate::digest::sections) fn usual_of_inquiries(page: &Page) -> Key {
    match is_of_other_traffic(page) {
        true => words::glance::FOR_TRAFFIC,
        false => words::kpi::USUAL,
    }
}

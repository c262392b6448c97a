//! What was tested, test by test: for the terminal and for analysts. The mail shows what follows from it.

use super::cells::{left, right};
use super::section::{Section, no_subtitle};
use crate::config::words;
use crate::diagnosis::finding::Tested;
use crate::digest::blocks::{Block, Cell, Row, Table, Tone};
use crate::digest::causes;
use crate::digest::document::Readers;
use crate::digest::page::Page;
use crate::model::metric::Metric;

pub(super) const SECTION: Section = Section {
    code: "tests",
    title: Some(|page| page.text(words::tests::TITLE)),
    subtitle: no_subtitle,
    blocks,
    readers: Readers::All,
};

/// Rows shown: the most surprising ones.
const TESTS_SHOWN: usize = 25;
/// Smaller probabilities are not told apart.
const SMALLEST_TOLD_CHANCE: f64 = 0.0001;

fn blocks(page: &Page) -> Vec<Block> {
    let mut tests: Vec<&Tested> = page.digest.tests.iter().collect();
    tests.sort_by(|left, right| left.p_value.total_cmp(&right.p_value));
    if tests.is_empty() {
        return Vec::new();
    }
    let heads = [
        words::tests::OBSERVED,
        words::tests::EXPECTED,
        words::tests::CHANGE,
        words::tests::CHANCE,
        words::tests::DETECTABLE,
    ];
    let columns = [left(page.text(words::tests::WHAT))]
        .into_iter()
        .chain(heads.map(|head| right(page.text(head))));
    let rows = tests
        .iter()
        .take(TESTS_SHOWN)
        .map(|test| row(page, test))
        .collect();
    let all = page.figures.count(page.digest.tests.len() as u64);
    let note = Some(page.rich(words::tests::NOTE, &[("n", &all)]));
    vec![Block::Table(Table {
        code: "tests",
        columns: columns.collect(),
        rows,
        note,
    })]
}

/// A tail probability; the smallest are only said to be small.
fn chance(page: &Page, p: f64) -> String {
    if p < SMALLEST_TOLD_CHANCE {
        return page.fill(
            words::tests::BELOW,
            &[("p", &page.figures.percent(SMALLEST_TOLD_CHANCE, 2))],
        );
    }
    page.figures.percent(p, if p < 0.01 { 2 } else { 1 })
}

fn row(page: &Page, test: &Tested) -> Row {
    let metric = page.text(match test.metric {
        Metric::Sessions => words::tests::metric::SESSIONS,
        _ => words::tests::metric::CONV1,
    });
    let place =
        causes::scope(page, &test.scope).unwrap_or_else(|| page.text(words::tests::EVERYWHERE));
    let change = if test.expected > 0.0 {
        test.observed / test.expected - 1.0
    } else {
        0.0
    };
    let tone = match (test.is_significant, change < 0.0) {
        (false, _) => Tone::Neutral,
        (true, true) => Tone::Bad,
        (true, false) => Tone::Good,
    };
    let detectable = test
        .detectable
        .map_or_else(|| "—".to_owned(), |share| page.figures.percent(share, 0));
    let texts = [
        page.figures.number(test.observed, 0),
        page.figures.number(test.expected, 0),
        page.figures.signed_percent(change * 100.0, 0),
        chance(page, test.p_value),
        detectable,
    ];
    let head = Cell::text(page.fill(words::tests::OF, &[("metric", &metric), ("place", &place)]));
    let word = test
        .is_significant
        .then(|| page.text(words::tests::SIGNIFICANT));
    Row {
        head: Cell { tone, word, ..head },
        cells: texts.map(Cell::text).into(),
        is_total: false,
    }
}

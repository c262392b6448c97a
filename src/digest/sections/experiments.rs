//! Experiments (A/B tests): variants with their difference, the split, and whether it is time for a verdict.

use super::cells::{left, right};
use super::section::{Section, no_subtitle};
use crate::config::words::{self, Key};
use crate::digest::blocks::{Block, Cell, Row, Table, Unit, Value};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::metrics::experiments::{ExperimentResult, ExperimentVerdict, VariantResult};
use crate::model::experiment::ExperimentMetric;

pub(super) const SECTION: Section = Section {
    code: "experiments",
    title: Some(|page| page.text(words::experiments::TITLE)),
    subtitle: no_subtitle,
    blocks,
    readers: Readers::Report,
};

fn blocks(page: &Page) -> Vec<Block> {
    let experiments = page.digest.experiments.iter();
    let of_one = |of| [Block::Text(said(page, of)), Block::Table(table(page, of))];
    experiments.flat_map(of_one).collect()
}

/// What may be said of the experiment, and why.
fn verdict(verdict: ExperimentVerdict) -> Key {
    use words::experiments::verdict as said;
    match verdict {
        ExperimentVerdict::SplitBroken => said::SPLIT_BROKEN,
        ExperimentVerdict::TooEarly => said::TOO_EARLY,
        ExperimentVerdict::Differs => said::DIFFERS,
        ExperimentVerdict::NoDifference => said::NO_DIFFERENCE,
    }
}

fn said(page: &Page, of: &ExperimentResult) -> Rich {
    let needed = of
        .needed
        .map_or_else(|| "—".to_owned(), |needed| page.figures.count(needed));
    let effect = page.figures.percent(of.effect, 0);
    let split = of
        .split_p
        .map_or_else(|| "—".to_owned(), |p| page.figures.number(p, 3));
    let values = [
        ("title", &*of.title),
        ("period", &page.figures.period(&of.period)),
        ("needed", &needed),
        ("effect", &effect),
        ("p", &split),
    ];
    let head = page.rich(words::experiments::HEAD, &values);
    let verdict = page.rich(verdict(of.verdict), &values);
    let crossed = (of.crossed > 0).then(|| {
        let crossed = page.figures.count(of.crossed);
        page.rich(words::experiments::CROSSED, &[("crossed", &crossed)])
    });
    crossed.into_iter().fold(head.then(verdict), Rich::then)
}

fn table(page: &Page, of: &ExperimentResult) -> Table {
    let conversions = match of.metric {
        ExperimentMetric::Inquiries => words::metric::INQUIRIES,
        ExperimentMetric::Goal => words::experiments::column::GOAL,
    };
    Table {
        code: "experiments",
        columns: vec![
            left(page.text(words::experiments::column::VARIANT)),
            right(page.text(words::metric::SESSIONS)),
            right(page.text(conversions)),
            right(page.text(words::experiments::column::RATE)),
            right(page.text(words::experiments::column::DIFFERENCE)),
        ],
        rows: of
            .variants
            .iter()
            .map(|variant| row(page, of, variant))
            .collect(),
        note: Some(page.rich(words::experiments::NOTE, &[])),
    }
}

fn row(page: &Page, of: &ExperimentResult, variant: &VariantResult) -> Row {
    let count = |count: u64| Cell::number(count as f64, Unit::Count, page.figures.count(count));
    let share = page.figures.percent(variant.share, 0);
    let rate = match variant.rate {
        Some(rate) => Cell::number(rate, Unit::Share, page.figures.percent(rate, 2)).under(
            variant
                .interval
                .map(|(low, high)| page.figures.percent_range(low, high, 2)),
        ),
        None => Cell::absent("—"),
    };
    // A split that is not the stated one makes every difference meaningless: none is shown.
    let shown = variant
        .difference
        .filter(|_| of.verdict != ExperimentVerdict::SplitBroken);
    let difference = match shown {
        Some(difference) => Cell::of(Value::Change {
            value: difference.points,
            unit: Unit::Points,
            shown: page.figures.points(difference.points, 2),
        })
        .under(Some(page.figures.signed_range(
            difference.low,
            difference.high,
            2,
        ))),
        None => Cell::absent("—"),
    };
    let planned = page.fill(words::experiments::SHARE, &[("share", &share)]);
    Row {
        head: Cell::text(variant.name.clone())
            .strong()
            .under(Some(planned)),
        cells: vec![
            count(variant.sessions),
            count(variant.conversions),
            rate,
            difference,
        ],
        is_total: false,
    }
}

//! The letter's table: five numbers with their past, what was usual and how far they are from it.

use super::cells::{self, by_kind, left, right};
use super::kpi::bases::{
    conv1_to_usual, inquiries_tested, inquiries_to_usual, is_of_other_traffic, planned,
    sessions_to_usual, usual_of_inquiries,
};
use super::kpi::{self, cohort_rate, past};
use super::section::Section;
use crate::config::words::{self, Key};
use crate::digest::blocks::{Block, Cell, Column, Row, Spark, Table, Tone};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::digest::phrases::{inquiries as counted, upper_first};
use crate::metrics::scorecard::{Comparison, Usual};
use crate::metrics::values::Estimate;
use crate::model::change::Change;
use crate::model::period::PeriodKind;
use crate::model::target::PlanMetric;

pub(super) const SECTION: Section = Section {
    code: "glance",
    title: Some(title),
    subtitle,
    blocks,
    readers: Readers::Mail,
};

fn title(page: &Page) -> String {
    let tested = inquiries_tested(page).map(|test| test.expected);
    let usual = usual_of(page).map(|usual| usual.inquiries.value);
    let Some(expected) = usual.or(tested) else {
        return kpi::title(page);
    };
    let inquiries = counted(page, words::words::INQUIRIES);
    let expected = page.figures.number(expected, 0);
    let values = [("inquiries", &*inquiries), ("expected", &expected)];
    let key = match usual.is_some() && is_of_other_traffic(page) {
        true => words::glance::AGAINST_TRAFFIC,
        false => words::glance::AGAINST_USUAL,
    };
    upper_first(&page.fill(key, &values))
}

/// What is usual of the total, where it may be held against it.
fn usual_of(page: &Page) -> Option<Usual> {
    page.digest.totals.usual.filter(|_| page.may_judge_rates())
}

/// What the bars and the colour are.
fn subtitle(page: &Page) -> Option<Rich> {
    let periods = page.digest.trend.len();
    let key = by_kind(
        page,
        [
            words::glance::bars::WEEK,
            words::glance::bars::MONTH,
            words::glance::bars::QUARTER,
            words::glance::bars::RANGE,
        ],
    );
    (periods > 1).then(|| page.rich(key, &[("n", &periods.to_string())]))
}

fn blocks(page: &Page) -> Vec<Block> {
    let of_visits = match page.is_without_traffic() {
        true => Vec::new(),
        false => vec![sessions(page), conv1(page)],
    };
    let rows = [
        vec![inquiries(page)],
        of_visits,
        vec![conv2(page), sales(page)],
    ];
    vec![Block::Table(Table {
        code: "glance",
        columns: columns(page),
        rows: rows.concat(),
        note: None,
    })]
}

fn columns(page: &Page) -> Vec<Column> {
    vec![
        left(page.text(words::kpi::column::METRIC)),
        // The bars say themselves what they are.
        left(String::new()),
        right(page.text(words::kpi::column::FACT)),
        right(page.text(words::glance::DEVIATION)),
    ]
}

/// A row: its name, its past, the number with what was usual below it, and the deviation.
fn row(
    page: &Page,
    name: Key,
    note: Option<Key>,
    spark: Option<Spark>,
    fact: Cell,
    deviation: Cell,
) -> Row {
    let note = note.map(|note| page.text(note));
    Row {
        head: Cell::text(page.text(name)).strong().under(note),
        cells: vec![Cell::text("").sparked(spark), fact.strong(), deviation],
        is_total: false,
    }
}

/// The deviation from the usual alone: its base stands under the number already.
fn bare(deviation: Option<Cell>) -> Cell {
    deviation.map_or_else(|| Cell::absent(""), |cell| cell.under(None))
}

fn about(page: &Page, key: Key, value: &str) -> Option<String> {
    Some(page.fill(key, &[("range", value)]))
}

fn sessions(page: &Page) -> Row {
    let known = page.digest.totals.measures.sessions;
    // What did not arrive is no zero.
    let deviation = sessions_to_usual(page).filter(|_| known.is_some());
    let usual = deviation.as_ref().and_then(|cell| cell.under.clone());
    let usual = usual.and_then(|usual| about(page, words::glance::ABOUT, &usual));
    let deviation = bare(deviation);
    let spark = past(
        page,
        |point| point.sessions.map(|n| n as f64),
        deviation.tone,
    );
    let fact = cells::count(page, known).under(usual);
    row(page, words::metric::SESSIONS, None, spark, fact, deviation)
}

fn inquiries(page: &Page) -> Row {
    let totals = &page.digest.totals;
    let deviation = inquiries_to_usual(page);
    let tested = deviation.as_ref().and_then(|cell| cell.under.clone());
    let tested = tested.filter(|_| inquiries_tested(page).is_some());
    let deviation = bare(deviation);
    let range = usual_of(page).and_then(|usual| {
        let Estimate { low, high, .. } = usual.inquiries;
        about(
            page,
            usual_of_inquiries(page),
            &page.figures.event_range(low, high),
        )
    });
    let range = range.or_else(|| about(page, words::glance::ABOUT, &tested?));
    let spark = past(page, |point| point.inquiries, deviation.tone);
    let fact = cells::events(page, totals.measures.inquiries).under(range);
    row(page, words::metric::INQUIRIES, None, spark, fact, deviation)
}

fn conv1(page: &Page) -> Row {
    let totals = &page.digest.totals;
    let deviation = bare(conv1_to_usual(page));
    let range = usual_of(page).and_then(|usual| {
        let Estimate { low, high, .. } = usual.conv1;
        about(
            page,
            words::kpi::USUAL,
            &page.figures.percent_range(low, high, 1),
        )
    });
    let spark = past(page, |point| point.conv1.value, deviation.tone);
    let fact = cells::rate(page, &totals.conv1, 2);
    let fact = if range.is_some() {
        fact.under(range)
    } else {
        fact
    };
    // One digit is all that a range of this width bears, and a phone has room for.
    let short = usual_of(page).map(|usual| {
        let points = usual.deviation.points;
        cells::points(page, points, 1).value
    });
    let deviation = match short {
        Some(value) => Cell { value, ..deviation },
        None => deviation,
    };
    row(page, words::metric::CONV1, None, spark, fact, deviation)
}

/// The matured cohort, with a word for where it lies: the period's own is too young.
fn conv2(page: &Page) -> Row {
    let Some(cohort) = &page.digest.mature_cohort else {
        let fact = Cell::absent(page.text(words::absent::NO_DATA));
        return row(
            page,
            words::metric::CONV2,
            None,
            None,
            fact,
            Cell::absent(""),
        );
    };
    let fact = cohort_rate(page, cohort);
    let place = cohort
        .rate
        .value
        .zip(cohort.usual)
        .filter(|_| page.may_judge());
    let deviation = place.map_or_else(
        || Cell::absent(""),
        |(rate, usual)| {
            Cell::absent(lies(rate, usual).map_or_else(String::new, |key| page.text(key)))
        },
    );
    // Days as short as an axis has them, since a phone has little room; a month stands in its genitive.
    let period = match cohort.period.kind {
        PeriodKind::Week
        | PeriodKind::Range
        | PeriodKind::CutWeek
        | PeriodKind::MonthToDate
        | PeriodKind::Day => page.figures.axis_period(&cohort.period),
        PeriodKind::Month | PeriodKind::Quarter | PeriodKind::Year => {
            page.figures.of_period(&cohort.period)
        }
    };
    let note = page.fill(words::metric::CONV2_OF, &[("period", &period)]);
    let row = row(page, words::metric::CONV2, None, None, fact, deviation);
    Row {
        head: row.head.under(Some(note)),
        ..row
    }
}

/// The word for a rate beyond its usual range; within it the range beside it says enough.
fn lies(rate: f64, usual: Estimate) -> Option<Key> {
    if rate < usual.low {
        Some(words::glance::BELOW)
    } else if rate > usual.high {
        Some(words::glance::ABOVE)
    } else {
        None
    }
}

/// Sales against their plan; without one, against the period before.
fn sales(page: &Page) -> Row {
    let measures = &page.digest.totals.measures;
    let fact = cells::events(page, measures.sales_closed);
    let known = measures.sales_closed.is_some();
    let plan = planned(page, Some(PlanMetric::Sales), cells::Polarity::More);
    let before = page.digest.totals.previous.as_ref().filter(|_| known);
    let (under, deviation) = match (plan.under.clone(), before) {
        (Some(base), _) if known => (about(page, words::glance::PLAN, &base), plan.under(None)),
        (_, Some(before)) => earlier(page, before),
        _ => (None, Cell::absent("")),
    };
    let spark = past(page, |point| point.sales_closed, Tone::Neutral);
    let note = Some(words::glance::CLOSED);
    row(
        page,
        words::metric::SALES_CLOSED,
        note,
        spark,
        fact.under(under),
        deviation,
    )
}

fn earlier(page: &Page, before: &Comparison) -> (Option<String>, Cell) {
    use words::glance::before as said;
    let key = by_kind(page, [said::WEEK, said::MONTH, said::QUARTER, said::RANGE]);
    // «A week before» is no name of the other part of a week, and of a run of days nobody knows which are meant.
    let is_named = page.digest.period.kind != PeriodKind::CutWeek && key != said::RANGE;
    let key = if is_named { key } else { said::NAMED };
    let period = page.figures.axis_period(&before.period);
    let base = before.measures.sales_closed.map(|n| page.figures.events(n));
    let change = match before.change.sales_closed {
        change @ (Change::Percent { .. } | Change::Points { .. }) => change.unmarked(),
        other => other,
    };
    let cell = cells::change(page, &change, cells::Polarity::More, None);
    let values = |base: &str| page.fill(key, &[("n", base), ("period", &period)]);
    (base.map(|base| values(&base)), cell)
}

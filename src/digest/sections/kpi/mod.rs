//! The table of key numbers: fact with what was usual below it, and the three other bases.

pub(in crate::digest::sections) mod bases;
mod past;

use self::bases::{
    Bases, against_usual, conv1_to_usual, inquiries_to_usual, planned, sessions_to_usual,
    usual_of_inquiries,
};
pub(super) use self::past::past;
use self::past::{cell_of, without};
use super::cells::{self, Polarity, by_kind, left, right};
use super::section::Section;
use crate::config::words::{self, Key};
use crate::digest::blocks::{Block, Cell, Column, Row, Table, Tone, Value};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::metrics::scorecard::{Comparison, MatureCohort};
use crate::model::change::Change;
use crate::model::target::PlanMetric;

pub(super) const SECTION: Section = Section {
    code: "kpi",
    title: Some(title),
    subtitle,
    blocks,
    readers: Readers::Report,
};

pub(super) fn title(page: &Page) -> String {
    page.text(by_kind(
        page,
        [
            words::kpi::title::WEEK,
            words::kpi::title::MONTH,
            words::kpi::title::QUARTER,
            words::kpi::title::RANGE,
        ],
    ))
}

fn subtitle(page: &Page) -> Option<Rich> {
    let totals = &page.digest.totals;
    // Where the usual is known the mail shows neither of the two.
    if totals.usual.is_some() {
        return None;
    }
    let names: Vec<String> = [&totals.previous, &totals.last_year]
        .into_iter()
        .flatten()
        .map(|comparison| page.figures.period(&comparison.period))
        .collect();
    (!names.is_empty()).then(|| page.rich(words::kpi::SUBTITLE, &[("periods", &names.join("; "))]))
}

fn columns(page: &Page) -> Vec<Column> {
    let bases = Bases::of(page);
    let optional = |column: Column, is_optional| Column {
        is_optional,
        ..column
    };
    // The bars say themselves what they are.
    let mut columns = vec![
        left(page.text(words::kpi::column::METRIC)),
        left(String::new()),
    ];
    columns.extend(bases.cells(
        right(page.text(words::kpi::column::FACT)),
        right(page.text(words::kpi::column::USUAL)),
        // Where the usual is known, the period before says little more.
        optional(right(page.text(by_kind(page, TO_PREVIOUS))), bases.usual),
        optional(right(page.text(words::kpi::column::LAST_YEAR)), true),
        right(page.text(words::kpi::column::PLAN)),
    ));
    columns
}

fn blocks(page: &Page) -> Vec<Block> {
    let columns = columns(page);
    let rows = [of_inquiries(page), of_people(page)].concat();
    let note = Some(page.rich(words::kpi::NOTE, &[]));
    vec![Block::Table(Table {
        code: "kpi",
        columns,
        rows,
        note,
    })]
}

/// The rows up to the inquiry, those of visits where there are any.
fn of_inquiries(page: &Page) -> Vec<Row> {
    if page.is_without_traffic() {
        return vec![inquiries(page)];
    }
    vec![sessions(page), users(page), inquiries(page), conv1(page)]
}

/// The rows of what came of the inquiries and what they cost.
fn of_people(page: &Page) -> Vec<Row> {
    let made = [conv2(page), closed(page), revenue(page)];
    [&made[..], &[spend(page), cpl(page)]].concat()
}

pub(super) const TO_PREVIOUS: [Key; 4] = [
    words::column::to_previous::WEEK,
    words::column::to_previous::MONTH,
    words::column::to_previous::QUARTER,
    words::column::to_previous::RANGE,
];

/// How a base's number is found and shown, and how the change against it is.
struct Against<'a> {
    /// The deviation from the usual, where that is known.
    usual: Option<Cell>,
    change: fn(&Comparison) -> Change,
    base: &'a dyn Fn(&Comparison) -> Option<String>,
    polarity: Polarity,
}

fn row(
    page: &Page,
    name: Key,
    note: Option<Key>,
    fact: Cell,
    against: &Against,
    plan: Option<PlanMetric>,
) -> Row {
    let totals = &page.digest.totals;
    // What did not arrive has not changed either, whatever it is put beside.
    let is_known = !matches!(fact.value, Value::Absent { .. });
    let cell = |comparison: &Option<Comparison>| match comparison {
        Some(comparison) => {
            let change = match (is_known, &against.usual) {
                (false, _) => Change::NoBase,
                // The mark stands where the usual is: two bases would disagree.
                (true, Some(_)) => (against.change)(comparison).unmarked(),
                (true, None) => (against.change)(comparison),
            };
            cells::change(page, &change, against.polarity, (against.base)(comparison))
        }
        None => Cell::absent("—"),
    };
    let head = Cell::text(page.text(name))
        .strong()
        .under(note.map(|note| page.text(note)));
    let usual = against.usual.clone().filter(|_| is_known);
    let tone = usual.as_ref().map_or(Tone::Neutral, |cell| cell.tone);
    let bases = Bases::of(page).cells(
        fact.strong(),
        usual.unwrap_or_else(|| Cell::absent("—")),
        cell(&totals.previous),
        cell(&totals.last_year),
        planned(page, plan, against.polarity),
    );
    Row {
        head,
        cells: [vec![cell_of(page, name, tone)], bases].concat(),
        is_total: false,
    }
}

fn sessions(page: &Page) -> Row {
    let fact = cells::count(page, page.digest.totals.measures.sessions);
    let base =
        |comparison: &Comparison| comparison.measures.sessions.map(|n| page.figures.count(n));
    let against = Against {
        usual: sessions_to_usual(page),
        change: |c| c.change.sessions,
        base: &base,
        polarity: Polarity::More,
    };
    row(
        page,
        words::metric::SESSIONS,
        None,
        fact,
        &against,
        Some(PlanMetric::Sessions),
    )
}

fn users(page: &Page) -> Row {
    let fact = cells::count(page, page.digest.totals.measures.users);
    let base = |comparison: &Comparison| comparison.measures.users.map(|n| page.figures.count(n));
    let against = Against {
        usual: None,
        change: |c| c.change.users,
        base: &base,
        polarity: Polarity::More,
    };
    row(page, words::metric::USERS, None, fact, &against, None)
}

fn inquiries(page: &Page) -> Row {
    let usual = page.digest.totals.usual.map(|usual| {
        page.figures
            .event_range(usual.inquiries.low, usual.inquiries.high)
    });
    let fact = against_usual(
        page,
        cells::events(page, page.digest.totals.measures.inquiries),
        usual_of_inquiries(page),
        usual,
    );
    let base = |comparison: &Comparison| {
        comparison
            .measures
            .inquiries
            .map(|n| page.figures.events(n))
    };
    let against = Against {
        usual: inquiries_to_usual(page),
        change: |c| c.change.inquiries,
        base: &base,
        polarity: Polarity::More,
    };
    row(
        page,
        words::metric::INQUIRIES,
        None,
        fact,
        &against,
        Some(PlanMetric::Inquiries),
    )
}

fn conv1(page: &Page) -> Row {
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
pub(super) fn cohort_rate(page: &Page, cohort: &MatureCohort) -> Cell {
    let fact = cells::rate(page, &cohort.rate, 1);
    // Under a rate that cannot be told stands why.
    let Some(usual) = cohort.usual.filter(|_| cohort.rate.value.is_some()) else {
        return fact;
    };
    let range = page.figures.percent_range(usual.low, usual.high, 1);
    fact.under(Some(page.fill(words::kpi::USUAL, &[("range", &range)])))
}

/// The matured cohort: the period's own is too young to be put beside others.
fn conv2(page: &Page) -> Row {
    let Some(cohort) = &page.digest.mature_cohort else {
        // Waiting makes a young cohort old; what cannot be told stays unknown.
        let is_doubtful = page
            .digest
            .data_health
            .iter()
            .any(|source| source.sales_doubt.is_some());
        let word = match is_doubtful {
            true => words::absent::NO_DATA,
            false => words::change::IMMATURE,
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

fn closed(page: &Page) -> Row {
    let fact = cells::events(page, page.digest.totals.measures.sales_closed);
    let base = |comparison: &Comparison| {
        comparison
            .measures
            .sales_closed
            .map(|n| page.figures.events(n))
    };
    let against = Against {
        usual: None,
        change: |c| c.change.sales_closed,
        base: &base,
        polarity: Polarity::More,
    };
    row(
        page,
        words::metric::SALES_CLOSED,
        Some(by_kind(page, CLOSED)),
        fact,
        &against,
        Some(PlanMetric::Sales),
    )
}

fn revenue(page: &Page) -> Row {
    let fact = cells::sum(page, page.digest.totals.measures.revenue_closed);
    let base = |comparison: &Comparison| {
        comparison
            .measures
            .revenue_closed
            .map(|n| page.figures.money(n, 0))
    };
    let against = Against {
        usual: None,
        change: |c| c.change.revenue_closed,
        base: &base,
        polarity: Polarity::More,
    };
    row(
        page,
        words::metric::REVENUE,
        Some(by_kind(page, CLOSED)),
        fact,
        &against,
        Some(PlanMetric::Revenue),
    )
}

pub(super) const CLOSED: [Key; 4] = [
    words::closed::WEEK,
    words::closed::MONTH,
    words::closed::QUARTER,
    words::closed::RANGE,
];

fn spend(page: &Page) -> Row {
    let fact = cells::sum(page, page.digest.totals.measures.spend);
    let base =
        |comparison: &Comparison| comparison.measures.spend.map(|n| page.figures.money(n, 0));
    let against = Against {
        usual: None,
        // What was paid is what was paid: there is no noise to be beyond of.
        change: |c| c.change.spend.unmarked(),
        base: &base,
        polarity: Polarity::Neither,
    };
    row(
        page,
        words::metric::SPEND,
        None,
        fact,
        &against,
        Some(PlanMetric::Spend),
    )
}

fn cpl(page: &Page) -> Row {
    let fact = cells::money(page, page.digest.totals.costs.cpl, 0);
    let base = |comparison: &Comparison| comparison.cpl.map(|n| page.figures.money(n, 0));
    let against = Against {
        usual: None,
        // A ratio of two numbers that both move says nothing that they do not say themselves.
        change: |c| c.change.cpl.unmarked(),
        base: &base,
        polarity: Polarity::Less,
    };
    row(
        page,
        words::metric::CPL,
        Some(words::metric::CPL_OF),
        fact,
        &against,
        None,
    )
}

//! The table of key numbers: fact with what was usual below it, and the three other bases.

pub(in crate::digest::sections) mod bases;
mod past;
mod rates;

use self::bases::{
    Bases, against_usual, inquiries_to_usual, planned, sessions_to_usual, usual_of_inquiries,
};
use self::past::cell_of;
pub(super) use self::past::past;
pub(super) use self::rates::cohort_rate;
use self::rates::{conv1, conv2};
use super::cells::{self, Polarity, by_kind, left, right};
use super::section::Section;
use crate::config::words::{self, Key};
use crate::digest::blocks::{Block, Cell, Column, Row, Table, Tone, Value};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::metrics::scorecard::Comparison;
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
    let in_doubt = page.doubts_revenue();
    let fact = cells::sum(page, page.digest.totals.measures.revenue_closed);
    let base = |comparison: &Comparison| {
        comparison
            .measures
            .revenue_closed
            .map(|n| page.figures.money(n, 0))
    };
    let against = Against {
        usual: None,
        change: match in_doubt {
            true => |c| c.change.revenue_closed.unmarked(),
            false => |c| c.change.revenue_closed,
        },
        base: &base,
        polarity: Polarity::More,
    };
    let note = match in_doubt {
        true => words::closed::DOUBTFUL,
        false => by_kind(page, CLOSED),
    };
    row(
        page,
        words::metric::REVENUE,
        Some(note),
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

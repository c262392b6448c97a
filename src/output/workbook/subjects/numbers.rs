//! The key numbers with their bases, their past, and the funnel.

use super::super::tidy::{Datum, Tidy};
use super::sheet;
use crate::config::words::{self, Key};
use crate::diagnosis::daily::Measure;
use crate::digest::page::Page;
use crate::metrics::scorecard::{Comparison, TrendPoint};
use crate::metrics::values::{Estimate, Measures};
use crate::model::change::Change;
use crate::model::target::PlanMetric;

/// How one indicator is read: its value of some counts, and its change against a base.
struct Indicator {
    name: Key,
    value: fn(&Measures) -> Datum,
    change: fn(&Comparison) -> Change,
    plan: Option<PlanMetric>,
}

const INDICATORS: [Indicator; 6] = [
    Indicator {
        name: words::metric::SESSIONS,
        value: |of| Datum::count(of.sessions.map(|n| n as f64)),
        change: |base| base.change.sessions,
        plan: Some(PlanMetric::Sessions),
    },
    Indicator {
        name: words::metric::USERS,
        value: |of| Datum::count(of.users.map(|n| n as f64)),
        change: |base| base.change.users,
        plan: Some(PlanMetric::Users),
    },
    Indicator {
        name: words::metric::INQUIRIES,
        value: |of| Datum::count(of.inquiries),
        change: |base| base.change.inquiries,
        plan: Some(PlanMetric::Inquiries),
    },
    Indicator {
        name: words::metric::SALES_CLOSED,
        value: |of| Datum::count(of.sales_closed),
        change: |base| base.change.sales_closed,
        plan: Some(PlanMetric::Sales),
    },
    Indicator {
        name: words::metric::REVENUE,
        value: |of| Datum::money(of.revenue_closed),
        change: |base| base.change.revenue_closed,
        plan: Some(PlanMetric::Revenue),
    },
    Indicator {
        name: words::metric::SPEND,
        value: |of| Datum::money(of.spend),
        change: |base| base.change.spend,
        plan: Some(PlanMetric::Spend),
    },
];

/// Every indicator against what was usual, the period before, the year before and the plan.
pub(super) fn indicators(page: &Page) -> Tidy {
    use words::workbook;
    let columns = [
        words::kpi::column::METRIC,
        workbook::VALUE,
        workbook::LOW,
        workbook::EXPECTED,
        workbook::HIGH,
        workbook::DEVIATION,
        workbook::BEFORE,
        workbook::TO_BEFORE,
        workbook::LAST_YEAR,
        workbook::TO_LAST_YEAR,
        workbook::PLAN,
        workbook::TO_PLAN,
    ];
    let counted = INDICATORS.iter().map(|indicator| row(page, indicator));
    let rows = counted
        .chain([conv1(page), conv2(page), cpl(page)])
        .collect();
    sheet(page, page.text(workbook::INDICATORS), &columns, rows)
}

fn row(page: &Page, indicator: &Indicator) -> Vec<Datum> {
    let totals = &page.digest.totals;
    let value = (indicator.value)(&totals.measures);
    let base = |comparison: &Option<Comparison>| match comparison {
        Some(base) if value != Datum::Empty => [
            (indicator.value)(&base.measures),
            Datum::change((indicator.change)(base)),
        ],
        _ => [Datum::Empty, Datum::Empty],
    };
    let usual = match indicator.plan {
        Some(PlanMetric::Inquiries) => totals.usual.map(|usual| Usual {
            range: usual.inquiries,
            datum: Datum::Count,
            deviation: usual.deviation.percent.map_or(Datum::Empty, Datum::Percent),
        }),
        _ => None,
    };
    let planned = indicator
        .plan
        .and_then(|metric| page.digest.plan.get(&metric));
    let plan = planned.map_or([Datum::Empty, Datum::Empty], |fact| {
        let plan = match value {
            Datum::Money(_) => Datum::Money(fact.plan),
            _ => Datum::Count(fact.plan),
        };
        [plan, Datum::change(fact.change)]
    });
    let name = Datum::text(page.text(indicator.name));
    let [usual, before, year] = [
        against(usual),
        base(&totals.previous).into(),
        base(&totals.last_year).into(),
    ];
    [vec![name, value.clone()], usual, before, year, plan.into()].concat()
}

/// A usual range, what its numbers are, and how far a number is from it.
struct Usual {
    range: Estimate,
    datum: fn(f64) -> Datum,
    deviation: Datum,
}

/// The usual range of a number and how far it is from it.
fn against(usual: Option<Usual>) -> Vec<Datum> {
    let Some(usual) = usual else {
        return vec![Datum::Empty; 4];
    };
    let Estimate { value, low, high } = usual.range;
    let mut data = [low, value, high].map(usual.datum).to_vec();
    data.push(usual.deviation);
    data
}

fn conv1(page: &Page) -> Vec<Datum> {
    let totals = &page.digest.totals;
    let usual = totals.usual.map(|usual| Usual {
        range: usual.conv1,
        datum: Datum::Share,
        deviation: Datum::Points(usual.deviation.points),
    });
    let base = |comparison: &Option<Comparison>| {
        comparison
            .as_ref()
            .map_or([Datum::Empty, Datum::Empty], |base| {
                [Datum::rate(&base.conv1), Datum::change(base.change.conv1)]
            })
    };
    let name = vec![
        Datum::text(page.text(words::metric::CONV1)),
        Datum::rate(&totals.conv1),
    ];
    let bases = [base(&totals.previous), base(&totals.last_year)].concat();
    [name, against(usual), bases, vec![Datum::Empty; 2]].concat()
}

/// The matured cohort, against the one before it.
fn conv2(page: &Page) -> Vec<Datum> {
    let Some(cohort) = &page.digest.mature_cohort else {
        return [
            vec![Datum::text(page.text(words::metric::CONV2))],
            vec![Datum::Empty; 11],
        ]
        .concat();
    };
    let period = page.figures.of_period(&cohort.period);
    let of = page.fill(words::metric::CONV2_OF, &[("period", &period)]);
    let name = format!("{} ({of})", page.text(words::metric::CONV2));
    let usual = cohort.usual.map(|range| Usual {
        range,
        datum: Datum::Share,
        deviation: Datum::Empty,
    });
    let before = vec![Datum::Empty, Datum::change(cohort.change)];
    [
        vec![Datum::Text(name), Datum::rate(&cohort.rate)],
        against(usual),
        before,
        vec![Datum::Empty; 4],
    ]
    .concat()
}

fn cpl(page: &Page) -> Vec<Datum> {
    let totals = &page.digest.totals;
    let base = |comparison: &Option<Comparison>| {
        comparison
            .as_ref()
            .map_or([Datum::Empty, Datum::Empty], |base| {
                [Datum::money(base.cpl), Datum::change(base.change.cpl)]
            })
    };
    let name = vec![
        Datum::text(page.text(words::metric::CPL)),
        Datum::money(totals.costs.cpl),
    ];
    let bases = [base(&totals.previous), base(&totals.last_year)].concat();
    [name, vec![Datum::Empty; 4], bases, vec![Datum::Empty; 2]].concat()
}

/// The past, a row for each period.
pub(super) fn history(page: &Page) -> Tidy {
    use words::workbook;
    let columns = [
        workbook::PERIOD,
        workbook::FROM_DAY,
        workbook::TO_DAY,
        words::metric::SESSIONS,
        words::metric::INQUIRIES,
        words::metric::SALES_CLOSED,
        words::metric::CONV1,
        workbook::LOW,
        workbook::HIGH,
        workbook::LAST_YEAR,
    ];
    let row = |point: &TrendPoint| {
        vec![
            Datum::text(page.figures.short_period(&point.period)),
            Datum::Day(point.period.from),
            Datum::Day(point.period.to),
            Datum::count(point.sessions.map(|n| n as f64)),
            Datum::count(point.inquiries),
            Datum::count(point.sales_closed),
            Datum::rate(&point.conv1),
            Datum::share(point.usual.map(|usual| usual.low)),
            Datum::share(point.usual.map(|usual| usual.high)),
            Datum::share(point.last_year_conv1),
        ]
    };
    let rows = page.digest.trend.iter().map(row).collect();
    sheet(page, page.text(workbook::HISTORY), &columns, rows)
}

/// Inquiries and visits of all channels by day.
pub(super) fn daily(page: &Page) -> Tidy {
    use words::workbook;
    let columns = [
        workbook::DAY,
        words::kpi::column::METRIC,
        workbook::VALUE,
        workbook::EXPECTED,
        workbook::LOW,
        workbook::HIGH,
    ];
    let mut rows = Vec::new();
    for daily in &page.digest.days {
        let metric = match daily.measure {
            Measure::Sessions => words::metric::SESSIONS,
            Measure::Inquiries | Measure::Forms | Measure::Calls => words::metric::INQUIRIES,
        };
        rows.extend(daily.points.iter().map(|point| {
            vec![
                Datum::Day(point.day),
                Datum::text(page.text(metric)),
                Datum::Count(point.observed),
                Datum::Count(point.expected),
                Datum::Count(point.low),
                Datum::Count(point.high),
            ]
        }));
    }
    sheet(page, page.text(workbook::DAILY), &columns, rows)
}

/// The stages of the funnel.
pub(super) fn funnel(page: &Page) -> Tidy {
    use words::funnel::column;
    let columns = [
        column::STAGE,
        column::COUNT,
        column::TO_SESSIONS,
        column::TO_PREVIOUS,
        column::TO_INQUIRIES,
    ];
    let stages = page.digest.funnel.iter().map(|stage| {
        vec![
            Datum::text(&stage.title),
            Datum::count(stage.count),
            Datum::rate(&stage.to_sessions),
            Datum::rate(&stage.to_previous),
            Datum::rate(&stage.to_inquiries),
        ]
    });
    sheet(
        page,
        page.text(words::funnel::TITLE),
        &columns,
        stages.collect(),
    )
}

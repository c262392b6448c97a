//! The plan, the month so far and the weeks ahead.

use super::super::tidy::{Datum, Tidy};
use super::sheet;
use crate::config::words;
use crate::digest::page::Page;
use crate::digest::plan_metric_name;
use crate::metrics::experiments::{ExperimentVerdict, VariantDifference};
use crate::metrics::forecast::Projection;
use crate::model::target::{PlanMetric, PlanUnit};

fn datum(metric: PlanMetric, value: Option<f64>) -> Datum {
    let typed = match metric.unit() {
        PlanUnit::Count => Datum::Count,
        PlanUnit::Money => Datum::Money,
        PlanUnit::Share => Datum::Share,
    };
    value.map_or(Datum::Empty, typed)
}

fn ranged(metric: PlanMetric, ends: Option<&Projection>) -> [Datum; 3] {
    let of = |value: fn(&Projection) -> Option<f64>| datum(metric, ends.and_then(value));
    [
        of(|ends| ends.low),
        of(|ends| Some(ends.value)),
        of(|ends| ends.high),
    ]
}

/// Every planned number of the period against its plan.
pub(super) fn targets(page: &Page) -> Tidy {
    let lines = page
        .digest
        .planned
        .iter()
        .flat_map(|planned| &planned.lines);
    let row = |line: &crate::metrics::plan::PlanLine| {
        vec![
            Datum::text(&line.title),
            Datum::text(page.text(plan_metric_name(line.metric))),
            datum(line.metric, line.fact),
            datum(line.metric, Some(line.plan)),
            Datum::change(line.change),
        ]
    };
    let columns = [
        words::pacing::WHOSE,
        words::kpi::column::METRIC,
        words::kpi::column::FACT,
        words::workbook::PLAN,
        words::workbook::TO_PLAN,
    ];
    sheet(
        page,
        page.text(words::pacing::TITLE_PLAN),
        &columns,
        lines.map(row).collect(),
    )
}

/// The month so far, and where it ends.
pub(super) fn month(page: &Page) -> Tidy {
    let month = page
        .digest
        .planned
        .iter()
        .filter_map(|planned| planned.month.as_ref());
    let row = |line: &crate::metrics::plan::MonthLine| {
        let [low, ends, high] = ranged(line.metric, line.projection.as_ref());
        vec![
            Datum::text(&line.title),
            Datum::text(page.text(plan_metric_name(line.metric))),
            datum(line.metric, line.fact),
            datum(line.metric, line.plan_to_date),
            Datum::change(line.change),
            low,
            ends,
            high,
            datum(line.metric, line.plan),
            Datum::change(line.projected_change),
        ]
    };
    let columns = [
        words::pacing::WHOSE,
        words::kpi::column::METRIC,
        words::pacing::column::FACT,
        words::pacing::PLANNED_SO_FAR,
        words::pacing::column::TO_DATE,
        words::workbook::LOW,
        words::pacing::column::ENDS,
        words::workbook::HIGH,
        words::workbook::PLAN,
        words::pacing::column::PLAN,
    ];
    let rows = month.flat_map(|month| &month.lines).map(row).collect();
    sheet(page, page.text(words::pacing::SHEET), &columns, rows)
}

/// The weeks ahead with their ranges, a row a week and number.
pub(super) fn forecast(page: &Page) -> Tidy {
    let weeks = page
        .digest
        .forecast
        .iter()
        .flat_map(|forecast| &forecast.weeks);
    let mut rows = Vec::new();
    for week in weeks {
        let numbers = [
            (PlanMetric::Sessions, &week.sessions),
            (PlanMetric::Inquiries, &week.inquiries),
            (PlanMetric::Sales, &week.sales),
            (PlanMetric::Revenue, &week.revenue),
        ];
        for (metric, ends) in numbers {
            let Some(ends) = ends else { continue };
            let [low, value, high] = ranged(metric, Some(ends));
            let name = Datum::text(page.text(plan_metric_name(metric)));
            let (from, to) = (Datum::Day(week.period.from), Datum::Day(week.period.to));
            rows.push(vec![from, to, name, low, value, high]);
        }
    }
    let columns = [
        words::workbook::FROM_DAY,
        words::workbook::TO_DAY,
        words::kpi::column::METRIC,
        words::workbook::LOW,
        words::workbook::EXPECTED,
        words::workbook::HIGH,
    ];
    sheet(page, page.text(words::forecast::TITLE), &columns, rows)
}

/// What may be said of an experiment, without the numbers that have columns of their own.
fn short_verdict(verdict: ExperimentVerdict) -> words::Key {
    use words::experiments::short;
    match verdict {
        ExperimentVerdict::SplitBroken => short::SPLIT_BROKEN,
        ExperimentVerdict::TooEarly => short::TOO_EARLY,
        ExperimentVerdict::Differs => short::DIFFERS,
        ExperimentVerdict::NoDifference => short::NO_DIFFERENCE,
    }
}

/// Experiments, a row a variant.
pub(super) fn experiments(page: &Page) -> Tidy {
    use words::experiments::column;
    let mut rows = Vec::new();
    for experiment in &page.digest.experiments {
        let verdict = page.text(short_verdict(experiment.verdict));
        for variant in &experiment.variants {
            let difference = |of: fn(&VariantDifference) -> f64| {
                variant
                    .difference
                    .as_ref()
                    .map_or(Datum::Empty, |known| Datum::Points(of(known)))
            };
            rows.push(vec![
                Datum::text(&experiment.title),
                Datum::text(&variant.name),
                Datum::Count(variant.sessions as f64),
                Datum::Count(variant.conversions as f64),
                Datum::share(variant.rate),
                difference(|of| of.low),
                difference(|of| of.points),
                difference(|of| of.high),
                Datum::text(verdict.clone()),
            ]);
        }
    }
    let columns = [
        words::experiments::TITLE,
        column::VARIANT,
        words::metric::SESSIONS,
        column::GOAL,
        column::RATE,
        column::LOW,
        column::DIFFERENCE,
        column::HIGH,
        words::experiments::VERDICT_IS,
    ];
    sheet(page, page.text(words::experiments::SHEET), &columns, rows)
}

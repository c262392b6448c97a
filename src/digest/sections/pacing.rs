//! The plan: every planned number of the period, the month so far against its plan, and where the month ends.

use super::cells::{self, Polarity, left, planned_shown, right};
use super::section::Section;
use crate::config::words::{self, Key};
use crate::digest::blocks::{Block, Cell, Row, Table, Unit};
use crate::digest::document::Readers;
use crate::digest::language::Rich;
use crate::digest::page::Page;
use crate::metrics::forecast::Projection;
use crate::metrics::plan::{MonthLine, MonthToDate, PlanDays, PlanLine};
use crate::model::target::{PlanMetric, PlanScope, PlanUnit};

pub(super) const SECTION: Section = Section {
    code: "month",
    title: Some(title),
    subtitle,
    blocks,
    readers: Readers::Report,
};

/// Numbers whose plan stands beside them in the table of key numbers.
const IN_KEY_NUMBERS: [PlanMetric; 5] = [
    PlanMetric::Sessions,
    PlanMetric::Inquiries,
    PlanMetric::Sales,
    PlanMetric::Revenue,
    PlanMetric::Spend,
];

fn month<'a>(page: &Page<'a>) -> Option<&'a MonthToDate> {
    page.digest.planned.as_ref()?.month.as_ref()
}

fn title(page: &Page) -> String {
    page.text(match month(page) {
        Some(_) => words::pacing::TITLE,
        None => words::pacing::TITLE_PLAN,
    })
}

/// How much of the month is over, and by which days the plan is told.
fn subtitle(page: &Page) -> Option<Rich> {
    let month = month(page)?;
    let planned = page.digest.planned.as_ref()?;
    let count = |days: u64| page.figures.count(days);
    let gone = page.figures.period(&month.to_date);
    let share = page.figures.percent(month.share_gone, 0);
    let values = [
        ("period", &*gone),
        ("gone", &count(month.days_gone)),
        ("days", &count(month.days)),
        ("working_gone", &count(month.working_days_gone)),
        ("working", &count(month.working_days)),
        ("share", &share),
    ];
    let has_plan = month.lines.iter().any(|line| line.plan.is_some());
    let text = page.rich(words::pacing::GONE, &values);
    let rule = match planned.rule.days {
        PlanDays::Days => words::pacing::BY_DAYS,
        PlanDays::WorkingDays => words::pacing::BY_WORKING_DAYS,
    };
    Some(if has_plan {
        text.then(page.rich(rule, &values))
    } else {
        text
    })
}

fn blocks(page: &Page) -> Vec<Block> {
    let Some(planned) = &page.digest.planned else {
        return Vec::new();
    };
    let month = planned
        .month
        .as_ref()
        .filter(|month| !month.lines.is_empty())
        .map(|month| Block::Table(month_table(page, month)));
    // Channels and managers stand against the month above; their part of the period is in the workbook.
    let is_news =
        |line: &&PlanLine| line.scope == PlanScope::Total && !IN_KEY_NUMBERS.contains(&line.metric);
    let lines: Vec<&PlanLine> = planned.lines.iter().filter(is_news).collect();
    let lines = (!lines.is_empty()).then(|| Block::Table(plan_table(page, &lines)));
    [month, lines].into_iter().flatten().collect()
}

fn month_table(page: &Page, month: &MonthToDate) -> Table {
    let has_plan = month.lines.iter().any(|line| line.plan.is_some());
    let mut columns = vec![
        left(page.text(words::kpi::column::METRIC)),
        right(page.text(words::pacing::column::FACT)),
    ];
    if has_plan {
        columns.push(right(page.text(words::pacing::column::TO_DATE)));
    }
    columns.push(right(page.text(words::pacing::column::ENDS)));
    if has_plan {
        columns.push(right(page.text(words::pacing::column::PLAN)));
    }
    Table {
        code: "month",
        columns,
        rows: month
            .lines
            .iter()
            .map(|line| month_row(page, line, has_plan))
            .collect(),
        note: Some(page.rich(words::pacing::NOTE, &[])),
    }
}

fn month_row(page: &Page, line: &MonthLine, has_plan: bool) -> Row {
    let metric = line.metric;
    let polarity = polarity(metric);
    let shown = |value: Option<f64>| value.map(|value| planned_shown(page, metric, value));
    let to_date = cells::change(page, &line.change, polarity, shown(line.plan_to_date));
    let plan = cells::change(page, &line.projected_change, polarity, shown(line.plan));
    let mut cells = vec![number(page, metric, line.fact).strong()];
    if has_plan {
        cells.push(to_date);
    }
    cells.push(projected(page, metric, line.projection.as_ref()));
    if has_plan {
        cells.push(plan);
    }
    Row {
        head: head(page, metric, &line.scope, &line.title),
        cells,
        is_total: false,
    }
}

/// Where a number ends, with its range below; or how much more history a range needs.
pub(super) fn projected(page: &Page, metric: PlanMetric, ends: Option<&Projection>) -> Cell {
    let Some(ends) = ends else {
        return Cell::absent("—");
    };
    let shown = |value: f64| planned_shown(page, metric, value);
    let under = match (ends.low, ends.high, ends.weeks_needed) {
        (Some(low), Some(high), _) if low < high => {
            let values = [("low", &*shown(low)), ("high", &*shown(high))];
            Some(page.fill(words::pacing::RANGE, &values))
        }
        (_, _, Some(weeks)) => {
            let weeks = page
                .figures
                .counted_whole(words::words::WEEKS_IN, f64::from(weeks));
            Some(page.fill(words::pacing::WEEKS_NEEDED, &[("weeks", &weeks)]))
        }
        _ => None,
    };
    number(page, metric, Some(ends.value)).under(under)
}

/// A number as its metric is shown, or the word for what is not known.
pub(super) fn number(page: &Page, metric: PlanMetric, value: Option<f64>) -> Cell {
    let unit = match metric.unit() {
        PlanUnit::Count => Unit::Count,
        PlanUnit::Money => Unit::Money,
        PlanUnit::Share => Unit::Share,
    };
    match value {
        Some(value) => Cell::number(value, unit, planned_shown(page, metric, value)),
        // Of a cohort that is known, only its age is missing.
        None if metric == PlanMetric::Conv2 && page.digest.totals.conv2.rate.k.is_some() => {
            Cell::absent(page.text(words::change::IMMATURE))
        }
        None => Cell::absent(page.text(words::absent::NO_DATA)),
    }
}

fn plan_table(page: &Page, lines: &[&PlanLine]) -> Table {
    let columns = vec![
        left(page.text(words::kpi::column::METRIC)),
        right(page.text(words::kpi::column::FACT)),
        right(page.text(words::workbook::PLAN)),
        right(page.text(words::kpi::column::PLAN)),
    ];
    let row = |line: &&PlanLine| Row {
        head: head(page, line.metric, &line.scope, &line.title),
        cells: vec![
            number(page, line.metric, line.fact).strong(),
            number(page, line.metric, Some(line.plan)),
            cells::change(page, &line.change, polarity(line.metric), None),
        ],
        is_total: false,
    };
    Table {
        code: "targets",
        columns,
        rows: lines.iter().map(row).collect(),
        note: Some(page.rich(
            words::pacing::OF_PERIOD,
            &[("period", &page.figures.period(&page.digest.period))],
        )),
    }
}

fn head(page: &Page, metric: PlanMetric, scope: &PlanScope, title: &str) -> Cell {
    let whose = (*scope != PlanScope::Total).then(|| title.to_owned());
    Cell::text(page.text(name(metric))).strong().under(whose)
}

fn polarity(metric: PlanMetric) -> Polarity {
    match metric.less_is_better() {
        None => Polarity::Neither,
        Some(true) => Polarity::Less,
        Some(false) => Polarity::More,
    }
}

/// What people call a metric.
pub fn name(metric: PlanMetric) -> Key {
    use words::plan_metric as names;
    match metric {
        PlanMetric::Sessions => names::SESSIONS,
        PlanMetric::Users => names::USERS,
        PlanMetric::Inquiries => names::INQUIRIES,
        PlanMetric::Sales => names::SALES,
        PlanMetric::Revenue => names::REVENUE,
        PlanMetric::Margin => names::MARGIN,
        PlanMetric::Spend => names::SPEND,
        PlanMetric::Clicks => names::CLICKS,
        PlanMetric::Conv1 => names::CONV1,
        PlanMetric::Conv2 => names::CONV2,
        PlanMetric::Overall => names::OVERALL,
        PlanMetric::Cpl => names::CPL,
        PlanMetric::Cac => names::CAC,
        PlanMetric::Cpc => names::CPC,
        PlanMetric::Ctr => names::CTR,
        PlanMetric::AverageCheck => names::AVERAGE_CHECK,
        PlanMetric::Romi => names::ROMI,
        PlanMetric::Drr => names::DRR,
    }
}

//! The plan and the forecast of the samples.

use crate::metrics::experiments::{
    ExperimentResult, ExperimentVerdict, VariantDifference, VariantResult,
};
use crate::metrics::forecast::{Forecast, ForecastWeek, Projection};
use crate::metrics::lengths::{ADay, Lengths, OtherLength, PeriodDays};
use crate::metrics::plan::{MonthLine, MonthToDate, PlanDays, PlanLine, PlanRule, Planned};
use crate::metrics::scorecard::ChannelRow;
use crate::model::change::Change;
use crate::model::channel::ChannelId;
use crate::model::experiment::{ExperimentDimension, ExperimentMetric};
use crate::model::period::Period;
use crate::model::target::{PlanMetric, PlanScope};

pub(super) fn planned(week: &Period, total: &ChannelRow) -> Planned {
    let measures = &total.measures;
    let fact = |metric| match metric {
        PlanMetric::Sessions => measures.sessions.map(|sessions| sessions as f64),
        PlanMetric::Inquiries => measures.inquiries,
        PlanMetric::Sales => measures.sales_closed,
        _ => measures.spend.map(|spend| spend.major()),
    };
    let line = |(metric, plan): (&PlanMetric, &f64)| PlanLine {
        scope: PlanScope::Total,
        title: total.title.clone(),
        metric: *metric,
        fact: fact(*metric),
        plan: *plan,
        change: fact(*metric).map_or(Change::NoBase, |fact| percent(fact, *plan)),
    };
    Planned {
        rule: PlanRule {
            days: PlanDays::Days,
            day_off_share: Some(0.71),
        },
        lines: total.plan.iter().map(line).collect(),
        month: Some(month(week)),
    }
}

fn percent(fact: f64, plan: f64) -> Change {
    Change::Percent {
        value: (fact / plan - 1.0) * 100.0,
        beyond_noise: false,
    }
}

fn month(week: &Period) -> MonthToDate {
    let (month, to_date) = (Period::month_of(week.to), Period::month_to(week.to));
    let hostile = PlanScope::Channel(ChannelId::new("hostile"));
    let manager = PlanScope::Manager("<b>анна</b>".to_owned());
    let lines = [
        (
            PlanScope::Total,
            "Итого",
            PlanMetric::Inquiries,
            846.0,
            1_700.0,
        ),
        (
            PlanScope::Total,
            "Итого",
            PlanMetric::Revenue,
            5_100_000.0,
            11_000_000.0,
        ),
        (PlanScope::Total, "Итого", PlanMetric::Cpl, 1_730.0, 1_800.0),
        (PlanScope::Total, "Итого", PlanMetric::Conv1, 0.0301, 0.03),
        (
            hostile,
            "<script>alert(\"1\")</script>",
            PlanMetric::Inquiries,
            11.0,
            24.0,
        ),
        (manager, "<b>Анна</b>", PlanMetric::Sales, 21.0, 40.0),
    ];
    let share = to_date.days() as f64 / month.days() as f64;
    let line = |(scope, title, metric, fact, plan): (PlanScope, &str, PlanMetric, f64, f64)| {
        let due = if metric.is_prorated() {
            plan * share
        } else {
            plan
        };
        let ends = metric.is_prorated().then(|| projection(fact / share));
        MonthLine {
            scope,
            title: title.to_owned(),
            metric,
            fact: Some(fact),
            plan_to_date: Some(due),
            plan: Some(plan),
            change: percent(fact, due),
            projection: ends,
            projected_change: ends.map_or(Change::NoBase, |ends| percent(ends.value, plan)),
        }
    };
    MonthToDate {
        days: month.days(),
        days_gone: to_date.days(),
        working_days: 20,
        working_days_gone: 9,
        share_gone: share,
        lines: lines.into_iter().map(line).collect(),
        month,
        to_date,
    }
}

fn projection(value: f64) -> Projection {
    Projection {
        value,
        low: Some(value * 0.93),
        high: Some(value * 1.07),
        replayed: 30,
        held: 24,
        weeks_needed: None,
    }
}

pub(super) fn forecast(week: &Period) -> Forecast {
    let weeks = std::iter::successors(Some(week.next()), |week| Some(week.next()));
    let ahead = |period: Period| ForecastWeek {
        period,
        sessions: Some(projection(14_000.0)),
        inquiries: Some(projection(420.0)),
        sales: Some(projection(92.0)),
        revenue: Some(projection(7_700_000.0)),
    };
    let mut weeks: Vec<ForecastWeek> = weeks.take(4).map(ahead).collect();
    // Of the farthest week too little is known to tell a range.
    if let Some(last) = weeks.last_mut() {
        last.sales = Some(Projection {
            low: None,
            high: None,
            replayed: 3,
            held: 0,
            weeks_needed: Some(1),
            ..projection(92.0)
        });
    }
    Forecast {
        weeks,
        replayed: 90,
        held: 72,
    }
}

pub(super) fn lengths(week: &Period) -> Lengths {
    let days = |period: Period, working_days, holidays: &[&str]| PeriodDays {
        days: period.days(),
        working_days,
        holidays: holidays.iter().map(|name| (*name).to_owned()).collect(),
        period,
    };
    let a_day = |metric, now: f64, base: f64| ADay {
        metric,
        now,
        base,
        percent: Some((now / base - 1.0) * 100.0),
    };
    let other = OtherLength {
        base: days(week.previous(), 4, &["unity_day"]),
        a_day: vec![
            a_day(PlanMetric::Inquiries, 84.6, 101.2),
            a_day(PlanMetric::Revenue, 1_510_000.0, 1_640_000.0),
        ],
    };
    Lengths {
        now: days(week.clone(), 5, &[]),
        by: PlanDays::WorkingDays,
        others: vec![other],
    }
}

pub(super) fn experiment(week: &Period) -> ExperimentResult {
    let variant = |name: &str, sessions, conversions, difference| VariantResult {
        name: name.to_owned(),
        share: 0.5,
        sessions,
        users: sessions - 40,
        conversions,
        rate: Some(conversions as f64 / sessions as f64),
        interval: Some((0.02, 0.04)),
        difference,
    };
    let difference = VariantDifference {
        points: 0.5,
        low: -0.6,
        high: 1.6,
    };
    ExperimentResult {
        name: "calculator".to_owned(),
        title: "<i>calculator</i> & form".to_owned(),
        dimension: ExperimentDimension::Landing,
        metric: ExperimentMetric::Inquiries,
        period: week.clone(),
        variants: vec![
            variant("A", 2_010, 60, None),
            variant("<b>B</b>", 1_990, 70, Some(difference)),
        ],
        split_p: Some(0.75),
        crossed: 12,
        effect: 0.2,
        needed: Some(13_900),
        verdict: ExperimentVerdict::TooEarly,
    }
}

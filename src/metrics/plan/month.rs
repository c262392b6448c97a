//! The month of the period's last day: what has come of it, what was planned to date, and where it ends.

use serde::{Deserialize, Serialize};

use super::facts::against;
use super::{Planner, Scoped, days};
use crate::metrics::cohort::Outlook;
use crate::metrics::counts::PeriodCounts;
use crate::metrics::forecast::{Outlooks, Projection, Replayed, Setting};
use crate::metrics::timeline::Scope;
use crate::model::change::Change;
use crate::model::period::Period;
use crate::model::target::{PlanMetric, PlanScope};

/// The month so far, and where it ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MonthToDate {
    /// The whole month.
    pub month: Period,
    /// What of it is over.
    pub to_date: Period,
    /// Days of the month.
    pub days: u64,
    /// Days that are over.
    pub days_gone: u64,
    /// Working days of the month.
    pub working_days: u64,
    /// Working days that are over.
    pub working_days_gone: u64,
    /// Share of the plan that is due by now, 0 to 1: by the days that the plan is spread over.
    pub share_gone: f64,
    /// Number by number: the total, then planned channels, then planned managers.
    pub lines: Vec<MonthLine>,
}

/// One number of the month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MonthLine {
    /// Whose number.
    pub scope: PlanScope,
    /// The channel's or manager's name for people; of the total that of its row.
    pub title: String,
    /// Which number.
    pub metric: PlanMetric,
    /// What has come to date; absent where it is not known.
    pub fact: Option<f64>,
    /// What was planned to date; absent without a plan.
    pub plan_to_date: Option<f64>,
    /// What is planned for the whole month.
    pub plan: Option<f64>,
    /// Fact against the plan to date.
    pub change: Change,
    /// Where the month ends.
    pub projection: Option<Projection>,
    /// The projection against the plan of the whole month.
    pub projected_change: Change,
}

/// Numbers of the total that are shown without a plan as well.
const ALWAYS: [PlanMetric; 5] = [
    PlanMetric::Sessions,
    PlanMetric::Inquiries,
    PlanMetric::Sales,
    PlanMetric::Revenue,
    PlanMetric::Spend,
];

/// The month of the reported period; `None` where the period is a month or longer.
pub(super) fn month(
    planner: &Planner<'_>,
    setting: &Setting<'_>,
    of_total: &Outlooks,
) -> Option<MonthToDate> {
    let facts = planner.parts.facts.month.as_ref()?;
    let to_date = facts.period.clone();
    let month = Period::month_of(to_date.to);
    let calendar = &planner.parts.facts.calendar;
    let rule = planner.rule.days;
    let working = |period: &Period| {
        let days = days::PlanDays::WorkingDays;
        days::weight_of(days, calendar, period.from, period.to) as u64
    };
    let weight = |period: &Period| days::weight_of(rule, calendar, period.from, period.to);
    let counts = PeriodCounts::reported(facts, planner.parts.ledger);
    let outlook = Outlook::new(planner.parts.ledger, &to_date, planner.parts.plan);
    let known = MonthKnown {
        planner,
        setting,
        of_total,
        counts: &counts,
        outlook: &outlook,
        to_date: &to_date,
        rest: (month.to - to_date.to).num_days() as usize,
    };
    Some(MonthToDate {
        days: month.days(),
        days_gone: to_date.days(),
        working_days: working(&month),
        working_days_gone: working(&to_date),
        share_gone: weight(&to_date) / weight(&month).max(1.0),
        lines: known.lines(&month),
        month,
        to_date,
    })
}

/// Everything that the lines of a month are made of.
struct MonthKnown<'a> {
    planner: &'a Planner<'a>,
    setting: &'a Setting<'a>,
    of_total: &'a Outlooks,
    counts: &'a PeriodCounts,
    outlook: &'a Outlook,
    to_date: &'a Period,
    /// Days of the month that are still to come.
    rest: usize,
}

impl MonthKnown<'_> {
    fn lines(&self, month: &Period) -> Vec<MonthLine> {
        let due = self.planner.planned(self.to_date);
        let whole = self.planner.planned(month);
        let always = ALWAYS.map(|metric| (PlanScope::Total, metric));
        let planned = due.keys().chain(whole.keys()).cloned();
        let mut keys: Vec<(PlanScope, PlanMetric)> = always.into_iter().chain(planned).collect();
        keys.sort();
        keys.dedup();
        let mut lines = Vec::new();
        for scoped in Scoped::group(keys) {
            let scope = &scoped.scope;
            let numbers = (self.planner).numbers(scope, self.counts, self.outlook, self.to_date);
            let outlooks = self.outlooks(scope);
            for metric in scoped.metrics {
                let key = (scope.clone(), metric);
                let plans = [due.get(&key).copied(), whole.get(&key).copied()];
                let fact = numbers.value(metric);
                // A number that is neither known nor planned is no line.
                if fact.is_some() || plans != [None, None] {
                    lines.push(self.line(key, fact, plans, outlooks.as_ref()));
                }
            }
        }
        lines
    }

    fn line(
        &self,
        (scope, metric): (PlanScope, PlanMetric),
        fact: Option<f64>,
        [plan_to_date, plan]: [Option<f64>; 2],
        outlooks: Option<&Outlooks>,
    ) -> MonthLine {
        let projection = match (metric, &scope) {
            (PlanMetric::Conv2, PlanScope::Total) => self.conv2_ends(Scope::Total),
            (PlanMetric::Conv2, PlanScope::Channel(channel)) => {
                self.conv2_ends(Scope::Channel(channel))
            }
            _ => self.ends(metric, fact, outlooks),
        };
        let min_base = self.planner.parts.plan.thresholds.min_base;
        let judge = |plan: Option<f64>, value| match plan {
            Some(plan) => against(metric, plan, value, min_base),
            None => Change::NoBase,
        };
        MonthLine {
            title: self.planner.title(&scope),
            change: judge(plan_to_date, fact),
            projected_change: judge(plan, projection.map(|projection| projection.value)),
            scope,
            metric,
            fact,
            plan_to_date,
            plan,
            projection,
        }
    }

    fn outlooks(&self, scope: &PlanScope) -> Option<Outlooks> {
        match scope {
            PlanScope::Total => Some(self.of_total.clone()),
            PlanScope::Channel(channel) => {
                let scope = Scope::Channel(channel);
                Some(Outlooks::of_channel(
                    self.planner.parts,
                    self.setting,
                    scope,
                ))
            }
            PlanScope::Manager(_) => None,
        }
    }

    /// Where a count or amount ends: what came, and what is expected of the days that are left.
    fn ends(
        &self,
        metric: PlanMetric,
        fact: Option<f64>,
        of: Option<&Outlooks>,
    ) -> Option<Projection> {
        let fact = fact?;
        if self.rest == 0 {
            return Some(Projection::certain(fact));
        }
        let rest = |replayed: &Option<Replayed>| replayed.as_ref()?.project((0, self.rest));
        let of = of?;
        let to_come = match metric {
            PlanMetric::Sessions => rest(&of.sessions),
            PlanMetric::Inquiries => rest(&of.inquiries),
            PlanMetric::Sales => rest(&of.sales),
            PlanMetric::Revenue => rest(&of.revenue),
            PlanMetric::Spend => rest(&of.spend),
            _ => None,
        };
        Some(to_come?.after(fact))
    }

    /// Where the second conversion of the month's inquiries so far ends; its range is told with the cohort.
    fn conv2_ends(&self, scope: Scope<'_>) -> Option<Projection> {
        let measures = scope.measures(self.counts);
        let min_events = self.planner.parts.plan.thresholds.min_events;
        let ends = self
            .outlook
            .rate(scope, measures, min_events)
            .expected_final?;
        Some(Projection {
            low: None,
            high: None,
            ..Projection::certain(ends.value)
        })
    }
}

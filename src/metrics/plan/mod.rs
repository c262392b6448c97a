//! The plan: prorated to the reported period and to the month so far, set against what came, and where the month ends.

mod days;
mod facts;
mod month;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::assemble::Parts;
use super::cohort::Outlook;
use super::counts::PeriodCounts;
use super::forecast::{Outlooks, Setting};
use super::timeline::Scope;
use crate::model::change::Change;
use crate::model::period::Period;
use crate::model::target::{PlanMetric, PlanScope};

pub use days::{PlanDays, PlanRule};
pub use month::{MonthLine, MonthToDate};

use facts::{Numbers, against};

/// One number of the reported period against its plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanLine {
    /// Whose number.
    pub scope: PlanScope,
    /// The channel's or manager's name for people; of the total that of its row.
    pub title: String,
    /// Which number.
    pub metric: PlanMetric,
    /// What came; absent where it is not known.
    pub fact: Option<f64>,
    /// What was planned, prorated to the period.
    pub plan: f64,
    /// Fact against plan.
    pub change: Change,
}

/// Everything about plans, as `digest.json` has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Planned {
    /// Which days plans are spread over.
    pub rule: PlanRule,
    /// Every planned number of the reported period: the total, then channels, then managers.
    pub lines: Vec<PlanLine>,
    /// The month so far, and where it ends.
    pub month: Option<MonthToDate>,
}

/// Values of the plan for one span of days.
pub(super) type Values = BTreeMap<(PlanScope, PlanMetric), f64>;

/// What plans are told by.
pub(super) struct Planner<'a> {
    parts: &'a Parts<'a>,
    rule: PlanRule,
}

impl<'a> Planner<'a> {
    /// Finds which days plans are spread over.
    pub(super) fn new(parts: &'a Parts<'a>, reported: &Period) -> Self {
        let facts = parts.facts;
        let rule = days::rule(
            parts.plan.proration,
            parts.ledger,
            facts.daily.as_ref(),
            &facts.calendar,
            reported.to,
        );
        Self { parts, rule }
    }

    /// Which days plans are spread over.
    pub(super) fn days(&self) -> PlanDays {
        self.rule.days
    }

    /// The plan of a period.
    pub(super) fn planned(&self, period: &Period) -> Values {
        let facts = self.parts.facts;
        let span = (period.from, period.to);
        days::planned(&facts.targets, self.rule.days, &facts.calendar, span)
    }

    /// Everything about plans.
    pub(super) fn all(
        &self,
        now: &PeriodCounts,
        outlook: &Outlook,
        setting: &Setting<'_>,
        of_total: &Outlooks,
    ) -> Planned {
        Planned {
            rule: self.rule,
            lines: self.lines(now, outlook),
            month: month::month(self, setting, of_total),
        }
    }

    fn lines(&self, now: &PeriodCounts, outlook: &Outlook) -> Vec<PlanLine> {
        let planned = self.planned(&now.period);
        let mut lines = Vec::with_capacity(planned.len());
        for scoped in Scoped::group(planned.keys().cloned().collect()) {
            let numbers = self.numbers(&scoped.scope, now, outlook, &now.period);
            for metric in scoped.metrics {
                let plan = planned[&(scoped.scope.clone(), metric)];
                let fact = numbers.value(metric);
                let min_base = self.parts.plan.thresholds.min_base;
                lines.push(PlanLine {
                    title: self.title(&scoped.scope),
                    scope: scoped.scope.clone(),
                    metric,
                    fact,
                    plan,
                    change: against(metric, plan, fact, min_base),
                });
            }
        }
        lines
    }

    /// What came of a scope in a period.
    fn numbers(
        &self,
        scope: &PlanScope,
        counts: &PeriodCounts,
        outlook: &Outlook,
        period: &Period,
    ) -> Numbers {
        let min_events = self.parts.plan.thresholds.min_events;
        let of_row = |row: Scope<'_>| {
            let measures = *row.measures(counts);
            let conv2 = outlook.rate(row, &measures, min_events).rate.value;
            Numbers::of(measures, conv2, min_events)
        };
        match scope {
            PlanScope::Total => of_row(Scope::Total),
            PlanScope::Channel(channel) => of_row(Scope::Channel(channel)),
            PlanScope::Manager(name) => match &self.parts.facts.managed {
                Some(deals) => {
                    Numbers::of_manager(deals, name, (period.from, period.to), min_events)
                }
                None => Numbers::of(super::values::Measures::default(), None, min_events),
            },
        }
    }

    /// The name of a scope for people.
    fn title(&self, scope: &PlanScope) -> String {
        let plan = self.parts.plan;
        match scope {
            PlanScope::Total => plan.total_title.clone(),
            PlanScope::Channel(channel) => match plan.channel_titles.get(channel) {
                Some(title) => title.clone(),
                None => channel.to_string(),
            },
            PlanScope::Manager(name) => {
                let deals = self.parts.facts.managed.iter().flatten();
                // As the CRM writes it now: the newest deal is the last one.
                let mut own = deals.filter(|deal| deal.manager.to_lowercase() == *name);
                own.next_back()
                    .map_or(name.clone(), |deal| deal.manager.clone())
            }
        }
    }
}

/// The metrics of one scope.
struct Scoped {
    scope: PlanScope,
    metrics: Vec<PlanMetric>,
}

impl Scoped {
    /// Groups sorted keys by their scope.
    fn group(keys: Vec<(PlanScope, PlanMetric)>) -> Vec<Self> {
        let mut groups: Vec<Self> = Vec::new();
        for (scope, metric) in keys {
            match groups.last_mut().filter(|group| group.scope == scope) {
                Some(group) => group.metrics.push(metric),
                None => groups.push(Self {
                    scope,
                    metrics: vec![metric],
                }),
            }
        }
        groups
    }
}

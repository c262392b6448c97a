//! The rows of the scorecard: every channel and the total, judged together.

use std::collections::{BTreeMap, BTreeSet};

use super::cohort::Outlook;
use super::compare::{self, ComparedWith, Draft, Limits, compare};
use super::costs::unit_costs;
use super::counts::PeriodCounts;
use super::plan::Values;
use super::predictive::MIN_PERIODS;
use super::scorecard::{ChannelRow, RowVerdict};
use super::settings::MetricSettings;
use super::timeline::{Scope, Timeline};
use super::usual::{self, first_conversion, judgeable, rate_to_expect, usual, verdict};
use super::values::{Measures, Rate};
use crate::model::channel::ChannelId;
use crate::model::facts::Facts;
use crate::model::money::Minor;
use crate::model::target::{PlanMetric, PlanScope};

/// What all rows are made from.
pub(super) struct Rows<'a> {
    /// Plan values of the period.
    pub(super) planned: &'a Values,
    /// The facts.
    pub(super) facts: &'a Facts,
    /// All periods.
    pub(super) timeline: &'a Timeline<'a>,
    /// What cohorts are judged by.
    pub(super) outlook: &'a Outlook,
    /// The pipeline's settings.
    pub(super) plan: &'a MetricSettings,
}

/// The sum of what is known.
fn added<T: std::ops::Add<Output = T>>(sum: Option<T>, more: Option<T>) -> Option<T> {
    match (sum, more) {
        (Some(sum), Some(more)) => Some(sum + more),
        (sum, more) => sum.or(more),
    }
}

/// A row whose changes and verdict are still to be told from noise.
struct Unjudged {
    row: ChannelRow,
    has_history: bool,
    previous: Option<Draft>,
    last_year: Option<Draft>,
}

impl Rows<'_> {
    /// The total, judged alone: one-sided at `alpha`.
    pub(super) fn total(&self) -> ChannelRow {
        let limits = &self.plan.thresholds;
        let mut row = self.row(
            Scope::Total,
            ChannelId::new(ChannelId::TOTAL),
            self.plan.total_title.clone(),
        );
        let paid = unit_costs(&paid(&self.timeline.now), limits.min_events);
        row.row.costs.romi = paid.romi;
        row.row.costs.romi_margin = paid.romi_margin;
        let alone = compare::alone(limits);
        self.settle(row, limits.alpha, &alone, &alone)
    }

    /// The channels, judged together: most sessions first, then by id, `unattributed` last.
    pub(super) fn channels(&self) -> Vec<ChannelRow> {
        let limits = &self.plan.thresholds;
        let title = |id: &ChannelId| {
            self.plan
                .channel_titles
                .get(id)
                .map_or(id.as_str(), String::as_str)
                .to_owned()
        };
        let previous = self.timeline.previous().map(|past| &past.counts);
        let has_inquiries = self.facts.inquiries.is_some();
        let rows: Vec<Unjudged> = ids(&self.timeline.now, previous, self.planned, has_inquiries)
            .into_iter()
            .map(|id| self.row(Scope::Channel(&id), id.clone(), title(&id)))
            .collect();
        let p_values: Vec<f64> = (rows.iter().map(|unjudged| &unjudged.row))
            .filter_map(|row| {
                judgeable(
                    row.usual.as_ref(),
                    row.measures.inquiries,
                    limits.min_events,
                )
            })
            .collect();
        let limit = compare::limit(&p_values, limits);
        let previous =
            compare::together(rows.iter().filter_map(|row| row.previous.as_ref()), limits);
        let last_year =
            compare::together(rows.iter().filter_map(|row| row.last_year.as_ref()), limits);
        let mut settled: Vec<ChannelRow> = rows
            .into_iter()
            .map(|row| self.settle(row, limit, &previous, &last_year))
            .collect();
        settled.sort_by_key(|row| place_of(&row.channel, row.measures.sessions));
        settled
    }

    fn row(&self, scope: Scope<'_>, channel: ChannelId, title: String) -> Unjudged {
        let (timeline, plan) = (self.timeline, self.plan);
        let measures = *scope.measures(&timeline.now);
        let min_events = plan.thresholds.min_events;
        let sessions = measures.sessions.map(|sessions| sessions as f64);
        let expected = rate_to_expect(
            &scope.first_conversions(timeline.base()),
            &Scope::Total.first_conversions(timeline.base()),
            min_events,
        );
        let learnt =
            first_conversion(&measures)
                .zip(measures.sessions)
                .and_then(|(seen, sessions)| {
                    usual::expected(timeline, scope, timeline.past.len(), sessions)
                        .map(|prediction| usual(&prediction, seen, plan))
                });
        let against = |past, base| compare(scope, timeline, (past, base), self.outlook, plan);
        let row = ChannelRow {
            plan: self.targets(scope),
            channel,
            title,
            measures,
            conv1: Rate::new(measures.inquiries, sessions, min_events, expected),
            conv2: self.outlook.rate(scope, &measures, min_events),
            overall: Rate::new(
                measures.sales,
                sessions,
                min_events,
                self.usual_overall(scope, expected),
            ),
            costs: unit_costs(&measures, min_events),
            previous: None,
            last_year: None,
            usual: learnt,
            stages: Vec::new(),
            past: Vec::new(),
            verdict: RowVerdict::Unknown,
        };
        Unjudged {
            row,
            has_history: scope.known_periods(timeline.base()) >= MIN_PERIODS,
            previous: timeline
                .previous()
                .map(|past| against(past, ComparedWith::Previous)),
            last_year: timeline
                .last_year
                .as_ref()
                .map(|past| against(past, ComparedWith::LastYear)),
        }
    }

    fn usual_overall(&self, scope: Scope<'_>, conv1: Option<f64>) -> Option<f64> {
        Some(conv1? * self.outlook.usual(scope)?)
    }

    fn targets(&self, scope: Scope<'_>) -> BTreeMap<PlanMetric, f64> {
        let of_row = |of: &PlanScope| match (of, scope) {
            (PlanScope::Total, Scope::Total) => true,
            (PlanScope::Channel(channel), Scope::Channel(row)) => channel == row,
            _ => false,
        };
        let own = self.planned.iter().filter(|((of, _), _)| of_row(of));
        own.map(|((_, metric), value)| (*metric, *value)).collect()
    }

    fn settle(
        &self,
        unjudged: Unjudged,
        limit: f64,
        previous: &Limits,
        last_year: &Limits,
    ) -> ChannelRow {
        let Unjudged {
            row,
            has_history,
            previous: before,
            last_year: year_ago,
        } = unjudged;
        let min_events = self.plan.thresholds.min_events;
        ChannelRow {
            verdict: verdict(&row, has_history, limit, min_events),
            previous: before.map(|draft| draft.settle(previous)),
            last_year: year_ago.map(|draft| draft.settle(last_year)),
            ..row
        }
    }
}

/// Where a channel stands among others: most sessions first, then by id, `unattributed` last.
pub(super) fn place_of(
    channel: &ChannelId,
    sessions: Option<u64>,
) -> (bool, std::cmp::Reverse<Option<u64>>, ChannelId) {
    let is_last = channel.as_str() == ChannelId::UNATTRIBUTED;
    (is_last, std::cmp::Reverse(sessions), channel.clone())
}

/// Channels that did something in this period or the one before, or have a plan; `unattributed` always.
pub(super) fn ids(
    now: &PeriodCounts,
    previous: Option<&PeriodCounts>,
    planned: &Values,
    has_inquiries: bool,
) -> BTreeSet<ChannelId> {
    let planned = planned.keys().filter_map(|(scope, _)| match scope {
        PlanScope::Channel(channel) => Some(channel.clone()),
        PlanScope::Total | PlanScope::Manager(_) => None,
    });
    let before = previous.into_iter().flat_map(PeriodCounts::channels);
    (now.channels().chain(before).cloned())
        .chain(planned)
        .chain(has_inquiries.then(ChannelId::unattributed))
        .collect()
}

/// Spend, sales and revenue of the channels that money was spent on: what the others bring is no return on it.
pub(super) fn paid(now: &PeriodCounts) -> Measures {
    let channels = now.channels().map(|id| Scope::Channel(id).measures(now));
    let (mut sum, mut is_known) = (Measures::default(), true);
    for paid in channels.filter(|measures| measures.spend.is_some_and(|spend| spend.0 > 0)) {
        sum.spend = added(sum.spend, paid.spend);
        sum.revenue_closed = added(sum.revenue_closed, paid.revenue_closed);
        sum.given_back = Minor(sum.given_back.0.saturating_add(paid.given_back.0));
        sum.sales_closed = added(sum.sales_closed, paid.sales_closed);
        sum.gross_margin = added(sum.gross_margin, paid.gross_margin);
        is_known &= paid.gross_margin.is_some();
    }
    // A channel without a known margin would pass for one without any.
    sum.gross_margin = sum.gross_margin.filter(|_| is_known);
    sum
}

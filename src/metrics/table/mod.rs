//! The measures of many periods, without what a report says of each: no comparison, no expectation, no diagnosis.

mod managers;

use std::collections::BTreeMap;

use super::assemble::Parts;
use super::cohort::{is_mature, second_conversion};
use super::costs::unit_costs;
use super::counts::PeriodCounts;
use super::ledger::Ledger;
use super::plan::{Planner, Values};
use super::rows::{ids, paid, place_of};
use super::scorecard::{ChannelRow, CohortRate, RowVerdict};
use super::settings::MetricSettings;
use super::timeline::Scope;
use super::values::{Measures, Rate};
use crate::model::channel::ChannelId;
use crate::model::period::Period;
use crate::model::tabulated::{RowsOf, TableFacts, TabledPeriod};

pub use self::managers::{ManagerCounts, managers};

/// One row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRow {
    /// The campaign or page, where rows are such; of the total it is empty.
    pub name: String,
    /// Its measures with the channel that it is of, as a report of the period has them. Nothing is compared.
    pub row: ChannelRow,
    /// Sessions that were left at once; `None` where no analytics says.
    pub bounces: Option<u64>,
}

/// The rows of each period of a table, those with most sessions first and the total last.
pub fn table(facts: &TableFacts, plan: &MetricSettings) -> Vec<(Period, Vec<TableRow>)> {
    let mut ledger = Ledger::new(&facts.firm, plan);
    let mut tables = Vec::with_capacity(facts.periods.len());
    for period in &facts.periods {
        ledger.look_at(period, plan);
        let maker = Maker {
            facts,
            period,
            counts: PeriodCounts::reported(&period.now, &ledger),
            is_mature: is_mature(&ledger, &period.now.period, plan),
            min_events: plan.thresholds.min_events,
        };
        tables.push((period.now.period.clone(), maker.rows(&ledger, plan)));
    }
    tables
}

/// What the rows of one period are made from.
struct Maker<'a> {
    facts: &'a TableFacts,
    period: &'a TabledPeriod,
    counts: PeriodCounts,
    is_mature: bool,
    min_events: u32,
}

impl Maker<'_> {
    fn rows(&self, ledger: &Ledger<'_>, plan: &MetricSettings) -> Vec<TableRow> {
        let ids: Vec<ChannelId> = match self.facts.of {
            RowsOf::Channel => self.channels(ledger, plan),
            _ => self.counts.channels().cloned().collect(),
        };
        let mut rows: Vec<TableRow> = ids.iter().map(|id| self.row(id)).collect();
        rows.sort_by_cached_key(|of| {
            let place = place_of(&of.row.channel, of.row.measures.sessions);
            (place, of.name.clone())
        });
        rows.push(self.total());
        rows
    }

    /// The channels that a report of the period lists.
    fn channels(&self, ledger: &Ledger<'_>, plan: &MetricSettings) -> Vec<ChannelId> {
        let firm = &self.facts.firm;
        let parts = Parts {
            facts: firm,
            ledger,
            plan,
        };
        let period = &self.counts.period;
        let planned = match firm.targets.is_empty() {
            true => Values::new(),
            false => Planner::new(&parts, period).planned(period),
        };
        let before = self.period.before.as_ref();
        let before = before.map(|facts| PeriodCounts::past(facts, ledger, true));
        let has_inquiries = firm.inquiries.is_some();
        ids(&self.counts, before.as_ref(), &planned, has_inquiries)
            .into_iter()
            .collect()
    }

    fn row(&self, id: &ChannelId) -> TableRow {
        let mut measures = *Scope::Channel(id).measures(&self.counts);
        let place = self.facts.places.get(id);
        if place.is_some_and(|place| !self.facts.priced.contains(&place.channel)) {
            // Costs that no campaign is named in are none of this one's.
            (measures.spend, measures.impressions, measures.clicks) = (None, None, None);
        }
        let channel = place.map_or(id, |place| &place.channel);
        let bounces = self.period.bounces.as_ref();
        let bounces = bounces.map(|by| by.get(id).copied().unwrap_or(0));
        TableRow {
            name: place.map_or_else(String::new, |place| place.name.clone()),
            row: self.measured(channel.clone(), measures),
            bounces: bounces.filter(|_| measures.sessions.is_some()),
        }
    }

    fn total(&self) -> TableRow {
        let total = self.counts.total;
        let mut row = self.measured(ChannelId::new(ChannelId::TOTAL), total);
        // A return is that of the channels that money was spent on, which the other rows do not tell.
        let paid = match self.facts.of {
            RowsOf::Channel => paid(&self.counts),
            _ => Measures::default(),
        };
        let paid = unit_costs(&paid, self.min_events);
        (row.costs.romi, row.costs.romi_margin) = (paid.romi, paid.romi_margin);
        let bounces = self.period.bounces.as_ref();
        TableRow {
            name: String::new(),
            row,
            bounces: bounces.map(|by| by.values().sum()),
        }
    }

    fn measured(&self, channel: ChannelId, measures: Measures) -> ChannelRow {
        let sessions = measures.sessions.map(|sessions| sessions as f64);
        let of_sessions = |part| Rate::new(part, sessions, self.min_events, None);
        ChannelRow {
            channel,
            title: String::new(),
            conv1: of_sessions(measures.inquiries),
            conv2: CohortRate {
                rate: second_conversion(&measures, self.is_mature, self.min_events, None),
                maturity: None,
                expected_by_now: None,
                expected_final: None,
            },
            overall: of_sessions(measures.sales),
            costs: unit_costs(&measures, self.min_events),
            measures,
            previous: None,
            last_year: None,
            usual: None,
            plan: BTreeMap::new(),
            stages: Vec::new(),
            past: Vec::new(),
            verdict: RowVerdict::Unknown,
        }
    }
}

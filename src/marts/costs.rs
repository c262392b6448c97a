//! Advertising costs by period and channel.

pub(super) mod columns;
mod twice;

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

use self::columns::{AdOrigin, Columns, CostAd, Series};
use super::rows::Rows;
use super::spans::{Counting, Spans};
use crate::config::Plan;
use crate::config::channels::ChannelRules;
use crate::lake::Lake;
use crate::model::channel::ChannelId;
use crate::model::facts::{OtherCurrency, PaidDays, Spend};
use crate::model::period::Period;
use crate::model::restriction::Restriction;
use crate::model::tables::COSTS;

/// One row of costs with its channel.
struct Cost {
    from: NaiveDate,
    to: NaiveDate,
    channel: ChannelId,
    ad: CostAd,
    spend: Spend,
    /// Which of [`Costs::sources`] tells it.
    source: usize,
    /// Which of [`Costs::series`] it is of.
    series: usize,
}

/// One row of costs in another currency.
struct Foreign {
    from: NaiveDate,
    to: NaiveDate,
    export: String,
    currency: String,
    amount: i64,
}

/// All costs that the lake knows of.
#[derive(Default)]
pub struct Costs {
    rows: Vec<Cost>,
    /// Rows that cannot be added up, since their currency is not the pipeline's.
    foreign: Vec<Foreign>,
    /// The spans of what is told of more than once when its spans overlap, by series.
    series: Vec<Spans>,
    /// The exports that tell costs.
    sources: Vec<String>,
    /// The export that tells what a channel cost; of several the last.
    exports: BTreeMap<ChannelId, String>,
}

impl Costs {
    /// Reads costs and finds each row's channel: the export's own, else by the rules as an advertising origin.
    /// Rows in another currency than the pipeline's cannot be added up and are kept apart.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub fn load(
        lake: &Lake,
        plan: &Plan,
        rules: &ChannelRules,
        as_of: DateTime<Utc>,
    ) -> Result<Self> {
        let Some(rows) = Rows::all(lake, &COSTS, as_of)? else {
            return Ok(Self::default());
        };
        let columns = Columns::read(&rows)?;
        let mut fixed: HashMap<&str, &ChannelId> = HashMap::new();
        for export in &plan.exports {
            if let Some(channel) = &export.channel {
                fixed.insert(export.name.as_str(), channel);
            }
        }
        // Many rows are of one campaign: the rules are asked once for each origin.
        let mut by_rules: HashMap<AdOrigin<'_>, ChannelId> = HashMap::new();
        let mut costs = Self::default();
        let mut series = Series::of(&columns, &rows)?;
        for row in 0..rows.len() {
            let export = columns.exports[row].as_str();
            let currency = &columns.currencies[row];
            if !plan.is_own_currency(export, currency) {
                let stated = plan
                    .export(export)
                    .and_then(|export| export.currency.as_ref());
                costs.foreign.push(Foreign {
                    from: columns.from[row],
                    to: columns.to[row],
                    export: export.to_owned(),
                    currency: match stated {
                        Some(stated) if currency.is_empty() => stated.clone(),
                        _ => currency.clone(),
                    },
                    amount: columns.costs[row].unwrap_or(0),
                });
                continue;
            }
            let channel = match fixed.get(export) {
                Some(channel) => (*channel).clone(),
                None => {
                    let origin = columns.origin(row);
                    by_rules
                        .entry(origin)
                        .or_insert_with(|| rules.classify(&origin.as_origin()))
                        .clone()
                }
            };
            if costs
                .exports
                .get(&channel)
                .is_none_or(|known| known != export)
            {
                costs.exports.insert(channel.clone(), export.to_owned());
            }
            let (from, to) = (columns.from[row], columns.to[row]);
            let source = costs.source(export);
            let series = series.number(&columns, row);
            costs.add(Cost {
                from,
                to,
                channel,
                ad: columns.ad(row),
                spend: columns.spend(row),
                source,
                series,
            });
        }
        Ok(costs)
    }

    /// The costs that are seen: they are told apart by channel alone.
    pub(super) fn within(mut self, view: &Restriction) -> Self {
        if !view.is_none() {
            let is_seen = |cost: &Cost| view.is_of_channels() && view.sees_channel(&cost.channel);
            self.rows.retain(is_seen);
            self.foreign.clear();
        }
        self
    }

    /// Which of the exports one is.
    fn source(&mut self, export: &str) -> usize {
        let known = self.sources.iter().position(|source| source == export);
        known.unwrap_or_else(|| {
            self.sources.push(export.to_owned());
            self.sources.len() - 1
        })
    }

    fn add(&mut self, cost: Cost) {
        if self.series.len() <= cost.series {
            self.series.resize(cost.series + 1, Spans::default());
        }
        self.series[cost.series].add((cost.from, cost.to));
        self.rows.push(cost);
    }

    /// What an export has of the days of a period in other currencies than the pipeline's, by currency.
    pub fn other_currencies(&self, export: &str, period: &Period) -> Vec<OtherCurrency> {
        let mut sums: BTreeMap<&str, OtherCurrency> = BTreeMap::new();
        for row in self.foreign.iter().filter(|row| row.export == export) {
            if row.to < period.from || row.from > period.to {
                continue;
            }
            let sum = sums.entry(&row.currency).or_insert_with(|| OtherCurrency {
                currency: row.currency.clone(),
                rows: 0,
                amount: 0,
            });
            sum.rows += 1;
            sum.amount += row.amount;
        }
        sums.into_values().collect()
    }

    /// The export that tells what each channel cost; of several the last.
    pub(super) fn exports(&self) -> &BTreeMap<ChannelId, String> {
        &self.exports
    }

    /// Every channel that has costs.
    pub fn channels(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|cost| cost.channel.as_str())
    }

    /// What all rows are of, with their channels.
    pub fn ads(&self) -> impl Iterator<Item = (&ChannelId, &CostAd)> {
        self.rows.iter().map(|cost| (&cost.channel, &cost.ad))
    }

    /// The rows that [`Self::of`] adds up for a period, with what they are of.
    pub fn ads_of(&self, period: &Period) -> impl Iterator<Item = (&ChannelId, &CostAd, Spend)> {
        let inside = |spans: &Spans| spans.inside(period.from, period.to);
        let counting: Vec<Counting> = self.series.iter().map(inside).collect();
        let counts = move |cost: &&Cost| counting[cost.series].has((cost.from, cost.to));
        self.rows
            .iter()
            .filter(counts)
            .map(|cost| (&cost.channel, &cost.ad, cost.spend))
    }

    /// Costs by first day, last day and channel; of spans that overlap those that count.
    pub fn rows(&self) -> impl Iterator<Item = (NaiveDate, NaiveDate, &ChannelId, Spend)> {
        let counting: Vec<Counting> = self.series.iter().map(Spans::of_all_days).collect();
        let counts = move |cost: &&Cost| counting[cost.series].has((cost.from, cost.to));
        self.rows
            .iter()
            .filter(counts)
            .map(|cost| (cost.from, cost.to, &cost.channel, cost.spend))
    }

    /// The rows of an export, by their last day, with what they are of.
    pub(super) fn ads_of_export(
        &self,
        export: &str,
    ) -> impl Iterator<Item = (NaiveDate, &ChannelId, &CostAd, Spend)> {
        let source = self.sources.iter().position(|source| source == export);
        let rows = self.rows.iter();
        let own = rows.filter(move |cost| Some(cost.source) == source);
        own.map(|cost| (cost.to, &cost.channel, &cost.ad, cost.spend))
    }

    /// Whether ads go on in a period as in the days before it: half of their clicks at least.
    pub(super) fn go_on(&self, period: &Period, (from, to): (NaiveDate, NaiveDate)) -> bool {
        let clicks = |from: NaiveDate, to: NaiveDate| {
            let within = |cost: &&Cost| cost.from >= from && cost.to <= to;
            let rows = self.rows.iter().filter(within);
            let clicks: u64 = rows.map(|cost| cost.spend.clicks).sum();
            clicks as f64 / ((to - from).num_days() + 1) as f64
        };
        let usual = clicks(from, to);
        usual > 0.0 && 2.0 * clicks(period.from, period.to) >= usual
    }

    /// Costs by the days that they cover, up to a day; `None` where no costs have arrived.
    pub(super) fn paid(&self, last: NaiveDate) -> Option<Vec<PaidDays>> {
        let known = self.rows().filter(|(_, to, _, _)| *to <= last);
        let paid =
            |(from, to, channel, spend): (NaiveDate, NaiveDate, &ChannelId, Spend)| PaidDays {
                from,
                to,
                channel: channel.clone(),
                cost: spend.cost,
            };
        (!self.rows.is_empty()).then(|| known.map(paid).collect())
    }

    /// Costs of the rows that lie wholly inside a period, of which no two tell the same; `None` when there are none, which may mean "not arrived".
    pub fn of(&self, period: &Period) -> Option<BTreeMap<ChannelId, Spend>> {
        let mut sums: BTreeMap<ChannelId, Spend> = BTreeMap::new();
        for (channel, _, spend) in self.ads_of(period) {
            let sum = sums.entry(channel.clone()).or_default();
            sum.impressions += spend.impressions;
            sum.clicks += spend.clicks;
            sum.cost += spend.cost;
        }
        (!sums.is_empty()).then_some(sums)
    }
}

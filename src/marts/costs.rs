//! Advertising costs by period and channel.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

use super::rows::Rows;
use super::spans::{Counting, Spans};
use crate::config::Plan;
use crate::config::channels::ChannelRules;
use crate::lake::Lake;
use crate::model::channel::ChannelId;
use crate::model::facts::{OtherCurrency, PaidDays, Spend};
use crate::model::money::Minor;
use crate::model::origin::Origin;
use crate::model::period::Period;
use crate::model::tables::COSTS;

/// One row of costs with its channel.
struct Cost {
    from: NaiveDate,
    to: NaiveDate,
    channel: ChannelId,
    spend: Spend,
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
            let (from, to) = (columns.from[row], columns.to[row]);
            let series = series.number(&columns, row);
            costs.add(Cost {
                from,
                to,
                channel,
                spend: columns.spend(row),
                series,
            });
        }
        Ok(costs)
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

    /// Every channel that has costs.
    pub fn channels(&self) -> impl Iterator<Item = &str> {
        self.rows.iter().map(|cost| cost.channel.as_str())
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
        let inside = |spans: &Spans| spans.inside(period.from, period.to);
        let counting: Vec<Counting> = self.series.iter().map(inside).collect();
        for cost in &self.rows {
            if !counting[cost.series].has((cost.from, cost.to)) {
                continue;
            }
            let sum = sums.entry(cost.channel.clone()).or_default();
            sum.impressions += cost.spend.impressions;
            sum.clicks += cost.spend.clicks;
            sum.cost += cost.spend.cost;
        }
        (!sums.is_empty()).then_some(sums)
    }
}

/// Rows whose spans must not overlap when they are added up, numbered.
///
/// Usually these are the rows of one campaign: another may be told of by the month, beside it. Where an advertising system
/// is told of by several breakdowns, a campaign of one is a part of the rows of another, and all of them are one series.
struct Series<'a> {
    /// Advertising systems of exports that are told of by several breakdowns.
    mixed: BTreeSet<(&'a str, &'a str)>,
    campaign_ids: Vec<String>,
    placements: Vec<String>,
    numbers: HashMap<Vec<String>, usize>,
}

impl<'a> Series<'a> {
    fn of(columns: &'a Columns, rows: &Rows) -> Result<Self> {
        let breakdowns = rows.texts("breakdown")?;
        let mut of_systems: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
        for (row, breakdown) in breakdowns.iter().enumerate() {
            let known = of_systems.entry(columns.system(row)).or_default();
            // Rows from before breakdowns were kept may be of any.
            if !breakdown.is_empty() {
                known.insert(breakdown);
            }
        }
        of_systems.retain(|_, breakdowns| breakdowns.len() > 1);
        Ok(Self {
            mixed: of_systems.into_keys().collect(),
            campaign_ids: rows.texts("campaign_id")?,
            placements: rows.texts("placement")?,
            numbers: HashMap::new(),
        })
    }

    fn number(&mut self, columns: &Columns, row: usize) -> usize {
        let (export, engine) = columns.system(row);
        let mut name = vec![export.to_owned(), engine.to_owned()];
        if !self.mixed.contains(&(export, engine)) {
            // A campaign keeps its number when it gets another name.
            let campaign = match self.campaign_ids[row].as_str() {
                "" => format!("name {}", columns.campaigns[row]),
                id => format!("id {id}"),
            };
            let placement = self.placements[row].clone();
            let (source, medium) = (columns.sources[row].clone(), columns.media[row].clone());
            name.extend([campaign, placement, source, medium]);
        }
        let next = self.numbers.len();
        *self.numbers.entry(name).or_insert(next)
    }
}

/// The table of costs, column by column.
struct Columns {
    from: Vec<NaiveDate>,
    to: Vec<NaiveDate>,
    exports: Vec<String>,
    engines: Vec<String>,
    campaigns: Vec<String>,
    sources: Vec<String>,
    media: Vec<String>,
    currencies: Vec<String>,
    impressions: Vec<Option<u32>>,
    clicks: Vec<Option<u32>>,
    costs: Vec<Option<i64>>,
}

impl Columns {
    fn read(rows: &Rows) -> Result<Self> {
        Ok(Self {
            from: rows.days("from_day")?,
            to: rows.days("day")?,
            exports: rows.texts("export")?,
            engines: rows.texts("engine")?,
            campaigns: rows.texts("campaign")?,
            sources: rows.texts("utm_source")?,
            media: rows.texts("utm_medium")?,
            currencies: rows.texts("currency")?,
            impressions: rows.counts("impressions")?,
            clicks: rows.counts("clicks")?,
            costs: rows.longs("cost")?,
        })
    }

    /// The export of a row and its advertising system.
    fn system(&self, row: usize) -> (&str, &str) {
        (&self.exports[row], &self.engines[row])
    }

    fn origin(&self, row: usize) -> AdOrigin<'_> {
        AdOrigin {
            engine: &self.engines[row],
            campaign: &self.campaigns[row],
            source: &self.sources[row],
            medium: &self.media[row],
        }
    }

    fn spend(&self, row: usize) -> Spend {
        Spend {
            impressions: u64::from(self.impressions[row].unwrap_or(0)),
            clicks: u64::from(self.clicks[row].unwrap_or(0)),
            cost: Minor(self.costs[row].unwrap_or(0)),
        }
    }
}

/// What a row of costs says about where its clicks came from; empty is not known.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct AdOrigin<'a> {
    engine: &'a str,
    campaign: &'a str,
    source: &'a str,
    medium: &'a str,
}

impl AdOrigin<'_> {
    /// As the channel rules take it: the traffic that money was paid for is advertising.
    fn as_origin(self) -> Origin {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Origin {
            traffic_type: Some("ad".to_owned()),
            engine: some(self.engine),
            campaign: some(self.campaign),
            source: some(self.source),
            medium: some(self.medium),
            ..Origin::default()
        }
    }
}

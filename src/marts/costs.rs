//! Advertising costs and plan values by period and channel.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

use super::rows::Rows;
use crate::config::Plan;
use crate::config::channels::ChannelRules;
use crate::lake::Lake;
use crate::model::channel::ChannelId;
use crate::model::facts::Spend;
use crate::model::money::Minor;
use crate::model::origin::Origin;
use crate::model::period::Period;
use crate::model::tables::{COSTS, TARGETS};

/// One row of costs with its channel.
struct Cost {
    from: NaiveDate,
    to: NaiveDate,
    channel: ChannelId,
    spend: Spend,
}

/// All costs that the lake knows of.
#[derive(Default)]
pub struct Costs(Vec<Cost>);

impl Costs {
    /// Reads costs and finds each row's channel: the export's own, else by the rules as an advertising origin.
    /// Rows in another currency than the pipeline's are left out: they cannot be added up.
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
        let (from, to, exports) = (
            rows.days("from_day")?,
            rows.days("day")?,
            rows.texts("export")?,
        );
        let names = ["engine", "campaign", "utm_source", "utm_medium", "currency"];
        let texts: Vec<Vec<String>> = names
            .iter()
            .map(|name| rows.texts(name))
            .collect::<Result<_>>()?;
        let (shown, clicks, costs) = (
            rows.counts("impressions")?,
            rows.counts("clicks")?,
            rows.longs("cost")?,
        );
        let fixed: HashMap<&str, &ChannelId> = plan
            .exports
            .iter()
            .filter_map(|export| Some((export.name.as_str(), export.channel.as_ref()?)))
            .collect();
        let mut known: HashMap<[&str; 4], ChannelId> = HashMap::new();
        let mut list = Vec::new();
        for row in 0..rows.len() {
            if !plan.is_own_currency(&exports[row], &texts[4][row]) {
                continue;
            }
            let parts = [0, 1, 2, 3].map(|at: usize| texts[at][row].as_str());
            let by_rules = || {
                known
                    .entry(parts)
                    .or_insert_with(|| rules.classify(&advertising(parts)))
                    .clone()
            };
            list.push(Cost {
                from: from[row],
                to: to[row],
                channel: fixed
                    .get(exports[row].as_str())
                    .map_or_else(by_rules, |channel| (*channel).clone()),
                spend: Spend {
                    impressions: u64::from(shown[row].unwrap_or(0)),
                    clicks: u64::from(clicks[row].unwrap_or(0)),
                    cost: Minor(costs[row].unwrap_or(0)),
                },
            });
        }
        Ok(Self(list))
    }

    /// Every channel that has costs.
    pub fn channels(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|cost| cost.channel.as_str())
    }

    /// Costs by first day, last day and channel.
    pub fn rows(&self) -> impl Iterator<Item = (NaiveDate, NaiveDate, &ChannelId, Spend)> {
        self.0
            .iter()
            .map(|cost| (cost.from, cost.to, &cost.channel, cost.spend))
    }

    /// Costs of the rows that lie wholly inside a period; `None` when there are none, which may mean "not arrived".
    pub fn of(&self, period: &Period) -> Option<BTreeMap<ChannelId, Spend>> {
        let mut sums: BTreeMap<ChannelId, Spend> = BTreeMap::new();
        for cost in self
            .0
            .iter()
            .filter(|cost| cost.from >= period.from && cost.to <= period.to)
        {
            let sum = sums.entry(cost.channel.clone()).or_default();
            sum.impressions += cost.spend.impressions;
            sum.clicks += cost.spend.clicks;
            sum.cost += cost.spend.cost;
        }
        (!sums.is_empty()).then_some(sums)
    }
}

fn advertising([engine, campaign, source, medium]: [&str; 4]) -> Origin {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Origin {
        traffic_type: Some("ad".to_owned()),
        engine: some(engine),
        campaign: some(campaign),
        source: some(source),
        medium: some(medium),
        ..Origin::default()
    }
}

/// Plan values by (metric, channel), prorated by days to the period. A day that several targets of one metric and
/// channel cover takes the shortest: a week's plan says more about its days than the month's.
///
/// # Errors
/// When the lake cannot be read.
pub fn targets(
    lake: &Lake,
    as_of: DateTime<Utc>,
    period: &Period,
) -> Result<BTreeMap<(String, String), f64>> {
    let Some(rows) = Rows::all(lake, &TARGETS, as_of)? else {
        return Ok(BTreeMap::new());
    };
    let (from, to) = (rows.days("from_day")?, rows.days("day")?);
    let (channels, metrics, values) = (
        rows.texts("channel")?,
        rows.texts("metric")?,
        rows.longs("value")?,
    );
    let mut per_day: BTreeMap<(String, String), BTreeMap<NaiveDate, (i64, f64)>> = BTreeMap::new();
    for row in 0..rows.len() {
        let length = (to[row] - from[row]).num_days() + 1;
        let Some(value) = values[row].filter(|_| length > 0) else {
            continue;
        };
        let daily = value as f64 / 1000.0 / length as f64;
        let days = per_day
            .entry((metrics[row].clone(), channels[row].clone()))
            .or_default();
        for day in from[row]
            .max(period.from)
            .iter_days()
            .take_while(|day| *day <= to[row].min(period.to))
        {
            let known = days.entry(day).or_insert((length, daily));
            if length < known.0 {
                *known = (length, daily);
            }
        }
    }
    per_day.retain(|_, days| days.len() as u64 == period.days());
    Ok(per_day
        .into_iter()
        .map(|(key, days)| (key, days.values().map(|(_, daily)| daily).sum()))
        .collect())
}

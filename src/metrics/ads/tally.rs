//! Counts of advertising by row and period.

use std::collections::{BTreeMap, BTreeSet};

use super::types::{AdKey, AdLevel};
use crate::model::ads::{AdFacts, AdInquiry, AdPlace};
use crate::model::channel::ChannelId;
use crate::model::facts::Spend;
use crate::model::observations::OTHER;
use crate::model::period::place_of;

/// Rows of one channel on one level; those of less traffic and money are one, [`OTHER`].
const ROWS_A_CHANNEL: usize = 60;

/// What one row did in one period.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Tally {
    pub(super) sessions: u64,
    /// Sessions that reached each of the pipeline's stages.
    pub(super) reached: Vec<u64>,
    pub(super) inquiries: f64,
    /// Inquiries, each counting as much as the share of its sales that is due by now.
    pub(super) due: f64,
    pub(super) sold: f64,
    pub(super) revenue: f64,
    /// What the goods of the sales cost, as far as they say, and the amount of those that do not.
    pub(super) cost: f64,
    pub(super) uncosted: f64,
    pub(super) spend: Spend,
}

impl Tally {
    pub(super) fn add(&mut self, other: &Self) {
        self.sessions += other.sessions;
        if self.reached.len() < other.reached.len() {
            self.reached.resize(other.reached.len(), 0);
        }
        for (sum, more) in self.reached.iter_mut().zip(&other.reached) {
            *sum += more;
        }
        self.inquiries += other.inquiries;
        self.due += other.due;
        self.sold += other.sold;
        self.revenue += other.revenue;
        self.cost += other.cost;
        self.uncosted += other.uncosted;
        self.spend.cost += other.spend.cost;
        self.spend.clicks += other.spend.clicks;
        self.spend.impressions += other.spend.impressions;
    }
}

/// One row's counts, a period each.
pub(super) type Series = Vec<Tally>;

/// The counts of every row, and which levels of which channels know their costs.
#[derive(Debug, Default)]
pub(super) struct Tallies {
    pub(super) rows: BTreeMap<AdKey, Series>,
    /// Levels of channels on which some cost has a name.
    priced: BTreeSet<(AdLevel, ChannelId)>,
}

impl Tallies {
    /// Whether the costs of a row are told as finely as the row is.
    pub(super) fn is_priced(&self, key: &AdKey) -> bool {
        self.priced.contains(&(key.level, key.channel.clone()))
    }
}

/// Adds everything up; `due` says which share of the sales of an inquiry is due by now.
pub(super) fn tallies(facts: &AdFacts, due: impl Fn(&AdInquiry) -> f64) -> Tallies {
    let mut by_place: BTreeMap<usize, Series> = BTreeMap::new();
    let count = facts.periods.len();
    let mut at = |place: usize, period: usize, add: Tally| {
        let series = by_place
            .entry(place)
            .or_insert_with(|| vec![Tally::default(); count]);
        series[period].add(&add);
    };
    for row in facts.visits.iter().flatten() {
        let sessions = row.sessions;
        at(
            row.place,
            row.period,
            Tally {
                sessions,
                reached: row.reached.clone(),
                ..Tally::default()
            },
        );
    }
    for row in facts.spend.iter().flatten() {
        let spend = row.spend;
        at(
            row.place,
            row.period,
            Tally {
                spend,
                ..Tally::default()
            },
        );
    }
    for row in facts.inquiries.iter().flatten() {
        let Some(period) = place_of(&facts.periods, row.day) else {
            continue;
        };
        let sold = if row.sold_after.is_some() {
            row.share
        } else {
            0.0
        };
        let add = Tally {
            inquiries: row.share,
            due: row.share * due(row),
            sold,
            revenue: row.share * row.revenue.0 as f64,
            cost: row.share * row.cost.0 as f64,
            uncosted: row.share * row.uncosted.0 as f64,
            ..Tally::default()
        };
        at(row.place, period, add);
    }
    by_level(facts, &by_place)
}

fn by_level(facts: &AdFacts, by_place: &BTreeMap<usize, Series>) -> Tallies {
    let mut tallies = Tallies::default();
    for level in AdLevel::ALL {
        let told = told(facts, level);
        let mut rows: BTreeMap<AdKey, Series> = BTreeMap::new();
        for (at, series) in by_place {
            let place = &facts.places[*at];
            if !told.named.contains(&place.channel) {
                continue;
            }
            let sums = rows
                .entry(key(level, place))
                .or_insert_with(|| vec![Tally::default(); series.len()]);
            add(sums, series);
        }
        tallies.rows.extend(largest(rows));
        let priced = told.priced.into_iter().map(|channel| (level, channel));
        tallies.priced.extend(priced);
    }
    tallies
}

fn add(sums: &mut Series, more: &Series) {
    for (sum, more) in sums.iter_mut().zip(more) {
        sum.add(more);
    }
}

/// Channels in which anything has a name on a level, and those in which a cost has.
struct NamedChannels {
    named: BTreeSet<ChannelId>,
    priced: BTreeSet<ChannelId>,
}

fn told(facts: &AdFacts, level: AdLevel) -> NamedChannels {
    let is_named = |place: &&AdPlace| !name(level, place).is_empty();
    let channels = |places: &mut dyn Iterator<Item = &AdPlace>| -> BTreeSet<ChannelId> {
        places.map(|place| place.channel.clone()).collect()
    };
    let costs = facts.spend.iter().flatten();
    let costs = costs.map(|row| &facts.places[row.place]);
    NamedChannels {
        named: channels(&mut facts.places.iter().filter(is_named)),
        priced: channels(&mut costs.filter(is_named)),
    }
}

/// What tells the rows of a level apart inside a campaign, or inside a channel.
fn name(level: AdLevel, place: &AdPlace) -> &str {
    match level {
        AdLevel::Campaign => &place.campaign,
        AdLevel::Group => &place.group,
        AdLevel::Phrase => &place.phrase,
        AdLevel::Ad => &place.ad,
        AdLevel::Page => &place.page,
    }
}

fn key(level: AdLevel, place: &AdPlace) -> AdKey {
    let is_of_campaign = level != AdLevel::Page;
    let is_inside = level != AdLevel::Campaign;
    AdKey {
        level,
        channel: place.channel.clone(),
        campaign: is_of_campaign.then(|| place.campaign.clone()),
        name: is_inside.then(|| name(level, place).to_owned()),
    }
}

/// The largest rows of each channel by money, then by traffic; the rest is one row, so that they still add up.
fn largest(rows: BTreeMap<AdKey, Series>) -> BTreeMap<AdKey, Series> {
    let mut by_channel: BTreeMap<ChannelId, Vec<(AdKey, Series)>> = BTreeMap::new();
    for (key, series) in rows {
        by_channel
            .entry(key.channel.clone())
            .or_default()
            .push((key, series));
    }
    let mut kept: BTreeMap<AdKey, Series> = BTreeMap::new();
    for mut of_channel in by_channel.into_values() {
        of_channel.sort_by_key(|(_, series)| std::cmp::Reverse(size(series)));
        for (at, (key, series)) in of_channel.into_iter().enumerate() {
            let key = if at < ROWS_A_CHANNEL {
                key
            } else {
                rest_of(&key)
            };
            match kept.get_mut(&key) {
                Some(sums) => add(sums, &series),
                None => {
                    kept.insert(key, series);
                }
            }
        }
    }
    kept
}

fn rest_of(key: &AdKey) -> AdKey {
    let other = || OTHER.to_owned();
    AdKey {
        campaign: key.campaign.as_ref().map(|_| other()),
        name: key.name.as_ref().map(|_| other()),
        ..key.clone()
    }
}

fn size(series: &Series) -> (i64, u64) {
    let money = series.iter().map(|tally| tally.spend.cost.0).sum();
    let sessions = series.iter().map(|tally| tally.sessions).sum();
    (money, sessions)
}

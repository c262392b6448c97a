//! Paid clicks against visits of their channel; and visits that are those of an earlier period.

use super::{FaultOfExport, is_sound, traffic_export};
use crate::metrics::predictive::MIN_PERIODS;
use crate::metrics::ranks::median;
use crate::model::channel::ChannelId;
use crate::model::data_fault::DataFault;
use crate::model::facts::{Facts, PeriodFacts};

/// Periods before the reported one that say what is usual.
pub(super) const BASE_PERIODS: usize = 8;
/// A channel is judged from so many clicks, and so many visits that they should bring.
const LEAST_CLICKS: u64 = 50;
const LEAST_VISITS: f64 = 30.0;
/// Visits for a click differ from week to week by a tenth at least, however even the base was.
const LEAST_SPREAD: f64 = 0.1;
/// Stands in for no visit at all, whose logarithm would be none.
pub(super) const HALF_VISIT: f64 = 0.5;
/// The standard deviation of a normal distribution is so many median deviations.
const SIGMA: f64 = 1.4826;
/// Deviations beyond which visits for a click are unusual, …
const FAR_DEVIATIONS: f64 = 4.0;
/// … and what is left of the usual number at most, or reached at least.
const MOST_LEFT: f64 = 0.55;
const LEAST_REACHED: f64 = 1.7;
/// So many channels at least must all have more visits for a click, for the visits to be told twice.
const CHANNELS_OF_A_DOUBLING: usize = 2;
/// Visits within these times the usual ones are as many as ever: then the clicks are at fault, …
const AS_EVER: std::ops::RangeInclusive<f64> = 0.7..=1.4;
/// … where they are so many times the usual ones at most, or at least.
const FEWER_CLICKS: f64 = 0.75;
const MORE_CLICKS: f64 = 1.5;
/// Numbers of so many channels, with so many visits together, are not equal by chance.
const EQUAL_CHANNELS: usize = 4;
const EQUAL_VISITS: u64 = 100;
/// So many equal periods at least make a firm one whose numbers never change.
const EVEN_PERIODS: usize = 2;

/// Visits of a channel against those that its clicks usually bring.
struct Pair {
    channel: ChannelId,
    clicks: u64,
    sessions: u64,
    expected: f64,
    /// Deviations from the usual, on a log scale.
    deviation: f64,
    /// What a usual period has.
    usual: Usual,
}

/// The middle numbers of a channel's periods before.
struct Usual {
    clicks: f64,
    sessions: f64,
}

impl Pair {
    fn ratio(&self) -> f64 {
        self.sessions as f64 / self.expected
    }

    fn has_fewer(&self) -> bool {
        self.ratio() <= MOST_LEFT && self.deviation <= -FAR_DEVIATIONS
    }

    fn has_more(&self) -> bool {
        self.ratio() >= LEAST_REACHED && self.deviation >= FAR_DEVIATIONS
    }

    /// Whether visits are as many as ever, and it is the clicks that are not.
    fn is_of_costs(&self) -> bool {
        let clicks = self.clicks as f64 / self.usual.clicks;
        let are_others = match self.has_more() {
            true => clicks <= FEWER_CLICKS,
            false => clicks >= MORE_CLICKS,
        };
        are_others && AS_EVER.contains(&(self.sessions as f64 / self.usual.sessions))
    }
}

/// Paid channels whose clicks bring far fewer or more visits than usual. Where visits are as many as ever the export of costs has
/// the fault; else that of visits, and where clicks bring more in all channels, visits are told twice.
pub(super) fn unpaired(facts: &Facts) -> Vec<FaultOfExport> {
    let Some(visits) = traffic_export(facts).filter(|visits| is_sound(facts, visits)) else {
        return Vec::new();
    };
    let pairs: Vec<Pair> = pairs(facts);
    let (of_costs, pairs): (Vec<Pair>, Vec<Pair>) = pairs
        .into_iter()
        .partition(|pair| is_far(&pair) && pair.is_of_costs());
    let spoils = pairs.len() >= CHANNELS_OF_A_DOUBLING && pairs.iter().all(Pair::has_more);
    let told = |pair: &Pair, spoils: bool| DataFault::Clicks {
        channel: pair.channel.clone(),
        clicks: pair.clicks,
        sessions: pair.sessions,
        expected: pair.expected.round() as u64,
        spoils,
    };
    let of_visits = pairs.iter().filter(is_far);
    let of_visits = of_visits.map(|pair| (visits.to_owned(), told(pair, spoils)));
    let of_costs = of_costs.iter().filter_map(|pair| {
        let costs = facts.costs_of.get(&pair.channel)?;
        Some((costs.clone(), told(pair, false)))
    });
    of_costs.chain(of_visits).collect()
}

fn is_far(pair: &&Pair) -> bool {
    pair.has_fewer() || pair.has_more()
}

fn pairs(facts: &Facts) -> Vec<Pair> {
    let Some((now, before)) = facts.periods.split_last() else {
        return Vec::new();
    };
    let before = &before[before.len().saturating_sub(BASE_PERIODS)..];
    let channels = now.spend.iter().flatten().map(|(channel, _)| channel);
    let is_sound = |channel: &&ChannelId| {
        let costs = facts.costs_of.get(*channel);
        costs.is_none_or(|costs| is_sound(facts, costs))
    };
    let judged = channels.filter(is_sound);
    judged
        .filter_map(|channel| pair(channel, now, before))
        .collect()
}

fn pair(channel: &ChannelId, now: &PeriodFacts, before: &[PeriodFacts]) -> Option<Pair> {
    let (clicks, sessions) = counts(channel, now)?;
    let before: Vec<(u64, u64)> = before
        .iter()
        .filter_map(|known| counts(channel, known))
        .collect();
    let usual: Vec<f64> = before.iter().copied().filter_map(per_click).collect();
    let is_enough = usual.len() >= MIN_PERIODS && clicks >= LEAST_CLICKS;
    let middle = median(usual.iter().map(|ratio| ratio.ln()).collect()).filter(|_| is_enough)?;
    let deviations = usual.iter().map(|ratio| (ratio.ln() - middle).abs());
    let spread = (SIGMA * median(deviations.collect())?).max(LEAST_SPREAD);
    let expected = middle.exp() * clicks as f64;
    let of_chance = (1.0 / expected + 1.0 / (sessions as f64).max(1.0)).sqrt();
    let off = ((sessions as f64).max(HALF_VISIT) / expected).ln();
    (expected >= LEAST_VISITS).then(|| Pair {
        channel: channel.clone(),
        clicks,
        sessions,
        expected,
        deviation: off / spread.hypot(of_chance),
        usual: Usual {
            clicks: middle_of(&before, |counts| counts.0),
            sessions: middle_of(&before, |counts| counts.1),
        },
    })
}

/// The middle one of the clicks or of the sessions of some periods.
fn middle_of(periods: &[(u64, u64)], count: fn(&(u64, u64)) -> u64) -> f64 {
    let counts = periods.iter().map(|counts| count(counts) as f64);
    median(counts.collect()).unwrap_or(0.0)
}

/// Clicks and visits of a channel; `None` where either is not known.
fn counts(channel: &ChannelId, known: &PeriodFacts) -> Option<(u64, u64)> {
    let clicks = known.spend.as_ref()?.get(channel)?.clicks;
    let visits = known.traffic.as_ref()?.get(channel);
    Some((clicks, visits.map_or(0, |traffic| traffic.sessions)))
}

/// Visits for a click of a period with enough of both to tell.
fn per_click((clicks, sessions): (u64, u64)) -> Option<f64> {
    let is_enough = clicks >= LEAST_CLICKS / 2 && sessions > 0;
    is_enough.then(|| sessions as f64 / clicks as f64)
}

/// Visits that are, channel by channel, those of an earlier period: an old export under a new name.
pub(super) fn retold(facts: &Facts) -> Vec<FaultOfExport> {
    let Some((now, before)) = facts.periods.split_last() else {
        return Vec::new();
    };
    let visits = traffic_export(facts).filter(|visits| is_sound(facts, visits));
    let (Some(visits), Some(traffic)) = (visits, &now.traffic) else {
        return Vec::new();
    };
    let all: u64 = traffic.values().map(|traffic| traffic.sessions).sum();
    if traffic.len() < EQUAL_CHANNELS || all < EQUAL_VISITS {
        return Vec::new();
    }
    let before = before.iter().rev().take(BASE_PERIODS);
    let of = before.len();
    let is_equal = |(known, _): &(&PeriodFacts, u32)| known.traffic.as_ref() == Some(traffic);
    let equal: Vec<u32> = before
        .zip(1..)
        .filter(is_equal)
        .map(|(_, back)| back)
        .collect();
    // Where most periods have the same numbers, that one more has them is no news.
    let is_even = equal.len() >= EVEN_PERIODS && 2 * equal.len() > of;
    let newest = equal.first().filter(|_| !is_even);
    let told = newest.map(|back| (visits.to_owned(), DataFault::Retold { back: *back }));
    told.into_iter().collect()
}

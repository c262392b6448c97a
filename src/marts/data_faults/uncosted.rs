//! Campaigns that are not in the costs any more, and whose visits go on.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::{Days, NaiveDate};
use polars::prelude::*;

use super::USUAL_WEEKS;
use crate::marts::ads::CampaignNames;
use crate::marts::stored::Stored;
use crate::marts::view;
use crate::model::channel::ChannelId;
use crate::model::data_fault::DataFault;
use crate::model::money::Minor;
use crate::model::period::Period;

/// Weeks before the period that a campaign must have had clicks in.
const LEAST_WEEKS: usize = 6;
/// Clicks and visits that were to come.
const LEAST_CLICKS: f64 = 15.0;
const LEAST_VISITS: f64 = 15.0;
/// Visits go on where this share of the usual ones is left: for some weeks after a campaign ends, who came by it comes back.
const GO_ON: f64 = 0.6;
/// A new campaign of the channel with this share of the clicks is the same under another name.
const RENAMED: f64 = 0.5;
const DAYS_A_WEEK: i64 = 7;

/// A channel and a campaign of it.
type Campaign = (ChannelId, String);

/// What a campaign had in each of the weeks before, and in the period.
#[derive(Default)]
struct Counted {
    weeks: BTreeMap<i64, u64>,
    clicks: u64,
    cost: i64,
    now: u64,
}

/// Campaigns of an export of costs that cost nothing in a period, against the weeks before it. A channel of which nothing is left
/// is told as a whole elsewhere.
///
/// # Errors
/// When the lake cannot be read.
pub(in crate::marts) fn uncosted(
    stored: &Stored<'_>,
    export: &str,
    period: &Period,
) -> Result<Vec<DataFault>> {
    let days = (period.to - period.from).num_days() + 1;
    let periods = days as f64 / (DAYS_A_WEEK as u64 * USUAL_WEEKS) as f64;
    let campaigns = campaigns(stored, export, period);
    let lost = lost(&campaigns, periods);
    if lost.is_empty() {
        return Ok(Vec::new());
    }
    let names = CampaignNames::of(&stored.costs);
    let before = period.from - Days::new(DAYS_A_WEEK as u64 * USUAL_WEEKS);
    let now = visits(stored, &names, (period.from, period.to))?;
    let usual = visits(stored, &names, (before, period.from - Days::new(1)))?;
    let of =
        |counts: &BTreeMap<Campaign, u64>, campaign| counts.get(campaign).copied().unwrap_or(0);
    let told = lost.into_iter().filter_map(|campaign| {
        let (sessions, due) = (of(&now, campaign), of(&usual, campaign) as f64 * periods);
        let go_on = due >= LEAST_VISITS && sessions as f64 >= GO_ON * due;
        go_on.then(|| DataFault::Uncosted {
            channel: campaign.0.clone(),
            campaign: campaign.1.clone(),
            sessions,
            usual: Minor((campaigns[campaign].cost as f64 * periods).round() as i64),
        })
    });
    Ok(told.collect())
}

/// The campaigns of an export, with their clicks by week.
fn campaigns(stored: &Stored<'_>, export: &str, period: &Period) -> BTreeMap<Campaign, Counted> {
    let mut campaigns: BTreeMap<Campaign, Counted> = BTreeMap::new();
    for (day, channel, ad, spend) in stored.costs.ads_of_export(export) {
        let back = (period.from - day).num_days();
        let week = (back - 1).div_euclid(DAYS_A_WEEK);
        let is_before = back > 0 && week < USUAL_WEEKS.cast_signed();
        let is_now = (period.from..=period.to).contains(&day);
        if ad.campaign.is_empty() || !(is_before || is_now) {
            continue;
        }
        let key = (channel.clone(), ad.campaign.clone());
        let counted = campaigns.entry(key).or_default();
        if is_now {
            counted.now += spend.clicks.max(1);
        } else {
            *counted.weeks.entry(week).or_default() += spend.clicks;
            counted.clicks += spend.clicks;
            counted.cost += spend.cost.0;
        }
    }
    campaigns
}

/// Campaigns with clicks in nearly each week before and no row now, of channels that have others.
fn lost(campaigns: &BTreeMap<Campaign, Counted>, periods: f64) -> Vec<&Campaign> {
    let there: BTreeSet<&ChannelId> = campaigns
        .iter()
        .filter(|(_, counted)| counted.now > 0)
        .map(|((channel, _), _)| channel)
        .collect();
    let is_renamed = |channel: &ChannelId, due: f64| {
        let mut others = campaigns.iter().filter(|((other, _), _)| other == channel);
        others.any(|(_, counted)| counted.clicks == 0 && counted.now as f64 >= RENAMED * due)
    };
    let is_lost = |((channel, _), counted): &(&Campaign, &Counted)| {
        let weeks = counted.weeks.values().filter(|clicks| **clicks > 0).count();
        let due = counted.clicks as f64 * periods;
        let was_there = weeks >= LEAST_WEEKS && due >= LEAST_CLICKS;
        was_there && counted.now == 0 && there.contains(channel) && !is_renamed(channel, due)
    };
    let lost = campaigns.iter().filter(is_lost);
    lost.map(|(campaign, _)| campaign).collect()
}

/// Visits of some days by the campaign that they are tagged with.
fn visits(
    stored: &Stored<'_>,
    names: &CampaignNames,
    days: (NaiveDate, NaiveDate),
) -> Result<BTreeMap<Campaign, u64>> {
    let mut visits = BTreeMap::new();
    let select = |scan: LazyFrame| scan.group_by([col("origin")]).agg([len().alias("rows")]);
    let frame = view::sessions(stored.lake, stored.as_of, days, &stored.origins, select)?;
    let Some(frame) = frame else {
        return Ok(visits);
    };
    let origins = frame.column("origin")?.cast(&DataType::UInt32)?;
    let rows = frame.column("rows")?.cast(&DataType::UInt64)?;
    for (origin, rows) in origins.u32()?.iter().zip(rows.u64()?.iter()) {
        let origin = origin.unwrap_or(0);
        let channel = stored.origins.channels[stored.origins.position(origin)].clone();
        let campaign = names.of_tag(stored.origins.campaign(origin));
        *visits.entry((channel, campaign)).or_default() += rows.unwrap_or(0);
    }
    Ok(visits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn campaign(name: &str) -> Campaign {
        (ChannelId::new("direct-ads"), name.to_owned())
    }

    /// So many clicks in each of eight weeks, and so many now.
    fn clicks(a_week: u64, now: u64) -> Counted {
        Counted {
            weeks: (0..8).map(|week| (week, a_week)).collect(),
            clicks: 8 * a_week,
            cost: 0,
            now,
        }
    }

    fn found(campaigns: Vec<(&str, Counted)>) -> Vec<String> {
        let named = campaigns
            .into_iter()
            .map(|(name, counted)| (campaign(name), counted));
        let campaigns: BTreeMap<Campaign, Counted> = named.collect();
        let lost = lost(&campaigns, 0.125);
        lost.into_iter().map(|(_, name)| name.clone()).collect()
    }

    #[test]
    fn a_campaign_of_each_week_without_a_row_is_lost() {
        let brand = || ("brand", clicks(100, 90));
        assert_eq!(
            found(vec![brand(), ("network", clicks(40, 0))]),
            ["network"]
        );
        assert!(found(vec![brand(), ("network", clicks(14, 0))]).is_empty());
        assert!(
            found(vec![("network", clicks(40, 0))]).is_empty(),
            "told as a channel"
        );
        let renamed = (
            "network 2",
            Counted {
                now: 35,
                ..Counted::default()
            },
        );
        assert!(found(vec![brand(), ("network", clicks(40, 0)), renamed]).is_empty());
    }
}

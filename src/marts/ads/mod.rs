//! Advertising in detail: visits, inquiries and costs by campaign, group, phrase, ad and landing page.

mod names;
mod visits;

use std::collections::HashMap;

use anyhow::Result;
use chrono::NaiveDate;

pub(super) use self::names::CampaignNames;
use super::inquiries::{JoinedInquiry, WonDeal};
use super::known::Known;
use super::paths::SessionPlace;
use super::stored::Stored;
use crate::model::ads::{AdFacts, AdInquiry, AdPlace, AdSpend};
use crate::model::channel::ChannelId;
use crate::model::money::Minor;
use crate::model::period::Period;
use crate::model::zone::local_day;

/// Periods before the reported one that are looked at: a quarter of weeks, so that two months of them have matured.
const PERIODS_BEFORE: usize = 13;

/// Advertising over the reported period, the last of `periods`, and those before it.
///
/// # Errors
/// When the lake cannot be read.
pub fn ads(known: &Known<'_>, periods: &[Period]) -> Result<AdFacts> {
    let stored = known.stored;
    let first = periods.len().saturating_sub(PERIODS_BEFORE + 1);
    let periods = &periods[first..];
    let names = CampaignNames::of(&stored.costs);
    let mut places = PlaceList::default();
    let visits = visits::visits(stored, periods, &names, &mut places)?;
    let spend = spend(stored, periods, &mut places);
    let inquiries = inquiries(known, periods, &names, &mut places);
    Ok(AdFacts {
        periods: periods.to_vec(),
        places: places.list,
        visits,
        spend: (!spend.is_empty()).then_some(spend),
        inquiries: known.people.has_contacts.then_some(inquiries),
    })
}

/// Places, each once.
#[derive(Default)]
pub(super) struct PlaceList {
    index: HashMap<AdPlace, usize>,
    list: Vec<AdPlace>,
}

impl PlaceList {
    /// The position of a place, made when it is new.
    pub(super) fn position(&mut self, place: AdPlace) -> usize {
        if let Some(known) = self.index.get(&place) {
            return *known;
        }
        let next = self.list.len();
        self.index.insert(place.clone(), next);
        self.list.push(place);
        next
    }
}

/// Costs of each period by place.
fn spend(stored: &Stored<'_>, periods: &[Period], places: &mut PlaceList) -> Vec<AdSpend> {
    let mut rows = Vec::new();
    for (period, span) in periods.iter().enumerate() {
        for (channel, ad, spend) in stored.costs.ads_of(span) {
            let place = AdPlace {
                channel: channel.clone(),
                campaign: ad.campaign.clone(),
                group: ad.group.clone(),
                phrase: names::phrase(&ad.term),
                ad: ad.content.clone(),
                page: String::new(),
            };
            rows.push(AdSpend {
                period,
                place: places.position(place),
                spend,
            });
        }
    }
    rows
}

/// Inquiries of the periods by place.
fn inquiries(
    known: &Known<'_>,
    periods: &[Period],
    names: &CampaignNames,
    places: &mut PlaceList,
) -> Vec<AdInquiry> {
    let first_day = periods.first().map_or(NaiveDate::MAX, |period| period.from);
    let last_day = periods.last().map_or(NaiveDate::MIN, |period| period.to);
    let mut parts = Vec::new();
    for joined in &known.people.joined.inquiries {
        let day = local_day(joined.at(), known.stored.plan.zone);
        if day < first_day || day > last_day {
            continue;
        }
        let outcome = Outcome::of(joined, day, known.stored);
        let view = &known.stored.plan.view.rows;
        let owed = owed_to(joined, known.stored, names).into_iter();
        for (place, share) in owed.filter(|(place, _)| view.sees_channel(&place.channel)) {
            parts.push(AdInquiry {
                day,
                place: places.position(place),
                share,
                sold_after: outcome.sold_after,
                revenue: outcome.revenue,
                cost: outcome.cost,
                uncosted: outcome.uncosted,
            });
        }
    }
    parts
}

/// What became of an inquiry.
struct Outcome {
    sold_after: Option<u32>,
    revenue: Minor,
    cost: Minor,
    uncosted: Minor,
}

impl Outcome {
    fn of(joined: &JoinedInquiry, day: NaiveDate, stored: &Stored<'_>) -> Self {
        let lag = |deal: &WonDeal| {
            let days = (local_day(deal.won_at, stored.plan.zone) - day).num_days();
            u32::try_from(days).unwrap_or(0)
        };
        let horizon = stored.plan.sales.horizon_days;
        let counts = |deal: &&WonDeal| lag(deal) <= horizon;
        let sales = joined.sales.iter().filter(counts);
        let uncosted = sales.clone().filter(|deal| deal.cost.is_none());
        let refunds = joined.refunds.iter().filter(counts);
        Self {
            sold_after: sales.clone().map(lag).min(),
            cost: sales.clone().filter_map(|deal| deal.cost).sum(),
            uncosted: uncosted.map(|deal| deal.amount).sum(),
            revenue: sales.chain(refunds).map(|deal| deal.amount).sum(),
        }
    }
}

/// The places that an inquiry is owed to with their shares: its sessions, else the tags of its contacts.
pub(super) fn owed_to(
    joined: &JoinedInquiry,
    stored: &Stored<'_>,
    names: &CampaignNames,
) -> Vec<(AdPlace, f64)> {
    let rules = &stored.plan.attribution;
    let evidence = stored.evidence(joined);
    let placed = evidence.placed(rules.model, joined.at(), rules);
    if !placed.is_empty() {
        let place = |(channel, place): (ChannelId, _)| {
            let session = stored.places.get(place);
            of_session(channel, session, names)
        };
        return placed
            .into_iter()
            .map(|(key, share)| (place(key), share))
            .collect();
    }
    // Without a session a tag names the campaign, and nothing the rest.
    let tagged = joined
        .contacts
        .iter()
        .filter_map(|contact| contact.origin.as_ref());
    let campaign = tagged
        .filter_map(|origin| origin.campaign.as_deref())
        .next();
    let session = SessionPlace {
        campaign: campaign.unwrap_or_default().into(),
        ..SessionPlace::default()
    };
    let credit = evidence.credit(rules.model, joined.at(), rules);
    credit
        .into_iter()
        .map(|(channel, share)| (of_session(channel, &session, names), share))
        .collect()
}

/// The place of a session.
pub(super) fn of_session(
    channel: ChannelId,
    session: &SessionPlace,
    names: &CampaignNames,
) -> AdPlace {
    let campaign = names.of_tag(&session.campaign);
    let phrase = names::phrase(&session.term);
    AdPlace {
        group: names.group(&channel, &campaign, &phrase),
        channel,
        campaign,
        phrase,
        ad: session.content.to_string(),
        page: session.page.to_string(),
    }
}

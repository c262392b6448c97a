//! Campaigns or landing pages in place of channels: their traffic, spend, and what inquiries are owed to.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Result;
use polars::prelude::*;

use crate::lake::text_codes::TextCodes;
use crate::marts::ads::{CampaignNames, owed_to};
use crate::marts::inquiries::JoinedInquiry;
use crate::marts::stored::Stored;
use crate::marts::traffic::{batches, days_of, distinct};
use crate::marts::view;
use crate::model::ads::AdPlace;
use crate::model::channel::ChannelId;
use crate::model::facts::{Spend, Traffic};
use crate::model::period::Period;
use crate::model::tables::SESSIONS;
use crate::model::tabulated::{Place, RowsOf};

/// Traffic of one period by place.
#[derive(Default)]
pub(super) struct PlaceTraffic {
    /// By the places' ids.
    pub rows: BTreeMap<ChannelId, Traffic>,
    /// Distinct clients over all places.
    pub users: u64,
    /// Bounces by the places' ids; `None` where no session says.
    pub bounces: Option<BTreeMap<ChannelId, u64>>,
}

/// Places, each once, with the ids that stand for them.
pub(super) struct Places<'a> {
    stored: &'a Stored<'a>,
    of: RowsOf,
    names: CampaignNames,
    numbers: HashMap<Place, usize>,
    list: Vec<Place>,
}

impl<'a> Places<'a> {
    /// No places yet.
    pub(super) fn new(stored: &'a Stored<'a>, of: RowsOf) -> Self {
        Self {
            stored,
            of,
            names: CampaignNames::of(&stored.costs),
            numbers: HashMap::new(),
            list: Vec::new(),
        }
    }

    /// All places that were met, by id.
    pub(super) fn listed(self) -> BTreeMap<ChannelId, Place> {
        let listed = self.list.into_iter().enumerate();
        listed.map(|(number, place)| (id(number), place)).collect()
    }

    fn number(&mut self, place: Place) -> usize {
        if let Some(known) = self.numbers.get(&place) {
            return *known;
        }
        self.list.push(place.clone());
        self.numbers.insert(place, self.list.len() - 1);
        self.list.len() - 1
    }

    /// What an inquiry is owed to.
    pub(super) fn credit(&mut self, joined: &JoinedInquiry) -> Vec<(ChannelId, f64)> {
        let view = &self.stored.plan.view.rows;
        let owed = owed_to(joined, self.stored, &self.names);
        let seen = owed
            .into_iter()
            .filter(|(place, _)| view.sees_channel(&place.channel));
        let seen: Vec<(AdPlace, f64)> = seen.collect();
        let of = |(place, share): (AdPlace, f64)| {
            let name = match self.of {
                RowsOf::Page => place.page,
                _ => place.campaign,
            };
            let channel = place.channel;
            (id(self.number(Place { channel, name })), share)
        };
        seen.into_iter().map(of).collect()
    }

    /// Costs of a period by campaign; pages have none.
    pub(super) fn spend(&mut self, period: &Period) -> Option<BTreeMap<ChannelId, Spend>> {
        if self.of == RowsOf::Page {
            return None;
        }
        let mut sums: BTreeMap<ChannelId, Spend> = BTreeMap::new();
        let stored = self.stored;
        for (channel, ad, spend) in stored.costs.ads_of(period) {
            let place = Place {
                channel: channel.clone(),
                name: ad.campaign.clone(),
            };
            let sum = sums.entry(id(self.number(place))).or_default();
            sum.impressions += spend.impressions;
            sum.clicks += spend.clicks;
            sum.cost += spend.cost;
        }
        (!sums.is_empty()).then_some(sums)
    }

    /// Channels whose costs name any campaign in these periods.
    pub(super) fn priced(&self, periods: &[Period]) -> BTreeSet<ChannelId> {
        let mut priced = BTreeSet::new();
        if self.of == RowsOf::Page {
            return priced;
        }
        for period in periods {
            let named = self.stored.costs.ads_of(period);
            let named = named.filter(|(_, ad, _)| !ad.campaign.is_empty());
            priced.extend(named.map(|(channel, ..)| channel.clone()));
        }
        priced
    }

    /// Traffic of each period by place; `None` where no session of it has arrived.
    pub(super) fn traffic(&mut self, periods: &[Period]) -> Result<Vec<Option<PlaceTraffic>>> {
        let mut traffic = Vec::with_capacity(periods.len());
        for batch in batches(periods) {
            let columns = ["origin", "client", "bounce", "landing", SESSIONS.day];
            let wanted = match self.of {
                RowsOf::Page => columns.to_vec(),
                _ => columns
                    .into_iter()
                    .filter(|name| *name != "landing")
                    .collect(),
            };
            let wanted: Vec<Expr> = wanted.into_iter().map(col).collect();
            let select = |scan: LazyFrame| scan.select(wanted);
            let stored = self.stored;
            let days = (batch[0].from, batch[batch.len() - 1].to);
            let frame = view::sessions(stored.lake, stored.as_of, days, &stored.origins, select)?;
            for period in batch {
                traffic.push(match &frame {
                    Some(frame) => self.of_period(frame, period)?,
                    None => None,
                });
            }
        }
        Ok(traffic)
    }

    fn of_period(&mut self, frame: &DataFrame, period: &Period) -> Result<Option<PlaceTraffic>> {
        let stored = self.stored;
        let frame = days_of(frame, period)?;
        let days = (period.from, period.to);
        if frame.height() == 0
            && (stored.origins.view.is_none()
                || !view::any_session(stored.lake, stored.as_of, days)?)
        {
            return Ok(None);
        }
        let places = self.of_rows(&frame)?;
        let count = self.list.len();
        let (mut sessions, mut left) = (vec![0_u64; count], vec![0_u64; count]);
        let mut clients: Vec<Vec<u64>> = vec![Vec::new(); count];
        let mut says = false;
        let of_clients = frame.column("client")?.u64()?.iter();
        let of_bounces = frame.column("bounce")?.bool()?.iter();
        for ((place, client), bounce) in places.iter().zip(of_clients).zip(of_bounces) {
            sessions[*place] += 1;
            says |= bounce.is_some();
            left[*place] += u64::from(bounce == Some(true));
            clients[*place].extend(client);
        }
        let users = distinct(clients);
        let met = (0..count).filter(|place| sessions[*place] > 0);
        let row = |place: usize| Traffic {
            sessions: sessions[place],
            users: Some(users.by_channel[place]),
        };
        Ok(Some(PlaceTraffic {
            rows: met.clone().map(|place| (id(place), row(place))).collect(),
            users: users.all,
            bounces: says.then(|| met.map(|place| (id(place), left[place])).collect()),
        }))
    }

    /// The place of each session; texts are looked at once a kind.
    fn of_rows(&mut self, frame: &DataFrame) -> Result<Vec<usize>> {
        let pages = match self.of {
            RowsOf::Page => Some(TextCodes::of(frame, "landing")?),
            _ => None,
        };
        let stored = self.stored;
        let origins = frame.column("origin")?.u32()?.iter();
        let mut known: HashMap<(u32, u32), usize> = HashMap::new();
        let mut places = Vec::with_capacity(frame.height());
        for (row, origin) in origins.enumerate() {
            let origin = origin.unwrap_or(0);
            let page = pages.as_ref().map_or(0, |pages| pages.codes[row]);
            let place = match known.get(&(origin, page)) {
                Some(place) => *place,
                None => {
                    let name = match &pages {
                        Some(pages) => pages.text(page).to_owned(),
                        None => self.names.of_tag(stored.origins.campaign(origin)),
                    };
                    let channel = stored.origins.channels[stored.origins.position(origin)].clone();
                    let place = self.number(Place { channel, name });
                    known.insert((origin, page), place);
                    place
                }
            };
            places.push(place);
        }
        Ok(places)
    }
}

/// The id that stands for a place, where ids of channels stand.
fn id(number: usize) -> ChannelId {
    ChannelId::new(number.to_string())
}

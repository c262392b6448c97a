//! The channel and the campaign of every origin of the lake.

use anyhow::Result;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::config::channels::ChannelRules;
use crate::lake::Lake;
use crate::model::channel::ChannelId;
use crate::model::origin::Origin;
use crate::model::restriction::Restriction;

/// The channel of every origin of the lake: classified once an origin, not once a session.
pub struct OriginChannels {
    /// Channels in the order of their ids.
    pub channels: Vec<ChannelId>,
    /// Position in `channels` by origin id.
    of_origin: Vec<u32>,
    /// By origin id what stands for the channels of all origins up to it.
    told: Vec<u64>,
    /// Advertising campaign by origin id; empty where there is none.
    campaigns: Vec<String>,
    /// Whose sessions are looked at.
    pub view: Restriction,
}

impl OriginChannels {
    /// Asks the rules about every origin that the lake knows; of their sessions those of `view` are looked at.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub fn load(lake: &Lake, rules: &ChannelRules, view: &Restriction) -> Result<Self> {
        let mut classified: Vec<(u32, ChannelId)> = Vec::new();
        let mut campaigns: Vec<(u32, String)> = Vec::new();
        for (id, fields) in lake.catalog.origins()? {
            let origin = origin(fields);
            classified.push((id, rules.classify(&origin)));
            campaigns.extend(origin.campaign.map(|campaign| (id, campaign)));
        }
        let unassigned = ChannelId::new(ChannelId::UNASSIGNED);
        let mut channels = vec![unassigned.clone()];
        channels.extend(classified.iter().map(|(_, channel)| channel.clone()));
        channels.sort();
        channels.dedup();

        let position = |channel: &ChannelId| {
            let found = channels.binary_search(channel);
            found.expect("every channel is listed") as u32
        };
        // Ids that no origin has are unassigned, as is what lies beyond them.
        let largest_id = classified.iter().map(|(id, _)| *id).max().unwrap_or(0);
        let mut of_origin = vec![position(&unassigned); largest_id as usize + 1];
        for (id, channel) in &classified {
            of_origin[*id as usize] = position(channel);
        }
        let mut of_origins = vec![String::new(); of_origin.len()];
        for (id, campaign) in campaigns {
            of_origins[id as usize] = campaign;
        }
        let channel_of = |position: &u32| channels[*position as usize].as_str();
        let told = told_by(of_origin.iter().map(channel_of));
        Ok(Self {
            told,
            channels,
            of_origin,
            campaigns: of_origins,
            view: view.clone(),
        })
    }

    /// The campaign of an origin; empty where there is none.
    pub fn campaign(&self, origin: u32) -> &str {
        self.campaigns
            .get(origin as usize)
            .map_or("", String::as_str)
    }

    /// Stands for the channels of the origins up to an id: the same as long as none of them is another. `None` of an
    /// origin that is not known.
    pub fn told_to(&self, origin: u32) -> Option<u64> {
        self.told.get(origin as usize).copied()
    }

    /// Position of the channel of an origin.
    #[inline]
    pub fn position(&self, origin: u32) -> usize {
        self.of_origin
            .get(origin as usize)
            .copied()
            .unwrap_or(self.of_origin[0]) as usize
    }
}

/// For each name a number that stands for it and all before it.
fn told_by<'n>(names: impl Iterator<Item = &'n str>) -> Vec<u64> {
    let mut told = 0;
    let next = |name: &str| {
        told = xxh3_64_with_seed(name.as_bytes(), told);
        told
    };
    names.map(next).collect()
}

/// The fields of [`crate::model::tables::ORIGIN_FIELDS`] as an origin, in the order of that list.
fn origin(fields: Vec<String>) -> Origin {
    let mut fields = fields
        .into_iter()
        .map(|field| (!field.is_empty()).then_some(field));
    let mut next = || fields.next().flatten();
    Origin {
        traffic_type: next(),
        engine: next(),
        source: next(),
        medium: next(),
        campaign: next(),
        referrer_host: next(),
        group: None,
    }
}

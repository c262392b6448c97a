//! Names that views restrict to and that no row of the lake has: spelt in another way, or gone.

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::{DateTime, Utc};
use polars::prelude::*;

use super::contacts;
use super::costs::Costs;
use super::origins::OriginChannels;
use super::rows::all_days;
use super::tables::Tables;
use crate::config::Plan;
use crate::config::plan::ViewPlan;
use crate::lake::Lake;
use crate::lake::text_codes::TextCodes;
use crate::model::channel::ChannelId;
use crate::model::restriction::Restriction;
use crate::model::tables::SESSIONS;

/// What a view restricts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A channel.
    Channel,
    /// A telephone line.
    Line,
    /// A city of sessions.
    City,
    /// A manager of deals.
    Manager,
}

/// A name of a view that no row has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen {
    /// The view.
    pub view: String,
    /// What the name is of.
    pub of: Named,
    /// The name.
    pub name: String,
}

/// The names of all views that never occur in what the lake holds.
///
/// # Errors
/// When the lake cannot be read.
pub fn unseen(lake: &Lake, plan: &Plan, as_of: DateTime<Utc>) -> Result<Vec<Unseen>> {
    if plan.views.is_empty() {
        return Ok(Vec::new());
    }
    let known = Occurring::load(lake, plan, as_of)?;
    let of_view = |view: &ViewPlan| known.lacks(&view.name, &view.rows);
    Ok(plan.views.iter().flat_map(of_view).collect())
}

/// Everything that rows are told apart by.
struct Occurring {
    channels: BTreeSet<ChannelId>,
    lines: BTreeSet<String>,
    cities: BTreeSet<String>,
    managers: BTreeSet<String>,
}

impl Occurring {
    fn load(lake: &Lake, plan: &Plan, as_of: DateTime<Utc>) -> Result<Self> {
        let tables = Tables::load(lake, plan, as_of)?;
        let calls = tables.calls.iter().flatten();
        let deals = tables.deals.iter().flatten();
        Ok(Self {
            channels: channels(lake, plan, as_of, &tables)?,
            lines: calls.map(|call| call.line.to_string()).collect(),
            cities: cities(lake, as_of)?,
            managers: deals.map(|deal| deal.manager.trim().to_owned()).collect(),
        })
    }

    /// The names of a view that do not occur.
    fn lacks(&self, view: &str, rows: &Restriction) -> Vec<Unseen> {
        let channels = rows.channels.difference(&self.channels);
        let channels = channels.map(|channel| (Named::Channel, channel.as_str()));
        let lines = rows.lines.difference(&self.lines);
        let cities = rows.cities.difference(&self.cities);
        let managers = rows.managers.difference(&self.managers);
        let named = channels
            .chain(lines.map(|name| (Named::Line, name.as_str())))
            .chain(cities.map(|name| (Named::City, name.as_str())))
            .chain(managers.map(|name| (Named::Manager, name.as_str())));
        let unseen = named.map(|(of, name)| Unseen {
            view: view.to_owned(),
            of,
            name: name.to_owned(),
        });
        unseen.collect()
    }
}

/// The channels of sessions, costs and contacts, and those that lines and exports have by themselves.
fn channels(
    lake: &Lake,
    plan: &Plan,
    as_of: DateTime<Utc>,
    tables: &Tables,
) -> Result<BTreeSet<ChannelId>> {
    let rules = &plan.channels;
    let origins = OriginChannels::load(lake, rules, &plan.view.rows)?;
    let costs = Costs::load(lake, plan, rules, as_of)?;
    let contacts = contacts::load(lake, plan, as_of, tables)?.contacts;
    let mut channels: BTreeSet<ChannelId> = origins.channels.into_iter().collect();
    channels.extend(costs.channels().map(ChannelId::new));
    for contact in contacts {
        channels.extend(contact.origin.map(|origin| rules.classify(&origin)));
        channels.extend(
            contact
                .line_channel
                .into_iter()
                .chain(contact.fixed_channel),
        );
    }
    Ok(channels)
}

fn cities(lake: &Lake, as_of: DateTime<Utc>) -> Result<BTreeSet<String>> {
    let (from, to) = all_days();
    let Some(scan) = lake.scan(&SESSIONS, as_of, from, to)? else {
        return Ok(BTreeSet::new());
    };
    let cities = scan
        .select([col("city")])
        .unique(None, UniqueKeepStrategy::Any);
    let cities = cities.collect()?;
    let codes = TextCodes::of(&cities, "city")?;
    let text = |code: &u32| codes.text(*code).to_owned();
    Ok(codes.codes.iter().map(text).collect())
}

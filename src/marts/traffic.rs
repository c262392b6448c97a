//! Sessions and exact users by period and channel: the one mart that reads every session.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use polars::prelude::*;
use serde::{Deserialize, Serialize};

use super::alike::CHUNK_DAYS;
use super::origins::OriginChannels;
use super::rows::Rows;
use super::spans::{Counting, Spans, untold_days};
use super::view;
use crate::config::channels::ChannelRules;
use crate::config::rules::Stage;
use crate::lake::Lake;
use crate::lake::scan::day_number;
use crate::lake::text_codes::TextCodes;
use crate::model::channel::ChannelId;
use crate::model::facts::{StageUsers, Traffic};
use crate::model::origin::Origin;
use crate::model::period::Period;
use crate::model::restriction::Restriction;
use crate::model::tables::{SESSIONS, TRAFFIC_DAILY};

/// Traffic of one period.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeriodTraffic {
    /// By channel.
    pub channels: BTreeMap<ChannelId, Traffic>,
    /// Distinct clients over all channels; `None` when the exports carry only totals by channel.
    pub users: Option<u64>,
    /// Sessions by stage of the pipeline and channel.
    pub stages: Vec<BTreeMap<ChannelId, u64>>,
    /// Distinct clients by stage.
    pub stage_users: Vec<StageUsers>,
}

impl PeriodTraffic {
    /// The channels that are seen; how many clients they have together cannot be told from totals.
    pub(super) fn within(mut self, view: &Restriction) -> Self {
        self.channels
            .retain(|channel, _| view.sees_channel(channel));
        self.users = self.users.filter(|_| view.is_none());
        self
    }
}

/// Traffic of periods from single sessions, each with the largest id of its origins; `None` when not one session of it has
/// arrived. The sessions of all of them are read at once: [`batches`] keeps them few.
///
/// Reads three columns of the row groups that hold the periods' days. Users are exact: the clients of each channel are
/// sorted and counted, then those of all channels together.
///
/// # Errors
/// When the lake cannot be read.
pub fn of_sessions(
    lake: &Lake,
    as_of: DateTime<Utc>,
    periods: &[Period],
    origins: &OriginChannels,
    stages: &[Stage],
) -> Result<Vec<Option<(PeriodTraffic, u32)>>> {
    let (Some(first), Some(last)) = (periods.first(), periods.last()) else {
        return Ok(Vec::new());
    };
    let mut columns = vec![col("origin"), col("client"), col(SESSIONS.day)];
    if !stages.is_empty() {
        columns.push(col("goals"));
    }
    let select = |scan: LazyFrame| scan.select(columns);
    let days = (first.from, last.to);
    let Some(frame) = view::sessions(lake, as_of, days, origins, select)? else {
        return Ok(vec![None; periods.len()]);
    };
    let mut traffic = Vec::with_capacity(periods.len());
    for period in periods {
        let own = days_of(&frame, period)?;
        let days = (period.from, period.to);
        // A part without sessions has none; a firm without sessions has not exported them.
        let is_absent = || -> Result<bool> {
            Ok(origins.view.is_none() || !view::any_session(lake, as_of, days)?)
        };
        traffic.push(match own.height() == 0 && is_absent()? {
            true => None,
            false => Some(of_frame(&own, origins, stages)?),
        });
    }
    Ok(traffic)
}

/// Periods whose sessions are read at once: such that follow each other within the days that fit into memory, else one.
pub(super) fn batches(periods: &[Period]) -> impl Iterator<Item = &[Period]> {
    let mut rest = periods;
    std::iter::from_fn(move || {
        let first = rest.first()?;
        let fits = |pair: &[Period]| {
            let follows = pair[1].from > pair[0].to;
            follows && (pair[1].to - first.from).num_days() < CHUNK_DAYS as i64
        };
        let more = rest.windows(2).take_while(|pair| fits(pair)).count();
        let (batch, others) = rest.split_at(more + 1);
        rest = others;
        Some(batch)
    })
}

/// The rows of a period, of a frame with the day of each.
///
/// # Errors
/// When the frame has no days.
pub(super) fn days_of(frame: &DataFrame, period: &Period) -> Result<DataFrame> {
    let span = day_number(period.from)..=day_number(period.to);
    let days = frame.column(SESSIONS.day)?.to_physical_repr();
    let days = days.i32()?;
    let is_inside = |day: Option<i32>| day.is_some_and(|day| span.contains(&day));
    if days.iter().all(is_inside) {
        return Ok(frame.clone());
    }
    let inside: BooleanChunked = days.iter().map(is_inside).collect();
    Ok(frame.filter(&inside)?)
}

/// Traffic of the sessions of one period.
fn of_frame(
    frame: &DataFrame,
    origins: &OriginChannels,
    stages: &[Stage],
) -> Result<(PeriodTraffic, u32)> {
    let channels = channel_positions(frame, origins)?;
    let sessions = count_by_channel(&channels, origins);
    let users = distinct_clients(frame, &channels, origins)?;
    let mut traffic = PeriodTraffic {
        users: Some(users.all),
        ..PeriodTraffic::default()
    };
    for (at, channel) in origins.channels.iter().enumerate() {
        if sessions[at] > 0 {
            let of_channel = Traffic {
                sessions: sessions[at],
                users: Some(users.by_channel[at]),
            };
            traffic.channels.insert(channel.clone(), of_channel);
        }
    }
    for stage in stages {
        let reached = stage_sessions(frame, stage, &channels, origins)?;
        traffic.stages.push(reached.sessions);
        traffic.stage_users.push(reached.users);
    }
    let largest = frame.column("origin")?.u32()?.max();
    Ok((traffic, largest.unwrap_or(0)))
}

fn channel_positions(frame: &DataFrame, origins: &OriginChannels) -> Result<Vec<u32>> {
    let column = frame.column("origin")?.u32()?;
    let mut positions = Vec::with_capacity(column.len());
    // Values are read chunk by chunk, not one by one: this is the longest column of the lake.
    for chunk in column.downcast_iter() {
        let channels = chunk
            .values_iter()
            .map(|origin| origins.position(*origin) as u32);
        positions.extend(channels);
    }
    Ok(positions)
}

fn count_by_channel(channels: &[u32], origins: &OriginChannels) -> Vec<u64> {
    let mut counts = vec![0; origins.channels.len()];
    for channel in channels {
        counts[*channel as usize] += 1;
    }
    counts
}

/// Distinct clients.
pub(super) struct Users {
    /// Of each channel, in the order of [`OriginChannels::channels`], or of whatever else they were told apart by.
    pub by_channel: Vec<u64>,
    /// Of all channels: a client that came by several counts once.
    pub all: u64,
}

/// Distinct clients by channel and over all channels. Sessions without a client id are no user.
fn distinct_clients(
    frame: &DataFrame,
    channels: &[u32],
    origins: &OriginChannels,
) -> Result<Users> {
    let mut clients: Vec<Vec<u64>> = vec![Vec::new(); origins.channels.len()];
    for (client, channel) in frame.column("client")?.u64()?.iter().zip(channels) {
        if let Some(client) = client {
            clients[*channel as usize].push(client);
        }
    }
    Ok(distinct(clients))
}

/// How many different clients are in each list, and in all of them.
pub(super) fn distinct(clients: Vec<Vec<u64>>) -> Users {
    let mut by_channel = Vec::with_capacity(clients.len());
    let mut all = Vec::new();
    for mut list in clients {
        list.sort_unstable();
        list.dedup();
        by_channel.push(list.len() as u64);
        all.append(&mut list);
    }
    // Made of lists in order, which this sort merges.
    all.sort();
    all.dedup();
    Users {
        by_channel,
        all: all.len() as u64,
    }
}

/// Sessions that reached a stage, and their clients.
struct Reached {
    sessions: BTreeMap<ChannelId, u64>,
    users: StageUsers,
}

/// Sessions whose goals hold one of the stage's, by channel. Goal lists are few and dictionary-coded: each distinct
/// list is looked at once.
fn stage_sessions(
    frame: &DataFrame,
    stage: &Stage,
    channels: &[u32],
    origins: &OriginChannels,
) -> Result<Reached> {
    let reached = TextCodes::of(frame, "goals")?.each(|list| holds_goal_of(stage, list));
    let mut counts = vec![0; origins.channels.len()];
    let mut clients: Vec<Vec<u64>> = vec![Vec::new(); origins.channels.len()];
    let sessions = reached.into_iter().zip(channels);
    for ((reached, channel), client) in sessions.zip(frame.column("client")?.u64()?.iter()) {
        counts[*channel as usize] += u64::from(reached);
        if let (true, Some(client)) = (reached, client) {
            clients[*channel as usize].push(client);
        }
    }
    let users = distinct(clients);
    let named = |counts: Vec<u64>| -> BTreeMap<ChannelId, u64> {
        let counted = origins.channels.iter().cloned().zip(counts);
        counted.filter(|(_, count)| *count > 0).collect()
    };
    Ok(Reached {
        sessions: named(counts),
        users: StageUsers {
            by_channel: named(users.by_channel),
            all: users.all,
        },
    })
}

/// Whether a list of goals, separated by commas, holds one of the stage's.
pub(super) fn holds_goal_of(stage: &Stage, list: &str) -> bool {
    list.split(',')
        .any(|goal| stage.goals.iter().any(|wanted| wanted == goal))
}

/// Traffic of a period from exports that carry totals only: the rows that lie wholly inside it, of which no two tell of one
/// day. Not known when they do not tell of all its days.
///
/// # Errors
/// When a column is not what the schema says.
pub fn of_totals(
    rows: &Rows,
    period: &Period,
    rules: &ChannelRules,
) -> Result<Option<PeriodTraffic>> {
    let columns = TotalsColumns::read(rows)?;
    let spans = spans_of_exports(rows)?;
    let is_told = |spans: &Spans| untold_days(spans, period.from, period.to).is_empty();
    if !spans.values().all(is_told) {
        return Ok(None);
    }
    let of_period = |(export, spans): (String, Spans)| {
        let counting = spans.inside(period.from, period.to);
        (export, counting)
    };
    let counting: BTreeMap<String, Counting> = spans.into_iter().map(of_period).collect();
    let mut traffic = PeriodTraffic::default();
    for row in 0..rows.len() {
        let (from, to) = (columns.from[row], columns.to[row]);
        if !counting[&columns.exports[row]].has((from, to)) {
            continue;
        }
        let channel = rules.classify(&columns.origin(row));
        let sessions = u64::from(columns.sessions[row].unwrap_or(0));
        match traffic.channels.entry(channel) {
            Entry::Vacant(first) => {
                // Users of a part of the period are not the period's.
                let is_whole = from == period.from && to == period.to;
                let users = columns.users[row].filter(|_| is_whole);
                first.insert(Traffic {
                    sessions,
                    users: users.map(u64::from),
                });
            }
            Entry::Occupied(mut known) => {
                // Users of several rows cannot be added up: the same person may stand in each.
                let known = known.get_mut();
                known.sessions += sessions;
                known.users = None;
            }
        }
    }
    Ok((!traffic.channels.is_empty()).then_some(traffic))
}

/// The spans that each export of totals tells of.
///
/// # Errors
/// When a column is not what the schema says.
pub fn spans_of_exports(rows: &Rows) -> Result<BTreeMap<String, Spans>> {
    let (from, to) = (rows.days("from_day")?, rows.days(TRAFFIC_DAILY.day)?);
    let mut spans: BTreeMap<String, Spans> = BTreeMap::new();
    for (row, export) in rows.texts("export")?.into_iter().enumerate() {
        spans.entry(export).or_default().add((from[row], to[row]));
    }
    Ok(spans)
}

/// The table of totals, column by column.
struct TotalsColumns {
    exports: Vec<String>,
    from: Vec<NaiveDate>,
    to: Vec<NaiveDate>,
    groups: Vec<String>,
    types: Vec<String>,
    engines: Vec<String>,
    sources: Vec<String>,
    media: Vec<String>,
    campaigns: Vec<String>,
    sessions: Vec<Option<u32>>,
    users: Vec<Option<u32>>,
}

impl TotalsColumns {
    fn read(rows: &Rows) -> Result<Self> {
        Ok(Self {
            exports: rows.texts("export")?,
            from: rows.days("from_day")?,
            to: rows.days(TRAFFIC_DAILY.day)?,
            groups: rows.texts("group")?,
            types: rows.texts("traffic_type")?,
            engines: rows.texts("engine")?,
            sources: rows.texts("utm_source")?,
            media: rows.texts("utm_medium")?,
            campaigns: rows.texts("utm_campaign")?,
            sessions: rows.counts("sessions")?,
            users: rows.counts("users")?,
        })
    }

    fn origin(&self, row: usize) -> Origin {
        let text = |column: &[String]| (!column[row].is_empty()).then(|| column[row].clone());
        Origin {
            group: text(&self.groups),
            traffic_type: text(&self.types),
            engine: text(&self.engines),
            source: text(&self.sources),
            medium: text(&self.media),
            campaign: text(&self.campaigns),
            ..Origin::default()
        }
    }
}

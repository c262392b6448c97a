//! Restated numbers: what earlier reports said, and what is known by now.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::measures::MEASURES;
use crate::metrics::scorecard::{ChannelRow, Scorecard};
use crate::model::channel::ChannelId;
use crate::model::metric::Metric;
use crate::model::money::Minor;
use crate::model::period::Period;
use crate::model::table::Table;

/// The numbers of a period that are no longer what the first report of it said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Restated {
    /// The period.
    pub period: Period,
    /// What its first report knew.
    pub reported_at: DateTime<Utc>,
    /// The counts of all channels together that differ, by metric.
    pub counts: BTreeMap<Metric, WasNow>,
    /// Every number of every row that differs, channels first and the total last.
    #[serde(default)]
    pub cells: Vec<RestatedCell>,
}

/// A count then and now; money in major units, the first conversion as a share of 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WasNow {
    /// In the first report.
    pub was: f64,
    /// By now.
    pub now: f64,
}

/// One number of one row that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RestatedCell {
    /// The channel, or `total`.
    pub channel: ChannelId,
    /// Its title.
    pub title: String,
    /// The measure, as `voronka table` names its column.
    pub measure: String,
    /// In the first report; `None` is unknown.
    pub was: Option<f64>,
    /// By now.
    pub now: Option<f64>,
    /// Whether it goes on growing by itself, so that a difference alone is no correction.
    pub grows: bool,
    /// Files that came between and may have changed it, `export/file`, oldest first.
    pub files: Vec<String>,
}

impl Restated {
    /// Compares the numbers of a period; `None` when all of them are as they were but for those that grow by themselves.
    /// `files` came between the two.
    pub fn of(
        period: &Period,
        reported_at: DateTime<Utc>,
        was: &Scorecard,
        now: &Scorecard,
        files: &[(Table, String)],
    ) -> Option<Self> {
        let cells = cells(was, now, files);
        cells.iter().any(|cell| !cell.grows).then(|| Self {
            period: period.clone(),
            reported_at,
            counts: counts(&was.total, &now.total),
            cells,
        })
    }
}

/// Every number that differs between two scorecards of a period, channels first and the total last, as a digest has its rows.
pub fn cells(was: &Scorecard, now: &Scorecard, files: &[(Table, String)]) -> Vec<RestatedCell> {
    let mut cells = Vec::new();
    for channel in channels(was, now) {
        let (was, now) = (row(was, &channel), row(now, &channel));
        let Some(title) = now.or(was).map(|row| &row.title) else {
            continue;
        };
        for measure in MEASURES {
            let number = |row: Option<&ChannelRow>| row.and_then(measure.of);
            let (was, now) = (number(was), number(now));
            if was == now {
                continue;
            }
            let of_measure = files
                .iter()
                .filter(|(table, _)| measure.tables.contains(table));
            cells.push(RestatedCell {
                channel: channel.clone(),
                title: title.clone(),
                measure: measure.name.to_owned(),
                was,
                now,
                grows: measure.grows,
                files: of_measure.map(|(_, file)| file.clone()).collect(),
            });
        }
    }
    cells
}

/// Channels of either time, in the later one's order; the total last.
fn channels(was: &Scorecard, now: &Scorecard) -> Vec<ChannelId> {
    let mut channels: Vec<ChannelId> = now.channels.iter().map(|row| row.channel.clone()).collect();
    let gone = was
        .channels
        .iter()
        .filter(|row| !channels.contains(&row.channel));
    let gone: Vec<ChannelId> = gone.map(|row| row.channel.clone()).collect();
    channels.extend(gone);
    channels.push(now.total.channel.clone());
    channels
}

fn row<'a>(scorecard: &'a Scorecard, channel: &ChannelId) -> Option<&'a ChannelRow> {
    let mut rows = scorecard.channels.iter().chain([&scorecard.total]);
    rows.find(|row| row.channel == *channel)
}

/// The counts that differ. One that was not known then is no correction.
fn counts(was: &ChannelRow, now: &ChannelRow) -> BTreeMap<Metric, WasNow> {
    let (was, now) = (by_metric(was), by_metric(now));
    let differs = |(metric, was): (Metric, f64)| {
        let now = *now.get(&metric)?;
        (was != now).then_some((metric, WasNow { was, now }))
    };
    was.into_iter().filter_map(differs).collect()
}

fn by_metric(row: &ChannelRow) -> BTreeMap<Metric, f64> {
    let measures = &row.measures;
    let sessions = measures.sessions.map(|sessions| sessions as f64);
    let conv1 = match (measures.inquiries, sessions) {
        (Some(inquiries), Some(sessions)) if sessions > 0.0 => Some(inquiries / sessions),
        _ => None,
    };
    let known = [
        (Metric::Sessions, sessions),
        (Metric::Inquiries, measures.inquiries),
        (Metric::Conv1, conv1),
        (Metric::Sales, measures.sales_closed),
        (Metric::Revenue, measures.revenue_closed.map(Minor::major)),
        (Metric::Spend, measures.spend.map(Minor::major)),
    ];
    let known = known.into_iter();
    known
        .filter_map(|(metric, value)| Some((metric, value?)))
        .collect()
}

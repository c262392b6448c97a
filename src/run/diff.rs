//! What is known of a period at two times: every number that differs, and the files that came between.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::examine::Snapshot;
use super::measures::MEASURES;
use crate::config::Plan;
use crate::digest::language::Strings;
use crate::lake::Lake;
use crate::metrics::scorecard::{ChannelRow, Scorecard};
use crate::model::channel::ChannelId;
use crate::model::period::Period;
use crate::model::table::Table;

/// A number that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangedCell {
    /// The channel, or `total`.
    pub channel: ChannelId,
    /// The measure's name.
    pub measure: &'static str,
    /// At the earlier time; `None` is unknown.
    pub was: Option<f64>,
    /// At the later time.
    pub now: Option<f64>,
    /// Files that came between and may have changed it, `export/file`, oldest first.
    pub files: Vec<String>,
}

/// The numbers of a period that differ between two times, channels first and the total last, as a digest has its rows.
///
/// # Errors
/// When the lake cannot be read, or held nothing at one of the times.
pub fn diff(
    lake: &Lake,
    plan: &Plan,
    period: &Period,
    was_at: DateTime<Utc>,
    now_at: DateTime<Utc>,
) -> Result<Vec<ChangedCell>> {
    let scorecard = |at| -> Result<Scorecard> {
        let snapshot = Snapshot::open(lake, plan, at)?;
        snapshot
            .examiner(Strings::shipped(plan.language))
            .scorecard(period)
    };
    let (was, now) = (scorecard(was_at)?, scorecard(now_at)?);
    let files = files_between(lake, was_at, now_at)?;
    let mut changed = Vec::new();
    for channel in channels(&was, &now) {
        let (was, now) = (row(&was, &channel), row(&now, &channel));
        for measure in MEASURES {
            let number = |row: Option<&ChannelRow>| row.and_then(measure.of);
            let (was, now) = (number(was), number(now));
            if was == now {
                continue;
            }
            let of_measure = files
                .iter()
                .filter(|(table, _)| measure.tables.contains(table));
            changed.push(ChangedCell {
                channel: channel.clone(),
                measure: measure.name,
                was,
                now,
                files: of_measure.map(|(_, file)| file.clone()).collect(),
            });
        }
    }
    Ok(changed)
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

/// Files that the lake took in after one time and by another, with the tables that they feed.
fn files_between(
    lake: &Lake,
    was_at: DateTime<Utc>,
    now_at: DateTime<Utc>,
) -> Result<Vec<(Table, String)>> {
    let known = lake.catalog.accounts(was_at)?;
    let mut files = Vec::new();
    for (export, table, file) in lake.catalog.accounts(now_at)? {
        let is_known = known
            .iter()
            .any(|(of, _, before)| *of == export && before.hash == file.hash);
        if let (false, Some(table)) = (is_known, Table::named(&table)) {
            files.push((table, format!("{export}/{}", file.file)));
        }
    }
    Ok(files)
}

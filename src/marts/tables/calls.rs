//! Rows of the table `calls`.

use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::tags;
use crate::marts::rows::Rows;
use crate::model::observations::Direction;
use crate::model::origin::Origin;

/// A telephone call. Absent texts are empty, absent seconds 0.
#[derive(Debug, Clone)]
pub struct Call {
    /// The export that it came from.
    pub export: Arc<str>,
    /// Its id in that export.
    pub id: String,
    /// When it began.
    pub at: DateTime<Utc>,
    /// From whom to whom.
    pub direction: Direction,
    /// The other side's number, hashed.
    pub phone: Option<u64>,
    /// The analytics' client, where call tracking knows it.
    pub client: Option<u64>,
    /// The firm's number that was called.
    pub line: Arc<str>,
    /// The trunk that it came by.
    pub trunk: Arc<str>,
    /// Who answered.
    pub operator: Arc<str>,
    /// Whether a person answered.
    pub answered: bool,
    /// Seconds of talk.
    pub talk_s: u32,
    /// Seconds of waiting.
    pub wait_s: u32,
    /// How it ended, in the words of the export.
    pub disposition: Arc<str>,
    /// The advertising tags on it.
    pub tags: Option<Origin>,
    /// Whether the export's rules call it spam.
    pub spam: bool,
}

/// Decodes the table.
pub(super) fn decode(rows: &Rows) -> Result<Vec<Call>> {
    let exports = rows.shared("export")?;
    let ids = rows.texts("call_id")?;
    let times = rows.times("at")?;
    let directions = rows.shared("direction")?;
    let phones = rows.keys("phone")?;
    let clients = rows.keys("client")?;
    let lines = rows.shared("line")?;
    let trunks = rows.shared("trunk")?;
    let operators = rows.shared("operator")?;
    let answered = rows.flags("answered")?;
    let talks = rows.counts("talk_s")?;
    let waits = rows.counts("wait_s")?;
    let dispositions = rows.shared("disposition")?;
    let spam = rows.flags("spam")?;
    let tags = tags::decode(rows)?;
    let mut calls = Vec::with_capacity(rows.len());
    for (row, (id, tags)) in ids.into_iter().zip(tags).enumerate() {
        // Ingest rejects rows without their instant: none is passed over here.
        let Some(at) = times[row] else { continue };
        calls.push(Call {
            export: exports[row].clone(),
            id,
            at,
            direction: direction(&directions[row]),
            phone: phones[row],
            client: clients[row],
            line: lines[row].clone(),
            trunk: trunks[row].clone(),
            operator: operators[row].clone(),
            answered: answered[row],
            talk_s: talks[row].unwrap_or(0),
            wait_s: waits[row].unwrap_or(0),
            disposition: dispositions[row].clone(),
            tags,
            spam: spam[row],
        });
    }
    Ok(calls)
}

/// A call that does not say otherwise came in.
fn direction(text: &str) -> Direction {
    match text {
        "outbound" => Direction::Outbound,
        "internal" => Direction::Internal,
        _ => Direction::Inbound,
    }
}

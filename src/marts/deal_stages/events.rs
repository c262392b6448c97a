//! Changes of stages as an export states them.

use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, Utc};

use crate::lake::Lake;
use crate::marts::rows::Rows;
use crate::model::tables::DEAL_STAGES;

/// A deal went from one stage to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StageEvent {
    /// The deal's id in the CRM.
    pub(super) deal_id: String,
    /// When.
    pub(super) at: DateTime<Utc>,
    /// The stage that it left; empty where nobody says.
    pub(super) from: Arc<str>,
    /// The stage that it came to.
    pub(super) to: Arc<str>,
    /// Who moved it; empty where nobody says.
    pub(super) by: Arc<str>,
}

/// All changes, oldest first; `None` when no export of them has arrived.
pub(super) fn stated(lake: &Lake, as_of: DateTime<Utc>) -> Result<Option<Vec<StageEvent>>> {
    let Some(rows) = Rows::all(lake, &DEAL_STAGES, as_of)? else {
        return Ok(None);
    };
    let times = rows.times("at")?;
    let (from, to) = (rows.shared("stage_from")?, rows.shared("stage_to")?);
    let by = rows.shared("manager")?;
    let mut events = Vec::with_capacity(rows.len());
    for (row, deal_id) in rows.texts("deal_id")?.into_iter().enumerate() {
        // Ingest rejects rows without their instant: none is passed over here.
        let Some(at) = times[row] else { continue };
        events.push(StageEvent {
            deal_id,
            at,
            from: from[row].clone(),
            to: to[row].clone(),
            by: by[row].clone(),
        });
    }
    events.sort_by(|one, other| {
        (one.at, &one.deal_id, &one.to).cmp(&(other.at, &other.deal_id, &other.to))
    });
    Ok(Some(events))
}

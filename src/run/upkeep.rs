//! After a run: what killed ones left half-written goes, and what newer files replaced long ago, as far as the pipeline says.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use super::account::RunRecord;
use super::environment::Environment;
use super::stages::Stage;
use crate::config::Plan;
use crate::disk::remove_drafts_under;
use crate::lake::Lake;
use crate::lake::vacuum::Vacuumed;

/// Removes what nobody can ask for any more. That it fails is no failure of the run: the next one tries again.
pub fn upkeep(lake: &Lake, plan: &Plan, run: &RunRecord, environment: &Environment<'_>) {
    remove_drafts_under(&plan.out.join(&plan.name));
    if !plan.upkeep.vacuum {
        return;
    }
    let stage = Stage::begin("vacuum");
    match remove_replaced(lake, environment.now, plan.upkeep.keep_days) {
        Ok(Some(removed)) => {
            environment.console.line(&removed.told());
            let ended = stage.end(environment.console, removed.vacuumed.files, 0);
            if let Err(error) = ended.keep(lake, run) {
                tracing::warn!(%error, "the vacuum is not in the record of the run");
            }
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(error = format!("{error:#}"), "replaced files stay"),
    }
}

/// What a vacuum removed, and how far back is kept.
pub struct Removed {
    vacuumed: Vacuumed,
    horizon: DateTime<Utc>,
}

impl Removed {
    /// In a line.
    pub fn told(&self) -> String {
        format!(
            "vacuum: {} files removed, {:.1} MB; --as-of reaches back to {}",
            self.vacuumed.files,
            self.vacuumed.bytes as f64 / 1e6,
            self.horizon.format("%Y-%m-%d")
        )
    }
}

/// Removes what newer files replaced more than so many days ago; `None` where there is nothing of the kind.
///
/// # Errors
/// When another process is changing the lake, or a file cannot be removed.
fn remove_replaced(lake: &Lake, now: DateTime<Utc>, keep_days: u32) -> Result<Option<Removed>> {
    let Some((_, newest)) = lake.catalog.snapshot(DateTime::<Utc>::MAX_UTC)? else {
        return Ok(None);
    };
    // A clock that runs ahead of what the lake knows takes nothing of it away.
    let horizon = newest.min(now) - TimeDelta::days(i64::from(keep_days));
    if !lake.has_replaced_by(horizon)? {
        return Ok(None);
    }
    Ok(Some(vacuum(lake, horizon)?))
}

/// Removes what newer files had replaced by a time.
///
/// # Errors
/// When another process is changing the lake, or a file cannot be removed.
pub fn vacuum(lake: &Lake, horizon: DateTime<Utc>) -> Result<Removed> {
    let vacuumed = lake.vacuum(horizon)?;
    Ok(Removed { vacuumed, horizon })
}

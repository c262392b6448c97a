//! What deals were before: replaced parts go, and with them the only word of earlier stages. Each state that they hold is
//! kept once, in a file a month.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::{DateTime, Utc};
use polars::prelude::*;
use rusqlite::{Transaction, params};

use super::Lake;
use super::catalog::Part;
use super::frame;
use crate::model::tables::DEALS;

/// The folder of these files, and the table that the catalog lists them under.
pub(super) const DEAL_STATES: &str = "deal_states";

/// What an earlier state of a deal is asked for: its stage and whose it was, and whether it was won.
const COLUMNS: [&str; 14] = [
    "export",
    "deal_id",
    "pipeline",
    "stage",
    "status",
    "is_won",
    "is_lost",
    "is_closed",
    "amount",
    "refund",
    "refunded_at",
    "updated_at",
    "stage_changed_at",
    "manager",
];

/// The states of one month in a file that is written and not yet known to the catalog.
pub(super) struct KeptStates {
    part: Part,
    /// The replaced part that gave its name.
    newest: i64,
    /// The files that it stands for: what was kept of the month before.
    pub(super) earlier: Vec<Part>,
}

impl Lake {
    /// Keeps what replaced parts of deals say of earlier states, with what was kept before.
    ///
    /// # Errors
    /// When a file cannot be read or written.
    pub(super) fn keep_states(&self, replaced: &[Part]) -> Result<Vec<KeptStates>> {
        let mut months: BTreeMap<&str, Vec<Part>> = BTreeMap::new();
        for part in replaced.iter().filter(|part| part.table == DEALS.name) {
            months.entry(&part.month).or_default().push(part.clone());
        }
        let kept = self.kept_states()?;
        let mut written = Vec::with_capacity(months.len());
        for (month, parts) in months {
            let of_month = kept.iter().filter(|part| part.month == month);
            written.push(self.keep_month(parts, of_month.cloned().collect())?);
        }
        Ok(written)
    }

    /// All files of states: whatever may still be asked for is later than what they tell of.
    ///
    /// # Errors
    /// When the catalog cannot be read.
    pub(super) fn kept_states(&self) -> Result<Vec<Part>> {
        self.catalog.parts(DEAL_STATES, DateTime::<Utc>::MAX_UTC)
    }

    fn keep_month(&self, replaced: Vec<Part>, earlier: Vec<Part>) -> Result<KeptStates> {
        let newest = replaced.iter().map(|part| part.id).max().unwrap_or(0);
        let first = &replaced[0];
        let mut part = Part {
            id: 0,
            table: DEAL_STATES.to_owned(),
            export: String::new(),
            month: first.month.clone(),
            path: format!("{DEAL_STATES}/month={}/{newest}.parquet", first.month),
            rows: 0,
            min_day: first.min_day,
            max_day: first.max_day,
            has_cube: false,
        };
        let all = [replaced, earlier.clone()].concat();
        for other in &all {
            part.min_day = part.min_day.min(other.min_day);
            part.max_day = part.max_day.max(other.max_day);
        }
        if let Some(states) = self.scan_parts(&DEALS, &all)? {
            let mut states = distinct(states)?;
            part.rows = states.height() as u64;
            frame::write(&mut states, &self.dir.join(&part.path))?;
        }
        Ok(KeptStates {
            part,
            newest,
            earlier,
        })
    }
}

/// A full export every week repeats most deals as they were: each state once, those of a deal together.
fn distinct(states: LazyFrame) -> Result<DataFrame> {
    let each = states
        .group_by(COLUMNS.map(col))
        .agg([len().alias("times")])
        .select(COLUMNS.map(col))
        .sort(
            ["export", "deal_id", "updated_at"],
            SortMultipleOptions::default(),
        );
    Ok(each.collect()?)
}

impl KeptStates {
    /// Makes the file known in place of those that it stands for.
    pub(super) fn commit(&self, transaction: &Transaction<'_>) -> Result<()> {
        for part in &self.earlier {
            transaction.execute("DELETE FROM parts WHERE id = ?1", [part.id])?;
        }
        let part = &self.part;
        transaction.execute(
            "INSERT INTO parts (batch, table_name, export, month, path, rows, min_day, max_day, added_at)
             SELECT batch, ?1, ?2, ?3, ?4, ?5, ?6, ?7, removed_at FROM parts WHERE id = ?8",
            params![
                part.table,
                part.export,
                part.month,
                part.path,
                part.rows,
                part.min_day,
                part.max_day,
                self.newest
            ],
        )?;
        Ok(())
    }
}

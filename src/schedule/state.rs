//! Where each occurrence stands, kept in the state so that no period is made twice and none is forgotten.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::catch_up::{Fate, fates};
use super::occurrence::{Occurrence, between};
use crate::config::Plan;
use crate::model::period::Period;
use crate::model::zone;

/// Where an occurrence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OccurrenceState {
    /// To be made; a run of it may have begun and failed.
    Due,
    /// Its data are not fit yet.
    Waiting,
    /// Its letters are handed over.
    Done,
    /// Its data were not fit by the deadline, and its readers got nothing.
    Unfit,
    /// It could not be made by the deadline.
    Failed,
    /// Nobody was there for it, and by the policy it is not made up for.
    Skipped,
}

impl OccurrenceState {
    const ALL: [Self; 6] = [
        Self::Due,
        Self::Waiting,
        Self::Done,
        Self::Unfit,
        Self::Failed,
        Self::Skipped,
    ];

    /// The name in the state and on the screen.
    pub fn code(self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Unfit => "unfit",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }

    /// Whether there is something left to do.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Due | Self::Waiting)
    }
}

/// An occurrence with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// Label of the period.
    pub period: String,
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// When it was first seen to be due.
    pub opened_at: DateTime<Utc>,
    /// Whether nobody was there when it was due.
    pub is_late: bool,
    /// Where it stands.
    pub state: OccurrenceState,
    /// Why.
    pub reason: String,
    /// Since when.
    pub changed_at: DateTime<Utc>,
}

impl Owed {
    /// Until when its data are waited for.
    pub fn deadline(&self, wait: TimeDelta) -> DateTime<Utc> {
        self.opened_at + wait
    }

    /// The period itself.
    ///
    /// # Errors
    /// When the state holds another label than this program writes.
    pub fn period(&self) -> Result<Period> {
        // A label stands for itself; only relative names need a day.
        Ok(Period::parse(
            &self.period,
            zone::local_day(self.due_at, chrono_tz::UTC),
        )?)
    }
}

/// Notes what has become due since the last look, each with its fate, and answers with what is new. The first look at a
/// pipeline begins with the day on which it happens: nothing older is owed.
///
/// # Errors
/// When the state cannot be written.
pub fn open(connection: &Connection, plan: &Plan, now: DateTime<Utc>) -> Result<Vec<Owed>> {
    let transaction =
        Transaction::new_unchecked(connection, rusqlite::TransactionBehavior::Immediate)?;
    let today = zone::local_day(now, plan.schedule.zone);
    let midnight = zone::day_start(today, plan.schedule.zone);
    let seen_to =
        seen_to(&transaction, &plan.name)?.unwrap_or(midnight - TimeDelta::milliseconds(1));
    let mut found = between(&plan.schedule, &plan.calendar, seen_to, now);
    let known = listed(&transaction, &plan.name, u32::MAX)?;
    found.retain(|one| known.iter().all(|owed| owed.period != one.period.label));
    let mut opened = Vec::with_capacity(found.len());
    for (one, fate) in found.iter().zip(fates(&found, plan.schedule.catch_up, now)) {
        opened.push(insert(&transaction, &plan.name, one, fate, now)?);
    }
    transaction.execute(
        "INSERT INTO schedules VALUES (?1, ?2) ON CONFLICT (pipeline) DO UPDATE SET seen_to = max(seen_to, ?2)",
        params![plan.name, now.timestamp_millis()],
    )?;
    transaction.commit()?;
    Ok(opened)
}

fn seen_to(connection: &Connection, pipeline: &str) -> Result<Option<DateTime<Utc>>> {
    let sql = "SELECT seen_to FROM schedules WHERE pipeline = ?1";
    let found: Option<i64> = connection
        .query_row(sql, [pipeline], |row| row.get(0))
        .optional()?;
    Ok(found.and_then(DateTime::from_timestamp_millis))
}

fn insert(
    connection: &Connection,
    pipeline: &str,
    occurrence: &Occurrence,
    fate: Fate,
    now: DateTime<Utc>,
) -> Result<Owed> {
    let (state, reason) = match fate {
        Fate::OnTime | Fate::Late => (OccurrenceState::Due, ""),
        Fate::PassedOver => (OccurrenceState::Skipped, "nobody was there when it was due"),
    };
    let owed = Owed {
        period: occurrence.period.label.clone(),
        due_at: occurrence.due_at,
        opened_at: now,
        is_late: fate != Fate::OnTime,
        state,
        reason: reason.to_owned(),
        changed_at: now,
    };
    connection.execute(
        "INSERT INTO occurrences VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?4)",
        params![
            pipeline,
            owed.period,
            owed.due_at.timestamp_millis(),
            now.timestamp_millis(),
            owed.is_late,
            state.code(),
            owed.reason,
        ],
    )?;
    Ok(owed)
}

/// What is open, by the time it was due.
///
/// # Errors
/// When the state cannot be read.
pub fn opened(connection: &Connection, pipeline: &str) -> Result<Vec<Owed>> {
    let mut open = listed(connection, pipeline, u32::MAX)?;
    open.retain(|owed| owed.state.is_open());
    open.reverse();
    Ok(open)
}

/// The newest occurrences of a pipeline, newest first.
///
/// # Errors
/// When the state cannot be read.
pub fn listed(connection: &Connection, pipeline: &str, most: u32) -> Result<Vec<Owed>> {
    let sql =
        "SELECT period, due_at, opened_at, is_late, state, reason, changed_at FROM occurrences
               WHERE pipeline = ?1 ORDER BY due_at DESC, period DESC LIMIT ?2";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map(params![pipeline, most], from_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Writes where an occurrence stands.
///
/// # Errors
/// When the state cannot be written.
pub fn settle(
    connection: &Connection,
    pipeline: &str,
    period: &str,
    state: OccurrenceState,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    connection.execute(
        "UPDATE occurrences SET state = ?3, reason = ?4, changed_at = ?5 WHERE pipeline = ?1 AND period = ?2",
        params![pipeline, period, state.code(), reason, now.timestamp_millis()],
    )?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Owed> {
    let at = |column: usize| -> rusqlite::Result<DateTime<Utc>> {
        Ok(DateTime::from_timestamp_millis(row.get(column)?).unwrap_or_default())
    };
    let state: String = row.get(4)?;
    let known = OccurrenceState::ALL
        .into_iter()
        .find(|known| known.code() == state);
    Ok(Owed {
        period: row.get(0)?,
        due_at: at(1)?,
        opened_at: at(2)?,
        is_late: row.get(3)?,
        // The table admits no other state.
        state: known.unwrap_or(OccurrenceState::Failed),
        reason: row.get(5)?,
        changed_at: at(6)?,
    })
}

//! Cells of days that the lake has counted already.

use anyhow::Result;
use polars::prelude::*;

use super::chunk::{Goals, Texts};
use crate::config::rules::DiagnosisRules;
use crate::model::observations::SessionCounts;

/// Rows of daily cubes, column by column.
pub(super) struct CountedDays {
    /// Which way of telling sessions apart each row belongs to, by its number.
    pub ways: Vec<u32>,
    /// Day numbers.
    pub days: Vec<i32>,
    /// Ids of origins; 0 where the way has none.
    pub origins: Vec<u32>,
    /// Landing pages.
    pub landings: Texts,
    /// Kinds of devices.
    pub devices: Texts,
    /// Cities, else countries.
    pub regions: Texts,
    /// What was counted.
    pub counts: Vec<SessionCounts>,
}

impl CountedDays {
    /// The columns of a frame of cubes.
    ///
    /// # Errors
    /// When a column is not what the schema of cubes says.
    pub(super) fn read(frame: &DataFrame, rules: &DiagnosisRules) -> Result<Self> {
        let numbers = |name: &str| -> Result<Vec<u32>> {
            let numbers = frame.column(name)?.u32()?.iter();
            Ok(numbers.map(|number| number.unwrap_or(0)).collect())
        };
        let days = frame.column("day")?.to_physical_repr();
        Ok(Self {
            ways: numbers("way")?,
            days: days.i32()?.iter().map(|day| day.unwrap_or(0)).collect(),
            origins: numbers("origin")?,
            landings: Texts::landings(frame)?,
            devices: Texts::devices(frame)?,
            regions: Texts::regions(frame)?,
            counts: counts(frame, rules)?,
        })
    }
}

/// All sessions of a row have its goals.
fn counts(frame: &DataFrame, rules: &DiagnosisRules) -> Result<Vec<SessionCounts>> {
    let goals = Goals::read(frame, rules)?;
    let number = |name: &str| -> Result<&UInt32Chunked> { Ok(frame.column(name)?.u32()?) };
    let (sessions, bounces) = (number("sessions")?, number("bounces")?);
    let (instant, newcomers) = (number("instant")?, number("newcomers")?);
    let doubled = number("doubled")?;
    let seconds = frame.column("seconds")?.i64()?;
    let of_row = |(row, goals): (usize, &Goals)| {
        let sessions = sessions.get(row).unwrap_or(0);
        let where_true = |flag: bool| if flag { sessions } else { 0 };
        SessionCounts {
            sessions,
            bounces: bounces.get(row).unwrap_or(0),
            instant: instant.get(row).unwrap_or(0),
            newcomers: newcomers.get(row).unwrap_or(0),
            doubled: doubled.get(row).unwrap_or(0),
            form_starts: where_true(goals.form_start),
            form_sends: where_true(goals.form_sent),
            phone_taps: where_true(goals.phone_tap),
            seconds: seconds.get(row).unwrap_or(0).unsigned_abs(),
        }
    };
    Ok(goals.iter().enumerate().map(of_row).collect())
}

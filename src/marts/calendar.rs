//! The pipeline's calendar with the lake's own days over it.

use anyhow::Result;
use chrono::{DateTime, Utc};

use super::rows::Rows;
use crate::config::Plan;
use crate::lake::Lake;
use crate::model::calendar::Calendar;
use crate::model::tables::CALENDAR;

/// The calendar as known then; days of an unknown kind change nothing.
///
/// # Errors
/// When the lake cannot be read.
pub fn load(lake: &Lake, plan: &Plan, as_of: DateTime<Utc>) -> Result<Calendar> {
    let mut calendar = plan.calendar.clone();
    let Some(rows) = Rows::all(lake, &CALENDAR, as_of)? else {
        return Ok(calendar);
    };
    let days = rows.days("day")?;
    let kinds = rows.texts("kind")?;
    let names = rows.texts("name")?;
    for row in 0..rows.len() {
        calendar.set(days[row], &kinds[row], &names[row]);
    }
    Ok(calendar)
}

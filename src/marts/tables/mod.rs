//! Calls, forms and deals as typed rows, each table decoded once: what contacts and observations are made of.

mod calls;
mod deals;
mod ending;
mod forms;
mod tags;

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

pub use self::calls::Call;
pub use self::deals::{Deal, GivenBack, standings};
pub use self::ending::{Ending, Standing};
pub use self::forms::Form;
pub(super) use self::tags::decode as tags_of;
use super::rows::Rows;
use crate::config::Plan;
use crate::lake::Lake;
use crate::model::tables::{CALLS, DEALS, FORMS};

/// The rows that the lake holds of each table, in the order of export, time and key; `None` when nothing has arrived.
///
/// A row's place in its list names it: contacts and deals point back to theirs.
#[derive(Default)]
pub struct Tables {
    /// Telephone calls.
    pub calls: Option<Vec<Call>>,
    /// Submitted forms.
    pub forms: Option<Vec<Form>>,
    /// Deals and leads.
    pub deals: Option<Vec<Deal>>,
}

impl Tables {
    /// Reads all three as known by `as_of`.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub fn load(lake: &Lake, plan: &Plan, as_of: DateTime<Utc>) -> Result<Self> {
        let calls = Rows::all(lake, &CALLS, as_of)?;
        let forms = Rows::all(lake, &FORMS, as_of)?;
        Ok(Self {
            calls: calls.as_ref().map(calls::decode).transpose()?,
            forms: forms.as_ref().map(forms::decode).transpose()?,
            ..Self::of_deals(lake, plan, as_of)?
        })
    }

    /// Reads the deals alone.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub fn of_deals(lake: &Lake, plan: &Plan, as_of: DateTime<Utc>) -> Result<Self> {
        let deals = Rows::all(lake, &DEALS, as_of)?;
        let decode = |rows| deals::decode(rows, &plan.sales, as_of);
        Ok(Self {
            deals: deals.as_ref().map(decode).transpose()?,
            ..Self::default()
        })
    }
}

/// The deals of an export that were entered on some days, as known by `as_of`.
///
/// # Errors
/// When the lake cannot be read.
pub(super) fn deals_of_days(
    (lake, plan): (&Lake, &Plan),
    export: &str,
    (from, to): (NaiveDate, NaiveDate),
    as_of: DateTime<Utc>,
) -> Result<Vec<Deal>> {
    let scan = lake.scan_export((&DEALS, export), as_of, from, to)?;
    let Some(scan) = scan else {
        return Ok(Vec::new());
    };
    deals::decode(&Rows::of(scan.collect()?), &plan.sales, as_of)
}

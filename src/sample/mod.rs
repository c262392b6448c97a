//! `voronka sample`: exports of an invented firm in their real formats, with incidents planted in them.
//! One seed gives the same bytes everywhere; memory holds one week at a time.

mod ads;
mod amocrm;
mod asterisk;
mod bitrix;
mod calendar;
mod calls;
mod calltracking;
mod channels;
mod deals;
mod dice;
mod direct;
mod everyday;
mod forms;
mod ga4;
mod google_ads;
mod hubspot;
mod incidents;
mod legs;
mod metrika;
mod north_windows;
mod okna_sever;
mod output;
mod people;
mod plan;
mod records;
mod sales;
mod sources;
mod staff;
mod targets;
#[cfg(test)]
mod tests;
mod threecx;
mod truth;
mod visits;
mod week;
mod zerno;

use anyhow::{Result, ensure};
use chrono::NaiveDate;
use std::path::Path;

pub use calendar::parse_week;
pub use incidents::listing;
pub use truth::Truth;

/// An invented firm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Firm {
    /// Windows in two Russian cities: row-level exports.
    OknaSever,
    /// A small English firm: totals by week.
    NorthWindows,
    /// A small Russian shop of coffee: orders with cost, refunds and repeat buyers.
    Zerno,
}

/// What to make.
#[derive(Clone, Debug)]
pub struct SampleSpec {
    /// Whose exports.
    pub firm: Firm,
    /// Number of weeks.
    pub weeks: u32,
    /// Monday of the last week.
    pub until: NaiveDate,
    /// Visits in an average week.
    pub sessions_per_week: u64,
    /// Seed of all chance.
    pub seed: u64,
    /// More incidents, each `NAME[@WEEK[:WEEKS]]`.
    pub incidents: Vec<String>,
    /// Whether the usual incidents are planted.
    pub default_incidents: bool,
}

impl SampleSpec {
    /// The usual sample of a firm.
    pub fn of(firm: Firm) -> Self {
        let (weeks, sessions_per_week) = match firm {
            Firm::OknaSever => (56, 2800),
            Firm::NorthWindows => (26, 700),
            Firm::Zerno => (42, 1500),
        };
        let until = parse_week("2026-W46").expect("a week that exists");
        Self {
            firm,
            weeks,
            until,
            sessions_per_week,
            seed: 1,
            incidents: Vec::new(),
            default_incidents: true,
        }
    }

    /// Monday of the first week.
    fn first(&self) -> NaiveDate {
        calendar::shift(self.until, -7 * (i64::from(self.weeks) - 1))
    }

    /// The Monday after the last week.
    fn end(&self) -> NaiveDate {
        calendar::shift(self.until, 7)
    }

    fn week_names(&self) -> [String; 2] {
        [
            calendar::week_name(self.first()),
            calendar::week_name(self.until),
        ]
    }
}

/// Writes a firm's exports and `truth.json` to the folder `out`.
pub fn generate(spec: &SampleSpec, out: &Path) -> Result<Truth> {
    ensure!(
        (1..=1000).contains(&spec.weeks),
        "{} weeks: 1 to 1000 are possible",
        spec.weeks
    );
    ensure!(
        spec.sessions_per_week > 0,
        "no sessions: at least 1 a week is needed"
    );
    let truth = match spec.firm {
        Firm::OknaSever => okna_sever::generate(spec, out)?,
        Firm::NorthWindows => north_windows::generate(spec, out)?,
        Firm::Zerno => zerno::generate(spec, out)?,
    };
    truth::write(out, &truth)?;
    Ok(truth)
}

//! What was planted, for those who check whether it is found.

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, Offset, TimeZone};
use chrono_tz::Tz;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

use super::calendar::{DAY, MOSCOW, date_at, holiday, midnight, shift, text, week_name};
use super::plan::Planted;
use super::week::HOLIDAY_RATE;

/// The contents of `truth.json`.
#[derive(Debug, Serialize)]
pub struct Truth {
    /// Name of the invented firm.
    pub firm: &'static str,
    /// What the sample was made with.
    pub seed: u64,
    /// First and last ISO week.
    pub weeks: [String; 2],
    /// When the exports were taken: nothing in them is later.
    pub exported_at: String,
    /// The firm's zone, in which local times are.
    pub timezone: &'static str,
    /// Lines that are not on the site, with their channels.
    pub static_lines: BTreeMap<&'static str, &'static str>,
    /// Everything planted, by start.
    pub incidents: Vec<TruthIncident>,
    /// Weeks without any incident or holiday.
    pub clean_weeks: Vec<String>,
    /// Totals of what was simulated.
    pub simulated: BTreeMap<&'static str, u64>,
}

/// One incident.
#[derive(Debug, Serialize)]
pub struct TruthIncident {
    /// Kebab-case name.
    pub name: &'static str,
    /// Cause code.
    pub cause: &'static str,
    /// Conversion that suffers: first, second or none.
    pub conversion: &'static str,
    /// Dimension and value pairs.
    pub scope: BTreeMap<&'static str, &'static str>,
    /// Weeks that it touches.
    pub weeks: Vec<String>,
    /// Start in UTC.
    pub start_utc: String,
    /// End (exclusive) in UTC.
    pub end_utc: String,
    /// Start in the firm's zone.
    pub start_local: String,
    /// End (exclusive) in the firm's zone.
    pub end_local: String,
    /// What is left of the affected quantity, or how it grew.
    pub factor: f64,
    /// Inquiries or sales that it took (or closings that it delayed), as far as the simulation counts them.
    pub lost: Option<u64>,
    /// In words.
    pub about: String,
}

impl TruthIncident {
    /// A planted incident as truth.
    pub fn of(planted: &Planted, zone: Tz) -> Self {
        let incident = planted.incident;
        let lost = Some(planted.lost.get()).filter(|lost| *lost > 0);
        let base = Self::spanning(
            incident.name,
            incident.cause,
            planted.start,
            planted.end,
            incident.about.into(),
            zone,
        );
        Self {
            conversion: incident.conversion,
            scope: incident.scope.iter().copied().collect(),
            factor: incident.factor,
            lost,
            ..base
        }
    }

    /// An incident from `start` to before `end`; what else is told of it is that of a holiday, to be replaced.
    pub(super) fn spanning(
        name: &'static str,
        cause: &'static str,
        start: i64,
        end: i64,
        about: String,
        zone: Tz,
    ) -> Self {
        let days = (start..end).step_by(DAY as usize);
        let mut weeks: Vec<String> = days.map(|at| week_name(date_at(at, MOSCOW))).collect();
        weeks.dedup();
        let utc = |at| text(in_utc(at, zone), 0, "%Y-%m-%dT%H:%M:%SZ");
        let local = |at| text(at, MOSCOW, "%Y-%m-%dT%H:%M:%S");
        Self {
            name,
            cause,
            conversion: "first",
            scope: BTreeMap::new(),
            weeks,
            start_utc: utc(start),
            end_utc: utc(end),
            start_local: local(start),
            end_local: local(end),
            factor: HOLIDAY_RATE,
            lost: None,
            about,
        }
    }
}

/// Plans are in Moscow's time; the same time on the clock of `zone`, in UTC.
pub fn in_utc(at: i64, zone: Tz) -> i64 {
    let clock = DateTime::from_timestamp(at + MOSCOW, 0)
        .expect("a sample stays inside the calendar")
        .naive_utc();
    let ahead = zone
        .offset_from_local_datetime(&clock)
        .earliest()
        .map_or(0, |offset| offset.fix().local_minus_utc());
    at + MOSCOW - i64::from(ahead)
}

/// The holidays from `first` to before `end`, each run of days as one incident.
pub fn holidays(first: NaiveDate, end: NaiveDate, zone: Tz) -> Vec<TruthIncident> {
    let mut found: Vec<TruthIncident> = Vec::new();
    let mut day = first;
    while day < end {
        let Some(name) = holiday(day) else {
            day = shift(day, 1);
            continue;
        };
        let begin = day;
        while day < end && holiday(day) == Some(name) {
            day = shift(day, 1);
        }
        let about =
            format!("{name}: traffic x0.62, inquiries for each visit x0.5, the office mostly shut");
        found.push(TruthIncident::spanning(
            "holiday",
            "seasonality",
            midnight(begin),
            midnight(day),
            about,
            zone,
        ));
    }
    found
}

/// Weeks from `first` to before `end` that no incident touches.
pub fn clean_weeks(first: NaiveDate, end: NaiveDate, incidents: &[TruthIncident]) -> Vec<String> {
    let mondays = first.iter_days().step_by(7);
    let weeks = mondays.take_while(|monday| *monday < end).map(week_name);
    let is_touched = |week: &String| {
        let mut incidents = incidents.iter();
        incidents.any(|incident| incident.weeks.contains(week))
    };
    weeks.filter(|week| !is_touched(week)).collect()
}

/// Writes `truth.json`.
pub fn write(folder: &Path, truth: &Truth) -> Result<()> {
    let text = serde_json::to_string_pretty(truth)? + "\n";
    let path = folder.join("truth.json");
    std::fs::write(&path, text).with_context(|| format!("write {}", path.display()))
}

//! Which incidents a sample has, and when.

use anyhow::{Context, Result};
use chrono::NaiveDate;
use std::cell::Cell;

use super::calendar::{DAY, midnight, parse_week, shift};
use super::incidents::{INCIDENTS, Incident, IncidentKind};

/// An incident with its time.
pub struct Planted {
    /// Which one.
    pub incident: &'static Incident,
    /// First second, Unix time.
    pub start: i64,
    /// First second after it.
    pub end: i64,
    /// Inquiries or sales that it took, counted while simulating.
    pub lost: Cell<u64>,
}

impl Planted {
    /// Counts an inquiry or sale that it took.
    pub fn lose_one(&self) {
        self.lost.set(self.lost.get() + 1);
    }
}

/// All incidents of one sample.
#[derive(Default)]
pub struct Plan(Vec<Planted>);

impl Plan {
    /// Plants the default incidents (unless told not to) and the wanted ones, as far as they fall into `first..end`.
    pub fn new(
        wanted: &[String],
        defaults: bool,
        first: NaiveDate,
        end: NaiveDate,
    ) -> Result<Self> {
        let mut plan = Vec::new();
        let listed = INCIDENTS.iter().filter(|_| defaults);
        for incident in listed {
            let Some((week, weeks)) = incident.default else {
                continue;
            };
            plan.push(plant(incident, parse_week(week)?, weeks));
        }
        for text in wanted {
            plan.push(parse(text, shift(end, -7))?);
        }
        let (from, to) = (midnight(first), midnight(end));
        plan.retain(|planted| planted.start < to && planted.end > from);
        plan.sort_by_key(|planted| (planted.start, planted.incident.name));
        Ok(Self(plan))
    }

    /// The incident of this kind that is on at `at`.
    pub fn on(&self, kind: IncidentKind, at: i64) -> Option<&Planted> {
        self.0.iter().find(|planted| {
            planted.incident.kind == kind && (planted.start..planted.end).contains(&at)
        })
    }

    /// All of them, by start.
    pub fn all(&self) -> &[Planted] {
        &self.0
    }
}

fn plant(incident: &'static Incident, monday: NaiveDate, weeks: u32) -> Planted {
    let (offset, length) = incident.within_week;
    let start = midnight(monday) + offset;
    let end = length.map_or(midnight(monday) + i64::from(weeks) * 7 * DAY, |length| {
        start + length + i64::from(weeks - 1) * 7 * DAY
    });
    Planted {
        incident,
        start,
        end,
        lost: Cell::new(0),
    }
}

/// Reads `NAME[@WEEK[:WEEKS]]`; without a week it is the default one, else the last.
fn parse(text: &str, last: NaiveDate) -> Result<Planted> {
    let (name, when) = text
        .split_once('@')
        .map_or((text, None), |(name, when)| (name, Some(when)));
    let incident = INCIDENTS
        .iter()
        .find(|incident| incident.name == name)
        .with_context(|| {
            let known: Vec<&str> = INCIDENTS.iter().map(|incident| incident.name).collect();
            format!(
                "no incident is called \"{name}\"; known are {}",
                known.join(", ")
            )
        })?;
    let Some(when) = when else {
        return Ok(match incident.default {
            Some((week, weeks)) => plant(incident, parse_week(week)?, weeks),
            None => plant(incident, last, 1),
        });
    };
    let (week, weeks) = when.split_once(':').unwrap_or((when, "1"));
    let weeks = weeks
        .parse()
        .ok()
        .filter(|weeks| *weeks > 0)
        .with_context(|| format!("\"{weeks}\" is not a number of weeks"))?;
    Ok(plant(incident, parse_week(week)?, weeks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_and_a_length_can_be_given() {
        let planted = parse("bad-traffic@2026-W10:3", parse_week("2026-W46").unwrap()).unwrap();
        assert_eq!(planted.end - planted.start, 21 * DAY);
        assert!(parse("bad-weather", parse_week("2026-W46").unwrap()).is_err());
    }
}

//! The days of a finding: what was seen in its place on each of them, and what was to be expected.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::{Case, Z_95};
use super::causes::forms::sent::Sent;
use super::codes::{CauseCode, Scope};
use super::outage::hourly::{Hourly, Level, weights};
use crate::model::facts::ContactKind;
use crate::model::observations::{Code, Dimension, Direction, SeenCall, SeenInquiry, Visits};

/// Days before the period that are shown with it: three weeks, so that each weekday is seen more than once.
const DAYS_BEFORE: usize = 21;
/// The hour that the sessions of a day are put at when only the day is known.
const NOON: usize = 12;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Inquiries by the day of their first contact.
    Inquiries,
    /// Inquiries that began with a form of the site, by its day.
    Forms,
    /// Incoming calls.
    Calls,
    /// Sessions.
    Sessions,
}

/// Some days of one measure in one place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Daily {
    /// What is counted.
    pub measure: Measure,
    /// The days, oldest first; the last ones are the reported period.
    pub points: Vec<DailyPoint>,
}

/// One day; what was expected is rounded to tenths.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DailyPoint {
    /// The day.
    pub day: NaiveDate,
    /// Seen on it.
    pub observed: f64,
    /// To be expected by the place's own level before the period, its weekdays and its sessions.
    pub expected: f64,
    /// Lower end of the range that 95 % of ordinary days lie in.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The days of a cause's place; `None` when the cause is none of single days, or the place has no usual level.
pub fn daily(case: &Case, cause: CauseCode, scope: &Scope) -> Option<Daily> {
    let mut place = LostPlace::of(case, scope)?;
    let measure = match cause {
        CauseCode::TrafficVolume | CauseCode::Tracking | CauseCode::MixShift => Measure::Sessions,
        CauseCode::Telephony => Measure::Calls,
        CauseCode::Forms => match Sent::of(case)? {
            Sent::Forms => Measure::Forms,
            Sent::Orders => Measure::Inquiries,
        },
        CauseCode::TrafficQuality | CauseCode::Seasonality | CauseCode::Unknown => {
            Measure::Inquiries
        }
        // A hole in the data has no level, and a sale comes weeks after its inquiry.
        CauseCode::DataGap
        | CauseCode::LeadQuality
        | CauseCode::Managers
        | CauseCode::CrmHygiene => return None,
    };
    // A picture of more than the place would show another thing than the sentence beside it.
    let is_whole = place
        .codes
        .iter()
        .all(|(dimension, _)| is_counted_by(measure, *dimension));
    if !is_whole {
        return None;
    }
    if cause == CauseCode::Forms {
        place.contact = Some(Sent::of(case)?.kind());
    }
    let hourly = hourly(case, measure, &place)?;
    let level = hourly.level(case.start())?;
    let first = case.start().saturating_sub(DAYS_BEFORE);
    let days = first..case.days();
    let points = days.map(|day| point(case, &hourly, level, day));
    Some(Daily {
        measure,
        points: points.collect(),
    })
}

/// Days of the longest period whose single days are told.
const LONGEST_PERIOD: usize = 31;

/// Inquiries and sessions of the whole firm by day, each where its export is there; none of a period of many days.
pub(super) fn whole_days(case: &Case) -> Vec<Daily> {
    if case.length() > LONGEST_PERIOD {
        return Vec::new();
    }
    // The cause stands for what is counted of it; everywhere is the whole firm.
    let measures = [CauseCode::Unknown, CauseCode::TrafficVolume];
    let days = measures.map(|cause| daily(case, cause, &Scope::new()));
    days.into_iter().flatten().collect()
}

/// Whether the rows of a measure tell a dimension.
fn is_counted_by(measure: Measure, dimension: Dimension) -> bool {
    match measure {
        Measure::Inquiries | Measure::Forms => matches!(
            dimension,
            Dimension::Channel
                | Dimension::Line
                | Dimension::Form
                | Dimension::Page
                | Dimension::Device
                | Dimension::Region
        ),
        Measure::Calls => matches!(dimension, Dimension::Line | Dimension::Trunk),
        Measure::Sessions => matches!(dimension, Dimension::Channel | Dimension::Device),
    }
}

fn point(case: &Case, hourly: &Hourly, level: Level, day: usize) -> DailyPoint {
    let expected = hourly.weight(day, day + 1) * level.rate;
    let dispersion = level.variance + hourly.noise[day];
    let deviation = (expected + expected * expected * dispersion).sqrt();
    DailyPoint {
        day: case.seen.date(day as u32),
        observed: hourly.events(day, day + 1),
        expected: tenths(expected),
        low: tenths((expected - Z_95 * deviation).max(0.0)),
        high: tenths(expected + Z_95 * deviation),
    }
}

/// Rounded to tenths: what is expected is not known any better, and the file stays small.
fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Events of the place by hour with what they are proportional to. `None` when the table is not there.
fn hourly(case: &Case, measure: Measure, place: &LostPlace) -> Option<Hourly> {
    match measure {
        Measure::Inquiries | Measure::Forms => {
            case.seen.inquiries.as_ref()?;
            let counts = case.hourly_inquiries(|seen| place.holds(seen));
            let pooled = case.hourly_inquiries(|_| true);
            let exposure = case.exposure(|seen| place.holds(seen));
            Some(spread(case, counts, &pooled, &exposure))
        }
        Measure::Calls => {
            case.seen.calls.as_ref()?;
            let counts = case.hourly_calls(|call| place.holds_call(call));
            let pooled = case.hourly_calls(|call| call.direction == Direction::Inbound);
            let exposure = case.exposure(Case::is_call);
            Some(spread(case, counts, &pooled, &exposure))
        }
        Measure::Sessions => {
            case.seen.visits.as_ref()?;
            let by_day = case.sessions(|row| place.holds_sessions(row), |counts| counts.sessions);
            let counts = at_noon(&by_day);
            let pooled = counts.clone();
            Some(spread(case, counts, &pooled, &vec![1.0; case.days()]))
        }
    }
}

/// Counts with their weights, as they usually lie in the week.
fn spread(case: &Case, counts: Vec<f64>, pooled: &[f64], exposure: &[f64]) -> Hourly {
    let start = case.start();
    let weights = weights(&counts, pooled, exposure, case.weekday(), start);
    Hourly::new(counts, weights, &[], start)
}

/// Only days are known of the sessions of a place: all of a day's stand at noon.
fn at_noon(by_day: &[f64]) -> Vec<f64> {
    let mut by_hour = vec![0.0; by_day.len() * 24];
    for (day, count) in by_day.iter().enumerate() {
        by_hour[day * 24 + NOON] = *count;
    }
    by_hour
}

/// A place by its codes; an absent dimension is anything.
pub(super) struct LostPlace {
    codes: Vec<(Dimension, Code)>,
    /// Only contacts of this kind.
    contact: Option<ContactKind>,
}

impl LostPlace {
    /// `None` for a place that the observations do not know, or of a dimension that has no days.
    pub(super) fn of(case: &Case, scope: &Scope) -> Option<Self> {
        let mut place = Self {
            codes: Vec::new(),
            contact: None,
        };
        for (dimension, text) in scope {
            match dimension {
                Dimension::Contact => {
                    // The word of a scope is the one that the kind is written as.
                    let word = serde_json::Value::String(text.clone());
                    place.contact = Some(serde_json::from_value(word).ok()?);
                }
                Dimension::Operator
                | Dimension::Manager
                | Dimension::Reason
                | Dimension::Export => return None,
                _ => {
                    let mut codes = case.codes(*dimension);
                    let code = codes.find(|code| case.text(*dimension, *code) == text)?;
                    place.codes.push((*dimension, code));
                }
            }
        }
        Some(place)
    }

    fn holds(&self, seen: &SeenInquiry) -> bool {
        let is_there = |(dimension, code): &(Dimension, Code)| match dimension {
            Dimension::Channel => seen.channel == *code,
            Dimension::Line => seen.line == *code,
            Dimension::Form => seen.form == *code,
            Dimension::Page => seen.page == *code,
            Dimension::Device => seen.device == *code,
            Dimension::Region => seen.region == *code,
            _ => true,
        };
        let is_of_kind = self.contact.is_none_or(|kind| seen.kind == kind);
        is_of_kind && self.codes.iter().all(is_there)
    }

    pub(super) fn holds_call(&self, call: &SeenCall) -> bool {
        let is_there = |(dimension, code): &(Dimension, Code)| match dimension {
            Dimension::Line => call.line == *code,
            Dimension::Trunk => call.trunk == *code,
            _ => true,
        };
        call.direction == Direction::Inbound && self.codes.iter().all(is_there)
    }

    fn holds_sessions(&self, row: &Visits) -> bool {
        let is_there = |(dimension, code): &(Dimension, Code)| match dimension {
            Dimension::Channel => row.channel == *code,
            Dimension::Device => row.device == *code,
            _ => true,
        };
        self.codes.iter().all(is_there)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnosis::firm;

    #[test]
    fn a_quiet_firm_is_as_expected_on_most_days() {
        let (seen, settings) = (firm::quiet(7), firm::settings());
        let case = Case::new(&seen, &settings);
        let days = daily(&case, CauseCode::Unknown, &Scope::new()).expect("a level");
        assert_eq!(days.points.len(), DAYS_BEFORE + case.length());
        assert_eq!(
            days.points.last().map(|point| point.day),
            Some(seen.period.to)
        );
        let inside = days
            .points
            .iter()
            .filter(|point| (point.low..=point.high).contains(&point.observed))
            .count();
        assert!(
            inside * 10 >= days.points.len() * 8,
            "{inside} of {}",
            days.points.len()
        );
        let sum = |of: fn(&DailyPoint) -> f64| days.points.iter().map(of).sum::<f64>();
        let (observed, expected) = (sum(|point| point.observed), sum(|point| point.expected));
        assert!(
            (observed / expected - 1.0).abs() < 0.15,
            "{observed} against {expected}"
        );
    }

    #[test]
    fn a_place_that_nobody_has_seen_has_no_days() {
        let (seen, settings) = (firm::quiet(7), firm::settings());
        let case = Case::new(&seen, &settings);
        let nowhere = Scope::from([(Dimension::Page, "/nowhere".to_owned())]);
        assert_eq!(daily(&case, CauseCode::Forms, &nowhere), None);
        assert_eq!(daily(&case, CauseCode::Managers, &Scope::new()), None);
    }

    #[test]
    fn a_place_that_a_measure_cannot_tell_has_no_picture() {
        let (seen, settings) = (firm::quiet(7), firm::settings());
        let case = Case::new(&seen, &settings);
        let pages = case.codes(Dimension::Page);
        for page in pages {
            let scope =
                Scope::from([(Dimension::Page, case.text(Dimension::Page, page).to_owned())]);
            assert_eq!(daily(&case, CauseCode::Tracking, &scope), None);
        }
    }
}

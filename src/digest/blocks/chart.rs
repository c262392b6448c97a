//! Charts as descriptions, from which every output draws its own picture.

use serde::Serialize;

use super::tone::Tone;
use crate::digest::language::Rich;

/// A picture of numbers. Outputs draw it from the description; numbers that matter are in the text too.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chart {
    /// File and part name, kebab-case.
    pub name: &'static str,
    /// What it shows, above.
    pub title: Rich,
    /// What it says, for those who do not see it.
    pub alt: String,
    /// What to draw.
    pub drawing: Drawing,
}

/// What a chart draws.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "drawing", rename_all = "snake_case")]
pub enum Drawing {
    /// A rate over time.
    Trend(Trend),
    /// Counts by day against what was expected.
    Daily(DailyChart),
    /// Changes with their intervals, one below the other.
    Intervals(Intervals),
    /// Amounts as bars, one below the other on one scale.
    Bars(Bars),
}

/// Amounts as bars on one scale from zero.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bars {
    /// A bar for each.
    pub rows: Vec<BarRow>,
}

/// An amount as a bar.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BarRow {
    /// What it is.
    pub label: String,
    /// Where the bar begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// What was usual: a tick.
    pub usual: Option<f64>,
    /// The amount as shown.
    pub shown: String,
    /// Neutral is as usual.
    pub tone: Tone,
}

/// Counts by day against what was expected, with the hour at which a fault began.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DailyChart {
    /// The days, oldest first.
    pub points: Vec<DayMark>,
    /// Place of the first day of the reported period.
    pub period_from: usize,
    /// Where the fault began: a place among the days, whole days from the first, and its label.
    pub start: Option<(f64, String)>,
    /// Where it ended.
    pub end: Option<f64>,
    /// Label of the expected line and its range.
    pub expected_label: String,
    /// Ticks of the axis: value and label; the first is zero.
    pub ticks: Vec<(f64, String)>,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DayMark {
    /// Label of the day.
    pub label: String,
    /// Seen.
    pub observed: f64,
    /// Expected.
    pub expected: f64,
    /// The range of ordinary days.
    pub usual: (f64, f64),
}

/// Changes with their intervals on one scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Intervals {
    /// A row for each.
    pub rows: Vec<IntervalRow>,
    /// Ticks of the axis: value and label.
    pub ticks: Vec<(f64, String)>,
}

/// A change with its interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IntervalRow {
    /// Whose change.
    pub label: String,
    /// The change.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The change as shown.
    pub shown: String,
    /// Neutral is noise.
    pub tone: Tone,
}

/// A rate over time with the range that was usual and the year before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trend {
    /// Points, oldest first; the last is the reported one.
    pub points: Vec<TrendMark>,
    /// Label of the last point.
    pub last_label: String,
    /// Tone of the last point.
    pub tone: Tone,
    /// Label of the band.
    pub band_label: String,
    /// Label of the line of a year before.
    pub last_year_label: String,
    /// Ticks of the axis: value and label.
    pub ticks: Vec<(f64, String)>,
}

/// One point of a trend; an absent value is a gap in the line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrendMark {
    /// Label of the period.
    pub label: String,
    /// The value.
    pub value: Option<f64>,
    /// The range that was usual.
    pub usual: Option<(f64, f64)>,
    /// The value of a year before.
    pub last_year: Option<f64>,
}

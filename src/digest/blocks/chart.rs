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
    /// Its name among several of which a page shows one at a time; they stand one after the other.
    pub tab: Option<String>,
}

/// What a chart draws.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "drawing", rename_all = "snake_case")]
pub enum Drawing {
    /// A rate over time.
    Trend(Trend),
    /// Counts by day against what was expected.
    Daily(DailyChart),
    /// Amounts as bars, one below the other on one scale.
    Bars(Bars),
    /// Counts by day and hour.
    Hours(HourGrid),
    /// The past of several things, each in a small picture of its own.
    Multiples(Multiples),
}

/// Counts by day and hour; darker is more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HourGrid {
    /// A row for each day.
    pub rows: Vec<HourRow>,
}

/// The hours of one day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HourRow {
    /// Label of the day.
    pub label: String,
    /// Counts, one for each hour from midnight on.
    pub counts: Vec<u32>,
    /// Hours of the fault, from and to: framed.
    pub fault: Option<(usize, usize)>,
}

/// Small pictures of the past, each on a scale of its own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Multiples {
    /// In reading order, two in a row.
    pub panels: Vec<Panel>,
}

/// One small picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Panel {
    /// Whose past.
    pub label: String,
    /// The reported number as shown.
    pub shown: String,
    /// Values, oldest first; the last one is the reported one.
    pub values: Vec<Option<f64>>,
    /// The range that the last one was to be expected in.
    pub usual: Option<(f64, f64)>,
    /// Neutral is as usual.
    pub tone: Tone,
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

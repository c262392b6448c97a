//! Charts as descriptions, from which every output draws its own picture.

use serde::Serialize;

use super::Tone;
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

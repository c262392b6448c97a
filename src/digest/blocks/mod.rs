//! The closed set of blocks that a digest is made of. Every output maps all of them; the compiler lists what is missing.

mod chart;
mod table;
mod tone;

use serde::Serialize;

use super::language::Rich;

pub use chart::{
    BarRow, Bars, Chart, DailyChart, DayMark, Drawing, HourGrid, HourRow, Multiples, Panel, Trend,
    TrendMark,
};
pub use table::{Align, Arrow, Bar, Cell, Column, Row, Spark, Table, Unit, Value};
pub use tone::Tone;

/// One block.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "block", content = "content", rename_all = "snake_case")]
pub enum Block {
    /// The one sentence that the digest is for.
    Headline(Headline),
    /// Labelled sentences below the headline.
    Answers(Vec<Answer>),
    /// A framed line that must not be overlooked.
    Notice(Notice),
    /// Rows and columns.
    Table(Table),
    /// Count → rate → count, with the usual range of the rate.
    Funnel(Vec<Step>),
    /// A picture.
    Chart(Chart),
    /// A paragraph.
    Text(Rich),
    /// Bulleted sentences.
    List(Vec<Rich>),
    /// Terms and what they mean here.
    Definitions(Vec<Definition>),
    /// A way to more: a button.
    Link(Link),
}

impl Block {
    /// The picture, when it is one.
    pub fn chart(&self) -> Option<&Chart> {
        match self {
            Self::Chart(chart) => Some(chart),
            Self::Headline(_)
            | Self::Answers(_)
            | Self::Notice(_)
            | Self::Table(_)
            | Self::Funnel(_)
            | Self::Text(_)
            | Self::List(_)
            | Self::Definitions(_)
            | Self::Link(_) => None,
        }
    }
}

/// A way to more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What is there.
    pub text: String,
    /// Its address.
    pub href: String,
}

/// The headline.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Headline {
    /// Small line above.
    pub kicker: String,
    /// The sentence.
    pub text: String,
}

/// A labelled sentence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The question it answers.
    pub label: String,
    /// The answer.
    pub text: Rich,
}

/// A framed line.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Notice {
    /// Good: all is well; warn: read with care; bad: do not read on.
    pub tone: Tone,
    /// First words, strong.
    pub lead: String,
    /// The rest.
    pub text: Rich,
}

/// One step of the funnel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// Whose step it is.
    pub caption: String,
    /// Count before.
    pub from: Counted,
    /// The rate.
    pub rate: Cell,
    /// What the rate is called.
    pub rate_label: String,
    /// Count after.
    pub to: Counted,
    /// The usual range and where the rate lies.
    pub gauge: Option<Bar>,
    /// The gauge in words.
    pub gauge_label: Option<String>,
}

/// A count with its noun apart.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Counted {
    /// The number as shown.
    pub shown: String,
    /// The noun.
    pub noun: String,
}

/// A term and what it means here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// The term.
    pub term: String,
    /// What it means.
    pub text: String,
}

//! The closed set of blocks that a digest is made of. Every output maps all of them; the compiler lists what is missing.

use serde::Serialize;

use super::language::Rich;

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
}

/// Good or bad for the business, or neither.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Better beyond noise.
    Good,
    /// Worse beyond noise.
    Bad,
    /// To be read with care.
    Warn,
    /// Neither, or not beyond noise.
    #[default]
    Neutral,
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

/// A table. Its first column is the row's name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// Name of the table: the sheet in a workbook.
    pub code: &'static str,
    /// Headings; the first is of the row names.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Row>,
    /// Below the table, small.
    pub note: Option<Rich>,
}

/// A column's heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Heading.
    pub title: String,
    /// Text stands left, numbers right.
    pub align: Align,
    /// Whether a very narrow screen may do without it.
    pub is_optional: bool,
}

/// Which side a column keeps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// Its name.
    pub head: Cell,
    /// One cell for each further column.
    pub cells: Vec<Cell>,
    /// Whether it sums up the rows above.
    pub is_total: bool,
}

/// What a cell holds, typed for outputs that keep numbers as numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Value {
    /// Words.
    Text {
        /// The words.
        shown: String,
    },
    /// A number.
    Number {
        /// The number itself.
        value: f64,
        /// What it counts.
        unit: Unit,
        /// As it is shown.
        shown: String,
    },
    /// A change of a number.
    Change {
        /// Signed, in the unit.
        value: f64,
        /// Percent or points.
        unit: Unit,
        /// As it is shown.
        shown: String,
    },
    /// Nothing to show, and why.
    Absent {
        /// A word or a dash.
        shown: String,
    },
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Things.
    Count,
    /// A share of 1.
    Share,
    /// Percent of a base.
    Percent,
    /// Percentage points.
    Points,
    /// Major units of the pipeline's currency.
    Money,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cell {
    /// What it holds.
    pub value: Value,
    /// Good, bad or neither; never without a mark or a word beside it.
    pub tone: Tone,
    /// Whether it carries weight.
    pub is_strong: bool,
    /// Up or down, beyond noise only.
    pub arrow: Option<Arrow>,
    /// The interval, in words.
    pub interval: Option<String>,
    /// The interval, drawn.
    pub bar: Option<Bar>,
    /// What to make of it.
    pub word: Option<String>,
    /// The base, below the value.
    pub under: Option<String>,
}

/// Direction of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrow {
    /// More.
    Up,
    /// Less.
    Down,
}

impl Arrow {
    /// Its glyph.
    pub fn glyph(self) -> &'static str {
        match self {
            Self::Up => "▲",
            Self::Down => "▼",
        }
    }
}

/// An interval on a scale that all rows of a column share; ends are places from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bar {
    /// Where the interval starts.
    pub low: f64,
    /// Where it ends.
    pub high: f64,
    /// Where zero (of changes) or the observed value (of gauges) is.
    pub mark: f64,
}

impl Cell {
    /// A cell that holds a value and nothing else.
    pub fn of(value: Value) -> Self {
        Self {
            value,
            tone: Tone::Neutral,
            is_strong: false,
            arrow: None,
            interval: None,
            bar: None,
            word: None,
            under: None,
        }
    }

    /// Words.
    pub fn text(shown: impl Into<String>) -> Self {
        Self::of(Value::Text { shown: shown.into() })
    }

    /// A number.
    pub fn number(value: f64, unit: Unit, shown: String) -> Self {
        Self::of(Value::Number { value, unit, shown })
    }

    /// Nothing, and why.
    pub fn absent(shown: impl Into<String>) -> Self {
        Self::of(Value::Absent { shown: shown.into() })
    }

    /// With weight.
    #[must_use]
    pub fn strong(self) -> Self {
        Self { is_strong: true, ..self }
    }

    /// With a line below.
    #[must_use]
    pub fn under(self, line: Option<String>) -> Self {
        Self { under: line, ..self }
    }

    /// As it is shown, without arrow, interval or line below.
    pub fn shown(&self) -> &str {
        match &self.value {
            Value::Text { shown }
            | Value::Number { shown, .. }
            | Value::Change { shown, .. }
            | Value::Absent { shown } => shown,
        }
    }
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

/// A term and what it means here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Definition {
    /// The term.
    pub term: String,
    /// What it means.
    pub text: String,
}

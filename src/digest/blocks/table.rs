//! Tables with typed cells: numbers stay numbers until an output writes them.

use serde::Serialize;

use super::tone::Tone;
use crate::digest::language::Rich;

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
    /// The past of the row's number, drawn.
    pub spark: Option<Spark>,
    /// Where the record that it names is, for outputs that can lead there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// A row of small bars, oldest first: where a number comes from, without a word.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spark {
    /// Heights from 0 to 1 of the tallest; nothing where the number is not known.
    pub heights: Vec<Option<f64>>,
    /// Good, bad or neither: of the last bar.
    pub tone: Tone,
}

impl Spark {
    /// The bars of values; a single one says nothing.
    pub fn of(values: Vec<Option<f64>>, tone: Tone) -> Option<Self> {
        let known = values.iter().flatten().count();
        let most = values.iter().flatten().copied().fold(0.0, f64::max);
        (known > 1 && most > 0.0).then(|| Self {
            heights: values
                .iter()
                .map(|value| value.map(|value| value.max(0.0) / most))
                .collect(),
            tone,
        })
    }
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
            spark: None,
            link: None,
        }
    }

    /// Words.
    pub fn text(shown: impl Into<String>) -> Self {
        Self::of(Value::Text {
            shown: shown.into(),
        })
    }

    /// The same cell, leading to an address.
    pub fn linked(self, link: Option<String>) -> Self {
        Self { link, ..self }
    }

    /// A number.
    pub fn number(value: f64, unit: Unit, shown: String) -> Self {
        Self::of(Value::Number { value, unit, shown })
    }

    /// Nothing, and why.
    pub fn absent(shown: impl Into<String>) -> Self {
        Self::of(Value::Absent {
            shown: shown.into(),
        })
    }

    /// With weight.
    #[must_use]
    pub fn strong(self) -> Self {
        Self {
            is_strong: true,
            ..self
        }
    }

    /// With a line below.
    #[must_use]
    pub fn under(self, line: Option<String>) -> Self {
        Self {
            under: line,
            ..self
        }
    }

    /// With the past of its number.
    #[must_use]
    pub fn sparked(self, spark: Option<Spark>) -> Self {
        Self { spark, ..self }
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

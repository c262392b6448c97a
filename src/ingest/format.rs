//! A format: how to recognise one kind of export and how its columns map to a table. Formats are TOML data.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::cells::{DateOrder, Decimal};
use crate::model::fault::Fault;
use crate::model::table::{Ahead, Table};
use crate::model::tables::{ColumnKind, TableSchema};

/// What a draft has for a column that its reader has to name.
pub const UNANSWERED: &str = "?";

/// One kind of export, as its TOML file says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Format {
    /// Name, kebab-case, unique.
    pub name: String,
    /// What it is, for people.
    pub title: String,
    /// How to get the export and what to know of it, for people, as Markdown.
    pub about: Option<String>,
    /// The lake table that it feeds.
    pub table: String,
    /// Code that makes rows of the table from several rows of the file: `call-legs`.
    pub adapter: Option<String>,
    /// The file has nothing that tells its rows apart but all of their content.
    #[serde(default)]
    pub no_id: bool,
    /// A built-in format whose columns this one has, in another order or number.
    pub like: Option<String>,
    /// Why no file of it can be read.
    pub refuse: Option<Refusal>,
    /// How it is recognised.
    pub recognise: Recognise,
    /// How its bytes are written.
    #[serde(default)]
    pub bytes: Bytes,
    /// Which rows are no data.
    #[serde(default)]
    pub rows: RowRules,
    /// Rows of one record are added up.
    pub group: Option<Group>,
    /// Which of several versions of the same columns is read.
    pub one_of: Option<OneOf>,
    /// The mapping.
    #[serde(rename = "column", default)]
    pub columns: Vec<ColumnRule>,
}

/// How a format is recognised from the beginning of a file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recognise {
    /// Header cells that must all be there; `*` stands for any text, case and surrounding spaces do not matter.
    #[serde(default)]
    pub header: Vec<String>,
    /// For files without a header: patterns by cell position (from 0) that the first rows must match.
    #[serde(default)]
    pub cells: BTreeMap<String, String>,
    /// The same, compiled when the format is checked.
    #[serde(skip)]
    pub patterns: Vec<(usize, Regex)>,
    /// For files without a header: the names of the cells in order; a file may have fewer.
    #[serde(default)]
    pub names: Vec<String>,
    /// Fewest cells of a row without a header.
    pub min_cells: Option<usize>,
    /// A text that must stand before the header.
    pub preamble: Option<String>,
    /// Header cells of which one at least must be there, beside those of `header`.
    #[serde(default)]
    pub any_of: Vec<String>,
    /// The header cell that must be the first of all.
    pub first: Option<String>,
    /// Header cells that make it another report, although all others are there.
    #[serde(default)]
    pub not_header: Vec<String>,
    /// Of tables that are added up: columns of words that may stay unread, since they tell nothing that the rows need.
    #[serde(default)]
    pub passed_over: Vec<String>,
    /// How the cells of some columns must look, by header cell: what tells apart reports of one header.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// The same, compiled when the format is checked.
    #[serde(skip)]
    pub value_patterns: Vec<(String, Regex)>,
    /// Lines among which the header is looked for; 40 when left out.
    pub within: Option<usize>,
    /// What to do when a file is nearly of this format.
    pub hint: Option<String>,
}

/// How the bytes of a format are written. What the file itself tells (encoding, line ends) is not asked here.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bytes {
    /// Possible delimiters; all the usual ones when empty. `tab` stands for a tab.
    #[serde(default)]
    pub delimiters: Vec<String>,
    /// False when double quotes are ordinary characters.
    pub quoting: Option<bool>,
    /// Fraction mark; told from the file's own amounts when left out.
    pub decimal: Option<Decimal>,
    /// Zone of the clock when the pipeline names none.
    pub time_zone: Option<String>,
    /// The same, found when the format is checked.
    #[serde(skip)]
    pub zone: Option<Tz>,
}

/// What is said of a report that is known and cannot be read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// What is wrong with it.
    pub reason: String,
    /// Which report to take instead.
    pub hint: String,
}

/// Which rows are no data.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowRules {
    /// The first filled cell of totals rows begins with one of these.
    #[serde(default)]
    pub totals: Vec<String>,
    /// A line that begins with one of these ends the table: what follows is another one.
    #[serde(default)]
    pub ends: Vec<String>,
    /// Header cells that say of a visit whether it is a robot's.
    #[serde(default)]
    pub robots: Vec<String>,
    /// Header cells that say whose the row is: a counter, of which an export has one.
    #[serde(default)]
    pub accounts: Vec<String>,
}

/// Several rows of the file are one record.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Header cells of which one must be there: without, a record that stands twice is two states of it. Empty: always.
    #[serde(default)]
    pub when: Vec<String>,
    /// Header cells with the price of a row's product, and how many of it there are: they tell whether the amounts of rows
    /// are those of products, or that of the record in each of its rows.
    #[serde(default)]
    pub price: Vec<String>,
    /// See `price`.
    #[serde(default)]
    pub quantity: Vec<String>,
    /// Columns that are added up over the rows of one record; all columns named in neither list are the first row's.
    #[serde(default)]
    pub sum: Vec<String>,
    /// Yes-or-no columns that are yes when any row's is.
    #[serde(default)]
    pub any: Vec<String>,
    /// Rows are parts, such as payments by instalments: equal amounts add up, and are never that of the record.
    #[serde(default)]
    pub parts: bool,
}

/// One file may tell the same in several versions, each with its own word in the names of its columns. The first version
/// that the header has is read, and nothing of the others.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneOf {
    /// What stands in `from` where the word goes, in braces: `attribution` for `{attribution}`.
    pub name: String,
    /// The words, the preferred one first; `*` stands for any.
    pub words: Vec<String>,
}

/// Which cells of `from` feed a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choose {
    /// The first that is filled in the row.
    #[default]
    Filled,
    /// The first that the file has, also where it is empty.
    Present,
}

/// Which of several header cells with the same name is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Which {
    /// The first.
    #[default]
    First,
    /// The last.
    Last,
}

/// One mapped column.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnRule {
    /// The table's column.
    pub to: String,
    /// Header cells in order of preference. `@period_from` and `@period_to` are the dates above the header or in the
    /// file's name, `@currency` is the currency that the header gives an amount, `@name` what the sheet
    /// or the file is called.
    #[serde(default)]
    pub from: Vec<String>,
    /// Of times: header cells of which one holds the time of day, where the date has none. Left out, a column called so is
    /// found by itself.
    #[serde(default)]
    pub clock: Vec<String>,
    /// How the cell is read.
    #[serde(default)]
    pub read: Reading,
    /// Order of the parts of a date.
    #[serde(default)]
    pub order: DateOrder,
    /// Which of equally named header cells is meant.
    #[serde(default)]
    pub which: Which,
    /// Which of the cells of `from` feeds a row.
    #[serde(default)]
    pub choose: Choose,
    /// Names of `from` whose amounts the system has converted to the currency of its owner: the currency of the row is not
    /// theirs.
    #[serde(default)]
    pub converted: Vec<String>,
    /// Only the text before the first of these is the value: `google` of `google / organic`.
    pub before: Option<String>,
    /// Only the text behind the first of these is the value: `organic` of `google / organic`.
    pub behind: Option<String>,
    /// A value for every row.
    pub constant: Option<String>,
    /// Values that are replaced, compared in lower case; with `*` for everything else.
    #[serde(default)]
    pub map: BTreeMap<String, String>,
    /// Cells that mean "absent", beside the empty one.
    #[serde(default)]
    pub absent: Vec<String>,
    /// What an empty cell means, or one of dashes: a system writes nothing where nothing was spent. A file with nothing in
    /// the whole column is an error all the same.
    pub empty: Option<String>,
    /// The file is no export of this format without it.
    #[serde(default)]
    pub required: bool,
}

/// How a cell is read. The closed set; anything that needs an `if` is an adapter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// As it is, surrounding spaces removed.
    #[default]
    Text,
    /// In lower case.
    Lower,
    /// An identifier: numbers stay, other text is hashed.
    Key,
    /// A whole number.
    Count,
    /// An amount in major units.
    Money,
    /// An amount in millionths of the major unit.
    MoneyMicros,
    /// Any number, kept to three places.
    Number,
    /// Any number or percentage, kept to six places.
    Fine,
    /// A metric that a plan may be of, by its code or a usual word for it.
    PlanMetric,
    /// A date with a time of day.
    Time,
    /// A date.
    Day,
    /// First day of a period such as `2026-11` or `2026-W46`.
    PeriodFrom,
    /// Last day of such a period.
    PeriodTo,
    /// Days since the first day of the file's period: `0003`.
    NthDay,
    /// The currency of an amount that is written with it: `USD` of `US$1.92`.
    Currency,
    /// Yes or no.
    Flag,
    /// Seconds or `HH:MM:SS`.
    Duration,
    /// A person's telephone number: kept as a keyed hash only.
    Phone,
    /// A person's e-mail address: kept as a keyed hash only.
    Email,
    /// Host and path of an address.
    Page,
    /// Host of an address.
    Host,
    /// The ids of an array.
    Goals,
    /// A number of the business itself: its last ten digits.
    Line,
}

impl Reading {
    /// Whether the reading gives values of a column kind.
    pub(super) fn fits(self, kind: ColumnKind) -> bool {
        match kind {
            ColumnKind::Text => matches!(
                self,
                Self::Text
                    | Self::Lower
                    | Self::Page
                    | Self::Host
                    | Self::Goals
                    | Self::Line
                    | Self::Currency
                    | Self::PlanMetric
            ),
            ColumnKind::Key => matches!(self, Self::Key | Self::Phone | Self::Email),
            ColumnKind::Count => matches!(self, Self::Count | Self::Duration),
            ColumnKind::Money => matches!(self, Self::Money | Self::MoneyMicros),
            ColumnKind::Milli => matches!(self, Self::Number | Self::Fine),
            ColumnKind::Time => matches!(self, Self::Time),
            ColumnKind::Day => matches!(
                self,
                Self::Day | Self::PeriodFrom | Self::PeriodTo | Self::NthDay
            ),
            ColumnKind::Flag => matches!(self, Self::Flag),
        }
    }

    /// Whether the cell may be a person's contact and must not be shown in a reject.
    pub fn is_personal(self) -> bool {
        matches!(self, Self::Phone | Self::Email)
    }

    /// Whether the value tells who a person is.
    pub(super) fn names_person(self) -> bool {
        matches!(self, Self::Phone | Self::Email | Self::Key)
    }

    /// What the cell should have been, for a reject.
    pub fn expected(self) -> &'static str {
        match self {
            Self::Text | Self::Lower | Self::Page | Self::Host | Self::Goals | Self::Key => "text",
            Self::Currency => "a currency, alone or with its amount",
            Self::NthDay => "a day, or a number of days since the first one",
            Self::Count => "a whole number",
            Self::Money | Self::MoneyMicros => "an amount",
            Self::Number | Self::Fine => "a number",
            Self::PlanMetric => {
                "a metric of the plan (sessions, users, inquiries, sales, revenue, margin, spend, clicks, conv1, conv2, overall, cpl, cac, cpc, ctr, average_check, romi, drr, or its Russian name)"
            }
            Self::Time => "a date with time",
            Self::Day => "a date",
            Self::PeriodFrom | Self::PeriodTo => "a period such as 2026-11",
            Self::Flag => "yes or no",
            Self::Duration => "seconds or HH:MM:SS",
            Self::Phone | Self::Line => "a telephone number",
            Self::Email => "an e-mail address",
        }
    }
}

impl Format {
    /// Says why a file of a report that is known cannot be read; `label` is what people call the file.
    pub(super) fn refuse_known(&self, label: &str) -> Result<(), Fault> {
        match &self.refuse {
            Some(refusal) => {
                let fault = Fault::new(format!("{} ({})", refusal.reason, self.title));
                Err(fault.at(label).hint(&refusal.hint))
            }
            None => Ok(()),
        }
    }

    /// The table that the format feeds.
    pub fn table(&self) -> &'static TableSchema {
        let table = Table::named(&self.table);
        table
            .expect("the table is checked when the format is read")
            .schema()
    }

    /// What a date of a column is when it lies after the reading; the columns of an adapter hold what has happened.
    pub fn ahead(&self, column: &str) -> Ahead {
        Table::named(&self.table).map_or(Ahead::Mistake, |table| table.ahead(column))
    }
}

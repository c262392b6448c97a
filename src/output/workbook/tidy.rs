//! A tidy sheet: one subject, a heading row, one kind of thing in each cell, and dates and amounts as what they are.

use anyhow::Result;
use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{ExcelDateTime, Format, Worksheet, XlsxError};

use super::sheets::{finish, header};
use crate::metrics::values::Rate;
use crate::model::change::Change;
use crate::model::money::Minor;

/// The short date of whoever opens the file.
const SHORT_DATE: u8 = 14;

/// The longest address that a workbook may hold.
const LONGEST_LINK: usize = 2_079;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Datum {
    /// Not known, or nothing to say.
    Empty,
    /// Words; never a formula.
    Text(String),
    /// Words that lead to an address.
    Link {
        /// The words.
        text: String,
        /// The address.
        to: String,
    },
    /// Things.
    Count(f64),
    /// A share of 1.
    Share(f64),
    /// A difference of shares, percentage points.
    Points(f64),
    /// A relative change, percent.
    Percent(f64),
    /// Major units of the pipeline's currency.
    Money(f64),
    /// A day.
    Day(NaiveDate),
}

impl Datum {
    /// Words.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Words, leading to an address where there is one.
    pub(super) fn linked(text: &str, to: Option<String>) -> Self {
        match to {
            Some(to) => Self::Link {
                text: text.to_owned(),
                to,
            },
            None => Self::text(text),
        }
    }

    /// A count that may not be known.
    pub(super) fn count(count: Option<f64>) -> Self {
        count.map_or(Self::Empty, Self::Count)
    }

    /// A share that may not be known.
    pub(super) fn share(share: Option<f64>) -> Self {
        share.map_or(Self::Empty, Self::Share)
    }

    /// A rate, where it may be stated.
    pub(super) fn rate(rate: &Rate) -> Self {
        Self::share(rate.value)
    }

    /// An amount that may not be known.
    pub(super) fn money(amount: Option<Minor>) -> Self {
        amount.map_or(Self::Empty, |amount| Self::Money(amount.major()))
    }

    /// A change that has a size.
    pub(super) fn change(change: Change) -> Self {
        match change {
            Change::Percent { value, .. } => Self::Percent(value),
            Change::Points { value, .. } => Self::Points(value),
            Change::New | Change::Gone | Change::TooFew | Change::Immature | Change::NoBase => {
                Self::Empty
            }
        }
    }
}

/// A sheet: its name, its headings, its rows.
pub(super) struct Tidy {
    pub(super) title: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<Datum>>,
}

impl Tidy {
    /// Writes it; without rows there is nothing to write.
    pub(super) fn write(&self, sheet: &mut Worksheet, currency: &str) -> Result<()> {
        header(sheet, self.columns.iter().map(String::as_str))?;
        for (row, data) in self.rows.iter().enumerate() {
            for (column, datum) in data.iter().enumerate() {
                write(sheet, (row as u32 + 1, column as u16), datum, currency)?;
            }
        }
        finish(sheet, self.rows.len(), self.columns.len())
    }
}

fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    datum: &Datum,
    currency: &str,
) -> Result<(), XlsxError> {
    let mut number = |value: f64, format: &str| {
        if value.is_finite() {
            let format = Format::new().set_num_format(format);
            sheet
                .write_number_with_format(row, column, value, &format)
                .map(drop)
        } else {
            Ok(())
        }
    };
    match datum {
        Datum::Empty => Ok(()),
        Datum::Text(text) => {
            let wrapped = Format::new().set_text_wrap();
            sheet
                .write_string_with_format(row, column, text, &wrapped)
                .map(drop)
        }
        Datum::Link { text, to } if to.len() <= LONGEST_LINK => sheet
            .write_url_with_text(row, column, to.as_str(), text)
            .map(drop),
        Datum::Link { text, .. } => sheet.write_string(row, column, text).map(drop),
        Datum::Count(count) if count.fract() == 0.0 => number(*count, "#,##0"),
        Datum::Count(count) => number(*count, "#,##0.0"),
        Datum::Share(share) => number(*share, "0.00%"),
        Datum::Points(points) => number(*points, "+0.00;-0.00;0.00"),
        Datum::Percent(percent) => number(percent / 100.0, "+0.0%;-0.0%;0.0%"),
        Datum::Money(amount) => number(*amount, &format!("#,##0 \"{currency}\"")),
        Datum::Day(day) => {
            let year = day.year().clamp(1900, 9999) as u16;
            let date = ExcelDateTime::from_ymd(year, day.month() as u8, day.day() as u8)?;
            let format = Format::new().set_num_format_index(SHORT_DATE);
            sheet
                .write_datetime_with_format(row, column, &date, &format)
                .map(drop)
        }
    }
}

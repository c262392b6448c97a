//! Which of two files of one export is the newer: told by their content first, since copies get other names and times.

use std::sync::LazyLock;
use std::time::SystemTime;

use anyhow::Result;
use chrono::NaiveDate;
use regex::Regex;

use super::detect::Layout;
use super::format::Format;
use super::parse::Extent;
use super::source::{self, Head, Source};
use super::{ExportRules, context, input_table, readers};
use crate::model::columns::{Columns, Dictionary, NO_DAY, NO_LONG, Values};
use crate::model::tables::ColumnKind;

/// How new a file is; of two files the greater is the newer. The first field that differs decides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Newness {
    /// The latest row: the instants (of a table of totals the days) that date rows, and their changes.
    latest_row: Option<i64>,
    /// The latest of what else happened to a row, as the closing of a deal.
    latest_event: Option<i64>,
    /// The latest date in the file's name.
    named: Option<NaiveDate>,
    /// When the file was last written, which copying changes.
    modified: Option<SystemTime>,
}

/// How new a file is by its first and last rows: long files are sorted by time, one way or the other.
pub(super) fn newness(
    source: &Source,
    head: &Head,
    format: &Format,
    layout: &Layout,
    rules: &ExportRules<'_>,
) -> Result<Newness> {
    let mut newness = Newness {
        named: date_in_name(&source.label),
        modified: modified(source),
        ..Newness::default()
    };
    let table = input_table(format)?;
    let mut look = |bytes: Vec<u8>| {
        let mut context = context(format, table, rules);
        let (mut splitter, mut parser) =
            readers(format, layout, table, &source.label, Extent::Moments);
        let parsed = parser.parse(&splitter.push(bytes, true), &mut context);
        newness.add(&parsed.columns, &context.dictionaries);
    };
    look(head.bytes[layout.data_at..].to_vec());
    // What breaks off is said when the file is read.
    if let Ok(Some(tail)) = source::tail(source, head) {
        look(tail);
    }
    Ok(newness)
}

impl Newness {
    fn add(&mut self, columns: &Columns, dictionaries: &[Dictionary]) {
        let table = columns.table;
        let dates_rows = |name| name == table.time.unwrap_or(table.day);
        let is_settled = settled(columns, dictionaries);
        for (field, values) in table.fields.iter().zip(&columns.values) {
            if dates_rows(field.name) || Some(field.name) == table.version {
                self.latest_row = self.latest_row.max(latest(values, |_| true));
            } else if field.kind == ColumnKind::Time {
                self.latest_event = self.latest_event.max(latest(values, &is_settled));
            }
        }
    }
}

/// Whether what a row says has happened: the closing date of an open deal is a plan, and an old file may plan far ahead.
fn settled<'a>(
    columns: &'a Columns,
    dictionaries: &'a [Dictionary],
) -> impl Fn(usize) -> bool + 'a {
    let status = columns.table.position("status");
    move |row| match status.map(|at| (&columns.values[at], &dictionaries[at])) {
        Some((Values::Text(codes), texts)) => texts.text(codes[row]) != "open",
        _ => true,
    }
}

fn latest(values: &Values, counts: impl Fn(usize) -> bool) -> Option<i64> {
    let rows = (0..values.len()).filter(|row| counts(*row) && !values.is_absent(*row));
    match values {
        Values::Long(times) => rows.map(|row| times[row]).filter(|at| *at != NO_LONG).max(),
        Values::Day(days) => {
            let days = rows.map(|row| days[row]).filter(|day| *day != NO_DAY);
            days.map(i64::from).max()
        }
        _ => None,
    }
}

fn modified(source: &Source) -> Option<SystemTime> {
    std::fs::metadata(&source.path).ok()?.modified().ok()
}

/// Year, month and day with or without marks between them, or the other way round with marks. Digits around are of
/// something else: a number of an account, an instant.
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern =
        r"(?:^|\D)(?:(20\d\d)[-._]?([01]\d)[-._]?([0-3]\d)|([0-3]?\d)[-._]([01]?\d)[-._](20\d\d))";
    Regex::new(pattern).expect("the pattern is sound")
});

/// The latest date in a file's name: of a span its end.
fn date_in_name(label: &str) -> Option<NaiveDate> {
    let name = std::path::Path::new(label).file_name()?;
    let name = name.to_string_lossy();
    let mut latest = None;
    let mut at = 0;
    while let Some(found) = DATE.captures_at(&name, at) {
        latest = latest.max(date_of(&found));
        at = found.get(0)?.end();
    }
    latest
}

fn date_of(found: &regex::Captures<'_>) -> Option<NaiveDate> {
    let number = |group: usize| found.get(group)?.as_str().parse::<u32>().ok();
    let (year, month, day) = match number(1) {
        Some(year) => (year, number(2)?, number(3)?),
        None => (number(6)?, number(5)?, number(4)?),
    };
    NaiveDate::from_ymd_opt(year.cast_signed(), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_date_of_a_name_is_its_date() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day);
        for (name, expected) in [
            ("2026-11-16.csv", day(16)),
            ("deals_20261116_0930.csv", day(16)),
            ("week 2026-11-09..2026-11-15.csv", day(15)),
            ("Сделки 16.11.2026 (1).csv", day(16)),
            ("export.zip/ga4-20261109.csv", day(9)),
            ("account 7620261116.csv", None),
            ("2026-13-45.csv", None),
            ("deals-2.csv", None),
        ] {
            assert_eq!(date_in_name(name), expected, "{name}");
        }
    }

    #[test]
    fn content_goes_before_the_name_and_the_name_before_the_time_of_the_file() {
        let at = |latest_row, day, seconds| Newness {
            latest_row,
            named: NaiveDate::from_ymd_opt(2026, 11, day),
            modified: Some(SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds)),
            ..Newness::default()
        };
        assert!(at(Some(2), 1, 1) > at(Some(1), 2, 2));
        assert!(at(Some(1), 2, 1) > at(Some(1), 1, 2));
        assert!(at(Some(1), 1, 2) > at(Some(1), 1, 1));
        assert!(at(None, 2, 2) < at(Some(1), 1, 1));
    }
}
